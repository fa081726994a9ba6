//! What the journal says of calls that went nearly right (M19).

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_graph::permission::Role;
use entitlement_graph::transport::{Request, Transport};
use entitlement_mock::scenarios::SmallCompany;
use entitlement_mock::{Session, Tenant};
use http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

type Done = Result<(), Box<dyn std::error::Error>>;

const EM: &str = "/v1.0/identityGovernance/entitlementManagement";

/// Makes a call and returns what the journal says of it, without its moment.
async fn journal(session: &Session, tenant: &Tenant, method: &str, path: &str) -> String {
    told(session, tenant, method, path, &Value::Null).await
}

async fn told(
    session: &Session,
    tenant: &Tenant,
    method: &str,
    path: &str,
    body: &Value,
) -> String {
    let mut request = Request::default();
    *request.method_mut() = Method::try_from(method).expect("a method");
    *request.uri_mut() = path.parse().expect("a path");
    if !body.is_null() {
        *request.body_mut() = body.to_string().into();
    }
    session.send(request).await.expect("an answer");
    let last = tenant.journal().pop().expect("the journal has it");
    let text = last.to_string();
    let (_moment, text) = text.split_once(' ').expect("a moment");
    text.to_owned()
}

#[tokio::test]
async fn m19_paths_that_lead_nowhere() {
    let tenant = Tenant::new();
    let app = tenant.app();
    let package = "b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1";
    let mut said = Vec::new();
    for (method, path) in [
        ("PATCH", format!("{EM}/assignmentPolicies/{package}")),
        ("DELETE", format!("{EM}/assignments/{package}")),
        (
            "POST",
            format!("{EM}/accessPackages/{package}/assignmentPolicies"),
        ),
        ("GET", format!("{EM}/catalog")),
        (
            "GET",
            format!("{EM}/accessPackageAssignmentRequests/{package}"),
        ),
        ("GET", "/v1.0/identityGovernance/accessPackages".to_owned()),
        (
            "GET",
            format!("/identityGovernance/entitlementManagement/accessPackages/{package}"),
        ),
        ("GET", "/beta/me".to_owned()),
        ("GET", "/beta/users/ada/manger".to_owned()),
        (
            "GET",
            format!("{EM}/assignments/microsoft.graf.filterByCurrentUser(on='target')"),
        ),
        ("GET", format!("{EM}/assignments/filterByUser(on='target')")),
        (
            "GET",
            format!("{EM}/accessPackageSuggestions/filterByCurrentUser"),
        ),
        (
            "POST",
            format!("{EM}/accessPackages/{package}/incompatibleGroups"),
        ),
        ("GET", "/v1.0/users/ada/calendar".to_owned()),
        ("GET", "/v1.0/sites".to_owned()),
        ("GET", format!("{EM}/catalogs/('x")),
    ] {
        said.push(journal(&app, &tenant, method, &path).await);
    }
    assert_snapshot!(said.join("\n"), @"
    app PATCH /v1.0/identityGovernance/entitlementManagement/assignmentPolicies/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1 -> 404 (the tenant answers no such call (OBJ-2))
        PATCH is not taken here, but GET, PUT, DELETE
        a policy is written as a whole, with PUT (POL-2)
    app DELETE /v1.0/identityGovernance/entitlementManagement/assignments/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1 -> 404 (the tenant answers no such call (OBJ-2))
        DELETE is not taken here, but GET
        assignments are made, changed and ended with POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests (OBJ-3)
    app POST /v1.0/identityGovernance/entitlementManagement/accessPackages/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1/assignmentPolicies -> 404 (the tenant answers no such call (OBJ-2))
        a policy is made with POST /v1.0/identityGovernance/entitlementManagement/assignmentPolicies, with accessPackage.id in the body (OBJ-3)
    app GET /v1.0/identityGovernance/entitlementManagement/catalog -> 404 (the tenant answers no such call (OBJ-2))
        did you mean GET /v1.0/identityGovernance/entitlementManagement/catalogs? (catalogs, not catalog)
    app GET /v1.0/identityGovernance/entitlementManagement/accessPackageAssignmentRequests/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1 -> 404 (the tenant answers no such call (OBJ-2))
        did you mean GET /v1.0/identityGovernance/entitlementManagement/assignmentRequests/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1? (accessPackageAssignmentRequests is its name in beta (OBJ-4))
    app GET /v1.0/identityGovernance/accessPackages -> 404 (the tenant answers no such call (OBJ-2))
        did you mean GET /v1.0/identityGovernance/entitlementManagement/accessPackages? (entitlementManagement is missing)
    app GET /identityGovernance/entitlementManagement/accessPackages/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1 -> 404 (the tenant answers no such call (OBJ-2))
        the path lacks the version: it begins with /v1.0
    app GET /beta/me -> 404 (the tenant answers no such call (OBJ-2))
        only /v1.0 is answered, and not /beta
    app GET /beta/users/ada/manger -> 404 (the tenant answers no such call (OBJ-2))
        only /v1.0 is answered, and not /beta
        did you mean GET /v1.0/users/ada/manager? (manager, not manger)
    app GET /v1.0/identityGovernance/entitlementManagement/assignments/microsoft.graf.filterByCurrentUser(on='target') -> 404 (the tenant answers no such call (OBJ-2))
        did you mean GET /v1.0/identityGovernance/entitlementManagement/assignments/filterByCurrentUser(on='target')? (filterByCurrentUser or microsoft.graph.filterByCurrentUser, not microsoft.graf.filterByCurrentUser)
    app GET /v1.0/identityGovernance/entitlementManagement/assignments/filterByUser(on='target') -> 404 (the tenant answers no such call (OBJ-2))
        after /v1.0/identityGovernance/entitlementManagement/assignments can come: filterByCurrentUser, additionalAccess
    app GET /v1.0/identityGovernance/entitlementManagement/accessPackageSuggestions/filterByCurrentUser -> 404 (the tenant answers no such call (OBJ-2))
        did you mean GET /v1.0/identityGovernance/entitlementManagement/accessPackageSuggestions/filterByCurrentUser()? (filterByCurrentUser is a function, and takes its arguments in parentheses)
    app POST /v1.0/identityGovernance/entitlementManagement/accessPackages/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1/incompatibleGroups -> 404 (the tenant answers no such call (OBJ-2))
        POST is not taken here, but GET
        did you mean POST /v1.0/identityGovernance/entitlementManagement/accessPackages/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1/incompatibleGroups/$ref? ($ref is missing)
    app GET /v1.0/users/ada/calendar -> 404 (the tenant answers no such call (OBJ-2))
        after /v1.0/users/ada can come: manager, appRoleAssignments, managedDevices
    app GET /v1.0/sites -> 404 (the tenant answers no such call (OBJ-2))
        after /v1.0 can come: me, users, directory, groups, applications, servicePrincipals, roleManagement, identityGovernance, deviceAppManagement, deviceManagement
    app GET /v1.0/identityGovernance/entitlementManagement/catalogs/('x -> 404 (the tenant answers no such call (OBJ-2))
        a quote, a parenthesis or a percent sign is not closed
    ");
}

#[tokio::test]
async fn m19_ids_of_something_else() -> Done {
    let company = SmallCompany::open().await?;
    let tenant = &company.tenant;
    let app = tenant.app();
    let (package, catalog) = (&company.app, &company.catalog);
    let ada = &company.ada;
    let by_hand = AssignmentRequestDraft::admin_add(package, &company.app_policy, ada);
    app.client()
        .entitlement()
        .requests()
        .create(&by_hand.build()?)
        .await?;
    tenant.run_until_quiet();
    let mut typo = catalog.to_string();
    let last = typo.pop();
    typo.push(if last == Some('0') { '1' } else { '0' });
    let end = |id: String| json!({"requestType": "adminRemove", "assignment": {"id": id}});
    let said = [
        journal(&app, tenant, "GET", &format!("{EM}/assignments/{package}")).await,
        journal(
            &app,
            tenant,
            "GET",
            &format!("{EM}/accessPackages/{catalog}"),
        )
        .await,
        journal(&app, tenant, "GET", &format!("{EM}/catalogs/{typo}")).await,
        journal(
            &app,
            tenant,
            "GET",
            &format!("{EM}/connectedOrganizations/{typo}"),
        )
        .await,
        told(
            &app,
            tenant,
            "POST",
            &format!("{EM}/assignmentRequests"),
            &end(ada.to_string()),
        )
        .await,
        told(
            &app,
            tenant,
            "POST",
            &format!("{EM}/accessPackages/{package}/incompatibleGroups/$ref"),
            &json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/groups/{ada}")}),
        )
        .await,
    ];
    assert_snapshot!(said.join("\n"), @r#"
    app GET /v1.0/identityGovernance/entitlementManagement/assignments/4e216d15-08de-496f-ba75-74ffbee73c21 -> 404 (The access package assignment was not found.)
        {assignment} in the path: 4e216d15-08de-496f-ba75-74ffbee73c21 is the id of the access package "Planning app", and that of an assignment is due
        what goes with it: 6e58d81a-db4f-4bfc-8915-6b4114ffc6fa, the assignment of "Planning app" to Ada Lovelace (delivered)
    app GET /v1.0/identityGovernance/entitlementManagement/accessPackages/4e2510fe-e813-47f7-9b70-19b52b139782 -> 404 (The access package was not found.)
        {package} in the path: 4e2510fe-e813-47f7-9b70-19b52b139782 is the id of the catalog "Workplace", and that of an access package is due
        what goes with it: ff4a20b1-e25e-4d01-aa92-b5e1d72e6f6f, the access package "Local administrator"; 4e216d15-08de-496f-ba75-74ffbee73c21, the access package "Planning app"
    app GET /v1.0/identityGovernance/entitlementManagement/catalogs/4e2510fe-e813-47f7-9b70-19b52b139780 -> 404 (The access package catalog was not found.)
        {catalog} in the path: 4e2510fe-e813-47f7-9b70-19b52b139780 is no id of anything, but 4e2510fe-e813-47f7-9b70-19b52b139782 is that of the catalog "Workplace"
    app GET /v1.0/identityGovernance/entitlementManagement/connectedOrganizations/4e2510fe-e813-47f7-9b70-19b52b139780 -> 404 (The connected organization was not found.)
        {organization} in the path: the tenant has no connected organization at all
    app POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests -> 404 (The access package assignment was not found.)
        assignment.id: a3404b7d-2278-4886-a0a8-8e9b8a1acd59 is the id of the person "Ada Lovelace", and that of an assignment is due
        what goes with it: 6e58d81a-db4f-4bfc-8915-6b4114ffc6fa, the assignment of "Planning app" to Ada Lovelace (delivered)
    app POST /v1.0/identityGovernance/entitlementManagement/accessPackages/4e216d15-08de-496f-ba75-74ffbee73c21/incompatibleGroups/$ref -> 404 (Resource does not exist or one of its queried reference-property objects are not present.)
        @odata.id: a3404b7d-2278-4886-a0a8-8e9b8a1acd59 is the id of the person "Ada Lovelace", and that of a group is due
    "#);
    Ok(())
}

#[tokio::test]
async fn m19_names_that_are_nearly_right() -> Done {
    let company = SmallCompany::open().await?;
    let tenant = &company.tenant;
    let app = tenant.app();
    let package = &company.app;
    let said = [
        told(
            &app,
            tenant,
            "PATCH",
            &format!("{EM}/accessPackages/{package}"),
            &json!({"displayname": "x"}),
        )
        .await,
        told(
            &app,
            tenant,
            "PATCH",
            &format!("{EM}/accessPackages/{package}"),
            &json!({"colour": "red"}),
        )
        .await,
        told(
            &app,
            tenant,
            "POST",
            &format!("{EM}/catalogs"),
            &json!({"displayName": "x", "state": "publised"}),
        )
        .await,
        journal(
            &app,
            tenant,
            "GET",
            &format!("{EM}/accessPackages/{package}?$select=name"),
        )
        .await,
        journal(
            &app,
            tenant,
            "GET",
            &format!("{EM}/accessPackages?$expand=policies"),
        )
        .await,
        journal(
            &tenant.user(&company.ada),
            tenant,
            "GET",
            &format!("{EM}/assignments/filterByCurrentUser(on='creator')"),
        )
        .await,
    ];
    assert_snapshot!(said.join("\n"), @"
    app PATCH /v1.0/identityGovernance/entitlementManagement/accessPackages/4e216d15-08de-496f-ba75-74ffbee73c21 -> 400 (displayname is not a property that can be written here; names are case-sensitive)
        did you mean displayName, not displayname?
    app PATCH /v1.0/identityGovernance/entitlementManagement/accessPackages/4e216d15-08de-496f-ba75-74ffbee73c21 -> 400 (colour is not a property that can be written here; names are case-sensitive)
        known here are: displayName, description, isHidden
    app POST /v1.0/identityGovernance/entitlementManagement/catalogs -> 400 (Requested value 'publised' was not found.)
        did you mean published, not publised?
    app GET /v1.0/identityGovernance/entitlementManagement/accessPackages/4e216d15-08de-496f-ba75-74ffbee73c21?$select=name -> 400 (Could not find a property named 'name' on type 'microsoft.graph.accessPackage'.)
        did you mean displayName, not name?
    app GET /v1.0/identityGovernance/entitlementManagement/accessPackages?$expand=policies -> 400 (documented for EM/accessPackages are: accessPackagesIncompatibleWith, assignmentPolicies, catalog, incompatibleAccessPackages, incompatibleGroups, resourceRoleScopes)
        did you mean assignmentPolicies, not policies?
    ada@contoso.onmicrosoft.com GET /v1.0/identityGovernance/entitlementManagement/assignments/filterByCurrentUser(on='creator') -> 400 (Requested value 'creator' was not found.)
        known here are: target, createdBy, targetManager, targetAgentIdentitySponsorOrOwner
    ");
    Ok(())
}

/// A request of a person for the package that members may ask for.
async fn ask(company: &SmallCompany, person: &Id<User>, reason: &str) -> String {
    let body = json!({
        "requestType": "userAdd",
        "justification": reason,
        "assignment": {"accessPackageId": company.local_administrator},
    });
    let path = format!("{EM}/assignmentRequests");
    told(
        &company.tenant.user(person),
        &company.tenant,
        "POST",
        &path,
        &body,
    )
    .await
}

#[tokio::test]
async fn m19_states_rights_and_policies() -> Done {
    let company = SmallCompany::open().await?;
    let tenant = &company.tenant;
    let by_hand =
        AssignmentRequestDraft::admin_add(&company.app, &company.app_policy, &company.ada);
    let requests = tenant.app().client().entitlement().requests();
    let request = requests.create(&by_hand.build()?).await?.id;
    tenant.run_until_quiet();
    let bob = tenant.user(&company.bob);
    let catalog = format!("{EM}/catalogs/{}", company.catalog);
    let reader = ["EntitlementManagement.Read.All"];
    let root = tenant.user(&company.root);
    let mut said = vec![
        journal(
            &root,
            tenant,
            "POST",
            &format!("{EM}/assignmentRequests/{request}/cancel"),
        )
        .await,
        journal(
            &root,
            tenant,
            "POST",
            &format!("{EM}/assignmentRequests/{request}/reprocess"),
        )
        .await,
        journal(&bob, tenant, "DELETE", &catalog).await,
    ];
    tenant.delegate(&company.bob, Role::CatalogReader, &company.catalog);
    said.push(journal(&bob, tenant, "DELETE", &catalog).await);
    said.push(journal(&root.with_permissions(reader), tenant, "DELETE", &catalog).await);
    said.push(ask(&company, &company.gus, "I am a guest").await);
    ask(&company, &company.ada, "The build machine needs me").await;
    said.push(ask(&company, &company.ada, "Once more").await);
    assert_snapshot!(said.join("\n"), @r#"
    root@contoso.onmicrosoft.com POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests/97fed095-50b7-4ea9-ac9e-1ae388ecf827/cancel -> 400 (people withdraw what waits for consent or its start, administrators also what has failed, or waits for an extension or for somebody who may not be invited (REQ-50, REQ-51, REQ-6))
        it is about the request adminAdd of "Planning app" for Ada Lovelace (delivered, Delivered)
    root@contoso.onmicrosoft.com POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests/97fed095-50b7-4ea9-ac9e-1ae388ecf827/reprocess -> 400 (its delivery did not fail, or failed too long ago (REQ-52))
        it is about the request adminAdd of "Planning app" for Ada Lovelace (delivered, Delivered)
    bob@contoso.onmicrosoft.com DELETE /v1.0/identityGovernance/entitlementManagement/catalogs/4e2510fe-e813-47f7-9b70-19b52b139782 -> 403 (only applications and administrators can call this, or a catalog owner where the call names the catalog (ROLE-2, ROLE-5))
        the caller holds no role in entitlement management
        enough would be a catalog owner in the catalog "Workplace"
    bob@contoso.onmicrosoft.com DELETE /v1.0/identityGovernance/entitlementManagement/catalogs/4e2510fe-e813-47f7-9b70-19b52b139782 -> 403 (only applications and administrators can call this, or a catalog owner where the call names the catalog (ROLE-2, ROLE-5))
        the caller is a catalog reader in the catalog "Workplace"
        enough would be a catalog owner in the catalog "Workplace"
    root@contoso.onmicrosoft.com DELETE /v1.0/identityGovernance/entitlementManagement/catalogs/4e2510fe-e813-47f7-9b70-19b52b139782 -> 403 (the token has none of the permissions that would do: EntitlementManagement.ReadWrite.All, for people and applications alike; or the role of a catalog owner)
        the token has EntitlementManagement.Read.All
    gus@contoso.onmicrosoft.com POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests -> 400 (no policy of the package applies to the person (PRI-5))
        The catalog Workplace is published.
        The catalog Workplace is not shown to people from elsewhere, so policies for them count for nothing (VIS-1).
        The policy "Members, 30 days", for all members, does not apply: they are outside its scope (2.2).
        No policy applies (PRI-5).
    ada@contoso.onmicrosoft.com POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests -> 400 (Request edc34e1d-95f7-4c64-8587-122fed701c24 for the same access package is still open.)
    "#);
    Ok(())
}
