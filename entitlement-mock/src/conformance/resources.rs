//! Resources in catalogs: what they require, how they are kept up to date, what is listed of them.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::directory::GroupPatch;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::policy::question::TextInputQuestion;
use entitlement_core::resource::{
    OriginSystem, ResourceAttribute, ResourceRequestDraft, RoleOrigin,
};
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use http::Method;
use serde_json::{Value, json};

use super::backend::Backend;
use super::fixture::{Shelf, assignments, code, open_policy};
use super::origins::{bring_in, origin_of, package_granting, role_named};

/// The value of an attribute of the person who is signed in.
async fn attribute(person: &GraphClient, name: &'static str) -> Value {
    let query = Query::new().select([name]);
    let call = person.raw(Method::GET, "me").expect("a call").query(query);
    let me: Value = call.fetch().await.expect("the person");
    me[name].clone()
}

/// OBJ-31, OBJ-32, DEL-9.
pub async fn attributes_are_asked_for_written_and_cleared(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    let question = |text: &str| TextInputQuestion::new(text).single_line();
    let office = ResourceAttribute::of_user("officeLocation", question("Office?").required());
    let phone = ResourceAttribute::of_user("mobilePhone", question("Phone?"))
        .persisted_on_assignment_removal()
        .not_editable();
    let entitlement = shelf.admin.entitlement();
    let requests = entitlement.resource_requests();
    let update =
        ResourceRequestDraft::update(&shelf.catalog.id, &shelf.resource, [office, phone.clone()]);
    let update = update.expect("a draft");
    requests.create(&update).await.expect("an update (OBJ-22)");
    let resource = entitlement.resource(&shelf.resource.id).get_whole().await;
    assert_eq!(resource.expect("the resource").attributes.len(), 2);

    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    let package = client.entitlement().package(&shelf.package.id);
    let requirements = package.applicable_policy_requirements().await;
    let requirements = requirements.expect("the requirements").remove(0);
    let [office, phone] = requirements.questions.as_slice() else {
        panic!("two questions are asked: {requirements:?}");
    };
    let own = client.entitlement().requests();
    let draft = || AssignmentRequestDraft::user_add(&shelf.package.id);
    let silent = draft().build().expect("a draft");
    assert_eq!(code(own.create(&silent).await), "InvalidModel");
    let full = draft().answer(office, "Z1").answer(phone, "+41 1");
    own.create(&full.build().expect("a draft"))
        .await
        .expect("a request");
    assert_eq!(assignments(&client).await.len(), 1);
    assert_eq!(attribute(&client, "officeLocation").await, "Z1");
    assert_eq!(attribute(&client, "mobilePhone").await, "+41 1");

    backend.advance(IsoDuration::days(31));
    assert_eq!(attribute(&client, "officeLocation").await, Value::Null);
    assert_eq!(attribute(&client, "mobilePhone").await, "+41 1", "it stays");
    let other = draft().answer(office, "Z2").answer(phone, "+41 2");
    let refused = own.create(&other.build().expect("a draft")).await;
    assert_eq!(code(refused), "InvalidModel", "OBJ-32");
    let again = draft().answer(office, "Z2").build().expect("a draft");
    own.create(&again).await.expect("what is there stays");
    assert_eq!(assignments(&client).await.len(), 2);
    assert_eq!(attribute(&client, "officeLocation").await, "Z2");
}

/// P27: names lag behind until they are read anew, and new roles appear.
pub async fn names_and_roles_are_refreshed(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let patch = GroupPatch {
        display_name: "renamed".into(),
        ..GroupPatch::default()
    };
    let groups = shelf.admin.groups();
    groups
        .update(&shelf.group.id, &patch)
        .await
        .expect("a name");
    let catalog = shelf.admin.entitlement().catalog(&shelf.catalog.id);
    let name = async || {
        let resource = catalog.resources().get(&shelf.resource.id).await;
        resource.expect("the resource").display_name
    };
    assert_eq!(name().await.as_deref(), Some("granted"), "the old name");
    let refreshed = catalog.resource(&shelf.resource.id).refresh().await;
    refreshed.expect("it is read anew");
    assert_eq!(name().await.as_deref(), Some("renamed"));

    let crm = backend.application("CRM", &["Reader"]);
    let resource = bring_in(&shelf, OriginSystem::AadApplication, &crm.to_string()).await;
    let reader = origin_of(role_named(&resource, "Reader"));
    package_granting(&shelf, &resource, &reader).await;
    let app_id: Value = shelf
        .admin
        .raw(Method::GET, &format!("servicePrincipals/{crm}"))
        .expect("a call")
        .fetch()
        .await
        .expect("the application");
    let filter = Filter::field("appId").eq(app_id["appId"].as_str().expect("an id"));
    let found = shelf.admin.raw(Method::GET, "applications");
    let found = found.expect("a call").query(Query::new().filter(filter));
    let found: Vec<Value> = found.pages().try_collect().await.expect("applications");
    let role = |id: &str, name: &str, enabled: bool| {
        json!({
            "id": id, "displayName": name, "description": name, "value": name,
            "isEnabled": enabled, "allowedMemberTypes": ["User"],
        })
    };
    let writer = "33333333-2222-4333-8444-555555555555";
    let change = async |roles: Value| {
        let place = format!("applications/{}", found[0]["id"].as_str().expect("an id"));
        let call = shelf.admin.raw(Method::PATCH, &place).expect("a call");
        call.json(&json!({"appRoles": roles}))
            .expect("a body")
            .done()
            .await
    };
    let reader_id = reader.to_string();
    let both = [
        role(&reader_id, "Reader", true),
        role(writer, "Writer", true),
    ];
    change(both.into()).await.expect("a change");
    let count = async || {
        let roles = catalog.resource(&resource.id).roles().list();
        roles.try_collect().await.expect("the roles").len()
    };
    assert_eq!(count().await, 1, "nobody has looked");
    let refresh = catalog.resource(&resource.id);
    refresh.refresh().await.expect("it is read anew");
    assert_eq!(count().await, 2);
    let left_out = change([role(&reader_id, "Reader", true)].into()).await;
    assert!(left_out.is_err(), "enabled roles cannot be left out");
    let off = [
        role(&reader_id, "Reader", false),
        role(writer, "Writer", false),
    ];
    change(off.into()).await.expect("a change");
    refresh.refresh().await.expect("it is read anew");
    assert_eq!(
        count().await,
        2,
        "what is granted stays, besides the default"
    );
}

/// The lists of roles and scopes of a catalog, and the environments of sites (OBJ-33, OBJ-37).
pub async fn scopes_roles_and_environments_are_listed(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let url = backend.site("clients", &[]);
    let site = bring_in(&shelf, OriginSystem::SharePointOnline, &url).await;
    let entitlement = shelf.admin.entitlement();
    let catalog = entitlement.catalog(&shelf.catalog.id);
    let scopes = catalog.resource_scopes().list().try_collect().await;
    let scopes = scopes.expect("the scopes");
    assert_eq!(scopes.len(), 2);
    assert!(scopes.iter().all(|scope| {
        scope.is_root_scope == Some(true) && scope.display_name.as_deref() == Some("Root")
    }));
    let roles = catalog.roles_of(&site).try_collect().await;
    let roles = roles.expect("the roles of the site");
    assert_eq!(roles.len(), 3);
    let of_role = roles[0].resource.loaded().expect("the resource");
    assert_eq!(of_role.id, site.id);
    let group = catalog.roles_of(&shelf.resource).try_collect().await;
    let member = RoleOrigin::member_of(&shelf.group.id).to_string();
    let group = group.expect("the roles of the group");
    assert_eq!(group[0].origin_id.as_deref(), Some(member.as_str()));

    let environments = entitlement.resource_environments();
    let blind = environments.unchecked().list().next().await;
    assert!(blind.is_err(), "the filter is mandatory");
    let filter = Filter::field("originSystem").eq("SharePointOnline");
    let listed = environments.list_with(Query::new().filter(filter));
    let listed = listed.try_collect().await.expect("the environments");
    assert_eq!(listed[0].is_default_environment, Some(true));
    let home = entitlement.resource_environment(&listed[0].id);
    let home = home.resources().list().try_collect().await;
    assert_eq!(home.expect("the sites")[0].id, site.id);
    let whole = entitlement.resource(&site.id).get_whole().await;
    let whole = whole.expect("the site");
    let environment = whole.environment.loaded().expect("an environment");
    assert_eq!(environment.id, listed[0].id);
}

/// Applications, service principals and app role assignments are made and removed as in Graph.
pub async fn applications_are_registered_and_known(backend: &impl Backend) {
    let admin = backend.admin();
    let ada = backend.join("ada", None);
    let send = async |method: Method, path: &str, body: Value| {
        let call = admin.raw(method, path).expect("a call");
        call.json(&body).expect("a body").fetch::<Value>().await
    };
    let role = "33333333-2222-4333-8444-555555555555";
    let draft = json!({"displayName": "Shop", "appRoles": [{
        "id": role, "displayName": "Clerk", "description": "Sells", "value": "clerk",
        "isEnabled": true, "allowedMemberTypes": ["User"],
    }]});
    let application = send(Method::POST, "applications", draft).await;
    let application = application.expect("a registration");
    let draft = json!({"appId": application["appId"]});
    let known = send(Method::POST, "servicePrincipals", draft.clone()).await;
    let known = known.expect("a service principal");
    assert_eq!(known["appRoles"], application["appRoles"]);
    let twice = send(Method::POST, "servicePrincipals", draft).await;
    assert!(twice.expect_err("it is known").is_conflict());

    let id = known["id"].as_str().expect("an id");
    let path = format!("servicePrincipals/{id}/appRoleAssignedTo");
    let draft = json!({"principalId": ada, "resourceId": id, "appRoleId": role});
    let given = send(Method::POST, &path, draft.clone()).await;
    let given = given.expect("a role");
    assert_eq!(given["principalType"], "User");
    assert!(
        send(Method::POST, &path, draft).await.is_err(),
        "once is enough"
    );
    let unknown = json!({"principalId": ada, "resourceId": id, "appRoleId": id});
    assert!(send(Method::POST, &path, unknown).await.is_err());
    let own = format!("users/{ada}/appRoleAssignments");
    let own = admin.raw(Method::GET, &own).expect("a call").pages();
    let own: Vec<Value> = own.try_collect().await.expect("the roles");
    assert_eq!(own[0]["id"], given["id"]);
    let path = format!("{path}/{}", given["id"].as_str().expect("an id"));
    let call = admin.raw(Method::DELETE, &path).expect("a call");
    call.done().await.expect("the role goes");
    let call = admin.raw(Method::GET, &path).expect("a call");
    assert!(call.done().await.expect_err("it is gone").is_not_found());
}
