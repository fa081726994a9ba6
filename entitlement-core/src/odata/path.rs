use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Words that mean something else when they stand alone in a filter.
const RESERVED: [&str; 4] = ["null", "true", "false", "not"];

/// The way to a property: `displayName`, `accessPackage/id`,
/// `scope/microsoft.graph.accessReviewQueryScope/query`.
///
/// Segments are separated by `/`. A segment is a name of letters, digits and `_`; a dotted name
/// is a cast to a derived type; `$count` stands for the size of a collection and `*` for every
/// property. Nothing else gets in, so a path can never change the structure of the expression
/// it is rendered into.
///
/// There are two ways to make one:
///
/// * A path written in your program is a `&'static str`, and every function that wants a path
///   takes it as it is. Should it hold a character no path may have, that character becomes `_`:
///   the expression stays well-formed, and the service answers that it knows no such property.
/// * A path that arrives while the program runs goes through [`Path::new`], which checks it.
///
/// Two paths are equal when their texts are. Microsoft Graph itself does not tell `objectId` and
/// `objectid` apart.
///
/// ```
/// use entitlement_core::odata::Path;
///
/// let path = Path::new("target/objectId")?;
/// assert_eq!(path.segments().collect::<Vec<_>>(), ["target", "objectId"]);
///
/// assert!(Path::new("state eq 'delivered' or id").is_err());
/// # Ok::<(), entitlement_core::odata::InvalidPath>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Cow<'static, str>);

impl Path {
    /// Checks a path that was not written in the program itself.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`] when a segment is not a name, or when the whole path is one of the words
    /// `null`, `true`, `false` and `not`.
    pub fn new(path: impl Into<String>) -> Result<Self, InvalidPath> {
        let path = path.into();
        if is_path(&path) {
            Ok(Self(path.into()))
        } else {
            Err(InvalidPath { path })
        }
    }

    /// The variable of a lambda: one segment, without a dot.
    pub(super) fn variable(name: &'static str) -> Self {
        Self(if is_variable(name) {
            name.into()
        } else {
            mend_variable(name).into()
        })
    }

    /// The path as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands between the slashes, outermost first; there is at least one segment.
    ///
    /// A segment with a dot in it is a type cast.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// The path that goes on from here: `accessPackage` joined with `id` is `accessPackage/id`.
    pub fn join(&self, rest: impl Into<Path>) -> Self {
        Self(format!("{self}/{}", rest.into()).into())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Path {
    type Err = InvalidPath;

    fn from_str(path: &str) -> Result<Self, InvalidPath> {
        Self::new(path)
    }
}

/// Takes a path written in the program; see [`Path`] for what becomes of a mistyped one.
impl From<&'static str> for Path {
    fn from(path: &'static str) -> Self {
        Self(if is_path(path) {
            path.into()
        } else {
            mend_path(path).into()
        })
    }
}

/// A text that is not a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{path}` is not a property path: \
     expected names of letters, digits and `_`, separated by `/`"
)]
pub struct InvalidPath {
    path: String,
}

impl InvalidPath {
    /// The text that was refused.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// Whether a filter gives `word` a meaning of its own.
fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|r| r.eq_ignore_ascii_case(word))
}

fn is_path(text: &str) -> bool {
    text.split('/').all(is_segment) && !is_reserved(text)
}

fn is_segment(text: &str) -> bool {
    text == "*" || text.strip_prefix('$').is_some_and(is_name) || text.split('.').all(is_name)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(is_name_char)
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether `text` may name the variable of a lambda: a single name that is not reserved.
pub(super) fn is_variable(text: &str) -> bool {
    is_name(text) && !is_reserved(text)
}

/// Whether `c` can be part of a path, when looking for the end of one.
pub(super) fn is_path_char(c: char) -> bool {
    is_name_char(c) || matches!(c, '.' | '/' | '$' | '*')
}

/// Makes any text a path, by putting `_` where something is wrong.
fn mend_path(text: &str) -> String {
    let segments: Vec<Cow<'_, str>> = text
        .split('/')
        .map(|segment| {
            if is_segment(segment) {
                segment.into()
            } else {
                mend_name(segment).into()
            }
        })
        .collect();
    match segments.join("/") {
        path if is_reserved(&path) => path + "_",
        path => path,
    }
}

/// Makes any text a variable, by putting `_` where something is wrong.
fn mend_variable(text: &str) -> String {
    match mend_name(text) {
        name if is_reserved(&name) => name + "_",
        name => name,
    }
}

fn mend_name(text: &str) -> String {
    let name = text.replace(|c| !is_name_char(c), "_");
    if is_name(&name) {
        name
    } else {
        format!("_{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accepts_what_graph_documents() {
        for text in [
            "id",
            "accessPackage/id",
            "target/objectid",
            "is/microsoft.graph.azureActiveDirectoryTenant/tenantId",
            "assignedLicenses/$count",
            "extension_9d0e_jobGroup",
            "*",
            "not/null",
            "prénom",
        ] {
            assert_eq!(Path::new(text).unwrap().as_str(), text);
            assert_eq!(Path::from(text).as_str(), text);
        }
    }

    #[test]
    fn refuses_what_could_change_an_expression() {
        for text in [
            "", "/", "a/", "a//b", "a b", "a'b", "a)", "a,b", "a;b", "a=b", "a.b.", "1a", "a-b",
            "$", "**", "null", "TRUE", "Not", "a\u{a0}b",
        ] {
            let error = Path::new(text).unwrap_err();
            assert_eq!(error.path(), text);
            assert!(error.to_string().contains(&format!("`{text}`")));
        }
    }

    #[test]
    fn mends_what_a_program_mistypes() {
        for (text, mended) in [
            ("", "_"),
            ("display name", "display_name"),
            ("a//b", "a/_/b"),
            ("1st/2nd", "_1st/_2nd"),
            ("a eq 1 or b.c", "a_eq_1_or_b_c"),
            ("null", "null_"),
        ] {
            assert_eq!(Path::from(text).as_str(), mended);
        }
    }

    #[test]
    fn joins() {
        let path = Path::from("assignment")
            .join("target")
            .join(Path::from("objectId"));
        assert_eq!(path.to_string(), "assignment/target/objectId");
        assert_eq!(path.segments().next_back(), Some("objectId"));
    }

    proptest! {
        #[test]
        fn a_mended_path_is_a_path(text in any::<String>()) {
            prop_assert!(is_path(&mend_path(&text)));
            prop_assert!(is_variable(&mend_variable(&text)));
        }
    }
}
