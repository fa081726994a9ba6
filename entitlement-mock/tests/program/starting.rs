//! Starting and stopping.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::running::{Running, output};

/// A file of its own for each test.
fn file(name: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _not_there = std::fs::remove_file(&file);
    file
}

async fn call(request: reqwest::RequestBuilder) -> Value {
    let response = request.bearer_auth("app").send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

const CATALOGS: &str = "/v1.0/identityGovernance/entitlementManagement/catalogs";

async fn make_catalog(running: &Running, name: &str) -> String {
    let body = json!({"displayName": name}).to_string();
    let made = client()
        .post(format!("{}{CATALOGS}", running.uri))
        .body(body);
    call(made).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_tenant_is_as_it_was_asked_for() {
    let options = [
        "--seed",
        "7",
        "--now",
        "2026-05-04T00:00:00Z",
        "--page-size",
        "1",
    ];
    let running = Running::with(&options);
    let clock = call(client().get(format!("{}/mock/clock", running.uri))).await;
    assert_eq!(clock, json!({"now": "2026-05-04T00:00:00Z"}));
    let id = make_catalog(&running, "Devices").await;
    let list = call(client().get(format!("{}{CATALOGS}", running.uri))).await;
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
    assert!(
        list["@odata.nextLink"]
            .as_str()
            .unwrap()
            .starts_with(&running.uri)
    );

    let same = Running::with(&options);
    assert_eq!(
        make_catalog(&same, "Devices").await,
        id,
        "ids come from the seed"
    );
    let other = Running::with(&["--seed", "8"]);
    assert_ne!(make_catalog(&other, "Devices").await, id);
}

#[tokio::test]
async fn lag_is_chosen_by_name() {
    let running = Running::with(&["--lag", "realistic"]);
    let id = make_catalog(&running, "Devices").await;
    let path = format!("{}{CATALOGS}/{id}", running.uri);
    let early = client().get(&path).bearer_auth("app").send().await.unwrap();
    assert_eq!(early.status().as_u16(), 404);
    let turn = client().post(format!("{}/mock/clock/advance", running.uri));
    call(turn.body(r#"{"by": "PT1M"}"#)).await;
    call(client().get(&path)).await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_state_is_saved_and_loaded() {
    let file = file("saved-state.json");
    let name = file.to_str().unwrap();
    let running = Running::with(&["--save", name]);
    let id = make_catalog(&running, "Devices").await;
    let said = running.stop("-INT");
    assert!(said.contains("saved the state"), "{said}");

    let again = Running::with(&[
        "--load",
        name,
        "--page-size",
        "1",
        "--now",
        "2026-06-01T00:00:00Z",
    ]);
    let catalog = call(client().get(format!("{}{CATALOGS}/{id}", again.uri))).await;
    assert_eq!(catalog["displayName"], "Devices");
    let clock = call(client().get(format!("{}/mock/clock", again.uri))).await;
    assert_eq!(clock["now"], "2026-06-01T00:00:00Z");
    let list = call(client().get(format!("{}{CATALOGS}", again.uri))).await;
    assert_eq!(list["value"].as_array().unwrap().len(), 1);

    // What is there is not spoilt by what cannot be loaded.
    let reset = client().post(format!("{}/mock/reset", again.uri));
    assert_eq!(call(reset).await["now"], "2026-06-01T00:00:00Z");
}

#[cfg(unix)]
#[test]
fn it_stops_when_asked_to() {
    for signal in ["-INT", "-TERM"] {
        let said = Running::with(&[]).stop(signal);
        assert!(said.contains("Authorization: Bearer app"), "{said}");
    }
}

#[test]
fn mistakes_are_explained() {
    let broken = file("broken-state.json");
    std::fs::write(&broken, "{}").unwrap();
    let broken = broken.to_str().unwrap();
    for (arguments, words) in [
        (&["--listen", "nowhere:x"][..], "cannot listen on nowhere:x"),
        (
            &["--load", "/nowhere/state.json"][..],
            "cannot load /nowhere/state.json",
        ),
        (&["--load", broken][..], "not a snapshot of a tenant"),
        (
            &["--load", broken, "--seed", "1"][..],
            "cannot be used with",
        ),
        (&["--lag", "lazy"][..], "there are: immediate, realistic"),
        (&["--now", "today"][..], "--now"),
        (&["--page-size", "0"][..], "--page-size"),
        (&["--unknown"][..], "--unknown"),
    ] {
        let output = output(arguments);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn help_teaches() {
    let output = output(&["--help"]);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout);
    for words in [
        "--listen",
        "--load",
        "--save",
        "--seed",
        "--now",
        "--page-size",
        "--lag",
        "--coverage",
        "curl",
        "Bearer app",
        "clock/advance",
    ] {
        assert!(said.contains(words), "{words}");
    }
}

#[test]
fn the_table_of_operations_is_printed() {
    let output = output(&["--coverage"]);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout);
    let row = |operation: &str| {
        let found = said
            .lines()
            .find(|line| line.contains(&format!("`{operation}`")));
        found.unwrap_or_else(|| panic!("no {operation}")).to_owned()
    };
    assert!(said.starts_with("| operation"));
    let create = row("POST /identityGovernance/entitlementManagement/catalogs");
    assert!(create.contains("| yes") && create.contains("makes, acts") && create.contains("calls"));
    row("GET /users/{user}");
    assert!(said.contains("operations, "));
}
