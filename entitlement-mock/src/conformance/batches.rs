//! Many calls in one request ([JSON batching](https://learn.microsoft.com/graph/json-batching)).

use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogPatch};
use entitlement_core::directory::User;
use entitlement_core::odata::{Filter, Query};
use entitlement_graph::GraphClient;
use entitlement_graph::request::{Call, ResourcePath};
use serde_json::{Value, json};

use super::backend::Backend;
use super::fixture::{Shelf, nothing};

fn draft(name: &str) -> CatalogDraft {
    CatalogDraft::builder(name).build().expect("a draft")
}

async fn catalogs_named(client: &GraphClient, start: &str) -> Vec<Catalog> {
    let query = Query::new().filter(Filter::field("displayName").starts_with(start));
    let catalogs = client.entitlement().catalogs().list_with(query);
    catalogs.try_collect().await.expect("the catalogs")
}

/// More calls than one request takes, of every kind, each with its own outcome.
pub async fn calls_go_together(backend: &impl Backend) {
    let admin = backend.admin();
    let catalogs = admin.entitlement().catalogs();
    let mut batch = admin.batch();
    let made: Vec<_> = (0..25)
        .map(|n| batch.create(&catalogs, &draft(&format!("Shelf {n:02}"))))
        .collect();
    let mut answers = batch.send().await;
    let made: Vec<Catalog> = made
        .into_iter()
        .map(|ticket| answers.take(ticket).expect("a catalog"))
        .collect();
    for (n, catalog) in made.iter().enumerate() {
        assert_eq!(catalog.display_name, Some(format!("Shelf {n:02}")));
    }

    let patch = CatalogPatch {
        description: "O'Neil's 100% #1 shelf".to_owned().into(),
        ..CatalogPatch::default()
    };
    let mut batch = admin.batch();
    let changed = batch.update(&catalogs, &made[0].id, &patch);
    let removed = batch.delete(&catalogs, &made[1].id);
    let missing = batch.get(&catalogs, &nothing());
    let found = batch.page(
        &catalogs,
        Query::new().filter(Filter::field("displayName").eq("Shelf 07")),
    );
    let mut answers = batch.send().await;
    answers.take(changed).expect("changed");
    answers.take(removed).expect("removed");
    let missing = answers.take(missing).expect_err("nothing");
    assert!(missing.is_not_found(), "{missing}");
    let found = answers.take(found).expect("a page");
    assert_eq!(found.items.len(), 1);
    assert_eq!(found.items[0].id, made[7].id);
    let all = catalogs_named(&admin, "Shelf").await;
    assert_eq!(all.len(), 24);
    let changed = all.iter().find(|catalog| catalog.id == made[0].id);
    let changed = changed.expect("the first").description.as_deref();
    assert_eq!(changed, Some("O'Neil's 100% #1 shelf"));
}

/// A call runs after the one it depends on, and not at all if that one fails; what is done stays done.
pub async fn calls_wait_for_each_other(backend: &impl Backend) {
    let admin = backend.admin();
    let catalogs = admin.entitlement().catalogs();
    let mut batch = admin.batch();
    let first = batch.create(&catalogs, &draft("First"));
    let failing = batch.delete(&catalogs, &nothing());
    let never = batch.create(&catalogs, &draft("Never"));
    let nor = batch.create(&catalogs, &draft("Nor this"));
    batch.run_after(&never, &failing).expect("a chain");
    batch.run_after(&failing, &first).expect("a chain");
    batch.run_after(&nor, &never).expect("a chain");
    let mut answers = batch.send().await;
    answers.take(first).expect("made");
    assert!(answers.take(failing).expect_err("nothing").is_not_found());
    for ticket in [never, nor] {
        let status = answers.take(ticket).expect_err("not carried out").status();
        assert_eq!(status.map(|status| status.as_u16()), Some(424));
    }
    assert_eq!(catalogs_named(&admin, "First").await.len(), 1);
    assert_eq!(catalogs_named(&admin, "N").await.len(), 0);
}

/// Each call of a batch may do what its sender may do with it alone.
pub async fn a_batch_has_the_rights_of_its_sender(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    let mut batch = client.batch();
    let me = batch.call::<User>(Call::get(ResourcePath::new("me")));
    let catalog = batch.get(&client.entitlement().catalogs(), &shelf.catalog.id);
    let mut answers = batch.send().await;
    assert_eq!(answers.take(me).expect("me").id, ada);
    let refused = answers.take(catalog).expect_err("not for everybody");
    assert!(refused.is_permission(), "{refused}");
}

/// A batch of a shape that the service does not take is refused as a whole.
pub async fn a_refused_batch_changes_nothing(backend: &impl Backend) {
    let admin = backend.admin();
    let make = |id: &str| {
        json!({
            "id": id,
            "method": "POST",
            "url": "/identityGovernance/entitlementManagement/catalogs",
            "headers": {"Content-Type": "application/json"},
            "body": {"displayName": "Refused"},
        })
    };
    let after = |id: &str, first: &[&str]| {
        let mut call = make(id);
        call["dependsOn"] = json!(first);
        call
    };
    let without = |member: &str| {
        let mut call = make("2");
        call.as_object_mut().expect("an object").remove(member);
        call
    };
    let elsewhere = |url: &str| json!({"id": "2", "method": "GET", "url": url});
    let too_many: Vec<Value> = (0..21).map(|n| make(&n.to_string())).collect();
    let batches = [
        too_many,
        vec![],
        vec![make("a"), make("A")],
        vec![make("1"), without("id")],
        vec![make("1"), without("method")],
        vec![make("1"), without("url")],
        vec![make("1"), without("headers")],
        vec![make("1"), without("body")],
        vec![make("1"), after("2", &["3"])],
        vec![make("1"), after("2", &["2"])],
        vec![make("1"), make("2"), after("3", &["1", "2"])],
        vec![make("1"), make("2"), after("3", &["1"]), after("4", &["2"])],
        vec![after("1", &["2"]), after("2", &["1"])],
        vec![make("1"), elsewhere("https://evil.example/v1.0/me")],
        vec![
            make("1"),
            json!({"id": "2", "method": "POST", "url": "/$batch", "headers": {"Content-Type": "application/json"}, "body": {"requests": []}}),
        ],
    ];
    for requests in batches {
        let body = json!({ "requests": requests });
        let call = Call::post(ResourcePath::new("$batch"));
        let sent = admin.send(call.json(&body).expect("a call")).await;
        let status = sent.map(|_| body.to_string()).expect_err("a refusal");
        assert_eq!(status.status().map(|status| status.as_u16()), Some(400));
    }
    assert_eq!(catalogs_named(&admin, "Refused").await.len(), 0);

    let fine = json!({"requests": [make("1"), after("2", &["1"]), after("3", &["2"])]});
    let call = Call::post(ResourcePath::new("$batch"));
    let call = call.json(&fine).expect("a call");
    let answer: Value = admin.fetch(call).await.expect("an answer");
    let answers = answer["responses"].as_array().expect("answers");
    assert!(answers.iter().all(|answer| answer["status"] == 201));
    assert_eq!(catalogs_named(&admin, "Refused").await.len(), 3);
}
