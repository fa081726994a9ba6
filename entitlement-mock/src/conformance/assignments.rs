//! From the request to access, through extension and removal, to its end.

use entitlement_core::assignment::AssignmentState;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{RoleOrigin, RoleScopeDraft};
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::subject_set::SubjectSet;

use super::backend::Backend;
use super::fixture::{
    Shelf, add_group, ask, assignments, code, days, is_member, new_group, new_package, open_policy,
};

/// Scenario 6: a membership ends with the last assignment that grants it, and was not remembered (DEL-3, DEL-4).
pub async fn scenario_06_packages_share_a_group(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    shelf
        .admin
        .group(&shelf.group.id)
        .add_member(&ada)
        .await
        .expect("a member from before");
    let second = new_package(&shelf.admin, &shelf.catalog.id, "Second").await;
    shelf.grant(&second.id).await;
    for package in [&shelf.package.id, &second.id] {
        shelf.add_policy(open_policy(package, "Open", [])).await;
    }
    ask(&client, &shelf.package.id).await.expect("the first");
    backend.advance(days(10));
    ask(&client, &second.id).await.expect("the second");

    backend.advance(days(20));
    assert!(
        shelf.is_member(&ada).await,
        "the second package still grants it"
    );
    backend.advance(days(10));
    assert!(!shelf.is_member(&ada).await, "nothing grants it any more");
}

/// Scenario 9: a package that somebody holds cannot be deleted (OBJ-43, REQ-22).
pub async fn scenario_09_a_held_package_stays(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let policy = shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    let client = backend.sign_in(&ada);
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    let held = assignments(&client).await.remove(0);
    let entitlement = shelf.admin.entitlement();
    let refused = entitlement.packages().delete(&shelf.package.id).await;
    assert_eq!(code(refused), "InvalidDeleteEntitlementHasGrants");
    assert!(
        entitlement.policies().delete(&policy.id).await.is_err(),
        "OBJ-46"
    );

    let remove = AssignmentRequestDraft::admin_remove(&held.id)
        .build()
        .expect("a draft");
    let removal = entitlement
        .requests()
        .create(&remove)
        .await
        .expect("a removal");
    shelf
        .expect_request(&removal.id, RequestState::Delivered, "Fulfilled")
        .await;
    assert!(!shelf.is_member(&ada).await);
    entitlement
        .packages()
        .delete(&shelf.package.id)
        .await
        .expect("the package goes");
    assert!(
        entitlement
            .policies()
            .get(&policy.id)
            .await
            .expect_err("gone with it")
            .is_not_found(),
        "OBJ-45"
    );
    let kept = shelf.request(&request.id).await;
    assert_eq!(
        kept.state,
        Some(RequestState::Delivered),
        "requests stay readable"
    );
}

/// Scenario 14: only the policies of the strongest class that contains a person count (PRI-1, PRI-2).
pub async fn scenario_14_the_strongest_policy_counts(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    let everybody = shelf
        .add_policy(open_policy(&shelf.package.id, "Everybody", []))
        .await;
    let few = AssignmentPolicyDraft::builder(&shelf.package.id, "A few")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::user(&ada))
        .requestor_settings(RequestorSettings::self_service())
        .build();
    let few = shelf.add_policy(few.expect("a policy")).await;
    for (person, policy) in [(&ada, &few), (&bob, &everybody)] {
        let client = backend.sign_in(person);
        let package = client.entitlement().package(&shelf.package.id);
        let requirements = package
            .applicable_policy_requirements()
            .await
            .expect("the requirements");
        let applicable: Vec<_> = requirements
            .into_iter()
            .filter_map(|one| one.policy_id)
            .collect();
        assert_eq!(applicable, std::slice::from_ref(&policy.id));
    }
    let weaker = AssignmentRequestDraft::user_add(&shelf.package.id)
        .policy(&everybody.id)
        .build()
        .expect("a draft");
    assert!(
        backend
            .sign_in(&ada)
            .entitlement()
            .requests()
            .create(&weaker)
            .await
            .is_err(),
        "the weaker is ignored"
    );
}

/// Access begins when it was wished for, and lasts from then on (EXP-4, EXP-6).
pub async fn a_scheduled_request_waits_for_its_start(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    let now = shelf.package.created_date_time.expect("a date");
    let start = days(5).after(now).expect("a date");
    let wish = Schedule::starting(start).until(Expiration::after_days(7));
    let draft = AssignmentRequestDraft::user_add(&shelf.package.id)
        .schedule(wish)
        .build()
        .expect("a draft");
    let request = client
        .entitlement()
        .requests()
        .create(&draft)
        .await
        .expect("a request");
    shelf
        .expect_request(&request.id, RequestState::Scheduled, "PendingNotBefore")
        .await;
    assert_eq!(assignments(&client).await, []);

    backend.advance(days(5));
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
    assert_eq!(assignments(&client).await[0].end(), days(7).after(start));
    backend.advance(days(7));
    assert!(!shelf.is_member(&ada).await);

    let too_long = Schedule::lasting(Expiration::after_days(31));
    let draft = AssignmentRequestDraft::user_add(&shelf.package.id)
        .schedule(too_long)
        .build()
        .expect("a draft");
    assert!(
        client
            .entitlement()
            .requests()
            .create(&draft)
            .await
            .is_err(),
        "EXP-6: 30 days is the most"
    );
}

/// REQ-7, REQ-42, REQ-43, EXP-7.
pub async fn administrators_assign_and_remove(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let requests = shelf.admin.entitlement().requests();
    let policy = AssignmentPolicyDraft::builder(&shelf.package.id, "Administrators only")
        .build()
        .expect("a policy");
    let policy = shelf.add_policy(policy).await;
    let add = || {
        AssignmentRequestDraft::admin_add(&shelf.package.id, &policy.id, &ada)
            .build()
            .expect("a draft")
    };

    requests.create(&add()).await.expect("an assignment");
    assert!(shelf.is_member(&ada).await);
    let twice = requests.create(&add()).await.expect_err("a refusal");
    assert!(twice.is_already_assigned());
    let client = backend.sign_in(&ada);
    let held = assignments(&client).await.remove(0);
    assert_eq!(held.end(), None, "the policy says nothing about an end");

    let shorten = AssignmentRequestDraft::admin_update(&held.id)
        .schedule(Schedule::lasting(Expiration::after_days(3)))
        .build()
        .expect("a draft");
    requests.create(&shorten).await.expect("new dates");
    backend.advance(days(3));
    assert!(!shelf.is_member(&ada).await);
    let gone = requests
        .create(
            &AssignmentRequestDraft::admin_remove(&held.id)
                .build()
                .expect("a draft"),
        )
        .await;
    assert!(gone.expect_err("a refusal").is_not_assigned());

    requests.create(&add()).await.expect("a new assignment");
    let all = assignments(&client).await;
    assert_eq!(all.len(), 2, "REQ-43: the old one stays, expired");
    assert_ne!(all[0].id, all[1].id);
}

/// OBJ-50, DEL-5, REQ-53.
pub async fn holders_gain_and_lose_what_the_package_grants(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    ask(&client, &shelf.package.id).await.expect("a request");

    let more = new_group(&shelf.admin, "more").await;
    let resource = add_group(&shelf.admin, &shelf.catalog.id, &more.id).await;
    let role_scopes = shelf
        .admin
        .entitlement()
        .package(&shelf.package.id)
        .role_scopes();
    let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&more.id))
        .expect("a draft");
    let role = role_scopes.create(&role).await.expect("a role scope");
    assert!(
        is_member(&shelf.admin, &more.id, &ada).await,
        "holders get what is added"
    );
    role_scopes
        .delete(&role.id)
        .await
        .expect("the role scope goes");
    assert!(
        !is_member(&shelf.admin, &more.id, &ada).await,
        "and lose what is removed"
    );

    shelf
        .admin
        .group(&shelf.group.id)
        .remove_member(&ada)
        .await
        .expect("removed by hand");
    let held = assignments(&client).await.remove(0);
    assert_eq!(
        held.state,
        Some(AssignmentState::Delivered),
        "DEL-5: nobody notices"
    );
    shelf
        .admin
        .entitlement()
        .assignment(&held.id)
        .reprocess()
        .await
        .expect("accepted");
    assert!(shelf.is_member(&ada).await, "REQ-53");
}

/// U-20, REQ-52: a group that is gone cannot be written; delivery can be repeated for fourteen days.
pub async fn failed_delivery_is_repeated(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    let more = new_group(&shelf.admin, "short-lived").await;
    let resource = add_group(&shelf.admin, &shelf.catalog.id, &more.id).await;
    let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&more.id))
        .expect("a draft");
    shelf
        .admin
        .entitlement()
        .package(&shelf.package.id)
        .role_scopes()
        .create(&role)
        .await
        .expect("a role scope");
    shelf
        .admin
        .groups()
        .delete(&more.id)
        .await
        .expect("the group goes");

    let client = backend.sign_in(&ada);
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    shelf
        .expect_request(
            &request.id,
            RequestState::PartiallyDelivered,
            "PartiallyDelivered",
        )
        .await;
    assert_eq!(
        assignments(&client).await[0].state,
        Some(AssignmentState::PartiallyDelivered)
    );
    assert!(shelf.is_member(&ada).await, "the other group is written");

    backend.advance(days(10));
    shelf
        .admin
        .entitlement()
        .request(&request.id)
        .reprocess()
        .await
        .expect("within fourteen days");
    shelf
        .expect_request(
            &request.id,
            RequestState::PartiallyDelivered,
            "PartiallyDelivered",
        )
        .await;
    backend.advance(days(15));
    assert!(
        shelf
            .admin
            .entitlement()
            .request(&request.id)
            .reprocess()
            .await
            .is_err(),
        "REQ-52"
    );
}
