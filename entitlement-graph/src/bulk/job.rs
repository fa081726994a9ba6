//! What is to happen to each subject.

use std::time::Duration;

use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::schedule::Schedule;
use entitlement_core::validate::Invalid;

use super::checkpoint::Action;
use super::subject::BulkSubject;
use crate::batch::MOST_CALLS;
use crate::client::GraphClient;

impl GraphClient {
    /// What is done to many people at once.
    pub fn bulk(&self) -> Bulk {
        Bulk {
            client: self.clone(),
        }
    }
}

/// Opens jobs for many people.
#[derive(Debug, Clone)]
pub struct Bulk {
    client: GraphClient,
}

impl Bulk {
    /// Assigns a package to people under one of its policies (REQ-7, REQ-8).
    pub fn assign(&self, package: &Id<AccessPackage>, policy: &Id<AssignmentPolicy>) -> BulkJob {
        self.job(Action::Assign, package, Some(policy.clone()))
    }

    /// Takes a package away from people, whatever policy they hold it under.
    pub fn remove(&self, package: &Id<AccessPackage>) -> BulkJob {
        self.job(Action::Remove, package, None)
    }

    /// Takes a package away from people who hold it under this policy, and from nobody else.
    pub fn remove_under(
        &self,
        package: &Id<AccessPackage>,
        policy: &Id<AssignmentPolicy>,
    ) -> BulkJob {
        self.job(Action::Remove, package, Some(policy.clone()))
    }

    fn job(
        &self,
        action: Action,
        package: &Id<AccessPackage>,
        policy: Option<Id<AssignmentPolicy>>,
    ) -> BulkJob {
        BulkJob {
            client: self.client.clone(),
            action,
            package: package.clone(),
            policy,
            justification: None,
            schedule: None,
            size: MOST_CALLS,
            pause: Duration::from_secs(1),
        }
    }
}

/// What is to happen to each subject of a list. Nothing is asked of the service until a run is.
#[derive(Debug, Clone)]
#[must_use = "nothing happens until the job is started"]
pub struct BulkJob {
    pub(super) client: GraphClient,
    pub(super) action: Action,
    pub(super) package: Id<AccessPackage>,
    pub(super) policy: Option<Id<AssignmentPolicy>>,
    justification: Option<String>,
    schedule: Option<Schedule>,
    pub(super) size: usize,
    pub(super) pause: Duration,
}

impl BulkJob {
    /// Why, noted with each request.
    pub fn justification(mut self, why: impl Into<String>) -> Self {
        self.justification = Some(why.into());
        self
    }

    /// From when to when access is given, in place of what the policy says (REQ-8b). Not for removals.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = Some(schedule);
        self
    }

    /// How many subjects are worked on together: at most, and unless said, 20.
    pub fn batch_size(mut self, subjects: usize) -> Self {
        self.size = subjects.clamp(1, MOST_CALLS);
        self
    }

    /// How long to rest between batches, beyond what the service asks for. Default 1 s.
    pub fn pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// The request that assigns the package to a subject under a policy.
    pub(super) fn addition(
        &self,
        subject: &BulkSubject,
        policy: &Id<AssignmentPolicy>,
    ) -> Result<AssignmentRequestDraft, Invalid> {
        let package = &self.package;
        let draft = match subject {
            BulkSubject::User(id) => AssignmentRequestDraft::admin_add(package, policy, id),
            BulkSubject::Email(address) => {
                AssignmentRequestDraft::admin_add_by_email(package, policy, address)
            }
        };
        draft
            .maybe_justification(self.justification.clone())
            .maybe_schedule(self.schedule.clone())
            .build()
    }

    /// The request that ends an assignment.
    pub(super) fn removal(
        &self,
        assignment: &Id<Assignment>,
    ) -> Result<AssignmentRequestDraft, Invalid> {
        AssignmentRequestDraft::admin_remove(assignment)
            .maybe_justification(self.justification.clone())
            .maybe_schedule(self.schedule.clone())
            .build()
    }
}
