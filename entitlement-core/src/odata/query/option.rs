//! The names of the options.

use std::fmt::{self, Display};

/// An option of a [`Query`](super::Query) or an [`Expand`](super::Expand), by its name.
///
/// ```
/// use entitlement_core::odata::{Query, QueryOption};
///
/// let query = Query::new().select(["id"]).top(5);
/// assert!(query.used_options().eq([QueryOption::Select, QueryOption::Top]));
/// assert_eq!(QueryOption::OrderBy.to_string(), "$orderby");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QueryOption {
    /// `$select`: which properties.
    Select,
    /// `$expand`: which related items.
    Expand,
    /// `$filter`: which items.
    Filter,
    /// `$orderby`: in which order.
    OrderBy,
    /// `$top`: how many at most.
    Top,
    /// `$skip`: how many are left out at the beginning.
    Skip,
    /// `$count`: whether the number of all is wanted.
    Count,
    /// `$search`: what to search for.
    Search,
    /// `$skiptoken`: where a page begins.
    SkipToken,
    /// `$levels`: how often an expansion is followed.
    Levels,
}

impl QueryOption {
    pub(super) const IN_QUERY: [Self; 9] = [
        Self::Select,
        Self::Expand,
        Self::Filter,
        Self::OrderBy,
        Self::Top,
        Self::Skip,
        Self::Count,
        Self::Search,
        Self::SkipToken,
    ];

    pub(super) const IN_EXPAND: [Self; 8] = [
        Self::Select,
        Self::Expand,
        Self::Filter,
        Self::OrderBy,
        Self::Top,
        Self::Skip,
        Self::Count,
        Self::Levels,
    ];

    /// The option as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Select => "$select",
            Self::Expand => "$expand",
            Self::Filter => "$filter",
            Self::OrderBy => "$orderby",
            Self::Top => "$top",
            Self::Skip => "$skip",
            Self::Count => "$count",
            Self::Search => "$search",
            Self::SkipToken => "$skiptoken",
            Self::Levels => "$levels",
        }
    }
}

impl Display for QueryOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
