//! What packages can grant: roles in groups, applications, sites and the directory.

use entitlement_core::directory::{GroupPatch, User};
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::resource::{
    OriginSystem, Resource, ResourceRequestDraft, ResourceRole, RoleOrigin, RoleScopeDraft,
    RoleType,
};
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use http::Method;
use serde_json::{Value, json};

use super::backend::Backend;
use super::fixture::{Shelf, ask, assignments, code, new_package, open_policy};

/// Brings something into the shelf's catalog and reads it back with its roles and scopes.
pub(super) async fn bring_in(shelf: &Shelf, system: OriginSystem, id: &str) -> Resource {
    let entitlement = shelf.admin.entitlement();
    let add = ResourceRequestDraft::add(&shelf.catalog.id, system, id).build();
    let add = add.expect("a draft");
    let requests = entitlement.resource_requests();
    requests.create(&add).await.expect("a resource request");
    let again = code(requests.create(&add).await);
    assert_eq!(again, "ResourceAlreadyOnboarded", "{id}");
    let all = entitlement
        .catalog(&shelf.catalog.id)
        .resources_with_roles();
    let all = all.try_collect().await.expect("the resources");
    let found = all.into_iter().find(|resource| {
        let origin = resource.origin_id.as_deref().unwrap_or_default();
        origin.eq_ignore_ascii_case(id)
    });
    found.expect("the resource")
}

pub(super) fn role_named<'r>(resource: &'r Resource, name: &str) -> &'r ResourceRole {
    let mut roles = resource.roles.items().iter();
    let role = roles.find(|role| role.display_name.as_deref() == Some(name));
    role.expect("a role of that name")
}

pub(super) fn origin_of(role: &ResourceRole) -> RoleOrigin {
    RoleOrigin::from(role.origin_id.as_deref().expect("an origin"))
}

/// A package that grants one role and that everybody may ask for.
pub(super) async fn package_granting(
    shelf: &Shelf,
    resource: &Resource,
    role: &RoleOrigin,
) -> AccessPackage {
    let package = new_package(&shelf.admin, &shelf.catalog.id, "Granting").await;
    let role_scope = RoleScopeDraft::whole_resource(resource, role).expect("a draft");
    let handle = shelf.admin.entitlement().package(&package.id);
    let made = handle.role_scopes().create(&role_scope).await;
    made.expect("a role scope");
    shelf.add_policy(open_policy(&package.id, "Open", [])).await;
    package
}

/// Asks for a package, sees that the role comes, waits for the end, and sees that it goes.
async fn comes_and_goes(
    backend: &impl Backend,
    package: &AccessPackage,
    resource: &Resource,
    role: &RoleOrigin,
) -> Id<User> {
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    assert!(!backend.holds(&ada, &resource.id, role));
    ask(&client, &package.id).await.expect("a request");
    assert_eq!(assignments(&client).await.len(), 1);
    assert!(backend.holds(&ada, &resource.id, role), "{role} is given");
    backend.advance(IsoDuration::days(31));
    assignments(&client).await;
    assert!(!backend.holds(&ada, &resource.id, role), "{role} is taken");
    ada
}

async fn rows(client: &GraphClient, path: &str) -> Vec<Value> {
    let rows = client.raw(Method::GET, path).expect("a call").pages();
    rows.try_collect().await.expect("the rows")
}

/// 1.4: applications grant app roles, of which one can have several (OBJ-52).
pub async fn applications_grant_their_roles(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let crm = backend.application("CRM", &["Reader", "Editor"]);
    let resource = bring_in(&shelf, OriginSystem::AadApplication, &crm.to_string()).await;
    assert_eq!(resource.display_name.as_deref(), Some("CRM"));
    let (reader, editor) = (
        origin_of(role_named(&resource, "Reader")),
        origin_of(role_named(&resource, "Editor")),
    );
    let package = package_granting(&shelf, &resource, &reader).await;
    let handle = shelf.admin.entitlement().package(&package.id);
    let second = RoleScopeDraft::whole_resource(&resource, &editor).expect("a draft");
    handle.role_scopes().create(&second).await.expect("a role");
    let stranger = RoleOrigin::from("11111111-2222-4333-8444-555555555555");
    let stranger = RoleScopeDraft::whole_resource(&resource, &stranger).expect("a draft");
    let refused = handle.role_scopes().create(&stranger).await;
    assert_eq!(code(refused), "RoleNotFound");

    let bob = backend.join("bob", None);
    let client = backend.sign_in(&bob);
    ask(&client, &package.id).await.expect("a request");
    let to_crm = format!("servicePrincipals/{crm}/appRoleAssignedTo");
    let of_bob = format!("users/{bob}/appRoleAssignments");
    for path in [&to_crm, &of_bob] {
        let held = rows(&shelf.admin, path).await;
        let roles: Vec<_> = held.iter().map(|row| row["appRoleId"].as_str()).collect();
        let both = [reader.to_string(), editor.to_string()];
        assert_eq!(roles, both.each_ref().map(|role| Some(role.as_str())));
        assert_eq!(held[0]["principalId"], bob.to_string().as_str());
        assert_eq!(held[0]["resourceDisplayName"], "CRM");
    }
    comes_and_goes(backend, &package, &resource, &editor).await;
    assert_eq!(rows(&shelf.admin, &to_crm).await, Vec::<Value>::new());
}

/// 1.4: an application without roles has "Default Access".
pub async fn applications_without_roles_grant_access(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let wiki = backend.application("Wiki", &[]);
    let resource = bring_in(&shelf, OriginSystem::AadApplication, &wiki.to_string()).await;
    let role = origin_of(role_named(&resource, "Default Access"));
    assert_eq!(role.to_string(), "00000000-0000-0000-0000-000000000000");
    let package = package_granting(&shelf, &resource, &role).await;
    comes_and_goes(backend, &package, &resource, &role).await;
}

/// 1.4: sites are known by URL, their roles by number.
pub async fn sites_grant_their_roles(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let url = backend.site("clients", &["Approvers"]);
    let resource = bring_in(&shelf, OriginSystem::SharePointOnline, &url).await;
    assert_eq!(resource.origin_id.as_deref(), Some(url.as_str()));
    let root = resource.root_scope().expect("a root scope");
    assert_eq!(root.origin_id.as_deref(), Some(url.as_str()), "OBJ-33");
    let role = origin_of(role_named(&resource, "Approvers"));
    assert_eq!(role.origin_system(), Some(OriginSystem::SharePointOnline));
    let package = package_granting(&shelf, &resource, &role).await;
    comes_and_goes(backend, &package, &resource, &role).await;
    let nowhere = ResourceRequestDraft::add(
        &shelf.catalog.id,
        OriginSystem::SharePointOnline,
        "https://nowhere.example/sites/x",
    );
    let nowhere = nowhere.build().expect("a draft");
    let requests = shelf.admin.entitlement().resource_requests();
    let refused = requests.create(&nowhere).await;
    assert_eq!(code(refused), "ResourceNotFoundInOriginSystem");

    // OBJ-27: who administers entitlement management does not manage sites for that.
    let boss = backend.sign_in(&backend.join_administrator("boss"));
    let other = backend.site("board", &[]);
    let draft = ResourceRequestDraft::add(&shelf.catalog.id, OriginSystem::SharePointOnline, other);
    let draft = draft.build().expect("a draft");
    let refused = boss.entitlement().resource_requests().create(&draft).await;
    assert_eq!(code(refused), "CallerNotResourceOwner");
}

/// OBJ-36: directory roles are active or eligible; privileged ones eligible only.
pub async fn directory_roles_are_granted(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let plain = backend.directory_role("Laptop Reader", false);
    let resource = bring_in(&shelf, OriginSystem::DirectoryRole, &plain).await;
    let held: Vec<_> = resource
        .roles
        .items()
        .iter()
        .map(|role| &role.kind)
        .collect();
    assert_eq!(held, [&Some(RoleType::Eligible), &Some(RoleType::Active)]);
    let active = RoleOrigin::ActiveDirectoryRole;
    let package = package_granting(&shelf, &resource, &active).await;
    let bob = backend.join("bob", None);
    let client = backend.sign_in(&bob);
    ask(&client, &package.id).await.expect("a request");
    let held = rows(&shelf.admin, "roleManagement/directory/roleAssignments").await;
    assert_eq!(held.len(), 1);
    assert_eq!(held[0]["roleDefinitionId"], plain.as_str());
    assert_eq!(held[0]["principalId"], bob.to_string().as_str());
    comes_and_goes(backend, &package, &resource, &active).await;

    let guarded = backend.directory_role("Laptop Wiper", true);
    let resource = bring_in(&shelf, OriginSystem::DirectoryRole, &guarded).await;
    let handle = shelf.admin.entitlement().package(&package.id);
    let at_once = RoleScopeDraft::whole_resource(&resource, &active).expect("a draft");
    let refused = handle.role_scopes().create(&at_once).await;
    assert_eq!(code(refused), "RoleNotFound");
    let eligible = RoleOrigin::EligibleDirectoryRole;
    let draft = RoleScopeDraft::whole_resource(&resource, &eligible).expect("a draft");
    handle.role_scopes().create(&draft).await.expect("a role");
    ask(&client, &package.id).await.expect("once more");
    assert_eq!(assignments(&client).await.len(), 2);
    let path = "roleManagement/directory/roleEligibilityScheduleInstances";
    let held = rows(&shelf.admin, path).await;
    assert_eq!(held[0]["roleDefinitionId"], guarded.as_str());
}

/// ROLE-1: whoever gets the directory role administers entitlement management as long as they have it.
pub async fn administrators_come_and_go(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let governance = "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e";
    let resource = bring_in(&shelf, OriginSystem::DirectoryRole, governance).await;
    let active = RoleOrigin::ActiveDirectoryRole;
    let package = package_granting(&shelf, &resource, &active).await;
    let bob = backend.sign_in(&backend.join("bob", None));
    let look = || async { bob.entitlement().catalogs().get(&shelf.catalog.id).await };
    let before = look().await;
    assert!(before.is_err_and(|error| error.is_permission()));
    ask(&bob, &package.id).await.expect("a request");
    look().await.expect("the catalog");
    backend.advance(IsoDuration::days(31));
    let after = look().await;
    assert!(after.is_err_and(|error| error.is_permission()));
}

/// OBJ-28, OBJ-29: Microsoft 365 groups have members and owners, dynamic ones owners only; a distribution group is
/// refused.
pub async fn groups_of_every_kind(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let team = entitlement_core::directory::GroupDraft::microsoft_365_group("Team", "team").build();
    let team = shelf.admin.groups().create(&team.expect("a draft")).await;
    let team = team.expect("a group");
    let resource = bring_in(&shelf, OriginSystem::AadGroup, &team.id.to_string()).await;
    let owner = RoleOrigin::owner_of(&team.id);
    let package = package_granting(&shelf, &resource, &owner).await;
    comes_and_goes(backend, &package, &resource, &owner).await;

    let dynamic = backend.dynamic_group("Sales");
    let resource = bring_in(&shelf, OriginSystem::AadGroup, &dynamic.to_string()).await;
    let names: Vec<_> = resource
        .roles
        .items()
        .iter()
        .map(|role| role.display_name.as_deref())
        .collect();
    assert_eq!(names, [Some("Owner")], "OBJ-29");
    let handle = shelf.admin.entitlement().package(&package.id);
    let member = RoleOrigin::member_of(&dynamic);
    let member = RoleScopeDraft::whole_resource(&resource, &member).expect("a draft");
    let refused = handle.role_scopes().create(&member).await;
    assert_eq!(code(refused), "RoleNotFound");
    let bob = backend.join("bob", None);
    let put_in = shelf.admin.group(&dynamic).add_member(&bob).await;
    assert!(put_in.is_err(), "a rule chooses who is in it");

    let mail = GroupPatch {
        security_enabled: false.into(),
        ..GroupPatch::default()
    };
    let groups = shelf.admin.groups();
    let off = super::fixture::new_group(&shelf.admin, "no access").await;
    groups.update(&off.id, &mail).await.expect("a change");
    let draft = ResourceRequestDraft::add_group(&shelf.catalog.id, &off.id);
    let requests = shelf.admin.entitlement().resource_requests();
    assert!(requests.create(&draft).await.is_err(), "OBJ-28");
    let wrong = json!({
        "requestType": "adminAdd",
        "resource": {"originId": off.id, "originSystem": "Mailbox"},
        "catalog": {"id": shelf.catalog.id},
    });
    let path = "identityGovernance/entitlementManagement/resourceRequests";
    let call = shelf.admin.raw(Method::POST, path).expect("a call");
    let refused = call.json(&wrong).expect("a body").done().await;
    assert_eq!(code(refused), "ArgumentException", "4.2");
}
