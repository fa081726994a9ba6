//! How the table says what an endpoint takes.

use std::fmt::{self, Display};

/// A query option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opt {
    Select,
    Expand,
    Filter,
    OrderBy,
    Top,
    Skip,
    Count,
    Search,
}

impl Opt {
    /// What to do here in place of the option there.
    pub(super) fn alternative(self) -> &'static str {
        match self {
            Self::Select => "read the whole of it",
            Self::Expand => "read what is linked on its own",
            Self::Filter | Self::Search => {
                "leave out here what you do not want, with `Pager::filter_locally`"
            }
            Self::OrderBy => "sort here, with `Pager::sort_locally`",
            Self::Top => "stop when you have enough, with `Pager::try_take`",
            Self::Skip => "leave out the first ones here, with `Pager::skip_locally`",
            Self::Count => "count what `Pager::try_collect` gives",
        }
    }
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
pub(super) const EVERYTHING: &[Opt] = &[
    Opt::Select,
    Opt::Expand,
    Opt::Filter,
    Opt::OrderBy,
    Opt::Top,
    Opt::Skip,
    Opt::Count,
    Opt::Search,
];

/// Names of properties; `scope/*` stands for every property below `scope`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Names {
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

/// What one collection takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    /// `EM` and `AR` stand for the two roots, `{}` for an id, `name()` for a function.
    pub(super) path: &'static str,
    /// The options of the whole collection; of its single items it is `$select` and `$expand`.
    pub(super) takes: &'static [Opt],
    pub(super) filter: Names,
    pub(super) expand: Names,
    /// The most items a page may be asked to have.
    pub(super) most: Option<u32>,
    /// A property that lists have to be filtered by.
    pub(super) needs: Option<&'static str>,
    /// Has the advanced queries of the directory, which go by a header, and follows links one level only.
    pub(super) directory: bool,
    /// Holds what a directory object is linked to, where every filter and order is an advanced query.
    pub(super) linked: bool,
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
            directory: false,
            linked: false,
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
        endpoint.directory = true;
        endpoint
    }

    pub(super) const fn linked(path: &'static str) -> Self {
        let mut endpoint = Self::directory(path);
        endpoint.linked = true;
        endpoint
    }

    /// Whether a path below the service root is this endpoint's.
    pub(super) fn is_at(&self, path: &str) -> bool {
        let (root, rest) = match self.path.split_once('/') {
            Some(("EM", rest)) => ("identityGovernance/entitlementManagement/", rest),
            Some(("AR", rest)) => ("identityGovernance/accessReviews/", rest),
            _ => ("", self.path),
        };
        let Some(path) = path.strip_prefix(root) else {
            return false;
        };
        let (mut template, mut segments) = (rest.split('/'), path.split('/'));
        loop {
            match (template.next(), segments.next()) {
                (None, None) => return true,
                (Some(part), Some(segment)) if fits(part, segment) => {}
                _ => return false,
            }
        }
    }
}

fn fits(part: &str, segment: &str) -> bool {
    match part.strip_suffix("()") {
        Some(function) => segment
            .split_once('(')
            .is_some_and(|(name, _)| name == function),
        None => part == "{}" || part == segment,
    }
}
