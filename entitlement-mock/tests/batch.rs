//! What the tenant does with batches beyond what a client of ours would send.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_mock::{Outcome, Tenant};
use serde_json::{Value, json};

fn send(tenant: &Tenant, identity: &str, batch: &Value) -> (u16, Value) {
    let request = http::Request::post("http://127.0.0.1:8080/v1.0/$batch")
        .header("authorization", identity)
        .header("client-request-id", "c1")
        .body(batch.to_string().into())
        .unwrap();
    let Outcome::Answered(answer) = tenant.handle(&request) else {
        panic!("no answer");
    };
    let body = serde_json::from_slice(answer.body()).unwrap();
    (answer.status().as_u16(), body)
}

#[test]
fn urls_of_all_client_libraries_are_understood() {
    let tenant = Tenant::new();
    let ada = tenant.person("ada").add();
    let get =
        |id: &str, url: &str| json!({"id": id, "method": "get", "url": url, "depends_on": []});
    let (status, answer) = send(
        &tenant,
        "Bearer app",
        &json!({"requests": [
            get("1", &format!("/users/{ada}")),
            get("2", &format!("http://127.0.0.1:8080/v1.0/users/{ada}?%24select=id")),
            get("3", &format!("/v1.0/users/{ada}")),
            get("4", "/users?$filter=displayName eq 'a \"quoted\" name' and accountEnabled eq true"),
            get("5", "/beta/users"),
        ]}),
    );
    assert_eq!(status, 200);
    let statuses: Vec<_> = answer["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].clone())
        .collect();
    assert_eq!(statuses, [200, 200, 200, 200, 404], "{answer}");
    let first = &answer["responses"][0];
    assert_eq!(first["headers"]["Content-Type"], "application/json");
    assert_eq!(first["headers"]["client-request-id"], "c1");
    assert_eq!(first["body"]["id"], ada.to_string());
}

#[test]
fn the_journal_shows_a_batch_and_its_calls() {
    let tenant = Tenant::new();
    let call = |id: &str, method: &str, url: &str| json!({"id": id, "method": method, "url": url, "headers": {"Authorization": "Bearer app"}});
    let ada = tenant.person("ada").add();
    let place = "/identityGovernance/entitlementManagement/catalogs";
    let mut last = call("c", "GET", "/me");
    last["dependsOn"] = json!(["b"]);
    let batch = json!({"requests": [call("a", "GET", "/me"), call("b", "GET", place), last]});
    send(&tenant, &format!("Bearer {ada}"), &batch);
    let journal = tenant.journal();
    let seen: Vec<_> = journal
        .iter()
        .map(|one| (one.batch_id(), one.status().as_u16()))
        .collect();
    assert_eq!(
        seen,
        [
            (None, 200),
            (Some("a"), 200),
            (Some("b"), 403),
            (Some("c"), 424)
        ],
        "a call cannot name another sender"
    );
    assert!(
        journal[2]
            .to_string()
            .contains("$batch[b] GET /v1.0/identityGovernance"),
        "{}",
        journal[2]
    );

    assert_eq!(send(&tenant, "Bearer nobody", &batch).0, 401);
    assert_eq!(tenant.journal().len(), 5, "and none of its calls");
}
