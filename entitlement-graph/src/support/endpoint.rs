//! How the table says what an endpoint takes.

use std::fmt::{self, Display};

use entitlement_core::odata::QueryOption;

/// Every option there is.
const EVERYTHING: &[QueryOption] = &[
    QueryOption::Select,
    QueryOption::Expand,
    QueryOption::Filter,
    QueryOption::OrderBy,
    QueryOption::Top,
    QueryOption::Skip,
    QueryOption::Count,
    QueryOption::Search,
];

/// The properties that an option takes at an endpoint.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Names {
    /// All there are.
    Any,
    /// These; `scope/*` stands for every property below `scope`.
    Only(&'static [&'static str]),
}

impl Names {
    /// Whether a path is one of these names, in upper or lower case.
    pub fn hold(&self, path: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(names) => names.iter().any(|name| match name.strip_suffix("/*") {
                Some(above) => {
                    let (start, rest) = path.split_at_checked(above.len()).unwrap_or((path, ""));
                    start.eq_ignore_ascii_case(above) && (rest.is_empty() || rest.starts_with('/'))
                }
                None => name.eq_ignore_ascii_case(path),
            }),
        }
    }
}

impl Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("everything"),
            Self::Only([]) => f.write_str("nothing"),
            Self::Only(names) => f.write_str(&names.join(", ")),
        }
    }
}

/// Whose rules an endpoint follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A list of governance: entitlement management and access reviews; and of Intune.
    Governance,
    /// A list of directory objects, with the directory's plain and [`advanced`](super::advanced()) queries. It
    /// follows links one level.
    Directory,
    /// What a directory object is linked to: every filter and every order is an advanced query.
    Linked,
    /// One directory object that has a path of its own.
    Single,
}

/// What one endpoint takes in queries.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    path: &'static str,
    options: &'static [QueryOption],
    filterable: Names,
    expandable: Names,
    largest_page: Option<u32>,
    required_filter: Option<&'static str>,
    kind: Kind,
}

impl Endpoint {
    /// The path below the service root, with `{}` for an id and `()` after the name of a function.
    ///
    /// `EM` and `AR` stand for the roots of entitlement management and of access reviews.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// The options that the list takes. Single items of it take `$select` and `$expand`.
    pub fn options(&self) -> &'static [QueryOption] {
        self.options
    }

    /// The properties that `$filter` may look at.
    pub fn filterable(&self) -> Names {
        self.filterable
    }

    /// The navigations that `$expand` may follow.
    pub fn expandable(&self) -> Names {
        self.expandable
    }

    /// How many items a page may be asked to have at most, where that is limited.
    pub fn largest_page(&self) -> Option<u32> {
        self.largest_page
    }

    /// A property that the list has to be filtered by.
    pub fn required_filter(&self) -> Option<&'static str> {
        self.required_filter
    }

    /// Whose rules it follows.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) const fn new(path: &'static str, options: &'static [QueryOption]) -> Self {
        Self {
            path,
            options,
            filterable: Names::Only(&[]),
            expandable: Names::Only(&[]),
            largest_page: None,
            required_filter: None,
            kind: Kind::Governance,
        }
    }

    /// A list of Intune, which filters and expands what it can and does not say what that is.
    pub(super) const fn intune(path: &'static str) -> Self {
        let mut endpoint = Self::new(path, EVERYTHING);
        endpoint.filterable = Names::Any;
        endpoint.expandable = Names::Any;
        endpoint
    }

    pub(super) const fn filter(mut self, names: &'static [&'static str]) -> Self {
        self.filterable = Names::Only(names);
        self
    }

    pub(super) const fn expand(mut self, names: &'static [&'static str]) -> Self {
        self.expandable = Names::Only(names);
        self
    }

    pub(super) const fn most(mut self, items: u32) -> Self {
        self.largest_page = Some(items);
        self
    }

    pub(super) const fn needs(mut self, property: &'static str) -> Self {
        self.required_filter = Some(property);
        self
    }

    pub(super) const fn directory(path: &'static str) -> Self {
        Self {
            filterable: Names::Any,
            expandable: Names::Any,
            largest_page: Some(999),
            kind: Kind::Directory,
            ..Self::new(path, EVERYTHING)
        }
    }

    pub(super) const fn linked(path: &'static str) -> Self {
        Self {
            kind: Kind::Linked,
            ..Self::directory(path)
        }
    }

    pub(super) const fn single(path: &'static str) -> Self {
        Self {
            options: &[QueryOption::Select, QueryOption::Expand, QueryOption::Count],
            kind: Kind::Single,
            ..Self::directory(path)
        }
    }

    /// Whether a path below the service root is this endpoint's.
    pub(super) fn is_at(&self, segments: &[impl AsRef<str>]) -> bool {
        let (root, rest): (&[&str], &str) = match self.path.split_once('/') {
            Some(("EM", rest)) => (&["identityGovernance", "entitlementManagement"], rest),
            Some(("AR", rest)) => (&["identityGovernance", "accessReviews"], rest),
            _ => (&[], self.path),
        };
        let mut parts = root.iter().copied().chain(rest.split('/'));
        let mut segments = segments.iter();
        loop {
            match (parts.next(), segments.next()) {
                (None, None) => return true,
                (Some(part), Some(segment)) if fits(part, segment.as_ref()) => {}
                _ => return false,
            }
        }
    }
}

fn fits(part: &str, segment: &str) -> bool {
    match part.strip_suffix("()") {
        Some(function) => segment
            .split_once('(')
            .is_some_and(|(name, _)| name.eq_ignore_ascii_case(function)),
        None => part == "{}" || part.eq_ignore_ascii_case(segment),
    }
}
