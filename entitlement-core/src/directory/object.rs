//! Any object of the directory.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entity::{Entity, Id, Listable};
use crate::time::Timestamp;
use crate::wire::{self, DecodeError, RawObject, short_type_name};

/// A member or owner of a group, or another directory object whose kind matters less than its id
/// ([directoryObject](https://learn.microsoft.com/graph/api/resources/directoryobject)).
///
/// ```
/// use entitlement_core::directory::{DirectoryObject, Group, User};
///
/// let member: DirectoryObject = serde_json::from_str(
///     r##"{"@odata.type": "#microsoft.graph.user", "id": "u1", "jobTitle": "Analyst"}"##,
/// )?;
/// let user = member.read_as::<User>()?.expect("is a user");
/// assert_eq!(user.job_title.as_deref(), Some("Analyst"));
/// assert!(member.read_as::<Group>()?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DirectoryObject {
    /// The kind of object: `#microsoft.graph.user`. Missing in lists of one kind only.
    #[serde(
        rename = "@odata.type",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub kind: Option<String>,
    /// The object id.
    pub id: Id<DirectoryObject>,
    /// When it was deleted.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub deleted_date_time: Option<Timestamp>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The sign-in name, for users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// What this kind of object has beyond that.
    #[serde(flatten)]
    pub details: RawObject,
}

impl DirectoryObject {
    /// The object as what it really is, with whatever the service sent of it; `None` if it is of another kind, or of a
    /// kind the service did not name.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] if the object says that it is one and does not look like it.
    pub fn read_as<E: Entity>(&self) -> Result<Option<E>, DecodeError> {
        if self.kind.as_deref().map(short_type_name) != Some(E::TYPE) {
            return Ok(None);
        }
        // Types of the model write as JSON whatever they hold.
        let object = serde_json::to_value(self).unwrap_or(Value::Null);
        wire::decode_value(object).map(Some)
    }
}

impl Entity for DirectoryObject {
    const TYPE: &'static str = "directoryObject";
    const COLLECTION: &'static str = "directoryObjects";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for DirectoryObject {}
