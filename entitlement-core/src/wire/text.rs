//! Values that are texts on the wire, or missing.

use std::fmt::{self, Display};

use serde::{Deserializer, de};

/// Reads a text without copying it, or nothing where there is `null`. `read` may find that a text says nothing, too.
pub(crate) fn optional<'de, T, E: Display, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
    read: fn(&str) -> Result<Option<T>, E>,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_option(OptionalText { expected, read })
}

struct OptionalText<T, E> {
    expected: &'static str,
    read: fn(&str) -> Result<Option<T>, E>,
}

impl<'de, T, E: Display> de::Visitor<'de> for OptionalText<T, E> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_none<Error: de::Error>(self) -> Result<Self::Value, Error> {
        Ok(None)
    }

    fn visit_unit<Error: de::Error>(self) -> Result<Self::Value, Error> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<Error: de::Error>(self, text: &str) -> Result<Self::Value, Error> {
        (self.read)(text).map_err(Error::custom)
    }
}
