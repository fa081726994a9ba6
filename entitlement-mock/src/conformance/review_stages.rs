//! Reviews in several stages, one after the other (5.7).

use entitlement_core::access_review::decision::{Decision, DecisionItem, DecisionPatch};
use entitlement_core::access_review::definition::{ScheduleDefinition, ScheduleDefinitionDraft};
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::{DefaultDecision, ScheduleSettings};
use entitlement_core::access_review::stage::{NextStageDecision, Stage, StageSettings};
use entitlement_core::access_review::status::Status;
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::identity::Principal;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_graph::access_review::{InstanceHandle, ReviewsOn};
use entitlement_graph::error::ServiceError;
use http::{Method, StatusCode};
use serde_json::json;

use super::backend::Backend;
use super::fixture::{is_member, new_group};

/// A group of three that is looked at by one person after the other.
struct Chain {
    admin: GraphClient,
    group: Group,
    members: [Id<User>; 3],
    reviewers: [GraphClient; 2],
    review: ScheduleDefinition,
}

impl Chain {
    async fn link(backend: &impl Backend, settings: ScheduleSettings) -> Self {
        let admin = backend.admin();
        let group = new_group(&admin, "chain").await;
        let members = ["ada", "bob", "carl"].map(|name| backend.join(name, None));
        for member in &members {
            let path = format!("groups/{}/members/$ref", group.id);
            let link = format!("https://graph.microsoft.com/v1.0/directoryObjects/{member}");
            let call = admin.raw(Method::POST, &path).expect("a call");
            let call = call.json(&json!({"@odata.id": link})).expect("JSON");
            call.done().await.expect("a member");
        }
        let people = ["first", "second"].map(|name| backend.join(name, None));
        let stage =
            |person: &Id<User>, days| StageSettings::open_for(days).by(ReviewerScope::user(person));
        let passed_on = [NextStageDecision::Approve, NextStageDecision::NotReviewed];
        let scope = Scope::members_of(&group.id);
        let draft = ScheduleDefinitionDraft::builder("Chain", scope, settings)
            .stage(stage(&people[0], 3).passing_on(passed_on))
            .stage(stage(&people[1], 2))
            .build()
            .expect("a draft");
        let reviews = admin.access_reviews().definitions();
        let review = reviews.create(&draft).await.expect("a review");
        Self {
            reviewers: people.map(|person| backend.sign_in(&person)),
            admin,
            group,
            members,
            review,
        }
    }

    async fn as_seen_by(&self, client: &GraphClient) -> InstanceHandle {
        let review = self.admin.access_reviews().definition(&self.review.id);
        let mut instances = review.instances().list();
        let instance = instances.next().await.expect("the instances");
        let id = instance.expect("an instance").id;
        client
            .access_reviews()
            .definition(&self.review.id)
            .instance(&id)
    }

    async fn stages(&self) -> Vec<Stage> {
        let instance = self.as_seen_by(&self.admin).await;
        instance
            .stages()
            .list()
            .try_collect()
            .await
            .expect("the stages")
    }

    /// What a reviewer finds to decide, by member.
    async fn open_to(&self, reviewer: &GraphClient) -> Vec<DecisionItem> {
        let instance = self.as_seen_by(reviewer).await;
        let own = instance
            .decisions()
            .filter_by_current_user(ReviewsOn::Reviewer);
        own.try_collect().await.expect("the decisions")
    }

    async fn decide(&self, reviewer: &GraphClient, member: usize, patch: DecisionPatch) {
        let item = self.item(member).await;
        let instance = self.as_seen_by(reviewer).await;
        let decided = instance.decisions().update(&item.id, &patch).await;
        decided.expect("a decision");
    }

    /// What is decided in the end about a member.
    async fn item(&self, member: usize) -> DecisionItem {
        let instance = self.as_seen_by(&self.admin).await;
        let all = instance.decisions().list().try_collect().await;
        let id = self.members[member].to_string();
        let mut all = all.expect("the decisions").into_iter();
        let found =
            all.find(|item| item.principal.as_ref().and_then(Principal::id) == Some(id.as_str()));
        found.expect("the member's access")
    }
}

/// The second stage looks at what the first one passes on; the rest is final (REV-61, REV-62).
pub async fn stages_follow_each_other(backend: &impl Backend) {
    let settings = ScheduleSettings::once(1)
        .unreviewed(DefaultDecision::Deny)
        .applied_automatically();
    let chain = Chain::link(backend, settings).await;
    let [first, second] = &chain.reviewers;
    assert_eq!(chain.stages().await.len(), 1, "REV-61: one after the other");
    assert_eq!(chain.open_to(first).await.len(), 3);
    chain.decide(first, 0, DecisionPatch::approve("Fine")).await;
    chain.decide(first, 1, DecisionPatch::deny("Gone")).await;
    let early = chain.item(0).await;
    let instance = chain.as_seen_by(second).await;
    let refused = instance
        .decisions()
        .update(&early.id, &DecisionPatch::deny("Too soon"))
        .await;
    assert!(refused.expect_err("it is not their turn").is_permission());

    backend.advance(IsoDuration::days(3));
    let stages = chain.stages().await;
    let statuses: Vec<_> = stages.iter().map(|stage| stage.status.clone()).collect();
    assert_eq!(
        statuses,
        [Some(Status::Completed), Some(Status::InProgress)]
    );
    assert_eq!(
        chain.open_to(second).await.len(),
        2,
        "REV-62: not the denied one"
    );
    assert_eq!(chain.item(0).await.decision, Some(Decision::NotReviewed));
    assert_eq!(chain.item(1).await.decision, Some(Decision::Deny));
    let instance = chain.as_seen_by(&chain.admin).await;
    let before = instance.stage(&stages[0].id).decisions().list();
    let before = before.try_collect().await.expect("the decisions");
    let verdicts: Vec<_> = before.into_iter().map(|item| item.decision).collect();
    assert_eq!(
        verdicts,
        [
            Some(Decision::Approve),
            Some(Decision::Deny),
            Some(Decision::NotReviewed)
        ]
    );
    chain
        .decide(second, 0, DecisionPatch::approve("Fine, too"))
        .await;

    backend.advance(IsoDuration::days(2));
    let mut kept = Vec::new();
    for member in &chain.members {
        kept.push(is_member(&chain.admin, &chain.group.id, member).await);
    }
    assert_eq!(kept, [true, false, false]);
}

/// A stage is stopped, and the next one begins at once; the whole instance is stopped, and none does (REV-43, REV-63).
pub async fn stages_are_stopped(backend: &impl Backend) {
    let chain = Chain::link(backend, ScheduleSettings::once(1)).await;
    let instance = chain.as_seen_by(&chain.admin).await;
    let first = chain.stages().await.remove(0);
    instance
        .stage(&first.id)
        .stop()
        .await
        .expect("it can be stopped");
    let stages = chain.stages().await;
    assert_eq!(stages.len(), 2);
    assert_eq!(stages[1].status, Some(Status::InProgress));
    let again = instance.stage(&first.id).stop().await;
    let again = again.expect_err("it is over");
    let status = again.service().map(ServiceError::status);
    assert_eq!(status, Some(StatusCode::BAD_REQUEST));
    backend.advance(IsoDuration::days(2));
    let ended = instance.get_whole().await.expect("the instance");
    assert_eq!(ended.status, Some(Status::Completed));

    let other = Chain::link(backend, ScheduleSettings::once(1)).await;
    let instance = other.as_seen_by(&other.admin).await;
    instance.stop().await.expect("it can be stopped");
    assert_eq!(other.stages().await.len(), 1);
    let ended = instance.get_whole().await.expect("the instance");
    assert_eq!(ended.status, Some(Status::Completed));
}

/// What others decided before is seen by later reviewers only if the review says so (REV-63).
pub async fn earlier_decisions_are_shown_if_wanted(backend: &impl Backend) {
    for shown in [false, true] {
        let settings = ScheduleSettings::once(1);
        let settings = if shown {
            settings.with_decision_histories()
        } else {
            settings
        };
        let chain = Chain::link(backend, settings).await;
        let [first, second] = &chain.reviewers;
        chain.decide(first, 0, DecisionPatch::approve("Fine")).await;
        backend.advance(IsoDuration::days(3));
        let stages = chain.stages().await;
        let instance = chain.as_seen_by(second).await;
        let before = instance.stage(&stages[0].id).decisions().list();
        let before = before.try_collect().await;
        if shown {
            let before = before.expect("the decisions");
            assert_eq!(before[0].decision, Some(Decision::Approve));
        } else {
            assert!(before.expect_err("REV-63").is_permission());
        }
        let own = instance
            .stages()
            .filter_by_current_user(ReviewsOn::Reviewer);
        let own = own.try_collect().await.expect("the stages");
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].id, stages[1].id);
    }
}
