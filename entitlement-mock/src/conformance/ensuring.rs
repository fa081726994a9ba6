//! Making what is missing, once.

use std::time::Duration;

use entitlement_core::catalog::{CatalogDraft, CatalogState};
use entitlement_core::directory::{DirectoryObject, GroupDraft};
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackageDraft;
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_graph::difference::Difference;
use entitlement_graph::ensure::Ensured;
use entitlement_graph::wait::Wait;
use entitlement_graph::{Error, GraphClient};

use super::backend::Backend;
use super::fixture::{Shelf, nothing, open_policy, side_by_side};

/// Everything from the group to the policy; says for each whether it was made now.
async fn fill(admin: &GraphClient, member: &Id<DirectoryObject>) -> Vec<bool> {
    let (entitlement, wait) = (admin.entitlement(), Wait::default());
    let mut made = Vec::new();
    let group = GroupDraft::security_group("laptop-admins")
        .build()
        .expect("a draft");
    let group = admin.ensure_group(&group, &wait).await.expect("a group");
    made.push(group.is_created());
    let group = group.into_entity().id;
    let seated = admin.ensure_member(&group, member, &wait).await;
    made.push(seated.expect("a member").is_created());

    let catalog = CatalogDraft::builder("Devices")
        .state(CatalogState::Published)
        .build()
        .expect("a draft");
    let catalog = entitlement.ensure_catalog(&catalog, &wait).await;
    let catalog = catalog.expect("a catalog");
    made.push(catalog.is_created());
    let catalog = catalog.into_entity().id;

    let resource = ResourceRequestDraft::add_group(&catalog, &group);
    let resource = entitlement.ensure_resource(&resource, &wait).await;
    let resource = resource.expect("a resource");
    made.push(resource.is_created());
    let resource = resource.into_entity();

    let package = AccessPackageDraft::builder(&catalog, "Local administrator")
        .build()
        .expect("a draft");
    let package = entitlement.ensure_package(&package, &wait).await;
    let package = package.expect("a package");
    made.push(package.is_created());
    let package = package.into_entity().id;

    let role =
        RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&group)).expect("a draft");
    let granted = entitlement.ensure_role_scope(&package, &role, &wait).await;
    made.push(granted.expect("a role scope").is_created());

    let policy = open_policy(&package, "Initial Policy", []);
    let policy = entitlement.ensure_policy(&policy, &wait).await;
    let policy = policy.expect("a policy");
    assert_eq!(policy.differences(), []);
    made.push(policy.is_created());
    made
}

/// P5: the second time everything is there.
pub async fn p5_a_whole_shelf_is_made_once(backend: &impl Backend) {
    let admin = backend.admin();
    let member = Id::from(&backend.join("ada", None));
    assert_eq!(fill(&admin, &member).await, [true; 7]);
    assert_eq!(fill(&admin, &member).await, [false; 7]);
    let entitlement = admin.entitlement();
    let policies = entitlement.policies().list().try_collect().await;
    assert_eq!(policies.expect("the policies").len(), 1);
    let packages = entitlement.packages().list().try_collect().await;
    assert_eq!(packages.expect("the packages").len(), 1);
}

/// P5: what is there otherwise than wanted is told and left alone.
pub async fn p5_what_differs_is_named_and_kept(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (entitlement, wait) = (shelf.admin.entitlement(), Wait::default());
    let catalog = CatalogDraft::builder("shelf")
        .state(CatalogState::Unpublished)
        .build()
        .expect("a draft");
    let ensured = entitlement.ensure_catalog(&catalog, &wait).await;
    let Ok(Ensured::Conflict {
        stored,
        differences,
    }) = ensured
    else {
        panic!("no conflict: {ensured:?}");
    };
    assert_eq!(stored, shelf.catalog);
    let told: Vec<_> = differences.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            r#"displayName: "shelf" was expected, "Shelf" was found"#,
            r#"state: "unpublished" was expected, "published" was found"#,
        ]
    );

    let made = shelf
        .add_policy(open_policy(&shelf.package.id, "Members", []))
        .await;
    let approver = backend.join("approver", None);
    let stage = super::fixture::stage_of(&approver);
    let wanted = open_policy(&shelf.package.id, "Members", [stage]);
    let ensured = entitlement.ensure_policy(&wanted, &wait).await;
    let ensured = ensured.expect("a policy");
    let paths: Vec<_> = ensured.differences().iter().map(Difference::path).collect();
    assert_eq!(ensured.entity().id, made.id);
    assert!(
        paths.contains(&"requestApprovalSettings.isApprovalRequiredForAdd")
            && paths.contains(&"requestApprovalSettings.stages[0]"),
        "{paths:?}"
    );
}

/// P6: however many ask at once, one is made, by one client and by several.
pub async fn p6_many_at_once_make_one(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let clients = [shelf.admin.clone(), shelf.admin.clone(), backend.admin()];
    let draft = open_policy(&shelf.package.id, "Members", []);
    let ensure = async |client: &GraphClient| {
        let entitlement = client.entitlement();
        entitlement.ensure_policy(&draft, &Wait::default()).await
    };
    let ensured = side_by_side(clients.iter().map(ensure)).await;
    let created = ensured
        .iter()
        .filter(|ensured| ensured.as_ref().is_ok_and(Ensured::is_created));
    assert_eq!(created.count(), 1);
    let ids: Vec<_> = ensured
        .into_iter()
        .map(|ensured| ensured.expect("a policy").into_entity().id)
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let policies = shelf.admin.entitlement().policies();
    let all = policies.list().try_collect().await;
    assert_eq!(all.expect("the policies").len(), 1);
}

/// P1 and OBJ-26: what entitlement management does not know may be on its way; in the end that is what is said.
pub async fn p1_an_unknown_group_is_waited_for(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let request = ResourceRequestDraft::add_group(&shelf.catalog.id, &nothing());
    let wait = Wait::default().limit(Duration::from_secs(240));
    let entitlement = shelf.admin.entitlement();
    let Err(Error::TimedOut(timed_out)) = entitlement.ensure_resource(&request, &wait).await else {
        panic!("there is no such group");
    };
    assert_eq!(timed_out.waited, Duration::from_secs(240));
    assert!(
        timed_out
            .last_seen
            .contains("ResourceNotFoundInOriginSystem"),
        "{timed_out}"
    );
}
