//! What clients insist on in answers.

use entitlement_mock::Tenant;
use entitlement_mock::callouts::{Callout, Reply};
use entitlement_mock::faults::Fault;
use http::{Method, StatusCode};
use serde_json::json;

use crate::wire::{EM, Served, send};

#[tokio::test]
async fn links_to_the_next_page_follow_the_host_of_the_caller() {
    let served = Served::serve(Tenant::builder().page_size(1).build()).await;
    served.catalog("Devices").await;
    let path = format!("{EM}/catalogs");
    let answer = served.get(&path).await.fine();
    let next = answer.text_at("/@odata.nextLink");
    assert!(
        next.starts_with(&format!("{}{EM}/", served.server.uri())),
        "{next}"
    );
    assert!(
        answer
            .text_at("/@odata.context")
            .starts_with(&served.server.uri())
    );

    // Behind a proxy that speaks https.
    let request = served
        .request(Method::GET, &path)
        .header("host", "graph.contoso.com")
        .header("x-forwarded-proto", "https");
    let answer = send(request).await.fine();
    let next = answer.text_at("/@odata.nextLink");
    assert!(
        next.starts_with("https://graph.contoso.com/v1.0/"),
        "{next}"
    );
    let below = next.strip_prefix("https://graph.contoso.com").unwrap();
    assert_eq!(
        served.get(below).await.fine().json["value"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn errors_have_the_whole_shape() {
    let served = Served::start().await;
    let id = "0f1e2d3c-0000-4000-8000-000000000001";
    let request = served
        .request(Method::GET, &format!("{EM}/catalogs/{id}"))
        .header("client-request-id", id);
    let answer = send(request).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("client-request-id"), id);
    let inner = &answer.json["error"]["innerError"];
    assert_eq!(inner["client-request-id"], id);
    assert_eq!(inner["request-id"], answer.header("request-id"));
    assert_eq!(inner["date"], "2026-01-01T00:00:00");
    assert!(!answer.text_at("/error/message").is_empty());
}

#[tokio::test]
async fn answers_carry_the_headers_of_the_service() {
    let served = Served::start().await;
    let request = served
        .request(Method::GET, &format!("{EM}/catalogs"))
        .header(
            "sdkversion",
            "graph-python/1.65.0, graph-python-core/1.5.2 (featureUsage=0x3)",
        )
        .header("hostos", "Linux #1 SMP")
        .header("runtimeenvironment", "python 3.11")
        .header("retry-attempt", "1")
        .header("prefer", "include-unknown-enum-members")
        .header("cache-control", "no-store, no-cache")
        .header("accept", "*/*");
    let answer = send(request).await.fine();
    assert!(
        answer
            .header("content-type")
            .starts_with("application/json;")
    );
    assert_eq!(answer.header("odata-version"), "4.0");
    // Time is the tenant's.
    assert_eq!(answer.header("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
    assert!(!answer.header("request-id").is_empty());
}

#[tokio::test]
async fn whoever_is_nobody_is_told_so() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add().to_string();
    let url = format!("{}/v1.0/me", served.server.uri());
    let call = || crate::wire::client().get(&url);
    for request in [
        call(),
        call().bearer_auth("nobody@contoso.com"),
        call().header("authorization", "Basic YXBw"),
        call().header("authorization", "Bearer"),
    ] {
        let answer = send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.text_at("/error/code"), "InvalidAuthenticationToken");
    }
    for token in [
        &*ada,
        "ada@contoso.onmicrosoft.com",
        "ADA@contoso.onmicrosoft.com",
    ] {
        let answer = send(call().header("authorization", format!("bearer {token}"))).await;
        assert_eq!(answer.fine().id(), ada);
    }
}

#[tokio::test]
async fn members_say_what_they_are() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add();
    let group = served.tenant.group("admins").member(&ada).add();
    let answer = served
        .get(&format!("/v1.0/groups/{group}/members"))
        .await
        .fine();
    assert_eq!(
        answer.text_at("/value/0/@odata.type"),
        "#microsoft.graph.user"
    );
}

#[tokio::test]
async fn throttled_calls_say_when_to_come_back() {
    let served = Served::start().await;
    served.tenant.inject(Fault::throttled(7).times(1));
    let answer = served.get("/v1.0/users").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "7");
    served.get("/v1.0/users").await.fine();
}

#[tokio::test]
async fn a_lost_answer_is_no_answer() {
    let served = Served::start().await;
    served
        .tenant
        .inject(Fault::lost_answer().on_method("POST").times(1));
    let request = served.request(Method::POST, &format!("{EM}/catalogs"));
    let request = request.body(json!({"displayName": "Devices"}).to_string());
    assert!(request.send().await.is_err());
    let answer = served
        .get(&format!("{EM}/catalogs?$filter=displayName eq 'Devices'"))
        .await;
    assert_eq!(
        answer.fine().json["value"].as_array().unwrap().len(),
        1,
        "it was carried out"
    );
    assert_eq!(served.server.front().panics(), 0);
}

/// A callback of the test panics while a call is answered: that is Graph's error 500, and the server goes on.
#[tokio::test]
async fn a_panic_is_an_answer() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add().to_string();
    let catalog = served.catalog("Devices").await;
    let package = served.package(&catalog, "Access").await;
    let extension = json!({
        "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
        "displayName": "Ticket",
        "description": "",
        "endpointConfiguration": {
            "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": "9b6f7a0e-0000-4000-8000-000000000001",
            "resourceGroupName": "tickets",
            "logicAppWorkflowName": "open",
        },
        "authenticationConfiguration": {"@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication"},
    });
    let extensions = format!("{EM}/catalogs/{catalog}/customWorkflowExtensions");
    let extension = served.post(&extensions, extension).await.fine();
    let policies = format!("{EM}/assignmentPolicies?$expand=accessPackage");
    let mut policy = served.get(&policies).await.json["value"][0].clone();
    policy["customExtensionStageSettings"] = json!([{
        "stage": "assignmentRequestCreated",
        "customExtension": {
            "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
            "id": extension.id(),
        },
    }]);
    let path = format!("{EM}/assignmentPolicies/{}", policy["id"].as_str().unwrap());
    served.write(Method::PUT, &path, policy).await.fine();
    let panics = |_: &Callout| -> Reply { panic!("no tickets today") };
    served
        .tenant
        .on_callout(&extension.id().parse().unwrap(), panics);

    let request = json!({"requestType": "userAdd", "assignment": {"accessPackageId": package}});
    let requests = format!("{EM}/assignmentRequests");
    let made = served
        .call_as(&ada, Method::POST, &requests, request)
        .await
        .fine();
    let answer = served.get(&requests).await;
    assert_eq!(
        answer.status,
        StatusCode::INTERNAL_SERVER_ERROR,
        "{answer:?}"
    );
    assert!(
        answer
            .text_at("/error/message")
            .contains("no tickets today")
    );
    assert!(answer.json["error"]["innerError"].is_object());
    assert_eq!(served.server.front().panics(), 1);
    assert_eq!(served.get("/mock/journal").await.json["panics"], 1);

    let seen = served
        .get(&format!("{requests}/{}", made.id()))
        .await
        .fine();
    assert_eq!(seen.text_at("/state"), "delivered", "the tenant goes on");
}
