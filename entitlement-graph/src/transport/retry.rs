//! Sends a request again when that helps and can do no harm.
//!
//! [`Retry`] decides by meaning. What certainly was not carried out may go again whatever the method; what may have
//! been carried out goes again only if doing it twice is harmless:
//!
//! | outcome | is sent again |
//! |---|---|
//! | `429`, or an error that says the request was not sent | always |
//! | `409` with `Retry-After` | always |
//! | `408`, `500`, `502`, `503`, `504`, or an error that leaves it open | if [replay is safe](super::Replay) |
//! | any other answer, and errors that [no wait cures](TransportError::is_transient) | never |
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//! use bytes::Bytes;
//! use http::StatusCode;
//! use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
//! use entitlement_graph::transport::retry::{Retry, RetryPolicy};
//! use entitlement_graph::transport::{Request, Transport, TransportError};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), TransportError> {
//! let mut throttled = answer(StatusCode::TOO_MANY_REQUESTS, "");
//! throttled.headers_mut().insert("retry-after", 30.into());
//! let network = ScriptedTransport::new([Ok(throttled), Ok(answer(StatusCode::OK, "{}"))]);
//!
//! let clock = InstantClock::default();
//! let transport = Retry::new(network, RetryPolicy::default(), Arc::new(clock.clone()));
//! let answer = transport.send(Request::new(Bytes::new())).await?;
//! assert_eq!(answer.status(), StatusCode::OK);
//! assert_eq!(clock.waits(), [Duration::from_secs(30)]);
//! # Ok(())
//! # }
//! ```

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderName, StatusCode, header};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::{Replay, Request, Response, Transport, TransportError, retry_after};
use crate::clock::Clock;
use crate::seed;

/// Tells the service which retry this is, counted from 1.
pub(crate) const RETRY_ATTEMPT: HeaderName = HeaderName::from_static("retry-attempt");

/// How often and how patiently a request is sent again.
///
/// The wait before retry `n` is drawn between half and the whole of `base_delay * 2^(n-1)`, at most `max_delay`.
/// A `Retry-After` in the answer takes its place and is never cut short, not even to `max_delay`.
///
/// ```
/// use std::time::Duration;
/// use entitlement_graph::transport::retry::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(8).budget(Duration::from_secs(1800));
/// # let _ = patient;
/// ```
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    budget: Duration,
    seed: Option<u64>,
}

impl Default for RetryPolicy {
    /// Four attempts, delays from 1 s to 60 s, 300 s in all.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(60),
            budget: Duration::from_secs(300),
            seed: None,
        }
    }
}

impl RetryPolicy {
    /// Sends everything once.
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a request is sent at most, the first time included. Default 4.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The longest wait before the first retry; it doubles from there. Default 1 s.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The longest wait that this policy chooses by itself. Default 60 s.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// How long all waits of one request may take together. Default 300 s.
    ///
    /// A wait that does not fit is not begun: the last outcome is returned at once.
    #[must_use]
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Draws the waits from this seed, so that equal runs wait equally. By default each [`Retry`] draws its own.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    fn backoff(&self, retry: u32, rng: &mut ChaCha8Rng) -> Duration {
        let doubled = self
            .base_delay
            .saturating_mul(2_u32.saturating_pow(retry - 1));
        let half = doubled.min(self.max_delay) / 2;
        half + rng.random_range(Duration::ZERO..=half)
    }
}

/// A transport that sends a request again after a passing failure.
///
/// Retries carry the header `Retry-Attempt` and equal the first request otherwise. When nothing helps, the last
/// answer or error is returned as it came. Each retry leaves a `tracing` event at debug level.
#[derive(Debug)]
pub struct Retry<T> {
    inner: T,
    policy: RetryPolicy,
    clock: Arc<dyn Clock>,
    rng: Mutex<ChaCha8Rng>,
}

impl<T: Transport> Retry<T> {
    /// Retries what `inner` sends as `policy` says, waiting on `clock`.
    pub fn new(inner: T, policy: RetryPolicy, clock: Arc<dyn Clock>) -> Self {
        // Without a seed no two processes may wait in step, or they come back in step.
        let seed = policy.seed.unwrap_or_else(seed::ambient);
        Self {
            inner,
            policy,
            clock,
            rng: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
        }
    }

    /// What every single try goes through.
    pub(crate) fn inner(&self) -> &T {
        &self.inner
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// All the tries of a request that has not been sent yet.
    pub(crate) fn tries(&self) -> Tries {
        Tries {
            retries: 0,
            budget: self.policy.budget,
        }
    }

    /// How long to wait before what came to this outcome goes again; `None` if it must not, or not any more.
    pub(crate) fn next_wait(
        &self,
        tries: &Tries,
        outcome: &Result<Response, TransportError>,
        replay_is_safe: bool,
    ) -> Option<Duration> {
        let retry = tries.retries + 1;
        if retry >= self.policy.max_attempts || !may_go_again(outcome, replay_is_safe) {
            return None;
        }
        let wait = self.wait_before(retry, outcome);
        (wait <= tries.budget).then_some(wait)
    }

    /// How long to wait before the request goes again as retry number `retry`.
    fn wait_before(&self, retry: u32, outcome: &Result<Response, TransportError>) -> Duration {
        let asked = outcome
            .as_ref()
            .ok()
            .and_then(|answer| retry_after(answer.headers(), self.clock.now()));
        asked.unwrap_or_else(|| {
            let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
            self.policy.backoff(retry, &mut rng)
        })
    }
}

/// How often one request was sent again, and how long it may still wait.
#[derive(Clone, Debug)]
pub(crate) struct Tries {
    retries: u32,
    budget: Duration,
}

impl Tries {
    /// Notes that a wait is over and returns which retry comes now, counted from 1.
    pub(crate) fn spend(&mut self, wait: Duration) -> u32 {
        self.budget = self.budget.saturating_sub(wait);
        self.retries += 1;
        self.retries
    }

    /// Which retry the next sending is; 0 for the first.
    pub(crate) fn retries(&self) -> u32 {
        self.retries
    }
}

#[async_trait]
impl<T: Transport> Transport for Retry<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let replay_is_safe = Replay::is_safe(&request);
        let mut outcome = self.inner.send(request.clone()).await;
        let mut tries = self.tries();
        while let Some(wait) = self.next_wait(&tries, &outcome, replay_is_safe) {
            let retry = tries.spend(wait);
            tracing::debug!(
                method = %request.method(),
                status = outcome.as_ref().ok().map(|answer| answer.status().as_u16()),
                error = outcome.as_ref().err().map(|error| tracing::field::debug(error.kind())),
                attempt = retry + 1,
                ?wait,
                "the request will be sent again"
            );
            self.clock.sleep(wait).await;
            let mut again = request.clone();
            again.headers_mut().insert(RETRY_ATTEMPT, retry.into());
            outcome = self.inner.send(again).await;
        }
        outcome
    }
}

/// Two changes of one directory object at the same moment; the service asks to wait briefly and try again.
const CONCURRENCY_VIOLATION: &[u8] = b"\"Directory_ConcurrencyViolation\"";

fn mentions(body: &[u8], code: &[u8]) -> bool {
    body.windows(code.len()).any(|part| part == code)
}

fn may_go_again(outcome: &Result<Response, TransportError>, replay_is_safe: bool) -> bool {
    match outcome {
        Ok(answer) => match answer.status() {
            StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::CONFLICT => {
                answer.headers().contains_key(header::RETRY_AFTER)
                    || mentions(answer.body(), CONCURRENCY_VIOLATION)
            }
            StatusCode::REQUEST_TIMEOUT
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => replay_is_safe,
            _ => false,
        },
        Err(error) => {
            error.is_transient() && (replay_is_safe || !error.may_have_been_carried_out())
        }
    }
}
