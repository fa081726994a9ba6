//! Who may do what: permissions of tokens, roles in catalogs, licences.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackageDraft;
use entitlement_core::request::RequestState;
use entitlement_core::time::IsoDuration;
use entitlement_graph::error::ServiceError;
use entitlement_graph::permission::Role;
use entitlement_graph::transport::{Request, Transport};
use entitlement_mock::scenarios::SelfService;
use entitlement_mock::{Licence, Session, Tenant};
use http::Method;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const EM: &str = "identityGovernance/entitlementManagement";

/// Reading, changing and making things in the catalog, by the role that is needed.
fn calls(scene: &SelfService) -> Vec<(Role, Method, String, Value)> {
    let SelfService {
        catalog,
        package,
        policy,
        ada: bob,
        ..
    } = scene;
    vec![
        (
            Role::CatalogReader,
            Method::GET,
            format!("{EM}/catalogs/{catalog}"),
            Value::Null,
        ),
        (
            Role::CatalogReader,
            Method::GET,
            format!("{EM}/accessPackages/{package}"),
            Value::Null,
        ),
        (
            Role::CatalogReader,
            Method::GET,
            format!("{EM}/assignmentPolicies/{policy}"),
            Value::Null,
        ),
        (
            Role::CatalogReader,
            Method::GET,
            format!("{EM}/assignments?$filter=accessPackage/id%20eq%20'{package}'"),
            Value::Null,
        ),
        (
            Role::AccessPackageAssignmentManager,
            Method::POST,
            format!("{EM}/assignmentRequests"),
            json!({"requestType": "adminAdd", "assignment": {
                    "targetId": bob, "assignmentPolicyId": policy, "accessPackageId": package}}),
        ),
        (
            Role::AccessPackageManager,
            Method::POST,
            format!("{EM}/accessPackages"),
            json!({"displayName": "More", "catalog": {"id": catalog}}),
        ),
        (
            Role::AccessPackageManager,
            Method::PATCH,
            format!("{EM}/accessPackages/{package}"),
            json!({"displayName": "Others"}),
        ),
        (
            Role::AccessPackageManager,
            Method::POST,
            format!("{EM}/assignmentPolicies"),
            json!({"displayName": "More", "accessPackage": {"id": package}, "allowedTargetScope": "notSpecified"}),
        ),
        (
            Role::CatalogOwner,
            Method::PATCH,
            format!("{EM}/catalogs/{catalog}"),
            json!({"displayName": "Others"}),
        ),
    ]
}

/// What a call answers, status and code, when it is made on a tenant of its own.
async fn answer_apart(
    scene: &SelfService,
    who: &Id<User>,
    method: Method,
    path: &str,
    body: Value,
) -> (u16, String) {
    answer(&scene.tenant.fork().user(who), method, path, body).await
}

async fn answer(session: &Session, method: Method, path: &str, body: Value) -> (u16, String) {
    let mut request = Request::default();
    *request.method_mut() = method;
    let url = format!("https://graph.microsoft.com/v1.0/{path}");
    *request.uri_mut() = url.parse().expect("a URL");
    if !body.is_null() {
        *request.body_mut() = body.to_string().into();
    }
    let answer = session.send(request).await.expect("the tenant answers");
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let code = body["error"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (answer.status().as_u16(), code)
}

#[tokio::test]
async fn role_2_each_role_may_do_its_own_and_what_is_below() -> Result<()> {
    let roles = [
        Role::CatalogReader,
        Role::AccessPackageAssignmentManager,
        Role::AccessPackageManager,
        Role::CatalogOwner,
    ];
    let scene = SelfService::open().await?;
    for held in roles {
        let person = scene
            .tenant
            .person(&held.to_string().replace(' ', "."))
            .add();
        scene.tenant.delegate(&person, held, &scene.catalog);
        for (needed, method, path, body) in calls(&scene) {
            let (status, code) = answer_apart(&scene, &person, method.clone(), &path, body).await;
            let what = format!("{held}: {method} {path} answers {status} {code}");
            if held.covers(needed) {
                assert!((200..300).contains(&status), "{what}");
            } else {
                assert_eq!((status, code.as_str()), (403, "UnAuthorized"), "{what}");
            }
        }
    }
    for (_, method, path, body) in calls(&scene) {
        let (status, _) = answer_apart(&scene, &scene.ada, method.clone(), &path, body).await;
        assert_eq!(status, 403, "nobody: {method} {path}");
    }
    Ok(())
}

#[tokio::test]
async fn role_7_an_application_may_hold_a_role_in_place_of_permissions() -> Result<()> {
    let roles = [
        Role::CatalogReader,
        Role::AccessPackageAssignmentManager,
        Role::CatalogOwner,
    ];
    let scene = SelfService::open().await?;
    let path = "roleManagement/entitlementManagement/roleAssignments";
    for held in roles {
        let application = scene.tenant.application(&held.to_string()).add();
        let without = |tenant: &Tenant| tenant.as_application(&application).with_permissions([]);
        for (_, method, path, body) in calls(&scene) {
            let (status, code) = answer(&without(&scene.tenant.fork()), method, &path, body).await;
            assert_eq!(
                (status, code.as_str()),
                (403, "Authorization_RequestDenied")
            );
        }
        let give = json!({
            "principalId": application, "roleDefinitionId": held.definition_id(),
            "appScopeId": format!("/AccessPackageCatalog/{}", scene.catalog),
        });
        let (status, _) = answer(&scene.tenant.app(), Method::POST, path, give).await;
        assert_eq!(status, 201, "{held}");
        for (needed, method, path, body) in calls(&scene) {
            let with_permissions = scene.tenant.fork().as_application(&application);
            let all = answer(&with_permissions, method.clone(), &path, body.clone()).await;
            assert!(
                (200..300).contains(&all.0),
                "{method} {path} answers {all:?}"
            );
            let tenant = scene.tenant.fork();
            let (status, _) = answer(&without(&tenant), method.clone(), &path, body).await;
            let may = (200..300).contains(&status);
            assert_eq!(
                may,
                held.covers(needed),
                "{held}: {method} {path} answers {status}"
            );
            assert_eq!(
                tenant.permissions_used().to_string(),
                "",
                "a role is no permission"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn role_7_such_an_application_does_not_administer() -> Result<()> {
    let scene = SelfService::open().await?;
    let admin = scene.tenant.app().client();
    let other = CatalogDraft::builder("Others").build()?;
    let other = admin.entitlement().catalogs().create(&other).await?.id;
    let owner = scene.tenant.application("Helpdesk").add();
    scene
        .tenant
        .delegate_to_application(&owner, Role::CatalogOwner, &scene.catalog);
    let session = scene.tenant.as_application(&owner).with_permissions([]);
    let elsewhere = format!("{EM}/catalogs/{other}");
    let all = format!("{EM}/assignments");
    for path in [elsewhere, all] {
        let (status, _) = answer(&session, Method::GET, &path, Value::Null).await;
        assert_eq!(status, 403, "{path}");
    }
    // ROLE-3, and OBJ-27: it owns the catalog, and not the group.
    let policies = format!("{EM}/assignmentPolicies");
    let by_rule = json!({
        "displayName": "By rule", "accessPackage": {"id": scene.package},
        "allowedTargetScope": "specificDirectoryUsers",
        "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.attributeRuleMembers",
            "description": "Sales", "membershipRule": "user.department -eq \"Sales\""}],
        "automaticRequestSettings": {"requestAccessForAllowedTargets": true},
    });
    let refused = answer(&session, Method::POST, &policies, by_rule).await;
    assert_eq!(refused, (403, "UnAuthorized".to_owned()));
    let group = scene.tenant.group("Sales").add();
    let add = json!({
        "requestType": "adminAdd", "catalog": {"id": scene.catalog},
        "resource": {"originId": group, "originSystem": "AadGroup"},
    });
    let refused = answer(
        &session,
        Method::POST,
        &format!("{EM}/resourceRequests"),
        add,
    )
    .await;
    assert_eq!(refused, (400, "CallerNotResourceOwner".to_owned()));

    let maker = scene.tenant.application("Maker").add();
    let creator = Role::CatalogCreator.definition_id();
    let give = json!({"principalId": maker, "roleDefinitionId": creator, "appScopeId": "/"});
    let path = "roleManagement/entitlementManagement/roleAssignments";
    assert_eq!(
        answer(&scene.tenant.app(), Method::POST, path, give)
            .await
            .0,
        201
    );
    let own = scene
        .tenant
        .as_application(&maker)
        .with_permissions([])
        .client();
    let draft = CatalogDraft::builder("Mine").build()?;
    let mine = own.entitlement().catalogs().create(&draft).await?;
    // OBJ-15.
    assert_eq!(own.entitlement().catalogs().get(&mine.id).await?, mine);
    Ok(())
}

#[tokio::test]
async fn role_5_and_6_a_role_ends_where_its_catalog_does() -> Result<()> {
    let scene = SelfService::open().await?;
    let admin = scene.tenant.app().client();
    let other = CatalogDraft::builder("Others").build()?;
    let other = admin.entitlement().catalogs().create(&other).await?.id;
    scene
        .tenant
        .delegate(&scene.ada, Role::CatalogOwner, &other);
    for (_, method, path, body) in calls(&scene) {
        let (status, _) = answer_apart(&scene, &scene.ada, method.clone(), &path, body).await;
        assert_eq!(status, 403, "{method} {path}");
    }
    scene
        .tenant
        .delegate(&scene.ada, Role::CatalogReader, &scene.catalog);
    let list = |what| format!("{EM}/{what}");
    for what in [
        "assignments",
        "assignmentRequests",
        "assignmentPolicies",
        "catalogs",
    ] {
        let (status, _) =
            answer_apart(&scene, &scene.ada, Method::GET, &list(what), Value::Null).await;
        assert_eq!(status, 403, "{what} without a filter");
    }
    let gone = format!("{EM}/assignmentPolicies/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1");
    let (status, code) = answer_apart(&scene, &scene.ada, Method::GET, &gone, Value::Null).await;
    assert_eq!(
        (status, code.as_str()),
        (403, "UnAuthorized"),
        "what is not there is in no catalog"
    );
    let (status, _) = answer(&scene.tenant.app(), Method::GET, &gone, Value::Null).await;
    assert_eq!(status, 404, "U-41");
    Ok(())
}

#[tokio::test]
async fn obj_15_who_makes_a_catalog_owns_it() -> Result<()> {
    let scene = SelfService::open().await?;
    let client = scene.tenant.user(&scene.ada).client();
    let draft = CatalogDraft::builder("Mine").build()?;
    let refused = client.entitlement().catalogs().create(&draft).await;
    assert!(refused.is_err_and(|error| error.is_permission()));
    scene
        .tenant
        .delegate_everywhere(&scene.ada, Role::CatalogCreator);
    let mine = client.entitlement().catalogs().create(&draft).await?;
    let package = AccessPackageDraft::builder(&mine.id, "Mine").build()?;
    client.entitlement().packages().create(&package).await?;
    let elsewhere = AccessPackageDraft::builder(&scene.catalog, "Mine").build()?;
    let refused = client.entitlement().packages().create(&elsewhere).await;
    assert!(refused.is_err_and(|error| error.is_permission()));
    Ok(())
}

#[tokio::test]
async fn p28_a_token_is_good_for_its_permissions() -> Result<()> {
    let scene = SelfService::open().await?;
    let reader = ["EntitlementManagement.Read.All"];
    let app = scene.tenant.app().with_permissions(reader);
    let administrator = scene.tenant.person("root").administrator().add();
    let person = scene.tenant.user(&administrator).with_permissions(reader);
    for session in [app, person] {
        let client = session.client();
        client.entitlement().catalogs().get(&scene.catalog).await?;
        let draft = CatalogDraft::builder("More").build()?;
        let refused = client.entitlement().catalogs().create(&draft).await;
        let error = refused.expect_err("the token is for reading");
        assert_eq!(
            error.service().map(ServiceError::code),
            Some("Authorization_RequestDenied")
        );
        let last = scene.tenant.journal().pop().ok_or("the journal has it")?;
        let why = last.explanation().unwrap_or_default().to_owned();
        assert!(why.contains("EntitlementManagement.ReadWrite.All"), "{why}");
    }
    Ok(())
}

#[tokio::test]
async fn m5_the_permissions_that_were_needed_are_known() -> Result<()> {
    let scene = SelfService::open().await?;
    let client = scene.tenant.user(&scene.ada).client();
    client.me().await?;
    let request = AssignmentRequestDraft::user_add(&scene.package).build()?;
    client.entitlement().requests().create(&request).await?;
    let refused = client.entitlement().catalogs().get(&scene.catalog).await;
    assert!(refused.is_err(), "what is refused counts for nothing");
    insta::assert_snapshot!(scene.tenant.permissions_used(), @"
    ada@contoso.onmicrosoft.com: EntitlementMgmt-SubjectAccess.ReadWrite, User.Read
    app: EntitlementManagement.ReadWrite.All
    ");
    Ok(())
}

#[tokio::test]
async fn rights_can_be_left_alone() -> Result<()> {
    let scene = SelfService::open_in(Tenant::builder().permissive().build()).await?;
    for (_, method, path, body) in calls(&scene) {
        let nobody = scene.tenant.fork().user(&scene.ada).with_permissions([]);
        let (status, code) = answer(&nobody, method.clone(), &path, body).await;
        assert!(
            (200..300).contains(&status),
            "{method} {path} answers {status} {code}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn obj_1_roles_are_given_through_graph() -> Result<()> {
    let scene = SelfService::open().await?;
    let path = "roleManagement/entitlementManagement/roleAssignments";
    let owner = Role::CatalogOwner.definition_id();
    let body = json!({
        "principalId": scene.ada, "roleDefinitionId": owner,
        "appScopeId": format!("/AccessPackageCatalog/{}", scene.catalog),
    });
    let app = scene.tenant.app();
    assert_eq!(answer(&app, Method::POST, path, body.clone()).await.0, 201);
    assert_eq!(
        answer(&app, Method::POST, path, body.clone()).await.0,
        400,
        "not twice"
    );
    let client = scene.tenant.user(&scene.ada).client();
    client.entitlement().catalogs().get(&scene.catalog).await?;

    // An owner gives roles in the catalog, and none in the tenant.
    let bob = scene.tenant.person("bob").add();
    let ada = scene.tenant.user(&scene.ada);
    let mut for_bob = body;
    for_bob["principalId"] = json!(bob);
    assert_eq!(
        answer(&ada, Method::POST, path, for_bob.clone()).await.0,
        201
    );
    for_bob["appScopeId"] = "/".into();
    assert_eq!(answer(&ada, Method::POST, path, for_bob).await.0, 403);
    let gone = format!("{path}/b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1");
    let (status, code) = answer(&app, Method::DELETE, &gone, Value::Null).await;
    assert_eq!(
        (status, code.as_str()),
        (404, "EntitlementManagementRoleAssignmentNotFound")
    );
    Ok(())
}

#[tokio::test]
async fn lic_3_without_a_licence_nothing_new_is_processed() -> Result<()> {
    let scene = SelfService::open().await?;
    scene.tenant.set_licence(Licence::None);
    let requests = scene
        .tenant
        .user(&scene.ada)
        .client()
        .entitlement()
        .requests();
    let draft = AssignmentRequestDraft::user_add(&scene.package).build()?;
    let request = requests.create(&draft).await?.id;
    scene.tenant.clock().advance(IsoDuration::days(30));
    assert_eq!(
        requests.get(&request).await?.state,
        Some(RequestState::Submitted)
    );
    scene.tenant.set_licence(Licence::P2);
    assert_eq!(
        requests.get(&request).await?.state,
        Some(RequestState::Delivered)
    );
    Ok(())
}
