//! A call that is refused for its token inside of a batch gets one more try with another, as a call by itself does.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use entitlement_graph::auth::{AccessToken, Rejection, StaticToken, TokenError, TokenProvider};
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::{Response, TransportErrorKind};
use entitlement_graph::{Error, GraphClient};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

type Gives = Result<&'static str, TokenError>;

/// Gives prepared tokens and remembers what it was asked for.
#[derive(Debug, Clone)]
struct Tokens(Arc<Mutex<(VecDeque<Gives>, Vec<String>)>>);

impl Tokens {
    fn new<const N: usize>(tokens: [Gives; N]) -> Self {
        Self(Arc::new(Mutex::new((tokens.into(), Vec::new()))))
    }

    /// In place of which token, and with which claims, a token was asked for.
    fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().1.clone()
    }
}

#[async_trait]
impl TokenProvider for Tokens {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        let state = &mut *self.0.lock().unwrap();
        state.1.push(match rejected {
            Some(rejected) => format!(
                "{} {}",
                rejected.token().secret(),
                rejected.claims().unwrap_or("")
            ),
            None => String::new(),
        });
        let next = state
            .0
            .pop_front()
            .unwrap_or_else(|| Err(TokenError::new("over")));
        next.map(AccessToken::new)
    }
}

fn responses(responses: &[Value]) -> Response {
    let body = json!({ "responses": responses });
    answer(StatusCode::OK, body.to_string())
}

fn fine(id: &str) -> Value {
    json!({"id": id, "status": 200, "body": {"id": id}})
}

fn refused(id: &str) -> Value {
    json!({"id": id, "status": 401, "body": {"error": {"code": "InvalidAuthenticationToken"}}})
}

/// Refused because it lacks the claims `{"a":1}`.
fn challenged(id: &str) -> Value {
    let challenge = r#"Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ==""#;
    json!({"id": id, "status": 401, "headers": {"WWW-Authenticate": challenge}})
}

struct Stage {
    network: ScriptedTransport,
    clock: InstantClock,
    client: GraphClient,
}

impl Stage {
    fn new<const N: usize>(tokens: impl TokenProvider + 'static, script: [Response; N]) -> Self {
        let network = ScriptedTransport::new(script.map(Ok));
        let clock = InstantClock::default();
        let client = GraphClient::builder(network.clone())
            .clock(clock.clone())
            .token_provider(tokens)
            .seed(1)
            .build();
        Self {
            network,
            clock,
            client,
        }
    }

    /// The token and the ids of the calls of each request.
    fn sent(&self) -> Vec<String> {
        let requests = self.network.requests();
        let line = |request: &http::Request<bytes::Bytes>| {
            let token = request.headers()["authorization"].to_str().unwrap();
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            let calls = body["requests"].as_array().unwrap().iter();
            let shown = |call: &Value| match call["headers"]["retry-attempt"].as_str() {
                Some(attempt) => format!("{}+{attempt}", call["id"].as_str().unwrap()),
                None => call["id"].as_str().unwrap().to_owned(),
            };
            let ids: Vec<String> = calls.map(shown).collect();
            format!("{token}: {}", ids.join(" "))
        };
        requests.iter().map(line).collect()
    }
}

fn post() -> Call {
    Call::post(ResourcePath::new("things"))
}

/// Sends so many POSTs, which are never sent twice if they may have been carried out.
async fn send(client: &GraphClient, calls: usize) -> Vec<Result<Response, Error>> {
    let mut batch = client.batch();
    let tickets: Vec<_> = (0..calls).map(|_| batch.raw(post())).collect();
    let mut answers = batch.send().await;
    tickets
        .into_iter()
        .map(|ticket| answers.take(ticket))
        .collect()
}

#[tokio::test]
async fn what_was_refused_goes_again_once_with_another_token() {
    let tokens = Tokens::new([Ok("old"), Ok("new"), Ok("newer")]);
    let stage = Stage::new(
        tokens.clone(),
        [
            responses(&[refused("3"), fine("1"), challenged("2")]),
            responses(&[fine("2"), refused("3")]),
            responses(&[fine("1")]),
        ],
    );
    let outcomes = send(&stage.client, 3).await;
    assert!(outcomes[0].is_ok() && outcomes[1].is_ok());
    let second = outcomes[2].as_ref().unwrap_err();
    assert!(
        second.is_unauthenticated(),
        "the second 401 is the answer: {second}"
    );
    assert_eq!(stage.sent(), ["Bearer old: 1 2 3", "Bearer new: 2 3"]);
    assert_eq!(tokens.asked(), ["", "old {\"a\":1}"]);
    assert_eq!(
        stage.clock.waits(),
        [Duration::ZERO; 0],
        "it is no retry, and nothing is waited for"
    );
    // All calls of the client go on with the new token.
    send(&stage.client, 1).await.remove(0).unwrap();
    assert_eq!(stage.sent()[2], "Bearer new: 1");
}

#[tokio::test]
async fn a_401_stands_where_there_is_no_other_token() {
    let stage = Stage::new(
        StaticToken::new("only"),
        [responses(&[refused("1"), fine("2")])],
    );
    let outcomes = send(&stage.client, 2).await;
    assert!(outcomes[0].as_ref().unwrap_err().is_unauthenticated() && outcomes[1].is_ok());
    assert_eq!(stage.sent().len(), 1);

    // Nor is it anybody else's business who a call says it is from.
    let tokens = Tokens::new([Ok("old"), Ok("new")]);
    let stage = Stage::new(tokens.clone(), [responses(&[refused("1")])]);
    let mut batch = stage.client.batch();
    let own = post().header(
        header::AUTHORIZATION,
        HeaderValue::from_static("Bearer own"),
    );
    let ticket = batch.raw(own);
    assert!(
        batch
            .send()
            .await
            .take(ticket)
            .unwrap_err()
            .is_unauthenticated()
    );
    assert_eq!(tokens.asked(), [""]);
}

#[tokio::test]
async fn a_provider_that_fails_is_the_cause() {
    let tokens = Tokens::new([Ok("old"), Err(TokenError::new("the secret has expired"))]);
    let stage = Stage::new(tokens, [responses(&[refused("1"), fine("2")])]);
    let mut outcomes = send(&stage.client, 2).await;
    assert!(outcomes.pop().unwrap().is_ok());
    let Error::Transport { source, .. } = outcomes.pop().unwrap().unwrap_err() else {
        panic!("no transport error");
    };
    assert_eq!(source.kind(), TransportErrorKind::Token);
    assert!(!source.may_have_been_carried_out());
}

#[tokio::test]
async fn calls_that_wait_for_a_refused_one_go_again_with_it() {
    let tokens = Tokens::new([Ok("old"), Ok("new")]);
    let stage = Stage::new(
        tokens,
        [
            responses(&[refused("1"), json!({"id": "2", "status": 424}), fine("3")]),
            responses(&[fine("1"), fine("2")]),
        ],
    );
    let mut batch = stage.client.batch();
    let (first, second, third) = (batch.raw(post()), batch.raw(post()), batch.raw(post()));
    batch.run_after(&second, &first).unwrap();
    let mut answers = batch.send().await;
    for ticket in [first, second, third] {
        answers.take(ticket).unwrap();
    }
    assert_eq!(stage.sent(), ["Bearer old: 1 2 3", "Bearer new: 1 2"]);
}

#[tokio::test]
async fn a_new_token_and_a_wait_are_counted_apart() {
    let throttled = json!({"id": "2", "status": 429, "headers": {"Retry-After": "7"}});
    let stage = Stage::new(
        Tokens::new([Ok("old"), Ok("new")]),
        [
            responses(&[refused("1"), throttled]),
            responses(&[fine("1"), fine("2")]),
        ],
    );
    for outcome in send(&stage.client, 2).await {
        outcome.unwrap();
    }
    assert_eq!(stage.sent(), ["Bearer old: 1 2", "Bearer new: 1 2+1"]);
    assert_eq!(stage.clock.waits(), [Duration::from_secs(7)]);

    // A batch that is refused as a whole has had its second try already.
    let whole = || answer(StatusCode::UNAUTHORIZED, "");
    let stage = Stage::new(
        Tokens::new([Ok("old"), Ok("new"), Ok("newer")]),
        [whole(), whole()],
    );
    let outcome = send(&stage.client, 1).await.remove(0);
    assert!(outcome.unwrap_err().is_unauthenticated());
    assert_eq!(stage.sent(), ["Bearer old: 1", "Bearer new: 1"]);
}
