//! What can be done with one request, one approval.

use entitlement_core::approval::{Approval, Stage, StageDecision};
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::custom_extension::callback::ResumeRequest;
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::query::QueryOf;
use entitlement_core::subject::Subject;

use crate::collection::Collection;
use crate::error::Error;
use crate::place::Place;
use crate::transport::Replay;

/// One request for access. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct RequestHandle {
    place: Place,
    id: Id<AssignmentRequest>,
}

impl RequestHandle {
    pub(super) fn new(place: Place, id: &Id<AssignmentRequest>) -> Self {
        Self {
            place,
            id: id.clone(),
        }
    }

    /// Reads it with its package, who asked, and the assignment it is about, with whoever gets it (P20).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get_whole(&self) -> Result<AssignmentRequest, Error> {
        let assignment = AssignmentRequest::ASSIGNMENT
            .expand(Assignment::TARGET)
            .expand(Assignment::ASSIGNMENT_POLICY);
        let requestor = AssignmentRequest::REQUESTOR.expand(Subject::CONNECTED_ORGANIZATION);
        let query = QueryOf::new()
            .expand(AssignmentRequest::ACCESS_PACKAGE)
            .expand(requestor)
            .expand(assignment);
        self.place.get(Query::from(query)).await
    }

    /// Withdraws it ([cancel](https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-cancel), REQ-50).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 once it is past being withdrawn; [`Error::is_permission`] for applications
    /// and for people whom the request does not concern.
    pub async fn cancel(&self) -> Result<(), Error> {
        // Cancelled twice is cancelled: the second answer may be an error, the effect is the same.
        self.place.act("cancel", Replay::ByMethod).await
    }

    /// Delivers again what could not be delivered
    /// ([reprocess](https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-reprocess), REQ-52).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 unless delivery failed, in part or whole, at most 14 days ago.
    pub async fn reprocess(&self) -> Result<(), Error> {
        self.place.act("reprocess", Replay::Safe).await
    }

    /// Lets it go on after a custom extension was called, or denies it
    /// ([resume](https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-resume), EXT-4, P36).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 unless it waits for this answer.
    pub async fn resume(&self, answer: &ResumeRequest) -> Result<(), Error> {
        self.place.act_with("resume", answer).await
    }

    /// Its approval, stages included (APR-1).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if nobody has to consent; [`Error::is_permission`] for applications.
    pub async fn approval(&self) -> Result<Approval, Error> {
        self.approval_handle().get().await
    }

    /// The stage of its approval that somebody has to decide now, if there is one (P35).
    ///
    /// # Errors
    ///
    /// As [`approval`](Self::approval).
    pub async fn pending_stage(&self) -> Result<Option<Stage>, Error> {
        Ok(self.approval().await?.pending_stage().cloned())
    }

    /// Its approval, for deciding it: the two share their id.
    pub fn approval_handle(&self) -> ApprovalHandle {
        let id = Id::<Approval>::from(&self.id);
        ApprovalHandle(Place::new(self.place.client(), &id))
    }
}

/// One approval. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct ApprovalHandle(Place);

impl ApprovalHandle {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// Reads it, stages included.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none; [`Error::is_permission`] for applications and outsiders.
    pub async fn get(&self) -> Result<Approval, Error> {
        self.0.get(Query::new().expand("stages")).await
    }

    /// Its stages, one after the other.
    pub fn stages(&self) -> Collection<Stage> {
        self.0.collection("stages")
    }

    /// Decides a stage ([update approvalStage](https://learn.microsoft.com/graph/api/approvalstage-update), APR-5).
    ///
    /// # Errors
    ///
    /// [`Error::is_permission`] unless the caller is one of its approvers and somebody else than the requestor;
    /// [`Error::is_conflict`] if it is decided already (APV-16).
    pub async fn decide(&self, stage: &Id<Stage>, decision: &StageDecision) -> Result<(), Error> {
        self.stages().update(stage, decision).await
    }
}
