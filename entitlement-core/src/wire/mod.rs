//! How values travel: decoding with a JSON path in the error, objects we do not know, three-state patch fields, and
//! navigation that was or was not expanded.
//!
//! ```
//! use entitlement_core::catalog::Catalog;
//! use entitlement_core::wire;
//!
//! let broken = br#"{"id": "b1bf99ed", "isExternallyVisible": "maybe"}"#;
//! let error = wire::decode::<Catalog>(broken).unwrap_err();
//! assert_eq!(error.path(), "isExternallyVisible");
//! ```

pub(crate) mod date;
mod expandable;
mod field;
pub(crate) mod instant;
pub(crate) mod open_enum;
pub(crate) mod text;
pub(crate) mod union;
pub(crate) mod whole;

use std::fmt::{self, Display};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

pub use expandable::Expandable;
pub use field::Field;

/// A JSON object kept as it is: a kind from the future, or the properties of a known kind that we have no name for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawObject {
    // Nearly every object has a name for all it holds, so the usual case costs one null pointer.
    members: Option<Box<Map<String, Value>>>,
}

impl RawObject {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.members.is_none()
    }

    /// The value of a property, by its wire name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.as_ref()?.get(name)
    }

    /// Puts a value under a property's wire name and returns what was there.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let members = self.members.get_or_insert_default();
        members.insert(name.into(), value.into())
    }

    /// Takes a property out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let removed = self.members.as_mut()?.remove(name);
        self.members.take_if(|members| members.is_empty());
        removed
    }

    /// Keeps the properties whose wire name passes.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        if let Some(members) = &mut self.members {
            members.retain(|name, _| keep(name));
        }
        self.members.take_if(|members| members.is_empty());
    }

    /// The properties by their wire names, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let members = self.members.iter().flat_map(|members| members.iter());
        members.map(|(name, value)| (name.as_str(), value))
    }

    /// The expanded list under a property's wire name; `None` where it was not expanded.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with the JSON path, from the property's name on, of the first thing that does not fit.
    pub(crate) fn expanded<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<Vec<T>>, DecodeError> {
        let Some(list) = self.get(name) else {
            return Ok(None);
        };
        decode_value(list.clone()).map_err(|error| DecodeError {
            path: format!("{name}{}", error.path.trim_start_matches('.')),
            problem: error.problem,
        })
    }

    /// The `@odata.type` without `#` and namespace: `singleUser`.
    pub fn type_name(&self) -> Option<&str> {
        self.get(TYPE_TAG)?.as_str().map(short_type_name)
    }
}

impl From<Map<String, Value>> for RawObject {
    fn from(members: Map<String, Value>) -> Self {
        Self {
            members: (!members.is_empty()).then(|| Box::new(members)),
        }
    }
}

impl From<RawObject> for Map<String, Value> {
    fn from(object: RawObject) -> Self {
        object.members.map_or_else(Self::new, |members| *members)
    }
}

impl Serialize for RawObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for RawObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}

/// Decodes the properties that have no name, without what the protocol says about the whole (`@odata.context`): what
/// is read on its own equals what is read in a list.
pub(crate) fn without_annotations<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<RawObject, D::Error> {
    let mut object = RawObject::deserialize(deserializer)?;
    object.retain(|name| !name.starts_with('@'));
    Ok(object)
}

/// The annotation that names the type of an object.
pub(crate) const TYPE_TAG: &str = "@odata.type";

/// `#microsoft.graph.singleUser` and `microsoft.graph.singleUser` are both `singleUser`.
pub(crate) fn short_type_name(tag: &str) -> &str {
    let tag = tag.strip_prefix('#').unwrap_or(tag);
    tag.strip_prefix("microsoft.graph.").unwrap_or(tag)
}

/// Reads a list or a number that the service may leave out by writing `null`.
pub(crate) fn null_as_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A JSON text that is not the value it should be, with the place where it goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    problem: String,
}

impl DecodeError {
    /// Where: `value[3].schedule.startDateTime`; `.` is the whole text.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same error, seen from a value that holds the decoded one at `place`.
    pub(crate) fn within(self, place: &str) -> Self {
        let path = match self.path.as_str() {
            "." => place.to_owned(),
            inner => format!("{place}.{inner}"),
        };
        Self { path, ..self }
    }

    /// What is wrong there.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "." => f.write_str(&self.problem),
            path => write!(f, "{path}: {}", self.problem),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Decodes JSON bytes.
///
/// # Errors
///
/// [`DecodeError`] with the JSON path of the first thing that does not fit.
pub fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    let broken = |error: &dyn Display| DecodeError {
        path: ".".to_owned(),
        problem: error.to_string(),
    };
    // UTF-8 is checked once for the whole text, which is faster than string by string.
    let text = std::str::from_utf8(json).map_err(|error| broken(&error))?;
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // Keeping track of the path doubles the work, so it is done only once something is wrong; and it is done on a tree,
    // as unions are decoded, since each kind of reader makes all code of the model anew.
    let tree: Value = serde_json::from_str(text).map_err(|error| broken(&error))?;
    match decode_value::<T>(tree) {
        Err(error) => Err(error),
        // The text shows more than the tree, such as a name that is there twice.
        Ok(_) => Err(broken(&error)),
    }
}

/// Decodes a JSON value that is already in memory.
///
/// # Errors
///
/// [`DecodeError`] with the JSON path of the first thing that does not fit.
pub fn decode_value<T: DeserializeOwned>(value: Value) -> Result<T, DecodeError> {
    serde_path_to_error::deserialize(value).map_err(|error| DecodeError {
        path: error.path().to_string(),
        problem: error.inner().to_string(),
    })
}
