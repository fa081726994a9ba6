//! Separation of duties: who may not get a package because of what they have.

use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_graph::entitlement::AdditionalAccess;
use entitlement_graph::{Error, GraphClient};

use super::backend::Backend;
use super::fixture::{Shelf, ask, assignments, new_group, new_package, nothing, open_policy};

/// Two packages, "Access" and "Other", that everybody may ask for.
struct Pair {
    shelf: Shelf,
    first: (AccessPackage, AssignmentPolicy),
    second: (AccessPackage, AssignmentPolicy),
}

impl Pair {
    async fn make(backend: &impl Backend) -> Self {
        let shelf = Shelf::fill(backend).await;
        let other = new_package(&shelf.admin, &shelf.catalog.id, "Other").await;
        shelf.grant(&other.id).await;
        let policy = |package: &Id<AccessPackage>| open_policy(package, "Open", []);
        let policies = (
            shelf.add_policy(policy(&shelf.package.id)).await,
            shelf.add_policy(policy(&other.id)).await,
        );
        Self {
            first: (shelf.package.clone(), policies.0),
            second: (other, policies.1),
            shelf,
        }
    }
}

async fn assign(
    admin: &GraphClient,
    (package, policy): &(AccessPackage, AssignmentPolicy),
    person: &Id<User>,
) -> Result<AssignmentRequest, Error> {
    let draft = AssignmentRequestDraft::admin_add(&package.id, &policy.id, person).build()?;
    admin.entitlement().requests().create(&draft).await
}

/// The status and the message of a refusal.
fn refusal<T>(outcome: Result<T, Error>) -> (u16, String) {
    let error = outcome.err().expect("a refusal");
    let status = error.status().expect("a status").as_u16();
    let service = error.service().expect("an answer of the service");
    (status, service.message().to_owned())
}

const TOLD: &str = "You cannot request access as you currently have incompatible group membership(s) and/or access \
                    package assignment(s)";

/// Scenario 8: holders of B get no A, neither by asking nor by an administrator; holders of A get B (SOD-2 to SOD-6).
pub async fn scenario_08_separation_of_duties(backend: &impl Backend) {
    let Pair {
        shelf,
        first: a,
        second: b,
    } = Pair::make(backend).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    let cora = backend.join("cora", None);
    assign(&shelf.admin, &a, &cora).await.expect("the first");
    assign(&shelf.admin, &b, &cora).await.expect("the second");
    let kept = assignments(&backend.sign_in(&cora)).await;

    let incompatible = shelf
        .admin
        .entitlement()
        .package(&a.0.id)
        .incompatible_packages();
    incompatible.add(&b.0.id).await.expect("a link");
    assert!(incompatible.add(&b.0.id).await.is_err(), "it is there");
    let lost: Id<AccessPackage> = nothing();
    let missing = incompatible.add(&lost).await.expect_err("no such package");
    assert!(missing.is_not_found());

    let client = backend.sign_in(&ada);
    ask(&client, &b.0.id).await.expect("B by itself");
    assert_eq!(
        refusal(ask(&client, &a.0.id).await),
        (400, TOLD.to_owned()),
        "a holder of B cannot ask for A"
    );
    let assigned = assign(&shelf.admin, &a, &ada).await;
    let named = r#"{"accessPackageAssignments":["Other"]}"#;
    assert_eq!(
        refusal(assigned),
        (400, named.to_owned()),
        "nor be given it"
    );
    assert_eq!(assignments(&client).await.len(), 1, "nothing was stored");

    let client = backend.sign_in(&bob);
    ask(&client, &a.0.id).await.expect("A by itself");
    ask(&client, &b.0.id).await.expect("one-way (SOD-2)");
    let still = assignments(&backend.sign_in(&cora)).await;
    assert_eq!(still, kept, "who has both keeps both (SOD-5)");

    incompatible.remove(&b.0.id).await.expect("the link goes");
    assert!(incompatible.remove(&b.0.id).await.is_err(), "it is gone");
    ask(&backend.sign_in(&ada), &a.0.id)
        .await
        .expect("nothing is in the way any more");
}

/// SOD-1, SOD-3: members of a group get no package that names it, and the lists show both sides.
pub async fn incompatible_groups_and_the_reverse_list(backend: &impl Backend) {
    let Pair {
        shelf,
        first: a,
        second: b,
    } = Pair::make(backend).await;
    let ada = backend.join("ada", None);
    let auditors = new_group(&shelf.admin, "auditors").await;
    let entitlement = shelf.admin.entitlement();
    let package = entitlement.package(&a.0.id);
    package
        .incompatible_groups()
        .add(&auditors.id)
        .await
        .expect("a link");
    package
        .incompatible_packages()
        .add(&b.0.id)
        .await
        .expect("a link");
    let groups = package.incompatible_groups().list().try_collect().await;
    assert_eq!(groups.expect("the groups")[0].id, auditors.id);
    let packages = package.incompatible_packages().list().try_collect().await;
    assert_eq!(packages.expect("the packages")[0].id, b.0.id);
    let of_b = entitlement.package(&b.0.id);
    let reverse = of_b.incompatible_with().try_collect().await;
    assert_eq!(reverse.expect("the packages")[0].id, a.0.id);
    let none = package.incompatible_with().try_collect().await;
    assert_eq!(none.expect("the packages"), []);

    let client = backend.sign_in(&ada);
    let members = shelf.admin.group(&auditors.id);
    members.add_member(&ada).await.expect("a member");
    assert_eq!(refusal(ask(&client, &a.0.id).await), (400, TOLD.to_owned()));
    members.remove_member(&ada).await.expect("no member");
    ask(&client, &a.0.id).await.expect("a request");

    // A package that is gone is in nobody's way.
    entitlement
        .packages()
        .delete(&b.0.id)
        .await
        .expect("the package goes");
    let packages = package.incompatible_packages().list().try_collect().await;
    assert_eq!(packages.expect("the packages"), []);
}

/// SOD-8: the report names the assignments of those who have both.
pub async fn additional_access_is_reported(backend: &impl Backend) {
    let Pair {
        shelf,
        first: a,
        second: b,
    } = Pair::make(backend).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    let boss = backend.join_administrator("boss");
    for (package, person) in [(&a, &ada), (&b, &ada), (&a, &bob)] {
        assign(&shelf.admin, package, person).await.expect("access");
    }
    let package = shelf.admin.entitlement().package(&a.0.id);
    let link = package.incompatible_packages();
    link.add(&b.0.id).await.expect("a link");
    let assignments = backend.sign_in(&boss).entitlement().assignments();
    for report in [
        AdditionalAccess::any(),
        AdditionalAccess::to(&a.0.id),
        AdditionalAccess::to(&a.0.id).despite(&b.0.id),
    ] {
        let both = assignments.additional_access(&report).try_collect().await;
        assert_eq!(both.expect("the report").len(), 1);
    }
    let other_way = AdditionalAccess::to(&b.0.id);
    let none = assignments
        .additional_access(&other_way)
        .try_collect()
        .await;
    assert_eq!(none.expect("the report"), [], "B names nothing");
    let client = backend.sign_in(&ada).entitlement().assignments();
    let refused = client.additional_access(&AdditionalAccess::any());
    let refused = refused.try_collect().await.expect_err("not for everybody");
    assert!(refused.is_permission());
}
