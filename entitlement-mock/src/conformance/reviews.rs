//! Reviews of the assignments that a policy made (5.1).

use entitlement_core::access_review::decision::{
    ApplyResult, Decision, DecisionItem, DecisionItemResource, DecisionPatch,
};
use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::instance::Instance;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::status::Status;
use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::identity::{Principal, UserIdentity};
use entitlement_core::odata::{Filter, Query};
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::policy::review::{ExpirationBehavior, ReviewSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::RequestType;
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::Timestamp;
use entitlement_graph::access_review::{InstanceHandle, ReviewsOn};
use entitlement_graph::error::ServiceError;
use entitlement_graph::{Error, GraphClient};
use http::StatusCode;

use super::backend::Backend;
use super::fixture::{Shelf, code, days};

/// A package whose holders are reviewed: Ada, whose manager is Grace, and Bob, who has none.
pub(super) struct Reviewed {
    pub(super) shelf: Shelf,
    pub(super) policy: AssignmentPolicy,
    pub(super) review: Id<ScheduleDefinition>,
    pub(super) grace: Id<User>,
    pub(super) deputy: Id<User>,
    pub(super) ada: Id<User>,
    pub(super) bob: Id<User>,
}

impl Reviewed {
    /// Reviews start ten days after the start, and Ada and Bob have their access before.
    pub(super) async fn begin(
        backend: &impl Backend,
        settings: impl FnOnce(Timestamp, &Id<User>) -> ReviewSettings,
    ) -> Self {
        let shelf = Shelf::fill(backend).await;
        let grace = backend.join("grace", None);
        let deputy = backend.join("deputy", None);
        let ada = backend.join("ada", Some(&grace));
        let bob = backend.join("bob", None);
        let now = shelf.package.created_date_time.expect("a date");
        let start = days(10).after(now).expect("a date");
        let draft = AssignmentPolicyDraft::builder(&shelf.package.id, "Reviewed")
            .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
            .expiration(Expiration::never())
            .review_settings(settings(start, &deputy))
            .build()
            .expect("a policy");
        let policy = shelf.add_policy(draft).await;
        let review = review_of(&shelf.admin, &policy.id)
            .await
            .expect("REV-10: the review that the policy made")
            .id;
        let reviewed = Self {
            shelf,
            policy,
            review,
            grace,
            deputy,
            ada,
            bob,
        };
        reviewed.assign(&reviewed.ada).await;
        reviewed.assign(&reviewed.bob).await;
        reviewed
    }

    pub(super) async fn assign(&self, person: &Id<User>) {
        let draft =
            AssignmentRequestDraft::admin_add(&self.shelf.package.id, &self.policy.id, person);
        let requests = self.shelf.admin.entitlement().requests();
        let draft = draft.build().expect("a request");
        requests.create(&draft).await.expect("a request");
    }

    pub(super) async fn instances(&self) -> Vec<Instance> {
        let reviews = self.shelf.admin.access_reviews();
        let instances = reviews.definition(&self.review).instances().list();
        instances.try_collect().await.expect("the instances")
    }

    /// The newest instance.
    pub(super) async fn instance(&self) -> Instance {
        self.instances().await.pop().expect("an instance")
    }

    /// The newest instance as somebody sees it.
    pub(super) async fn as_seen_by(&self, client: &GraphClient) -> InstanceHandle {
        let instance = self.instance().await;
        let review = client.access_reviews().definition(&self.review);
        review.instance(&instance.id)
    }

    pub(super) async fn decisions(&self) -> Vec<DecisionItem> {
        let instance = self.as_seen_by(&self.shelf.admin).await;
        let decisions = instance.decisions().list().try_collect().await;
        decisions.expect("the decisions")
    }

    /// What is decided about a person in the newest instance.
    pub(super) async fn decision_about(&self, person: &Id<User>) -> DecisionItem {
        let mut decisions = self.decisions().await.into_iter();
        let found = decisions.find(|item| principal(item).as_ref() == Some(person));
        found.expect("the person's access")
    }

    pub(super) async fn decide(
        &self,
        reviewer: &GraphClient,
        person: &Id<User>,
        patch: &DecisionPatch,
    ) -> Result<(), Error> {
        let item = self.decision_about(person).await;
        let instance = self.as_seen_by(reviewer).await;
        instance.decisions().update(&item.id, patch).await
    }

    /// The newest assignment of a person.
    pub(super) async fn assignment_of(&self, person: &Id<User>) -> Assignment {
        let query = Query::new().filter(Filter::field("target/objectId").eq(person));
        let assignments = self.shelf.admin.entitlement().assignments();
        let assignments = assignments.list_with(query).try_collect().await;
        let mut assignments = assignments.expect("the assignments");
        assignments.pop().expect("an assignment")
    }

    pub(super) async fn state_of(&self, person: &Id<User>) -> Option<AssignmentState> {
        self.assignment_of(person).await.state
    }

    /// The requests of a kind.
    pub(super) async fn requests(&self, kind: RequestType) -> Vec<AssignmentRequest> {
        let requests = self.shelf.admin.entitlement().requests();
        let all = requests.list().try_collect().await.expect("the requests");
        let of_kind = |request: &AssignmentRequest| request.request_type.as_ref() == Some(&kind);
        all.into_iter().filter(of_kind).collect()
    }
}

/// Whose access it is.
fn principal(item: &DecisionItem) -> Option<Id<User>> {
    item.principal
        .as_ref()
        .and_then(Principal::id)?
        .parse()
        .ok()
}

/// The review whose scope names a policy.
pub(super) async fn review_of(
    admin: &GraphClient,
    policy: &Id<AssignmentPolicy>,
) -> Option<ScheduleDefinition> {
    let reviews = admin.access_reviews().definitions().list();
    let reviews = reviews.try_collect().await.expect("the reviews");
    reviews.into_iter().find(|review| {
        let query = review.scope.as_ref().and_then(Scope::as_query);
        query.is_some_and(|query| query.contains(&policy.to_string()))
    })
}

pub(super) fn quarterly(start: Timestamp, deputy: &Id<User>) -> ReviewSettings {
    ReviewSettings::every_months(3, start, days(14)).by_manager(SubjectSet::user(deputy))
}

/// Scenario 11: managers review, somebody stands in for those who are missing; what nobody decides is taken away or
/// kept, as the policy says (REV-6, REV-7, REV-12).
pub async fn scenario_11_a_quarterly_review(backend: &impl Backend) {
    let removing = Reviewed::begin(backend, |start, deputy| {
        quarterly(start, deputy).unreviewed(ExpirationBehavior::RemoveAccess)
    })
    .await;
    assert!(removing.instances().await.is_empty());

    backend.advance(days(10));
    let instance = removing.instance().await;
    assert_eq!(instance.status, Some(Status::InProgress));
    let open_for = |instance: &Instance| {
        let (start, end) = (instance.start_date_time?, instance.end_date_time?);
        Some(end.duration_since(start).as_hours() / 24)
    };
    assert_eq!(open_for(&instance), Some(14));
    let own = |client: GraphClient| {
        let (review, instance) = (removing.review.clone(), instance.id.clone());
        async move {
            let review = client.access_reviews().definition(&review);
            let instance = review.instance(&instance);
            let decisions = instance
                .decisions()
                .filter_by_current_user(ReviewsOn::Reviewer);
            decisions.try_collect().await.expect("the decisions")
        }
    };
    let (grace, deputy) = (
        backend.sign_in(&removing.grace),
        backend.sign_in(&removing.deputy),
    );
    let of_grace = own(grace.clone()).await;
    assert_eq!(of_grace.len(), 1);
    assert_eq!(principal(&of_grace[0]), Some(removing.ada.clone()));
    let of_deputy = own(deputy.clone()).await;
    assert_eq!(of_deputy.len(), 1, "REV-6: Bob has no manager");
    assert_eq!(principal(&of_deputy[0]), Some(removing.bob.clone()));

    let approval = DecisionPatch::approve("Still on the team");
    removing
        .decide(&grace, &removing.ada, &approval)
        .await
        .expect("a decision");
    backend.advance(days(14));
    assert_eq!(removing.instance().await.status, Some(Status::Applied));
    assert_eq!(
        removing.state_of(&removing.ada).await,
        Some(AssignmentState::Delivered)
    );
    assert_eq!(
        removing.state_of(&removing.bob).await,
        Some(AssignmentState::Expired)
    );
    let [removal] = &removing.requests(RequestType::SystemRemove).await[..] else {
        panic!("REV-12: one request of the service is the record");
    };
    assert_eq!(removal.status.as_deref(), Some("Fulfilled"));
    assert!(!removing.shelf.is_member(&removing.bob).await);
    let decided = removing.decision_about(&removing.bob).await;
    assert_eq!(decided.decision, Some(Decision::Deny));
    assert_eq!(decided.apply_result, Some(ApplyResult::AppliedSuccessfully));
    assert!(decided.reviewer().is_none() && decided.applied_date_time.is_some());
}

/// Scenario 11, second half: what nobody decides is kept.
pub async fn what_nobody_decides_is_kept(backend: &impl Backend) {
    let keeping = Reviewed::begin(backend, quarterly).await;
    backend.advance(days(24));
    assert_eq!(keeping.instance().await.status, Some(Status::Applied));
    for person in [&keeping.ada, &keeping.bob] {
        let state = keeping.state_of(person).await;
        assert_eq!(state, Some(AssignmentState::Delivered));
        let item = keeping.decision_about(person).await;
        assert_eq!(item.decision, Some(Decision::NotReviewed), "REV-55");
        assert_eq!(item.apply_result, Some(ApplyResult::New));
    }
    let removals = keeping.requests(RequestType::SystemRemove).await;
    assert!(removals.is_empty());
}

/// A review comes round at its intervals, with whoever holds the package then (REV-35, REV-42).
pub async fn reviews_come_round(backend: &impl Backend) {
    let reviewed = Reviewed::begin(backend, quarterly).await;
    backend.advance(days(10));
    let first = reviewed.instance().await;
    assert_ne!(first.id.to_string(), reviewed.review.to_string(), "REV-36");
    let carl = backend.join("carl", None);
    reviewed.assign(&carl).await;
    assert_eq!(
        reviewed.decisions().await.len(),
        2,
        "REV-42: Carl came later"
    );

    backend.advance(days(80));
    assert_eq!(reviewed.instances().await.len(), 1);
    backend.advance(days(20));
    let instances = reviewed.instances().await;
    assert_eq!(instances.len(), 2);
    assert_eq!(reviewed.decisions().await.len(), 3);
    let starts: Vec<_> = instances
        .iter()
        .filter_map(|instance| instance.start_date_time)
        .map(|start| start.strftime("%m-%dT%H:%M").to_string())
        .collect();
    let day = |text: &str| text.split_at(3).1.to_owned();
    assert_eq!(day(&starts[0]), day(&starts[1]), "{starts:?}");
}

/// Decisions are made by reviewers while the review is open; the last one counts (REV-52, REV-53, U-22).
pub async fn reviewers_decide_while_it_is_open(backend: &impl Backend) {
    let reviewed = Reviewed::begin(backend, |start, deputy| {
        ReviewSettings::every_months(3, start, days(14)).by(SubjectSet::user(deputy))
    })
    .await;
    backend.advance(days(10));
    let deputy = backend.sign_in(&reviewed.deputy);
    let stranger = backend.sign_in(&reviewed.grace);
    let (ada, bob) = (reviewed.ada.clone(), reviewed.bob.clone());

    let fresh = reviewed.decision_about(&ada).await;
    assert!(fresh.is_open());
    assert!(fresh.reviewer().is_none(), "REV-51");
    assert!(fresh.reviewed_by.is_some() && fresh.reviewed_date_time.is_none());
    let Some(DecisionItemResource::AccessPackageAssignmentPolicy(resource)) = &fresh.resource
    else {
        panic!("REV-14: the resource is the policy");
    };
    assert_eq!(
        resource.access_package_id,
        Some(reviewed.shelf.package.id.clone())
    );

    let denial = DecisionPatch::deny("Left");
    let refused = reviewed.decide(&stranger, &ada, &denial).await;
    assert!(refused.expect_err("a stranger").is_permission());
    let unexplained = reviewed
        .decide(&deputy, &ada, &DecisionPatch::approve(" "))
        .await;
    assert_eq!(code(unexplained), "InvalidModel", "REV-8: say why");
    for patch in [&DecisionPatch::approve("Fine"), &denial] {
        reviewed
            .decide(&deputy, &ada, patch)
            .await
            .expect("a decision");
    }
    let dont_know = DecisionPatch::dont_know("Ask somebody else");
    reviewed
        .decide(&deputy, &bob, &dont_know)
        .await
        .expect("a decision");
    let decided = reviewed.decision_about(&ada).await;
    assert_eq!(decided.decision, Some(Decision::Deny));
    assert_eq!(decided.justification.as_deref(), Some("Left"));
    let by = decided.reviewer().and_then(UserIdentity::user_id);
    assert_eq!(by.as_ref(), Some(&reviewed.deputy));
    assert_eq!(
        reviewed.state_of(&ada).await,
        Some(AssignmentState::Delivered),
        "REV-58"
    );

    backend.advance(days(14));
    assert_eq!(
        reviewed.state_of(&ada).await,
        Some(AssignmentState::Expired)
    );
    assert_eq!(
        reviewed.state_of(&bob).await,
        Some(AssignmentState::Delivered),
        "REV-54"
    );
    let late = reviewed.decide(&deputy, &bob, &denial).await;
    let late = late.expect_err("the review is over");
    let status = late.service().map(ServiceError::status);
    assert_eq!(status, Some(StatusCode::BAD_REQUEST), "U-22");
}

/// Holders may review themselves (REV-5).
pub async fn holders_review_themselves(backend: &impl Backend) {
    let reviewed = Reviewed::begin(backend, |start, _| {
        ReviewSettings::every_weeks(1, start, days(3)).by_holders()
    })
    .await;
    backend.advance(days(10));
    let ada = backend.sign_in(&reviewed.ada);
    let own = DecisionPatch::deny("Done with it");
    reviewed
        .decide(&ada, &reviewed.ada, &own)
        .await
        .expect("a decision");
    let others = reviewed.decide(&ada, &reviewed.bob, &own).await;
    assert!(others.expect_err("somebody else's").is_permission());
    backend.advance(days(3));
    assert_eq!(
        reviewed.state_of(&reviewed.ada).await,
        Some(AssignmentState::Expired)
    );
    assert_eq!(
        reviewed.state_of(&reviewed.bob).await,
        Some(AssignmentState::Delivered)
    );
}

/// What ended meanwhile cannot be taken away again: the first removal wins (U-40, REV-42).
pub async fn what_has_ended_is_not_removed_again(backend: &impl Backend) {
    let reviewed = Reviewed::begin(backend, |start, deputy| {
        quarterly(start, deputy).unreviewed(ExpirationBehavior::RemoveAccess)
    })
    .await;
    backend.advance(days(10));
    assert_eq!(reviewed.decisions().await.len(), 2);
    let assignment = reviewed.assignment_of(&reviewed.bob).await;
    let removal = AssignmentRequestDraft::admin_remove(&assignment.id)
        .build()
        .expect("a draft");
    let requests = reviewed.shelf.admin.entitlement().requests();
    requests.create(&removal).await.expect("a request");
    assert_eq!(
        reviewed.decisions().await.len(),
        2,
        "REV-42: the population stays as it was"
    );
    backend.advance(days(14));
    let item = reviewed.decision_about(&reviewed.bob).await;
    assert_eq!(
        item.apply_result,
        Some(ApplyResult::AppliedSuccessfullyButObjectNotFound)
    );
    let by_service = reviewed.requests(RequestType::SystemRemove).await;
    assert_eq!(by_service.len(), 1, "only Ada's access was left to take");
}
