//! Policies whose assignments are reviewed: how they change, and how they go.

use entitlement_core::access_review::decision::ApplyResult;
use entitlement_core::access_review::status::Status;
use entitlement_core::assignment::AssignmentState;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::odata::Query;
use entitlement_core::policy::review::{ExpirationBehavior, ReviewSettings};
use entitlement_graph::Error;

use super::backend::Backend;
use super::fixture::{code, days};
use super::reviews::{Reviewed, quarterly};

/// Editing a policy's settings is for later instances; the first start cannot be moved (REV-11, REV-16).
pub async fn edits_are_for_later_reviews(backend: &impl Backend) {
    let reviewed = Reviewed::begin(backend, quarterly).await;
    backend.advance(days(10));
    assert_eq!(reviewed.instances().await.len(), 1);
    let refused = change(&reviewed, |settings| {
        let schedule = settings.schedule.as_mut().expect("a schedule");
        let later = |start| days(1).after(start);
        schedule.start_date_time = schedule.start_date_time.and_then(later);
    })
    .await;
    assert_eq!(code(refused), "InvalidModel", "REV-11");
    change(&reviewed, |settings| {
        settings.expiration_behavior = Some(ExpirationBehavior::RemoveAccess);
    })
    .await
    .expect("the policy");
    backend.advance(days(14));
    assert_eq!(
        reviewed.state_of(&reviewed.bob).await,
        Some(AssignmentState::Delivered),
        "REV-16: the running instance keeps access"
    );
    backend.advance(days(92));
    assert_eq!(reviewed.instances().await.len(), 2);
    assert_eq!(
        reviewed.state_of(&reviewed.bob).await,
        Some(AssignmentState::Expired)
    );

    change(&reviewed, |settings| settings.is_enabled = Some(false))
        .await
        .expect("the policy");
    backend.advance(days(365));
    assert_eq!(reviewed.instances().await.len(), 2, "there are no more");
}

/// Changes the review settings of the policy, as it is written whole.
async fn change(
    reviewed: &Reviewed,
    change: impl FnOnce(&mut ReviewSettings),
) -> Result<(), Error> {
    let entitlement = reviewed.shelf.admin.entitlement();
    let policy = entitlement.policy(&reviewed.policy.id);
    let mut policy = policy.get_whole().await?;
    change(policy.review_settings.as_mut().expect("settings"));
    entitlement.policies().replace(&policy).await
}

/// A policy's review can be seen, and without it the policy cannot be written any more (REV-10, REV-34).
pub async fn a_policy_cannot_lose_its_review(backend: &impl Backend) {
    let reviewed = Reviewed::begin(backend, quarterly).await;
    let reviews = reviewed.shelf.admin.access_reviews();
    let review = reviews.definitions().get(&reviewed.review).await;
    let review = review.expect("the review");
    assert_eq!(review.status, Some(Status::NotStarted));
    assert!(review.instances.is_not_loaded(), "REV-34");
    let expanded = Query::new().expand("instances");
    let refused = reviews
        .definitions()
        .get_with(&reviewed.review, expanded)
        .await;
    let refused = refused.expect_err("REV-34: instances cannot be expanded");
    assert!(refused.is_not_found(), "{refused}");

    reviews
        .definitions()
        .delete(&reviewed.review)
        .await
        .expect("it can be deleted");
    let broken = change(&reviewed, |_| {}).await;
    let broken = broken.expect_err("REV-10");
    assert!(broken.is_not_found());
    let message = broken.service().map(|service| service.message().to_owned());
    let expected = format!("BusinessFlow not found for id {}", reviewed.review);
    assert_eq!(message, Some(expected));
}

/// A policy that ended takes its later reviews with it.
pub async fn a_policy_that_is_gone_is_reviewed_no_more(backend: &impl Backend) {
    let reviewed = Reviewed::begin(backend, |start, deputy| {
        quarterly(start, deputy).unreviewed(ExpirationBehavior::RemoveAccess)
    })
    .await;
    backend.advance(days(10));
    let entitlement = reviewed.shelf.admin.entitlement();
    for person in [&reviewed.ada, &reviewed.bob] {
        let assignment = reviewed.assignment_of(person).await;
        let removal = AssignmentRequestDraft::admin_remove(&assignment.id).build();
        let removal = removal.expect("a draft");
        entitlement
            .requests()
            .create(&removal)
            .await
            .expect("a request");
    }
    entitlement
        .packages()
        .delete(&reviewed.shelf.package.id)
        .await
        .expect("nobody holds it");
    backend.advance(days(365));
    assert_eq!(reviewed.instances().await.len(), 1);
    for item in reviewed.decisions().await {
        let gone = ApplyResult::AppliedSuccessfullyButObjectNotFound;
        assert_eq!(item.apply_result, Some(gone));
    }
}
