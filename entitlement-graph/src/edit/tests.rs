#![expect(
    clippy::unnecessary_wraps,
    reason = "a script takes outcomes, good ones too"
)]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::json;

use entitlement_core::entity::Entity;
use entitlement_core::schedule::Expiration;

use super::*;
use crate::GraphClient;
use crate::clock::Clock;
use crate::testing::{InstantClock, ScriptedTransport, answer};
use crate::transport::{Request, Response, Transport, TransportError};

type Outcome = Result<Response, TransportError>;

fn ok(body: &Value) -> Outcome {
    Ok(answer(StatusCode::OK, body.to_string()))
}

fn no_content() -> Outcome {
    Ok(answer(StatusCode::NO_CONTENT, ""))
}

fn setup<E: Editable>(
    script: impl IntoIterator<Item = Outcome>,
) -> (Collection<E>, ScriptedTransport, InstantClock) {
    let (network, clock) = (ScriptedTransport::new(script), InstantClock::default());
    let client = GraphClient::builder(network.clone())
        .clock(clock.clone())
        .seed(1)
        .build();
    (Collection::new(client), network, clock)
}

fn policy() -> Value {
    json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#assignmentPolicies/$entity",
        "id": "a1", "displayName": "Members", "description": "",
        "allowedTargetScope": "allMemberUsers", "specificAllowedTargets": [],
        "automaticRequestSettings": null,
        "expiration": {"type": "afterDuration", "duration": "P30D"},
        "verifiedIdSettings": {"issuer": "contoso"},
        "createdDateTime": "2026-01-01T00:00:00Z", "modifiedDateTime": "2026-01-01T00:00:00Z",
        "notificationSettings": {"isAssignmentNotificationDisabled": true},
        "accessPackage": {"id": "p1", "displayName": "Access"},
        "questions": [{"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": "q1", "sequence": 0,
            "text": "Why?", "isRequired": true, "isAnswerEditable": true, "isSingleLineQuestion": true}],
        "customExtensionStageSettings": [],
    })
}

fn with(mut policy: Value, name: &str, value: Value) -> Value {
    policy[name] = value;
    policy
}

fn for_days(days: u32) -> Value {
    json!({"type": "afterDuration", "duration": format!("P{days}D")})
}

fn line(request: &Request) -> String {
    let url = request.uri().to_string();
    let path = url.strip_prefix("https://graph.microsoft.com/v1.0/identityGovernance/");
    format!("{} {}", request.method(), path.unwrap_or(&url))
}

fn written(network: &ScriptedTransport) -> Vec<Value> {
    network
        .requests()
        .iter()
        .filter(|request| request.method() == Method::PUT)
        .map(|request| serde_json::from_slice(request.body()).unwrap())
        .collect()
}

fn id<E: Entity>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn longer(policy: &mut AssignmentPolicy) {
    policy.expiration = Some(Expiration::after_days(90));
}

#[tokio::test]
async fn p9_one_field_is_changed_and_the_whole_is_sent() {
    let now = with(policy(), "expiration", for_days(90));
    let (policies, network, _) = setup([
        ok(&policy()),
        ok(&policy()),
        ok(&json!({"id": "a1"})),
        ok(&now),
    ]);
    let edited = policies.edit(&id("a1"), longer).await.unwrap();
    assert_eq!(edited.changes.len(), 1);
    assert_eq!(edited.changes[0].path(), "expiration.duration");
    assert_eq!(edited.stored.expiration, Some(Expiration::after_days(90)));

    let lines: Vec<_> = network.requests().iter().map(line).collect();
    let whole = "GET entitlementManagement/assignmentPolicies/a1?$expand=accessPackage,questions,\
                 customExtensionStageSettings($expand=customExtension)";
    let put = "PUT entitlementManagement/assignmentPolicies/a1";
    assert_eq!(lines, [whole, whole, put, whole]);

    let mut expected = with(policy(), "expiration", for_days(90));
    let members = expected.as_object_mut().unwrap();
    for name in [
        "@odata.context",
        "createdDateTime",
        "modifiedDateTime",
        "automaticRequestSettings",
    ] {
        members.remove(name);
    }
    expected["accessPackage"] = json!({"id": "p1"});
    assert_eq!(written(&network), [expected]);
}

#[tokio::test]
async fn p12_what_is_taken_away_is_cleared_by_name() {
    let mut now = policy();
    now.as_object_mut().unwrap().remove("notificationSettings");
    let (policies, network, _) = setup([ok(&policy()), ok(&policy()), ok(&json!({})), ok(&now)]);
    let change = |policy: &mut AssignmentPolicy| {
        policy.notification_settings = None;
        policy.questions = Vec::new().into();
    };
    policies.edit(&id("a1"), change).await.unwrap();
    let [body] = written(&network).try_into().unwrap();
    assert_eq!(body.get("notificationSettings"), Some(&Value::Null));
    assert_eq!(body["questions"], json!([]));
}

#[tokio::test]
async fn nothing_is_written_when_nothing_changes() {
    let (policies, network, _) = setup([ok(&policy())]);
    let same = |policy: &mut AssignmentPolicy| policy.description = None;
    let edited = policies.edit(&id("a1"), same).await.unwrap();
    assert!(!edited.is_changed());
    assert_eq!(network.requests().len(), 1);
}

#[tokio::test]
async fn p9_somebody_elses_change_is_not_overwritten() {
    let theirs = with(policy(), "displayName", "Staff".into());
    let (policies, network, _) = setup([ok(&policy()), ok(&theirs)]);
    let error = policies.edit(&id("a1"), longer).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "accessPackageAssignmentPolicy a1 was changed by somebody else during the edit, so nothing was written\n  \
         displayName: \"Members\" was expected, \"Staff\" was found"
    );
    assert_eq!(written(&network), Vec::<Value>::new());
}

#[tokio::test]
async fn the_change_is_made_again_on_top_of_theirs() {
    let theirs = with(policy(), "displayName", "Staff".into());
    let both = with(theirs.clone(), "expiration", for_days(90));
    let script = [
        ok(&policy()),
        ok(&theirs),
        ok(&theirs),
        ok(&json!({})),
        ok(&both),
    ];
    let (policies, network, _) = setup(script);
    let twice = EditOptions::default().attempts(2);
    let edited = policies.edit_with(&id("a1"), &twice, longer).await.unwrap();
    assert_eq!(edited.stored.display_name.as_deref(), Some("Staff"));
    assert_eq!(written(&network)[0]["displayName"], "Staff");
}

#[tokio::test]
async fn p11_a_broken_rule_is_named_before_anything_is_written() {
    let (policies, network, _) = setup([ok(&policy())]);
    let blank = |policy: &mut AssignmentPolicy| policy.display_name = Some(" ".to_owned());
    let Error::Invalid(invalid) = policies.edit(&id("a1"), blank).await.unwrap_err() else {
        panic!("not refused by a rule");
    };
    assert_eq!(invalid.violations()[0].path(), "displayName");
    assert_eq!(network.requests().len(), 1);

    // What was against a rule before does not keep anybody from changing something else.
    let odd = with(
        policy(),
        "specificAllowedTargets",
        json!([
        {"@odata.type": "#microsoft.graph.singleUser", "userId": "u1"}]),
    );
    let now = with(odd.clone(), "expiration", for_days(90));
    let (policies, ..) = setup([ok(&odd), ok(&odd), ok(&json!({})), ok(&now)]);
    policies.edit(&id("a1"), longer).await.unwrap();
}

#[tokio::test]
async fn what_the_service_did_not_send_along_is_not_erased() {
    let mut partial = policy();
    partial.as_object_mut().unwrap().remove("questions");
    let (policies, network, _) = setup([ok(&partial)]);
    let error = policies.edit(&id("a1"), longer).await.unwrap_err();
    assert!(error.to_string().contains("questions"), "{error}");
    assert_eq!(network.requests().len(), 1);

    let (policies, ..) = setup([ok(&policy())]);
    let moved = |policy: &mut AssignmentPolicy| policy.id = "a2".parse().unwrap();
    let error = policies.edit(&id("a1"), moved).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error}");
}

#[tokio::test]
async fn a_change_that_shows_late_is_waited_for_and_not_for_ever() {
    let now = with(policy(), "expiration", for_days(90));
    let (policies, _, clock) = setup([
        ok(&policy()),
        ok(&policy()),
        ok(&json!({})),
        ok(&policy()),
        ok(&now),
    ]);
    let edited = policies.edit(&id("a1"), longer).await.unwrap();
    assert_eq!(edited.stored.expiration, Some(Expiration::after_days(90)));
    assert_eq!(clock.waits().len(), 1);

    let mut script = vec![ok(&policy()), ok(&policy()), ok(&json!({}))];
    script.extend((0..50).map(|_| ok(&policy())));
    let (policies, _, clock) = setup(script);
    let start = clock.now();
    let error = policies.edit(&id("a1"), longer).await.unwrap_err();
    assert!(matches!(error, Error::TimedOut(_)), "{error}");
    assert_eq!(
        clock.now().duration_since(start),
        SignedDuration::from_secs(60)
    );
}

#[tokio::test]
async fn a_lost_answer_to_the_write_is_no_harm() {
    let lost = TransportError::maybe_sent(crate::transport::TransportErrorKind::Interrupted);
    let now = with(policy(), "expiration", for_days(90));
    let (policies, network, _) = setup([
        ok(&policy()),
        ok(&policy()),
        Err(lost),
        ok(&json!({})),
        ok(&now),
    ]);
    policies.edit(&id("a1"), longer).await.unwrap();
    let [first, second] = written(&network).try_into().unwrap();
    assert_eq!(first, second);
}

#[tokio::test]
async fn reviews_extensions_and_settings_are_edited_the_same_way() {
    let review = json!({
        "id": "d1", "displayName": "Guests", "status": "InProgress",
        "createdBy": {"id": "u1"}, "createdDateTime": "2026-01-01T00:00:00Z",
        "scope": {"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/groups/g1/members", "queryType": "MicrosoftGraph"},
        "reviewers": [], "backupReviewers": [], "fallbackReviewers": [],
        "settings": {"instanceDurationInDays": 3, "mood": "sunny"}, "stageSettings": [],
        "additionalNotificationRecipients": [],
    });
    let renamed = with(review.clone(), "displayName", "Visitors".into());
    let (reviews, network, _) = setup([ok(&review), ok(&review), no_content(), ok(&renamed)]);
    let rename =
        |review: &mut ScheduleDefinition| review.display_name = Some("Visitors".to_owned());
    reviews.edit(&id("d1"), rename).await.unwrap();
    assert_eq!(
        line(&network.requests()[2]),
        "PUT accessReviews/definitions/d1"
    );
    let [body] = written(&network).try_into().unwrap();
    assert_eq!(body["displayName"], "Visitors");
    assert_eq!(body["settings"]["mood"], "sunny");
    assert!(
        body.get("status").is_none() && body.get("createdBy").is_none(),
        "{body}"
    );

    let extension = json!({
        "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
        "id": "x1", "displayName": "Ask", "createdBy": "somebody",
        "endpointConfiguration": {"@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": "s1", "resourceGroupName": "r1", "logicAppWorkflowName": "w1"},
        "authenticationConfiguration": {"@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication"},
    });
    let wrapped = |extension: &Value| ok(&json!({"@odata.context": "…", "value": extension}));
    let renamed = with(extension.clone(), "displayName", "Ask them".into());
    let (extensions, network, _) = setup([
        wrapped(&extension),
        wrapped(&extension),
        wrapped(&renamed),
        wrapped(&renamed),
    ]);
    let rename =
        |extension: &mut CustomExtension| extension.display_name = Some("Ask them".to_owned());
    extensions.edit(&id("x1"), rename).await.unwrap();
    let [body] = written(&network).try_into().unwrap();
    assert_eq!(body["@odata.type"], extension["@odata.type"]);
    assert_eq!(
        body["endpointConfiguration"],
        extension["endpointConfiguration"]
    );
    assert!(body.get("createdBy").is_none(), "{body}");

    let settings = json!({"showApproverDetailsToMembers": false, "mood": "sunny"});
    let shown = with(
        settings.clone(),
        "showApproverDetailsToMembers",
        true.into(),
    );
    let (configurations, network, _) =
        setup([ok(&settings), ok(&settings), ok(&shown), ok(&shown)]);
    let show =
        |settings: &mut EndUserSettings| settings.show_approver_details_to_members = Some(true);
    configurations
        .edit(&EndUserSettings::key(), show)
        .await
        .unwrap();
    let [body] = written(&network).try_into().unwrap();
    assert_eq!(
        body,
        json!({"id": "endUserSettings", "showApproverDetailsToMembers": true, "mood": "sunny"})
    );
}

#[test]
fn edits_in_flight_move_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let (policies, ..) = setup::<AssignmentPolicy>([]);
    is_send(policies.edit(&id("a1"), longer));
    is_send(policies.edit_with(&id("a1"), &EditOptions::default(), longer));
}

/// A service with two policies that lets others go first on every call.
#[derive(Debug, Default)]
struct Slow(Mutex<Vec<String>>);

#[async_trait]
impl Transport for Slow {
    async fn send(&self, request: Request) -> Outcome {
        tokio::task::yield_now().await;
        let path = request.uri().path();
        let id = path.rsplit('/').next().unwrap_or_default().to_owned();
        let mut calls = self.0.lock().unwrap();
        let is_written = calls.contains(&format!("PUT {id}"));
        calls.push(format!("{} {id}", request.method()));
        let days = if is_written { 90 } else { 30 };
        ok(&with(
            with(policy(), "id", id.into()),
            "expiration",
            for_days(days),
        ))
    }
}

#[tokio::test]
async fn p6_what_is_written_to_one_package_is_written_in_turn() {
    let service = Arc::new(Slow::default());
    let client = GraphClient::builder(Arc::clone(&service)).build();
    let policies = Collection::<AssignmentPolicy>::new(client);
    let (first, second) = (id("a1"), id("a2"));
    let (one, two) = tokio::join!(
        policies.edit(&first, longer),
        policies.edit(&second, longer)
    );
    assert!(one.unwrap().is_changed() && two.unwrap().is_changed());
    let calls = service.0.lock().unwrap();
    let (begun, rest) = calls.split_at(2);
    assert!(
        begun.iter().all(|call| call.starts_with("GET")),
        "{calls:?}"
    );
    for edit in rest.chunks(3) {
        let id = edit[0].trim_start_matches("GET ");
        let expected = [
            format!("GET {id}"),
            format!("PUT {id}"),
            format!("GET {id}"),
        ];
        assert_eq!(edit, expected, "{calls:?}");
    }
}
