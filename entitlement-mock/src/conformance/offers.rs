//! What people find in My Access (VIS-1, VIS-2, VIS-4).

use entitlement_core::available_package::AvailableAccessPackage;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::query::QueryOf;
use entitlement_core::resource::RoleScope;
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::suggestion::SuggestionReason;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_graph::entitlement::{PackagesOn, SuggestionsOn};

use super::backend::Backend;
use super::fixture::{Shelf, ask, new_package, open_policy};

/// A policy under which one person may ask.
fn only_for(shelf: &Shelf, person: &Id<User>) -> AssignmentPolicyDraft {
    AssignmentPolicyDraft::builder(&shelf.package.id, "Some")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::user(person))
        .requestor_settings(RequestorSettings::self_service())
        .expiration(Expiration::after_days(30))
        .build()
        .expect("a policy")
}

async fn listed(person: &GraphClient) -> usize {
    let grants = AvailableAccessPackage::RESOURCE_ROLE_SCOPES.expand(RoleScope::ROLE);
    let query = QueryOf::new().expand(grants);
    let packages = person.entitlement().available_packages();
    let all = packages.list_with(query).try_collect().await;
    let all = all.expect("the packages");
    for package in &all {
        let granted = package.resource_role_scopes.items();
        assert!(granted.iter().all(|pair| pair.role.loaded().is_some()));
        assert_eq!(granted.len(), 1, "VIS-3: everybody sees what it grants");
    }
    all.len()
}

async fn allowed(person: &GraphClient) -> usize {
    let packages = person.entitlement().packages();
    let all = packages.filter_by_current_user(PackagesOn::AllowedRequestor);
    all.try_collect().await.expect("the packages").len()
}

/// VIS-2: what is for some is listed to all members, who may not all ask for it.
pub async fn what_is_listed_to_whom(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    let guest = backend.sign_in(&backend.join_guest("guest"));
    shelf.add_policy(only_for(&shelf, &ada)).await;
    let (ada, bob) = (backend.sign_in(&ada), backend.sign_in(&bob));
    for (person, sees, may_ask) in [(&ada, 1, 1), (&bob, 1, 0), (&guest, 0, 0)] {
        assert_eq!(
            (listed(person).await, allowed(person).await),
            (sees, may_ask)
        );
    }
    let available = bob.entitlement().available_packages();
    let id = shelf.package.id.to_string().parse().expect("an id");
    available.get(&id).await.expect("Bob sees it");
    assert!(
        ask(&bob, &shelf.package.id).await.is_err(),
        "and that is all"
    );
    let hidden = guest.entitlement().available_packages().get(&id).await;
    assert!(hidden.expect_err("guests do not").is_not_found());
}

/// Packages are suggested for what people around have, and for what one had before.
pub async fn packages_are_suggested(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let boss = backend.join("boss", None);
    let (ada, bob) = (
        backend.join("ada", Some(&boss)),
        backend.join("bob", Some(&boss)),
    );
    let other = new_package(&shelf.admin, &shelf.catalog.id, "Other").await;
    for package in [&shelf.package.id, &other.id] {
        shelf.add_policy(open_policy(package, "Open", [])).await;
    }
    let (ada, bob) = (backend.sign_in(&ada), backend.sign_in(&bob));
    ask(&ada, &other.id).await.expect("a request");
    backend.advance(IsoDuration::days(31));
    ask(&bob, &shelf.package.id).await.expect("a request");

    let suggested = async |on: SuggestionsOn| {
        let query = Query::new().expand("accessPackage");
        let suggestions = ada.entitlement().suggestions();
        let all = suggestions.filter_by_current_user_with(on, query);
        all.try_collect().await.expect("the suggestions")
    };
    let people = suggested(SuggestionsOn::RelatedPeople).await;
    let package = people[0].access_package.loaded().expect("the package");
    assert_eq!(package.access_package_id(), shelf.package.id);
    let [SuggestionReason::RelatedPeople(reason)] = people[0].reasons.as_slice() else {
        panic!("one reason: {people:?}");
    };
    assert_eq!(reason.related_people_assignment_count, Some(1));
    let history = suggested(SuggestionsOn::AssignmentHistory).await;
    let [SuggestionReason::SelfAssignmentHistory(reason)] = history[0].reasons.as_slice() else {
        panic!("one reason: {history:?}");
    };
    assert_eq!(reason.past_assignment_count, Some(1));
    assert_eq!(suggested(SuggestionsOn::Both).await.len(), 2);

    ask(&ada, &shelf.package.id).await.expect("a request");
    let left = suggested(SuggestionsOn::Both).await;
    assert_eq!(left.len(), 1, "nobody is offered what they have");
}
