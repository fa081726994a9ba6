//! Reviews of their own: of the members of groups, and of assignments (5.2 to 5.6).

use entitlement_core::access_review::decision::{
    ApplyResult, BatchRecordDecisions, Decision, DecisionItem, DecisionPatch,
};
use entitlement_core::access_review::definition::{ScheduleDefinition, ScheduleDefinitionDraft};
use entitlement_core::access_review::instance::{Instance, InstancePatch};
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::{DefaultDecision, ScheduleSettings};
use entitlement_core::access_review::status::Status;
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::identity::Principal;
use entitlement_core::time::Date;
use entitlement_graph::access_review::{InstanceHandle, ReviewsOn};
use entitlement_graph::error::ServiceError;
use entitlement_graph::{Error, GraphClient};
use http::{Method, StatusCode};
use serde_json::json;

use super::backend::Backend;
use super::fixture::{code, days, is_member, new_group, nothing};

/// A group with two members, and somebody who reviews it.
pub(super) struct Circle {
    pub(super) admin: GraphClient,
    pub(super) group: Group,
    pub(super) reviewer: Id<User>,
    pub(super) client: GraphClient,
    pub(super) ada: Id<User>,
    pub(super) bob: Id<User>,
}

impl Circle {
    pub(super) async fn draw(backend: &impl Backend) -> Self {
        let admin = backend.admin();
        let group = new_group(&admin, "circle").await;
        let reviewer = backend.join("reviewer", None);
        let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
        for person in [&ada, &bob] {
            add(&admin, &group.id, person).await;
        }
        Self {
            client: backend.sign_in(&reviewer),
            admin,
            group,
            reviewer,
            ada,
            bob,
        }
    }

    /// A review of the members by the reviewer.
    pub(super) async fn review(&self, settings: ScheduleSettings) -> ScheduleDefinition {
        let scope = Scope::members_of(&self.group.id);
        let draft = ScheduleDefinitionDraft::builder("Circle", scope, settings)
            .reviewer(ReviewerScope::user(&self.reviewer))
            .description_for_reviewers("Who still belongs here?")
            .build()
            .expect("a draft");
        let reviews = self.admin.access_reviews().definitions();
        reviews.create(&draft).await.expect("a review")
    }

    pub(super) async fn instances(&self, review: &ScheduleDefinition) -> Vec<Instance> {
        let review = self.admin.access_reviews().definition(&review.id);
        let instances = review.instances().list().try_collect().await;
        instances.expect("the instances")
    }

    /// The newest instance.
    pub(super) async fn newest(&self, review: &ScheduleDefinition) -> Instance {
        let mut instances = self.instances(review).await;
        instances.pop().expect("an instance")
    }

    pub(super) async fn status(&self, review: &ScheduleDefinition) -> Option<Status> {
        self.newest(review).await.status
    }

    pub(super) async fn members(&self) -> [bool; 2] {
        let is_member = async |person| is_member(&self.admin, &self.group.id, person).await;
        [is_member(&self.ada).await, is_member(&self.bob).await]
    }
}

pub(super) async fn add(admin: &GraphClient, group: &Id<Group>, person: &Id<User>) {
    let path = format!("groups/{group}/members/$ref");
    let link = format!("https://graph.microsoft.com/v1.0/directoryObjects/{person}");
    let call = admin.raw(Method::POST, &path).expect("a call");
    let call = call.json(&json!({"@odata.id": link})).expect("JSON");
    call.done().await.expect("a member");
}

pub(super) fn open(
    client: &GraphClient,
    review: &ScheduleDefinition,
    instance: &Instance,
) -> InstanceHandle {
    let review = client.access_reviews().definition(&review.id);
    review.instance(&instance.id)
}

pub(super) async fn decisions(instance: &InstanceHandle) -> Vec<DecisionItem> {
    let decisions = instance.decisions().list().try_collect().await;
    decisions.expect("the decisions")
}

async fn about(instance: &InstanceHandle, person: &Id<User>) -> DecisionItem {
    let mut all = decisions(instance).await.into_iter();
    let found = all.find(|item| {
        let principal = item.principal.as_ref().and_then(Principal::id);
        principal == Some(&person.to_string())
    });
    found.expect("the person's access")
}

pub(super) fn status<T>(outcome: Result<T, Error>) -> StatusCode {
    let error = outcome.err().expect("a refusal");
    error
        .service()
        .map(ServiceError::status)
        .expect("an answer")
}

/// One-time reviews: made, decided, stopped, applied by hand (REV-30, REV-36, REV-43, REV-57).
pub async fn a_review_is_decided_and_applied(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let review = circle.review(ScheduleSettings::once(7)).await;
    assert_eq!(review.status, Some(Status::NotStarted), "REV-30");
    let instance = circle.newest(&review).await;
    assert_eq!(instance.id.to_string(), review.id.to_string(), "REV-36");
    assert_eq!(instance.status, Some(Status::InProgress));

    let as_reviewer = open(&circle.client, &review, &instance);
    let as_admin = open(&circle.admin, &review, &instance);
    let item = about(&as_reviewer, &circle.ada).await;
    let denial = DecisionPatch::deny("");
    as_reviewer
        .decisions()
        .update(&item.id, &denial)
        .await
        .expect("a decision; no reason is asked for");
    assert_eq!(
        status(as_admin.apply_decisions().await),
        StatusCode::BAD_REQUEST
    );
    let by_app = as_admin.decisions().update(&item.id, &denial).await;
    assert!(by_app.expect_err("REV-52: not a reviewer").is_permission());
    let by_member = open(&backend.sign_in(&circle.ada), &review, &instance);
    let refused = by_member.decisions().update(&item.id, &denial).await;
    assert!(refused.expect_err("REV-52").is_permission());

    as_admin.stop().await.expect("it can be stopped");
    assert_eq!(circle.status(&review).await, Some(Status::Completed));
    assert_eq!(status(as_admin.stop().await), StatusCode::BAD_REQUEST);
    let late = as_reviewer.decisions().update(&item.id, &denial).await;
    assert_eq!(status(late), StatusCode::BAD_REQUEST);
    assert_eq!(circle.members().await, [true, true], "REV-58");

    as_admin.apply_decisions().await.expect("they are applied");
    assert_eq!(circle.status(&review).await, Some(Status::Applied));
    assert_eq!(circle.members().await, [false, true]);
    let applied = about(&as_admin, &circle.ada).await;
    assert_eq!(applied.apply_result, Some(ApplyResult::AppliedSuccessfully));
    let kept = about(&as_admin, &circle.bob).await;
    assert_eq!(kept.decision, Some(Decision::NotReviewed), "REV-55");
    assert_eq!(
        status(as_admin.apply_decisions().await),
        StatusCode::BAD_REQUEST
    );
}

/// What nobody decides gets the default decision, and everything is applied (REV-55).
pub async fn defaults_are_filled_in_and_applied(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let settings = ScheduleSettings::once(3)
        .unreviewed(DefaultDecision::Deny)
        .applied_automatically();
    let review = circle.review(settings).await;
    let instance = circle.newest(&review).await;
    let as_reviewer = open(&circle.client, &review, &instance);
    let item = about(&as_reviewer, &circle.bob).await;
    let unsure = DecisionPatch::dont_know("New here");
    as_reviewer
        .decisions()
        .update(&item.id, &unsure)
        .await
        .expect("a decision");
    backend.advance(days(3));
    assert_eq!(circle.status(&review).await, Some(Status::Applied));
    assert_eq!(circle.members().await, [false, true], "REV-54");
    let definition = circle
        .admin
        .access_reviews()
        .definitions()
        .get(&review.id)
        .await;
    assert_eq!(
        definition.expect("the review").status,
        Some(Status::Applied)
    );
}

/// Many decisions at once, and all of them taken back (REV-56).
pub async fn many_are_decided_at_once(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let review = circle.review(ScheduleSettings::once(7)).await;
    let instance = circle.newest(&review).await;
    let as_reviewer = open(&circle.client, &review, &instance);
    let as_admin = open(&circle.admin, &review, &instance);
    let verdicts = async || -> Vec<Option<Decision>> {
        let all = decisions(&as_admin).await;
        all.into_iter().map(|item| item.decision).collect()
    };
    let (approve, deny, open_still) = (
        Some(Decision::Approve),
        Some(Decision::Deny),
        Some(Decision::NotReviewed),
    );
    let everything = BatchRecordDecisions::approve("All of them");
    as_reviewer
        .batch_record_decisions(&everything)
        .await
        .expect("decisions");
    assert_eq!(verdicts().await, [approve.clone(), approve.clone()]);
    let bob = BatchRecordDecisions::deny("But not him").of(&circle.bob);
    as_reviewer
        .batch_record_decisions(&bob)
        .await
        .expect("a decision");
    assert_eq!(verdicts().await, [approve, deny]);
    let elsewhere = BatchRecordDecisions::deny("Elsewhere").to(nothing::<Group>().to_string());
    as_reviewer
        .batch_record_decisions(&elsewhere)
        .await
        .expect("nothing to decide");
    let stranger = open(&backend.sign_in(&circle.ada), &review, &instance);
    let refused = stranger.batch_record_decisions(&everything).await;
    assert!(refused.expect_err("REV-52").is_permission());

    as_admin.reset_decisions().await.expect("taken back");
    assert_eq!(verdicts().await, [open_still.clone(), open_still]);
    as_admin.send_reminder().await.expect("a reminder");
}

/// While an instance is open its reviewers may change, and stand-ins may only be added (REV-44, REV-45).
pub async fn reviewers_are_changed_while_it_is_open(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let review = circle.review(ScheduleSettings::once(7).with_mails()).await;
    let instance = circle.newest(&review).await;
    let contacted = async || -> Vec<String> {
        let instance = open(&circle.admin, &review, &instance);
        let all = instance.contacted_reviewers().list().try_collect().await;
        let all = all.expect("the reviewers").into_iter();
        all.map(|reviewer| reviewer.id.to_string()).collect()
    };
    assert_eq!(contacted().await, [circle.reviewer.to_string()]);
    let newcomer = backend.join("carl", None);
    let instances = circle.admin.access_reviews();
    let instances = instances.definition(&review.id).instances();
    let changes = InstancePatch::of(&instance)
        .expect("a patch")
        .reviewers([ReviewerScope::user(&newcomer)])
        .fallback_reviewer(ReviewerScope::user(&circle.reviewer));
    instances
        .update(&instance.id, &changes)
        .await
        .expect("other reviewers");
    let read_again = instances.get(&instance.id).await.expect("the instance");
    let query = read_again
        .reviewers
        .first()
        .and_then(|scope| scope.query.clone());
    assert_eq!(query, Some(format!("/v1.0/users/{newcomer}")), "5.4");
    assert_eq!(contacted().await.len(), 2);
    assert!(
        decisions_of(&circle.client, &review, &instance)
            .await
            .is_err()
    );
    let own = decisions_of(&backend.sign_in(&newcomer), &review, &instance).await;
    assert_eq!(own.expect("his decisions").len(), 2);

    let without = json!({"scope": instance.scope, "fallbackReviewers": []});
    let path = format!(
        "identityGovernance/accessReviews/definitions/{}/instances/{}",
        review.id, instance.id
    );
    let call = circle.admin.raw(Method::PUT, &path).expect("a call");
    let refused = call.json(&without).expect("JSON").done().await;
    assert_eq!(status(refused), StatusCode::CONFLICT);
    let without_scope = json!({"reviewers": []});
    let call = circle.admin.raw(Method::PATCH, &path).expect("a call");
    let refused = call.json(&without_scope).expect("JSON").done().await;
    assert_eq!(code(refused), "InvalidModel");
}

async fn decisions_of(
    client: &GraphClient,
    review: &ScheduleDefinition,
    instance: &Instance,
) -> Result<Vec<DecisionItem>, Error> {
    let instance = open(client, review, instance);
    instance.decisions().list().try_collect().await
}

/// Everybody finds what they review, and nothing else.
pub async fn reviewers_find_their_reviews(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let review = circle.review(ScheduleSettings::once(7)).await;
    let found = async |client: &GraphClient| {
        let reviews = client.access_reviews().definitions();
        let own = reviews.filter_by_current_user(ReviewsOn::Reviewer);
        let own = own.try_collect().await.expect("the reviews");
        own.into_iter().map(|review| review.id).collect::<Vec<_>>()
    };
    assert_eq!(
        found(&circle.client).await,
        std::slice::from_ref(&review.id)
    );
    let ada = backend.sign_in(&circle.ada);
    assert!(found(&ada).await.is_empty());
    let seen = ada.access_reviews().definitions().get(&review.id).await;
    assert!(seen.expect_err("it is none of hers").is_permission());
    let all = ada.access_reviews().definitions().list().next().await;
    assert!(all.expect_err("she administers nothing").is_permission());

    let instances = circle.client.access_reviews();
    let instances = instances.definition(&review.id).instances();
    let own = instances
        .filter_by_current_user(ReviewsOn::Reviewer)
        .try_collect()
        .await
        .expect("the instances");
    assert_eq!(own.len(), 1);
    let review_again = circle.client.access_reviews().definitions();
    let definition = review_again.get(&review.id).await.expect("the review");
    assert_eq!(definition.status, Some(Status::InProgress));
}

/// Recurring reviews come round by week or month, until they are stopped (REV-35, REV-43).
pub async fn recurring_reviews_come_round(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let created = circle.group.created_date_time.expect("a date");
    let monday: Date = created
        .strftime("%Y-%m-%d")
        .to_string()
        .parse()
        .expect("a day");
    let weekly = ScheduleSettings::every_weeks(1, monday, 2).unreviewed(DefaultDecision::Approve);
    let review = circle.review(weekly).await;
    assert_eq!(circle.instances(&review).await.len(), 1);
    backend.advance(days(14));
    let instances = circle.instances(&review).await;
    assert_eq!(instances.len(), 3);
    let is_own = |instance: &Instance| instance.id.to_string() != review.id.to_string();
    assert!(instances.iter().all(is_own), "REV-36");
    let statuses: Vec<_> = instances
        .into_iter()
        .map(|instance| instance.status)
        .collect();
    assert_eq!(
        statuses,
        [
            Some(Status::Completed),
            Some(Status::Completed),
            Some(Status::InProgress)
        ]
    );
    let handle = circle.admin.access_reviews().definition(&review.id);
    handle.stop().await.expect("it can be stopped");
    backend.advance(days(30));
    assert_eq!(circle.instances(&review).await.len(), 3);
    assert_eq!(circle.status(&review).await, Some(Status::Completed));
    assert_eq!(status(handle.stop().await), StatusCode::BAD_REQUEST);
}
