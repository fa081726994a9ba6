//! The control plane.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::wire::{EM, Served};

#[tokio::test]
async fn the_clock_is_turned() {
    let served = Served::start().await;
    assert_eq!(
        served.get("/mock/clock").await.json,
        json!({"now": "2026-01-01T00:00:00Z"})
    );
    let turned = served
        .post("/mock/clock/advance", json!({"by": "P30D"}))
        .await
        .fine();
    assert_eq!(turned.json, json!({"now": "2026-01-31T00:00:00Z"}));
    assert_eq!(
        served.tenant.clock().now().to_string(),
        "2026-01-31T00:00:00Z"
    );
    for refused in [
        json!({"by": "P1Y"}),
        json!({"by": "-P1D"}),
        json!({"by": "30 days"}),
        json!({}),
        json!({"by": "P1D", "to": 3}),
        json!("P1D"),
    ] {
        let answer = served.post("/mock/clock/advance", refused).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
        assert!(!answer.text_at("/error/message").is_empty());
    }
    assert_eq!(
        served.get("/mock/clock").await.text_at("/now"),
        "2026-01-31T00:00:00Z"
    );
}

/// The tenant goes back to how it was when it was served, for the test that shares it, too.
#[tokio::test]
async fn everything_is_reset() {
    let served = Served::start().await;
    let start = served.tenant.snapshot();
    served.catalog("Devices").await;
    served
        .post("/mock/clock/advance", json!({"by": "P1D"}))
        .await
        .fine();
    served
        .post("/mock/faults", json!({"effect": {"fail": {"status": 503}}}))
        .await
        .fine();
    assert_eq!(
        served.get("/v1.0/users").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_ne!(served.tenant.snapshot(), start);

    let answer = served.post("/mock/reset", json!({})).await.fine();
    assert_eq!(answer.text_at("/now"), "2026-01-01T00:00:00Z");
    assert_eq!(served.tenant.snapshot(), start);
    assert!(served.tenant.journal().is_empty());
    served.get("/v1.0/users").await.fine();
}

#[tokio::test]
async fn the_state_is_kept_and_brought_back() {
    let served = Served::start().await;
    let catalog = served.catalog("Devices").await;
    let state = served.get("/mock/state").await.fine();
    let other = Served::start().await;
    let answer = other.write(Method::PUT, "/mock/state", state.json).await;
    answer.fine();
    other.get(&format!("{EM}/catalogs/{catalog}")).await.fine();
    assert_eq!(other.tenant.snapshot(), served.tenant.snapshot());

    let before = other.tenant.snapshot();
    for wrong in [
        Value::Null,
        json!({}),
        json!({"format": 99, "now": "2026-01-01T00:00:00Z", "world": {}}),
    ] {
        let answer = other.write(Method::PUT, "/mock/state", wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(
            answer.text_at("/error/message").contains("not a snapshot"),
            "{answer:?}"
        );
    }
    assert_eq!(other.tenant.snapshot(), before);
}

#[tokio::test]
async fn calls_and_mails_are_listed() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add().to_string();
    let catalog = served.catalog("Devices").await;
    let package = served.package(&catalog, "Access").await;
    let request = json!({"requestType": "userAdd", "assignment": {"accessPackageId": package}});
    let requests = format!("{EM}/assignmentRequests");
    served
        .call_as(&ada, Method::POST, &requests, request.clone())
        .await
        .fine();
    let refused = served
        .call_as(&ada, Method::POST, &requests, request.clone())
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);

    let journal = served.get("/mock/journal").await.fine();
    let last = journal.json["value"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["who"], "ada@contoso.onmicrosoft.com");
    assert_eq!(last["method"], "POST");
    assert_eq!(last["url"], Value::from(requests));
    assert_eq!(last["requestBody"], request);
    assert_eq!(last["status"], 409);
    assert!(last["explanation"].is_string());

    served.get(&format!("{EM}/catalog")).await;
    let journal = served.get("/mock/journal").await.fine();
    let calls = journal.json["value"].as_array().unwrap();
    let hint = calls.last().unwrap()["hints"][0].as_str().unwrap();
    assert!(hint.contains("/catalogs"), "{hint}");

    let outbox = served.get("/mock/outbox").await.fine();
    let kinds: Vec<_> = outbox.json["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mail| mail["kind"].clone())
        .collect();
    assert!(kinds.contains(&"accessGranted".into()), "{outbox:?}");
}

#[tokio::test]
async fn faults_strike_and_are_taken_away() {
    let served = Served::start().await;
    let fault = json!({
        "effect": {"fail": {"status": 429, "code": "TooManyRequests", "message": "Later.", "retryAfter": 3}},
        "method": "GET",
        "path": "users",
        "times": 1,
    });
    assert_eq!(
        served.post("/mock/faults", fault).await.status,
        StatusCode::NO_CONTENT
    );
    let answer = served.get("/v1.0/users").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (429, "3")
    );
    served.get("/v1.0/users").await.fine();

    served
        .post("/mock/faults", json!({"effect": "html"}))
        .await
        .fine();
    assert_eq!(
        served.get("/v1.0/users").await.status,
        StatusCode::BAD_GATEWAY
    );
    served
        .post(
            "/mock/faults",
            json!({"effect": {"delay": "PT30S"}, "path": "groups"}),
        )
        .await
        .fine();
    let answer = served
        .write(Method::DELETE, "/mock/faults", json!({}))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    served.get("/v1.0/users").await.fine();
    for wrong in [
        json!({}),
        json!({"effect": "explode"}),
        json!({"effect": "lose", "whenever": true}),
    ] {
        assert_eq!(
            served.post("/mock/faults", wrong).await.status,
            StatusCode::BAD_REQUEST
        );
    }
}

#[tokio::test]
async fn what_is_no_call_of_the_control_plane_is_told_which_there_are() {
    let served = Served::start().await;
    for path in ["/mock", "/mock/", "/mock/nothing", "/mock/clock/reset"] {
        let answer = served.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(
            answer
                .text_at("/error/message")
                .contains("POST clock/advance")
        );
    }
    // A path that only begins like it is Graph's.
    assert_eq!(served.get("/mockery").await.text_at("/error/code"), "");
}
