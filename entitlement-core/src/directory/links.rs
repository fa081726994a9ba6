//! Members and owners as they are named when they are added.

use std::fmt::Display;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::object::DirectoryObject;
use crate::entity::{Entity, Id};
use crate::validate::{Checker, Invalid};

/// How many objects one request may name.
const MOST: usize = 20;

/// Directory objects to be added to a list, at most 20 at once (GRP-3); the service adds all of them or none.
///
/// ```
/// use entitlement_core::directory::{GroupPatch, ObjectLinks};
///
/// let ada = "26be1845-4119-4801-a799-aea79d09f1a2".parse()?;
/// let patch = GroupPatch { members: ObjectLinks::new([ada])?, ..GroupPatch::default() };
/// assert_eq!(
///     serde_json::to_string(&patch)?,
///     r#"{"members@odata.bind":["https://graph.microsoft.com/v1.0/directoryObjects/26be1845-4119-4801-a799-aea79d09f1a2"]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectLinks(Vec<Id<DirectoryObject>>);

impl ObjectLinks {
    /// Links to these objects.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for more than 20, or one named twice.
    pub fn new(objects: impl IntoIterator<Item = Id<DirectoryObject>>) -> Result<Self, Invalid> {
        let links = Self(objects.into_iter().collect());
        let mut checker = Checker::new();
        links.check(&mut checker, "links");
        checker.finish(DirectoryObject::TYPE)?;
        Ok(links)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The objects, in the order they were named.
    pub fn ids(&self) -> &[Id<DirectoryObject>] {
        &self.0
    }

    pub(super) fn push(&mut self, object: Id<DirectoryObject>) {
        self.0.push(object);
    }

    pub(super) fn check(&self, checker: &mut Checker, field: &str) {
        let count = self.0.len();
        checker.ensure(
            field,
            count <= MOST,
            "GRP-3",
            format!("names {count} objects"),
            "name at most 20, and add the others afterwards",
        );
        let repeated = |(index, id)| self.0[..index].contains(id);
        if let Some((_, id)) = self.0.iter().enumerate().find(|&link| repeated(link)) {
            checker.ensure(
                field,
                false,
                "GRP-3",
                format!("names {id} twice"),
                "name everybody once",
            );
        }
    }
}

/// Graph reads type and id from a link, whatever its host.
impl Serialize for ObjectLinks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut links = serializer.serialize_seq(Some(self.0.len()))?;
        for id in &self.0 {
            links.serialize_element(&link(id))?;
        }
        links.end()
    }
}

fn link(id: &dyn Display) -> String {
    let collection = DirectoryObject::COLLECTION;
    let id = id.to_string();
    let id = percent_encoding::utf8_percent_encode(&id, SEGMENT);
    format!("https://graph.microsoft.com/v1.0/{collection}/{id}")
}

/// What an id keeps as it is in a URL.
const SEGMENT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');
