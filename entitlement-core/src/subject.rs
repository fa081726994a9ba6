//! The people of entitlement management: who asks, who gets.
//!
//! A [`Subject`] is entitlement management's own record of a person; its `object_id` is the directory's id, which is
//! missing until the person exists in the tenant (ORG-7).
//!
//! Whoever knows the directory's id reads and changes the record under it, as `subjects(objectId='…')`: the alternate
//! key is the only address that Graph documents.
//!
//! ```
//! use entitlement_core::subject::Subject;
//!
//! let ada: Subject = serde_json::from_str(r#"{"id": "s1", "objectId": "u1", "displayName": "Ada"}"#)?;
//! assert_eq!(ada.object_id.unwrap().to_string(), "u1");
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::connected_organization::ConnectedOrganization;
use crate::directory::User;
use crate::entity::{Entity, Id, Listable, Patch, Patchable};
use crate::validate::{Checker, Invalid};
use crate::wire::open_enum::open_enum;
use crate::wire::{Expandable, Field};

open_enum! {
    /// What kind of identity a subject is (`accessPackageSubjectType`).
    SubjectType = "accessPackageSubjectType" {
        /// Nothing said.
        NotSpecified = "notSpecified",
        /// A person.
        User = "user",
        /// An application.
        ServicePrincipal = "servicePrincipal",
    }
}

open_enum! {
    /// Whether a guest's account goes with their last assignment (`accessPackageSubjectLifecycle`, ORG-8).
    SubjectLifecycle = "accessPackageSubjectLifecycle" {
        /// Nothing said.
        NotDefined = "notDefined",
        /// The account stays.
        NotGoverned = "notGoverned",
        /// The account is cleaned up.
        Governed = "governed",
    }
}

/// A person as entitlement management knows them
/// ([accessPackageSubject](https://learn.microsoft.com/graph/api/resources/accesspackagesubject)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Subject {
    /// The record's id; not the directory's.
    pub id: Id<Subject>,
    /// The directory's id of the person.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub object_id: Option<Id<User>>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_name: Option<String>,
    /// The SID in an on-premises directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_security_identifier: Option<String>,
    /// What kind of identity it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_type: Option<SubjectType>,
    /// Whether the account goes with the last assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_lifecycle: Option<SubjectLifecycle>,
    /// The partner organisation the person belongs to.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub connected_organization: Expandable<Box<ConnectedOrganization>>,
}

impl Entity for Subject {
    const TYPE: &'static str = "accessPackageSubject";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/subjects";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Subject {}

impl Patchable for Subject {
    type Patch = SubjectPatch;
}

/// What changes about a person's record
/// ([update accessPackageSubject](https://learn.microsoft.com/graph/api/accesspackagesubject-update)).
///
/// ```
/// use entitlement_core::subject::{SubjectLifecycle, SubjectPatch};
///
/// let patch = SubjectPatch { subject_lifecycle: SubjectLifecycle::Governed.into() };
/// assert_eq!(serde_json::to_string(&patch)?, r#"{"subjectLifecycle":"governed"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectPatch {
    /// Whether the account goes with the last assignment (ORG-8).
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub subject_lifecycle: Field<SubjectLifecycle>,
}

impl Patch for SubjectPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        checker.kept("subjectLifecycle", &self.subject_lifecycle, "ORG-8");
        checker.finish(Subject::TYPE)
    }
}
