//! What is not as documented, and where.

use std::fmt::{self, Display};

use serde_json::Value;

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

    /// The same, seen from outside of the body it is in.
    pub(crate) fn below(self, outer: &str) -> Self {
        Self {
            path: member(outer, &self.path),
            ..self
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

/// What is at a path: `value[3].schedule`; the whole if there is no such place.
pub(crate) fn at<'v>(whole: &'v Value, path: &str) -> &'v Value {
    let mut names = path.split(['.', '[', ']']).filter(|name| !name.is_empty());
    let found = names.try_fold(whole, |value, name| match name.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_a_name) => value.get(name),
    });
    found.unwrap_or(whole)
}
