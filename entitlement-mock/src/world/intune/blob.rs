//! Bytes in a storage.

use std::fmt;

use bytes::Bytes;
use entitlement_core::intune::binary::Binary;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Bytes, written down as base64. `Debug` says how many there are.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Blob(pub(crate) Bytes);

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Binary::encode(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Binary::deserialize(deserializer)?.decode();
        bytes
            .map(|bytes| Self(bytes.into()))
            .map_err(de::Error::custom)
    }
}
