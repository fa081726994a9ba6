//! What can be done with one request, one assignment, one approval.

use entitlement_core::approval::{Approval, Stage, StageDecision};
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::entity::{Entity, Id};
use entitlement_core::odata::Query;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::error::Error;
use crate::request::{Call, ResourcePath};
use crate::transport::Replay;

/// One request for access. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct RequestHandle {
    client: GraphClient,
    id: Id<AssignmentRequest>,
    path: ResourcePath,
}

impl RequestHandle {
    pub(super) fn new(client: GraphClient, id: &Id<AssignmentRequest>) -> Self {
        Self {
            client,
            id: id.clone(),
            path: ResourcePath::new(AssignmentRequest::COLLECTION).id(id),
        }
    }

    /// Withdraws it ([cancel](https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-cancel), REQ-50).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 once it is past being withdrawn; [`Error::is_permission`] for applications
    /// and for people whom the request does not concern.
    pub async fn cancel(&self) -> Result<(), Error> {
        // Cancelled twice is cancelled: the second answer may be an error, the effect is the same.
        self.act("cancel", Replay::ByMethod).await
    }

    /// Delivers again what could not be delivered
    /// ([reprocess](https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-reprocess), REQ-52).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 unless delivery failed, in part or whole, at most 14 days ago.
    pub async fn reprocess(&self) -> Result<(), Error> {
        self.act("reprocess", Replay::Safe).await
    }

    /// Its approval, stages included (APR-1).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if nobody has to consent; [`Error::is_permission`] for applications.
    pub async fn approval(&self) -> Result<Approval, Error> {
        ApprovalHandle::new(self.client.clone(), &Id::from(&self.id))
            .get()
            .await
    }

    async fn act(&self, action: &'static str, replay: Replay) -> Result<(), Error> {
        let call = Call::post(self.path.clone().segment(action)).replay(replay);
        self.client.send(call).await?;
        Ok(())
    }
}

/// One assignment. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct AssignmentHandle {
    client: GraphClient,
    path: ResourcePath,
}

impl AssignmentHandle {
    pub(super) fn new(client: GraphClient, id: &Id<Assignment>) -> Self {
        Self {
            client,
            path: ResourcePath::new(Assignment::COLLECTION).id(id),
        }
    }

    /// Gives again what the person should have and lost outside of entitlement management
    /// ([reprocess](https://learn.microsoft.com/graph/api/accesspackageassignment-reprocess), REQ-53).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 unless the assignment is delivered.
    pub async fn reprocess(&self) -> Result<(), Error> {
        let call = Call::post(self.path.clone().segment("reprocess")).replay(Replay::Safe);
        self.client.send(call).await?;
        Ok(())
    }
}

/// One approval. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct ApprovalHandle {
    client: GraphClient,
    path: ResourcePath,
}

impl ApprovalHandle {
    pub(super) fn new(client: GraphClient, id: &Id<Approval>) -> Self {
        Self {
            client,
            path: ResourcePath::new(Approval::COLLECTION).id(id),
        }
    }

    /// Reads it, stages included.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none; [`Error::is_permission`] for applications and outsiders.
    pub async fn get(&self) -> Result<Approval, Error> {
        let query = Query::new().expand("stages");
        self.client
            .fetch(Call::get(self.path.clone()).query(query))
            .await
    }

    /// Its stages, one after the other.
    pub fn stages(&self) -> Collection<Stage> {
        Collection::at(self.client.clone(), self.path.clone().segment("stages"))
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
