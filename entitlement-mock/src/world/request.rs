//! Requests for access, their approvals, and the assignments they make.

use std::borrow::Cow;

use entitlement_core::approval::{ReviewResult, StageStatus};
use entitlement_core::assignment::AssignmentState;
use entitlement_core::policy::approval::ApprovalStage;
use entitlement_core::policy::question::Answer;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::schedule::Schedule;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::extension::Hold;
use super::table::Key;

/// The finer name of a state, in the service's own words (REQ-20).
pub(crate) type Status = Cow<'static, str>;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    pub(crate) kind: RequestType,
    /// Changed through [`World::change_request`](super::World::change_request) only: filters find rows by it.
    pub(crate) state: RequestState,
    pub(crate) status: Status,
    pub(crate) created: Timestamp,
    pub(crate) completed: Option<Timestamp>,
    /// Who asked; nobody for applications and the service itself.
    pub(crate) requestor: Option<Key>,
    /// The person whose access it is about.
    pub(crate) target: Key,
    pub(crate) package: Key,
    pub(crate) policy: Key,
    /// The assignment that is made, changed or ended; a new one is made on delivery.
    pub(crate) assignment: Option<Key>,
    pub(crate) justification: Option<String>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) schedule: Schedule,
    /// The stages of consent, as the policy had them when the request was made (POL-9); empty if none is needed.
    pub(crate) stages: Vec<Stage>,
    /// The calls of extensions on its way, in their order.
    pub(crate) callouts: Vec<Key>,
    /// Where it goes on once extensions have answered; nothing holds it otherwise.
    pub(crate) hold: Option<Hold>,
}

impl Request {
    /// Whether a person's next request for the package has to wait for this one.
    pub(crate) fn is_open(&self) -> bool {
        !self.state.is_final()
    }

    pub(crate) fn is_removal(&self) -> bool {
        use RequestType as T;
        matches!(
            self.kind,
            T::UserRemove | T::AdminRemove | T::SystemRemove | T::ApproverRemove
        )
    }

    pub(crate) fn is_update(&self) -> bool {
        use RequestType as T;
        matches!(self.kind, T::UserUpdate | T::AdminUpdate | T::SystemUpdate)
    }

    /// The stage that waits for a decision.
    pub(crate) fn pending_stage(&self) -> Option<usize> {
        self.stages
            .iter()
            .position(|stage| stage.status == StageStatus::InProgress)
    }
}

/// One stage of consent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stage {
    pub(crate) id: Key,
    pub(crate) settings: ApprovalStage,
    pub(crate) status: StageStatus,
    pub(crate) result: ReviewResult,
    pub(crate) justification: String,
    pub(crate) reviewed_by: Option<Key>,
    pub(crate) reviewed: Option<Timestamp>,
    /// Until when somebody has to decide; unknown before the stage opens.
    pub(crate) expires: Option<Timestamp>,
    /// Escalation approvers may decide too (APV-6).
    pub(crate) is_escalated: bool,
}

impl Stage {
    /// A stage that waits for the stages before it (APR-4).
    pub(crate) fn waiting(id: Key, settings: ApprovalStage) -> Self {
        Self {
            id,
            settings,
            status: StageStatus::Initializing,
            result: ReviewResult::NotReviewed,
            justification: String::new(),
            reviewed_by: None,
            reviewed: None,
            expires: None,
            is_escalated: false,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Assignment {
    pub(crate) package: Key,
    pub(crate) policy: Key,
    pub(crate) target: Key,
    /// Changed through [`World::change_assignment`](super::World::change_assignment) only: filters find rows by it.
    pub(crate) state: AssignmentState,
    pub(crate) status: Status,
    pub(crate) start: Timestamp,
    /// When access ends; `None` if it does not.
    pub(crate) end: Option<Timestamp>,
    /// When access ended.
    pub(crate) expired: Option<Timestamp>,
    /// When access ends that the holder has left the rule for (AUTO-5).
    #[serde(default)]
    pub(crate) grace: Option<Timestamp>,
    /// The calls of extensions before its end.
    pub(crate) callouts: Vec<Key>,
}
