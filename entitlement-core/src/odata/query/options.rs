//! The options of a query, how they are put together and how they are written.

use std::fmt::{self, Display};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::option::QueryOption;
use crate::odata::filter::Filter;
use crate::odata::path::Path;

/// What a value keeps as it is; everything else is percent-encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'?')
    .remove(b'@');

/// The OData options of a request: everything that may follow the `?` of its URL.
///
/// Build one option by option, starting from [`Query::new`]; read the fields to see what is
/// asked for. [`Display`] gives the query string, percent-encoded and without the
/// `?`, and [`Query::parse`] reads one.
///
/// ```
/// use entitlement_core::odata::{Filter, Query};
///
/// let query = Query::new()
///     .select(["id", "displayName"])
///     .filter(Filter::field("displayName").eq("Sales & marketing"))
///     .expand("catalog");
///
/// assert_eq!(
///     query.to_string(),
///     "$select=id,displayName\
///      &$expand=catalog\
///      &$filter=displayName%20eq%20'Sales%20%26%20marketing'"
/// );
/// ```
///
/// Graph ignores some options on some collections without saying so; where it matters, check
/// what comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[must_use = "a query does nothing until it is sent"]
#[non_exhaustive]
pub struct Query {
    /// `$select`: the properties wanted; none listed means the service's usual ones.
    pub select: Vec<Path>,
    /// `$expand`: the related items wanted along with each item.
    pub expand: Vec<Expand>,
    /// `$filter`: the condition items have to meet.
    pub filter: Option<Filter>,
    /// `$orderby`: what to sort by, most significant first.
    pub order_by: Vec<OrderBy>,
    /// `$top`: how many items to answer with, at most.
    pub top: Option<u32>,
    /// `$skip`: how many items to leave out at the beginning.
    pub skip: Option<u32>,
    /// `$count`: whether the number of all matching items is wanted.
    pub count: bool,
    /// `$search`: a search expression, with its double quotes.
    pub search: Option<String>,
    /// `$skiptoken`: where a page begins, as the service wrote it into a next link.
    pub skip_token: Option<String>,
}

impl Query {
    /// A query that asks for nothing in particular.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether no option is set, so that there is nothing to append to a URL.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds properties to `$select`.
    pub fn select<P: Into<Path>>(mut self, properties: impl IntoIterator<Item = P>) -> Self {
        self.select.extend(properties.into_iter().map(Into::into));
        self
    }

    /// Adds a navigation to `$expand`: its path, or an [`Expand`] with options of its own.
    pub fn expand(mut self, navigation: impl Into<Expand>) -> Self {
        self.expand.push(navigation.into());
        self
    }

    /// Sets `$filter`.
    ///
    /// A filter that is plainly `true` asks for nothing and leaves the option out, so
    /// [`Filter::all_of`] a list of conditions works for an empty list too.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter).filter(|filter| *filter != Filter::Constant(true));
        self
    }

    /// Adds a property to `$orderby`: its path, or an [`OrderBy`] that says which way.
    pub fn order_by(mut self, order: impl Into<OrderBy>) -> Self {
        self.order_by.push(order.into());
        self
    }

    /// Sets `$top`, the number of items wanted.
    pub fn top(mut self, items: u32) -> Self {
        self.top = Some(items);
        self
    }

    /// Sets `$skip`, the number of items to leave out at the beginning.
    pub fn skip(mut self, items: u32) -> Self {
        self.skip = Some(items);
        self
    }

    /// Sets `$count`: asks for the number of all matching items, whatever the page size.
    pub fn count(mut self) -> Self {
        self.count = true;
        self
    }

    /// Sets `$search`; the expression needs its own double quotes: `"displayName:Video"`.
    ///
    /// See [the search parameter](https://learn.microsoft.com/graph/search-query-parameter).
    pub fn search(mut self, expression: impl Into<String>) -> Self {
        self.search = Some(expression.into());
        self
    }

    /// Sets `$skiptoken`, which only ever comes from a next link of the service.
    pub fn skip_token(mut self, token: impl Into<String>) -> Self {
        self.skip_token = Some(token.into());
        self
    }

    /// Adds a property to every `$select` that names some, in expansions too.
    ///
    /// Where nothing is selected the service sends its usual properties anyway.
    ///
    /// ```
    /// use entitlement_core::odata::{Expand, Query};
    ///
    /// let query = Query::new().select(["state"]).expand("accessPackage").always_selecting("id");
    /// assert_eq!(query.to_string(), "$select=state,id&$expand=accessPackage");
    /// ```
    pub fn always_selecting(mut self, property: &'static str) -> Self {
        let holds =
            |path: &Path| path.as_str() == "*" || path.as_str().eq_ignore_ascii_case(property);
        if !self.select.is_empty() && !self.select.iter().any(holds) {
            self.select.push(property.into());
        }
        for expand in &mut self.expand {
            let options = std::mem::take(&mut expand.options);
            expand.options = options.always_selecting(property);
        }
        self
    }

    /// Which options are set, in the order in which they are written.
    pub fn used_options(&self) -> impl Iterator<Item = QueryOption> + use<> {
        let options = [
            (QueryOption::Select, !self.select.is_empty()),
            (QueryOption::Expand, !self.expand.is_empty()),
            (QueryOption::Filter, self.filter.is_some()),
            (QueryOption::OrderBy, !self.order_by.is_empty()),
            (QueryOption::Top, self.top.is_some()),
            (QueryOption::Skip, self.skip.is_some()),
            (QueryOption::Count, self.count),
            (QueryOption::Search, self.search.is_some()),
            (QueryOption::SkipToken, self.skip_token.is_some()),
        ];
        options
            .into_iter()
            .filter_map(|(option, is_used)| is_used.then_some(option))
    }

    /// The options that are set, with their values before any encoding.
    fn written(&self) -> impl Iterator<Item = (QueryOption, String)> + use<> {
        let list = |values: String| (!values.is_empty()).then_some(values);
        let options = [
            (QueryOption::Select, list(comma_separated(&self.select))),
            (QueryOption::Expand, list(comma_separated(&self.expand))),
            (
                QueryOption::Filter,
                self.filter.as_ref().map(Filter::to_string),
            ),
            (QueryOption::OrderBy, list(comma_separated(&self.order_by))),
            (QueryOption::Top, self.top.map(|items| items.to_string())),
            (QueryOption::Skip, self.skip.map(|items| items.to_string())),
            (QueryOption::Count, self.count.then(|| "true".into())),
            (QueryOption::Search, self.search.clone()),
            (QueryOption::SkipToken, self.skip_token.clone()),
        ];
        options
            .into_iter()
            .filter_map(|(option, value)| Some((option, value?)))
    }
}

/// The query string, percent-encoded and without the `?`.
impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.written().enumerate() {
            let separator = if index > 0 { "&" } else { "" };
            let value = utf8_percent_encode(&value, ENCODED);
            write!(f, "{separator}{name}={value}")?;
        }
        Ok(())
    }
}

/// A navigation to follow with [`$expand`], and what is wanted of the items at its other end.
///
/// It takes the options of a [`Query`], but for `$search` and `$skiptoken`, and `$levels`.
/// [`Display`] gives the text before any percent-encoding.
///
/// ```
/// use entitlement_core::odata::{Expand, Query};
///
/// let roles = Expand::new("resourceRoleScopes").expand("role").expand("scope");
/// assert_eq!(roles.to_string(), "resourceRoleScopes($expand=role,scope)");
///
/// let query = Query::new().expand(roles).expand("catalog");
/// assert_eq!(
///     query.to_string(),
///     "$expand=resourceRoleScopes($expand=role,scope),catalog"
/// );
/// ```
///
/// How deep the service goes differs: entitlement management nests; the directory, as a rule,
/// follows one level and answers with twenty related items at most.
///
/// [`$expand`]: https://learn.microsoft.com/graph/query-parameters#expand-parameter
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[must_use = "an expansion does nothing until a query holds it"]
pub struct Expand {
    pub(super) path: Path,
    pub(super) options: Query,
    pub(super) levels: Option<Levels>,
}

impl Expand {
    /// Follows a navigation, without any options.
    pub fn new(path: impl Into<Path>) -> Self {
        Self {
            path: path.into(),
            options: Query::new(),
            levels: None,
        }
    }

    /// The navigation to follow.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wanted of the related items. Never holds a search or a skip token.
    pub fn options(&self) -> &Query {
        &self.options
    }

    /// How many times to follow the navigation again from the items it leads to, if that is set.
    pub fn levels(&self) -> Option<Levels> {
        self.levels
    }

    /// Adds properties of the related items to `$select`.
    pub fn select<P: Into<Path>>(self, properties: impl IntoIterator<Item = P>) -> Self {
        self.with(|options| options.select(properties))
    }

    /// Adds a navigation that goes on from the related items.
    pub fn expand(self, navigation: impl Into<Expand>) -> Self {
        self.with(|options| options.expand(navigation))
    }

    /// Sets the condition that related items have to meet.
    pub fn filter(self, filter: Filter) -> Self {
        self.with(|options| options.filter(filter))
    }

    /// Adds a property to sort the related items by.
    pub fn order_by(self, order: impl Into<OrderBy>) -> Self {
        self.with(|options| options.order_by(order))
    }

    /// Sets the number of related items wanted.
    pub fn top(self, items: u32) -> Self {
        self.with(|options| options.top(items))
    }

    /// Sets the number of related items to leave out at the beginning.
    pub fn skip(self, items: u32) -> Self {
        self.with(|options| options.skip(items))
    }

    /// Asks for the number of all related items.
    pub fn count(self) -> Self {
        self.with(Query::count)
    }

    /// Sets `$levels`: follows the navigation again from where it leads, as with a chain of
    /// managers.
    ///
    /// ```
    /// use entitlement_core::odata::{Expand, Levels};
    ///
    /// let managers = Expand::new("manager").recursive(Levels::Max).select(["id"]);
    /// assert_eq!(managers.to_string(), "manager($levels=max;$select=id)");
    /// ```
    pub fn recursive(mut self, levels: Levels) -> Self {
        self.levels = Some(levels);
        self
    }

    fn with(mut self, change: impl FnOnce(Query) -> Query) -> Self {
        self.options = change(self.options);
        self
    }
}

impl Display for Expand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let levels = self
            .levels
            .map(|levels| (QueryOption::Levels, levels.to_string()));
        let options: Vec<String> = levels
            .into_iter()
            .chain(self.options.written())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if options.is_empty() {
            self.path.fmt(f)
        } else {
            write!(f, "{}({})", self.path, options.join(";"))
        }
    }
}

impl From<Path> for Expand {
    fn from(path: Path) -> Self {
        Self::new(path)
    }
}

impl From<&'static str> for Expand {
    fn from(path: &'static str) -> Self {
        Self::new(path)
    }
}

/// How often a navigation is followed: the value of `$levels`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Levels {
    /// This many times.
    Exactly(u32),
    /// As often as the service allows.
    Max,
}

impl Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(levels) => levels.fmt(f),
            Self::Max => f.write_str("max"),
        }
    }
}

/// A property to sort by, and which way: an item of [`$orderby`].
///
/// ```
/// use entitlement_core::odata::OrderBy;
///
/// assert_eq!(OrderBy::asc("displayName").to_string(), "displayName");
/// assert_eq!(OrderBy::desc("createdDateTime").to_string(), "createdDateTime desc");
/// ```
///
/// [`$orderby`]: https://learn.microsoft.com/graph/query-parameters#orderby-parameter
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderBy {
    path: Path,
    direction: Direction,
}

impl OrderBy {
    /// Sorts by a property, smallest first.
    pub fn asc(path: impl Into<Path>) -> Self {
        Self {
            path: path.into(),
            direction: Direction::Ascending,
        }
    }

    /// Sorts by a property, greatest first.
    pub fn desc(path: impl Into<Path>) -> Self {
        Self {
            path: path.into(),
            direction: Direction::Descending,
        }
    }

    /// The property to sort by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which way to sort.
    pub fn direction(&self) -> Direction {
        self.direction
    }
}

impl Display for OrderBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.direction {
            Direction::Ascending => self.path.fmt(f),
            Direction::Descending => write!(f, "{} desc", self.path),
        }
    }
}

/// Ascending, as when `$orderby` says nothing else.
impl From<Path> for OrderBy {
    fn from(path: Path) -> Self {
        Self::asc(path)
    }
}

/// Ascending, as when `$orderby` says nothing else.
impl From<&'static str> for OrderBy {
    fn from(path: &'static str) -> Self {
        Self::asc(path)
    }
}

/// Which end of a sorted list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

fn comma_separated(items: &[impl Display]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    items.join(",")
}
