//! When a request is sent again, and how long that takes.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use entitlement_graph::clock::Clock;
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::{Retry, RetryPolicy};
use entitlement_graph::transport::{
    Replay, Request, Response, Transport, TransportError, TransportErrorKind,
};
use http::{Method, StatusCode};

type Outcome = Result<Response, TransportError>;

#[expect(clippy::unnecessary_wraps, reason = "stands beside errors in scripts")]
fn status(code: u16) -> Outcome {
    Ok(answer(
        StatusCode::from_u16(code).unwrap(),
        code.to_string(),
    ))
}

fn status_after(code: u16, retry_after: &str) -> Outcome {
    let mut answer = status(code)?;
    answer
        .headers_mut()
        .insert("retry-after", retry_after.parse().unwrap());
    Ok(answer)
}

fn not_sent() -> Outcome {
    Err(TransportError::not_sent(TransportErrorKind::Connect))
}

fn maybe_sent() -> Outcome {
    Err(TransportError::maybe_sent(TransportErrorKind::Interrupted))
}

fn request(method: Method) -> Request {
    http::Request::builder()
        .method(method)
        .uri("https://graph.microsoft.com/v1.0/things?$top=1")
        .header("prefer", "return=minimal")
        .body(Bytes::from_static(b"{}"))
        .unwrap()
}

fn marked(method: Method, replay: Replay) -> Request {
    let mut request = request(method);
    request.extensions_mut().insert(replay);
    request
}

struct Run {
    outcome: Outcome,
    waits: Vec<Duration>,
    sent: Vec<Request>,
}

async fn run_with<const N: usize>(
    policy: RetryPolicy,
    request: Request,
    script: [Outcome; N],
) -> Run {
    let network = ScriptedTransport::new(script);
    let clock = InstantClock::default();
    let retry = Retry::new(network.clone(), policy, Arc::new(clock.clone()));
    let outcome = retry.send(request).await;
    Run {
        outcome,
        waits: clock.waits(),
        sent: network.requests(),
    }
}

async fn run<const N: usize>(request: Request, script: [Outcome; N]) -> Run {
    run_with(RetryPolicy::default(), request, script).await
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn a_wait_in_seconds_is_kept_to_the_second() {
    let run = run(request(Method::GET), [status_after(429, "17"), status(200)]).await;
    assert_eq!(run.outcome.unwrap().status(), 200);
    assert_eq!(run.waits, [secs(17)]);
}

#[tokio::test]
async fn fractions_of_a_second_are_rounded_up() {
    let script = [
        status_after(503, "0.249"),
        status_after(503, "2.128"),
        status(200),
    ];
    assert_eq!(
        run(request(Method::GET), script).await.waits,
        [secs(1), secs(3)]
    );
}

#[tokio::test]
async fn a_date_is_waited_for_on_the_clock() {
    let clock = InstantClock::new("2025-03-01T10:00:00.5Z".parse().unwrap());
    let network = ScriptedTransport::new([
        status_after(503, "Sat, 01 Mar 2025 10:01:30 GMT"),
        status(200),
    ]);
    let retry = Retry::new(network, RetryPolicy::default(), Arc::new(clock.clone()));
    assert_eq!(
        retry.send(request(Method::GET)).await.unwrap().status(),
        200
    );
    assert_eq!(clock.waits(), [Duration::from_millis(89_500)]);
    assert_eq!(clock.now().to_string(), "2025-03-01T10:01:30Z");
}

#[tokio::test]
async fn a_named_wait_wins_over_the_longest_own_delay() {
    let policy = RetryPolicy::default().max_delay(secs(5));
    let run = run_with(
        policy,
        request(Method::GET),
        [status_after(429, "120"), status(200)],
    )
    .await;
    assert_eq!(run.waits, [secs(120)]);
}

#[tokio::test]
async fn a_wait_beyond_the_budget_is_not_begun() {
    let run = run(
        request(Method::GET),
        [status_after(429, "301"), status(200)],
    )
    .await;
    assert_eq!(run.outcome.unwrap().status(), 429);
    assert!(run.waits.is_empty());
    assert_eq!(run.sent.len(), 1);
}

#[tokio::test]
async fn the_budget_covers_all_waits_together() {
    let script = [
        status_after(429, "200"),
        status_after(503, "100"),
        status_after(429, "1"),
        status(200),
    ];
    let run = run(request(Method::GET), script).await;
    assert_eq!(run.outcome.unwrap().status(), 429);
    assert_eq!(run.waits, [secs(200), secs(100)]);
}

#[tokio::test]
async fn what_was_not_carried_out_goes_again_whatever_the_method() {
    for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE] {
        for replay in [Replay::ByMethod, Replay::Safe, Replay::Never] {
            let script = [status(429), not_sent(), status_after(409, "1"), status(201)];
            let run = run(marked(method.clone(), replay), script).await;
            assert_eq!(run.outcome.unwrap().status(), 201, "{method} {replay:?}");
            assert_eq!(run.sent.len(), 4);
        }
    }
}

#[tokio::test]
async fn two_changes_at_the_same_moment_are_tried_again() {
    let body = r#"{"error": {"code": "Directory_ConcurrencyViolation", "message": "Try again."}}"#;
    let script = [Ok(answer(StatusCode::CONFLICT, body)), status(204)];
    let run = run(request(Method::POST), script).await;
    assert_eq!(run.outcome.unwrap().status(), 204);
    assert_eq!(run.waits.len(), 1);
}

#[tokio::test]
async fn what_may_have_been_carried_out_goes_again_only_if_that_is_safe() {
    let safe = [
        request(Method::GET),
        request(Method::HEAD),
        request(Method::PUT),
        request(Method::DELETE),
        marked(Method::POST, Replay::Safe),
        marked(Method::PATCH, Replay::Safe),
    ];
    let unsafe_ones = [
        request(Method::POST),
        request(Method::PATCH),
        marked(Method::GET, Replay::Never),
        marked(Method::POST, Replay::ByMethod),
    ];
    let doubtful: [fn() -> Outcome; 7] = [
        || status(408),
        || status(500),
        || status(502),
        || status_after(503, "1"),
        || status(504),
        maybe_sent,
        || Err(TransportError::maybe_sent(TransportErrorKind::Timeout)),
    ];
    for outcome in doubtful {
        for request in &safe {
            let run = run(request.clone(), [outcome(), status(200)]).await;
            assert_eq!(run.outcome.unwrap().status(), 200, "{:?}", outcome());
        }
        for request in &unsafe_ones {
            let run = run(request.clone(), [outcome(), status(200)]).await;
            assert_eq!(
                run.sent.len(),
                1,
                "{} after {:?}",
                request.method(),
                outcome()
            );
            assert!(run.waits.is_empty());
        }
    }
}

#[tokio::test]
async fn final_outcomes_are_final() {
    let last: [fn() -> Outcome; 11] = [
        || status(200),
        || status(304),
        || status_after(400, "1"),
        || status(401),
        || status(403),
        || status(404),
        || status(409),
        || status(501),
        || Err(TransportError::not_sent(TransportErrorKind::Refused)),
        || Err(TransportError::not_sent(TransportErrorKind::Token)),
        || Err(TransportError::maybe_sent(TransportErrorKind::TooLarge)),
    ];
    for outcome in last {
        let run = run(request(Method::GET), [outcome(), status(200)]).await;
        assert_eq!(run.sent.len(), 1, "{:?}", outcome());
    }
}

#[tokio::test]
async fn retries_are_numbered_and_equal_otherwise() {
    #[derive(Clone, Debug, PartialEq)]
    struct Mark(u8);

    let mut first = request(Method::POST);
    first.extensions_mut().insert(Mark(7));
    let run = run(first, [status(429), not_sent(), status(200)]).await;
    let numbers: Vec<_> = run
        .sent
        .iter()
        .map(|sent| sent.headers().get("retry-attempt").cloned())
        .collect();
    assert_eq!(
        numbers,
        [None, Some("1".parse().unwrap()), Some("2".parse().unwrap())]
    );
    for sent in run.sent {
        assert_eq!(sent.method(), Method::POST);
        assert_eq!(sent.uri(), "https://graph.microsoft.com/v1.0/things?$top=1");
        assert_eq!(sent.headers()["prefer"], "return=minimal");
        assert_eq!(sent.body(), "{}");
        assert_eq!(sent.extensions().get(), Some(&Mark(7)));
    }
}

#[tokio::test]
async fn when_nothing_helps_the_last_outcome_is_returned() {
    let script = [
        status(503),
        status(502),
        not_sent(),
        status(504),
        status(200),
    ];
    let answered = run(request(Method::GET), script).await;
    assert_eq!(answered.outcome.unwrap().body(), "504");
    assert_eq!(answered.sent.len(), 4);

    let script = [status(503), status(503), status(503), maybe_sent()];
    let error = run(request(Method::GET), script).await.outcome.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);

    for policy in [RetryPolicy::never(), RetryPolicy::default().max_attempts(0)] {
        let once = run_with(policy, request(Method::GET), [status(503), status(200)]).await;
        assert_eq!(once.sent.len(), 1);
    }
}

#[tokio::test]
async fn delays_double_within_bounds_and_follow_the_seed() {
    async fn waits(seed: u64) -> Vec<Duration> {
        let policy = RetryPolicy::default()
            .max_attempts(6)
            .base_delay(secs(2))
            .max_delay(secs(10))
            .seed(seed);
        let script = [
            status(503),
            status(503),
            status(503),
            status(503),
            status(503),
            status(200),
        ];
        run_with(policy, request(Method::GET), script).await.waits
    }

    for seed in 0..50 {
        let waits = waits(seed).await;
        assert_eq!(waits.len(), 5);
        for (wait, longest) in waits.iter().zip([2, 4, 8, 10, 10].map(secs)) {
            assert!(
                (longest / 2..=longest).contains(wait),
                "{wait:?} of {longest:?}, seed {seed}"
            );
        }
    }
    assert_eq!(waits(7).await, waits(7).await);
    assert_ne!(waits(7).await, waits(8).await);
}

#[tokio::test]
async fn immense_settings_are_no_overflow() {
    let policy = RetryPolicy::default()
        .max_attempts(40)
        .base_delay(Duration::MAX)
        .max_delay(Duration::MAX)
        .budget(Duration::MAX);
    let run = run_with(policy, request(Method::GET), [status(503), status(200)]).await;
    assert_eq!(run.sent.len(), 2);

    let run = run_with(
        RetryPolicy::default(),
        request(Method::GET),
        [status_after(429, "99999999999999999999")],
    )
    .await;
    assert_eq!(run.outcome.unwrap().status(), 429);
}
