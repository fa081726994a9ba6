//! How the table says what a list takes.

use std::fmt::{self, Display};

use crate::router::path::Segment;

/// How a collection is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// For its items, or for one thing.
    Items,
    /// For the number of its items, with `/$count`.
    Number,
    /// For links to what it holds, with `/$ref`.
    Links,
}

/// A query option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opt {
    Select,
    Expand,
    Filter,
    OrderBy,
    Top,
    Skip,
    Count,
    Search,
}

impl Display for Opt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Select => "$select",
            Self::Expand => "$expand",
            Self::Filter => "$filter",
            Self::OrderBy => "$orderby",
            Self::Top => "$top",
            Self::Skip => "$skip",
            Self::Count => "$count",
            Self::Search => "$search",
        })
    }
}

/// Every option there is.
const EVERYTHING: &[Opt] = &[
    Opt::Select,
    Opt::Expand,
    Opt::Filter,
    Opt::OrderBy,
    Opt::Top,
    Opt::Skip,
    Opt::Count,
    Opt::Search,
];

/// Which properties an option takes; `scope/*` stands for every property below `scope`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Names {
    Any,
    Only(&'static [&'static str]),
}

impl Names {
    /// Names are read in any case.
    pub(super) fn hold(&self, path: &str) -> bool {
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

/// What one list takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Endpoint {
    /// `EM` and `AR` stand for the two roots, `{}` for an id, `name()` for a function.
    pub(super) path: &'static str,
    /// The options of the list; of its single items it is `$select` and `$expand`.
    pub(super) takes: &'static [Opt],
    pub(super) filter: Names,
    pub(super) expand: Names,
    /// The most items a page may be asked to have.
    pub(super) most: Option<u32>,
    /// A property that the list has to be filtered by.
    pub(super) needs: Option<&'static str>,
    pub(super) directory: Directory,
}

/// Whether the rules of the directory hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Directory {
    No,
    /// A collection of directory objects.
    Objects,
    /// What a directory object is linked to: every filter and order is an advanced query.
    Linked,
    /// One directory object.
    Single,
}

impl Endpoint {
    pub(super) const fn new(path: &'static str, takes: &'static [Opt]) -> Self {
        Self {
            path,
            takes,
            filter: Names::Only(&[]),
            expand: Names::Only(&[]),
            most: None,
            needs: None,
            directory: Directory::No,
        }
    }

    pub(super) const fn filter(mut self, names: &'static [&'static str]) -> Self {
        self.filter = Names::Only(names);
        self
    }

    pub(super) const fn expand(mut self, names: &'static [&'static str]) -> Self {
        self.expand = Names::Only(names);
        self
    }

    pub(super) const fn most(mut self, items: u32) -> Self {
        self.most = Some(items);
        self
    }

    pub(super) const fn needs(mut self, property: &'static str) -> Self {
        self.needs = Some(property);
        self
    }

    pub(super) const fn directory(path: &'static str) -> Self {
        let mut endpoint = Self::new(path, EVERYTHING).most(999);
        endpoint.filter = Names::Any;
        endpoint.expand = Names::Any;
        endpoint.directory = Directory::Objects;
        endpoint
    }

    pub(super) const fn linked(path: &'static str) -> Self {
        let mut endpoint = Self::directory(path);
        endpoint.directory = Directory::Linked;
        endpoint
    }

    pub(super) const fn single(path: &'static str) -> Self {
        let mut endpoint = Self::directory(path);
        endpoint.takes = &[Opt::Select, Opt::Expand, Opt::Count];
        endpoint.directory = Directory::Single;
        endpoint
    }

    /// Whether a path below the service root is this list's.
    pub(super) fn is_at(&self, segments: &[Segment]) -> bool {
        let (root, rest): (&[&str], &str) = match self.path.split_once('/') {
            Some(("EM", rest)) => (&["identityGovernance", "entitlementManagement"], rest),
            Some(("AR", rest)) => (&["identityGovernance", "accessReviews"], rest),
            _ => (&[], self.path),
        };
        let template = root.iter().copied().chain(rest.split('/'));
        template.clone().count() == segments.len()
            && template
                .zip(segments)
                .all(|(part, segment)| fits(part, segment))
    }
}

fn fits(part: &str, segment: &Segment) -> bool {
    match part.strip_suffix("()") {
        Some(function) => {
            segment.arguments.is_some() && segment.name.eq_ignore_ascii_case(function)
        }
        None => {
            part == "{}" || segment.arguments.is_none() && segment.name.eq_ignore_ascii_case(part)
        }
    }
}
