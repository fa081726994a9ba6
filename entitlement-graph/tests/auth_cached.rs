//! Many tasks, few calls to the provider.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(clippy::unnecessary_wraps, reason = "scripts hold failures as well")]

use std::collections::VecDeque;
use std::error::Error;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use entitlement_graph::GraphClient;
use entitlement_graph::auth::{
    AccessToken, Authorize, Cached, Rejection, TokenError, TokenProvider,
};
use entitlement_graph::clock::Clock;
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::{Request, Response, Transport, TransportError};
use http::StatusCode;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

type Outcome = Result<AccessToken, TokenError>;

/// A provider that is slow: it works as long as the gate is closed.
#[derive(Clone, Debug)]
struct Slow {
    gate: Arc<Semaphore>,
    calls: Arc<Mutex<usize>>,
    next: Arc<Mutex<VecDeque<Outcome>>>,
}

impl Slow {
    fn new<const N: usize>(outcomes: [Outcome; N]) -> Self {
        Self {
            gate: Arc::new(Semaphore::new(0)),
            calls: Arc::default(),
            next: Arc::new(Mutex::new(VecDeque::from(outcomes))),
        }
    }

    fn calls(&self) -> usize {
        *self.calls.lock().unwrap()
    }

    /// Lets one call come to an end.
    fn open(&self) {
        self.gate.add_permits(1);
    }
}

#[async_trait]
impl TokenProvider for Slow {
    async fn token(&self, _rejected: Option<&Rejection>) -> Outcome {
        *self.calls.lock().unwrap() += 1;
        self.gate.acquire().await.unwrap().forget();
        let next = self.next.lock().unwrap().pop_front();
        next.unwrap_or_else(|| Err(TokenError::new("down")))
    }
}

struct Setup {
    clock: InstantClock,
    slow: Slow,
    tokens: Arc<Cached<Slow>>,
}

fn setup<const N: usize>(outcomes: [Outcome; N]) -> Setup {
    let (clock, slow) = (InstantClock::default(), Slow::new(outcomes));
    let tokens = Arc::new(Cached::new(slow.clone(), Arc::new(clock.clone())));
    Setup {
        clock,
        slow,
        tokens,
    }
}

impl Setup {
    fn start(&self, tasks: usize, rejected: Option<&Rejection>) -> JoinSet<Outcome> {
        let mut set = JoinSet::new();
        for _ in 0..tasks {
            let (tokens, rejected) = (Arc::clone(&self.tokens), rejected.cloned());
            set.spawn(async move { tokens.token(rejected.as_ref()).await });
        }
        set
    }

    /// Gets the first token.
    async fn warm(&self) -> AccessToken {
        self.slow.open();
        self.tokens.token(None).await.unwrap()
    }
}

/// Runs all tasks until each of them waits.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

/// A token that lives this many seconds, from the clock's start.
fn lasting(secret: &str, seconds: u64) -> Outcome {
    let expiry = InstantClock::default().now() + Duration::from_secs(seconds);
    Ok(AccessToken::new(secret).expiring_at(expiry))
}

fn secrets(outcomes: Vec<Outcome>) -> Vec<String> {
    let secret = |outcome: Outcome| outcome.unwrap().secret().to_owned();
    outcomes.into_iter().map(secret).collect()
}

#[tokio::test]
async fn a_hundred_tasks_without_a_token_share_one_call() {
    let setup = setup([lasting("one", 3600)]);
    let tasks = setup.start(100, None);
    settle().await;
    setup.slow.open();
    assert_eq!(secrets(tasks.join_all().await), ["one"; 100]);
    assert_eq!(setup.slow.calls(), 1);
}

#[tokio::test]
async fn a_hundred_tasks_share_one_failure_and_the_next_asks_again() {
    let setup = setup([
        Err(TokenError::new("down").with_source("deep down")),
        lasting("one", 3600),
    ]);
    let tasks = setup.start(100, None);
    settle().await;
    setup.slow.open();
    for outcome in tasks.join_all().await {
        let error = outcome.unwrap_err();
        assert_eq!(error.to_string(), "down");
        assert_eq!(error.source().unwrap().to_string(), "deep down");
    }
    assert_eq!(setup.slow.calls(), 1);
    assert_eq!(setup.warm().await.secret(), "one");
}

#[tokio::test]
async fn while_one_task_renews_the_token_the_others_go_on_with_the_old_one() {
    let setup = setup([lasting("old", 3600), lasting("new", 7200)]);
    setup.warm().await;
    setup.clock.advance(Duration::from_secs(3301));

    let mut tasks = setup.start(100, None);
    settle().await;
    let mut done = Vec::new();
    while let Some(outcome) = tasks.try_join_next() {
        done.push(outcome.unwrap());
    }
    assert_eq!(secrets(done), ["old"; 99]);

    setup.slow.open();
    assert_eq!(secrets(tasks.join_all().await), ["new"]);
    assert_eq!(setup.slow.calls(), 2);
}

#[tokio::test]
async fn an_early_renewal_that_outlives_the_token_is_an_error() {
    let setup = setup([lasting("old", 3600), Err(TokenError::new("down"))]);
    setup.warm().await;
    setup.clock.advance(Duration::from_secs(3400));
    let tasks = setup.start(1, None);
    settle().await;
    // The provider retried for a while.
    setup.clock.advance(Duration::from_secs(200));
    setup.slow.open();
    assert!(tasks.join_all().await[0].is_err());
}

#[tokio::test]
async fn a_hundred_rejections_of_one_token_cause_one_call() {
    let setup = setup([lasting("old", 3600), lasting("new", 3600)]);
    let rejected = Rejection::new(setup.warm().await);
    let tasks = setup.start(100, Some(&rejected));
    settle().await;
    setup.slow.open();
    assert_eq!(secrets(tasks.join_all().await), ["new"; 100]);
    assert_eq!(setup.slow.calls(), 2);

    // One that was sent with the old token and is answered only now.
    assert_eq!(
        setup.tokens.token(Some(&rejected)).await.unwrap().secret(),
        "new"
    );
    assert_eq!(setup.slow.calls(), 2);
}

#[tokio::test]
async fn a_hundred_rejections_share_the_failure_to_replace_the_token() {
    let setup = setup([lasting("old", 3600)]);
    let rejected = Rejection::new(setup.warm().await);
    let tasks = setup.start(100, Some(&rejected));
    settle().await;
    setup.slow.open();
    assert!(tasks.join_all().await.iter().all(Result::is_err));
    assert_eq!(setup.slow.calls(), 2);
}

#[tokio::test]
async fn claims_are_asked_for_even_after_a_call_without_them() {
    let setup = setup([
        lasting("old", 3600),
        Err(TokenError::new("down")),
        lasting("new", 3600),
    ]);
    let plain = Rejection::new(setup.warm().await);
    let with_claims = plain.clone().with_claims("{}");
    let first = setup.start(1, Some(&plain));
    settle().await;
    let second = setup.start(1, Some(&with_claims));
    settle().await;
    setup.slow.open();
    setup.slow.open();
    assert!(first.join_all().await[0].is_err());
    assert_eq!(secrets(second.join_all().await), ["new"]);
}

#[tokio::test]
async fn a_rejected_token_is_replaced_even_if_a_renewal_gives_it_again() {
    let setup = setup([
        lasting("old", 400),
        lasting("old", 400),
        lasting("new", 3600),
    ]);
    let rejected = Rejection::new(setup.warm().await);
    setup.clock.advance(Duration::from_secs(200));
    let early = setup.start(1, None);
    settle().await;
    let replaced = setup.start(1, Some(&rejected));
    settle().await;
    setup.slow.open();
    setup.slow.open();
    assert_eq!(secrets(early.join_all().await), ["old"]);
    assert_eq!(secrets(replaced.join_all().await), ["new"]);
}

#[tokio::test]
async fn a_caller_that_gives_up_leaves_the_turn_to_the_next() {
    let setup = setup([lasting("one", 3600)]);
    let mut impatient = Box::pin(setup.tokens.token(None));
    let mut context = Context::from_waker(Waker::noop());
    assert!(impatient.as_mut().poll(&mut context).is_pending());
    drop(impatient);
    assert_eq!(setup.warm().await.secret(), "one");
    assert_eq!(setup.slow.calls(), 2);
}

#[tokio::test]
async fn a_hundred_requests_of_two_clients_share_one_token() {
    let setup = setup([lasting("one", 3600)]);
    let network = ScriptedTransport::new((0..100).map(|_| Ok(answer(StatusCode::OK, "{}"))));
    let client = || {
        GraphClient::builder(network.clone())
            .clock(setup.clock.clone())
            .token_provider(Arc::clone(&setup.tokens))
            .build()
    };
    let clients = [client(), client()];
    let mut tasks = JoinSet::new();
    for index in 0..100 {
        let client = clients[index % 2].clone();
        tasks.spawn(async move { client.send(Call::get(ResourcePath::new("me"))).await });
    }
    settle().await;
    setup.slow.open();
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    assert_eq!((setup.slow.calls(), network.requests().len()), (1, 100));
}

/// A service that has revoked the token `old`.
#[derive(Debug, Default)]
struct Revoked {
    received: Mutex<Vec<String>>,
}

#[async_trait]
impl Transport for Revoked {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let token = request.headers()["authorization"].to_str().unwrap();
        self.received.lock().unwrap().push(token.to_owned());
        tokio::task::yield_now().await;
        let revoked = token == "Bearer old";
        let status = if revoked { 401 } else { 200 };
        Ok(answer(StatusCode::from_u16(status).unwrap(), ""))
    }
}

#[tokio::test]
async fn a_hundred_401s_cause_one_new_token_and_one_more_try_each() {
    let slow = Slow::new([lasting("old", 3600), lasting("new", 3600)]);
    let service = Arc::new(Revoked::default());
    let transport = Arc::new(Authorize::new(
        Arc::clone(&service),
        Arc::new(slow.clone()),
        &"https://graph.microsoft.com/v1.0".parse().unwrap(),
        Arc::new(InstantClock::default()),
    ));
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let transport = Arc::clone(&transport);
        tasks.spawn(async move { transport.send(me()).await.unwrap().status() });
    }
    settle().await;
    slow.open();
    settle().await;
    slow.open();
    assert_eq!(tasks.join_all().await, [StatusCode::OK; 100]);
    assert_eq!(slow.calls(), 2);
    let mut expected = vec!["Bearer old"; 100];
    expected.resize(200, "Bearer new");
    assert_eq!(*service.received.lock().unwrap(), expected);
}

fn me() -> Request {
    http::Request::get("https://graph.microsoft.com/v1.0/me")
        .body(Bytes::new())
        .unwrap()
}
