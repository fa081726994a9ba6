//! Waiting: what is waited out, what ends it at once, and what is said when time runs out.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(
    clippy::unnecessary_wraps,
    reason = "a script takes outcomes, good ones too"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use entitlement_graph::clock::Clock;
use entitlement_graph::core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_graph::core::catalog::Catalog;
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::request::RequestState;
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Response, TransportError, TransportErrorKind};
use entitlement_graph::wait::lifecycle::{AssignmentOutcome, RequestOutcome};
use entitlement_graph::wait::{Progress, Sight, Wait};
use entitlement_graph::{Error, GraphClient};
use http::StatusCode;
use serde_json::{Value, json};

type Outcome = Result<Response, TransportError>;

fn ok(body: &Value) -> Outcome {
    Ok(answer(StatusCode::OK, body.to_string()))
}

fn refusal(status: u16, code: &str) -> Outcome {
    let body = json!({"error": {"code": code, "message": ""}});
    Ok(answer(
        StatusCode::from_u16(status).unwrap(),
        body.to_string(),
    ))
}

fn state(state: &str) -> Outcome {
    ok(&json!({"id": "q1", "state": state}))
}

fn setup(
    script: impl IntoIterator<Item = Outcome>,
) -> (GraphClient, ScriptedTransport, InstantClock) {
    let (network, clock) = (ScriptedTransport::new(script), InstantClock::default());
    let client = GraphClient::builder(network.clone())
        .clock(clock.clone())
        .retry(RetryPolicy::never())
        .seed(7)
        .build();
    (client, network, clock)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn lines(network: &ScriptedTransport) -> Vec<String> {
    let line = |request: &http::Request<bytes::Bytes>| {
        let path = request.uri().path().rsplit("entitlementManagement/").next();
        format!("{} {}", request.method(), path.unwrap())
    };
    network.requests().iter().map(line).collect()
}

fn timed_out<T: std::fmt::Debug>(outcome: Result<T, Error>) -> entitlement_graph::wait::TimedOut {
    match outcome.unwrap_err() {
        Error::TimedOut(timed_out) => *timed_out,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn p2_hiccups_are_waited_out_and_noted() {
    let broken = TransportError::maybe_sent(TransportErrorKind::Interrupted);
    let script = [
        refusal(503, ""),
        Err(broken),
        refusal(404, ""),
        ok(&json!({"id": "c1"})),
    ];
    let (client, _, clock) = setup(script);
    let told = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let notes = Arc::clone(&told);
    let wait =
        Wait::default().on_progress(move |progress| notes.lock().unwrap().push(progress.clone()));
    let catalogs = client.entitlement().catalogs();
    let catalog = catalogs
        .wait_until_readable(&id("c1"), &wait)
        .await
        .unwrap();
    assert_eq!(catalog.id, id("c1"));
    let told = told.lock().unwrap();
    let seen: Vec<_> = told.iter().map(|progress| progress.seen.as_str()).collect();
    assert_eq!(seen.len(), 3);
    assert!(
        seen[0].contains("503") && seen[1].contains("no answer came"),
        "{seen:?}"
    );
    assert_eq!(seen[2], "it is not found");
    let pauses: Vec<_> = told.iter().map(|progress| progress.next_in).collect();
    assert_eq!(clock.waits(), pauses);
}

#[tokio::test]
async fn p2_what_no_wait_cures_ends_it_at_once() {
    for (status, code) in [(403, "UnAuthorized"), (400, "InvalidModel"), (401, "x")] {
        let (client, network, clock) = setup([refusal(status, code)]);
        let catalogs = client.entitlement().catalogs();
        let gone = catalogs.wait_until_gone(&id("c1"), &Wait::default()).await;
        assert_eq!(gone.unwrap_err().status().unwrap(), status);
        assert_eq!((network.requests().len(), clock.waits().len()), (1, 0));
    }
}

#[tokio::test]
async fn p2_the_end_tells_what_was_seen_and_for_how_long() {
    let mut script = vec![refusal(503, "")];
    script.extend((0..100).map(|_| ok(&json!({"id": "c1"}))));
    let (client, network, clock) = setup(script);
    let start = clock.now();
    let wait = Wait::default()
        .limit(seconds(100))
        .longest_pause(seconds(10));
    let catalogs = client.entitlement().catalogs();
    let end = timed_out(catalogs.wait_until_gone(&id("c1"), &wait).await);
    assert_eq!(end.waited, seconds(100), "the last look is at the very end");
    assert_eq!(end.last_seen, "it can still be read");
    assert_eq!(end.reads as usize, network.requests().len());
    let first = clock.waits()[0];
    assert_eq!(end.seen_for, seconds(100).checked_sub(first).unwrap());
    assert_eq!(clock.now().duration_since(start).as_secs(), 100);
    assert!(
        end.to_string()
            .starts_with("waited 100 s for accessPackageCatalog c1 to be gone in vain"),
        "{end}"
    );
}

#[tokio::test]
async fn pauses_grow_between_their_bounds_and_are_the_same_for_the_same_seed() {
    let run = async |seed: u64| {
        let (client, _, clock) = setup((0..100).map(|_| ok(&json!({"id": "c1"}))));
        let wait = Wait::default().seed(seed).limit(seconds(120));
        let catalogs = client.entitlement().catalogs();
        timed_out(catalogs.wait_until_gone(&id("c1"), &wait).await);
        clock.waits()
    };
    let waits = run(3).await;
    assert_eq!(waits, run(3).await);
    assert_ne!(waits, run(4).await);
    let (_, all_but_last) = waits.split_last().unwrap();
    for (step, wait) in all_but_last.iter().enumerate() {
        let whole = seconds(2 << step.min(10)).min(seconds(30));
        let least = (whole / 2).max(seconds(2));
        assert!((least..=whole).contains(wait), "pause {step}: {wait:?}");
    }
}

#[tokio::test]
async fn replicas_that_disagree_must_agree_for_a_while() {
    let found = || ok(&json!({"id": "c1"}));
    let (client, network, clock) = setup([found(), refusal(404, ""), found(), found(), found()]);
    let wait = Wait::default().stable_reads(3).shortest_pause(seconds(5));
    let catalogs = client.entitlement().catalogs();
    catalogs
        .wait_until_readable(&id("c1"), &wait)
        .await
        .unwrap();
    assert_eq!(network.remaining(), 0);
    assert_eq!(clock.waits()[2..], [seconds(5), seconds(5)]);
}

#[tokio::test]
async fn a_wait_of_zero_looks_once() {
    let (client, network, clock) = setup([refusal(404, "")]);
    let catalogs = client.entitlement().catalogs();
    let once = Wait::default().limit(Duration::ZERO);
    timed_out(catalogs.wait_until_readable(&id("c1"), &once).await);
    assert_eq!((network.requests().len(), clock.waits().len()), (1, 0));
}

#[tokio::test]
async fn waits_can_be_spawned() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let (client, ..) = setup([ok(&json!({"id": "c1"})), state("delivered")]);
    let (catalogs, requests) = (
        client.entitlement().catalogs(),
        client.entitlement().requests(),
    );
    let (catalog, request): (Id<Catalog>, Id<AssignmentRequest>) = (id("c1"), id("q1"));
    let wait = Wait::default();
    let judge = |catalog: Catalog| Sight::Done(catalog.id);
    is_send(client.wait(&wait, "x", || catalogs.get(&catalog), judge))
        .await
        .unwrap();
    is_send(requests.wait_until_final(&request, &wait))
        .await
        .unwrap();
}

#[tokio::test]
async fn p8_every_end_of_a_request_has_a_name() {
    for (text, last) in [
        ("delivered", RequestState::Delivered),
        ("partiallyDelivered", RequestState::PartiallyDelivered),
        ("deliveryFailed", RequestState::DeliveryFailed),
        ("denied", RequestState::Denied),
        ("canceled", RequestState::Canceled),
    ] {
        let (client, network, _) = setup([state("submitted"), state("delivering"), state(text)]);
        let requests = client.entitlement().requests();
        let outcome = requests.wait_until_final(&id("q1"), &Wait::default()).await;
        let outcome = outcome.unwrap();
        assert_eq!(outcome.request().state, Some(last));
        assert_eq!(outcome.is_delivered(), text == "delivered");
        assert_eq!(outcome.timed_out(), None);
        assert_eq!(network.remaining(), 0);
        assert_eq!(outcome.to_string(), format!("request q1: {text}"));
    }
}

#[tokio::test]
async fn a_request_may_be_too_new_to_be_found_but_not_for_long() {
    let script = [refusal(404, ""), state("submitted"), state("delivered")];
    let (client, ..) = setup(script);
    let requests = client.entitlement().requests();
    let wait = Wait::default();
    let outcome = requests.wait_until_final(&id("q1"), &wait).await;
    assert!(outcome.unwrap().is_delivered());

    let (client, _, clock) = setup((0..100).map(|_| refusal(404, "")));
    let requests = client.entitlement().requests();
    let outcome = requests.wait_until_final(&id("q1"), &wait).await;
    assert!(outcome.unwrap_err().is_not_found());
    let waited: Duration = clock.waits().iter().sum();
    assert!(waited >= seconds(30) && waited < seconds(61), "{waited:?}");
}

#[tokio::test]
async fn p7_a_stuck_request_is_a_verdict_and_not_an_error() {
    let (client, ..) = setup((0..100).map(|_| state("delivering")));
    let requests = client.entitlement().requests();
    let outcome = requests.wait_until_final(&id("q1"), &Wait::default()).await;
    let RequestOutcome::Stuck { request, timed_out } = outcome.unwrap() else {
        panic!("not stuck");
    };
    assert_eq!(request.id, id("q1"));
    assert_eq!(timed_out.last_seen, "delivering");
    assert_eq!(timed_out.seen_for, seconds(600));

    let (client, ..) = setup([state("scheduled")]);
    let requests = client.entitlement().requests();
    let once = Wait::default().limit(Duration::ZERO);
    let outcome = requests.wait_until_final(&id("q1"), &once).await.unwrap();
    assert!(
        matches!(outcome, RequestOutcome::Waiting { .. }),
        "{outcome}"
    );
}

#[tokio::test]
async fn p35_the_stage_that_waits_is_named_where_it_may_be_seen() {
    let once = Wait::default().limit(Duration::ZERO);
    let approval = json!({"id": "q1", "stages": [
        {"id": "s1", "status": "Completed"}, {"id": "s2", "status": "InProgress"}]});
    let pending = || {
        ok(&json!({"id": "q1", "state": "pendingApproval", "status": "PendingApprovalEscalated"}))
    };
    let (client, network, _) = setup([pending(), ok(&approval)]);
    let requests = client.entitlement().requests();
    let outcome = requests.wait_until_final(&id("q1"), &once).await.unwrap();
    let text = outcome.to_string();
    assert!(
        text.starts_with("request q1: pendingApproval (PendingApprovalEscalated); stage s2 waits"),
        "{text}"
    );
    assert_eq!(
        lines(&network)[1],
        "GET accessPackageAssignmentApprovals/q1"
    );

    let (client, ..) = setup([pending(), refusal(403, "UnAuthorized")]);
    let requests = client.entitlement().requests();
    let outcome = requests.wait_until_final(&id("q1"), &once).await.unwrap();
    assert!(
        matches!(
            outcome,
            RequestOutcome::AwaitingApproval { stage: None, .. }
        ),
        "{outcome}"
    );
}

#[tokio::test]
async fn p7_only_a_fresh_failure_is_delivered_again() {
    let failed = |state: &str, completed: &str| {
        ok(&json!({"id": "q1", "state": state, "completedDateTime": completed}))
    };
    let (client, network, _) = setup([
        failed("deliveryFailed", "2024-12-18T00:00:00Z"),
        Ok(answer(StatusCode::ACCEPTED, "")),
        state("delivering"),
        state("delivered"),
    ]);
    let requests = client.entitlement().requests();
    let outcome = requests.deliver_again(&id("q1"), &Wait::default()).await;
    assert!(outcome.unwrap().is_delivered());
    assert_eq!(lines(&network)[1], "POST assignmentRequests/q1/reprocess");

    for (state, completed, reason) in [
        ("partiallyDelivered", "2024-12-17T23:59:59Z", "14 days"),
        ("delivered", "2024-12-31T00:00:00Z", "it is delivered"),
        ("denied", "2024-12-31T00:00:00Z", "it is denied"),
    ] {
        let (client, network, _) = setup([failed(state, completed)]);
        let requests = client.entitlement().requests();
        let refused = requests.deliver_again(&id("q1"), &Wait::default()).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(reason), "{refused}");
        assert_eq!(network.requests().len(), 1);
    }
}

fn in_the_way() -> Outcome {
    let body =
        json!({"error": {"code": "InvalidRequest", "details": [{"code": "ExistingOpenRequest"}]}});
    Ok(answer(StatusCode::BAD_REQUEST, body.to_string()))
}

fn created() -> Outcome {
    Ok(answer(
        StatusCode::CREATED,
        json!({"id": "q9", "state": "submitted"}).to_string(),
    ))
}

#[tokio::test]
async fn p8_a_leftover_request_makes_way_for_a_new_one() {
    let mine = json!({"value": [
        {"id": "q1", "state": "pendingApproval", "accessPackage": {"id": "other"}},
        {"id": "q2", "state": "delivered", "accessPackage": {"id": "p1"}},
        {"id": "q3", "state": "pendingApproval", "accessPackage": {"id": "p1"}},
    ]});
    let (client, network, _) = setup([
        in_the_way(),
        ok(&mine),
        Ok(answer(StatusCode::NO_CONTENT, "")),
        ok(&json!({"id": "q3", "state": "pendingApproval"})),
        ok(&json!({"id": "q3", "state": "canceled"})),
        in_the_way(),
        created(),
    ]);
    let draft = AssignmentRequestDraft::user_add(&id("p1")).build().unwrap();
    let requests = client.entitlement().requests();
    let request = requests.cancel_and_resubmit(&draft, &Wait::default()).await;
    assert_eq!(request.unwrap().id, id("q9"));
    assert_eq!(
        lines(&network),
        [
            "POST assignmentRequests",
            "GET assignmentRequests/filterByCurrentUser(on='target')",
            "POST assignmentRequests/q3/cancel",
            "GET assignmentRequests/q3",
            "GET assignmentRequests/q3",
            "POST assignmentRequests",
            "POST assignmentRequests",
        ]
    );
}

#[tokio::test]
async fn p8_nobody_elses_request_is_withdrawn() {
    let theirs = json!({"value": [
        {"id": "q1", "state": "pendingApproval", "accessPackage": {"id": "p1"}, "requestType": "userAdd",
         "requestor": {"id": "s1", "objectId": "u2"}},
        {"id": "q2", "state": "delivering", "accessPackage": {"id": "p1"}, "requestor": {"id": "s0", "objectId": "u1"},
         "assignment": {"id": "a1", "target": {"id": "s1", "objectId": "u2"}}},
        {"id": "q3", "state": "submitted", "accessPackage": {"id": "p1"}, "requestType": "adminAdd",
         "requestor": {"id": "s0", "objectId": "u1"}},
    ]});
    let (client, network, _) = setup([in_the_way(), ok(&theirs)]);
    let draft = AssignmentRequestDraft::admin_add(&id("p1"), &id("a1"), &id("u1"));
    let requests = client.entitlement().requests();
    let refused = requests
        .cancel_and_resubmit(&draft.build().unwrap(), &Wait::default())
        .await;
    assert!(refused.unwrap_err().is_open_request());
    assert_eq!(network.requests().len(), 2);

    // Nothing in the way, nothing withdrawn; another refusal stays what it is.
    let (client, network, _) = setup([created(), refusal(403, "UnAuthorized")]);
    let requests = client.entitlement().requests();
    let draft = AssignmentRequestDraft::user_add(&id("p1")).build().unwrap();
    requests
        .cancel_and_resubmit(&draft, &Wait::default())
        .await
        .unwrap();
    let refused = requests.cancel_and_resubmit(&draft, &Wait::default()).await;
    assert!(refused.unwrap_err().is_permission());
    assert_eq!(network.requests().len(), 2);
}

#[tokio::test]
async fn assignments_are_waited_for_to_come_and_to_go() {
    let assignment =
        |state: &str, status: &str| ok(&json!({"id": "a1", "state": state, "status": status}));
    let (client, ..) = setup([
        assignment("delivering", "Delivering"),
        assignment("delivered", "Delivered"),
    ]);
    let assignments = client.entitlement().assignments();
    let outcome = assignments
        .wait_until_delivered(&id("a1"), &Wait::default())
        .await;
    let outcome = outcome.unwrap();
    assert!(matches!(outcome, AssignmentOutcome::Delivered(_)));
    assert_eq!(outcome.assignment().id, id("a1"));

    let near_end = "NearExpiry1DayNotificationTriggered";
    let (client, ..) = setup((0..100).map(|_| assignment("delivered", near_end)));
    let assignments = client.entitlement().assignments();
    let end = assignments
        .wait_until_expired(&id("a1"), &Wait::default())
        .await;
    assert_eq!(timed_out(end).last_seen, format!("delivered ({near_end})"));
}
