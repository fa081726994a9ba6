//! Ends every assignment of a package, and waits until access is taken away.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::request::RequestState;

use super::plan::{current_assignments, open_requests};
use super::report::{Left, TeardownItem};
use crate::bulk::{BulkOutcome, BulkSubject};
use crate::entitlement::Entitlement;
use crate::error::Error;

/// The end of a package's assignments on its way.
pub(super) struct Ends<'a> {
    pub(super) entitlement: Entitlement,
    pub(super) package: &'a Id<AccessPackage>,
    pub(super) justification: Option<&'a str>,
    /// Is told what is being ended.
    pub(super) ending: &'a (dyn Fn(TeardownItem) + Send + Sync),
    /// What was asked for already, and what came of it.
    pub(super) asked: Mutex<BTreeMap<String, Asked>>,
}

/// What the service said to being asked to end something.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// It is on its way, by this request.
    Submitted(Id<AssignmentRequest>),
    /// It is not, or nobody knows how.
    Refused(String),
}

impl Ends<'_> {
    /// Looks what is left, and asks for the end of what it has not asked for.
    pub(super) async fn look(&self) -> Result<Vec<Left>, Error> {
        let current = current_assignments(&self.entitlement, self.package).await?;
        let (known, unknown): (Vec<_>, Vec<_>) = current
            .iter()
            .filter(|assignment| self.is_to_be_asked(&assignment.id))
            .partition(|assignment| holder(assignment).is_some());
        self.end(&known).await?;
        for assignment in unknown {
            self.end_without_holder(assignment).await?;
        }
        let open = open_requests(&self.entitlement, self.package).await?;
        for request in &open {
            self.withdraw(request).await;
        }
        let assignments = current.iter().map(|one| Left {
            item: TeardownItem::Assignment(one.id.clone()),
            last_seen: self.seen(&one.id, one.state.as_ref().map(AssignmentState::as_str)),
        });
        let requests = open.iter().map(|one| Left {
            item: TeardownItem::Request(one.id.clone()),
            last_seen: self.seen(&one.id, one.state.as_ref().map(RequestState::as_str)),
        });
        Ok(assignments.chain(requests).collect())
    }

    /// Whoever is refused once may be heard later: only what is on its way is not asked for again.
    fn is_to_be_asked<E>(&self, id: &Id<E>) -> bool {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        !matches!(asked.get(&id.to_string()), Some(Asked::Submitted(_)))
    }

    fn note<E>(&self, id: &Id<E>, what: Asked) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(id.to_string(), what);
    }

    fn seen<E>(&self, id: &Id<E>, state: Option<&str>) -> String {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let state = state.unwrap_or("without a state");
        match asked.get(&id.to_string()) {
            Some(Asked::Submitted(request)) => format!("{state}, to be ended by request {request}"),
            Some(Asked::Refused(reason)) => format!("{state}: {reason}"),
            None => state.to_owned(),
        }
    }

    async fn end(&self, assignments: &[&Assignment]) -> Result<(), Error> {
        let holders = assignments.iter().filter_map(|one| holder(one));
        let mut job = self.entitlement.client().bulk().remove(self.package);
        if let Some(why) = self.justification {
            job = job.justification(why);
        }
        let mut run = job.start(holders.collect::<Vec<_>>());
        let mut rest = assignments.iter();
        while let Some(step) = run.next().await? {
            let Some(assignment) = rest.next() else {
                return Ok(());
            };
            let id = &assignment.id;
            match step.outcome {
                BulkOutcome::Submitted(request) => {
                    self.note(id, Asked::Submitted(request));
                    (self.ending)(TeardownItem::Assignment(id.clone()));
                }
                BulkOutcome::Failed(error) if error.is_permission() => return Err(error),
                other => self.note(id, Asked::Refused(other.to_string())),
            }
        }
        Ok(())
    }

    /// The service sometimes does not say who holds an assignment, not even later (P7, REQ-6).
    async fn end_without_holder(&self, assignment: &Assignment) -> Result<(), Error> {
        let draft = AssignmentRequestDraft::admin_remove(&assignment.id)
            .maybe_justification(self.justification.map(str::to_owned))
            .build()?;
        match self.entitlement.requests().create(&draft).await {
            Ok(request) => {
                self.note(&assignment.id, Asked::Submitted(request.id));
                (self.ending)(TeardownItem::Assignment(assignment.id.clone()));
                Ok(())
            }
            Err(error) if error.is_permission() => Err(error),
            Err(error) => {
                self.note(&assignment.id, Asked::Refused(error.to_string()));
                Ok(())
            }
        }
    }

    /// Applications cannot withdraw requests (ROLE-7), nor anybody what is being delivered (REQ-50): those take their
    /// course, and are not asked about twice.
    async fn withdraw(&self, request: &AssignmentRequest) {
        let is_refused = {
            let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.contains_key(&request.id.to_string())
        };
        if is_refused {
            return;
        }
        match self.entitlement.request(&request.id).cancel().await {
            Ok(()) => (self.ending)(TeardownItem::Request(request.id.clone())),
            Err(Error::Transport { .. }) => {}
            Err(error) => self.note(&request.id, Asked::Refused(error.to_string())),
        }
    }
}

fn holder(assignment: &Assignment) -> Option<BulkSubject> {
    let target = assignment.target.loaded()?;
    let person = target.object_id.clone().map(BulkSubject::User);
    person.or_else(|| target.email.clone().map(BulkSubject::Email))
}
