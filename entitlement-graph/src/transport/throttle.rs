//! Keeps the load on the service within bounds.
//!
//! [`Throttle`] sends a limited number of requests at a time. When one of them is answered `429`, all others wait
//! as well: requests that come too early count against the quota and prolong the throttling.
//!
//! ```
//! use std::sync::Arc;
//! use entitlement_graph::clock::SystemClock;
//! use entitlement_graph::testing::ScriptedTransport;
//! use entitlement_graph::transport::throttle::Throttle;
//!
//! let network = ScriptedTransport::default();
//! let transport = Throttle::new(network, Arc::new(SystemClock)).max_concurrent(4);
//! # let _ = transport;
//! ```

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::{Request, Response, Transport, TransportError, retry_after};
use crate::clock::{Clock, moment_after, time_until};

const MAX_CONCURRENT: usize = 8;

/// The pause after a `429` that names none.
const UNNAMED_PAUSE: Duration = Duration::from_secs(1);

/// Longer pauses are not waited out. Silence for hours would look like a hang; the service's next `429` says more.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// A transport that limits concurrency and pauses for all after a `429`.
///
/// At most 8 requests are under way at a time unless [`max_concurrent`](Self::max_concurrent) says otherwise. A
/// `429` starts a pause of its `Retry-After`, or of 1 s without one, and every request waits until it is over.
/// Pauses above 300 s are left to the caller: requests go on to the service and bring back its answer.
///
/// The answer `429` itself is returned at once; sending that request again is up to [`Retry`](super::retry::Retry).
#[derive(Debug)]
pub struct Throttle<T> {
    inner: T,
    clock: Arc<dyn Clock>,
    permits: Semaphore,
    paused_until: Mutex<Timestamp>,
}

impl<T: Transport> Throttle<T> {
    /// Limits what `inner` sends, pausing on `clock`.
    pub fn new(inner: T, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            clock,
            permits: Semaphore::new(MAX_CONCURRENT),
            paused_until: Mutex::new(Timestamp::MIN),
        }
    }

    /// How many requests may be under way at a time, at least one. Default 8.
    #[must_use]
    pub fn max_concurrent(mut self, requests: usize) -> Self {
        self.permits = Semaphore::new(requests.clamp(1, Semaphore::MAX_PERMITS));
        self
    }

    fn pause_left(&self) -> Duration {
        let until = *self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        time_until(self.clock.now(), until)
    }

    fn pause_for(&self, pause: Duration) {
        let until = moment_after(self.clock.now(), pause);
        let mut paused_until = self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *paused_until = until.max(*paused_until);
    }
}

#[async_trait]
impl<T: Transport> Transport for Throttle<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        // Never closed, so this is always a permit.
        let _permit = self.permits.acquire().await;
        // Another answer may have prolonged the pause in the meantime.
        loop {
            let left = self.pause_left();
            if left.is_zero() || left > LONGEST_PAUSE {
                break;
            }
            self.clock.sleep(left).await;
        }
        let answer = self.inner.send(request).await?;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            let pause = retry_after(answer.headers(), self.clock.now()).unwrap_or(UNNAMED_PAUSE);
            tracing::debug!(?pause, "the service asked for a pause");
            self.pause_for(pause);
        }
        Ok(answer)
    }
}
