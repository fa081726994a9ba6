//! Which requests get a token, which token, and what must never leave.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use entitlement_graph::auth::{
    AccessToken, Authorize, Rejection, StaticToken, TokenError, TokenProvider,
};
use entitlement_graph::clock::Clock;
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::{Retry, RetryPolicy};
use entitlement_graph::transport::throttle::{Throttle, ThrottlePolicy};
use entitlement_graph::transport::{Request, Transport, TransportErrorKind};
use http::StatusCode;

const ROOT: &str = "https://graph.microsoft.com/v1.0";

/// Gives prepared tokens and remembers which rejected ones it was shown.
#[derive(Clone, Debug, Default)]
struct Tokens {
    next: Arc<Mutex<VecDeque<Result<AccessToken, TokenError>>>>,
    asked: Arc<Mutex<Vec<Option<String>>>>,
}

impl Tokens {
    fn new<const N: usize>(tokens: [Result<AccessToken, TokenError>; N]) -> Self {
        Self {
            next: Arc::new(Mutex::new(VecDeque::from(tokens))),
            ..Self::default()
        }
    }

    /// What each call was told about a rejected token.
    fn asked(&self) -> Vec<Option<String>> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl TokenProvider for Tokens {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        self.asked.lock().unwrap().push(rejected.map(shown));
        tokio::task::yield_now().await;
        self.next
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or_else(|| Err(TokenError::new("no more tokens")))
    }
}

/// The token, and the claims if there are any.
fn shown(rejected: &Rejection) -> String {
    let claims = rejected.claims().map(|claims| format!(" {claims}"));
    format!(
        "{}{}",
        rejected.token().secret(),
        claims.unwrap_or_default()
    )
}

fn token(secret: &str) -> AccessToken {
    AccessToken::new(secret)
}

fn get(url: &str) -> Request {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

fn me() -> Request {
    get("https://graph.microsoft.com/v1.0/me")
}

struct Setup {
    network: ScriptedTransport,
    clock: InstantClock,
    transport: Authorize<ScriptedTransport>,
}

fn setup<const N: usize>(provider: impl TokenProvider + 'static, answers: [u16; N]) -> Setup {
    setup_at(ROOT, provider, answers)
}

fn setup_at<const N: usize>(
    root: &str,
    provider: impl TokenProvider + 'static,
    answers: [u16; N],
) -> Setup {
    let network = ScriptedTransport::new(
        answers.map(|code| Ok(answer(StatusCode::from_u16(code).unwrap(), ""))),
    );
    let clock = InstantClock::default();
    let root = root.parse().unwrap();
    let transport = Authorize::new(
        network.clone(),
        Arc::new(provider),
        &root,
        Arc::new(clock.clone()),
    );
    Setup {
        network,
        clock,
        transport,
    }
}

impl Setup {
    async fn status(&self) -> u16 {
        self.transport.send(me()).await.unwrap().status().as_u16()
    }

    /// The authorization of each request that went out.
    fn authorizations(&self) -> Vec<String> {
        let header = |request: &Request| {
            request.headers()["authorization"]
                .to_str()
                .unwrap()
                .to_owned()
        };
        self.network.requests().iter().map(header).collect()
    }
}

#[tokio::test]
async fn one_token_serves_many_requests() {
    let tokens = Tokens::new([Ok(token("one"))]);
    let setup = setup(tokens.clone(), [200, 200]);
    setup.status().await;
    setup.status().await;
    assert_eq!(setup.authorizations(), ["Bearer one", "Bearer one"]);
    assert_eq!(tokens.asked(), [None]);
}

#[tokio::test]
async fn a_rejected_token_is_replaced_once() {
    let tokens = Tokens::new([Ok(token("old")), Ok(token("new"))]);
    let setup = setup(tokens.clone(), [401, 200, 200]);
    assert_eq!(setup.status().await, 200);
    assert_eq!(setup.status().await, 200);
    assert_eq!(
        setup.authorizations(),
        ["Bearer old", "Bearer new", "Bearer new"]
    );
    assert_eq!(tokens.asked(), [None, Some("old".to_owned())]);
}

#[tokio::test]
async fn the_replacement_is_asked_for_with_the_claims_of_the_401() {
    let tokens = Tokens::new([Ok(token("old")), Ok(token("new")), Ok(token("newer"))]);
    let setup = setup(tokens.clone(), []);
    let mut challenge = answer(StatusCode::UNAUTHORIZED, "");
    let headers = challenge.headers_mut();
    headers.append("www-authenticate", "Basic realm=\"x\"".parse().unwrap());
    let claims = r#"Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ==""#;
    headers.append("www-authenticate", claims.parse().unwrap());
    setup.network.push(Ok(challenge.clone()));
    setup.network.push(Ok(challenge));
    setup.network.push(Ok(answer(StatusCode::OK, "")));

    // Once, even if the service is not content with what it got.
    assert_eq!(setup.status().await, 401);
    assert_eq!(tokens.asked(), [None, Some("old {\"a\":1}".to_owned())]);
    assert_eq!(setup.status().await, 200);
    assert_eq!(
        setup.authorizations(),
        ["Bearer old", "Bearer new", "Bearer new"]
    );
}

#[tokio::test]
async fn a_second_401_is_the_answer() {
    let tokens = Tokens::new([Ok(token("old")), Ok(token("new")), Ok(token("newer"))]);
    let setup = setup(tokens, [401, 401, 200]);
    assert_eq!(setup.status().await, 401);
    assert_eq!(setup.network.requests().len(), 2);
}

#[tokio::test]
async fn a_401_stands_when_there_is_no_other_token() {
    let setup = setup(StaticToken::new("only"), [401, 200]);
    assert_eq!(setup.status().await, 401);
    assert_eq!(setup.network.requests().len(), 1);
    assert_eq!(setup.status().await, 200);
}

#[tokio::test]
async fn a_replacement_that_fails_is_an_error_and_the_next_request_asks_again() {
    let tokens = Tokens::new([
        Ok(token("old")),
        Err(TokenError::new("down")),
        Ok(token("new")),
    ]);
    let setup = setup(tokens, [401, 200]);
    assert_eq!(
        setup.transport.send(me()).await.unwrap_err().kind(),
        TransportErrorKind::Token
    );
    assert_eq!(setup.status().await, 200);
    assert_eq!(setup.authorizations(), ["Bearer old", "Bearer new"]);
}

#[tokio::test]
async fn concurrent_rejections_share_one_replacement() {
    let tokens = Tokens::new([Ok(token("old")), Ok(token("new")), Ok(token("newer"))]);
    let setup = setup(tokens.clone(), [401, 401, 200, 200]);
    let (a, b) = tokio::join!(setup.transport.send(me()), setup.transport.send(me()));
    assert_eq!(
        (a.unwrap().status(), b.unwrap().status()),
        (StatusCode::OK, StatusCode::OK)
    );
    assert_eq!(tokens.asked(), [None, Some("old".to_owned())]);
}

#[tokio::test]
async fn concurrent_requests_cause_one_call_to_the_provider() {
    let tokens = Tokens::new([Ok(token("one")), Ok(token("two"))]);
    let setup = setup(tokens.clone(), [200, 200, 200]);
    let send = || setup.transport.send(me());
    let (a, b, c) = tokio::join!(send(), send(), send());
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(tokens.asked().len(), 1);
}

#[tokio::test]
async fn a_token_is_refreshed_five_minutes_ahead() {
    let expiry = InstantClock::default().now() + Duration::from_secs(3600);
    let tokens = Tokens::new([Ok(token("one").expiring_at(expiry)), Ok(token("two"))]);
    let setup = setup(tokens.clone(), [200, 200, 200]);
    setup.status().await;
    setup.clock.advance(Duration::from_secs(3299));
    setup.status().await;
    setup.clock.advance(Duration::from_secs(1));
    setup.status().await;
    assert_eq!(
        setup.authorizations(),
        ["Bearer one", "Bearer one", "Bearer two"]
    );
    assert_eq!(tokens.asked(), [None, None]);
}

#[tokio::test]
async fn a_failed_early_refresh_is_no_error_while_the_token_lives() {
    let expiry = InstantClock::default().now() + Duration::from_secs(120);
    let tokens = Tokens::new([Ok(token("one").expiring_at(expiry))]);
    let setup = setup(tokens.clone(), [200; 6]);
    // The provider is left alone for a while each time, then asked again.
    for calls in 1..=3 {
        setup.status().await;
        setup.status().await;
        assert_eq!(tokens.asked().len(), calls);
        setup.clock.advance(Duration::from_secs(30));
    }
    setup.clock.advance(Duration::from_secs(30));
    let error = setup.transport.send(me()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Token);
    assert!(!error.may_have_been_carried_out());
    assert_eq!(error.source().unwrap().to_string(), "no more tokens");
    assert_eq!(setup.authorizations(), ["Bearer one"; 6]);
}

#[tokio::test]
async fn nothing_goes_to_another_origin() {
    let elsewhere = [
        "https://graph.microsoft.com.evil.example/v1.0/me",
        "https://evil.example/graph.microsoft.com",
        "https://canary.graph.microsoft.com/v1.0/me",
        "https://graph.microsoft.com.:443/v1.0/me",
        "https://graph.microsoft.com:8443/v1.0/me",
        "http://graph.microsoft.com/v1.0/me",
        "http://localhost/v1.0/me",
        "https://graph.microsoft.com@evil.example/",
        "https://user:pass@graph.microsoft.com/v1.0/me",
        "/v1.0/me",
    ];
    let tokens = Tokens::new([Ok(token("one"))]);
    let setup = setup(tokens.clone(), [200]);
    for url in elsewhere {
        for own_header in [false, true] {
            let mut request = get(url);
            if own_header {
                request
                    .headers_mut()
                    .insert("authorization", "Bearer mine".parse().unwrap());
            }
            let error = setup.transport.send(request).await.expect_err(url);
            assert_eq!(error.kind(), TransportErrorKind::Refused, "{url}");
            assert!(!error.may_have_been_carried_out());
            assert!(!format!("{error} {error:?}").contains("evil"), "{error:?}");
        }
    }
    assert!(setup.network.requests().is_empty());
    assert!(tokens.asked().is_empty());
}

#[tokio::test]
async fn the_same_origin_may_be_spelt_in_several_ways() {
    let setup = setup(StaticToken::new("one"), [200, 200]);
    for url in [
        "https://GRAPH.Microsoft.com/beta/me",
        "https://graph.microsoft.com:443/v1.0/me?$top=1",
    ] {
        assert!(setup.transport.send(get(url)).await.is_ok(), "{url}");
    }
}

#[tokio::test]
async fn plain_http_is_for_this_machine_only() {
    for root in [
        "http://localhost:8080/v1.0",
        "http://127.0.0.1:8080/v1.0",
        "http://[::1]:8080/v1.0",
    ] {
        let setup = setup_at(root, StaticToken::new("one"), [200]);
        assert!(setup.transport.send(get(root)).await.is_ok(), "{root}");
    }
    for root in [
        "http://graph.microsoft.com/v1.0",
        "http://10.0.0.1/v1.0",
        "http://localhost.evil.example/",
    ] {
        let setup = setup_at(root, StaticToken::new("one"), [200]);
        let error = setup.transport.send(get(root)).await.expect_err(root);
        assert_eq!(error.kind(), TransportErrorKind::Refused, "{root}");
        assert!(setup.network.requests().is_empty());
    }
}

#[tokio::test]
async fn below_retry_each_try_has_a_valid_token() {
    let clock = InstantClock::default();
    let expiry = clock.now() + Duration::from_secs(310);
    let tokens = Tokens::new([Ok(token("one").expiring_at(expiry)), Ok(token("two"))]);
    let mut throttled = answer(StatusCode::TOO_MANY_REQUESTS, "");
    throttled.headers_mut().insert("retry-after", 60.into());
    let network = ScriptedTransport::new([Ok(throttled), Ok(answer(StatusCode::OK, ""))]);

    let any: Arc<dyn Transport> = Arc::new(network.clone());
    let root = ROOT.parse().unwrap();
    let clock: Arc<dyn Clock> = Arc::new(clock);
    let authorize = Authorize::new(any, Arc::new(tokens), &root, Arc::clone(&clock));
    let throttle = Throttle::new(authorize, ThrottlePolicy::default(), Arc::clone(&clock));
    let stack: Box<dyn Transport> = Box::new(Retry::new(throttle, RetryPolicy::default(), clock));

    assert_eq!(stack.send(me()).await.unwrap().status(), 200);
    let sent = network
        .requests()
        .into_iter()
        .map(|request| request.headers()["authorization"].clone());
    assert_eq!(sent.collect::<Vec<_>>(), ["Bearer one", "Bearer two"]);
}

#[tokio::test]
async fn the_callers_own_header_is_kept() {
    let tokens = Tokens::new([Ok(token("one"))]);
    let setup = setup(tokens.clone(), [401, 200]);
    let mut request = me();
    request
        .headers_mut()
        .insert("authorization", "Bearer mine".parse().unwrap());
    assert_eq!(setup.transport.send(request).await.unwrap().status(), 401);
    assert_eq!(setup.authorizations(), ["Bearer mine"]);
    assert!(tokens.asked().is_empty());
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_an_error() {
    let setup = setup(StaticToken::new("two\nlines"), [200]);
    let error = setup.transport.send(me()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Token);
    assert!(!format!("{error:?}").contains("lines"));
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let setup = setup(StaticToken::new("s3cret"), [200]);
    setup.status().await;
    let shown = format!(
        "{:?} {:?} {:?}",
        token("s3cret"),
        StaticToken::new("s3cret"),
        setup.transport
    );
    assert!(!shown.contains("s3cret"), "{shown}");
    assert_eq!(format!("{:?}", token("s3cret")), "AccessToken(redacted)");
}

#[tokio::test]
async fn p30_a_client_knows_what_its_token_may_do() {
    // {"oid": "u1", "scp": "EntitlementManagement.Read.All"}
    let token = "e30.eyJvaWQiOiAidTEiLCAic2NwIjogIkVudGl0bGVtZW50TWFuYWdlbWVudC5SZWFkLkFsbCJ9.s";
    let network = ScriptedTransport::new([]);
    let client = entitlement_graph::GraphClient::builder(network.clone())
        .token_provider(StaticToken::new(token))
        .build();
    let me = client.whoami().await.unwrap().unwrap();
    assert_eq!(me.object_id.as_deref(), Some("u1"));
    assert_eq!(me.permissions(), ["EntitlementManagement.Read.All"]);
    assert!(network.requests().is_empty(), "nobody was asked");

    let without = entitlement_graph::GraphClient::new(network);
    assert_eq!(without.whoami().await.unwrap(), None);
}
