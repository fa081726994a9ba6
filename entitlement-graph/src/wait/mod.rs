//! Waiting for the service to catch up: with patience, but not for ever, and never blindly.
//!
//! A [`Wait`] says how often to look and for how long. [`GraphClient::wait`] looks with a read of yours until a
//! judgement of yours says that it is [`Done`](Sight::Done). What passes by itself (a lost connection, a `503`) is
//! waited out, what does not (a `403`) ends the wait at once, and when time runs out [`TimedOut`] tells what was seen
//! last. All waiting is done on the client's [`Clock`](crate::clock::Clock).
//!
//! | I want to wait until … | method |
//! |---|---|
//! | something can be read, or is gone | [`Collection::wait_until_readable`], [`Collection::wait_until_gone`] |
//! | a request is settled, an assignment is delivered or over | module [`lifecycle`] |
//! | a resource has come into a catalog with its roles | [`wait_for_resource`](crate::entitlement::Entitlement::wait_for_resource) |
//! | anything else | [`GraphClient::wait`] |
//!
//! ```
//! use std::time::Duration;
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::core::catalog::{Catalog, CatalogState};
//! use entitlement_graph::core::entity::Id;
//! use entitlement_graph::wait::{Sight, Wait};
//!
//! # async fn example(client: &GraphClient, id: &Id<Catalog>) -> Result<(), entitlement_graph::Error> {
//! let catalogs = client.entitlement().catalogs();
//! let patience = Wait::default()
//!     .limit(Duration::from_secs(120))
//!     .on_progress(|progress| println!("{progress}"));
//! let published = client
//!     .wait(&patience, "the catalog to be published", || catalogs.get(id), |catalog: Catalog| {
//!         match &catalog.state {
//!             Some(CatalogState::Published) => Sight::Done(catalog),
//!             other => Sight::NotYet(format!("state {other:?}")),
//!         }
//!     })
//!     .await?;
//! # Ok(())
//! # }
//! ```

pub mod lifecycle;
pub(crate) mod timed_out;

use std::fmt::{self, Debug, Display};
use std::sync::Arc;
use std::time::Duration;

use entitlement_core::entity::{Entity, Id};
use http::StatusCode;
use jiff::Timestamp;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::client::GraphClient;
use crate::clock::{moment_after, time_until};
use crate::collection::Collection;
use crate::error::Error;

pub use timed_out::TimedOut;

/// How often to look, and for how long.
///
/// The pause between two looks doubles from the shortest to the longest; each is drawn between its half and its whole,
/// but is never shorter than the shortest. The last look is taken when the time is over, not before, and may itself
/// take as long as the client's [`RetryPolicy`](crate::transport::retry::RetryPolicy) lets one call take.
#[derive(Clone)]
#[must_use = "this only says how to wait"]
pub struct Wait {
    shortest_pause: Duration,
    longest_pause: Duration,
    limit: Duration,
    stable_reads: u32,
    seed: Option<u64>,
    on_progress: Option<Arc<Tell>>,
}

type Tell = dyn Fn(&Progress) + Send + Sync;

impl Default for Wait {
    /// Pauses from 2 s to 30 s, 10 minutes in all; one good look is enough.
    fn default() -> Self {
        Self {
            shortest_pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(30),
            limit: Duration::from_secs(600),
            stable_reads: 1,
            seed: None,
            on_progress: None,
        }
    }
}

impl Wait {
    /// The shortest pause between two looks. Default 2 s.
    pub fn shortest_pause(mut self, pause: Duration) -> Self {
        self.shortest_pause = pause;
        self
    }

    /// The longest pause between two looks. Default 30 s.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.longest_pause = pause;
        self
    }

    /// How long to wait in all. Default 10 minutes; zero looks once.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// How many looks in a row must be good, for services whose replicas disagree for a while. Default 1.
    pub fn stable_reads(mut self, reads: u32) -> Self {
        self.stable_reads = reads.max(1);
        self
    }

    /// Draws the pauses from this seed; by default they come from the client's.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Is told after every look that was not the last.
    pub fn on_progress(mut self, tell: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(tell));
        self
    }

    /// The same, when some of the time has gone by already.
    pub(crate) fn shortened_by(&self, gone: Duration) -> Self {
        self.clone().limit(self.limit.saturating_sub(gone))
    }

    /// The same, but not for longer than this.
    pub(crate) fn at_most(self, limit: Duration) -> Self {
        let limit = self.limit.min(limit);
        self.limit(limit)
    }

    /// How long to take "there is no such thing" for "not yet" of something that was made a moment ago.
    pub(crate) fn grace(&self) -> Duration {
        self.limit.min(Duration::from_secs(30))
    }

    /// Whether no time is left.
    pub(crate) fn is_over(&self) -> bool {
        self.limit.is_zero()
    }

    fn pause(&self, step: u32, rng: &mut ChaCha8Rng) -> Duration {
        let doubled = self
            .shortest_pause
            .saturating_mul(2_u32.saturating_pow(step));
        let whole = doubled.min(self.longest_pause).max(self.shortest_pause);
        let least = (whole / 2).max(self.shortest_pause);
        least + rng.random_range(Duration::ZERO..=whole.saturating_sub(least))
    }
}

impl Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("shortest_pause", &self.shortest_pause)
            .field("longest_pause", &self.longest_pause)
            .field("limit", &self.limit)
            .field("stable_reads", &self.stable_reads)
            .finish_non_exhaustive()
    }
}

/// What a look showed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "it is as wished or it is not; there is no third thing"
)]
pub enum Sight<T> {
    /// What was waited for has happened, and this is what comes of it.
    Done(T),
    /// It has not; the words end up in progress and in [`TimedOut`].
    NotYet(String),
}

/// How far waiting is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is waited for.
    pub what: String,
    /// What the last look showed, or why it failed.
    pub seen: String,
    /// How long every look has shown that.
    pub seen_for: Duration,
    /// How long it has been waited in all.
    pub waited: Duration,
    /// How often it was looked.
    pub reads: u32,
    /// How long until the next look.
    pub next_in: Duration,
}

impl Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waited = self.waited.as_secs_f64().round();
        write!(
            f,
            "waiting {waited} s for {}; so far: {}",
            self.what, self.seen
        )
    }
}

/// Turns "there is no such thing" into `None`, for reads of what may not be there yet.
///
/// # Errors
///
/// Every other error as it came.
pub fn if_found<T>(outcome: Result<T, Error>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the same read may fare better in a moment.
pub(crate) fn passes_by_itself(error: &Error) -> bool {
    match error {
        Error::Transport { source, .. } => source.is_transient(),
        Error::Service(error) => {
            error.code() == "Directory_ConcurrencyViolation"
                || matches!(
                    error.status(),
                    StatusCode::REQUEST_TIMEOUT
                        | StatusCode::TOO_MANY_REQUESTS
                        | StatusCode::INTERNAL_SERVER_ERROR
                        | StatusCode::BAD_GATEWAY
                        | StatusCode::SERVICE_UNAVAILABLE
                        | StatusCode::GATEWAY_TIMEOUT
                )
        }
        _ => false,
    }
}

/// What has been seen so far.
struct Watch {
    what: String,
    start: Timestamp,
    seen: String,
    since: Timestamp,
    reads: u32,
}

impl Watch {
    fn note(&mut self, seen: String, now: Timestamp) {
        if seen != self.seen {
            self.seen = seen;
            self.since = now;
        }
    }

    fn timed_out(self, now: Timestamp) -> TimedOut {
        TimedOut {
            seen_for: time_until(self.since, now),
            waited: time_until(self.start, now),
            what: self.what,
            last_seen: self.seen,
            reads: self.reads,
        }
    }

    fn progress(&self, now: Timestamp, next_in: Duration) -> Progress {
        Progress {
            what: self.what.clone(),
            seen: self.seen.clone(),
            seen_for: time_until(self.since, now),
            waited: time_until(self.start, now),
            reads: self.reads,
            next_in,
        }
    }
}

impl GraphClient {
    /// Reads again and again until `judge` says that what is read is as wished, and returns what it makes of it.
    ///
    /// `what` names what is waited for, for people. A read that fails for a passing reason counts as a look that
    /// showed the error. What is not there yet should be read as `Option`: see [`if_found`].
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] when the time is over; the read's own error if no wait cures it.
    pub async fn wait<V, T, R, F, J>(
        &self,
        wait: &Wait,
        what: impl Into<String>,
        mut read: R,
        mut judge: J,
    ) -> Result<T, Error>
    where
        R: FnMut() -> F,
        F: Future<Output = Result<V, Error>>,
        J: FnMut(V) -> Sight<T>,
    {
        let clock = self.clock();
        let start = clock.now();
        let deadline = moment_after(start, wait.limit);
        let mut rng = ChaCha8Rng::seed_from_u64(wait.seed.unwrap_or_else(|| self.next_seed()));
        let mut watch = Watch {
            what: what.into(),
            start,
            seen: String::new(),
            since: start,
            reads: 0,
        };
        let (mut step, mut good) = (0, 0);
        loop {
            let outcome = read().await;
            let now = clock.now();
            watch.reads += 1;
            match outcome {
                Ok(value) => match judge(value) {
                    Sight::Done(result) => {
                        good += 1;
                        if good >= wait.stable_reads {
                            return Ok(result);
                        }
                        watch.note("as wished, but not for long enough".to_owned(), now);
                    }
                    Sight::NotYet(seen) => {
                        good = 0;
                        watch.note(seen, now);
                    }
                },
                Err(error) if passes_by_itself(&error) => {
                    good = 0;
                    watch.note(error.to_string(), now);
                }
                Err(error) => return Err(error),
            }
            if now >= deadline {
                return Err(Error::TimedOut(Box::new(watch.timed_out(now))));
            }
            let pause = if good > 0 {
                wait.shortest_pause
            } else {
                wait.pause(step, &mut rng)
            };
            step = step.saturating_add(1);
            let pause = pause.min(time_until(now, deadline));
            if let Some(tell) = &wait.on_progress {
                tell(&watch.progress(now, pause));
            }
            tracing::debug!(what = %watch.what, seen = %watch.seen, ?pause, "not yet");
            clock.sleep(pause).await;
        }
    }
}

impl<E: Entity> Collection<E> {
    /// Waits until one can be read, which after its creation may take a while, and returns it.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::wait`].
    pub async fn wait_until_readable(&self, id: &Id<E>, wait: &Wait) -> Result<E, Error> {
        let what = format!("{} {id} to be readable", E::TYPE);
        let read = || async { if_found(self.get(id).await) };
        let judge = |found: Option<E>| match found {
            Some(entity) => Sight::Done(entity),
            None => Sight::NotYet("it is not found".to_owned()),
        };
        self.client().wait(wait, what, read, judge).await
    }

    /// Waits until one that was removed can no longer be read.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::wait`].
    pub async fn wait_until_gone(&self, id: &Id<E>, wait: &Wait) -> Result<(), Error> {
        let what = format!("{} {id} to be gone", E::TYPE);
        let read = || async { if_found(self.get(id).await) };
        let judge = |found: Option<E>| match found {
            None => Sight::Done(()),
            Some(_) => Sight::NotYet("it can still be read".to_owned()),
        };
        self.client().wait(wait, what, read, judge).await
    }
}
