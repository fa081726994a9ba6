//! Keeps the load on the service within bounds.
//!
//! [`Throttle`] sends a limited number of requests at a time, as fast as its [`ThrottlePolicy`] allows. When one of them
//! is answered `429`, all others of the same workload wait as well: requests that come too early count against the quota
//! and prolong the throttling.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use entitlement_graph::clock::SystemClock;
//! use entitlement_graph::testing::ScriptedTransport;
//! use entitlement_graph::transport::throttle::{Throttle, ThrottlePolicy};
//!
//! let network = ScriptedTransport::default();
//! let gentle = ThrottlePolicy::default().max_concurrent(4).pace(20, Duration::from_secs(1));
//! let transport = Throttle::new(network, gentle, Arc::new(SystemClock));
//! # let _ = transport;
//! ```

mod gate;
mod limit;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use jiff::Timestamp;

pub(crate) use gate::Gate;
use gate::Gates;
use limit::Limit;

use super::{Request, Response, Transport, TransportError, retry_after};
use crate::clock::{Clock, moment_after, time_until};

/// The pause after a `429` that names none.
const UNNAMED_PAUSE: Duration = Duration::from_secs(1);

/// Longer pauses are not waited out. Silence for hours would look like a hang; the service's next `429` says more.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// How many requests are sent at a time, and how fast.
///
/// ```
/// use entitlement_graph::transport::throttle::ThrottlePolicy;
///
/// let steady = ThrottlePolicy::default().max_concurrent(16).adaptive(false);
/// # let _ = steady;
/// ```
#[derive(Debug, Clone)]
pub struct ThrottlePolicy {
    max_concurrent: usize,
    spacing: Duration,
    is_adaptive: bool,
}

impl Default for ThrottlePolicy {
    /// Up to 8 requests at a time, fewer for a while after a `429`, with no pace of their own.
    fn default() -> Self {
        Self {
            max_concurrent: 8,
            spacing: Duration::ZERO,
            is_adaptive: true,
        }
    }
}

impl ThrottlePolicy {
    /// How many requests may be under way at a time, at least one. Default 8.
    #[must_use]
    pub fn max_concurrent(mut self, requests: usize) -> Self {
        self.max_concurrent = requests;
        self
    }

    /// Sends no more than so many requests in so long a time, evenly spaced. By default as fast as answers come:
    /// the quotas of entitlement management are not published.
    #[must_use]
    pub fn pace(mut self, requests: u32, per: Duration) -> Self {
        self.spacing = per / requests.max(1);
        self
    }

    /// Whether a `429` halves the number of requests at a time, which then grows back by one for each round of answers
    /// without. Default true.
    #[must_use]
    pub fn adaptive(mut self, is_adaptive: bool) -> Self {
        self.is_adaptive = is_adaptive;
        self
    }
}

/// What a request that stands for several calls asks of the service; an extension of the request.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// The gates that its calls go through.
    pub(crate) gates: Vec<Gate>,
    /// How many calls it is.
    pub(crate) calls: u32,
}

impl Load {
    fn of(request: &Request) -> Self {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self {
                gates: vec![Gate::of(request.method(), request.uri().path())],
                calls: 1,
            })
    }
}

/// A transport that limits concurrency and pace, and pauses a workload for all after a `429`.
///
/// A `429` starts a pause of its `Retry-After`, or of 1 s without one, and every request of the same kind waits until it
/// is over: reads and writes of entitlement management, of access reviews, of the directory and so on each have a pause
/// of their own. Pauses above 300 s are left to the caller: requests go on to the service and bring back its answer.
///
/// The answer `429` itself is returned at once; sending that request again is up to [`Retry`](super::retry::Retry).
#[derive(Debug)]
pub struct Throttle<T> {
    inner: T,
    clock: Arc<dyn Clock>,
    limit: Limit,
    policy: ThrottlePolicy,
    gates: Gates,
    /// When the next request may go, by the pace.
    next: Mutex<Timestamp>,
}

impl<T: Transport> Throttle<T> {
    /// Limits what `inner` sends as `policy` says, waiting on `clock`.
    pub fn new(inner: T, policy: ThrottlePolicy, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            clock,
            limit: Limit::new(policy.max_concurrent),
            policy,
            gates: Gates::default(),
            next: Mutex::new(Timestamp::MIN),
        }
    }

    /// Makes everybody at the gate pause if the answer asks for it.
    pub(crate) fn heed(&self, gate: Gate, answer: &Response) {
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            let now = self.clock.now();
            let pause = retry_after(answer.headers(), now).unwrap_or(UNNAMED_PAUSE);
            tracing::debug!(?pause, "the service asked for a pause");
            self.gates.pause(gate, now, pause);
        }
    }

    /// Takes the next places in the row and says how long it is until the first of them.
    fn until_next(&self, calls: u32) -> Duration {
        if self.policy.spacing.is_zero() {
            return Duration::ZERO;
        }
        let now = self.clock.now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = now.max(*next);
        *next = moment_after(mine, self.policy.spacing.saturating_mul(calls));
        time_until(now, mine)
    }
}

#[async_trait]
impl<T: Transport> Transport for Throttle<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let place = self.limit.place().await;
        let load = Load::of(&request);
        let turn = self.until_next(load.calls);
        if !turn.is_zero() {
            self.clock.sleep(turn).await;
        }
        // Another answer may have prolonged a pause in the meantime.
        loop {
            let now = self.clock.now();
            let pauses = load
                .gates
                .iter()
                .map(|gate| self.gates.pause_left(gate, now));
            let left = pauses.max().unwrap_or_default();
            if left.is_zero() || left > LONGEST_PAUSE {
                break;
            }
            self.clock.sleep(left).await;
        }
        let answer = self.inner.send(request).await?;
        for gate in load.gates {
            self.heed(gate, &answer);
        }
        if answer.status() != StatusCode::TOO_MANY_REQUESTS {
            place.went_well();
        } else if self.policy.is_adaptive {
            place.was_throttled();
        }
        Ok(answer)
    }
}
