//! Packages for many people: one outcome each, in batches, and nobody asked for twice.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use entitlement_graph::bulk::{BulkJob, BulkOutcome, BulkRun, BulkSubject, Checkpoint};
use entitlement_graph::core::directory::User;
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::schedule::{Expiration, Schedule};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::{
    Request, Response, Transport, TransportError, TransportErrorKind,
};
use entitlement_graph::{Error, GraphClient};
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

type Outcome = Result<Response, TransportError>;

#[expect(clippy::unnecessary_wraps, reason = "stands beside errors in scripts")]
fn responses(responses: &[Value]) -> Outcome {
    let body = json!({ "responses": responses });
    Ok(answer(StatusCode::OK, body.to_string()))
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside errors in scripts")]
fn list(items: &[Value]) -> Outcome {
    let body = json!({ "value": items });
    Ok(answer(StatusCode::OK, body.to_string()))
}

fn made(place: usize) -> Value {
    json!({"id": place.to_string(), "status": 201, "body": {"id": format!("r{place}")}})
}

fn refused(place: usize, status: u16, code: &str) -> Value {
    json!({"id": place.to_string(), "status": status, "body": {"error": {"code": code}}})
}

fn page(place: usize, items: &[Value]) -> Value {
    json!({"id": place.to_string(), "status": 200, "body": {"value": items}})
}

fn assignment(id: &str, state: &str, target: &str, policy: &str) -> Value {
    json!({
        "id": id, "state": state, "target": {"id": "s", "objectId": target, "email": format!("{target}@x.example")},
        "accessPackage": {"id": "p1"}, "assignmentPolicy": {"id": policy},
    })
}

fn request(id: &str, kind: &str, target: &str) -> Value {
    json!({
        "id": id, "requestType": kind, "createdDateTime": "2025-01-01T00:00:01Z", "accessPackage": {"id": "p1"},
        "assignment": {"id": "a", "target": {"id": "s", "objectId": target}},
    })
}

struct Stage {
    network: ScriptedTransport,
    clock: InstantClock,
    client: GraphClient,
}

impl Stage {
    fn new<const N: usize>(script: [Outcome; N]) -> Self {
        let (network, clock) = (ScriptedTransport::new(script), InstantClock::default());
        let client = GraphClient::builder(network.clone())
            .clock(clock.clone())
            .build();
        Self {
            network,
            clock,
            client,
        }
    }

    fn assign(&self) -> BulkJob {
        self.client
            .bulk()
            .assign(&"p1".parse().unwrap(), &"o1".parse().unwrap())
    }

    /// What was sent: the calls of a batch as `[method, url, body]`, anything else as its URL.
    fn sent(&self) -> Vec<Value> {
        let plain = |url: &str| {
            let url = url
                .rsplit_once("entitlementManagement/")
                .map_or(url, |(_, rest)| rest);
            percent_decode_str(url).decode_utf8().unwrap().into_owned()
        };
        let requests = self.network.requests();
        requests
            .iter()
            .map(
                |request| match serde_json::from_slice::<Value>(request.body()) {
                    Ok(body) => {
                        let calls = body["requests"].as_array().unwrap().iter();
                        calls
                            .map(|call| {
                                json!([
                                    call["method"],
                                    plain(call["url"].as_str().unwrap()),
                                    call["body"]
                                ])
                            })
                            .collect()
                    }
                    Err(_) => json!(plain(&request.uri().to_string())),
                },
            )
            .collect()
    }

    fn waits(&self) -> Vec<u64> {
        self.clock.waits().iter().map(Duration::as_secs).collect()
    }
}

fn users(ids: &[&str]) -> Vec<BulkSubject> {
    let id = |id: &&str| BulkSubject::User(id.parse().unwrap());
    ids.iter().map(id).collect()
}

async fn all<I: Iterator<Item: Into<BulkSubject>>>(run: &mut BulkRun<I>) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(step) = run.next().await.unwrap() {
        all.push(format!("{}: {}", step.subject, step.outcome));
    }
    all
}

fn post(assignment: &Value, kind: &str) -> Value {
    json!(["POST", "assignmentRequests", {"requestType": kind, "assignment": assignment}])
}

fn add(user: &str) -> Value {
    let assignment = json!({"accessPackageId": "p1", "assignmentPolicyId": "o1", "targetId": user});
    post(&assignment, "adminAdd")
}

fn remove(assignment: &str) -> Value {
    post(&json!({"id": assignment}), "adminRemove")
}

/// How the assignments of a subject are looked up.
fn lookup(subject: &str) -> Value {
    let url = format!(
        "assignments?$expand=target,accessPackage,assignmentPolicy&$filter=accessPackage/id eq 'p1' and {subject}"
    );
    json!(["GET", url, null])
}

/// How the requests of a run that began at the start of 2025 are looked up.
const OWN_REQUESTS: &str = "assignmentRequests?$expand=accessPackage,assignment($expand=target)\
    &$filter=accessPackage/id eq 'p1' and createdDateTime gt 2024-12-31T23:55:00Z";

/// P8: the three codes that say how things stand are outcomes of their own; P40: in batches, and paced.
#[tokio::test]
async fn everybody_has_an_outcome() {
    let stage = Stage::new([
        responses(&[
            refused(4, 404, "Request_ResourceNotFound"),
            refused(2, 409, "InvalidRequestExistingGrant"),
            json!({"id": "3", "status": 400, "body": {"error": {"code": "InvalidRequest", "details": [{"code": "ExistingOpenRequest"}]}}}),
            made(1),
        ]),
        responses(&[made(2), refused(1, 404, "AccessPackageNotFound")]),
    ]);
    let job = stage.assign().justification("New laptops").batch_size(4);
    let job = job.schedule(Schedule::lasting(Expiration::after_days(7)));
    let mut subjects = users(&["u1", "u2", "u3", "u4", "u5"]);
    subjects.push(BulkSubject::email("guest@x.example"));
    subjects.push(BulkSubject::email("nobody"));
    let mut run = job.start(subjects);
    let steps = all(&mut run).await;
    assert_eq!(
        steps[..6],
        [
            "u1: submitted as request r1",
            "u2: holds the package already",
            "u3: a request is still open",
            "u4: is not in the directory",
            "u5: failed: POST identityGovernance/entitlementManagement/assignmentRequests: 404 AccessPackageNotFound",
            "guest@x.example: submitted as request r2",
        ]
    );
    assert!(
        steps[6].contains("is not an e-mail address"),
        "{}",
        steps[6]
    );
    assert_eq!(
        run.progress().to_string(),
        "7 done, 2 submitted, 1 assigned already, 1 with an open request, 1 not found, 2 failed"
    );
    assert_eq!(stage.waits(), [1]);
    let request = |target: Value| {
        let mut assignment = json!({"accessPackageId": "p1", "assignmentPolicyId": "o1"});
        assignment
            .as_object_mut()
            .unwrap()
            .extend(target.as_object().unwrap().clone());
        json!(["POST", "assignmentRequests", {"requestType": "adminAdd", "assignment": assignment, "justification": "New laptops",
            "schedule": {"expiration": {"type": "afterDuration", "duration": "P7D"}}}])
    };
    assert_eq!(stage.sent()[0][1], request(json!({"targetId": "u2"})));
    assert_eq!(
        stage.sent()[1][1],
        request(json!({"target": {"email": "guest@x.example"}}))
    );
}

#[tokio::test]
async fn what_is_unknown_is_looked_up_before_it_is_asked_for_again() {
    let stage = Stage::new([
        responses(&[made(1), refused(2, 503, "serviceNotAvailable")]),
        list(&[
            request("r9", "adminAdd", "U2"),
            request("r8", "adminRemove", "u3"),
            request("r7", "userAdd", "u3"),
        ]),
        responses(&[
            page(1, &[assignment("a1", "delivering", "u3", "o2")]),
            page(
                2,
                &[
                    assignment("a2", "expired", "u4", "o1"),
                    assignment("a3", "delivered", "u5", "o1"),
                ],
            ),
        ]),
        Err(TransportError::maybe_sent(TransportErrorKind::Timeout)),
        list(&[]),
        responses(&[page(1, &[])]),
        responses(&[json!({"id": "1", "status": 201, "body": {"id": "r4"}})]),
    ]);
    let mut run = stage.assign().start(users(&["u1", "u2", "u3", "u4"]));
    assert_eq!(
        all(&mut run).await,
        [
            "u1: submitted as request r1",
            "u2: submitted as request r9",
            "u3: holds the package already",
            "u4: submitted as request r4",
        ]
    );
    assert_eq!(
        stage.sent(),
        [
            json!([add("u1"), add("u2"), add("u3"), add("u4")]),
            json!(OWN_REQUESTS),
            json!([
                lookup("target/objectId eq 'u3'"),
                lookup("target/objectId eq 'u4'")
            ]),
            json!([add("u4")]),
            json!(OWN_REQUESTS),
            json!([lookup("target/objectId eq 'u4'")]),
            json!([add("u4")]),
        ]
    );
    assert_eq!(stage.waits(), [10, 10]);
}

#[tokio::test]
async fn what_stays_unknown_is_a_failure_that_says_so() {
    let lost = || Err(TransportError::maybe_sent(TransportErrorKind::Timeout));
    let stage = Stage::new([
        lost(),
        list(&[]),
        responses(&[page(1, &[])]),
        lost(),
        list(&[]),
        responses(&[page(1, &[])]),
        lost(),
        list(&[]),
        responses(&[page(1, &[])]),
    ]);
    let mut run = stage.assign().start(users(&["u1"]));
    let step = run.next().await.unwrap().unwrap();
    let BulkOutcome::Failed(Error::Transport { source, .. }) = step.outcome else {
        panic!("{step:?}");
    };
    assert!(source.may_have_been_carried_out());
    assert_eq!(stage.network.remaining(), 0);
    assert!(run.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_removal_ends_the_assignment_that_is_there() {
    let mut far = page(3, &[assignment("a3", "expired", "u3", "o1")]);
    far["body"]["@odata.nextLink"] = json!("https://graph.microsoft.com/v1.0/next");
    let guest = json!({"id": "a4", "state": "delivered", "target": {"id": "s", "email": "Guest@x.example"},
        "accessPackage": {"id": "p1"}, "assignmentPolicy": {"id": "o1"}});
    let stage = Stage::new([
        responses(&[
            page(
                1,
                &[
                    assignment("a0", "expired", "u1", "o1"),
                    assignment("a1", "Delivered", "u1", "o1"),
                ],
            ),
            page(
                2,
                &[
                    assignment("a2", "delivered", "u9", "o1"),
                    assignment("a2", "delivered", "u2", "o2"),
                ],
            ),
            far,
            page(4, &[guest]),
            refused(5, 400, "InvalidFilter"),
        ]),
        list(&[
            assignment("a3", "expired", "u3", "o1"),
            assignment("a33", "partiallyDelivered", "u3", "o1"),
        ]),
        responses(&[
            made(1),
            refused(2, 404, "InvalidRequestNoActiveGrant"),
            made(3),
        ]),
    ]);
    let job = stage
        .client
        .bulk()
        .remove_under(&"p1".parse().unwrap(), &"o1".parse().unwrap());
    let mut subjects = users(&["u1", "u2", "u3"]);
    subjects.push(BulkSubject::email("guest@X.example"));
    subjects.extend(users(&["u5"]));
    let mut run = job.start(subjects);
    let steps = all(&mut run).await;
    assert_eq!(
        steps[..4],
        [
            "u1: submitted as request r1",
            "u2: does not hold the package",
            "u3: does not hold the package",
            "guest@X.example: submitted as request r3",
        ]
    );
    assert!(steps[4].contains("InvalidFilter"));
    let sent = stage.sent();
    assert_eq!(sent[0][3], lookup("target/email eq 'guest@X.example'"));
    assert_eq!(sent[2], json!([remove("a1"), remove("a33"), remove("a4")]));
}

/// P40: a run that breaks goes on where it was.
#[tokio::test]
async fn a_run_goes_on_from_its_checkpoint_without_asking_twice() {
    let stage = Stage::new([
        responses(&[made(1), made(2)]),
        responses(&[made(1), made(2)]),
        list(&[request("r4", "adminAdd", "u4")]),
        responses(&[page(1, &[])]),
        responses(&[made(1)]),
        list(&[]),
        responses(&[page(1, &[])]),
        responses(&[made(1)]),
    ]);
    let people = users(&["u1", "u2", "u3", "u4", "u5", "u6"]);
    let job = stage.assign().batch_size(2);
    let mut run = job.start(people.clone());
    for _ in 0..3 {
        run.next().await.unwrap().unwrap();
    }
    let saved = serde_json::to_string(&run.checkpoint()).unwrap();
    drop(run);

    let checkpoint: Checkpoint = serde_json::from_str(&saved).unwrap();
    assert_eq!(checkpoint.progress().done(), 3);
    let mut others = people.clone();
    others[1] = BulkSubject::email("u2@x.example");
    for list in [&people[..2], &people[1..], &others[..]] {
        assert!(job.resume(&checkpoint, list.to_vec()).is_err());
    }
    assert!(
        stage
            .client
            .bulk()
            .remove(&"p1".parse().unwrap())
            .resume(&checkpoint, people.clone())
            .is_err()
    );

    let mut run = job.resume(&checkpoint, people).unwrap();
    assert_eq!(
        all(&mut run).await,
        [
            "u4: submitted as request r4",
            "u5: submitted as request r1",
            "u6: submitted as request r1"
        ]
    );
    assert_eq!(run.progress().submitted, 6);
    let sent = stage.sent();
    assert_eq!(
        sent[..2],
        [json!([add("u1"), add("u2")]), json!([add("u3"), add("u4")])]
    );
    assert_eq!(
        sent[3..5],
        [
            json!([lookup("target/objectId eq 'u5'")]),
            json!([add("u5")])
        ]
    );
    assert_eq!(sent[7], json!([add("u6")]));
}

#[tokio::test]
async fn a_lookup_that_fails_is_asked_again() {
    let stage = Stage::new([
        Err(TransportError::maybe_sent(TransportErrorKind::Timeout)),
        Ok(answer(StatusCode::FORBIDDEN, "")),
        list(&[request("r1", "adminAdd", "u1")]),
    ]);
    let mut run = stage.assign().start(users(&["u1"]));
    assert!(run.next().await.unwrap_err().is_permission());
    let step = run.next().await.unwrap().unwrap();
    assert_eq!(step.outcome.to_string(), "submitted as request r1");
}

#[tokio::test]
async fn whoever_is_listed_twice_is_asked_for_one_time_after_the_other() {
    let stage = Stage::new([
        responses(&[made(1), made(2)]),
        responses(&[refused(1, 409, "InvalidRequestExistingGrant"), made(2)]),
    ]);
    let mut run = stage.assign().start(users(&["u1", "u2", "u1", "u3"]));
    let steps = all(&mut run).await;
    assert_eq!(steps[2], "u1: holds the package already");
    assert_eq!(stage.sent()[1], json!([add("u1"), add("u3")]));
}

/// A service that takes every request.
#[derive(Debug)]
struct Willing;

#[async_trait]
impl Transport for Willing {
    async fn send(&self, request: Request) -> Outcome {
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let calls = body["requests"].as_array().unwrap();
        assert!(calls.len() <= 20);
        let answer = |call: &Value| json!({"id": call["id"], "status": 201, "body": {"id": call["body"]["assignment"]["targetId"]}});
        responses(&calls.iter().map(answer).collect::<Vec<_>>())
    }
}

#[tokio::test]
async fn a_long_list_is_never_in_memory_as_a_whole() {
    const PEOPLE: usize = 20_000;
    let drawn = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&drawn);
    let people = (0..PEOPLE).map(move |n| {
        counter.fetch_add(1, Ordering::Relaxed);
        format!("u{n}").parse::<Id<User>>().unwrap()
    });
    let client = GraphClient::builder(Willing)
        .clock(InstantClock::default())
        .build();
    let job = client
        .bulk()
        .assign(&"p1".parse().unwrap(), &"o1".parse().unwrap());
    let mut run = job.start(people);
    let mut done = 0;
    while let Some(step) = run.next().await.unwrap() {
        let BulkOutcome::Submitted(request) = step.outcome else {
            panic!("{step:?}");
        };
        assert_eq!(request.to_string(), format!("u{done}"));
        done += 1;
        assert!(drawn.load(Ordering::Relaxed) <= done + 20);
    }
    assert_eq!(done, PEOPLE);
    assert!(serde_json::to_string(&run.checkpoint()).unwrap().len() < 500);
}
