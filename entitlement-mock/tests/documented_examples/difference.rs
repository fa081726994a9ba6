//! What is not as documented, and where.

use std::fmt::{self, Display};

/// Two values that should mean the same, with the JSON path to them.
pub(crate) struct Difference {
    path: String,
    documented: String,
    ours: String,
}

impl Difference {
    pub(crate) fn new(
        path: impl Into<String>,
        documented: &dyn Display,
        ours: &dyn Display,
    ) -> Self {
        Self {
            path: path.into(),
            documented: documented.to_string(),
            ours: ours.to_string(),
        }
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            documented,
            ours,
        } = self;
        write!(f, "{path}: documented {documented}, here {ours}")
    }
}

/// The path of a property of the object at `path`.
pub(crate) fn member(path: &str, name: &str) -> String {
    match (path, name) {
        ("", name) => name.to_owned(),
        (path, "") => path.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

/// The path of an item of the list at `path`.
pub(crate) fn place(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}
