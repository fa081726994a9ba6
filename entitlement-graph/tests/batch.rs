//! Calls in batches: what is sent, whose answer is whose, and what goes again.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use entitlement_graph::core::catalog::{Catalog, CatalogDraft, CatalogPatch};
use entitlement_graph::core::odata::{Filter, Query};
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{
    Replay, Request, Response, Transport, TransportError, TransportErrorKind,
};
use entitlement_graph::{Error, GraphClient};
use http::{HeaderName, HeaderValue, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

type Outcome = Result<Response, TransportError>;

/// The service's answer to a batch.
#[expect(clippy::unnecessary_wraps, reason = "stands beside errors in scripts")]
fn responses(responses: &[Value]) -> Outcome {
    let body = json!({ "responses": responses });
    Ok(answer(StatusCode::OK, body.to_string()))
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside errors in scripts")]
fn status(code: u16, retry_after: Option<&str>) -> Outcome {
    let mut answer = answer(StatusCode::from_u16(code).unwrap(), "");
    if let Some(seconds) = retry_after {
        let seconds = seconds.parse().unwrap();
        answer.headers_mut().insert("retry-after", seconds);
    }
    Ok(answer)
}

fn lost() -> Outcome {
    Err(TransportError::maybe_sent(TransportErrorKind::Interrupted))
}

fn catalog(id: &str) -> Value {
    json!({"id": id, "status": 200, "body": {"id": format!("c{id}")}})
}

fn throttled(id: &str, seconds: &str) -> Value {
    json!({"id": id, "status": 429, "headers": {"Retry-After": seconds}, "body": {"error": {"code": "TooManyRequests"}}})
}

struct Stage {
    network: ScriptedTransport,
    clock: InstantClock,
    client: GraphClient,
}

impl Stage {
    fn new<const N: usize>(script: [Outcome; N]) -> Self {
        Self::with(RetryPolicy::default(), script)
    }

    fn with<const N: usize>(policy: RetryPolicy, script: [Outcome; N]) -> Self {
        let (network, clock) = (ScriptedTransport::new(script), InstantClock::default());
        let client = GraphClient::builder(network.clone())
            .clock(clock.clone())
            .retry(policy.seed(1))
            .build();
        Self {
            network,
            clock,
            client,
        }
    }

    /// The calls of each request that was sent.
    fn sent(&self) -> Vec<Vec<Value>> {
        let requests = self.network.requests();
        requests
            .iter()
            .map(|request| {
                assert_eq!(request.method(), "POST");
                assert_eq!(request.uri(), "https://graph.microsoft.com/v1.0/$batch");
                assert_eq!(request.headers()["content-type"], "application/json");
                let mut body: Value = serde_json::from_slice(request.body()).unwrap();
                serde_json::from_value(body["requests"].take()).unwrap()
            })
            .collect()
    }

    /// The ids of the calls of each request.
    fn ids(&self) -> Vec<Vec<String>> {
        let id = |call: &Value| call["id"].as_str().unwrap().to_owned();
        let sent = self.sent();
        sent.iter()
            .map(|calls| calls.iter().map(id).collect())
            .collect()
    }

    fn waits(&self) -> Vec<u64> {
        self.clock.waits().iter().map(Duration::as_secs).collect()
    }
}

fn get(id: &str) -> Call {
    let id = id
        .parse::<entitlement_graph::core::entity::Id<Catalog>>()
        .unwrap();
    Call::get(ResourcePath::new("things").id(&id))
}

fn post() -> Call {
    Call::post(ResourcePath::new("things"))
        .json(&json!({"name": "x"}))
        .unwrap()
}

fn may_have_been_carried_out(error: &Error) -> bool {
    match error {
        Error::Transport { source, .. } => source.may_have_been_carried_out(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_batch_is_written_as_the_service_takes_it_and_answers_find_their_calls() {
    let stage = Stage::new([responses(&[
        json!({"id": "4", "status": 204}),
        json!({"id": "2", "status": 201, "body": {"id": "c2", "displayName": "Devices"}}),
        json!({"id": "5", "status": 202}),
        json!({"id": "1", "status": 200, "body": {"id": "c1"}}),
        json!({"id": "3", "status": 204}),
        json!({"id": "6", "status": 200, "body": {"value": [{"id": "c6"}], "@odata.nextLink": "https://x"}}),
    ])]);
    let catalogs = stage.client.entitlement().catalogs();
    let draft = CatalogDraft::builder("Devices").build().unwrap();
    let patch = CatalogPatch {
        description: "New".to_owned().into(),
        ..CatalogPatch::default()
    };

    let mut batch = stage.client.batch();
    let read = batch.get(&catalogs, &"a b/c".parse().unwrap());
    let made = batch.create(&catalogs, &draft);
    let changed = batch.update(&catalogs, &"c3".parse().unwrap(), &patch);
    let removed = batch.delete(&catalogs, &"c4".parse().unwrap());
    let acted = batch.action(Call::post(ResourcePath::new("things/reprocess")).header(
        HeaderName::from_static("consistencylevel"),
        HeaderValue::from_static("eventual"),
    ));
    let name = Filter::field("displayName").eq("Let's go");
    let listed = batch.page(&catalogs, Query::new().filter(name).top(5));
    let mut answers = batch.send().await;

    assert_eq!(answers.take(read).unwrap().id.to_string(), "c1");
    assert_eq!(
        answers.take(made).unwrap().display_name.as_deref(),
        Some("Devices")
    );
    answers.take(changed).unwrap();
    answers.take(removed).unwrap();
    answers.take(acted).unwrap();
    let page = answers.take(listed).unwrap();
    assert_eq!(
        (page.items.len(), page.next_link.as_deref()),
        (1, Some("https://x"))
    );

    let place = "/identityGovernance/entitlementManagement/catalogs";
    let prefer = json!({"prefer": "include-unknown-enum-members"});
    let typed =
        json!({"prefer": "include-unknown-enum-members", "content-type": "application/json"});
    assert_eq!(
        stage.sent(),
        [[
            json!({"id": "1", "method": "GET", "url": format!("{place}/a%20b%2Fc"), "headers": prefer}),
            json!({"id": "2", "method": "POST", "url": place, "headers": typed, "body": serde_json::to_value(&draft).unwrap()}),
            json!({"id": "3", "method": "PATCH", "url": format!("{place}/c3"), "headers": typed, "body": {"description": "New"}}),
            json!({"id": "4", "method": "DELETE", "url": format!("{place}/c4"), "headers": prefer}),
            json!({"id": "5", "method": "POST", "url": "/things/reprocess", "body": {}, "headers": {
                "prefer": "include-unknown-enum-members", "content-type": "application/json", "consistencylevel": "eventual",
            }}),
            json!({"id": "6", "method": "GET", "headers": prefer,
                "url": format!("{place}?{}", Query::new().filter(Filter::field("displayName").eq("Let's go")).top(5))}),
        ]]
    );
}

#[tokio::test]
async fn more_than_twenty_calls_are_spread_over_requests() {
    let all: Vec<Value> = (1..=45).rev().map(|id| catalog(&id.to_string())).collect();
    let stage = Stage::new([responses(&all), responses(&all), responses(&all)]);
    let mut batch = stage.client.batch();
    let tickets: Vec<_> = (1..=45)
        .map(|n| batch.call::<Catalog>(get(&n.to_string())))
        .collect();
    assert_eq!(batch.len(), 45);
    let mut answers = batch.send().await;
    for (n, ticket) in (1..=45).zip(tickets) {
        assert_eq!(
            answers.take(ticket).unwrap().id.to_string(),
            format!("c{n}")
        );
    }
    let sizes: Vec<usize> = stage.ids().iter().map(Vec::len).collect();
    assert_eq!(sizes, [20, 20, 5]);

    let empty = Stage::new([]);
    let _ = empty.client.batch().send().await;
    assert_eq!(empty.sent().len(), 0, "nothing is nothing to send");
}

/// P40: 429 inside of a batch is heeded, call by call.
#[tokio::test]
async fn only_throttled_calls_go_again_after_the_longest_wait() {
    let stage = Stage::new([
        responses(&[
            throttled("3", "7"),
            catalog("1"),
            throttled("2", "29.2"),
            json!({"id": "4", "status": 404}),
        ]),
        responses(&[
            throttled("2", "5"),
            json!({"id": "3", "status": 201, "body": {"id": "c3"}}),
        ]),
        responses(&[catalog("2")]),
    ]);
    let mut batch = stage.client.batch();
    let first = batch.call::<Catalog>(get("1"));
    let second = batch.call::<Catalog>(get("2"));
    let third = batch.call::<Catalog>(post());
    let fourth = batch.call::<Catalog>(get("4"));
    let mut answers = batch.send().await;
    for (n, ticket) in (1..).zip([first, second, third]) {
        assert_eq!(
            answers.take(ticket).unwrap().id.to_string(),
            format!("c{n}")
        );
    }
    let missing = answers.take(fourth).unwrap_err();
    assert!(missing.is_not_found());
    assert_eq!(missing.to_string(), "GET things/4: 404");
    assert_eq!(
        stage.ids(),
        [vec!["1", "2", "3", "4"], vec!["2", "3"], vec!["2"]]
    );
    assert_eq!(stage.waits(), [30, 5], "rounded up, and no pause on top");
    let attempts: Vec<_> = stage.sent()[1..]
        .iter()
        .map(|calls| calls[0]["headers"]["retry-attempt"].clone())
        .collect();
    assert_eq!(attempts, ["1", "2"]);
}

#[tokio::test]
async fn a_throttled_call_makes_all_others_pause() {
    let stage = Stage::with(
        RetryPolicy::never(),
        [responses(&[throttled("1", "40")]), status(200, None)],
    );
    let mut batch = stage.client.batch();
    let ticket = batch.call::<Catalog>(get("1"));
    let error = batch.send().await.take(ticket).unwrap_err();
    assert!(error.is_throttled());
    assert_eq!(error.service().unwrap().code(), "TooManyRequests");
    assert_eq!(stage.waits(), [0; 0]);
    stage.client.send(get("2")).await.unwrap();
    assert_eq!(stage.waits(), [40]);
}

#[tokio::test]
async fn a_wait_beyond_the_budget_is_not_begun() {
    let stage = Stage::new([
        responses(&[
            throttled("1", "3000"),
            json!({"id": "2", "status": 503, "headers": {"Retry-After": "2"}}),
        ]),
        responses(&[catalog("2")]),
    ]);
    let mut batch = stage.client.batch();
    let (hopeless, soon) = (batch.raw(get("1")), batch.raw(get("2")));
    let mut answers = batch.send().await;
    assert!(answers.take(hopeless).unwrap_err().is_throttled());
    assert_eq!(answers.take(soon).unwrap().status(), 200);
    assert_eq!(stage.ids(), [vec!["1", "2"], vec!["2"]]);
    assert_eq!(stage.waits(), [2]);
}

#[tokio::test]
async fn what_may_have_been_carried_out_goes_again_only_if_that_is_harmless() {
    let busy = |id: &str| json!({"id": id, "status": 503, "headers": {"Retry-After": "3"}});
    let stage = Stage::new([
        responses(&[busy("1"), busy("2"), busy("3")]),
        responses(&[catalog("1"), catalog("3")]),
    ]);
    let mut batch = stage.client.batch();
    let read = batch.raw(get("1"));
    let made = batch.raw(post());
    let repeatable = batch.raw(post().replay(Replay::Safe));
    let mut answers = batch.send().await;
    answers.take(read).unwrap();
    assert_eq!(answers.take(made).unwrap_err().status().unwrap(), 503);
    answers.take(repeatable).unwrap();
    assert_eq!(stage.ids(), [vec!["1", "2", "3"], vec!["1", "3"]]);
}

#[tokio::test]
async fn calls_that_the_answer_leaves_out_say_what_is_known() {
    let stage = Stage::new([responses(&[catalog("1")]), responses(&[catalog("2")])]);
    let mut batch = stage.client.batch();
    let (there, read, made) = (batch.raw(get("1")), batch.raw(get("2")), batch.raw(post()));
    let mut answers = batch.send().await;
    answers.take(there).unwrap();
    answers.take(read).unwrap();
    let unknown = answers.take(made).unwrap_err();
    assert!(may_have_been_carried_out(&unknown));
    assert_eq!(unknown.to_string(), "POST things: no answer came");
    assert_eq!(
        stage.ids(),
        [vec!["1", "2", "3"], vec!["2"]],
        "the POST went once"
    );
}

#[tokio::test]
async fn a_lost_or_unreadable_answer_is_judged_call_by_call() {
    for lost in [lost(), Ok(answer(StatusCode::OK, "<html>"))] {
        let stage = Stage::new([lost, responses(&[catalog("1")])]);
        let mut batch = stage.client.batch();
        let (read, made) = (batch.raw(get("1")), batch.raw(post()));
        let mut answers = batch.send().await;
        answers.take(read).unwrap();
        assert!(may_have_been_carried_out(&answers.take(made).unwrap_err()));
        assert_eq!(stage.ids(), [vec!["1", "2"], vec!["1"]]);
    }
    let not_sent = Err(TransportError::not_sent(TransportErrorKind::Connect));
    let stage = Stage::new([not_sent, responses(&[catalog("1")])]);
    let mut batch = stage.client.batch();
    let made = batch.raw(post());
    batch.send().await.take(made).unwrap();
}

#[tokio::test]
async fn a_batch_that_is_refused_as_a_whole_is_the_error_of_each_call() {
    let refused = answer(
        StatusCode::BAD_REQUEST,
        r#"{"error": {"code": "BadRequest", "message": "No."}}"#,
    );
    let stage = Stage::new([status(429, Some("11")), Ok(refused)]);
    let mut batch = stage.client.batch();
    let (read, made) = (batch.raw(get("1")), batch.raw(post()));
    let mut answers = batch.send().await;
    assert_eq!(
        answers.take(read).unwrap_err().to_string(),
        "GET things/1: 400 BadRequest No."
    );
    assert_eq!(
        answers.take(made).unwrap_err().to_string(),
        "POST things: 400 BadRequest No."
    );
    assert_eq!(
        stage.ids(),
        [["1", "2"], ["1", "2"]],
        "certainly not carried out before"
    );
    assert_eq!(stage.waits(), [11]);
}

#[tokio::test]
async fn dependents_go_again_with_what_they_wait_for() {
    let skipped = |id: &str| json!({"id": id, "status": 424, "body": {"error": {"code": "FailedDependency"}}});
    let done = |id: &str| json!({"id": id, "status": 204});
    let stage = Stage::new([
        responses(&[skipped("4"), skipped("3"), throttled("2", "6"), done("1")]),
        responses(&[done("2"), done("3"), done("4")]),
    ]);
    let mut batch = stage.client.batch();
    let tickets: Vec<_> = (0..4).map(|_| batch.action(post())).collect();
    for pair in tickets.windows(2) {
        batch.run_after(&pair[1], &pair[0]).unwrap();
    }
    let mut answers = batch.send().await;
    for ticket in tickets {
        answers.take(ticket).unwrap();
    }
    let order = |calls: &[Value]| -> Vec<Value> {
        calls
            .iter()
            .map(|call| json!([call["id"], call["dependsOn"]]))
            .collect()
    };
    let sent = stage.sent();
    assert_eq!(
        order(&sent[0]),
        [
            json!(["1", null]),
            json!(["2", ["1"]]),
            json!(["3", ["2"]]),
            json!(["4", ["3"]])
        ]
    );
    assert_eq!(
        order(&sent[1]),
        [json!(["2", null]), json!(["3", ["2"]]), json!(["4", ["3"]])],
        "what is done is not waited for any more"
    );
    assert_eq!(stage.waits(), [6]);
}

#[tokio::test]
async fn dependents_of_a_failure_are_not_carried_out() {
    let stage = Stage::new([
        responses(&[
            json!({"id": "1", "status": 400}),
            json!({"id": "2", "status": 424}),
            catalog("3"),
        ]),
        responses(&[catalog("5")]),
    ]);
    let mut batch = stage.client.batch().calls_per_request(3);
    let tickets: Vec<_> = (1..=5).map(|n| batch.raw(get(&n.to_string()))).collect();
    batch.run_after(&tickets[1], &tickets[0]).unwrap();
    batch.run_after(&tickets[3], &tickets[0]).unwrap();
    let mut answers = batch.send().await;
    let mut outcomes = tickets.into_iter().map(|ticket| answers.take(ticket));
    assert_eq!(outcomes.next().unwrap().unwrap_err().status().unwrap(), 400);
    assert_eq!(outcomes.next().unwrap().unwrap_err().status().unwrap(), 424);
    outcomes.next().unwrap().unwrap();
    let unsent = outcomes.next().unwrap().unwrap_err();
    assert!(matches!(&unsent, Error::Refused { .. }), "{unsent}");
    outcomes.next().unwrap().unwrap();
    assert_eq!(stage.ids(), [vec!["1", "2", "3"], vec!["5"]]);
    assert_eq!(stage.waits(), [0; 0]);
}

#[tokio::test]
async fn what_no_batch_can_hold_is_refused_before_anything_is_sent() {
    let stage = Stage::new([responses(&[catalog("6")])]);
    let mut other = stage.client.batch();
    let foreign = other.raw(get("9"));
    let mut batch = stage.client.batch();
    let nested = batch.raw(Call::post(ResourcePath::new("$batch")));
    let outside = batch.raw(Call::get(ResourcePath::new("/evil.example/x")));
    let above = batch.raw(Call::get(ResourcePath::new("users/../../beta/me")));
    let absolute = batch.raw(Call::get(ResourcePath::new("https://evil.example/x")));
    let follower = batch.raw(get("3"));
    let fine = batch.raw(get("4"));
    batch.run_after(&follower, &nested).unwrap();
    for refused in [
        batch.run_after(&follower, &follower),
        batch.run_after(&follower, &fine),
        batch.run_after(&follower, &outside),
        batch.run_after(&foreign, &fine),
        batch.run_after(&fine, &foreign),
    ] {
        assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
    }
    let mut answers = batch.send().await;
    for ticket in [nested, outside, above, absolute, follower, foreign] {
        let error = answers.take(ticket).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error}");
    }
    answers.take(fine).unwrap();
    assert_eq!(stage.ids(), [["6"]]);
}

/// A service that answers each call with its own URL, in an order of its own, throttling some calls the first time.
#[derive(Debug, Clone)]
struct Shuffling {
    seed: u64,
    throttles: u64,
    done: Arc<Mutex<HashMap<String, usize>>>,
}

#[async_trait]
impl Transport for Shuffling {
    async fn send(&self, request: Request) -> Outcome {
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let calls = body["requests"].as_array().unwrap();
        assert!(calls.len() <= 20);
        let mut done = self.done.lock().unwrap();
        let mut failed: Vec<&str> = Vec::new();
        let mut answers: Vec<(u64, Value)> = Vec::new();
        for call in calls {
            let id = call["id"].as_str().unwrap();
            let number: u64 = id.parse().unwrap();
            let after = call["dependsOn"][0].as_str();
            let retried = call["headers"].get("retry-attempt").is_some();
            let status = if after.is_some_and(|first| failed.contains(&first)) {
                424
            } else if !retried && self.throttles > 0 && (number ^ self.seed) % 5 < self.throttles {
                429
            } else {
                let order = done.len();
                assert!(done.insert(id.to_owned(), order).is_none(), "done twice");
                200
            };
            if status != 200 {
                failed.push(id);
            }
            let answer = json!({"id": id, "status": status, "headers": {"Retry-After": "1"}, "body": {"id": call["url"]}});
            answers.push((number.wrapping_mul(self.seed | 1) % 23, answer));
        }
        answers.sort_by_key(|(rank, _)| *rank);
        let answers: Vec<Value> = answers.into_iter().map(|(_, answer)| answer).collect();
        responses(&answers)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_call_gets_its_own_answer_and_waits_for_its_turn(
        wishes in prop::collection::vec(prop::option::weighted(0.4, any::<prop::sample::Index>()), 1..70),
        most in 1..=20_usize,
        seed in any::<u64>(),
        throttles in 0..=5_u64,
    ) {
        let service = Shuffling { seed, throttles, done: Arc::default() };
        let client = GraphClient::builder(service.clone()).clock(InstantClock::default()).build();
        let mut batch = client.batch().calls_per_request(most);
        let mut tickets = Vec::new();
        let mut order = Vec::new();
        for (n, wish) in wishes.iter().enumerate() {
            tickets.push(batch.call::<Catalog>(get(&n.to_string())));
            if let Some(wish) = wish.as_ref().filter(|_| n > 0) {
                let first = wish.index(n);
                batch.run_after(&tickets[n], &tickets[first]).unwrap();
                order.push((first, n));
            }
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut answers = runtime.block_on(batch.send());
        for (n, ticket) in tickets.into_iter().enumerate() {
            let answer = answers.take(ticket);
            prop_assert_eq!(answer.unwrap().id.to_string(), format!("/things/{n}"));
        }
        let done = service.done.lock().unwrap();
        for (first, then) in order {
            let at = |item: usize| done[&(item + 1).to_string()];
            prop_assert!(at(first) < at(then));
        }
    }
}
