//! Every operation that has a method: what it sends, line by line; and that the schema holds no other.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[macro_use]
mod table;
mod intune;
mod surface;

use std::pin::Pin;

use entitlement_graph::testing::{ScriptedTransport, answer};
use entitlement_graph::{Error, GraphClient};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Calls a method and forgets what it gives.
type Run = Box<dyn Fn(GraphClient) -> Pin<Box<dyn Future<Output = Result<(), Error>>>>>;

/// One operation.
struct Operation {
    /// Method and path; `EM` and `AR` stand for the roots of entitlement management and access reviews.
    line: &'static str,
    /// What is sent along, if something is.
    body: Value,
    run: Run,
}

#[tokio::test]
async fn every_operation_sends_what_the_table_says() {
    for operation in table::operations() {
        let line = operation.line;
        let anything = if line.contains("/$count") {
            "\u{feff}7".to_owned()
        } else if line.contains("/getOmaSetting") {
            json!({"value": "<x/>"}).to_string()
        } else {
            // Of Intune's things nobody knows what they are without being told.
            json!({"@odata.type": "#microsoft.graph.robot", "id": "x", "value": []}).to_string()
        };
        let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, anything))]);
        let outcome = (operation.run)(GraphClient::new(network.clone())).await;
        assert!(outcome.is_ok(), "{line}: {outcome:?}");
        let [request] = network.requests().try_into().unwrap();
        let url = request.uri().to_string();
        let path = url
            .strip_prefix("https://graph.microsoft.com/v1.0/")
            .unwrap()
            .replace("identityGovernance/entitlementManagement/", "EM/")
            .replace("identityGovernance/accessReviews/", "AR/");
        assert_eq!(format!("{} {path}", request.method()), line);
        let headers = request.headers();
        if let Some(text) = operation.body.as_str() {
            assert_eq!(request.body(), text, "{line}");
            assert_eq!(headers["content-type"], "text/csv", "{line}");
            continue;
        }
        let (has_body, is_post) = (!request.body().is_empty(), request.method() == Method::POST);
        let body = has_body.then(|| serde_json::from_slice(request.body()).unwrap());
        assert_eq!(body.unwrap_or(Value::Null), operation.body, "{line}");
        assert_eq!(
            headers.get("content-type").map(|v| v.to_str().unwrap()),
            has_body.then_some("application/json"),
            "{line}"
        );
        assert_eq!(
            headers.get("content-length").map(|v| v.to_str().unwrap()),
            (is_post && !has_body).then_some("0"),
            "{line}"
        );
    }
}
