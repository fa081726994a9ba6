//! Names stand for exactly one thing, or for an error that says what there is.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_graph::core::catalog::Catalog;
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::resource::{Resource, RoleOrigin};
use entitlement_graph::resolve::{Ref, RoleRef, Unresolved};
use entitlement_graph::testing::{ScriptedTransport, answer};
use entitlement_graph::{Error, GraphClient};
use http::StatusCode;
use serde_json::{Value, json};

fn page(items: &Value) -> String {
    json!({"value": items}).to_string()
}

fn client(pages: &[Value]) -> (GraphClient, ScriptedTransport) {
    let pages = pages
        .iter()
        .map(|items| Ok(answer(StatusCode::OK, page(items))));
    let network = ScriptedTransport::new(pages);
    (GraphClient::new(network.clone()), network)
}

fn queries(network: &ScriptedTransport) -> Vec<String> {
    let requests = network.requests();
    let url = |request: &http::Request<bytes::Bytes>| request.uri().to_string();
    let decode = |url: String| {
        percent_encoding::percent_decode_str(&url)
            .decode_utf8()
            .unwrap()
            .replace("https://graph.microsoft.com/v1.0/", "")
            .replace("identityGovernance/entitlementManagement/", "EM/")
    };
    requests.iter().map(url).map(decode).collect()
}

fn unresolved<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Unresolved {
    match outcome.unwrap_err() {
        Error::Unresolved(unresolved) => *unresolved,
        other => panic!("{other}"),
    }
}

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

#[tokio::test]
async fn p21_only_the_very_same_name_counts() {
    let people = json!([
        {"id": "u1", "userPrincipalName": "ada@contoso.com.evil.example"},
        {"id": "u2", "userPrincipalName": "ada.m@contoso.com", "mail": "Ada@Contoso.com"},
    ]);
    let (client, network) = client(&[people]);
    let found = client
        .resolve_user(&Ref::name("ada@contoso.com"))
        .await
        .unwrap();
    assert_eq!(found.id, id("u2"));
    assert_eq!(
        queries(&network),
        ["users?$filter=userPrincipalName eq 'ada@contoso.com' or mail eq 'ada@contoso.com'"]
    );
}

#[tokio::test]
async fn p21_a_login_that_begins_alike_is_nobody() {
    let strangers = json!([{"id": "u1", "userPrincipalName": "ada2@contoso.com"}]);
    let (client, _) = client(&[strangers]);
    let nobody = unresolved(client.resolve_user(&Ref::name("ada@contoso.com")).await);
    assert!(nobody.is_nothing());
    assert_eq!(nobody.candidates[0].name, "ada2@contoso.com");
}

#[tokio::test]
async fn p21_one_persons_login_is_anothers_address() {
    let two = json!([
        {"id": "u1", "userPrincipalName": "ada@contoso.com", "mail": "ada@fabrikam.com"},
        {"id": "u2", "userPrincipalName": "eve@contoso.com", "mail": "ada@contoso.com"},
    ]);
    let (client, _) = client(&[two]);
    let both = unresolved(client.resolve_user(&Ref::name("ada@contoso.com")).await);
    assert_eq!(both.matches, 2);
    assert_eq!(
        both.to_string(),
        "2 things are called user \"ada@contoso.com\": use an id, or rename one\n  \
         \"ada@contoso.com\" (u1)\n  \"eve@contoso.com\" (u2)"
    );
}

#[tokio::test]
async fn p21_a_name_cannot_break_out_of_its_filter() {
    let (client, network) = client(&[json!([]), json!([])]);
    let name = "x' or displayName ne 'y";
    let nothing = client.entitlement().resolve_catalog(&Ref::name(name)).await;
    assert!(unresolved(nothing).is_nothing());
    assert_eq!(
        queries(&network)[0],
        "EM/catalogs?$filter=displayName eq 'x'' or displayName ne ''y'"
    );
}

#[tokio::test]
async fn p22_an_id_is_no_name_and_a_name_no_id() {
    let catalogs =
        json!([{"id": "c1", "displayName": "General"}, {"id": "c2", "displayName": "Devices"}]);
    let (client, network) = client(&[json!([]), catalogs]);
    let guid = "66584aae-98bb-48cc-9458-7bee5d2a6577";
    let error = unresolved(client.entitlement().resolve_catalog(&Ref::name(guid)).await);
    assert_eq!(
        error.to_string(),
        format!(
            "there is no accessPackageCatalog \"{guid}\"; it looks like an id, not like a name; there is\n  \
             \"General\" (c1)\n  \"Devices\" (c2)"
        )
    );
    assert_eq!(queries(&network)[1], "EM/catalogs");
}

#[tokio::test]
async fn an_id_that_does_not_exist_is_unresolved_too() {
    let network = ScriptedTransport::new([Ok(answer(StatusCode::NOT_FOUND, ""))]);
    let client = GraphClient::new(network);
    let gone: Ref<Catalog> = id("c1").into();
    let error = unresolved(client.entitlement().resolve_catalog(&gone).await);
    assert_eq!(
        error.to_string(),
        "there is no accessPackageCatalog with the id c1"
    );
}

#[tokio::test]
async fn capital_letters_and_ignored_filters_do_not_mislead() {
    let all = json!([{"id": "c1", "displayName": "devices"}, {"id": "c2", "displayName": "Devices"}, {"id": "c3"}]);
    let (client, _) = client(&[all]);
    let catalog = client
        .entitlement()
        .resolve_catalog(&Ref::name("Devices"))
        .await;
    assert_eq!(catalog.unwrap().id, id("c2"));
}

#[tokio::test]
async fn candidates_are_few() {
    let many: Value = (0..40)
        .map(|number| json!({"id": format!("g{number}"), "displayName": "Admins"}))
        .collect();
    let (client, _) = client(&[many]);
    let error = unresolved(client.resolve_group(&Ref::name("Admins")).await);
    assert_eq!(
        (error.matches, error.candidates.len()),
        (40, Unresolved::MOST)
    );
    assert!(error.to_string().ends_with("and 30 more"), "{error}");
}

#[tokio::test]
async fn p23_packages_are_told_apart_by_catalog_and_policies_by_package() {
    let packages = json!([
        {"id": "p1", "displayName": "Access", "catalog": {"id": "c1"}},
        {"id": "p2", "displayName": "Access", "catalog": {"id": "c2"}},
    ]);
    let (graph, _) = client(&[packages.clone(), packages]);
    let entitlement = graph.entitlement();
    let here = entitlement
        .resolve_package(Some(&id("c2")), &Ref::name("Access"))
        .await;
    assert_eq!(here.unwrap().id, id("p2"));
    let anywhere = entitlement
        .resolve_package(None, &Ref::name("Access"))
        .await;
    assert_eq!(unresolved(anywhere).matches, 2);

    let policies = json!([
        {"id": "a1", "displayName": "Initial Policy", "accessPackage": {"id": "p1"}},
        {"id": "a2", "displayName": "Initial Policy", "accessPackage": {"id": "p2"}},
        {"id": "a3", "displayName": "Partners", "accessPackage": {"id": "p2"}},
    ]);
    let (graph, network) = client(&[policies.clone(), policies.clone(), policies]);
    let entitlement = graph.entitlement();
    let package = id("p2");
    let found = entitlement
        .resolve_policy(&package, &Ref::name("Initial Policy"))
        .await;
    assert_eq!(found.unwrap().id, id("a2"));
    let elsewhere = entitlement
        .resolve_policy(&package, &Ref::Id(id("a1")))
        .await;
    assert_eq!(unresolved(elsewhere).candidates.len(), 2);
    let misspelt = entitlement
        .resolve_policy(&package, &Ref::name("partners"))
        .await;
    assert!(
        unresolved(misspelt)
            .to_string()
            .contains("\"Partners\" (a3)")
    );
    assert_eq!(
        queries(&network)[0],
        "EM/assignmentPolicies?$expand=accessPackage&$filter=accessPackage/id eq 'p2'"
    );
}

fn resource(json: Value) -> Resource {
    serde_json::from_value(json).unwrap()
}

#[tokio::test]
async fn p32_roles_of_every_system_are_found_by_name_or_id() {
    let app =
        resource(json!({"id": "r1", "originSystem": "AadApplication", "displayName": "Wiki"}));
    let roles = json!([
        {"id": "0", "displayName": "Reader", "originId": "b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1", "resource": {"id": "r1"}},
        {"id": "0", "displayName": "Writer", "originId": "c1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1", "resource": {"id": "r1"}},
        {"id": "0", "displayName": "Writer", "originId": "d1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1", "resource": {"id": "r2"}},
    ]);
    let (graph, network) = client(&[roles.clone(), roles]);
    let entitlement = graph.entitlement();
    let catalog = id("c1");
    let writer = entitlement
        .resolve_role(&catalog, &app, &RoleRef::name("Writer"))
        .await;
    let writer = writer.unwrap().origin_id.unwrap();
    assert!(
        writer.starts_with("c1bf"),
        "not the first, not another's: {writer}"
    );
    let reader = RoleOrigin::from("b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1");
    let reader = entitlement
        .resolve_role(&catalog, &app, &reader.into())
        .await;
    assert_eq!(reader.unwrap().display_name.as_deref(), Some("Reader"));
    assert_eq!(
        queries(&network)[0],
        "EM/catalogs/c1/resourceRoles?$expand=resource&$filter=originSystem eq 'AadApplication' and resource/id eq 'r1'"
    );

    let site = resource(json!({"id": "r1", "originSystem": "SharePointOnline"}));
    let roles = json!([
        {"id": "x4", "displayName": "Contoso Visitors", "originId": "4"},
        {"id": "x5", "displayName": "Contoso Members", "originId": "5"},
    ]);
    let (graph, _) = client(&[roles]);
    let members = graph
        .entitlement()
        .resolve_role(&catalog, &site, &RoleOrigin::SiteRole(5).into())
        .await;
    assert_eq!(members.unwrap().id, id("x5"));
}

#[tokio::test]
async fn p33_no_role_is_taken_by_default() {
    let group = resource(json!({"id": "r1", "originSystem": "AadGroup", "displayName": "Admins"}));
    let roles = json!([{"id": "x1", "displayName": "Member", "originId": "Member_g1"}]);
    let (client, _) = client(&[roles]);
    let eligible = RoleRef::name("Eligible Member");
    let entitlement = client.entitlement();
    let none = entitlement.resolve_role(&id("c1"), &group, &eligible).await;
    assert_eq!(
        unresolved(none).to_string(),
        "there is no accessPackageResourceRole \"Eligible Member\" of \"Admins\"; there is\n  \"Member\" (Member_g1)"
    );
}

#[test]
fn searches_in_flight_move_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let (client, _) = client(&[]);
    let entitlement = client.entitlement();
    let app = resource(json!({"id": "r1"}));
    is_send(entitlement.resolve_catalog(&Ref::name("x")));
    is_send(entitlement.resolve_package(None, &Ref::name("x")));
    is_send(entitlement.resolve_policy(&id("p1"), &Ref::name("x")));
    is_send(entitlement.resolve_connected_organization(&Ref::name("x")));
    is_send(entitlement.resolve_role(&id("c1"), &app, &RoleRef::name("x")));
    is_send(client.resolve_user(&Ref::name("x")));
    is_send(client.resolve_group(&Ref::name("x")));
}
