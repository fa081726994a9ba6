//! Test doubles for the lowest layer: a transport that follows a script, and a clock on which no wait costs time.
//!
//! They are for what happens below the service: lost connections, odd headers, exact waits. Both are handles; a
//! clone shows what the original has seen.
//!
//! ```
//! use bytes::Bytes;
//! use http::StatusCode;
//! use entitlement_graph::testing::{ScriptedTransport, answer};
//! use entitlement_graph::transport::{Request, Transport, TransportError};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), TransportError> {
//! let network = ScriptedTransport::new([Ok(answer(StatusCode::NO_CONTENT, ""))]);
//! assert_eq!(network.send(Request::new(Bytes::new())).await?.status(), 204);
//! assert_eq!(network.requests().len(), 1);
//!
//! let over = network.send(Request::new(Bytes::new())).await.unwrap_err();
//! assert!(over.to_string().contains("script"));
//! # Ok(())
//! # }
//! ```

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;

use crate::clock::{Clock, moment_after};
use crate::transport::{Request, Response, Transport, TransportError, TransportErrorKind};

/// An answer with this status and body, and no headers.
pub fn answer(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status;
    answer
}

/// A transport that gives prepared answers in their order and remembers the requests.
///
/// When the script is over, it answers with an error that says so: certainly not sent, kind
/// [`Refused`](TransportErrorKind::Refused), so that nothing retries it.
#[derive(Clone, Debug, Default)]
pub struct ScriptedTransport(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    outcomes: VecDeque<Result<Response, TransportError>>,
    requests: Vec<Request>,
}

impl ScriptedTransport {
    /// A transport that answers with `outcomes`, the first one first.
    pub fn new(outcomes: impl IntoIterator<Item = Result<Response, TransportError>>) -> Self {
        let outcomes = outcomes.into_iter().collect();
        Self(Arc::new(Mutex::new(Script {
            outcomes,
            requests: Vec::new(),
        })))
    }

    /// Adds an outcome at the end of the script.
    pub fn push(&self, outcome: Result<Response, TransportError>) {
        self.script().outcomes.push_back(outcome);
    }

    /// The requests received so far, the first one first.
    pub fn requests(&self) -> Vec<Request> {
        self.script().requests.clone()
    }

    /// How many outcomes nobody has asked for yet.
    pub fn remaining(&self) -> usize {
        self.script().outcomes.len()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Transport for ScriptedTransport {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let mut script = self.script();
        script.requests.push(request);
        let over = || {
            Err(TransportError::not_sent(TransportErrorKind::Refused)
                .with_message("the script is over"))
        };
        script.outcomes.pop_front().unwrap_or_else(over)
    }
}

/// A virtual clock: sleeping moves it on at once.
///
/// It stands still otherwise. Each sleeper moves it by its own wait, so two waits of 30 s that would run side by
/// side on a real clock take 60 s here.
#[derive(Clone, Debug)]
pub struct InstantClock(Arc<Mutex<Dial>>);

#[derive(Debug)]
struct Dial {
    now: Timestamp,
    waits: Vec<Duration>,
}

impl InstantClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Dial {
            now,
            waits: Vec::new(),
        })))
    }

    /// Moves the clock on, as if `duration` had passed without anyone waiting for it.
    pub fn advance(&self, duration: Duration) {
        let mut dial = self.dial();
        dial.now = moment_after(dial.now, duration);
    }

    /// The waits so far, the first one first.
    pub fn waits(&self) -> Vec<Duration> {
        self.dial().waits.clone()
    }

    fn dial(&self) -> MutexGuard<'_, Dial> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InstantClock {
    /// A clock that shows 2025-01-01T00:00:00Z.
    fn default() -> Self {
        Self::new(Timestamp::constant(1_735_689_600, 0))
    }
}

#[async_trait]
impl Clock for InstantClock {
    fn now(&self) -> Timestamp {
        self.dial().now
    }

    async fn sleep(&self, duration: Duration) {
        self.dial().waits.push(duration);
        self.advance(duration);
    }
}
