//! From words to conditions. Comparisons bind closest, then `-not`, `-and`, `-or`.

use regex::RegexBuilder;

use super::condition::{Condition, Kind, Operator, Subject, Value};
use super::error::RuleError;
use super::property::{Property, PropertyKind};
use super::token::{Token, tokens};

/// How long a rule may be.
const LONGEST: usize = 3_072;
/// How deep brackets may nest.
const DEEPEST: usize = 64;

pub(super) fn rule(text: &str) -> Result<Condition, RuleError> {
    let length = text.chars().count();
    if length > LONGEST {
        let problem = format!("the rule is {length} characters long, and {LONGEST} are the most");
        return Err(RuleError::new(LONGEST, problem));
    }
    let mut reader = Reader {
        tokens: tokens(text)?,
        next: 0,
        end: length,
        depth: 0,
        in_each: false,
    };
    let condition = match reader.direct_reports()? {
        Some(condition) => condition,
        None => reader.either()?,
    };
    match reader.peek() {
        None => Ok(condition),
        Some(token) => {
            let problem = format!("{} comes after the end of the rule", name(token));
            Err(reader.error(problem))
        }
    }
}

struct Reader {
    tokens: Vec<(usize, Token)>,
    next: usize,
    /// The length of the rule.
    end: usize,
    depth: usize,
    /// Inside of `-any` or `-all`, where `_` is one of the values.
    in_each: bool,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    /// Something is wrong with the token that comes next.
    fn error(&self, problem: impl Into<String>) -> RuleError {
        let at = self.tokens.get(self.next).map_or(self.end, |(at, _)| *at);
        RuleError::new(at, problem)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(own)) if own.eq_ignore_ascii_case(word))
    }

    fn skip_word(&mut self, word: &str) -> bool {
        let is_there = self.is_word(word);
        self.next += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, token: &Token) -> Result<(), RuleError> {
        if self.peek() == Some(token) {
            self.next += 1;
            Ok(())
        } else {
            Err(self.error(format!("{} is missing", name(token))))
        }
    }

    /// `Direct Reports for "…"`, which stands alone.
    fn direct_reports(&mut self) -> Result<Option<Condition>, RuleError> {
        if !(self.skip_word("direct") && self.skip_word("reports") && self.skip_word("for")) {
            self.next = 0;
            return Ok(None);
        }
        match self.peek().cloned() {
            Some(Token::Text(manager)) => {
                self.next += 1;
                Ok(Some(Condition::ReportsTo(manager)))
            }
            _ => Err(self.error("the id of the manager is missing, in quotes")),
        }
    }

    fn either(&mut self) -> Result<Condition, RuleError> {
        let mut parts = vec![self.both()?];
        while self.skip_word("or") {
            parts.push(self.both()?);
        }
        Ok(one_or(parts, Condition::Or))
    }

    fn both(&mut self) -> Result<Condition, RuleError> {
        let mut parts = vec![self.negation()?];
        while self.skip_word("and") {
            parts.push(self.negation()?);
        }
        Ok(one_or(parts, Condition::And))
    }

    fn negation(&mut self) -> Result<Condition, RuleError> {
        let mut is_negated = false;
        while self.skip_word("not") {
            is_negated = !is_negated;
        }
        let condition = self.single()?;
        Ok(if is_negated {
            Condition::Not(Box::new(condition))
        } else {
            condition
        })
    }

    fn single(&mut self) -> Result<Condition, RuleError> {
        if self.peek() == Some(&Token::Open) {
            return self.inside(Self::either);
        }
        let subject = self.subject()?;
        let all = self.is_word("all");
        let Subject::Property(property) = subject else {
            return self.comparison(subject);
        };
        if !all && !self.is_word("any") {
            return self.comparison(subject);
        }
        if property.kind() != PropertyKind::Texts {
            let problem = format!("{} has one value only", property.name());
            return Err(self.error(problem));
        }
        self.next += 1;
        let around = std::mem::replace(&mut self.in_each, true);
        let condition = self.inside(Self::either);
        self.in_each = around;
        Ok(Condition::Each {
            property,
            all,
            condition: Box::new(condition?),
        })
    }

    /// What stands in brackets.
    fn inside(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Condition, RuleError>,
    ) -> Result<Condition, RuleError> {
        self.expect(&Token::Open)?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(format!("brackets are nested deeper than {DEEPEST}")));
        }
        let condition = read(self)?;
        self.depth -= 1;
        self.expect(&Token::Close)?;
        Ok(condition)
    }

    fn subject(&mut self) -> Result<Subject, RuleError> {
        let Some(Token::Word(word)) = self.peek().cloned() else {
            return Err(self.error("a property is missing, such as user.department"));
        };
        if word == "_" {
            if !self.in_each {
                return Err(self.error("_ stands for a value inside of -any and -all only"));
            }
            self.next += 1;
            return Ok(Subject::Item);
        }
        let (object, path) = word.split_once('.').unwrap_or(("", &word));
        if !object.eq_ignore_ascii_case("user") {
            return Err(self.error(format!("{word:?} is no property of a user")));
        }
        let property = Property::named(path);
        let property = property.ok_or_else(|| {
            self.error(format!(
                "{path:?} is no property that rules about users know"
            ))
        })?;
        if property.kind() == PropertyKind::Unanswered {
            return Err(self.error(format!(
                "{} is not known in this tenant, so no rule can go by it",
                property.name()
            )));
        }
        self.next += 1;
        Ok(Subject::Property(property))
    }

    fn comparison(&mut self, subject: Subject) -> Result<Condition, RuleError> {
        let operator = match self.peek() {
            Some(Token::Word(word)) => {
                operator(word).ok_or_else(|| self.error(format!("{word:?} is no operator")))?
            }
            _ => return Err(self.error("an operator is missing, such as -eq")),
        };
        self.next += 1;
        let at = self.next;
        let value = if operator.kind == Kind::In {
            self.list()?
        } else {
            self.value(operator)?
        };
        let is_flag =
            matches!(subject, Subject::Property(property) if property.kind() == PropertyKind::Flag);
        let value = match value {
            Value::Text(text) if is_flag => match text.as_str() {
                "true" => Value::Flag(true),
                "false" => Value::Flag(false),
                _ => Value::Text(text),
            },
            other => other,
        };
        let fits = match &value {
            Value::Null => operator.kind == Kind::Equals,
            Value::Flag(_) => is_flag && operator.kind == Kind::Equals,
            _ => !is_flag,
        };
        if fits {
            Ok(Condition::Compare {
                subject,
                operator,
                value,
            })
        } else {
            self.next = at;
            Err(self.error("the property cannot be compared in this way with this value"))
        }
    }

    fn value(&mut self, operator: Operator) -> Result<Value, RuleError> {
        let text = match self.peek().cloned() {
            Some(Token::Text(text)) => text,
            Some(Token::Word(word)) => match word.to_lowercase().as_str() {
                "null" | "$null" => {
                    self.next += 1;
                    return Ok(Value::Null);
                }
                "and" | "or" | "not" | "any" | "all" => {
                    return Err(self.error("a value is missing"));
                }
                _ => word,
            },
            _ => return Err(self.error("a value is missing")),
        };
        let value = if operator.kind == Kind::Matches {
            let pattern = RegexBuilder::new(&text)
                .case_insensitive(true)
                .size_limit(1 << 20)
                .build();
            Value::Pattern(pattern.map_err(|error| {
                self.error(format!(
                    "{text:?} is no pattern that is understood: {error}"
                ))
            })?)
        } else {
            Value::Text(text.to_lowercase())
        };
        self.next += 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Value, RuleError> {
        self.expect(&Token::OpenList)?;
        let mut list = Vec::new();
        while self.peek() != Some(&Token::CloseList) {
            if !list.is_empty() {
                self.expect(&Token::Comma)?;
            }
            match self.peek().cloned() {
                Some(Token::Text(text) | Token::Word(text)) => list.push(text.to_lowercase()),
                _ => return Err(self.error("a value of the list is missing")),
            }
            self.take();
        }
        self.take();
        Ok(Value::List(list))
    }
}

fn one_or(mut parts: Vec<Condition>, of: impl FnOnce(Vec<Condition>) -> Condition) -> Condition {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            of(parts)
        }
    }
}

fn operator(word: &str) -> Option<Operator> {
    let (kind, is_negated) = match word.to_ascii_lowercase().as_str() {
        "eq" => (Kind::Equals, false),
        "ne" => (Kind::Equals, true),
        "startswith" => (Kind::StartsWith, false),
        "notstartswith" => (Kind::StartsWith, true),
        "endswith" => (Kind::EndsWith, false),
        "notendswith" => (Kind::EndsWith, true),
        "contains" => (Kind::Contains, false),
        "notcontains" => (Kind::Contains, true),
        "match" => (Kind::Matches, false),
        "notmatch" => (Kind::Matches, true),
        "in" => (Kind::In, false),
        "notin" => (Kind::In, true),
        _ => return None,
    };
    Some(Operator { kind, is_negated })
}

fn name(token: &Token) -> String {
    match token {
        Token::Word(word) => format!("{word:?}"),
        Token::Text(text) => format!("the text {text:?}"),
        Token::Open => "(".to_owned(),
        Token::Close => ")".to_owned(),
        Token::OpenList => "[".to_owned(),
        Token::CloseList => "]".to_owned(),
        Token::Comma => "a comma".to_owned(),
    }
}
