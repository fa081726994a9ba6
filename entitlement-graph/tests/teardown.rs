//! What stands in a package's way is told apart from what only takes time; the whole way is in the conformance suite.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::time::Duration;

use entitlement_graph::core::entity::Id;
use entitlement_graph::core::package::AccessPackage;
use entitlement_graph::teardown::{TeardownExtent, TeardownItem, TeardownPlan};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::Response;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::wait::Wait;
use entitlement_graph::{Error, GraphClient};
use http::{Method, StatusCode};
use serde_json::{Value, json};

fn ok(body: &Value) -> Response {
    answer(StatusCode::OK, body.to_string())
}

fn page(items: &Value) -> Response {
    ok(&json!({"value": items}))
}

fn nothing() -> Response {
    page(&json!([]))
}

fn refusal(status: u16, code: &str) -> Response {
    let body = json!({"error": {"code": code, "message": "…"}});
    answer(StatusCode::from_u16(status).unwrap(), body.to_string())
}

fn package() -> Response {
    ok(&json!({"id": "p1", "catalog": {"id": "c1"}, "resourceRoleScopes": []}))
}

fn setup(script: impl IntoIterator<Item = Response>) -> (GraphClient, ScriptedTransport) {
    let network = ScriptedTransport::new(script.into_iter().map(Ok));
    let client = GraphClient::builder(network.clone())
        .clock(InstantClock::default())
        .retry(RetryPolicy::never())
        .seed(1)
        .build();
    (client, network)
}

fn plan() -> TeardownPlan {
    serde_json::from_value(json!({
        "package": "p1", "name": "Administrators", "extent": "package", "catalog": "c1", "assignments": 1,
        "openRequests": 0, "policies": 0, "roleScopes": 0, "resources": [], "otherPackages": 0
    }))
    .unwrap()
}

#[tokio::test]
async fn p39_p7_an_assignment_that_nobody_seems_to_hold_is_ended_too() {
    let held = page(&json!([
        {"id": "a1", "state": "delivering", "accessPackage": {"id": "p1"}, "target": {"id": "s1"}},
        {"id": "a2", "state": "expired", "accessPackage": {"id": "p1"}, "target": {"id": "s2", "objectId": "u2"}},
        {"id": "a3", "state": "delivered", "accessPackage": {"id": "other"}, "target": {"id": "s3", "objectId": "u3"}},
    ]));
    let (client, network) = setup([
        package(),
        nothing(),
        held,
        answer(StatusCode::CREATED, r#"{"id": "r1"}"#),
        nothing(),
        nothing(),
        nothing(),
        answer(StatusCode::NO_CONTENT, ""),
    ]);
    let report = client.entitlement().teardown(&plan()).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    let gone: Vec<_> = report.gone.iter().map(ToString::to_string).collect();
    assert_eq!(gone, ["assignment a1", "package p1"]);
    let requests = network.requests();
    let posted: Vec<_> = requests
        .iter()
        .filter(|one| one.method() == Method::POST)
        .collect();
    assert_eq!(posted.len(), 1, "nobody else's access is ended");
    let body: Value = serde_json::from_slice(posted[0].body()).unwrap();
    assert_eq!(body["assignment"]["id"], "a1");
    assert_eq!(body["requestType"], "adminRemove");
    assert_eq!(network.remaining(), 0);
}

#[tokio::test]
async fn p39_a_refusal_is_waited_out_and_a_lack_of_rights_is_not() {
    let before = || [package(), nothing(), nothing(), nothing()];
    let refused = || refusal(400, "InvalidDeleteEntitlementHasGrants");
    // The service had not caught up.
    let then = [refused(), refused(), refusal(404, "AccessPackageNotFound")];
    let (client, _) = setup(before().into_iter().chain(then));
    let report = client.entitlement().teardown(&plan()).run().await.unwrap();
    assert!(report.is_complete(), "{report}");

    // It never does: what is left, and what was said last.
    let wait = Wait::default().limit(Duration::from_secs(1));
    let then = [refused(), refused()];
    let (client, _) = setup(before().into_iter().chain(then));
    let teardown = client.entitlement().teardown(&plan()).wait(wait);
    let report = teardown.run().await.unwrap();
    let package: Id<AccessPackage> = "p1".parse().unwrap();
    assert_eq!(report.left[0].item, TeardownItem::Package(package));
    assert!(
        report.left[0]
            .last_seen
            .contains("InvalidDeleteEntitlementHasGrants")
    );
    assert!(
        report
            .to_string()
            .starts_with("0 gone, 1 left\n  package p1: "),
        "{report}"
    );

    let then = [refusal(403, "UnAuthorized")];
    let (client, network) = setup(before().into_iter().chain(then));
    let refused: Error = client
        .entitlement()
        .teardown(&plan())
        .run()
        .await
        .unwrap_err();
    assert!(refused.is_permission(), "{refused}");
    assert_eq!(network.remaining(), 0);
}

#[tokio::test]
async fn p39_a_request_that_cannot_be_withdrawn_takes_its_course() {
    let open = || {
        page(&json!([
            {"id": "r1", "requestType": "userAdd", "state": "pendingApproval", "accessPackage": {"id": "p1"}},
            {"id": "r2", "requestType": "adminRemove", "state": "delivering", "accessPackage": {"id": "p1"}},
            {"id": "r3", "requestType": "userAdd", "state": "denied", "accessPackage": {"id": "p1"}},
        ]))
    };
    let (client, network) = setup([
        package(),
        nothing(),
        nothing(),
        open(),
        refusal(403, "UnAuthorized"),
        nothing(),
        open(),
        nothing(),
        nothing(),
        answer(StatusCode::NO_CONTENT, ""),
    ]);
    let report = client.entitlement().teardown(&plan()).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    let gone: Vec<_> = report.gone.iter().map(ToString::to_string).collect();
    assert_eq!(gone, ["request r1", "package p1"]);
    assert_eq!(
        network.remaining(),
        0,
        "it is asked once whether it can be withdrawn"
    );
}

#[test]
fn p39_a_plan_says_whom_it_hits() {
    let mut plan = plan();
    assert_eq!(
        plan.to_string(),
        "package Administrators (p1): 1 assignment ends, 0 open requests, 0 policies, 0 roles"
    );
    plan.extent = TeardownExtent::Catalog;
    plan.assignments = 12;
    plan.other_packages = 2;
    let text = plan.to_string();
    assert!(
        text.contains("12 assignments end") && text.ends_with("2 other packages are in it"),
        "{text}"
    );
}

#[tokio::test]
async fn teardowns_move_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let (client, _) = setup([]);
    let entitlement = client.entitlement();
    let package = "p1".parse().unwrap();
    is_send(entitlement.plan_teardown(&package, TeardownExtent::Package));
    let teardown = entitlement.teardown(&plan());
    is_send(teardown.run());
}
