//! What the bodies of a page hold.

use entitlement_core::entity::Entity;
use entitlement_core::wire::{self, DecodeError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A type of the model, without the type.
pub(crate) struct Noun {
    /// Its name in the schema.
    pub(crate) kind: &'static str,
    /// Decodes a body and encodes it again.
    pub(crate) round_trip: fn(Value) -> Result<Value, DecodeError>,
}

impl Noun {
    pub(crate) const fn entity<E: Entity + Serialize>() -> Self {
        Self::of::<E>(E::TYPE)
    }

    pub(crate) const fn of<T: DeserializeOwned + Serialize>(kind: &'static str) -> Self {
        Self {
            kind,
            round_trip: round_trip::<T>,
        }
    }
}

fn round_trip<T: DeserializeOwned + Serialize>(body: Value) -> Result<Value, DecodeError> {
    let decoded: T = wire::decode_value(body)?;
    Ok(serde_json::to_value(decoded).expect("the model encodes to JSON"))
}
