//! `$batch`, as the official clients write it.

use http::StatusCode;
use serde_json::{Value, json};

use crate::wire::{EM, Served};

fn of(answer: &Value, id: &str) -> Value {
    let responses = answer["responses"].as_array().unwrap();
    let found = responses.iter().find(|response| response["id"] == id);
    found
        .unwrap_or_else(|| panic!("no {id} in {answer}"))
        .clone()
}

#[tokio::test]
async fn calls_of_a_batch_are_addressed_in_every_style() {
    let served = Served::start().await;
    let catalog = served.catalog("O'Neil's").await;
    let host = served.server.uri();
    let em = EM.strip_prefix("/v1.0").unwrap();
    let urls = [
        format!("{em}/catalogs/{catalog}"),
        format!("{host}{EM}/catalogs/{catalog}"),
        format!("{}{EM}/catalogs/{catalog}", host.replace("http:", "https:")),
        format!("{EM}/catalogs/{catalog}"),
        format!("{em}/catalogs?$filter=displayName eq 'O''Neil''s'"),
        format!("{em}/catalogs?%24filter=displayName%20eq%20%27O%27%27Neil%27%27s%27"),
    ];
    let requests: Vec<Value> = (1..)
        .zip(&urls)
        .map(|(id, url)| json!({"id": id.to_string(), "method": "GET", "url": url, "headers": {}, "depends_on": []}))
        .collect();
    let answer = served
        .post("/v1.0/$batch", json!({"requests": requests}))
        .await
        .fine();
    for (place, url) in urls.iter().enumerate() {
        let response = of(&answer.json, &(place + 1).to_string());
        assert_eq!(response["status"], 200, "{url}: {response}");
        let body = &response["body"];
        let id = body.get("id").unwrap_or(&body["value"][0]["id"]);
        assert_eq!(*id, Value::from(catalog.as_str()), "{url}");
    }
}

#[tokio::test]
async fn calls_of_a_batch_wait_for_each_other() {
    let served = Served::start().await;
    let em = EM.strip_prefix("/v1.0").unwrap();
    for name in ["dependsOn", "depends_on"] {
        let mut second = json!({"id": "2", "method": "get", "url": format!("{em}/catalogs"), "headers": {"accept": "application/json"}});
        second[name] = json!(["1"]);
        let first = json!({"id": "1", "method": "POST", "url": format!("{em}/catalogs"), "headers": {"content-type": "application/json"}, "body": {}});
        let answer = served
            .post("/v1.0/$batch", json!({"requests": [first, second]}))
            .await
            .fine();
        assert_eq!(of(&answer.json, "1")["status"], 400);
        assert_eq!(of(&answer.json, "2")["status"], 424);
        assert!(of(&answer.json, "2")["body"]["error"]["innerError"].is_object());
    }
}

#[tokio::test]
async fn a_batch_has_twenty_calls_at_most() {
    let served = Served::start().await;
    let calls = |count: usize| {
        let calls =
            (0..count).map(|id| json!({"id": id.to_string(), "method": "GET", "url": "/users"}));
        json!({"requests": calls.collect::<Vec<_>>()})
    };
    assert_eq!(
        served.post("/v1.0/$batch", calls(20)).await.status,
        StatusCode::OK
    );
    assert_eq!(
        served.post("/v1.0/$batch", calls(21)).await.status,
        StatusCode::BAD_REQUEST
    );
}
