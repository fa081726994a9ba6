//! How many requests run at a time, and who waits after a `429`.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use entitlement_graph::clock::Clock;
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::{Retry, RetryPolicy};
use entitlement_graph::transport::throttle::{Throttle, ThrottlePolicy};
use entitlement_graph::transport::{Request, Response, Transport, TransportError};
use http::StatusCode;
use tokio::sync::Notify;

/// Counts the requests under way; each takes a few turns of the scheduler.
#[derive(Clone, Debug, Default)]
struct Crowd(Arc<(AtomicUsize, AtomicUsize)>);

impl Crowd {
    fn largest(&self) -> usize {
        self.0.1.load(SeqCst)
    }
}

#[async_trait]
impl Transport for Crowd {
    async fn send(&self, _: Request) -> Result<Response, TransportError> {
        let inside = self.0.0.fetch_add(1, SeqCst) + 1;
        self.0.1.fetch_max(inside, SeqCst);
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        self.0.0.fetch_sub(1, SeqCst);
        Ok(answer(StatusCode::OK, ""))
    }
}

fn get() -> Request {
    Request::new(Bytes::new())
}

fn throttled(retry_after: Option<&str>) -> Response {
    let mut answer = answer(StatusCode::TOO_MANY_REQUESTS, "");
    if let Some(value) = retry_after {
        answer
            .headers_mut()
            .insert("retry-after", value.parse().unwrap());
    }
    answer
}

fn ok() -> Response {
    answer(StatusCode::OK, "")
}

async fn send_at_once(throttle: Throttle<Crowd>, requests: usize) {
    let throttle = Arc::new(throttle);
    let tasks: Vec<_> = (0..requests)
        .map(|_| {
            let throttle = Arc::clone(&throttle);
            tokio::spawn(async move { throttle.send(get()).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn no_more_requests_run_at_a_time_than_allowed() {
    for (limit, largest) in [
        (None, 8),
        (Some(3), 3),
        (Some(0), 1),
        (Some(usize::MAX), 30),
    ] {
        let crowd = Crowd::default();
        let mut policy = ThrottlePolicy::default();
        if let Some(limit) = limit {
            policy = policy.max_concurrent(limit);
        }
        let throttle = Throttle::new(crowd.clone(), policy, Arc::new(InstantClock::default()));
        send_at_once(throttle, 30).await;
        assert_eq!(crowd.largest(), largest, "limit {limit:?}");
    }
}

#[tokio::test]
async fn a_429_makes_the_next_request_wait() {
    for (retry_after, pause) in [(Some("30"), 30), (Some("0.249"), 1), (None, 1)] {
        let clock = InstantClock::default();
        let network = ScriptedTransport::new([Ok(throttled(retry_after)), Ok(ok()), Ok(ok())]);
        let throttle = Throttle::new(network, ThrottlePolicy::default(), Arc::new(clock.clone()));

        assert_eq!(throttle.send(get()).await.unwrap().status(), 429);
        assert!(clock.waits().is_empty(), "the answer itself comes at once");
        assert_eq!(throttle.send(get()).await.unwrap().status(), 200);
        assert_eq!(throttle.send(get()).await.unwrap().status(), 200);
        assert_eq!(clock.waits(), [Duration::from_secs(pause)]);
    }
}

#[tokio::test]
async fn only_the_rest_of_the_pause_is_waited_for() {
    let clock = InstantClock::default();
    let network = ScriptedTransport::new([Ok(throttled(Some("30"))), Ok(ok())]);
    let throttle = Throttle::new(network, ThrottlePolicy::default(), Arc::new(clock.clone()));
    throttle.send(get()).await.unwrap();
    clock.advance(Duration::from_secs(12));
    throttle.send(get()).await.unwrap();
    assert_eq!(clock.waits(), [Duration::from_secs(18)]);
}

/// A clock on which somebody else's answer prolongs the pause during the first wait.
#[derive(Debug)]
struct Interrupted {
    clock: InstantClock,
    during_first_wait: Mutex<Option<Arc<Notify>>>,
}

#[async_trait]
impl Clock for Interrupted {
    fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    async fn sleep(&self, duration: Duration) {
        let other = self.during_first_wait.lock().unwrap().take();
        if let Some(other) = other {
            other.notify_one();
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
        }
        self.clock.sleep(duration).await;
    }
}

/// Answers `429` with the wait in the URL's query, and for the path `/things/held` only once it is let go.
#[derive(Debug)]
struct Gate {
    let_go: Arc<Notify>,
}

#[async_trait]
impl Transport for Gate {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        if request.uri().path() == "/things/held" {
            self.let_go.notified().await;
        }
        Ok(request
            .uri()
            .query()
            .map_or_else(ok, |wait| throttled(Some(wait))))
    }
}

fn to(path: &str) -> Request {
    http::Request::get(path).body(Bytes::new()).unwrap()
}

#[tokio::test]
async fn a_pause_that_grows_is_waited_out() {
    let let_go = Arc::new(Notify::new());
    let clock = InstantClock::default();
    let interrupted = Interrupted {
        clock: clock.clone(),
        during_first_wait: Mutex::new(Some(Arc::clone(&let_go))),
    };
    let throttle = Throttle::new(
        Gate { let_go },
        ThrottlePolicy::default(),
        Arc::new(interrupted),
    );

    let (held, ()) = tokio::join!(throttle.send(to("/things/held?25")), async {
        assert_eq!(throttle.send(to("/things?10")).await.unwrap().status(), 429);
        assert_eq!(throttle.send(to("/things")).await.unwrap().status(), 200);
    });
    assert_eq!(held.unwrap().status(), 429);
    assert_eq!(clock.waits(), [10, 15].map(Duration::from_secs));
}

#[tokio::test]
async fn a_later_answer_does_not_shorten_the_pause() {
    let let_go = Arc::new(Notify::new());
    let clock = InstantClock::default();
    let throttle = Throttle::new(
        Gate {
            let_go: Arc::clone(&let_go),
        },
        ThrottlePolicy::default(),
        Arc::new(clock.clone()),
    );

    let (held, ()) = tokio::join!(throttle.send(to("/things/held?5")), async {
        assert_eq!(throttle.send(to("/things?10")).await.unwrap().status(), 429);
        let_go.notify_one();
    });
    assert_eq!(held.unwrap().status(), 429);
    throttle.send(to("/things")).await.unwrap();
    assert_eq!(clock.waits(), [Duration::from_secs(10)]);
}

#[tokio::test]
async fn a_pause_of_hours_is_left_to_the_caller() {
    let clock = InstantClock::default();
    let network =
        ScriptedTransport::new([Ok(throttled(Some("7200"))), Ok(throttled(Some("7200")))]);
    let throttle = Throttle::new(network, ThrottlePolicy::default(), Arc::new(clock.clone()));
    throttle.send(get()).await.unwrap();
    assert_eq!(
        throttle.send(get()).await.unwrap().headers()["retry-after"],
        "7200"
    );
    assert!(clock.waits().is_empty());
}

#[tokio::test]
async fn a_pause_is_for_the_workload_and_the_kind_of_access_that_was_throttled() {
    let clock = InstantClock::default();
    let network = ScriptedTransport::new([
        Ok(throttled(Some("30"))),
        Ok(ok()),
        Ok(ok()),
        Ok(ok()),
        Ok(ok()),
    ]);
    let policy = ThrottlePolicy::default();
    let throttle = Throttle::new(network, policy, Arc::new(clock.clone()));
    let catalogs = "/v1.0/identityGovernance/entitlementManagement/catalogs";
    let post = |path: &str| http::Request::post(path).body(Bytes::new()).unwrap();

    throttle.send(post(catalogs)).await.unwrap();
    throttle.send(to(catalogs)).await.unwrap();
    throttle.send(to("/v1.0/users")).await.unwrap();
    throttle.send(post("/v1.0/groups")).await.unwrap();
    assert!(clock.waits().is_empty(), "these are counted apart");
    throttle.send(post(catalogs)).await.unwrap();
    assert_eq!(clock.waits(), [Duration::from_secs(30)]);
}

#[tokio::test]
async fn requests_keep_the_pace() {
    let clock = InstantClock::default();
    let network = ScriptedTransport::new([Ok(ok()), Ok(ok()), Ok(ok()), Ok(ok())]);
    let policy = ThrottlePolicy::default().pace(4, Duration::from_secs(2));
    let throttle = Throttle::new(network, policy, Arc::new(clock.clone()));
    for _ in 0..3 {
        throttle.send(get()).await.unwrap();
    }
    clock.advance(Duration::from_secs(60));
    throttle.send(get()).await.unwrap();
    assert_eq!(clock.waits(), [Duration::from_millis(500); 2]);
}

/// As [`Crowd`], but answers `429` as long as more than so many are inside.
#[derive(Clone, Debug)]
struct Narrow {
    crowd: Crowd,
    room: usize,
}

#[async_trait]
impl Transport for Narrow {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let is_full = self.crowd.0.0.load(SeqCst) >= self.room;
        let answer = self.crowd.send(request).await?;
        Ok(if is_full {
            throttled(Some("0"))
        } else {
            answer
        })
    }
}

#[tokio::test]
async fn p40_a_throttled_crowd_thins_out_and_grows_back() {
    let crowd = Crowd::default();
    let narrow = Narrow {
        crowd: crowd.clone(),
        room: 2,
    };
    let policy = ThrottlePolicy::default().max_concurrent(8);
    let throttle = Arc::new(Throttle::new(
        narrow,
        policy,
        Arc::new(InstantClock::default()),
    ));
    let mut refused = Vec::new();
    for _ in 0..3 {
        let tasks: Vec<_> = (0..24)
            .map(|_| {
                let throttle = Arc::clone(&throttle);
                tokio::spawn(async move { throttle.send(get()).await })
            })
            .collect();
        let mut throttled = 0;
        for task in tasks {
            throttled += usize::from(task.await.unwrap().unwrap().status() == 429);
        }
        refused.push(throttled);
    }
    assert_eq!(crowd.largest(), 8, "it begins with all");
    assert!(refused[0] < 16 && refused[1] < refused[0], "{refused:?}");
}

#[tokio::test]
async fn below_retry_the_wait_is_counted_once() {
    let clock = InstantClock::default();
    let network = ScriptedTransport::new([Ok(throttled(Some("30"))), Ok(ok())]);
    let throttle = Throttle::new(network, ThrottlePolicy::default(), Arc::new(clock.clone()));
    let retry = Retry::new(throttle, RetryPolicy::default(), Arc::new(clock.clone()));
    assert_eq!(retry.send(get()).await.unwrap().status(), 200);
    assert_eq!(clock.waits(), [Duration::from_secs(30)]);
}
