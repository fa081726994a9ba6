//! The calls that errors are about.

use std::fmt::{self, Display};

use http::Method;

use crate::permission::{self, Permissions};

/// Which call an error is about: method and path, without query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    method: Method,
    path: Box<str>,
}

impl Operation {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.into(),
        }
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path below the service root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The permissions the call needs, where they are known.
    pub fn permissions(&self) -> Option<Permissions> {
        permission::permissions(&self.method, &self.path)
    }
}

/// Method and path; a sign-in name in the path is shown as `{id}`, because what is shown ends up in logs.
impl Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.method)?;
        for (index, segment) in self.path.split('/').enumerate() {
            let names_somebody = segment.contains('@') || segment.contains("%40");
            let separator = if index > 0 { "/" } else { "" };
            let shown = if names_somebody { "{id}" } else { segment };
            write!(f, "{separator}{shown}")?;
        }
        Ok(())
    }
}
