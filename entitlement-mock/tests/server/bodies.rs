//! The bodies that clients send.

use std::io::Write;

use entitlement_mock::journal::Exchange;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::{Method, StatusCode};
use serde_json::json;

use crate::wire::{EM, Served, client, raw, send};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn compressed_bodies_are_read() {
    let served = Served::start().await;
    let body = json!({"displayName": "Zipped"}).to_string();
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(body.as_bytes()).unwrap();
    let bodies = [
        ("gzip", gzip(body.as_bytes())),
        ("GZip", gzip(body.as_bytes())),
        ("deflate", deflated.finish().unwrap()),
        ("gzip, gzip", gzip(&gzip(body.as_bytes()))),
        ("identity", body.clone().into_bytes()),
    ];
    for (coding, bytes) in bodies {
        let request = served
            .request(Method::POST, &format!("{EM}/catalogs"))
            .header("content-encoding", coding)
            .header("content-type", "application/json")
            .body(bytes);
        let answer = send(request).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{coding}: {answer:?}");
        assert_eq!(answer.text_at("/displayName"), "Zipped");
    }
}

#[tokio::test]
async fn compressed_bodies_that_cannot_be_read_are_refused() {
    let served = Served::start().await;
    let bomb = gzip(&vec![b' '; 5 << 20]);
    assert!(bomb.len() < 100_000);
    for (coding, bytes, status) in [
        // Clients send the same again as it is.
        ("br", b"{}".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("gzip", b"{}".to_vec(), StatusCode::BAD_REQUEST),
        ("gzip", bomb, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let request = served
            .request(Method::POST, &format!("{EM}/catalogs"))
            .header("content-encoding", coding)
            .body(bytes);
        let answer = send(request).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.json["error"]["innerError"].is_object());
    }
    let journal = served.tenant.journal();
    let refused = journal.iter().map(Exchange::status);
    assert_eq!(
        refused.map(|status| status.as_u16()).collect::<Vec<_>>(),
        [415, 400, 413]
    );
}

#[tokio::test]
async fn bodies_without_a_length_are_read() {
    let served = Served::start().await;
    let head = format!(
        "POST {EM}/catalogs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer app\r\nConnection: close\r\n\
         Content-Type: application/json\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let chunks = "F\r\n{\"displayName\":\r\nC\r\n\"In pieces\"}\r\n0\r\n\r\n";
    let uri = served.server.uri();
    let address = uri.strip_prefix("http://").unwrap();
    let said = raw(address, format!("{head}{chunks}").as_bytes()).await;
    assert!(said.contains("HTTP/1.1 201 Created"), "{said}");
    assert!(said.contains("In pieces"), "{said}");
}

/// Python sends neither body nor type, JavaScript a type without a body, and others an empty object.
#[tokio::test]
async fn actions_come_with_a_body_or_without_one() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add().to_string();
    let catalog = served.catalog("Devices").await;
    let package = served.package(&catalog, "Access").await;
    let path = format!("{EM}/accessPackages/{package}/getApplicablePolicyRequirements");
    let url = format!("{}{path}", served.server.uri());
    let call = || client().post(&url).bearer_auth(&ada);
    for request in [
        call().header("content-length", "0"),
        call().header("content-type", "application/json"),
        call().header("content-type", "application/json").body("{}"),
    ] {
        let answer = send(request).await.fine();
        assert_eq!(answer.text_at("/value/0/policyDisplayName"), "Everybody");
    }
}

/// Clients put the type on everything that is derived from another one.
#[tokio::test]
async fn types_are_named_where_nobody_asks_for_them() {
    let served = Served::start().await;
    let group = json!({
        "@odata.type": "#microsoft.graph.group",
        "displayName": "Admins",
        "mailEnabled": false,
        "mailNickname": "admins",
        "securityEnabled": true,
        "groupTypes": [],
    });
    served.post("/v1.0/groups", group).await.fine();
    let user = json!({
        "@odata.type": "#microsoft.graph.user",
        "displayName": "Ada",
        "accountEnabled": true,
        "mailNickname": "ada",
        "userPrincipalName": "ada@contoso.onmicrosoft.com",
        "passwordProfile": {"@odata.type": "#microsoft.graph.passwordProfile", "password": "Sesame-1815"},
    });
    served.post("/v1.0/users", user).await.fine();
    let catalog =
        json!({"@odata.type": "#microsoft.graph.accessPackageCatalog", "displayName": "Devices"});
    let catalog = served.post(&format!("{EM}/catalogs"), catalog).await.fine();
    let package = json!({
        "@odata.type": "#microsoft.graph.accessPackage",
        "displayName": "Access",
        "catalog": {"@odata.type": "#microsoft.graph.accessPackageCatalog", "id": catalog.id()},
    });
    served
        .post(&format!("{EM}/accessPackages"), package)
        .await
        .fine();
}

/// What was read is changed and sent back whole, with everything that only the service writes.
#[tokio::test]
async fn whole_objects_are_patched() {
    let served = Served::start().await;
    let catalog = served.catalog("Devices").await;
    let package = served.package(&catalog, "Access").await;
    let group = json!({
        "displayName": "Admins",
        "mailEnabled": false,
        "mailNickname": "admins",
        "securityEnabled": true,
    });
    let group = served.post("/v1.0/groups", group).await.fine();
    let ada = served.tenant.person("ada").add();
    let organization = json!({
        "displayName": "Fabrikam",
        "identitySources": [{
            "@odata.type": "#microsoft.graph.domainIdentitySource",
            "domainName": "fabrikam.com",
            "displayName": "Fabrikam",
        }],
    });
    let organizations = format!("{EM}/connectedOrganizations");
    let organization = served.post(&organizations, organization).await.fine();
    let application = served.post("/v1.0/applications", json!({"displayName": "App"}));
    let application = application.await.fine();
    for (path, changed) in [
        (format!("{EM}/catalogs/{catalog}"), "description"),
        (format!("{EM}/accessPackages/{package}"), "description"),
        (
            format!("{organizations}/{}", organization.id()),
            "description",
        ),
        (format!("/v1.0/groups/{}", group.id()), "description"),
        (format!("/v1.0/users/{ada}"), "jobTitle"),
        (
            format!("/v1.0/applications/{}", application.id()),
            "displayName",
        ),
        (format!("{EM}/settings"), ""),
    ] {
        let mut whole = served.get(&path).await.fine().json;
        assert!(whole.get("@odata.context").is_some(), "{whole}");
        if !changed.is_empty() {
            whole[changed] = "Changed".into();
        }
        served.write(Method::PATCH, &path, whole).await.fine();
        if !changed.is_empty() {
            let seen = served.get(&path).await.fine();
            assert_eq!(seen.json[changed], "Changed", "{path}");
        }
    }
    let policies = format!("{EM}/assignmentPolicies?$expand=accessPackage");
    let policies = served.get(&policies).await.fine();
    let mut policy = policies.json["value"][0].clone();
    policy["displayName"] = "Changed".into();
    let path = format!("{EM}/assignmentPolicies/{}", policy["id"].as_str().unwrap());
    let answer = served.write(Method::PUT, &path, policy).await.fine();
    assert_eq!(answer.text_at("/displayName"), "Changed");
}

#[tokio::test]
async fn moments_come_in_any_zone_and_go_in_one() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add().to_string();
    let catalog = served.catalog("Devices").await;
    let package = served.package(&catalog, "Access").await;
    let request = json!({
        "requestType": "userAdd",
        "assignment": {"accessPackageId": package},
        "schedule": {"startDateTime": "2026-02-01T02:00:00+02:00"},
    });
    let requests = format!("{EM}/assignmentRequests");
    let made = served
        .call_as(&ada, Method::POST, &requests, request)
        .await
        .fine();
    let seen = served
        .get(&format!("{requests}/{}", made.id()))
        .await
        .fine();
    assert_eq!(
        seen.text_at("/schedule/startDateTime"),
        "2026-02-01T00:00:00Z"
    );
}

/// Python's way to write a span of time is none that Graph reads.
#[tokio::test]
async fn durations_are_iso_8601() {
    let served = Served::start().await;
    let catalog = served.catalog("Devices").await;
    let package = served.package(&catalog, "Access").await;
    let policy = |duration: &str, name: &str| {
        json!({
            "displayName": name,
            "description": "",
            "accessPackage": {"id": package},
            "expiration": {"type": "afterDuration", "duration": duration},
        })
    };
    let path = format!("{EM}/assignmentPolicies");
    let answer = served
        .post(&path, policy("30 days, 0:00:00", "Python"))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    let answer = served.post(&path, policy("P30D", "ISO")).await.fine();
    assert_eq!(answer.text_at("/expiration/duration"), "P30D");
}

/// The documented way to ask names properties that no model has, and that are not sent back.
#[tokio::test]
async fn assignments_are_asked_for_by_ids_that_are_not_sent_back() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add().to_string();
    let catalog = served.catalog("Devices").await;
    let package = served.package(&catalog, "Access").await;
    let policies = format!("{EM}/assignmentPolicies");
    let policy = served
        .get(&policies)
        .await
        .text_at("/value/0/id")
        .to_owned();
    let request = json!({
        "requestType": "adminAdd",
        "assignment": {"targetId": ada, "assignmentPolicyId": policy, "accessPackageId": package},
    });
    let made = served
        .post(&format!("{EM}/assignmentRequests"), request)
        .await
        .fine();
    let seen = format!("{EM}/assignmentRequests/{}?$expand=assignment", made.id());
    let seen = served.get(&seen).await.fine();
    for text in [&made.text, &seen.text] {
        for name in ["targetId", "assignmentPolicyId", "accessPackageId"] {
            assert!(!text.contains(name), "{name} in {text}");
        }
    }
}

/// Links carry the root that the client was given, or that of the real service.
#[tokio::test]
async fn links_come_from_any_host() {
    let served = Served::start().await;
    let group = json!({
        "displayName": "Admins",
        "mailEnabled": false,
        "mailNickname": "admins",
        "securityEnabled": true,
    });
    let group = served.post("/v1.0/groups", group).await.fine();
    let members = format!("/v1.0/groups/{}/members", group.id());
    for (name, root) in [
        ("ada", format!("{}/v1.0", served.server.uri())),
        ("bob", "https://graph.microsoft.com/v1.0".to_owned()),
        ("eve", "https://graph.microsoft.com/v1.0".to_owned()),
    ] {
        let person = served.tenant.person(name).add();
        let collection = if name == "eve" {
            "users"
        } else {
            "directoryObjects"
        };
        let link = json!({"@odata.id": format!("{root}/{collection}/{person}")});
        let answer = served.post(&format!("{members}/$ref"), link).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }
    assert_eq!(
        served.get(&members).await.json["value"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}
