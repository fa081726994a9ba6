//! What the tenant is given to start with, and the choices about resources, catalogs and room.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogState};
use entitlement_core::directory::{Group, GroupDraft, GroupPatch, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::{AccessPackage, AccessPackageDraft, AccessPackagePatch};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::question::TextInputQuestion;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{
    OriginSystem, Resource, ResourceAttribute, ResourceRequestDraft, RoleOrigin, RoleScopeDraft,
};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::entitlement::Entitlement;
use entitlement_graph::permission::Role;
use entitlement_graph::{Error, GraphClient};
use entitlement_mock::Tenant;
use entitlement_mock::choices::{Choices, PrivilegedRoles, RolesShownTo};
use entitlement_mock::lag::{Lag, LagProfile};
use http::Method;
use serde_json::{Value, json};

/// A tenant with a catalog.
struct Office {
    tenant: Tenant,
    admin: Entitlement,
    catalog: Id<Catalog>,
}

impl Office {
    async fn open(change: impl FnOnce(&mut Choices)) -> Self {
        let mut choices = Choices::default();
        change(&mut choices);
        let tenant = Tenant::builder().choices(choices).build();
        let admin = tenant.app().client().entitlement();
        let draft = CatalogDraft::builder("Shelf").build().unwrap();
        let catalog = admin.catalogs().create(&draft).await.unwrap().id;
        Self {
            tenant,
            admin,
            catalog,
        }
    }

    async fn add(&self, system: OriginSystem, id: &str) -> Result<Resource, Error> {
        let draft = ResourceRequestDraft::add(&self.catalog, system, id).build()?;
        self.admin.resource_requests().create(&draft).await?;
        self.resource(id).await
    }

    async fn resource(&self, origin: &str) -> Result<Resource, Error> {
        let query = Query::new()
            .filter(Filter::field("originId").eq(origin))
            .expand("roles")
            .expand("scopes");
        let found = self.admin.catalog(&self.catalog).resources();
        Ok(found.list_with(query).try_collect().await?.remove(0))
    }

    async fn package(&self, name: &str) -> Result<AccessPackage, Error> {
        let draft = AccessPackageDraft::builder(&self.catalog, name).build()?;
        self.admin.packages().create(&draft).await
    }

    /// A package that grants membership of a group, and that members may ask for.
    async fn granting(&self, group: &Id<Group>) -> (AccessPackage, Resource) {
        let resource = self.add(OriginSystem::AadGroup, &group.to_string()).await;
        let (package, resource) = (self.package("Access").await.unwrap(), resource.unwrap());
        let role = RoleOrigin::member_of(group);
        let draft = RoleScopeDraft::whole_resource(&resource, &role).unwrap();
        let role_scopes = self.admin.package(&package.id).role_scopes();
        role_scopes.create(&draft).await.unwrap();
        let policy = open(&package.id, "Open");
        self.admin.policies().create(&policy).await.unwrap();
        (package, resource)
    }

    async fn ask(&self, person: &Id<User>, package: &AccessPackage) -> Result<(), Error> {
        let draft = AssignmentRequestDraft::user_add(&package.id).build()?;
        let requests = self.tenant.user(person).client().entitlement().requests();
        requests.create(&draft).await.map(drop)
    }
}

fn open(package: &Id<AccessPackage>, name: &str) -> AssignmentPolicyDraft {
    AssignmentPolicyDraft::builder(package, name)
        .allowed_target_scope(AllowedTargetScope::AllDirectoryUsers)
        .requestor_settings(RequestorSettings::self_service())
        .expiration(Expiration::after_days(30))
        .build()
        .unwrap()
}

fn code<T>(outcome: Result<T, Error>) -> String {
    let error = outcome.err().expect("a refusal");
    error.service().unwrap().code().to_owned()
}

fn names(resource: &Resource) -> Vec<&str> {
    let roles = resource.roles.items().iter();
    roles
        .map(|role| role.display_name.as_deref().unwrap())
        .collect()
}

#[tokio::test]
async fn obj_37_sites_of_other_regions_name_their_environment() {
    let office = Office::open(|_| ()).await;
    let region = office
        .tenant
        .environment("https://contosoeu.sharepoint.com");
    let region = region.display_name("Europe").add();
    let url = "https://contosoeu.sharepoint.com/sites/clients";
    let part = "https://contosoeu.sharepoint.com/sites/clients/contracts";
    office.tenant.site(url).part(part).add();
    let blind = office.add(OriginSystem::SharePointOnline, url).await;
    assert_eq!(code(blind), "ResourceNotFoundInOriginSystem");

    let filter = Filter::field("originSystem").eq("SharePointOnline");
    let environments = office.admin.resource_environments();
    let environments = environments.list_with(Query::new().filter(filter));
    let environments = environments.try_collect().await.unwrap();
    let (usual, europe) = (&environments[0], &environments[1]);
    assert_eq!(europe.id, region);
    let draft = |environment| {
        ResourceRequestDraft::add(&office.catalog, OriginSystem::SharePointOnline, url)
            .environment(environment)
            .build()
            .unwrap()
    };
    let requests = office.admin.resource_requests();
    let wrong = requests.create(&draft(usual)).await;
    assert_eq!(code(wrong), "ResourceNotFoundInOriginSystem");
    requests.create(&draft(europe)).await.unwrap();

    // Bound by a link, and with a part that has permissions of its own.
    let other = "https://contosoeu.sharepoint.com/sites/board";
    office.tenant.site(other).add();
    let body = json!({
        "requestType": "adminAdd",
        "catalog": {"id": office.catalog},
        "resource": {
            "originId": other, "originSystem": "SharePointOnline",
            "environment@odata.bind": format!("resourceEnvironments/{region}"),
        },
    });
    let client = office.tenant.app().client();
    let path = "identityGovernance/entitlementManagement/resourceRequests";
    let call = client.raw(Method::POST, path).unwrap();
    call.json(&body).unwrap().done().await.unwrap();
    let site = office.resource(url).await.unwrap();
    let scopes = site.scopes.items();
    assert_eq!(scopes[1].origin_id.as_deref(), Some(part));
    assert_eq!(scopes[1].is_root_scope, Some(false));

    let ada = office.tenant.person("ada").add();
    let package = office.package("Contracts").await.unwrap();
    let body = json!({
        "role": {"originId": "5", "originSystem": "SharePointOnline", "resource": {"id": site.id}},
        "scope": {"originId": part, "originSystem": "SharePointOnline"},
    });
    let path = format!(
        "identityGovernance/entitlementManagement/accessPackages/{}/resourceRoleScopes",
        package.id
    );
    let call = client.raw(Method::POST, &path).unwrap();
    call.json(&body).unwrap().done().await.unwrap();
    let policy = open(&package.id, "Open");
    office.admin.policies().create(&policy).await.unwrap();
    office.ask(&ada, &package).await.unwrap();
    let role = RoleOrigin::SiteRole(5);
    assert!(office.tenant.holds(&ada, &site.id, &role), "in the part");
    let whole = office.admin.package(&package.id).get_whole().await.unwrap();
    let granted = &whole.resource_role_scopes.items()[0];
    let scope = granted.scope.loaded().unwrap();
    assert_eq!(scope.origin_id.as_deref(), Some(part));
}

#[tokio::test]
async fn obj_28_groups_of_other_kinds_cannot_be_granted() {
    let office = Office::open(|_| ()).await;
    let ada = office.tenant.person("ada").add();
    let synchronized = office.tenant.group("Old").synchronized().member(&ada).add();
    let distribution = office.tenant.group("Mail").distribution().add();
    for group in [&synchronized, &distribution] {
        let refused = office.add(OriginSystem::AadGroup, &group.to_string()).await;
        assert_eq!(code(refused), "ResourceTypeNotSupported");
    }
    let client = office.tenant.app().client();
    let bob = office.tenant.person("bob").add();
    let members = client.group(&synchronized);
    assert!(members.add_member(&bob).await.is_err());
    assert!(members.remove_member(&ada).await.is_err());
    let patch = GroupPatch {
        display_name: "New".into(),
        ..GroupPatch::default()
    };
    assert!(client.groups().update(&synchronized, &patch).await.is_err());
    assert!(client.groups().delete(&synchronized).await.is_err());

    // SOD-1: but they may be named as incompatible.
    let package = office.package("Access").await.unwrap();
    let incompatible = office.admin.package(&package.id).incompatible_groups();
    incompatible.add(&synchronized).await.unwrap();
    assert!(incompatible.add(&distribution).await.is_err());

    for application in [
        office
            .tenant
            .application("Mail")
            .from_elsewhere("00000002-0000-0ff1-ce00-000000000000"),
        office.tenant.application("Game").for_personal_accounts(),
    ] {
        let id = application.add().to_string();
        let refused = office.add(OriginSystem::AadApplication, &id).await;
        assert_eq!(code(refused), "ResourceTypeNotSupported", "OBJ-30");
    }
}

#[tokio::test]
async fn obj_27_groups_for_roles_are_their_owners_to_give() {
    let office = Office::open(|_| ()).await;
    let (boss, owner) = (
        office.tenant.person("boss").administrator().add(),
        office.tenant.person("owner").administrator().add(),
    );
    let guarded = office
        .tenant
        .group("Helpdesk")
        .assignable_to_role()
        .owner(&owner);
    let draft = ResourceRequestDraft::add_group(&office.catalog, &guarded.add());
    let add = async |person: &Id<User>| {
        let requests = office.tenant.user(person).client().entitlement();
        requests.resource_requests().create(&draft).await
    };
    assert_eq!(code(add(&boss).await), "CallerNotResourceOwner");
    add(&owner).await.unwrap();
}

#[tokio::test]
async fn obj_27_catalog_owners_bring_in_what_is_theirs() {
    let office = Office::open(|_| ()).await;
    let owner = office.tenant.person("owner").add();
    let role = Role::CatalogOwner;
    office.tenant.delegate(&owner, role, &office.catalog);
    let (own, other) = (
        office.tenant.group("Own").owner(&owner).add(),
        office.tenant.group("Other").add(),
    );
    let crm = office.tenant.application("CRM").owner(&owner).add();
    let url = "https://contoso.sharepoint.com/sites/own";
    office.tenant.site(url).owner(&owner).add();
    let requests = office.tenant.user(&owner).client().entitlement();
    let requests = requests.resource_requests();
    for (system, id, is_theirs) in [
        (OriginSystem::AadGroup, own.to_string(), true),
        (OriginSystem::AadGroup, other.to_string(), false),
        (OriginSystem::AadApplication, crm.to_string(), true),
        (OriginSystem::SharePointOnline, url.to_owned(), true),
        (
            OriginSystem::DirectoryRole,
            "4a5d8f65-41da-4de4-8968-e035b65339cf".to_owned(),
            false,
        ),
    ] {
        let draft = ResourceRequestDraft::add(&office.catalog, system, &id);
        let outcome = requests.create(&draft.build().unwrap()).await;
        if is_theirs {
            outcome.expect(&id);
        } else {
            assert_eq!(code(outcome), "CallerNotResourceOwner", "{id}");
        }
    }
}

#[tokio::test]
async fn obj_26_p1_new_things_take_a_while() {
    let office = Office::open(|_| ()).await;
    let mut lag = LagProfile::immediate();
    lag.replication = Lag::After(IsoDuration::minutes(2));
    lag.onboarding = Lag::After(IsoDuration::seconds(20));
    office.tenant.set_lag(lag);
    let client = office.tenant.app().client();
    let draft = GroupDraft::security_group("New").build().unwrap();
    let group = client.groups().create(&draft).await.unwrap().id;
    let draft = ResourceRequestDraft::add_group(&office.catalog, &group);
    let requests = office.admin.resource_requests();
    let refused = requests.create(&draft).await;
    assert_eq!(code(refused), "ResourceNotFoundInOriginSystem", "OBJ-26");
    office.tenant.clock().advance(IsoDuration::minutes(2));
    requests.create(&draft).await.unwrap();

    let listed = office.admin.catalog(&office.catalog).resources();
    let all = listed.list().try_collect().await.unwrap();
    assert_eq!(all, [], "it does not stand in the catalog yet (P3)");
    office.tenant.clock().advance(IsoDuration::seconds(20));
    assert_eq!(listed.list().try_collect().await.unwrap().len(), 1);
}

#[tokio::test]
async fn u_2_eligible_roles_of_groups_are_behind_a_switch() {
    for (is_on, expected) in [(false, 2), (true, 4)] {
        let office = Office::open(|choices| choices.resources.eligible_group_roles = is_on).await;
        let group = office.tenant.group("Just in time").managed_by_pim().add();
        let resource = office.add(OriginSystem::AadGroup, &group.to_string()).await;
        let resource = resource.unwrap();
        assert_eq!(names(&resource).len(), expected);
        if !is_on {
            continue;
        }
        let (package, ada) = (
            office.package("Access").await.unwrap(),
            office.tenant.person("ada").add(),
        );
        let role = RoleOrigin::eligible_member_of(&group);
        let draft = RoleScopeDraft::whole_resource(&resource, &role).unwrap();
        let role_scopes = office.admin.package(&package.id).role_scopes();
        role_scopes.create(&draft).await.unwrap();
        let policy = open(&package.id, "Open");
        office.admin.policies().create(&policy).await.unwrap();
        office.ask(&ada, &package).await.unwrap();
        assert!(office.tenant.holds(&ada, &resource.id, &role));
        let member = RoleOrigin::member_of(&group);
        assert!(!office.tenant.holds(&ada, &resource.id, &member), "P33");
    }
}

#[tokio::test]
async fn obj_36_privileged_roles_may_be_refused_altogether() {
    let refused = |choices: &mut Choices| {
        choices.resources.privileged_roles = PrivilegedRoles::Refused;
    };
    let office = Office::open(refused).await;
    // Global Administrator and Reports Reader, under the ids that they have in every tenant.
    let highest = "62e90394-69f5-4237-9190-012177145e10";
    let refused = office.add(OriginSystem::DirectoryRole, highest).await;
    assert_eq!(code(refused), "ResourceTypeNotSupported");
    let reader = "4a5d8f65-41da-4de4-8968-e035b65339cf";
    let reader = office
        .add(OriginSystem::DirectoryRole, reader)
        .await
        .unwrap();
    assert_eq!(names(&reader), ["Eligible Member", "Active Member"]);
    let office = Office::open(|_| ()).await;
    let highest = office.add(OriginSystem::DirectoryRole, highest).await;
    assert_eq!(names(&highest.unwrap()), ["Eligible Member"]);
}

#[tokio::test]
async fn p4_p27_oddities_can_be_switched() {
    let office = Office::open(|choices| {
        choices.resources.application_roles_expand_empty = true;
        choices.resources.names_keep_up = true;
    })
    .await;
    let crm = office.tenant.application("CRM").role("Reader").add();
    let resource = office
        .add(OriginSystem::AadApplication, &crm.to_string())
        .await;
    let resource = resource.unwrap();
    assert_eq!(names(&resource), Vec::<&str>::new());
    let catalog = office.admin.catalog(&office.catalog);
    let roles = catalog.roles_of(&resource).try_collect().await.unwrap();
    assert_eq!(roles[0].display_name.as_deref(), Some("Reader"));

    let client = office.tenant.app().client();
    let path = format!("servicePrincipals/{crm}");
    let rename = json!({"displayName": "Customers"});
    let call = client.raw(Method::PATCH, &path).unwrap();
    call.json(&rename).unwrap().done().await.unwrap();
    let renamed = catalog.resources().get(&resource.id).await.unwrap();
    assert_eq!(renamed.display_name.as_deref(), Some("Customers"));
}

#[tokio::test]
async fn u_1_u_6_u_32_catalogs_begin_as_chosen() {
    let office = Office::open(|choices| {
        choices.catalogs.initial_state = CatalogState::Unpublished;
        choices.catalogs.initially_externally_visible = true;
        choices.catalogs.packages_share_names = false;
        choices.catalogs.unpublished_can_be_assigned = false;
    })
    .await;
    let client = office.tenant.app().client();
    let path = "identityGovernance/entitlementManagement/catalogs";
    let call = client.raw(Method::POST, path).unwrap();
    let call = call.json(&json!({"displayName": "Silent"})).unwrap();
    let silent: Catalog = call.fetch().await.unwrap();
    assert_eq!(silent.state, Some(CatalogState::Unpublished));
    assert_eq!(silent.is_externally_visible, Some(true));

    let first = office.package("Access").await.unwrap();
    assert_eq!(
        code(office.package("Access").await),
        "DuplicateAccessPackage"
    );
    let second = office.package("Other").await.unwrap();
    let change = AccessPackagePatch {
        display_name: "Access".into(),
        ..AccessPackagePatch::default()
    };
    let renamed = office.admin.packages().update(&second.id, &change).await;
    assert_eq!(code(renamed), "DuplicateAccessPackage");
    let same = office.admin.packages().update(&first.id, &change).await;
    same.expect("its own name");

    let draft = AccessPackageDraft::builder(&silent.id, "Quiet")
        .build()
        .unwrap();
    let quiet = office.admin.packages().create(&draft).await.unwrap();
    let policy = open(&quiet.id, "Open");
    let policy = office.admin.policies().create(&policy).await.unwrap();
    let ada = office.tenant.person("ada").add();
    let draft = AssignmentRequestDraft::admin_add(&quiet.id, &policy.id, &ada);
    let draft = draft.build().unwrap();
    let refused = office.admin.requests().create(&draft).await;
    assert_eq!(code(refused), "PolicyRequirementNotMet", "U-32");
    let general = office
        .admin
        .catalogs()
        .list()
        .next()
        .await
        .unwrap()
        .unwrap();
    let refused = office.admin.catalogs().delete(&general.id).await;
    assert_eq!(code(refused), "InvalidDeleteCatalogIsBuiltIn", "OBJ-10");
}

#[tokio::test]
async fn u_26_a_full_tenant_takes_no_more() {
    let office = Office::open(|choices| {
        let limits = &mut choices.limits;
        limits.catalogs = 2;
        limits.packages_per_catalog = Some(2);
        limits.resources_per_catalog = Some(1);
        limits.attributes_per_catalog = 1;
        limits.policies_per_package = Some(2);
        limits.subjects_per_policy = 1;
        limits.assignments = 1;
    })
    .await;
    let full = |outcome: String| assert_eq!(outcome, "LimitExceeded");
    let draft = CatalogDraft::builder("One too many").build().unwrap();
    full(code(office.admin.catalogs().create(&draft).await));
    let group = office.tenant.group("Administrators").add();
    let (package, resource) = office.granting(&group).await;
    let other = office.tenant.group("Others").add().to_string();
    full(code(office.add(OriginSystem::AadGroup, &other).await));
    office.package("Second").await.unwrap();
    full(code(office.package("Third").await));

    let attribute = |name: &str| ResourceAttribute::of_user(name, TextInputQuestion::new("What?"));
    let two = [attribute("officeLocation"), attribute("mobilePhone")];
    let update = ResourceRequestDraft::update(&office.catalog, &resource, two).unwrap();
    full(code(office.admin.resource_requests().create(&update).await));

    let (ada, bob) = (
        office.tenant.person("ada").add(),
        office.tenant.person("bob").add(),
    );
    let crowded = AssignmentPolicyDraft::builder(&package.id, "Crowded")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::user(&ada))
        .specific_allowed_target(SubjectSet::user(&bob))
        .expiration(Expiration::never())
        .build()
        .unwrap();
    full(code(office.admin.policies().create(&crowded).await));
    let second = open(&package.id, "Second");
    office.admin.policies().create(&second).await.unwrap();
    let third = open(&package.id, "Third");
    full(code(office.admin.policies().create(&third).await));

    let draft = |person: &Id<User>, policy| {
        let draft = AssignmentRequestDraft::admin_add(&package.id, policy, person);
        draft.build().unwrap()
    };
    let policies = office.admin.package(&package.id).policies();
    let policy = &policies.try_collect().await.unwrap()[0].id;
    let requests = office.admin.requests();
    requests.create(&draft(&ada, policy)).await.unwrap();
    full(code(requests.create(&draft(&bob, policy)).await));
    office.tenant.clock().advance(IsoDuration::days(31));
    let later = requests.create(&draft(&bob, policy)).await;
    later.expect("ended assignments take no room");
}

#[tokio::test]
async fn del_2_outages_end_by_themselves_and_patience_can_be_chosen() {
    let office = Office::open(|choices| choices.delivery_retry_hours = 0).await;
    let group = office.tenant.group("Administrators").add();
    let (package, resource) = office.granting(&group).await;
    let (ada, bob) = (
        office.tenant.person("ada").add(),
        office.tenant.person("bob").add(),
    );
    let back = IsoDuration::hours(2).after(office.tenant.clock().now());
    assert!(office.tenant.take_down_until(&resource.id, back.unwrap()));
    office.ask(&ada, &package).await.unwrap();
    let requests = office.admin.requests().list().try_collect().await.unwrap();
    assert_eq!(requests[0].state, Some(RequestState::DeliveryFailed));
    office.tenant.clock().advance(IsoDuration::hours(2));
    office.ask(&bob, &package).await.unwrap();
    let role = RoleOrigin::member_of(&group);
    assert!(office.tenant.holds(&bob, &resource.id, &role));
    assert!(!office.tenant.holds(&ada, &resource.id, &role));

    // Meanwhile Ada got it by another request, so the failed one has nothing to do any more (REQ-42).
    office.ask(&ada, &package).await.unwrap();
    let again = office.admin.request(&requests[0].id).reprocess().await;
    assert!(again.is_err());
    let nowhere: Id<Resource> = "00000000-0000-4000-8000-000000000000".parse().unwrap();
    assert!(!office.tenant.take_down(&nowhere));
    assert!(!office.tenant.bring_up(&nowhere));
}

#[tokio::test]
async fn del_8_deleted_people_may_leave_at_once() {
    let office = Office::open(|choices| choices.deleted_user_days = 0).await;
    let group = office.tenant.group("Administrators").add();
    let (package, resource) = office.granting(&group).await;
    let ada = office.tenant.person("ada").add();
    office.ask(&ada, &package).await.unwrap();
    let role = RoleOrigin::member_of(&group);
    assert!(office.tenant.holds(&ada, &resource.id, &role));
    let client: GraphClient = office.tenant.app().client();
    let delete = client.raw(Method::DELETE, &format!("users/{ada}")).unwrap();
    delete.done().await.unwrap();
    assert!(!office.tenant.holds(&ada, &resource.id, &role));
    let bin = client.raw(Method::GET, "directory/deletedItems/microsoft.graph.user");
    let bin: Vec<Value> = bin.unwrap().pages().try_collect().await.unwrap();
    assert_eq!(bin, Vec::<Value>::new(), "nothing is left to restore");
    let query = Query::new().expand("target");
    let held = office.admin.assignments().list_with(query);
    let held = held.try_collect().await.unwrap().remove(0);
    let target = held.target.loaded().unwrap();
    assert_eq!(
        target.display_name.as_deref(),
        Some("ada"),
        "it is remembered"
    );
    office.admin.packages().delete(&package.id).await.unwrap();
}

#[tokio::test]
async fn vis_3_roles_may_be_kept_from_people() {
    let grants = |choices: &mut Choices| choices.catalogs.roles_shown_to = RolesShownTo::Members;
    let office = Office::open(|choices| {
        grants(choices);
        choices.catalogs.initially_externally_visible = true;
    })
    .await;
    let path = format!(
        "identityGovernance/entitlementManagement/catalogs/{}",
        office.catalog
    );
    let client = office.tenant.app().client();
    let call = client.raw(Method::PATCH, &path).unwrap();
    let open = call.json(&json!({"isExternallyVisible": true})).unwrap();
    open.done().await.unwrap();
    let group = office.tenant.group("Administrators").add();
    office.granting(&group).await;
    let (ada, guest) = (
        office.tenant.person("ada").add(),
        office.tenant.person("guest").guest().add(),
    );
    for (person, shown) in [(&ada, 1), (&guest, 0)] {
        let packages = office.tenant.user(person).client().entitlement();
        let query = Query::new().expand("resourceRoleScopes");
        let packages = packages.available_packages().list_with(query);
        let packages = packages.try_collect().await.unwrap();
        assert_eq!(packages[0].resource_role_scopes.items().len(), shown);
    }
}
