//! Assignments: who holds which package, and until when.
//!
//! An [`Assignment`] is made, changed and ended by requests only (OBJ-3); it never comes back once it has expired: a
//! new request makes a new one (REQ-43).
//!
//! ```
//! use entitlement_core::assignment::{Assignment, AssignmentState};
//!
//! let assignment: Assignment = serde_json::from_str(r#"{"id": "a1", "state": "Delivered"}"#)?;
//! assert_eq!(assignment.state, Some(AssignmentState::Delivered));
//! assert!(assignment.target.is_not_loaded());
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::custom_extension::stage::CustomExtensionCalloutInstance;
use crate::entity::{Entity, Id, Listable};
use crate::package::AccessPackage;
use crate::policy::AssignmentPolicy;
use crate::schedule::Schedule;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::wire::Expandable;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// How far an assignment is (`accessPackageAssignmentState`).
    AssignmentState = "accessPackageAssignmentState" {
        /// Access is being written.
        Delivering = "delivering",
        /// Some of it was written.
        PartiallyDelivered = "partiallyDelivered",
        /// The person has access.
        Delivered = "delivered",
        /// Access has ended, by time or by removal (ASG-1).
        Expired = "expired",
        /// Nothing could be written.
        DeliveryFailed = "deliveryFailed",
    }
}

impl AssignmentState {
    /// Whether the assignment still counts: it grants, or is about to grant, access.
    pub fn is_current(&self) -> bool {
        matches!(
            self,
            Self::Delivering | Self::PartiallyDelivered | Self::Delivered
        )
    }
}

/// An assignment
/// ([accessPackageAssignment](https://learn.microsoft.com/graph/api/resources/accesspackageassignment)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Assignment {
    /// The assignment's id.
    pub id: Id<Assignment>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<AssignmentState>,
    /// The same in finer words that belong to the service; `state` is the contract (REQ-20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// From when to when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// When it ended; missing while it has not (ASG-3).
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub expired_date_time: Option<Timestamp>,
    /// The calls of custom extensions before its end (EXT-3).
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub custom_extension_callout_instances: Vec<CustomExtensionCalloutInstance>,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub target: Expandable<Subject>,
    /// What they hold.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub access_package: Expandable<AccessPackage>,
    /// The policy they hold it under (POL-12).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub assignment_policy: Expandable<Box<AssignmentPolicy>>,
}

impl Assignment {
    /// When access ends; `None` if it does not, or if the schedule is not here.
    pub fn end(&self) -> Option<Timestamp> {
        let schedule = self.schedule.as_ref()?;
        let expiration = schedule.expiration.as_ref()?;
        expiration
            .end_date_time
            .or_else(|| expiration.end_from(schedule.start_date_time?))
    }
}

impl Entity for Assignment {
    const TYPE: &'static str = "accessPackageAssignment";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/assignments";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Assignment {}
