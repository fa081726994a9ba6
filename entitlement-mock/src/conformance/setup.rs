//! What administrators set up: groups, catalogs, resources, packages, policies.

use entitlement_core::catalog::{CatalogDraft, CatalogPatch, CatalogState, CatalogType};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::ApprovalSettings;
use entitlement_core::request::RequestState;
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_core::wire::Field;
use entitlement_graph::request::{Call, ResourcePath};
use serde_json::json;

use super::backend::Backend;
use super::fixture::{Shelf, add_group, code, is_member, new_group, nothing, open_policy};

/// OBJ-10 to OBJ-17.
pub async fn catalogs_are_made_changed_and_removed(backend: &impl Backend) {
    let admin = backend.admin();
    let catalogs = admin.entitlement().catalogs();
    let built_in = catalogs.list().try_collect().await.expect("the catalogs");
    assert_eq!(built_in.len(), 1);
    assert_eq!(built_in[0].display_name.as_deref(), Some("General"));
    assert_eq!(built_in[0].catalog_type, Some(CatalogType::ServiceDefault));

    let draft = CatalogDraft::builder("Devices")
        .description("Clients")
        .state(CatalogState::Unpublished);
    let made = catalogs
        .create(&draft.build().expect("a draft"))
        .await
        .expect("a catalog");
    assert_eq!(made.catalog_type, Some(CatalogType::UserManaged));
    assert_eq!(made.state, Some(CatalogState::Unpublished));

    let patch = CatalogPatch {
        description: Field::Clear,
        state: CatalogState::Published.into(),
        ..CatalogPatch::default()
    };
    catalogs.update(&made.id, &patch).await.expect("a change");
    let changed = catalogs.get(&made.id).await.expect("the catalog");
    assert_eq!(
        changed.display_name.as_deref(),
        Some("Devices"),
        "what is not mentioned stays"
    );
    assert_eq!(changed.description, None);
    assert_eq!(changed.state, Some(CatalogState::Published));

    let package = super::fixture::new_package(&admin, &made.id, "In the way").await;
    let refused = catalogs
        .delete(&made.id)
        .await
        .expect_err("a refusal: it has a package");
    assert_eq!(refused.status().map(|status| status.as_u16()), Some(400));
    admin
        .entitlement()
        .packages()
        .delete(&package.id)
        .await
        .expect("the package goes");
    catalogs.delete(&made.id).await.expect("the catalog goes");
    assert!(
        catalogs
            .get(&made.id)
            .await
            .expect_err("it is gone")
            .is_not_found()
    );
}

/// Scenario 1: resources come once, roles must exist, what is granted stays.
pub async fn scenario_01_resources_and_roles(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let entitlement = shelf.admin.entitlement();
    let requests = entitlement.resource_requests();

    let again = ResourceRequestDraft::add_group(&shelf.catalog.id, &shelf.group.id);
    assert_eq!(
        code(requests.create(&again).await),
        "ResourceAlreadyOnboarded"
    );
    let unknown = ResourceRequestDraft::add_group(&shelf.catalog.id, &nothing());
    assert_eq!(
        code(requests.create(&unknown).await),
        "ResourceNotFoundInOriginSystem"
    );

    let role_scopes = entitlement.package(&shelf.package.id).role_scopes();
    let stranger = RoleScopeDraft::whole_resource(&shelf.resource, &RoleOrigin::from("Visitor"))
        .expect("a draft");
    assert_eq!(code(role_scopes.create(&stranger).await), "RoleNotFound");

    let elsewhere = CatalogDraft::builder("Elsewhere").build().expect("a draft");
    let elsewhere = entitlement
        .catalogs()
        .create(&elsewhere)
        .await
        .expect("a catalog");
    let other = new_group(&shelf.admin, "other").await;
    let foreign = add_group(&shelf.admin, &elsewhere.id, &other.id).await;
    let foreign = RoleScopeDraft::whole_resource(&foreign, &RoleOrigin::member_of(&other.id))
        .expect("a draft");
    assert_eq!(
        code(role_scopes.create(&foreign).await),
        "ResourceNotFound",
        "OBJ-48"
    );

    let remove = ResourceRequestDraft::remove(&shelf.catalog.id, &shelf.resource.id);
    assert_eq!(
        code(requests.create(&remove).await),
        "InvalidDeleteResourceHasEntitlements"
    );
    entitlement
        .packages()
        .delete(&shelf.package.id)
        .await
        .expect("the package goes");
    let removed = requests.create(&remove).await.expect("the resource goes");
    assert_eq!(removed.state, Some(RequestState::Delivered));
    let left = entitlement
        .catalog(&shelf.catalog.id)
        .resources()
        .list()
        .try_collect()
        .await;
    assert_eq!(left.expect("the resources"), []);
}

/// Scenario 2: approval without stages is refused, and nothing is stored.
pub async fn scenario_02_approval_needs_stages(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let approver = backend.join("approver", None);
    // The builder would not let this pass, so it is written by hand.
    let body = json!({
        "displayName": "Nobody decides",
        "allowedTargetScope": "allMemberUsers",
        "specificAllowedTargets": [],
        "requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": []},
        "accessPackage": {"id": shelf.package.id},
    });
    let path = ResourcePath::new("identityGovernance/entitlementManagement/assignmentPolicies");
    let call = Call::post(path).json(&body).expect("a call");
    assert_eq!(code(shelf.admin.send(call).await), "InvalidApprovalStages");
    let policies = shelf.admin.entitlement().policies();
    assert_eq!(
        policies.list().try_collect().await.expect("the policies"),
        []
    );

    let stage = super::fixture::stage_of(&approver);
    shelf
        .add_policy(open_policy(&shelf.package.id, "Somebody decides", [stage]))
        .await;
    assert_eq!(
        policies
            .list()
            .try_collect()
            .await
            .expect("the policies")
            .len(),
        1
    );
}

/// POL-1, POL-2, POL-8.
pub async fn policies_are_named_once_a_package_and_replaced_whole(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let policies = shelf.admin.entitlement().policies();
    let made = shelf
        .add_policy(open_policy(&shelf.package.id, "Members", []))
        .await;
    let twin = policies
        .create(&open_policy(&shelf.package.id, "Members", []))
        .await;
    assert!(twin.expect_err("a refusal").is_conflict(), "POL-8");
    let lost = policies.create(&open_policy(&nothing(), "Lost", [])).await;
    assert_eq!(code(lost), "AccessPackageNotFound");

    let path = ResourcePath::new("identityGovernance/entitlementManagement/assignmentPolicies")
        .id(&made.id);
    let narrower = AssignmentPolicyDraft::builder(&shelf.package.id, "Nobody")
        .request_approval_settings(ApprovalSettings::none())
        .build()
        .expect("a draft");
    let call = Call::put(path).json(&narrower).expect("a call");
    shelf.admin.send(call).await.expect("the new whole");
    let replaced = policies.get(&made.id).await.expect("the policy");
    assert_eq!(replaced.display_name.as_deref(), Some("Nobody"));
    assert_eq!(replaced.created_date_time, made.created_date_time);

    policies.delete(&made.id).await.expect("the policy goes");
    assert!(
        policies
            .get(&made.id)
            .await
            .expect_err("it is gone")
            .is_not_found()
    );
}

/// Members are added once and removed once.
pub async fn groups_have_members(backend: &impl Backend) {
    let admin = backend.admin();
    let ada = backend.join("ada", None);
    let group = new_group(&admin, "crew").await;
    let handle = admin.group(&group.id);
    handle.add_member(&ada).await.expect("a member");
    assert!(is_member(&admin, &group.id, &ada).await);
    assert_eq!(code(handle.add_member(&ada).await), "Request_BadRequest");
    handle.remove_member(&ada).await.expect("the member goes");
    assert!(
        handle
            .remove_member(&ada)
            .await
            .expect_err("nobody left")
            .is_not_found()
    );
    assert!(!is_member(&admin, &group.id, &ada).await);
    admin
        .groups()
        .delete(&group.id)
        .await
        .expect("the group goes");
    assert!(
        handle
            .members()
            .list()
            .next()
            .await
            .expect_err("it is gone")
            .is_not_found()
    );
}
