//! Approvals: what an approver sees and decides.
//!
//! Every request that needs somebody's consent has an [`Approval`] with the request's own id (APR-1) and one
//! [`Stage`] after the other; an approver writes a [`StageDecision`] into the stage that is in progress.
//!
//! ```
//! use entitlement_core::approval::{Approval, StageDecision};
//!
//! let approval: Approval = serde_json::from_str(
//!     r#"{"id": "r1", "stages": [{"id": "s1", "status": "InProgress", "assignedToMe": true}]}"#,
//! )?;
//! assert_eq!(approval.pending_stage().unwrap().id.to_string(), "s1");
//! let decision = StageDecision::approve("Needs it for the rollout");
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, Id, Listable, Patch, Patchable};
use crate::identity::Principal;
use crate::time::Timestamp;
use crate::validate::Invalid;
use crate::wire::Expandable;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// How far a stage is (`approvalStage.status`).
    StageStatus = "approvalStageStatus" {
        /// An earlier stage is not decided yet.
        Initializing = "Initializing",
        /// Waiting for a decision.
        InProgress = "InProgress",
        /// Decided.
        Completed = "Completed",
        /// Nobody decided in time.
        Expired = "Expired",
    }
}

open_enum! {
    /// What was decided in a stage (`approvalStage.reviewResult`); the service writes two of them in two ways (APR-3).
    ReviewResult = "approvalStageReviewResult" {
        /// Nothing yet.
        NotReviewed = "NotReviewed",
        /// Yes.
        Approve = "Approve" | "Approved",
        /// No.
        Deny = "Deny" | "Denied",
    }
}

/// The consent to one request ([approval](https://learn.microsoft.com/graph/api/resources/approval)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Approval {
    /// The id of the approval and of its request.
    pub id: Id<Approval>,
    /// The stages, in order.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub stages: Expandable<Vec<Stage>>,
}

impl Approval {
    /// The stage that waits for a decision, if the stages are here and one does.
    pub fn pending_stage(&self) -> Option<&Stage> {
        self.stages.items().iter().find(|stage| stage.is_pending())
    }
}

impl Entity for Approval {
    const TYPE: &'static str = "approval";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/accessPackageAssignmentApprovals";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// One step of an approval ([approvalStage](https://learn.microsoft.com/graph/api/resources/approvalstage)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Stage {
    /// The stage's id.
    pub id: Id<Stage>,
    /// The stage's name, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whether the caller may decide it (APR-7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to_me: Option<bool>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StageStatus>,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_result: Option<ReviewResult>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_by: Option<Principal>,
    /// When.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub reviewed_date_time: Option<Timestamp>,
}

impl Stage {
    /// Whether it waits for a decision.
    pub fn is_pending(&self) -> bool {
        self.status == Some(StageStatus::InProgress)
    }
}

impl Entity for Stage {
    const TYPE: &'static str = "approvalStage";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/stages";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Stage {}

impl Patchable for Stage {
    type Patch = StageDecision;
}

/// What an approver decides ([update approvalStage](https://learn.microsoft.com/graph/api/approvalstage-update)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StageDecision {
    review_result: ReviewResult,
    justification: String,
}

/// Whether a reason must be given is up to the policy, which a decision does not show.
impl Patch for StageDecision {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}

impl StageDecision {
    /// Yes, and why; the reason is shown to the other approvers and to the requestor (APV-13).
    pub fn approve(justification: impl Into<String>) -> Self {
        Self {
            review_result: ReviewResult::Approve,
            justification: justification.into(),
        }
    }

    /// No, and why.
    pub fn deny(justification: impl Into<String>) -> Self {
        Self {
            review_result: ReviewResult::Deny,
            justification: justification.into(),
        }
    }
}
