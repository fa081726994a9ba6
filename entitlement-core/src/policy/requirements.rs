//! What a person has to fulfil to ask for a package under one policy.
//!
//! [`PolicyRequirements`] are what the service says to the person who is signed in (PRI-3). A request can be checked
//! against them before it is sent: see
//! [`AssignmentRequestDraft::check_against`](crate::assignment_request::AssignmentRequestDraft::check_against).
//!
//! ```
//! use entitlement_core::policy::requirements::PolicyRequirements;
//!
//! let open: PolicyRequirements = serde_json::from_str(r#"{"policyId": "p1", "isApprovalRequiredForAdd": false}"#)?;
//! assert!(open.questions.is_empty());
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use super::AssignmentPolicy;
use super::question::Question;
use crate::entity::Id;
use crate::schedule::Schedule;

/// What one policy asks of the person who is signed in
/// ([accessPackageAssignmentRequestRequirements](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestrequirements)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PolicyRequirements {
    /// The policy.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub policy_id: Option<Id<AssignmentPolicy>>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_description: Option<String>,
    /// Asking for access needs consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_approval_required_for_add: Option<bool>,
    /// Asking for longer needs consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_approval_required_for_update: Option<bool>,
    /// Whoever asks must say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_requestor_justification_required: Option<bool>,
    /// Whoever asks may choose start and end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_custom_assignment_schedule: Option<bool>,
    /// How long access lasts under the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// What has to be answered.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub questions: Vec<Question>,
}
