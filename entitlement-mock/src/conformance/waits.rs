//! Following requests and assignments to their end.

use std::time::Duration;

use entitlement_core::approval::StageDecision;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::request::RequestState;
use entitlement_core::resource::{RoleOrigin, RoleScopeDraft};
use entitlement_core::time::IsoDuration;
use entitlement_graph::Error;
use entitlement_graph::wait::Wait;
use entitlement_graph::wait::lifecycle::{AssignmentOutcome, RequestOutcome};

use super::backend::Backend;
use super::fixture::{Pending, Shelf, add_group, ask, assignments, decide, new_group, open_policy};

/// Patient for this many days, with a look every hour.
fn for_days(days: u64) -> Wait {
    Wait::default()
        .longest_pause(Duration::from_secs(3600))
        .limit(Duration::from_secs(days * 86_400))
}

/// P8 and P35: pending with the stage that waits, delivered once it is decided, denied by the clock (APV-4).
pub async fn p8_a_request_is_followed_to_its_end(backend: &impl Backend) {
    let pending = Pending::start(backend).await;
    let requests = pending.client.entitlement().requests();
    let hour = Wait::default().limit(Duration::from_secs(3600));
    let outcome = requests.wait_until_final(&pending.request.id, &hour).await;
    let RequestOutcome::AwaitingApproval {
        stage: Some(stage),
        timed_out,
        ..
    } = outcome.expect("a verdict")
    else {
        panic!("somebody has to decide");
    };
    assert!(stage.is_pending());
    assert_eq!(timed_out.waited, Duration::from_secs(3600));
    // Applications may not see approvals (APR-6), and learn as much as they may.
    let admin = pending.shelf.admin.entitlement().requests();
    let outcome = admin.wait_until_final(&pending.request.id, &hour).await;
    assert!(matches!(
        outcome.expect("a verdict"),
        RequestOutcome::AwaitingApproval { stage: None, .. }
    ));

    let yes = StageDecision::approve("fine");
    decide(&pending.approver, &pending.request, &yes)
        .await
        .expect("a decision");
    let outcome = requests.wait_until_final(&pending.request.id, &hour).await;
    assert!(outcome.expect("a verdict").is_delivered());

    let other = backend.join("another", None);
    let other = backend.sign_in(&other);
    let request = ask(&other, &pending.shelf.package.id)
        .await
        .expect("a request");
    let requests = other.entitlement().requests();
    let outcome = requests.wait_until_final(&request.id, &for_days(15)).await;
    assert!(matches!(
        outcome.expect("a verdict"),
        RequestOutcome::Denied(_)
    ));
}

/// P8: a request that is still open is withdrawn for a new one, and only by those who may.
pub async fn p8_a_leftover_request_makes_way(backend: &impl Backend) {
    let pending = Pending::start(backend).await;
    let package = &pending.shelf.package.id;
    let again = AssignmentRequestDraft::user_add(package)
        .justification("this time with a reason")
        .build()
        .expect("a draft");
    let requests = pending.client.entitlement().requests();
    let refused = requests.create(&again).await.expect_err("one is open");
    assert!(refused.is_open_request());
    let request = requests.cancel_and_resubmit(&again, &Wait::default()).await;
    let request = request.expect("a new request");
    assert_ne!(request.id, pending.request.id);
    pending.expect(RequestState::Canceled, "Canceled").await;

    let policies = pending.shelf.admin.entitlement().policies();
    let policy = policies
        .list()
        .next()
        .await
        .expect("the policies")
        .expect("one");
    let assign = AssignmentRequestDraft::admin_add(package, &policy.id, &pending.requestor)
        .build()
        .expect("a draft");
    let admin = pending.shelf.admin.entitlement().requests();
    let refused = admin.cancel_and_resubmit(&assign, &Wait::default()).await;
    let refused = refused.expect_err("applications cannot withdraw (ROLE-7)");
    assert!(refused.is_permission(), "{refused}");
}

/// P7 and REQ-52: what could not be delivered is delivered again, for fourteen days.
pub async fn p7_failed_delivery_is_repeated_for_fourteen_days(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let policy = open_policy(&shelf.package.id, "Open", []);
    shelf.add_policy(policy).await;
    let more = new_group(&shelf.admin, "short-lived").await;
    let resource = add_group(&shelf.admin, &shelf.catalog.id, &more.id).await;
    let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&more.id))
        .expect("a draft");
    let entitlement = shelf.admin.entitlement();
    entitlement
        .ensure_role_scope(&shelf.package.id, &role, &Wait::default())
        .await
        .expect("a role scope");
    shelf
        .admin
        .groups()
        .delete(&more.id)
        .await
        .expect("the group goes");

    let ada = backend.join("ada", None);
    let request = ask(&backend.sign_in(&ada), &shelf.package.id).await;
    let request = request.expect("a request");
    let requests = entitlement.requests();
    let wait = Wait::default();
    let outcome = requests.wait_until_final(&request.id, &wait).await;
    assert!(matches!(
        outcome.expect("a verdict"),
        RequestOutcome::PartiallyDelivered(_)
    ));
    backend.advance(IsoDuration::days(14));
    let outcome = requests.deliver_again(&request.id, &wait).await;
    assert!(matches!(
        outcome.expect("within fourteen days"),
        RequestOutcome::PartiallyDelivered(_)
    ));
    backend.advance(IsoDuration::days(15));
    let refused = requests.deliver_again(&request.id, &wait).await;
    let refused = refused.expect_err("too late");
    assert!(matches!(refused, Error::Refused { .. }), "{refused}");
}

/// An assignment is delivered, and after its thirty days it is over.
pub async fn assignments_come_and_go(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let policy = open_policy(&shelf.package.id, "Open", []);
    shelf.add_policy(policy).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    let requests = client.entitlement().requests();
    requests
        .wait_until_final(&request.id, &Wait::default())
        .await
        .expect("a verdict");
    let held = assignments(&client).await;
    let all = shelf.admin.entitlement().assignments();
    let outcome = all
        .wait_until_delivered(&held[0].id, &Wait::default())
        .await;
    assert!(matches!(
        outcome.expect("a verdict"),
        AssignmentOutcome::Delivered(_)
    ));
    let early = all.wait_until_expired(&held[0].id, &for_days(29)).await;
    assert!(matches!(early, Err(Error::TimedOut(_))), "{early:?}");
    let over = all.wait_until_expired(&held[0].id, &for_days(2)).await;
    assert!(over.expect("the end").expired_date_time.is_some());
    assert!(!shelf.is_member(&ada).await);
}

/// What was removed can no longer be read, and what was made can.
pub async fn what_is_removed_is_gone(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let packages = shelf.admin.entitlement().packages();
    let (id, wait) = (&shelf.package.id, Wait::default());
    let found = packages.wait_until_readable(id, &wait).await;
    assert_eq!(found.expect("the package").id, *id);
    let stays = packages.wait_until_gone(id, &wait).await;
    let Err(Error::TimedOut(timed_out)) = stays else {
        panic!("it is there");
    };
    assert_eq!(timed_out.seen_for, timed_out.waited);
    packages.delete(id).await.expect("the package goes");
    packages
        .wait_until_gone(id, &wait)
        .await
        .expect("it is gone");
}
