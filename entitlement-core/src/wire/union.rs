//! Abstract slots: the `@odata.type` says which kind of object is in them.

/// Declares the union of the kinds that may fill an abstract slot.
///
/// A known kind never hides an error; an unknown kind keeps its JSON. Where the slot's own type is not abstract, `else`
/// names the kind that an object without `@odata.type` is.
macro_rules! union {
    ($(#[$doc:meta])* $name:ident = $graph:literal {
        $($(#[$kind_doc:meta])* $kind:ident($value:ty) = $tag:literal,)+
    } $(else {
        $(#[$plain_doc:meta])* $plain:ident($plain_value:ty),
    })?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[serde(tag = "@odata.type")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$kind_doc])* #[serde(rename = $tag)] $kind($value),)+
            $($(#[$plain_doc])* #[serde(untagged)] $plain($plain_value),)?
            /// A kind that this version does not know; it is written back as it came.
            #[serde(untagged)]
            Unknown($crate::wire::RawObject),
        }

        impl $name {
            #[doc = concat!("The slot's type in the Graph schema: `", $graph, "`.")]
            pub const TYPE: &'static str = $graph;
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let object = $crate::wire::RawObject::deserialize(deserializer)?;
                $(if object.type_name().is_none_or(|tag| tag == $graph) {
                    return $crate::wire::union::known(object).map(Self::$plain);
                })?
                match object.type_name() {
                    $(Some(tag) if tag == $crate::wire::short_type_name($tag) => {
                        $crate::wire::union::known(object).map(Self::$kind)
                    })+
                    Some(_) => Ok(Self::Unknown(object)),
                    None => Err(serde::de::Error::custom(concat!(
                        "@odata.type is missing: nothing says which kind of ", $graph, " this is"
                    ))),
                }
            }
        }
    };
}

pub(crate) use union;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{RawObject, TYPE_TAG};

/// Decodes an object of a kind we know; what is wrong with it is reported with its path.
pub(crate) fn known<T: DeserializeOwned, E: Error>(mut object: RawObject) -> Result<T, E> {
    object.remove(TYPE_TAG);
    super::decode_value(Value::Object(object.into())).map_err(E::custom)
}

/// Decodes a flattened part, whose errors have no path of their own.
pub(crate) fn flattened<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    RawObject::deserialize(deserializer).and_then(known)
}
