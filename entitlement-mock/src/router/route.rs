//! What an operation is: where, for whom, and what it does.

use std::fmt::{self, Display};

use http::Method;

use super::path::Segment;
use crate::handlers::{Context, Outcome};

/// Who may call an operation at all; what they may do with it is decided by the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Every person and application.
    Everybody,
    /// Applications, people who administer entitlement management (ROLE-1), and those with a role that stands in for it.
    Administrators,
    /// People only: "Application: not supported" (ROLE-7).
    People,
}

/// An operation: where it is, for whom, and what it does.
pub(crate) struct Route {
    pub(super) method: Method,
    pub(super) template: &'static str,
    pub(crate) access: Access,
    pub(crate) handler: fn(&mut Context<'_>) -> Outcome,
}

impl Route {
    /// The operation as it is written: `GET /identityGovernance/…/{key}`.
    pub(crate) fn operation(&self) -> String {
        let path: Vec<String> = self.parts().iter().map(Part::to_string).collect();
        format!("{} /{}", self.method, path.join("/"))
    }

    /// The template, taken apart.
    pub(super) fn parts(&self) -> Vec<Part> {
        self.template.split('/').flat_map(roots).collect()
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }
}

/// A segment of a template.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Name(&'static str),
    Key(&'static str),
    Function(&'static str),
}

impl Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Key(key) => write!(f, "{{{key}}}"),
            Self::Function(name) => write!(f, "{name}()"),
        }
    }
}

fn part(text: &'static str) -> Part {
    let key = text.strip_prefix('{');
    if let Some(key) = key.and_then(|text| text.strip_suffix('}')) {
        Part::Key(key)
    } else if let Some(function) = text.strip_suffix("()") {
        Part::Function(function)
    } else {
        Part::Name(text)
    }
}

/// What a segment of a template stands for.
fn roots(text: &'static str) -> Vec<Part> {
    match text {
        "EM" => vec![
            Part::Name("identityGovernance"),
            Part::Name("entitlementManagement"),
        ],
        "RM" => vec![
            Part::Name("roleManagement"),
            Part::Name("entitlementManagement"),
        ],
        "AR" => vec![
            Part::Name("identityGovernance"),
            Part::Name("accessReviews"),
        ],
        // Where a review came round.
        "AR-instance" => vec![
            Part::Name("identityGovernance"),
            Part::Name("accessReviews"),
            Part::Name("definitions"),
            Part::Key("review"),
            Part::Name("instances"),
            Part::Key("instance"),
        ],
        // What is inside of an app, where the path names the kind of app.
        "content" => vec![
            Part::Name("deviceAppManagement"),
            Part::Name("mobileApps"),
            Part::Key("app"),
            Part::Key(TYPE),
        ],
        other => vec![part(other)],
    }
}

/// The key that is a type.
const TYPE: &str = "type";

/// Names in paths are read in any case.
pub(super) fn fits(part: Part, segment: &Segment) -> bool {
    match part {
        Part::Name(name) => {
            segment.arguments.is_none()
                && !segment.is_key
                && segment.name.eq_ignore_ascii_case(name)
        }
        Part::Key(TYPE) => segment.is_qualified && segment.arguments.is_none(),
        // `$count` and `$ref` are no keys, and neither are other types.
        Part::Key(_) => {
            let is_plain = !segment.is_qualified && !segment.name.starts_with('$');
            segment.arguments.is_none() && (is_plain || segment.is_key)
        }
        Part::Function(name) => {
            segment.arguments.is_some() && segment.name.eq_ignore_ascii_case(name)
        }
    }
}
