//! A patch that breaks a rule is refused wherever it is handed over, and nothing is sent.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_graph::core::access_review::instance::{Instance, InstancePatch};
use entitlement_graph::core::access_review::reviewer::ReviewerScope;
use entitlement_graph::core::catalog::CatalogPatch;
use entitlement_graph::core::connected_organization::ConnectedOrganizationPatch;
use entitlement_graph::core::directory::GroupPatch;
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::package::AccessPackagePatch;
use entitlement_graph::core::settings::EntitlementManagementSettingsPatch;
use entitlement_graph::core::subject::SubjectPatch;
use entitlement_graph::core::wire::Field;
use entitlement_graph::testing::{ScriptedTransport, answer};
use entitlement_graph::{Error, GraphClient};
use http::StatusCode;
use serde_json::{Value, json};

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

/// The path and rule of the one violation for which `call` is refused, without sending anything.
async fn refused(call: impl AsyncFnOnce(GraphClient) -> Result<(), Error>) -> String {
    let network = ScriptedTransport::new([]);
    let error = call(GraphClient::new(network.clone())).await.unwrap_err();
    let Error::Invalid(invalid) = error else {
        panic!("{error}");
    };
    assert_eq!(network.requests().len(), 0);
    let [violation] = invalid.violations() else {
        panic!("{invalid}");
    };
    format!("{} {}", violation.rule(), violation.path())
}

fn nameless() -> CatalogPatch {
    CatalogPatch {
        display_name: " ".into(),
        ..CatalogPatch::default()
    }
}

#[tokio::test]
async fn collections_refuse_patches_that_break_a_rule() {
    macro_rules! refused {
        ($($violation:literal => |$client:ident| $call:expr;)+) => {
            $(assert_eq!(refused(async |$client: GraphClient| $call.await).await, $violation);)+
        };
    }
    let package = AccessPackagePatch {
        display_name: Field::Clear,
        ..AccessPackagePatch::default()
    };
    let organization = ConnectedOrganizationPatch {
        display_name: Field::Clear,
        ..ConnectedOrganizationPatch::default()
    };
    let group = GroupPatch {
        mail_nickname: "not an alias".into(),
        ..GroupPatch::default()
    };
    let instance = json!({
        "id": "i1", "status": "InProgress",
        "scope": {"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/groups/g1/members"},
    });
    let instance: Instance = serde_json::from_value(instance).unwrap();
    let nobody = InstancePatch::of(&instance).unwrap();
    let nobody = nobody.reviewers([ReviewerScope::default()]);
    refused! {
        "OBJ-14 displayName" => |c| c.entitlement().catalogs().update(&id("c1"), &nameless());
        "OBJ-40 displayName" => |c| c.entitlement().packages().update(&id("p1"), &package);
        "ORG-4 displayName" => |c| c.entitlement().connected_organizations().update(&id("o1"), &organization);
        "GRP-2 mailNickname" => |c| c.groups().update(&id("g1"), &group);
        "REV-30 reviewers[0].query" => |c|
            c.access_reviews().definition(&id("d1")).instances().update(&id("i1"), &nobody);
    }
}

#[tokio::test]
async fn what_is_patched_at_its_own_place_is_held_against_the_rules_too() {
    let settings = EntitlementManagementSettingsPatch {
        duration_until_external_user_deleted_after_blocked: Field::Set("-P1D".parse().unwrap()),
        ..EntitlementManagementSettingsPatch::default()
    };
    let found = refused(async |c| c.entitlement().settings().update(&settings).await).await;
    assert_eq!(found, "ORG-9 durationUntilExternalUserDeletedAfterBlocked");

    let subject = SubjectPatch {
        subject_lifecycle: Field::Clear,
    };
    let found =
        refused(async |c| c.entitlement().subject_of(&id("u1")).update(&subject).await).await;
    assert_eq!(found, "ORG-8 subjectLifecycle");
}

#[tokio::test]
async fn a_batch_goes_without_the_call_whose_patch_breaks_a_rule() {
    let body = json!({"responses": [{"id": "2", "status": 204}]});
    let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, body.to_string()))]);
    let client = GraphClient::new(network.clone());
    let catalogs = client.entitlement().catalogs();
    let mut batch = client.batch();
    let broken = batch.update(&catalogs, &id("c1"), &nameless());
    let legal = batch.update(&catalogs, &id("c2"), &CatalogPatch::default());
    let mut answers = batch.send().await;
    answers.take(legal).unwrap();
    let error = answers.take(broken).unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");

    let [request] = network.requests().try_into().unwrap();
    let sent: Value = serde_json::from_slice(request.body()).unwrap();
    let sent = sent["requests"].as_array().unwrap();
    assert_eq!(sent.len(), 1);
    assert!(sent[0]["url"].as_str().unwrap().ends_with("catalogs/c2"));
}
