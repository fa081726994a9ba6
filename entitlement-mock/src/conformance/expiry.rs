//! How access ends by itself, and how it is kept for longer.

use entitlement_core::assignment::AssignmentState;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::schedule::{Expiration, Schedule};

use super::backend::Backend;
use super::fixture::{Shelf, ask, assignments, days};

/// Scenario 7: ninety days, an extension on day 80, reminders, and the end (EXP-8, EXP-10, ASG-8).
pub async fn scenario_07_expiry_and_extension(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    let policy = AssignmentPolicyDraft::builder(&shelf.package.id, "Ninety days")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service().with_extension())
        .expiration(Expiration::after_days(90))
        .build();
    shelf.add_policy(policy.expect("a policy")).await;
    ask(&client, &shelf.package.id).await.expect("a request");
    let held = assignments(&client).await.remove(0);
    let status = async || {
        assignments(&client).await[0]
            .status
            .clone()
            .unwrap_or_default()
    };

    backend.advance(days(76));
    assert_eq!(status().await, "NearExpiry14DayNotificationTriggered");
    backend.advance(days(4));
    let longer = AssignmentRequestDraft::user_update(&held.id)
        .schedule(Schedule::lasting(Expiration::after_days(90)))
        .build()
        .expect("a draft");
    let request = client
        .entitlement()
        .requests()
        .create(&longer)
        .await
        .expect("an extension");
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
    let extended = assignments(&client).await;
    assert_eq!(extended.len(), 1, "REQ-31: the same assignment");
    assert_eq!(extended[0].id, held.id);
    assert!(extended[0].end() > held.end());

    backend.advance(days(89));
    assert_eq!(status().await, "NearExpiry1DayNotificationTriggered");
    assert!(shelf.is_member(&ada).await);
    backend.advance(days(1));
    assert!(!shelf.is_member(&ada).await);
    let ended = assignments(&client).await.remove(0);
    assert_eq!(ended.state, Some(AssignmentState::Expired));
    assert_eq!(ended.expired_date_time, extended[0].end());
    let requests = shelf.admin.entitlement().requests();
    let query = Query::new().filter(Filter::field("requestType").eq(RequestType::SystemRemove));
    let removals = requests
        .list_with(query)
        .try_collect()
        .await
        .expect("the requests");
    assert_eq!(removals.len(), 1, "ASG-9: the end has a record");
}

/// Ends that lie in the past end at once (REQ-8b), and a policy whose own end has passed gives nothing (EXP-9).
pub async fn ends_that_have_passed_are_ends(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    let made = shelf.package.created_date_time.expect("a date");
    let policy = AssignmentPolicyDraft::builder(&shelf.package.id, "Until day ten")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service().with_extension())
        .expiration(Expiration::at(days(10).after(made).expect("a date")))
        .build();
    shelf.add_policy(policy.expect("a policy")).await;
    ask(&client, &shelf.package.id).await.expect("a request");
    backend.advance(days(5));
    let held = assignments(&client).await.remove(0);
    let longer = AssignmentRequestDraft::user_update(&held.id)
        .schedule(Schedule::lasting(Expiration::after_days(6)))
        .build()
        .expect("a draft");
    let requests = client.entitlement().requests();
    assert!(
        requests.create(&longer).await.is_err(),
        "no longer than the policy"
    );

    let over = Schedule::lasting(Expiration::at(days(4).after(made).expect("a date")));
    let over = AssignmentRequestDraft::admin_update(&held.id)
        .schedule(over)
        .build();
    let admin = shelf.admin.entitlement().requests();
    admin
        .create(&over.expect("a draft"))
        .await
        .expect("new dates");
    assert!(!shelf.is_member(&ada).await);
    assert_eq!(
        assignments(&client).await[0].state,
        Some(AssignmentState::Expired)
    );

    backend.advance(days(5));
    assert!(ask(&client, &shelf.package.id).await.is_err(), "EXP-9");
}
