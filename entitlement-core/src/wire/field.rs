//! The three states of a property in a patch.

use serde::{Serialize, Serializer};

/// What a patch does with one property.
///
/// ```
/// use entitlement_core::catalog::CatalogPatch;
/// use entitlement_core::wire::Field;
///
/// let patch = CatalogPatch { description: Field::Clear, ..CatalogPatch::default() };
/// assert_eq!(serde_json::to_string(&patch)?, r#"{"description":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a property is kept, cleared or set; there is no fourth thing"
)]
pub enum Field<T> {
    /// Leave it alone: nothing is sent.
    #[default]
    Keep,
    /// Remove the value: `null` is sent.
    Clear,
    /// Write this value.
    Set(T),
}

impl<T> Field<T> {
    /// Whether nothing is sent.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The value that is written, if one is.
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Does to `value` what the patch says.
    pub fn apply_to(self, value: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *value = None,
            Self::Set(new) => *value = Some(new),
        }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl From<&str> for Field<String> {
    fn from(text: &str) -> Self {
        Self::Set(text.to_owned())
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => value.serialize(serializer),
            Self::Keep | Self::Clear => serializer.serialize_none(),
        }
    }
}
