//! Writing what packages grant where something refuses, or somebody is gone.

use entitlement_core::assignment::AssignmentState;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::resource::{Resource, RoleOrigin, RoleScopeDraft};
use entitlement_core::schedule::Expiration;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use http::Method;

use super::backend::Backend;
use super::fixture::{
    Shelf, add_group, ask, assignments, code, days, is_member, new_group, new_package, open_policy,
};

/// A package that grants two groups, of which the second can be taken down.
struct TwoGroups {
    shelf: Shelf,
    second: Resource,
    second_role: RoleOrigin,
}

impl TwoGroups {
    async fn make(backend: &impl Backend) -> Self {
        let shelf = Shelf::fill(backend).await;
        shelf
            .add_policy(open_policy(&shelf.package.id, "Open", []))
            .await;
        let group = new_group(&shelf.admin, "second").await;
        let second = add_group(&shelf.admin, &shelf.catalog.id, &group.id).await;
        let second_role = RoleOrigin::member_of(&group.id);
        let role = RoleScopeDraft::whole_resource(&second, &second_role).expect("a draft");
        let package = shelf.admin.entitlement().package(&shelf.package.id);
        package
            .role_scopes()
            .create(&role)
            .await
            .expect("a role scope");
        Self {
            shelf,
            second,
            second_role,
        }
    }

    fn is_in_second(&self, backend: &impl Backend, person: &Id<User>) -> bool {
        backend.holds(person, &self.second.id, &self.second_role)
    }
}

async fn state(person: &GraphClient) -> Option<AssignmentState> {
    assignments(person).await.remove(0).state
}

/// Scenario 13: one of two resources fails for hours; that is repeated on day 10, and refused on day 15 (DEL-2,
/// REQ-52).
pub async fn scenario_13_partial_delivery(backend: &impl Backend) {
    let two = TwoGroups::make(backend).await;
    let shelf = &two.shelf;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    backend.take_down(&two.second.id);
    let client = backend.sign_in(&ada);
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    let late = ask(&backend.sign_in(&bob), &shelf.package.id).await;
    let late = late.expect("a request");
    shelf
        .expect_request(&request.id, RequestState::Delivering, "Delivering")
        .await;
    assert!(shelf.is_member(&ada).await, "the first group is written");
    assert_eq!(state(&client).await, Some(AssignmentState::Delivering));

    backend.advance(days(1));
    let partly = RequestState::PartiallyDelivered;
    shelf
        .expect_request(&request.id, partly.clone(), "PartiallyDelivered")
        .await;
    assert_eq!(
        state(&client).await,
        Some(AssignmentState::PartiallyDelivered)
    );
    assert!(!two.is_in_second(backend, &ada));
    let completed = shelf.request(&request.id).await.completed_date_time;
    assert!(completed.is_some(), "the service has given up");

    backend.bring_up(&two.second.id);
    backend.advance(days(9));
    assert!(!two.is_in_second(backend, &ada), "nothing comes by itself");
    let requests = shelf.admin.entitlement();
    requests
        .request(&request.id)
        .reprocess()
        .await
        .expect("day 10 is early enough");
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
    assert_eq!(state(&client).await, Some(AssignmentState::Delivered));
    assert!(two.is_in_second(backend, &ada));

    backend.advance(days(5));
    let refused = requests.request(&late.id).reprocess().await;
    assert!(refused.is_err(), "day 15 is too late");
    shelf
        .expect_request(&late.id, partly, "PartiallyDelivered")
        .await;
}

/// DEL-2: what comes back within hours is written by itself; what has nothing to write to fails.
pub async fn short_outages_are_waited_out(backend: &impl Backend) {
    let two = TwoGroups::make(backend).await;
    let shelf = &two.shelf;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    for resource in [&shelf.resource.id, &two.second.id] {
        backend.take_down(resource);
    }
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    backend.advance(IsoDuration::hours(1));
    shelf
        .expect_request(&request.id, RequestState::Delivering, "Delivering")
        .await;
    for resource in [&shelf.resource.id, &two.second.id] {
        backend.bring_up(resource);
    }
    backend.advance(IsoDuration::hours(4));
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
    assert!(shelf.is_member(&ada).await);

    let bob = backend.join("bob", None);
    let client = backend.sign_in(&bob);
    for resource in [&shelf.resource.id, &two.second.id] {
        backend.take_down(resource);
    }
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    backend.advance(days(1));
    shelf
        .expect_request(&request.id, RequestState::DeliveryFailed, "DeliveryFailed")
        .await;
    assert_eq!(state(&client).await, Some(AssignmentState::DeliveryFailed));
}

/// What cannot be taken away at once is taken away later, and the request says so meanwhile.
pub async fn removal_waits_for_the_resource_too(backend: &impl Backend) {
    let two = TwoGroups::make(backend).await;
    let shelf = &two.shelf;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    ask(&client, &shelf.package.id).await.expect("a request");
    let held = assignments(&client).await.remove(0);
    backend.take_down(&two.second.id);
    let draft = AssignmentRequestDraft::admin_remove(&held.id).build();
    let requests = shelf.admin.entitlement().requests();
    let removal = requests.create(&draft.expect("a draft")).await;
    let removal = removal.expect("a removal");
    shelf
        .expect_request(&removal.id, RequestState::Delivering, "Delivering")
        .await;
    assert_eq!(state(&client).await, Some(AssignmentState::Expired));
    assert!(!shelf.is_member(&ada).await);
    assert!(two.is_in_second(backend, &ada), "it refuses");
    backend.bring_up(&two.second.id);
    backend.advance(IsoDuration::hours(1));
    shelf
        .expect_request(&removal.id, RequestState::Delivered, "Fulfilled")
        .await;
    assert!(!two.is_in_second(backend, &ada));

    // The end of an assignment waits in the same way.
    ask(&client, &shelf.package.id).await.expect("once more");
    backend.advance(days(29));
    backend.take_down(&two.second.id);
    backend.advance(days(1));
    assert!(two.is_in_second(backend, &ada), "it refuses");
    backend.bring_up(&two.second.id);
    backend.advance(IsoDuration::hours(8));
    assert!(!two.is_in_second(backend, &ada));
}

/// DEL-6, U-20: a group that is gone breaks its own role only.
pub async fn a_deleted_group_breaks_its_role_only(backend: &impl Backend) {
    let two = TwoGroups::make(backend).await;
    let shelf = &two.shelf;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    ask(&client, &shelf.package.id).await.expect("a request");
    let groups = shelf.admin.groups();
    groups.delete(&shelf.group.id).await.expect("it goes");

    let listed = shelf.admin.entitlement().catalog(&shelf.catalog.id);
    let listed = listed.resources().get(&shelf.resource.id).await;
    assert_eq!(listed.expect("it stays listed").id, shelf.resource.id);
    let refresh = shelf.admin.entitlement().catalog(&shelf.catalog.id);
    let refresh = refresh.resource(&shelf.resource.id).refresh().await;
    assert_eq!(code(refresh), "ResourceNotFoundInOriginSystem");

    let bob = backend.join("bob", None);
    let request = ask(&backend.sign_in(&bob), &shelf.package.id).await;
    let request = request.expect("a request");
    shelf
        .expect_request(
            &request.id,
            RequestState::PartiallyDelivered,
            "PartiallyDelivered",
        )
        .await;
    assert!(two.is_in_second(backend, &bob), "the other role works");
    assert_eq!(state(&client).await, Some(AssignmentState::Delivered));
    let held = assignments(&client).await.remove(0);
    let draft = AssignmentRequestDraft::admin_remove(&held.id).build();
    let requests = shelf.admin.entitlement().requests();
    let removal = requests.create(&draft.expect("a draft")).await;
    shelf
        .expect_request(
            &removal.expect("a removal").id,
            RequestState::Delivered,
            "Fulfilled",
        )
        .await;
    assert!(!two.is_in_second(backend, &ada));
}

/// DEL-8, OBJ-44: whoever is deleted keeps their assignments for thirty days, and with them the package.
pub async fn deleted_people_hold_packages_for_thirty_days(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let policy = AssignmentPolicyDraft::builder(&shelf.package.id, "Open")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service())
        .expiration(Expiration::never())
        .build();
    shelf.add_policy(policy.expect("a policy")).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    for person in [&ada, &bob] {
        let client = backend.sign_in(person);
        ask(&client, &shelf.package.id).await.expect("a request");
        let path = format!("users/{person}");
        let call = shelf.admin.raw(Method::DELETE, &path).expect("a call");
        call.done().await.expect("the account goes");
        assert!(client.me().await.is_err(), "nobody signs in as a ghost");
        let gone = shelf.admin.users().get(person).await;
        assert!(gone.expect_err("it is gone").is_not_found());
        assert!(!shelf.is_member(person).await, "groups do not show ghosts");
    }
    let packages = shelf.admin.entitlement().packages();
    let refused = packages.delete(&shelf.package.id).await;
    assert_eq!(code(refused), "InvalidDeleteEntitlementHasGrants", "OBJ-44");

    backend.advance(days(10));
    let path = format!("directory/deletedItems/{bob}/restore");
    let call = shelf.admin.raw(Method::POST, &path).expect("a call");
    call.done().await.expect("Bob is back");
    assert!(shelf.is_member(&bob).await, "with everything he had");
    backend.advance(days(20));
    let all = shelf.admin.entitlement().requests().list();
    let all = all.try_collect().await.expect("the requests");
    let removals = all
        .iter()
        .filter(|request| request.request_type == Some(RequestType::SystemRemove));
    assert_eq!(removals.count(), 1, "Ada's time is over");
    let held = assignments(&backend.sign_in(&bob)).await.remove(0);
    assert_eq!(held.state, Some(AssignmentState::Delivered));
    let draft = AssignmentRequestDraft::admin_remove(&held.id).build();
    let requests = shelf.admin.entitlement().requests();
    let draft = draft.expect("a draft");
    requests.create(&draft).await.expect("a removal");
    let requests = requests.list().try_collect().await;
    assert_eq!(requests.expect("the requests").len(), 4);
    packages.delete(&shelf.package.id).await.expect("it goes");
}

/// DEL-3, OBJ-50: what two packages grant stays as long as one of them does, whichever way the other one lost it.
pub async fn shared_roles_are_counted(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    let second = new_package(&shelf.admin, &shelf.catalog.id, "Second").await;
    shelf.grant(&second.id).await;
    for package in [&shelf.package.id, &second.id] {
        shelf.add_policy(open_policy(package, "Open", [])).await;
        ask(&client, package).await.expect("a request");
    }
    let entitlement = shelf.admin.entitlement();
    let package = entitlement.package(&second.id);
    let granted = package.get_whole().await.expect("the package");
    let role_scope = granted.resource_role_scopes.items()[0].id.clone();
    let listed = package.role_scopes();
    let one = listed.get(&role_scope).await.expect("it can be read");
    assert_eq!(one.id, role_scope);
    listed.delete(&role_scope).await.expect("it goes");
    assert!(shelf.is_member(&ada).await, "the first package grants it");
    let held = assignments(&client).await;
    let draft = AssignmentRequestDraft::admin_remove(&held[0].id).build();
    let requests = entitlement.requests();
    let draft = draft.expect("a draft");
    requests.create(&draft).await.expect("a removal");
    assert!(!is_member(&shelf.admin, &shelf.group.id, &ada).await);
}
