//! Addresses in every style in which clients write them.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::wire::{EM, Served, send};

#[tokio::test]
async fn queries_are_encoded_in_every_style() {
    let served = Served::start().await;
    let catalog = served.catalog("O'Neil & Söhne").await;
    served.catalog("Others").await;
    for query in [
        "$filter=displayName%20eq%20%27O%27%27Neil%20%26%20S%C3%B6hne%27",
        "$filter=displayName+eq+'O''Neil+%26+S%C3%B6hne'",
        "%24filter=displayName%20eq%20'O''Neil%20%26%20S%C3%B6hne'&%24select=id%2CdisplayName",
        "$filter=contains(displayName,%27Neil%27)",
        "$filter=contains%28displayName%2C%27Neil%27%29",
    ] {
        let answer = served.get(&format!("{EM}/catalogs?{query}")).await.fine();
        let found = answer.json["value"].as_array().unwrap();
        assert_eq!(found.len(), 1, "{query}: {answer:?}");
        assert_eq!(found[0]["id"], Value::from(catalog.as_str()));
    }
    let package = served.package(&catalog, "Access").await;
    for query in [
        "$expand=resourceRoleScopes%28%24expand%3Drole%2Cscope%29,catalog",
        "$expand=resourceRoleScopes($expand=role,scope),catalog",
        "%24expand=resourceRoleScopes(%24expand=role%2Cscope)%2Ccatalog",
    ] {
        let path = format!("{EM}/accessPackages/{package}?{query}");
        let answer = served.get(&path).await.fine();
        assert_eq!(answer.text_at("/catalog/id"), catalog, "{query}");
        assert_eq!(answer.json["resourceRoleScopes"], json!([]));
    }
}

#[tokio::test]
async fn functions_and_casts_are_named_in_every_style() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add().to_string();
    let requests = format!("{EM}/assignmentRequests");
    for function in [
        "filterByCurrentUser(on='target')",
        "filterByCurrentUser(on=%27target%27)",
        "filterByCurrentUser%28on%3D%27target%27%29",
        "microsoft.graph.filterByCurrentUser(on='target')",
        "graph.filterByCurrentUser(on='target')",
    ] {
        let path = format!("{requests}/{function}");
        let answer = served.call_as(&ada, Method::GET, &path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{function}: {answer:?}");
    }
    let group = json!({
        "displayName": "Admins",
        "mailEnabled": false,
        "mailNickname": "admins",
        "securityEnabled": true,
    });
    let group = served.post("/v1.0/groups", group).await.fine();
    for cast in ["microsoft.graph.user", "graph.user", "graph%2Euser"] {
        let path = format!("/v1.0/groups/{}/members/{cast}", group.id());
        assert_eq!(served.get(&path).await.fine().json["value"], json!([]));
    }
}

/// One client library drops the comma between the arguments.
#[tokio::test]
async fn arguments_follow_each_other_without_a_comma() {
    let served = Served::start().await;
    let ada = served
        .tenant
        .person("ada")
        .administrator()
        .add()
        .to_string();
    let catalog = served.catalog("Devices").await;
    let one = served.package(&catalog, "One").await;
    let two = served.package(&catalog, "Two").await;
    for comma in ["", ","] {
        let path = format!(
            "{EM}/assignments/additionalAccess(accessPackageId='{one}'{comma}incompatibleAccessPackageId='{two}')"
        );
        let answer = served.call_as(&ada, Method::GET, &path, Value::Null).await;
        assert_eq!(answer.fine().json["value"], json!([]));
    }
}

#[tokio::test]
async fn people_are_found_by_name_and_as_oneself() {
    let served = Served::start().await;
    let ada = served.tenant.person("ada").add().to_string();
    // A name that begins like that of a type.
    let gregor = served.tenant.person("graph.gregor").add().to_string();
    for (path, id) in [
        ("users/ada%40contoso.onmicrosoft.com", &ada),
        ("users/ada@contoso.onmicrosoft.com", &ada),
        ("users/graph.gregor%40contoso.onmicrosoft.com", &gregor),
        ("me", &ada),
        // What some clients write until something on the way puts `me` in its place.
        ("users/me-token-to-replace", &ada),
    ] {
        let path = format!("/v1.0/{path}");
        let answer = served.call_as(&ada, Method::GET, &path, Value::Null).await;
        assert_eq!(answer.fine().id(), *id, "{path}");
    }
}

#[tokio::test]
async fn numbers_are_plain_text() {
    let served = Served::start().await;
    served.tenant.person("ada").add();
    let request = served
        .request(Method::GET, "/v1.0/users/$count")
        .header("accept", "text/plain;q=0.9")
        .header("consistencylevel", "eventual");
    let answer = send(request).await.fine();
    assert!(answer.header("content-type").starts_with("text/plain"));
    assert_eq!(answer.text, "1");
}
