use std::str::FromStr;

use super::tree::{Comparison, Filter, Function, Lambda, Operand, Quantifier, TextTest};
use crate::odata::literal::Literal;
use crate::odata::path::{Path, is_path_char, is_variable};
use crate::odata::scan::{excerpt, run};

/// How many parentheses may be open at once.
const MAX_DEPTH: usize = 64;

/// A text that is not a [`Filter`]: what was expected, where, and what stands there.
///
/// ```
/// use entitlement_core::odata::Filter;
///
/// let error = "state equals 'delivered'".parse::<Filter>().unwrap_err();
/// assert_eq!(error.position(), 6);
/// assert_eq!(
///     error.to_string(),
///     "expected `eq`, `ne`, `gt`, `ge`, `lt`, `le` or `in` at byte 6, found `equals`"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at byte {position}, found {found}")]
pub struct ParseFilterError {
    position: usize,
    expected: &'static str,
    found: String,
}

impl ParseFilterError {
    /// Where in the text reading stopped, in bytes.
    pub fn position(&self) -> usize {
        self.position
    }

    /// What could have stood there.
    pub fn expected(&self) -> &str {
        self.expected
    }

    /// What stands there instead: a word of the text in backquotes, or `the end`.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// Position, expectation and what was found, for an error that tells of this one.
    pub(in crate::odata) fn into_parts(self) -> (usize, &'static str, String) {
        (self.position, self.expected, self.found)
    }
}

/// Reads an expression, after percent-encoding has been undone.
///
/// Operators, function names, `true`, `false` and `null` are read in any case, as Graph does;
/// property names are kept as they are written.
///
/// # Errors
///
/// [`ParseFilterError`] when the text is not an expression this module knows, or when more than
/// 64 parentheses are open at once.
impl FromStr for Filter {
    type Err = ParseFilterError;

    fn from_str(text: &str) -> Result<Self, ParseFilterError> {
        let mut parser = Parser {
            text,
            position: 0,
            depth: 0,
        };
        let filter = parser.disjunction()?;
        if parser.at_end() {
            Ok(filter)
        } else {
            Err(parser.expected("`and`, `or` or the end"))
        }
    }
}

type Parsed<T> = Result<T, ParseFilterError>;

/// A position in the text; each method reads one rule of the grammar from there.
struct Parser<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

/// The grammar.
impl Parser<'_> {
    /// `conjunction { "or" conjunction }`
    fn disjunction(&mut self) -> Parsed<Filter> {
        let mut parts = vec![self.conjunction()?];
        while self.keyword("or") {
            parts.push(self.conjunction()?);
        }
        Ok(Filter::any_of(parts))
    }

    /// `condition { "and" condition }`
    fn conjunction(&mut self) -> Parsed<Filter> {
        let mut parts = vec![self.condition()?];
        while self.keyword("and") {
            parts.push(self.condition()?);
        }
        Ok(Filter::all_of(parts))
    }

    /// `group | "not" negated | call | operand comparison`
    fn condition(&mut self) -> Parsed<Filter> {
        if self.at("(") {
            self.group()
        } else if self.keyword("not") {
            Ok(!self.negated()?)
        } else if let Some(call) = self.call()? {
            Ok(call)
        } else {
            let left = self.operand()?;
            self.comparison(left)
        }
    }

    /// `"(" disjunction ")"`
    fn group(&mut self) -> Parsed<Filter> {
        self.parenthesized(Self::disjunction)
    }

    /// `group | call | path`: what `not` applies to, being tighter than any comparison.
    fn negated(&mut self) -> Parsed<Filter> {
        if self.at("(") {
            self.group()
        } else if let Some(call) = self.call()? {
            Ok(call)
        } else {
            self.path().map(Filter::Flag)
        }
    }

    /// `test "(" operand "," operand ")" | path "/" quantifier "(" … ")"`, if there is one.
    fn call(&mut self) -> Parsed<Option<Filter>> {
        let Some(name) = self.peek_call() else {
            return Ok(None);
        };
        if let Some(test) = named(&TextTest::ALL, TextTest::as_str, name) {
            self.position += name.len();
            return self.text_test(test).map(Some);
        }
        if let Some((collection, word)) = name.rsplit_once('/')
            && let Some(quantifier) = named(&Quantifier::ALL, Quantifier::as_str, word)
        {
            let collection = self.path_from(collection)?;
            self.position += name.len();
            return self.lambda(quantifier, collection).map(Some);
        }
        Ok(None)
    }

    /// `"(" operand "," operand ")"`
    fn text_test(&mut self, test: TextTest) -> Parsed<Filter> {
        self.parenthesized(|parser| {
            let operand = parser.operand()?;
            parser.expect(",", "`,` and the text to find")?;
            let pattern = parser.operand()?;
            Ok(Filter::Text {
                test,
                operand,
                pattern,
            })
        })
    }

    /// `"(" variable ":" disjunction ")"`, or nothing between the parentheses of an `any`
    fn lambda(&mut self, quantifier: Quantifier, collection: Path) -> Parsed<Filter> {
        self.parenthesized(|parser| {
            if quantifier == Quantifier::Any && parser.at(")") {
                return Ok(Filter::NonEmpty(collection));
            }
            let variable = parser.variable()?;
            parser.expect(":", "`:` and a condition")?;
            Ok(Filter::Lambda(Lambda {
                quantifier,
                collection,
                variable,
                condition: Box::new(parser.disjunction()?),
            }))
        })
    }

    /// `operator operand | "in" list`, or nothing after an operand that is a condition itself
    fn comparison(&mut self, left: Operand) -> Parsed<Filter> {
        let word = self.peek_name();
        if let Some(operator) = named(&Comparison::ALL, Comparison::as_str, word) {
            self.position += word.len();
            let right = self.operand()?;
            return Ok(Filter::Compare {
                left,
                operator,
                right,
            });
        }
        if self.keyword("in") {
            let values = self.parenthesized(Self::literals)?;
            return Ok(Filter::In {
                operand: left,
                values,
            });
        }
        let condition_ends = self.at_end()
            || self.at(")")
            || word.eq_ignore_ascii_case("and")
            || word.eq_ignore_ascii_case("or");
        match left {
            Operand::Path(path) if condition_ends => Ok(Filter::Flag(path)),
            Operand::Literal(Literal::Bool(value)) if condition_ends => Ok(Filter::Constant(value)),
            _ => Err(self.expected("`eq`, `ne`, `gt`, `ge`, `lt`, `le` or `in`")),
        }
    }

    /// `[ literal { "," literal } ]`
    fn literals(&mut self) -> Parsed<Vec<Literal>> {
        let mut literals = Vec::new();
        if self.at(")") {
            return Ok(literals);
        }
        loop {
            match self.literal()? {
                Some(literal) => literals.push(literal),
                None => return Err(self.expected("a literal")),
            }
            if !self.eat(",") {
                return Ok(literals);
            }
        }
    }

    /// `literal | function "(" operand ")" | path`
    fn operand(&mut self) -> Parsed<Operand> {
        if let Some(literal) = self.literal()? {
            return Ok(Operand::Literal(literal));
        }
        let Some(name) = self.peek_call() else {
            return self.path().map(Operand::Path);
        };
        let Some(function) = named(&Function::ALL, Function::as_str, name) else {
            return Err(self.expected(
                "a property, a literal or one of the functions \
                 `tolower`, `toupper`, `trim` and `length`",
            ));
        };
        self.position += name.len();
        let argument = self.parenthesized(Self::operand)?;
        Ok(Operand::Call(function, Box::new(argument)))
    }

    /// A constant, if there is one.
    fn literal(&mut self) -> Parsed<Option<Literal>> {
        if self.at("'") {
            return self.quoted().map(|text| Some(Literal::String(text)));
        }
        let bare = run(self.rest(), |c| {
            c.is_ascii_alphanumeric() || "-+:.".contains(c)
        });
        if let Some(literal) = Literal::from_bare(bare) {
            self.position += bare.len();
            return Ok(Some(literal));
        }
        let word = self.peek_name();
        let literal = match word.to_ascii_lowercase().as_str() {
            "null" => Literal::Null,
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            "duration" if self.rest()[word.len()..].starts_with('\'') => {
                return self.duration(word).map(Some);
            }
            _ => return Ok(None),
        };
        self.position += word.len();
        Ok(Some(literal))
    }

    /// `"duration" quoted`, where `word` is the former
    fn duration(&mut self, word: &str) -> Parsed<Literal> {
        let start = self.position;
        self.position += word.len();
        let text = self.quoted()?;
        Literal::from_duration(&text)
            .ok_or_else(|| self.expected_at(start, "a duration such as `duration'P1DT12H'`"))
    }

    /// Text between single quotes, where two of them stand for one.
    fn quoted(&mut self) -> Parsed<String> {
        let start = self.position;
        self.expect("'", "a quoted text")?;
        let mut text = String::new();
        while let Some((piece, _)) = self.rest().split_once('\'') {
            text.push_str(piece);
            self.position += piece.len() + 1;
            if !self.rest().starts_with('\'') {
                return Ok(text);
            }
            text.push('\'');
            self.position += 1;
        }
        Err(self.expected_at(start, "a text with a closing quote"))
    }

    /// A property path.
    fn path(&mut self) -> Parsed<Path> {
        let name = self.peek_name();
        let path = self.path_from(name)?;
        self.position += name.len();
        Ok(path)
    }

    /// The path `text`, which starts at the current position.
    fn path_from(&self, text: &str) -> Parsed<Path> {
        Path::new(text)
            .map_err(|_invalid| self.expected_at(self.position, "a property or a literal"))
    }

    /// The variable of a lambda.
    fn variable(&mut self) -> Parsed<Path> {
        let name = self.peek_name();
        if !is_variable(name) {
            return Err(self.expected("the name of a variable"));
        }
        self.path()
    }
}

/// The tools the grammar is written with. All but `rest` skip blanks first.
impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn skip_blanks(&mut self) {
        self.position += run(self.rest(), |c| c.is_ascii_whitespace()).len();
    }

    fn at_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest().is_empty()
    }

    fn at(&mut self, symbol: &str) -> bool {
        self.skip_blanks();
        self.rest().starts_with(symbol)
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.at(symbol);
        if found {
            self.position += symbol.len();
        }
        found
    }

    fn expect(&mut self, symbol: &str, expected: &'static str) -> Parsed<()> {
        if self.eat(symbol) {
            Ok(())
        } else {
            Err(self.expected(expected))
        }
    }

    /// The longest text from here that could be a path or a word of the grammar.
    fn peek_name(&mut self) -> &'a str {
        self.skip_blanks();
        run(self.rest(), is_path_char)
    }

    /// The name before a parenthesis that follows it directly, if there is one.
    fn peek_call(&mut self) -> Option<&'a str> {
        let name = self.peek_name();
        let is_call = !name.is_empty() && self.rest()[name.len()..].starts_with('(');
        is_call.then_some(name)
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = self.peek_name().eq_ignore_ascii_case(word);
        if found {
            self.position += word.len();
        }
        found
    }

    /// Everything that nests goes through here, so that no input can exhaust the stack.
    fn parenthesized<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return Err(self.expected("no more than 64 open parentheses"));
        }
        self.expect("(", "`(`")?;
        self.depth += 1;
        let value = inner(self)?;
        self.depth -= 1;
        self.expect(")", "`)`")?;
        Ok(value)
    }

    fn expected(&mut self, expected: &'static str) -> ParseFilterError {
        self.skip_blanks();
        self.expected_at(self.position, expected)
    }

    fn expected_at(&self, position: usize, expected: &'static str) -> ParseFilterError {
        ParseFilterError {
            position,
            expected,
            found: excerpt(&self.text[position..]),
        }
    }
}

/// The one of `all` that is called `word`, in any case.
fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, word: &str) -> Option<T> {
    all.iter()
        .copied()
        .find(|item| name(*item).eq_ignore_ascii_case(word))
}
