use std::str::FromStr;

use percent_encoding::percent_decode_str;

use super::option::QueryOption;
use super::options::{Expand, Levels, OrderBy, Query};
use crate::odata::filter::ParseFilterError;
use crate::odata::path::Path;
use crate::odata::scan::excerpt;

/// How deep expansions may nest.
const MAX_DEPTH: usize = 16;

/// A text that is not a [`Query`]: which option is wrong, where, and in what way.
///
/// ```
/// use entitlement_core::odata::{Query, QueryProblem};
///
/// let error = Query::parse("$top=5&$order=id").unwrap_err();
/// assert_eq!(error.option(), "$order");
/// assert_eq!(error.position(), 7);
/// assert!(matches!(error.problem(), QueryProblem::Unknown { .. }));
///
/// let error = Query::parse("$top=few").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "query option `$top`, at byte 5: expected a number of items, found `few`"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("query option `{option}`, at byte {position}: {problem}")]
pub struct ParseQueryError {
    option: String,
    position: usize,
    problem: QueryProblem,
}

impl ParseQueryError {
    /// The option that is wrong; inside an `$expand`, the innermost one.
    pub fn option(&self) -> &str {
        &self.option
    }

    /// Where in the query string the problem is, in bytes, before percent-encoding is undone.
    pub fn position(&self) -> usize {
        self.position
    }

    /// What is wrong there.
    pub fn problem(&self) -> &QueryProblem {
        &self.problem
    }

    fn new(option: impl Into<String>, position: usize, problem: QueryProblem) -> Self {
        Self {
            option: option.into(),
            position,
            problem,
        }
    }

    /// The same error, seen from a text in which this one starts at `offset`.
    fn within(self, offset: usize) -> Self {
        Self {
            position: self.position + offset,
            ..self
        }
    }
}

/// What can be wrong with an option of a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryProblem {
    /// There is no option of this name, or not in this place.
    #[error("expected one of {known}")]
    Unknown {
        /// The options there are, separated by commas.
        known: String,
    },
    /// The option is given twice.
    #[error("given a second time")]
    Repeated,
    /// A `%` is not followed by two hexadecimal digits, or what is encoded is not UTF-8.
    #[error("expected percent-encoded UTF-8")]
    Encoding,
    /// The value is not one the option takes.
    #[error("expected {expected}, found {found}")]
    Value {
        /// What could have stood there.
        expected: &'static str,
        /// What stands there instead: a word of the value in backquotes, or `the end`.
        found: String,
    },
}

type Parsed<T> = Result<T, ParseQueryError>;

impl Query {
    /// Reads a query string, percent-encoded as it stands in a URL after the `?`.
    ///
    /// Option names are read in any case and may themselves be encoded (`%24select`); a `+` in a
    /// value is a blank. Parameters whose names do not begin with `$` are none of OData's
    /// business and are passed over.
    ///
    /// ```
    /// use entitlement_core::odata::{Filter, Query};
    ///
    /// let query = Query::parse("$filter=displayName+eq+%27General%27&$top=1")?;
    /// assert_eq!(query.filter, Some(Filter::field("displayName").eq("General")));
    /// assert_eq!(query.top, Some(1));
    ///
    /// let error = Query::parse("$top=1&$filter=displayName+is+%27General%27").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "query option `$filter`, at byte 27: \
    ///      expected `eq`, `ne`, `gt`, `ge`, `lt`, `le` or `in`, found `is`"
    /// );
    /// # Ok::<(), entitlement_core::odata::ParseQueryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ParseQueryError`] when an option is unknown, given twice, badly encoded or holds a value
    /// that it does not take. Expansions may nest sixteen levels deep.
    pub fn parse(query: &str) -> Result<Self, ParseQueryError> {
        query.parse()
    }
}

/// See [`Query::parse`].
impl FromStr for Query {
    type Err = ParseQueryError;

    fn from_str(query: &str) -> Parsed<Self> {
        let mut reader = Reader::new(&QueryOption::IN_QUERY, 0);
        let mut start = 0;
        for parameter in query.split('&') {
            reader
                .parameter(parameter)
                .map_err(|error| error.within(start))?;
            start += parameter.len() + 1;
        }
        Ok(reader.options)
    }
}

/// Collects the options of a query, or of an expansion.
struct Reader {
    options: Query,
    levels: Option<Levels>,
    allowed: &'static [QueryOption],
    seen: Vec<QueryOption>,
    depth: usize,
}

impl Reader {
    fn new(allowed: &'static [QueryOption], depth: usize) -> Self {
        Self {
            options: Query::new(),
            levels: None,
            allowed,
            seen: Vec::new(),
            depth,
        }
    }

    /// Reads `name=value` as it stands in a URL, unless it is none of OData's business.
    fn parameter(&mut self, parameter: &str) -> Parsed<()> {
        let (encoded_name, encoded) = parameter.split_once('=').unwrap_or((parameter, ""));
        let name = decode(encoded_name)
            .map_err(|at| ParseQueryError::new(encoded_name, at, QueryProblem::Encoding))?;
        if !name.starts_with('$') {
            return Ok(());
        }
        let name = self.name(&name)?;
        let value_start = parameter.len() - encoded.len();
        let value = decode(encoded).map_err(|at| {
            ParseQueryError::new(name.as_str(), value_start + at, QueryProblem::Encoding)
        })?;
        self.value(name, &value).map_err(|error| ParseQueryError {
            position: value_start + encoded_offset(encoded, error.position),
            ..error
        })
    }

    /// Reads `name=value` as it stands in the parentheses of an expansion.
    fn option(&mut self, option: &str) -> Parsed<()> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let name = self.name(name)?;
        self.value(name, value)
            .map_err(|error| error.within(option.len() - value.len()))
    }

    /// The option called `text`, which must be allowed and new here.
    fn name(&mut self, text: &str) -> Parsed<QueryOption> {
        let is_called = |name: &QueryOption| name.as_str().eq_ignore_ascii_case(text);
        let Some(name) = self.allowed.iter().copied().find(is_called) else {
            let known: Vec<&str> = self.allowed.iter().map(|name| name.as_str()).collect();
            let known = known.join(", ");
            return Err(ParseQueryError::new(
                text,
                0,
                QueryProblem::Unknown { known },
            ));
        };
        if self.seen.contains(&name) {
            return Err(ParseQueryError::new(
                name.as_str(),
                0,
                QueryProblem::Repeated,
            ));
        }
        self.seen.push(name);
        Ok(name)
    }

    /// Reads the value of an option, after percent-encoding has been undone.
    fn value(&mut self, name: QueryOption, value: &str) -> Parsed<()> {
        let expected = |position, expected| value_error(name, value, position, expected);
        let number = |what| value.trim().parse().map_err(|_invalid| expected(0, what));
        let options = &mut self.options;
        match name {
            QueryOption::Select => {
                for (at, item) in pieces(value, ',') {
                    let path = Path::new(item);
                    let path = path.map_err(|_invalid| expected(at, "a property"))?;
                    options.select.push(path);
                }
            }
            QueryOption::Expand => options.expand = expansions(value, self.depth)?,
            QueryOption::Filter => options.filter = Some(value.parse().map_err(filter_error)?),
            QueryOption::OrderBy => {
                for (at, item) in pieces(value, ',') {
                    let order = order_by(item);
                    let order = order
                        .ok_or_else(|| expected(at, "a property, and `asc` or `desc` after it"))?;
                    options.order_by.push(order);
                }
            }
            QueryOption::Top => options.top = Some(number("a number of items")?),
            QueryOption::Skip => options.skip = Some(number("a number of items")?),
            QueryOption::Count => {
                let count = value.trim().to_ascii_lowercase();
                let count = count.parse();
                options.count = count.map_err(|_invalid| expected(0, "`true` or `false`"))?;
            }
            QueryOption::Search => options.search = Some(value.into()),
            QueryOption::SkipToken => options.skip_token = Some(value.into()),
            QueryOption::Levels if value.trim().eq_ignore_ascii_case("max") => {
                self.levels = Some(Levels::Max);
            }
            QueryOption::Levels => {
                self.levels = Some(Levels::Exactly(number("a number or `max`")?));
            }
        }
        Ok(())
    }
}

/// Reads the value of `$expand`.
fn expansions(text: &str, depth: usize) -> Parsed<Vec<Expand>> {
    pieces(text, ',')
        .map(|(at, item)| expansion(text, at, item, depth))
        .collect()
}

/// Reads the navigation `item`, which is `at` this place in `text`, and its options.
fn expansion(text: &str, at: usize, item: &str, depth: usize) -> Parsed<Expand> {
    let expected = |position, expected| value_error(QueryOption::Expand, text, position, expected);
    let (path, options) = match item.split_once('(') {
        Some((path, options)) => (path, Some(options)),
        None => (item, None),
    };
    let options_start = at + path.len() + 1;
    let path = Path::new(path.trim_ascii_end())
        .map_err(|_invalid| expected(at, "a navigation property"))?;
    let Some(options) = options else {
        return Ok(Expand::new(path));
    };
    let Some(options) = options.strip_suffix(')') else {
        return Err(expected(at + item.len(), "`)`"));
    };
    if depth == MAX_DEPTH {
        return Err(expected(at, "no more than 16 levels of `$expand`"));
    }
    let mut reader = Reader::new(&QueryOption::IN_EXPAND, depth + 1);
    for (at, option) in pieces(options, ';') {
        reader
            .option(option)
            .map_err(|error| error.within(options_start + at))?;
    }
    Ok(Expand {
        path,
        options: reader.options,
        levels: reader.levels,
    })
}

/// Reads an item of `$orderby`.
fn order_by(text: &str) -> Option<OrderBy> {
    let (path, direction) = text
        .split_once(|c: char| c.is_ascii_whitespace())
        .unwrap_or((text, "asc"));
    let path = Path::new(path).ok()?;
    match direction.trim().to_ascii_lowercase().as_str() {
        "asc" => Some(OrderBy::asc(path)),
        "desc" => Some(OrderBy::desc(path)),
        _ => None,
    }
}

/// Splits `text` at each `separator` outside of parentheses and quotes.
///
/// Gives the pieces without blanks around them, each with its offset. Parentheses that do not
/// match are left to whoever reads the pieces, where none can be part of a valid one.
fn pieces(text: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let mut open = 0_usize;
    let mut quoted = false;
    let is_separator = move |c: char| {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => open += 1,
            ')' if !quoted => open = open.saturating_sub(1),
            _ => return c == separator && open == 0 && !quoted,
        }
        false
    };
    let mut start = 0;
    text.split(is_separator).map(move |piece| {
        let offset = start + piece.len() - piece.trim_ascii_start().len();
        start += piece.len() + separator.len_utf8();
        (offset, piece.trim_ascii())
    })
}

fn value_error(
    name: QueryOption,
    value: &str,
    position: usize,
    expected: &'static str,
) -> ParseQueryError {
    let found = excerpt(&value[position..]);
    ParseQueryError::new(
        name.as_str(),
        position,
        QueryProblem::Value { expected, found },
    )
}

fn filter_error(error: ParseFilterError) -> ParseQueryError {
    let (position, expected, found) = error.into_parts();
    ParseQueryError::new(
        QueryOption::Filter.as_str(),
        position,
        QueryProblem::Value { expected, found },
    )
}

/// Undoes percent-encoding, or says at which byte that is impossible.
fn decode(encoded: &str) -> Result<String, usize> {
    let is_escape = |at: usize| {
        let digits = encoded.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if let Some((at, _)) = encoded.match_indices('%').find(|(at, _)| !is_escape(*at)) {
        return Err(at);
    }
    percent_decode_str(&encoded.replace('+', " "))
        .decode_utf8()
        .map(Into::into)
        .map_err(|error| encoded_offset(encoded, error.valid_up_to()))
}

/// Where the byte that is at `decoded` once percent-encoding is undone stands before that.
fn encoded_offset(encoded: &str, decoded: usize) -> usize {
    let bytes = encoded.as_bytes();
    (0..decoded).fold(0, |offset, _| match bytes.get(offset) {
        Some(b'%') => offset + 3,
        _ => offset + 1,
    })
}
