//! Access that comes and goes with what people's accounts say (section 2.8).

use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::directory::{User, UserPatch};
use entitlement_core::entity::Id;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::policy::requestor::{AllowedTargetScope, AutomaticRequestSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;

use super::backend::Backend;
use super::fixture::{Shelf, ask, assignments, code, days, new_package, open_policy};

fn automatic(
    shelf: &Shelf,
    rule: &str,
    removes: bool,
    grace: Option<IsoDuration>,
) -> AssignmentPolicyDraft {
    let mut settings = AutomaticRequestSettings::default();
    settings.request_access_for_allowed_targets = Some(true);
    settings.remove_access_when_target_leaves_allowed_targets = Some(removes);
    settings.grace_period_before_access_removal = grace;
    AssignmentPolicyDraft::builder(&shelf.package.id, "By rule")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::rule(rule))
        .automatic_request_settings(settings)
        .build()
        .expect("a policy")
}

const SALES: &str = r#"user.department -eq "Sales" -and user.accountEnabled -eq true"#;

async fn move_to(admin: &GraphClient, person: &Id<User>, department: &str) {
    let patch = UserPatch {
        department: department.to_owned().into(),
        ..UserPatch::default()
    };
    admin.users().update(person, &patch).await.expect("a move");
}

/// What a person holds, newest last.
async fn held(backend: &impl Backend, person: &Id<User>) -> Vec<Assignment> {
    assignments(&backend.sign_in(person)).await
}

async fn count(shelf: &Shelf, kind: RequestType) -> usize {
    let query = Query::new().filter(Filter::field("requestType").eq(kind));
    let requests = shelf.admin.entitlement().requests().list_with(query);
    requests.try_collect().await.expect("the requests").len()
}

/// Scenario 10: into the rule, out of it with seven days of grace, back inside of them, and out for good (AUTO-3,
/// AUTO-5).
pub async fn scenario_10_automatic_assignment(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    move_to(&shelf.admin, &ada, "sales").await;
    move_to(&shelf.admin, &bob, "Engines").await;
    shelf
        .add_policy(automatic(&shelf, SALES, true, Some(days(7))))
        .await;
    assert!(shelf.is_member(&ada).await, "AUTO-3");
    assert!(!shelf.is_member(&bob).await);
    assert_eq!(count(&shelf, RequestType::SystemAdd).await, 1);
    move_to(&shelf.admin, &bob, "Sales").await;
    assert!(shelf.is_member(&bob).await, "AUTO-7");

    move_to(&shelf.admin, &bob, "Engines").await;
    backend.advance(days(5));
    let in_grace = held(backend, &bob).await.remove(0);
    assert_eq!(
        in_grace.status.as_deref(),
        Some("AutoAssignmentInGracePeriod")
    );
    assert!(shelf.is_member(&bob).await);
    move_to(&shelf.admin, &bob, "Sales").await;
    backend.advance(days(5));
    let back = held(backend, &bob).await.remove(0);
    assert_eq!(back.id, in_grace.id, "AUTO-5: they keep what they have");
    assert_eq!(back.state, Some(AssignmentState::Delivered));
    assert_eq!(back.status.as_deref(), Some("Delivered"));

    move_to(&shelf.admin, &bob, "Engines").await;
    backend.advance(days(7));
    assert!(!shelf.is_member(&bob).await);
    let ended = held(backend, &bob).await.remove(0);
    assert_eq!(ended.state, Some(AssignmentState::Expired));
    assert_eq!(count(&shelf, RequestType::SystemRemove).await, 1, "ASG-9");
    assert!(
        shelf.is_member(&ada).await,
        "nothing has changed for others"
    );
}

/// AUTO-1, AUTO-2, AUTO-8.
pub async fn rules_that_are_none_are_refused(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let policies = shelf.admin.entitlement().policies();
    for rule in [
        r#"user.department -is "Sales""#,
        r#"user.department -eq "Sales"#,
        r#"user.shoeSize -eq "42""#,
    ] {
        let refused = policies.create(&automatic(&shelf, rule, true, None)).await;
        assert_eq!(code(refused), "InvalidModel", "{rule}");
    }
    let stored = policies.list().try_collect().await.expect("the policies");
    assert!(stored.is_empty(), "a refused policy leaves nothing");
    shelf.add_policy(automatic(&shelf, SALES, true, None)).await;
    let mut second = automatic(&shelf, SALES, true, None);
    second = renamed(&shelf, &second);
    assert_eq!(
        code(policies.create(&second).await),
        "InvalidModel",
        "AUTO-1"
    );
}

/// The same policy by another name.
fn renamed(shelf: &Shelf, _like: &AssignmentPolicyDraft) -> AssignmentPolicyDraft {
    AssignmentPolicyDraft::builder(&shelf.package.id, "By rule, again")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::rule(SALES))
        .automatic_request_settings(AutomaticRequestSettings::default())
        .build()
        .expect("a policy")
}

/// AUTO-3, AUTO-11: holders through other policies are left alone, and so is whoever holds what does not go with it.
pub async fn what_people_have_already_is_left_alone(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    let other = new_package(&shelf.admin, &shelf.catalog.id, "Other").await;
    for package in [&shelf.package.id, &other.id] {
        shelf.add_policy(open_policy(package, "Open", [])).await;
    }
    let incompatible = shelf
        .admin
        .entitlement()
        .package(&shelf.package.id)
        .incompatible_packages();
    incompatible.add(&other.id).await.expect("a rule");
    ask(&backend.sign_in(&ada), &shelf.package.id)
        .await
        .expect("a request");
    ask(&backend.sign_in(&bob), &other.id)
        .await
        .expect("a request");
    for person in [&ada, &bob] {
        move_to(&shelf.admin, person, "Sales").await;
    }
    shelf.add_policy(automatic(&shelf, SALES, true, None)).await;
    assert_eq!(count(&shelf, RequestType::SystemAdd).await, 0);
    move_to(&shelf.admin, &ada, "Engines").await;
    assert!(
        shelf.is_member(&ada).await,
        "AUTO-3: hers by another policy"
    );
    move_to(&shelf.admin, &ada, "Sales").await;
    backend.advance(days(30));
    assert!(
        shelf.is_member(&ada).await,
        "the rule gives what the other policy took"
    );
    assert_eq!(
        count(&shelf, RequestType::SystemAdd).await,
        2,
        "and to bob, who is free now"
    );
}

/// AUTO-5, AUTO-6, AUTO-7, AUTO-9: at once without a grace period, never where nothing is removed, and by the new rule.
pub async fn people_go_with_the_rule(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    move_to(&shelf.admin, &ada, "Sales").await;
    let policy = shelf.add_policy(automatic(&shelf, SALES, true, None)).await;
    assert!(shelf.is_member(&ada).await);
    set_rule(&shelf, &policy, r#"user.department -eq "Nobody""#, true).await;
    assert!(!shelf.is_member(&ada).await, "AUTO-5, AUTO-7");
    let policies = shelf.admin.entitlement().policies();
    policies.delete(&policy.id).await.expect("AUTO-9");

    let policy = shelf
        .add_policy(automatic(&shelf, SALES, false, None))
        .await;
    assert!(shelf.is_member(&ada).await);
    move_to(&shelf.admin, &ada, "Engines").await;
    assert!(shelf.is_member(&ada).await, "AUTO-6");
    let held = held(backend, &ada).await;
    let remove = AssignmentRequestDraft::admin_remove(&held.last().expect("an assignment").id);
    let requests = shelf.admin.entitlement().requests();
    let removal = requests.create(&remove.build().expect("a draft")).await;
    let removal = removal.expect("a removal");
    shelf
        .expect_request(&removal.id, RequestState::Delivered, "Fulfilled")
        .await;
    assert!(!shelf.is_member(&ada).await);
    move_to(&shelf.admin, &ada, "Sales").await;
    assert!(
        shelf.is_member(&ada).await,
        "AUTO-9: the rule has them again"
    );
    set_rule(&shelf, &policy, SALES, true).await;
    let blocked = UserPatch {
        account_enabled: false.into(),
        ..UserPatch::default()
    };
    let users = shelf.admin.users();
    users.update(&ada, &blocked).await.expect("a change");
    assert!(
        !shelf.is_member(&ada).await,
        "the rule wants an account that is enabled"
    );
}

async fn set_rule(shelf: &Shelf, policy: &AssignmentPolicy, rule: &str, removes: bool) {
    let policies = shelf.admin.entitlement().policies();
    let edited = policies.edit(&policy.id, |policy| {
        policy.specific_allowed_targets = vec![SubjectSet::rule(rule)];
        if let Some(settings) = &mut policy.automatic_request_settings {
            settings.remove_access_when_target_leaves_allowed_targets = Some(removes);
        }
    });
    edited.await.expect("a change");
}
