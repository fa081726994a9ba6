//! Navigation properties, which are there only if the caller asked for them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A related entity (or list of them) that Graph sends only for `$expand`.
///
/// *Not loaded* is a different thing from *loaded and empty*: the first says nothing about the relation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expandable<T> {
    /// The answer does not say; ask again with `$expand`.
    #[default]
    NotLoaded,
    /// The relation was asked for and is empty.
    Nothing,
    /// The relation was asked for and is here.
    Loaded(T),
}

impl<T> Expandable<T> {
    /// The value, if it was expanded and there is one.
    pub fn loaded(&self) -> Option<&T> {
        match self {
            Self::Loaded(value) => Some(value),
            Self::NotLoaded | Self::Nothing => None,
        }
    }

    /// The value by value, if it was expanded and there is one.
    pub fn into_loaded(self) -> Option<T> {
        match self {
            Self::Loaded(value) => Some(value),
            Self::NotLoaded | Self::Nothing => None,
        }
    }

    /// Whether the answer says nothing about the relation.
    pub fn is_not_loaded(&self) -> bool {
        matches!(self, Self::NotLoaded)
    }
}

impl<T> Expandable<Vec<T>> {
    /// The items of an expanded list; none if it was not expanded.
    pub fn items(&self) -> &[T] {
        self.loaded().map_or(&[], Vec::as_slice)
    }
}

impl<T> From<T> for Expandable<T> {
    fn from(value: T) -> Self {
        Self::Loaded(value)
    }
}

impl<T: Serialize> Serialize for Expandable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.loaded().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Expandable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Nothing, Self::Loaded))
    }
}
