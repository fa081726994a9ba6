//! Waiting for requests and assignments, and what to do when they get stuck.
//!
//! Requests take minutes, and no page promises how many (REQ-12). [`wait_until_final`] follows one and says how it
//! ended, or what it hangs on.
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::core::assignment_request::AssignmentRequest;
//! use entitlement_graph::wait::Wait;
//! use entitlement_graph::wait::lifecycle::RequestOutcome;
//!
//! # async fn example(me: &GraphClient, request: &AssignmentRequest) -> Result<(), entitlement_graph::Error> {
//! let requests = me.entitlement().requests();
//! match requests.wait_until_final(&request.id, &Wait::default()).await? {
//!     RequestOutcome::Delivered(_) => println!("there it is"),
//!     RequestOutcome::AwaitingApproval { stage, .. } => println!("somebody has to decide {stage:?}"),
//!     RequestOutcome::DeliveryFailed(request) => {
//!         requests.deliver_again(&request.id, &Wait::default()).await?;
//!     }
//!     other => println!("{other}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`wait_until_final`]: Collection::wait_until_final

use std::fmt::{self, Display};
use std::time::Duration;

use entitlement_core::approval::{Approval, Stage};
use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::entity::{Creatable, Id};
use entitlement_core::odata::{Expand, Filter, Query};
use entitlement_core::request::{RequestState, RequestType};
use serde_json::Value;

use super::timed_out::TimedOut;
use super::{Sight, Wait};
use crate::clock::time_until;
use crate::collection::Collection;
use crate::entitlement::RequestsOn;
use crate::error::Error;
use crate::request::Call;

/// How long after its failure a request can be delivered again (REQ-52).
const REPROCESS_WITHIN: Duration = Duration::from_secs(14 * 24 * 3600);

/// How a request ended, or what it hangs on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestOutcome {
    /// Everything was written; for a removal: everything was taken away.
    Delivered(Box<AssignmentRequest>),
    /// Some of it was written; [`deliver_again`](Collection::deliver_again) may help.
    PartiallyDelivered(Box<AssignmentRequest>),
    /// Nothing was written; [`deliver_again`](Collection::deliver_again) may help.
    DeliveryFailed(Box<AssignmentRequest>),
    /// An approver, an extension or the clock refused it.
    Denied(Box<AssignmentRequest>),
    /// It was withdrawn.
    Canceled(Box<AssignmentRequest>),
    /// The time was over while somebody had to decide.
    AwaitingApproval {
        /// The request as it was last seen.
        request: Box<AssignmentRequest>,
        /// The stage that waits; `None` where the caller may not see approvals, as applications may not (APR-6).
        stage: Option<Box<Stage>>,
        /// What was seen, and for how long.
        timed_out: Box<TimedOut>,
    },
    /// The time was over while access was being written. Nobody can hurry this on, but a target that is still without
    /// an `objectId` says that the service found no such person (REQ-6).
    Stuck {
        /// The request as it was last seen.
        request: Box<AssignmentRequest>,
        /// What was seen, and for how long.
        timed_out: Box<TimedOut>,
    },
    /// The time was over before anything came of it: it is not looked at yet, or its start lies ahead.
    Waiting {
        /// The request as it was last seen.
        request: Box<AssignmentRequest>,
        /// What was seen, and for how long.
        timed_out: Box<TimedOut>,
    },
}

impl RequestOutcome {
    /// How the request ended, if it has.
    fn settled(request: AssignmentRequest) -> Sight<Self> {
        Sight::Done(match &request.state {
            Some(RequestState::Delivered) => Self::Delivered(request.into()),
            Some(RequestState::PartiallyDelivered) => Self::PartiallyDelivered(request.into()),
            Some(RequestState::DeliveryFailed) => Self::DeliveryFailed(request.into()),
            Some(RequestState::Denied) => Self::Denied(request.into()),
            Some(RequestState::Canceled) => Self::Canceled(request.into()),
            _ => return Sight::NotYet(describe(&request)),
        })
    }

    /// The request as it was last seen.
    pub fn request(&self) -> &AssignmentRequest {
        match self {
            Self::Delivered(request)
            | Self::PartiallyDelivered(request)
            | Self::DeliveryFailed(request)
            | Self::Denied(request)
            | Self::Canceled(request)
            | Self::AwaitingApproval { request, .. }
            | Self::Stuck { request, .. }
            | Self::Waiting { request, .. } => request,
        }
    }

    /// Whether everything that was asked for was done.
    pub fn is_delivered(&self) -> bool {
        matches!(self, Self::Delivered(_))
    }

    /// What was seen when the time was over; `None` for a request that ended.
    pub fn timed_out(&self) -> Option<&TimedOut> {
        match self {
            Self::AwaitingApproval { timed_out, .. }
            | Self::Stuck { timed_out, .. }
            | Self::Waiting { timed_out, .. } => Some(timed_out),
            _ => None,
        }
    }
}

impl Display for RequestOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.request();
        write!(f, "request {}: {}", request.id, describe(request))?;
        if let Self::AwaitingApproval {
            stage: Some(stage), ..
        } = self
        {
            write!(f, "; stage {} waits", stage.id)?;
        }
        match self.timed_out() {
            Some(timed_out) => write!(f, "; {timed_out}"),
            None => Ok(()),
        }
    }
}

/// State, and the finer word where it says more.
fn describe(request: &AssignmentRequest) -> String {
    let state = request.state.as_ref().map_or("", RequestState::as_str);
    word(state, request.status.as_deref())
}

fn word(state: &str, status: Option<&str>) -> String {
    match status {
        Some(status) if !status.eq_ignore_ascii_case(state) => format!("{state} ({status})"),
        _ => state.to_owned(),
    }
}

impl Collection<AssignmentRequest> {
    /// Waits until the service is done with a request and says how it ended; when the time is over first, says what
    /// the request hangs on. A wait of zero just looks.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there still is no such request after half a minute; otherwise as
    /// [`GraphClient::wait`](crate::GraphClient::wait), but running out of time is an outcome.
    pub async fn wait_until_final(
        &self,
        id: &Id<AssignmentRequest>,
        wait: &Wait,
    ) -> Result<RequestOutcome, Error> {
        let clock = self.client().clock();
        let start = clock.now();
        let read = || async {
            match self.get(id).await {
                // A request that was made a moment ago may not have arrived everywhere.
                Err(error)
                    if error.is_not_found() && time_until(start, clock.now()) < wait.grace() =>
                {
                    Ok(None)
                }
                outcome => outcome.map(Some),
            }
        };
        let mut last = None;
        let judge = |request: Option<AssignmentRequest>| {
            let Some(request) = request else {
                return Sight::NotYet("it is not found".to_owned());
            };
            last = Some(request.clone());
            RequestOutcome::settled(request)
        };
        let what = format!("request {id} to end");
        let outcome = self.client().wait(wait, what, read, judge).await;
        match (outcome, last) {
            (Err(Error::TimedOut(timed_out)), Some(request)) => {
                Ok(self.unfinished(request, timed_out).await)
            }
            (outcome, _) => outcome,
        }
    }

    async fn unfinished(
        &self,
        request: AssignmentRequest,
        timed_out: Box<TimedOut>,
    ) -> RequestOutcome {
        let request = Box::new(request);
        match request.state {
            Some(RequestState::PendingApproval) => RequestOutcome::AwaitingApproval {
                stage: self.pending_stage(&request).await.map(Box::new),
                request,
                timed_out,
            },
            Some(RequestState::Delivering) => RequestOutcome::Stuck { request, timed_out },
            _ => RequestOutcome::Waiting { request, timed_out },
        }
    }

    /// The stage that waits, if the caller may see it: not knowing it is no reason to fail.
    async fn pending_stage(&self, request: &AssignmentRequest) -> Option<Stage> {
        let approvals = Collection::<Approval>::new(self.client().clone());
        let query = Query::new().expand("stages");
        let approval = approvals.get_with(&request.approval_id(), query).await;
        approval.ok()?.pending_stage().cloned()
    }

    /// Delivers again what could not be delivered, and waits how that ends
    /// ([reprocess](https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-reprocess), REQ-52).
    ///
    /// # Errors
    ///
    /// [`Error::Refused`], before anything is asked of the service, unless delivery failed, in part or whole, at most
    /// 14 days ago; otherwise as [`wait_until_final`](Self::wait_until_final).
    pub async fn deliver_again(
        &self,
        id: &Id<AssignmentRequest>,
        wait: &Wait,
    ) -> Result<RequestOutcome, Error> {
        let request = self.get(id).await?;
        let refused = |reason: String| {
            let path = self.path().id(id).segment("reprocess");
            let operation = Call::post(path).operation();
            Err(Error::Refused { operation, reason })
        };
        let failed = matches!(
            request.state,
            Some(RequestState::DeliveryFailed | RequestState::PartiallyDelivered)
        );
        if !failed {
            return refused(format!(
                "it is {}, and only what could not be delivered can be delivered again (REQ-52)",
                describe(&request)
            ));
        }
        if let Some(completed) = request.completed_date_time {
            let age = time_until(completed, self.client().clock().now());
            if age > REPROCESS_WITHIN {
                return refused(format!(
                    "it failed {} days ago, and the service tries again for 14 days only: cancel it and ask anew (REQ-52)",
                    age.as_secs() / 86_400
                ));
            }
        }
        self.client().entitlement().request(id).reprocess().await?;
        self.wait_until_final(id, wait).await
    }

    /// Makes a request; if an older one for the same person and package is in the way, withdraws that one, waits until
    /// it is gone, and makes the request then (P8).
    ///
    /// # Errors
    ///
    /// The service's refusal if no request in the way is found, or if it cannot be withdrawn any more (REQ-50);
    /// [`Error::is_permission`] for applications, which cannot withdraw requests (ROLE-7); [`Error::TimedOut`] if the
    /// older request does not go away.
    pub async fn cancel_and_resubmit(
        &self,
        draft: &AssignmentRequestDraft,
        wait: &Wait,
    ) -> Result<AssignmentRequest, Error> {
        let in_the_way = match self.create(draft).await {
            Err(error) if error.is_open_request() => error,
            outcome => return outcome,
        };
        let leftovers = self.leftovers(draft).await?;
        if leftovers.is_empty() {
            return Err(in_the_way);
        }
        for leftover in leftovers {
            let handle = self.client().entitlement().request(&leftover.id);
            if let Err(error) = handle.cancel().await {
                // It may have ended by itself in the meantime.
                let now = self.get(&leftover.id).await?;
                if !now.state.is_some_and(|state| state.is_final()) {
                    return Err(error);
                }
            }
            let what = format!("request {} to be withdrawn", leftover.id);
            let read = || self.get(&leftover.id);
            self.client()
                .wait(wait, what, read, RequestOutcome::settled)
                .await?;
        }
        // Knowledge of the withdrawal may itself take a while to get round.
        let what = "the new request to be accepted";
        let attempt = || async { Ok(self.create(draft).await) };
        let judge = |outcome: Result<AssignmentRequest, Error>| match outcome {
            Err(error) if error.is_open_request() => Sight::NotYet(error.to_string()),
            outcome => Sight::Done(outcome),
        };
        self.client().wait(wait, what, attempt, judge).await?
    }

    /// The open requests that keep a draft from being accepted.
    async fn leftovers(
        &self,
        draft: &AssignmentRequestDraft,
    ) -> Result<Vec<AssignmentRequest>, Error> {
        let wish = Wish::of(draft);
        let query = Query::new()
            .expand("accessPackage")
            .expand(Expand::new("assignment").expand("target"))
            .expand("requestor");
        let (package, person) = match &wish.assignment {
            Some(assignment) => self.holder_of(assignment).await?,
            None => (wish.package, wish.target),
        };
        let Some(package) = package else {
            return Ok(Vec::new());
        };
        let candidates = if wish.is_by_administrator {
            let filter = Filter::field("accessPackage/id").eq(package.as_str());
            self.list_with(query.filter(filter)).try_collect().await?
        } else {
            self.filter_by_current_user_with(RequestsOn::Target, query)
                .try_collect()
                .await?
        };
        Ok(candidates
            .into_iter()
            .filter(|request| {
                let open = request
                    .state
                    .as_ref()
                    .is_some_and(|state| !state.is_final());
                let same_package = request
                    .access_package
                    .loaded()
                    .is_some_and(|found| found.id.to_string() == package);
                open && same_package
                    && (!wish.is_by_administrator || concerns(request, person.as_deref()))
            })
            .collect())
    }

    /// The package and the person of an assignment.
    async fn holder_of(
        &self,
        assignment: &Id<Assignment>,
    ) -> Result<(Option<String>, Option<String>), Error> {
        let query = Query::new().expand("accessPackage").expand("target");
        let assignments = Collection::<Assignment>::new(self.client().clone());
        let assignment = assignments.get_with(assignment, query).await?;
        let package = assignment
            .access_package
            .loaded()
            .map(|package| package.id.to_string());
        let target = assignment.target.loaded();
        let person = target.and_then(|target| target.object_id.as_ref());
        Ok((package, person.map(ToString::to_string)))
    }
}

/// Whether a request is for a person: its assignment says so, or, before there is one, that the person asked for
/// themselves.
fn concerns(request: &AssignmentRequest, person: Option<&str>) -> bool {
    use RequestType::{UserAdd, UserRemove, UserUpdate};
    let assigned = request
        .assignment
        .loaded()
        .and_then(|assignment| assignment.target.loaded());
    let for_themselves = matches!(
        request.request_type,
        Some(UserAdd | UserUpdate | UserRemove)
    );
    let requestor = request.requestor.loaded().filter(|_| for_themselves);
    let subject = assigned.or(requestor.map(Box::as_ref));
    let id = subject.and_then(|subject| subject.object_id.as_ref());
    person.is_some() && id.map(ToString::to_string).as_deref() == person
}

/// What a draft is about, read from what would be sent.
struct Wish {
    is_by_administrator: bool,
    assignment: Option<Id<Assignment>>,
    package: Option<String>,
    target: Option<String>,
}

impl Wish {
    fn of(draft: &<AssignmentRequest as Creatable>::Draft) -> Self {
        let body = serde_json::to_value(draft).unwrap_or_default();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let assignment = &body["assignment"];
        Self {
            is_by_administrator: text(&body["requestType"])
                .is_some_and(|kind| kind.starts_with("admin")),
            assignment: assignment["id"].as_str().and_then(|id| id.parse().ok()),
            package: text(&assignment["accessPackageId"]),
            target: text(&assignment["targetId"]),
        }
    }
}

/// How far an assignment got.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssignmentOutcome {
    /// The person has access.
    Delivered(Box<Assignment>),
    /// Some of it was written.
    PartiallyDelivered(Box<Assignment>),
    /// Nothing was written.
    DeliveryFailed(Box<Assignment>),
    /// Access has ended.
    Expired(Box<Assignment>),
}

impl AssignmentOutcome {
    /// The assignment as it was last seen.
    pub fn assignment(&self) -> &Assignment {
        match self {
            Self::Delivered(assignment)
            | Self::PartiallyDelivered(assignment)
            | Self::DeliveryFailed(assignment)
            | Self::Expired(assignment) => assignment,
        }
    }
}

impl Collection<Assignment> {
    /// Waits until delivery of an assignment is over, in one way or another.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::wait`](crate::GraphClient::wait).
    pub async fn wait_until_delivered(
        &self,
        id: &Id<Assignment>,
        wait: &Wait,
    ) -> Result<AssignmentOutcome, Error> {
        use AssignmentState as S;
        let over = |state: &S| {
            matches!(
                state,
                S::Delivered | S::PartiallyDelivered | S::DeliveryFailed | S::Expired
            )
        };
        let found = self.wait_for(id, wait, "to be delivered", over).await?;
        Ok(match found.state {
            Some(S::PartiallyDelivered) => AssignmentOutcome::PartiallyDelivered(found.into()),
            Some(S::DeliveryFailed) => AssignmentOutcome::DeliveryFailed(found.into()),
            Some(S::Expired) => AssignmentOutcome::Expired(found.into()),
            _ => AssignmentOutcome::Delivered(found.into()),
        })
    }

    /// Waits until an assignment has ended, by time or by removal (ASG-1).
    ///
    /// # Errors
    ///
    /// As [`GraphClient::wait`](crate::GraphClient::wait).
    pub async fn wait_until_expired(
        &self,
        id: &Id<Assignment>,
        wait: &Wait,
    ) -> Result<Assignment, Error> {
        let over = |state: &AssignmentState| *state == AssignmentState::Expired;
        self.wait_for(id, wait, "to end", over).await
    }

    async fn wait_for(
        &self,
        id: &Id<Assignment>,
        wait: &Wait,
        aim: &str,
        reached: impl Fn(&AssignmentState) -> bool,
    ) -> Result<Assignment, Error> {
        let judge = |assignment: Assignment| match &assignment.state {
            Some(state) if reached(state) => Sight::Done(assignment),
            state => {
                let state = state.as_ref().map_or("", AssignmentState::as_str);
                Sight::NotYet(word(state, assignment.status.as_deref()))
            }
        };
        let what = format!("assignment {id} {aim}");
        self.client().wait(wait, what, || self.get(id), judge).await
    }
}
