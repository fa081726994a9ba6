//! What is missing is made once: whatever gets lost, however late it appears, whoever else makes it.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(
    clippy::unnecessary_wraps,
    reason = "a script takes outcomes, good ones too"
)]

use std::time::Duration;

use entitlement_graph::core::catalog::{Catalog, CatalogDraft, CatalogState};
use entitlement_graph::core::connected_organization::{ConnectedOrganizationDraft, IdentitySource};
use entitlement_graph::core::directory::{DirectoryObject, Group, GroupDraft};
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::package::{AccessPackage, AccessPackageDraft};
use entitlement_graph::core::policy::AssignmentPolicyDraft;
use entitlement_graph::core::resource::{
    OriginSystem, Resource, ResourceRequestDraft, RoleOrigin, RoleScopeDraft,
};
use entitlement_graph::core::schedule::Expiration;
use entitlement_graph::difference::Difference;
use entitlement_graph::ensure::Ensured;
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Response, TransportError, TransportErrorKind};
use entitlement_graph::wait::Wait;
use entitlement_graph::{Error, GraphClient};
use http::{Method, StatusCode};
use serde_json::{Value, json};

type Outcome = Result<Response, TransportError>;

fn ok(body: &Value) -> Outcome {
    Ok(answer(StatusCode::OK, body.to_string()))
}

fn page(items: &Value) -> Outcome {
    ok(&json!({"value": items}))
}

fn nothing() -> Outcome {
    page(&json!([]))
}

fn made(body: &Value) -> Outcome {
    Ok(answer(StatusCode::CREATED, body.to_string()))
}

fn lost() -> Outcome {
    Err(TransportError::maybe_sent(TransportErrorKind::Interrupted))
}

fn refusal(status: u16, code: &str) -> Outcome {
    let status = StatusCode::from_u16(status).unwrap();
    let body = json!({"error": {"code": code, "message": "…"}});
    Ok(answer(status, body.to_string()))
}

fn setup(
    script: impl IntoIterator<Item = Outcome>,
) -> (GraphClient, ScriptedTransport, InstantClock) {
    let (network, clock) = (ScriptedTransport::new(script), InstantClock::default());
    let client = GraphClient::builder(network.clone())
        .clock(clock.clone())
        .retry(RetryPolicy::default().seed(1))
        .seed(1)
        .build();
    (client, network, clock)
}

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn lines(network: &ScriptedTransport) -> Vec<String> {
    let line = |request: &http::Request<bytes::Bytes>| {
        let url = request.uri().to_string();
        let path = url
            .replace("https://graph.microsoft.com/v1.0/", "")
            .replace("identityGovernance/entitlementManagement/", "EM/");
        let path = percent_encoding::percent_decode_str(&path).decode_utf8_lossy();
        format!("{} {path}", request.method())
    };
    network.requests().iter().map(line).collect()
}

fn posts(network: &ScriptedTransport) -> usize {
    let requests = network.requests();
    requests
        .iter()
        .filter(|request| request.method() == Method::POST)
        .count()
}

fn devices() -> CatalogDraft {
    CatalogDraft::builder("Devices")
        .description("Managed clients")
        .state(CatalogState::Published)
        .build()
        .unwrap()
}

fn stored() -> Value {
    json!([{"id": "c1", "displayName": "Devices", "description": "Managed clients", "state": "published"}])
}

#[tokio::test]
async fn what_is_missing_is_made_and_read_back() {
    let (client, network, _) = setup([nothing(), made(&json!({"id": "c1"})), page(&stored())]);
    let wait = Wait::default();
    let ensured = client.entitlement().ensure_catalog(&devices(), &wait).await;
    let ensured = ensured.unwrap();
    assert!(ensured.is_created());
    assert_eq!(
        ensured.entity().description.as_deref(),
        Some("Managed clients"),
        "the whole, not the part that the create answers with"
    );
    let look = "GET EM/catalogs?$filter=displayName eq 'Devices'";
    assert_eq!(lines(&network), [look, "POST EM/catalogs", look]);
}

#[tokio::test]
async fn what_is_there_is_left_alone() {
    let (client, network, _) = setup([page(&stored())]);
    let ensured = client
        .entitlement()
        .ensure_catalog(&devices(), &Wait::default())
        .await;
    assert!(matches!(ensured.unwrap(), Ensured::AlreadyThere(_)));
    assert_eq!(posts(&network), 0);
}

#[tokio::test]
async fn p5_what_differs_is_named_with_both_values() {
    let other =
        json!([{"id": "c1", "displayName": "devices", "description": null, "state": "published"}]);
    let (client, network, _) = setup([page(&other)]);
    let ensured = client
        .entitlement()
        .ensure_catalog(&devices(), &Wait::default())
        .await
        .unwrap();
    let differences: Vec<_> = ensured
        .differences()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        differences,
        [
            "description: \"Managed clients\" was expected, nothing was found",
            "displayName: \"Devices\" was expected, \"devices\" was found",
        ]
    );
    assert_eq!(posts(&network), 0);
}

#[tokio::test]
async fn p5_after_a_lost_answer_it_is_looked_for_and_not_made_again() {
    for lost in [lost(), refusal(503, ""), refusal(500, "UnknownError")] {
        let (client, network, _) = setup([nothing(), lost, nothing(), nothing(), page(&stored())]);
        let ensured = client
            .entitlement()
            .ensure_catalog(&devices(), &Wait::default())
            .await;
        assert!(ensured.unwrap().is_created());
        assert_eq!(posts(&network), 1);
    }
}

#[tokio::test]
async fn p5_what_was_lost_before_it_was_done_is_made_once_more() {
    let mut script = vec![nothing(), lost()];
    // A minute of looks, in pauses of two seconds.
    script.extend((0..31).map(|_| nothing()));
    script.extend([made(&json!({"id": "c1"})), page(&stored())]);
    let (client, network, clock) = setup(script);
    let wait = Wait::default().longest_pause(Duration::from_secs(2));
    let ensured = client.entitlement().ensure_catalog(&devices(), &wait).await;
    assert!(ensured.unwrap().is_created());
    assert_eq!(posts(&network), 2);
    assert_eq!(clock.waits().len(), 30);
}

#[tokio::test]
async fn p5_a_conflict_means_that_it_is_there_and_may_show_late() {
    for conflict in [
        refusal(409, "DuplicateKey"),
        refusal(409, "DuplicateAccessPackage"),
        refusal(400, "nameAlreadyExists"),
    ] {
        let (client, network, _) = setup([nothing(), conflict, nothing(), page(&stored())]);
        let ensured = client
            .entitlement()
            .ensure_catalog(&devices(), &Wait::default())
            .await;
        assert!(matches!(ensured.unwrap(), Ensured::AlreadyThere(_)));
        assert_eq!(posts(&network), 1);
    }
    // A refusal whose code nobody has published, and somebody was indeed faster.
    let (client, ..) = setup([nothing(), refusal(400, "Whatever"), page(&stored())]);
    let ensured = client
        .entitlement()
        .ensure_catalog(&devices(), &Wait::default())
        .await;
    assert!(matches!(ensured.unwrap(), Ensured::AlreadyThere(_)));
}

#[tokio::test]
async fn a_refusal_stays_a_refusal() {
    let mut hidden = vec![nothing(), refusal(409, "DuplicateKey")];
    hidden.extend((0..100).map(|_| nothing()));
    for (script, status) in [
        (vec![nothing(), refusal(403, "UnAuthorized")], 403),
        (
            vec![nothing(), refusal(400, "InvalidModel"), nothing()],
            400,
        ),
        (hidden, 409),
    ] {
        let (client, network, _) = setup(script);
        let refused = client
            .entitlement()
            .ensure_catalog(&devices(), &Wait::default())
            .await;
        assert_eq!(refused.unwrap_err().status().unwrap(), status);
        assert_eq!(posts(&network), 1);
    }
}

#[tokio::test]
async fn p6_writers_who_collide_give_way_and_try_again() {
    let mut script = vec![nothing(), refusal(409, "Directory_ConcurrencyViolation")];
    script.extend((0..3).map(|_| nothing()));
    script.extend([made(&json!({"id": "c1"})), page(&stored())]);
    let (network, clock) = (ScriptedTransport::new(script), InstantClock::default());
    let client = GraphClient::builder(network.clone())
        .clock(clock.clone())
        .retry(RetryPolicy::never())
        .build();
    let wait = Wait::default().longest_pause(Duration::from_millis(2500));
    let wait = wait.shortest_pause(Duration::from_millis(2500));
    let ensured = client.entitlement().ensure_catalog(&devices(), &wait).await;
    assert!(ensured.unwrap().is_created());
    assert_eq!(posts(&network), 2);
    assert_eq!(
        clock.waits().iter().sum::<Duration>(),
        Duration::from_secs(5)
    );
}

#[tokio::test]
async fn p6_tasks_of_one_client_take_turns() {
    let (client, network, _) = setup([
        nothing(),
        made(&json!({"id": "c1"})),
        page(&stored()),
        page(&stored()),
        page(&stored()),
    ]);
    let entitlement = client.entitlement();
    let (draft, wait) = (devices(), Wait::default());
    let (one, two, three) = tokio::join!(
        entitlement.ensure_catalog(&draft, &wait),
        entitlement.ensure_catalog(&draft, &wait),
        entitlement.ensure_catalog(&draft, &wait),
    );
    let created = [one, two, three]
        .into_iter()
        .filter(|ensured| ensured.as_ref().unwrap().is_created());
    assert_eq!(created.count(), 1);
    assert_eq!(posts(&network), 1);
}

#[tokio::test]
async fn twins_that_the_service_let_in_are_reported() {
    let twins =
        json!([{"id": "c1", "displayName": "Devices"}, {"id": "c2", "displayName": "Devices"}]);
    let (client, network, _) = setup([page(&twins)]);
    let error = client
        .entitlement()
        .ensure_catalog(&devices(), &Wait::default())
        .await
        .unwrap_err();
    let Error::Unresolved(unresolved) = error else {
        panic!("{error}");
    };
    assert_eq!(unresolved.matches, 2);
    assert_eq!(posts(&network), 0);
    // One of them in the very spelling is the one that is meant.
    let twins = json!([{"id": "c1", "displayName": "DEVICES"}, stored()[0]]);
    let (client, ..) = setup([page(&twins)]);
    let ensured = client
        .entitlement()
        .ensure_catalog(&devices(), &Wait::default())
        .await;
    assert!(matches!(ensured.unwrap(), Ensured::AlreadyThere(_)));
}

#[tokio::test]
async fn p23_a_package_is_known_by_its_catalog_too() {
    let draft = AccessPackageDraft::builder(id::<Catalog>("c2"), "Access")
        .build()
        .unwrap();
    let package = |id: &str, catalog: &str| json!({"id": id, "displayName": "Access", "isHidden": false, "catalog": {"id": catalog}});
    let elsewhere = package("p1", "c1");
    let (client, network, _) = setup([
        page(&json!([elsewhere])),
        made(&json!({"id": "p2"})),
        page(&json!([elsewhere, package("p2", "c2")])),
    ]);
    let ensured = client
        .entitlement()
        .ensure_package(&draft, &Wait::default())
        .await
        .unwrap();
    assert!(ensured.is_created());
    assert_eq!(ensured.entity().id, id("p2"));
    assert_eq!(
        lines(&network)[0],
        "GET EM/accessPackages?$expand=catalog&$filter=displayName eq 'Access'"
    );
}

#[tokio::test]
async fn p38_a_role_scope_is_resource_role_and_scope() {
    let group = id::<Group>("g1");
    let resource: Resource = serde_json::from_value(json!({
        "id": "r1", "originId": "g1", "originSystem": "AadGroup",
        "scopes": [{"id": "s1", "originId": "g1", "isRootScope": true}]}))
    .unwrap();
    let draft = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::owner_of(&group)).unwrap();
    let granting = |roles: &[&str]| {
        let role_scopes: Vec<Value> = roles
            .iter()
            .map(|role| {
                json!({"id": format!("{role}_s1"), "role": {"id": "x", "originId": role},
                "scope": {"id": "s1", "originId": "g1", "isRootScope": true}})
            })
            .collect();
        ok(&json!({"id": "p1", "resourceRoleScopes": role_scopes}))
    };
    let (client, network, _) = setup([
        granting(&["Member_g1"]),
        made(&json!({"id": "new"})),
        granting(&["Member_g1"]),
        granting(&["Member_g1", "Owner_g1"]),
    ]);
    let package = id("p1");
    let ensured = client
        .entitlement()
        .ensure_role_scope(&package, &draft, &Wait::default())
        .await
        .unwrap();
    assert!(ensured.is_created(), "Member is not Owner");
    assert_eq!(ensured.entity().id, id("Owner_g1_s1"));
    assert_eq!(
        lines(&network)[0],
        "GET EM/accessPackages/p1?$expand=resourceRoleScopes($expand=role,scope)"
    );
}

#[tokio::test]
async fn p23_a_policy_is_known_by_its_package_too() {
    let draft = AssignmentPolicyDraft::builder(id::<AccessPackage>("p2"), "Initial Policy")
        .expiration(Expiration::after_days(30))
        .build()
        .unwrap();
    let list = page(&json!([
        {"id": "a1", "displayName": "Initial Policy", "accessPackage": {"id": "p1"}},
        {"id": "a2", "displayName": "Initial Policy", "accessPackage": {"id": "p2"}},
    ]));
    let mut whole = serde_json::to_value(&draft).unwrap();
    whole["id"] = "a2".into();
    whole["questions"] = json!([]);
    whole["customExtensionStageSettings"] = json!([]);
    whole["expiration"]["duration"] = "P90D".into();
    let (client, network, _) = setup([list, ok(&whole)]);
    let ensured = client
        .entitlement()
        .ensure_policy(&draft, &Wait::default())
        .await
        .unwrap();
    assert_eq!(ensured.entity().id, id("a2"));
    assert_eq!(ensured.differences().len(), 1);
    assert_eq!(ensured.differences()[0].path(), "expiration.duration");
    assert_eq!(posts(&network), 0);
}

fn resource() -> Value {
    json!([{"id": "r1", "originId": "g1", "originSystem": "AadGroup", "scopes": [{"id": "s1", "isRootScope": true}], "roles": []}])
}

fn roles() -> Value {
    json!([{"id": "x1", "displayName": "Member", "originId": "Member_g1", "resource": {"id": "r1"}}])
}

#[tokio::test]
async fn p1_p4_a_resource_is_there_when_its_roles_are() {
    let draft = ResourceRequestDraft::add_group(&id("c1"), &id("g1"));
    let (client, network, _) = setup([
        nothing(),
        refusal(400, "ResourceNotFoundInOriginSystem"),
        refusal(400, "ResourceNotFoundInOriginSystem"),
        made(&json!({"id": "q1", "state": "delivered"})),
        nothing(),
        page(&resource()),
        nothing(),
        page(&resource()),
        page(&roles()),
    ]);
    let ensured = client
        .entitlement()
        .ensure_resource(&draft, &Wait::default())
        .await
        .unwrap();
    assert!(ensured.is_created());
    let roles = ensured.entity().roles.items();
    assert_eq!(
        roles[0].display_name.as_deref(),
        Some("Member"),
        "the empty list that was expanded is not believed"
    );
    let lines = lines(&network);
    assert_eq!(
        lines[0],
        "GET EM/catalogs/c1/resources?$expand=scopes&$filter=originId eq 'g1'"
    );
    assert_eq!(lines[1..4], ["POST EM/resourceRequests"; 3]);
    assert_eq!(
        lines[6],
        "GET EM/catalogs/c1/resourceRoles?$expand=resource&$filter=originSystem eq 'AadGroup' and resource/id eq 'r1'"
    );
}

#[tokio::test]
async fn p1_a_resource_of_somebody_else_is_waited_for() {
    let (client, network, _) = setup([
        nothing(),
        page(&resource()),
        nothing(),
        page(&resource()),
        page(&roles()),
    ]);
    let (catalog, group) = (id("c1"), OriginSystem::AadGroup);
    let entitlement = client.entitlement();
    let found = entitlement
        .wait_for_resource(&catalog, &group, "g1", &Wait::default())
        .await
        .unwrap();
    assert_eq!(found.roles.items().len(), 1);
    assert_eq!(posts(&network), 0);
}

#[tokio::test]
async fn p5_a_resource_that_is_onboarded_already_is_there() {
    let draft = ResourceRequestDraft::add_group(&id("c1"), &id("g1"));
    let (client, ..) = setup([
        page(&resource()),
        nothing(),
        refusal(400, "ResourceAlreadyOnboarded"),
        page(&resource()),
        page(&roles()),
    ]);
    let ensured = client
        .entitlement()
        .ensure_resource(&draft, &Wait::default())
        .await;
    assert!(matches!(ensured.unwrap(), Ensured::AlreadyThere(_)));
}

#[tokio::test]
async fn p1_the_deadline_is_one_for_all_of_it() {
    let draft = ResourceRequestDraft::add_group(&id("c1"), &id("g1"));
    let mut script = vec![nothing()];
    script.extend((0..10).map(|_| refusal(400, "ResourceNotFoundInOriginSystem")));
    script.push(made(&json!({"id": "q1"})));
    script.extend((0..100).map(|_| nothing()));
    let (client, _, clock) = setup(script);
    let wait = Wait::default()
        .longest_pause(Duration::from_secs(2))
        .limit(Duration::from_secs(60));
    let ensured = client.entitlement().ensure_resource(&draft, &wait).await;
    let Error::TimedOut(late) = ensured.unwrap_err() else {
        panic!("not late");
    };
    assert!(late.what.contains("g1 in catalog c1"), "{late}");
    assert_eq!(
        clock.waits().iter().sum::<Duration>(),
        Duration::from_secs(60)
    );

    let unknown = (0..100).map(|_| refusal(400, "ResourceNotFoundInOriginSystem"));
    let (client, ..) = setup(std::iter::once(nothing()).chain(unknown));
    let ensured = client.entitlement().ensure_resource(&draft, &wait).await;
    let error = ensured.unwrap_err().to_string();
    assert!(error.contains("ResourceNotFoundInOriginSystem"), "{error}");

    let remove = ResourceRequestDraft::remove(&id("c1"), &id("r1"));
    let (client, network, _) = setup([]);
    let refused = client.entitlement().ensure_resource(&remove, &wait).await;
    assert!(matches!(refused, Err(Error::Refused { .. })));
    assert_eq!(network.requests().len(), 0);
}

#[tokio::test]
async fn p25_a_domain_may_come_back_as_its_tenant() {
    let draft =
        ConnectedOrganizationDraft::builder("Fabrikam", IdentitySource::domain("fabrikam.com"))
            .build()
            .unwrap();
    let organization = |source: Value| {
        page(
            &json!([{"id": "o1", "displayName": "Fabrikam", "state": "configured", "identitySources": [source]}]),
        )
    };
    let tenant =
        json!({"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "tenantId": "t1"});
    let domain =
        json!({"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "other.com"});
    let (client, ..) = setup([organization(tenant), organization(domain)]);
    let entitlement = client.entitlement();
    let wait = Wait::default();
    let same = entitlement
        .ensure_connected_organization(&draft, &wait)
        .await;
    assert!(matches!(same.unwrap(), Ensured::AlreadyThere(_)));
    let other = entitlement
        .ensure_connected_organization(&draft, &wait)
        .await;
    let other = other.unwrap();
    assert_eq!(other.differences()[0].path(), "identitySources");
}

#[tokio::test]
async fn groups_are_known_by_their_alias_and_members_by_their_id() {
    let draft = GroupDraft::security_group("Local admins").build().unwrap();
    let group = json!([{"id": "g1", "displayName": "Old name", "mailNickname": "localadmins",
        "mailEnabled": false, "securityEnabled": true, "groupTypes": []}]);
    let (client, network, _) = setup([page(&group)]);
    let ensured = client.ensure_group(&draft, &Wait::default()).await.unwrap();
    let paths: Vec<_> = ensured.differences().iter().map(Difference::path).collect();
    assert_eq!(paths, ["displayName", "mailNickname"]);
    assert_eq!(
        lines(&network),
        ["GET groups?$filter=mailNickname eq 'Localadmins'"]
    );

    let (client, network, _) = setup([
        nothing(),
        lost(),
        page(&json!([{"@odata.type": "#microsoft.graph.user", "id": "u1"}])),
    ]);
    let member = client
        .ensure_member(&id("g1"), id::<DirectoryObject>("u1"), &Wait::default())
        .await;
    assert!(member.unwrap().is_created());
    assert_eq!(posts(&network), 1);
}

#[test]
fn ensuring_in_flight_moves_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let (client, ..) = setup([]);
    let (entitlement, wait) = (client.entitlement(), Wait::default());
    let package = AccessPackageDraft::builder(id::<Catalog>("c1"), "x");
    let policy = AssignmentPolicyDraft::builder(id::<AccessPackage>("p1"), "x");
    let resource = json!({"id": "r1", "originId": "https://contoso.sharepoint.com"});
    let resource: Resource = serde_json::from_value(resource).unwrap();
    let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::SiteRole(4)).unwrap();
    let request = ResourceRequestDraft::add_group(&id("c1"), &id("g1"));
    let group = GroupDraft::security_group("x").build().unwrap();
    let source = IdentitySource::domain("x.com");
    let organization = ConnectedOrganizationDraft::builder("x", source).build();
    is_send(entitlement.ensure_catalog(&devices(), &wait));
    is_send(entitlement.ensure_connected_organization(&organization.unwrap(), &wait));
    is_send(entitlement.ensure_package(&package.build().unwrap(), &wait));
    is_send(entitlement.ensure_policy(&policy.build().unwrap(), &wait));
    is_send(entitlement.ensure_role_scope(&id("p1"), &role, &wait));
    is_send(entitlement.ensure_resource(&request, &wait));
    is_send(client.ensure_group(&group, &wait));
    is_send(client.ensure_member(&id("g1"), id::<DirectoryObject>("u1"), &wait));
}
