//! What every Graph entity has in common: a typed id, its place in the URL space, and what may be done with it.
//!
//! ```
//! use entitlement_core::catalog::Catalog;
//! use entitlement_core::entity::{Entity, Id};
//!
//! let id: Id<Catalog> = "b1bf99ed-99ed-b1bf-ed99-bfb1ed99bfb1".parse()?;
//! assert_eq!(Catalog::COLLECTION, "identityGovernance/entitlementManagement/catalogs");
//! assert!("".parse::<Id<Catalog>>().is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::cmp::Ordering;
use std::fmt::{self, Debug, Display};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::odata::Literal;
use crate::validate::Invalid;
use crate::wire::{RawObject, text};

/// The id of an `E`: opaque text, sent exactly as it was received.
///
/// Ids of different entities do not mix: an `Id<AccessPackage>` is not accepted where an `Id<Catalog>` is due. The
/// usual lower-case GUID takes 16 bytes and no allocation.
pub struct Id<E: ?Sized> {
    text: Text,
    entity: PhantomData<fn() -> E>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Text {
    Guid(Uuid),
    Other(Box<str>),
}

impl<E: ?Sized> Id<E> {
    /// The id that a GUID is.
    pub fn from_uuid(guid: Uuid) -> Self {
        Self::from_text(Text::Guid(guid))
    }

    /// The GUID, if the id is one written in the usual lower-case form.
    pub fn as_uuid(&self) -> Option<Uuid> {
        match &self.text {
            Text::Guid(guid) => Some(*guid),
            Text::Other(_) => None,
        }
    }

    /// The same id of another entity, for the places where Graph shares ids: an approval has the id of its request.
    pub(crate) fn cast<T: ?Sized>(&self) -> Id<T> {
        Id::from_text(self.text.clone())
    }

    fn from_text(text: Text) -> Self {
        Self {
            text,
            entity: PhantomData,
        }
    }
}

/// An id was empty, which in a URL would name another resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id must not be empty")]
pub struct EmptyId;

impl<E: ?Sized> FromStr for Id<E> {
    type Err = EmptyId;

    fn from_str(text: &str) -> Result<Self, EmptyId> {
        if text.is_empty() {
            return Err(EmptyId);
        }
        // Only the canonical spelling is packed: an id goes back as it came.
        let packed = (text.len() == 36 && !text.bytes().any(|byte| byte.is_ascii_uppercase()))
            .then(|| Uuid::try_parse(text).ok())
            .flatten();
        Ok(Self::from_text(match packed {
            Some(guid) => Text::Guid(guid),
            None => Text::Other(text.into()),
        }))
    }
}

impl<E: ?Sized> TryFrom<&str> for Id<E> {
    type Error = EmptyId;

    fn try_from(text: &str) -> Result<Self, EmptyId> {
        text.parse()
    }
}

impl<E: ?Sized> From<Uuid> for Id<E> {
    fn from(guid: Uuid) -> Self {
        Self::from_uuid(guid)
    }
}

impl<E: ?Sized> From<&Id<E>> for Id<E> {
    fn from(id: &Id<E>) -> Self {
        id.clone()
    }
}

/// In filters an id is a quoted string, the form Graph documents: `id eq '…'`.
impl<E: ?Sized> From<&Id<E>> for Literal {
    fn from(id: &Id<E>) -> Self {
        Literal::String(id.to_string())
    }
}

impl<E: ?Sized> Clone for Id<E> {
    fn clone(&self) -> Self {
        Self::from_text(self.text.clone())
    }
}

impl<E: ?Sized> PartialEq for Id<E> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<E: ?Sized> Eq for Id<E> {}

impl<E: ?Sized> PartialOrd for Id<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E: ?Sized> Ord for Id<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<E: ?Sized> Hash for Id<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<E: ?Sized> Display for Id<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Text::Guid(guid) => f.pad(
                guid.as_hyphenated()
                    .encode_lower(&mut Uuid::encode_buffer()),
            ),
            Text::Other(text) => f.pad(text),
        }
    }
}

impl<E: ?Sized> Debug for Id<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

impl<E: ?Sized> Serialize for Id<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Text::Guid(guid) => serializer.serialize_str(
                guid.as_hyphenated()
                    .encode_lower(&mut Uuid::encode_buffer()),
            ),
            Text::Other(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de, E: ?Sized> Deserialize<'de> for Id<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdText<E: ?Sized>(PhantomData<fn() -> E>);
        impl<E: ?Sized> de::Visitor<'_> for IdText<E> {
            type Value = Id<E>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id, as a string")
            }

            fn visit_str<Error: de::Error>(self, text: &str) -> Result<Self::Value, Error> {
                text.parse().map_err(Error::custom)
            }
        }
        deserializer.deserialize_str(IdText(PhantomData))
    }
}

/// Reads an id that may be missing; some answers say so with an empty text.
pub(crate) fn blank_as_none<'de, E: ?Sized, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Id<E>>, D::Error> {
    text::optional(deserializer, "an id, as a string", |text| {
        Ok::<_, EmptyId>(text.parse().ok())
    })
}

/// A reference to an entity inside a body, as Graph nests it: `{"id": "…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Link<E: ?Sized> {
    /// The entity that is meant.
    pub id: Id<E>,
}

impl<E: ?Sized> From<Id<E>> for Link<E> {
    fn from(id: Id<E>) -> Self {
        Self { id }
    }
}

impl<E: ?Sized> From<&Id<E>> for Link<E> {
    fn from(id: &Id<E>) -> Self {
        Self { id: id.clone() }
    }
}

/// Something Graph keeps under an id.
pub trait Entity: DeserializeOwned + Debug + Send + Sync + 'static {
    /// The type's name in the Graph schema: `accessPackageCatalog`.
    const TYPE: &'static str;
    /// The path of its collection below the service root, without slashes around it.
    const COLLECTION: &'static str;

    /// The entity's id.
    fn id(&self) -> &Id<Self>;
}

/// The collection can be read as a whole, page by page.
pub trait Listable: Entity {}

/// New ones are made with `POST` to the collection.
pub trait Creatable: Entity {
    /// What is sent; built and validated by its builder.
    type Draft: Serialize + Debug + Send + Sync;
}

/// Properties are changed one by one with `PATCH`.
pub trait Patchable: Entity {
    /// What changes; everything not mentioned stays as it is.
    type Patch: Patch;
}

/// What changes about something; checked before it is sent, because its fields can be set to anything.
///
/// ```
/// use entitlement_core::catalog::CatalogPatch;
/// use entitlement_core::entity::Patch;
/// use entitlement_core::wire::Field;
///
/// let nameless = CatalogPatch { display_name: Field::Clear, ..CatalogPatch::default() };
/// let refused = nameless.validate().unwrap_err();
/// assert!(refused.to_string().contains("displayName: is taken away"));
/// ```
pub trait Patch: Serialize + Debug + Send + Sync {
    /// Checks the patch as the service would, by the rules of drafts: what a draft must have may not be taken away.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with every rule the patch breaks.
    fn validate(&self) -> Result<(), Invalid>;
}

/// The whole is written back with `PUT`.
pub trait Replaceable: Entity + Serialize {
    /// What is sent in its place: all that can be written, known or not, without what the service alone writes.
    ///
    /// # Errors
    ///
    /// [`NotLoaded`] if links were not loaded that the service would lose, because what is not sent is gone.
    fn replacement(&self) -> Result<RawObject, NotLoaded>;
}

/// Links were not loaded that would be lost if the entity were written back without them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} would be lost: read the whole with `$expand` first", .links.join(", "))]
pub struct NotLoaded {
    links: Vec<&'static str>,
}

impl NotLoaded {
    /// The links that are missing, as the service spells them.
    pub fn links(&self) -> &[&'static str] {
        &self.links
    }

    /// Refuses if any of the links is missing.
    pub(crate) fn check(links: &[(&'static str, bool)]) -> Result<(), Self> {
        let missing = links.iter().filter(|(_, is_missing)| *is_missing);
        let links: Vec<_> = missing.map(|(name, _)| *name).collect();
        if links.is_empty() {
            return Ok(());
        }
        Err(Self { links })
    }
}

/// It can be removed with `DELETE`.
pub trait Deletable: Entity {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing;

    #[test]
    fn an_id_goes_back_as_it_came() {
        for text in [
            "b1bf99ed-99ed-b1bf-ed99-bfb1ed99bfb1",
            "B1BF99ED-99ED-B1BF-ED99-BFB1ED99BFB1",
            "b1bf99ed99edb1bfed99bfb1ed99bfb1",
            "ada@contoso.com",
            "b1bf99ed-99ed-b1bf-ed99-bfb1ed99bfb1_b1bf99ed-99ed-b1bf-ed99-bfb1ed99bfb1",
        ] {
            let id: Id<Thing> = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
            assert_eq!(serde_json::to_value(&id).unwrap(), text);
            assert_eq!(
                serde_json::from_value::<Id<Thing>>(text.into()).unwrap(),
                id
            );
        }
    }

    #[test]
    fn an_empty_id_is_refused_everywhere() {
        assert_eq!("".parse::<Id<Thing>>(), Err(EmptyId));
        assert!(serde_json::from_str::<Id<Thing>>("\"\"").is_err());
    }
}
