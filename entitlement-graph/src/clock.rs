//! Where time comes from, and how waiting is done.
//!
//! Nothing in this crate reads the time of day or sleeps by itself: it asks a [`Clock`]. [`SystemClock`] is the
//! one for production. On a virtual clock such as [`InstantClock`](crate::testing::InstantClock) a wait of half an
//! hour costs nothing, and tests can assert it to the nanosecond.
//!
//! ```
//! use std::time::Duration;
//! use entitlement_graph::clock::Clock;
//! use entitlement_graph::testing::InstantClock;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let clock = InstantClock::default();
//! let before = clock.now();
//! clock.sleep(Duration::from_secs(1800)).await;
//! assert_eq!(clock.now().duration_since(before).as_secs(), 1800);
//! # }
//! ```

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// A source of time that can also wait.
///
/// # Contract
///
/// * When [`sleep`](Clock::sleep) returns, [`now`](Clock::now) has moved on by at least the duration asked for.
///   On a virtual clock sleeping is what moves time, so an implementation must not leave `now` where it was:
///   callers that wait for a moment to come would never see it.
/// * Waiting never blocks the thread.
/// * A dropped `sleep` future has no further effect.
#[async_trait]
pub trait Clock: Send + Sync + Debug {
    /// The current moment.
    fn now(&self) -> Timestamp;

    /// Waits until `duration` has passed on this clock.
    async fn sleep(&self, duration: Duration);
}

/// The clock of the operating system.
///
/// Sleeping uses Tokio's timer and panics outside of a Tokio runtime with time enabled.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the ambient time"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that really sleeps"
    )]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// How long it is from `now` until `moment`; zero when that has passed.
pub(crate) fn time_until(now: Timestamp, moment: Timestamp) -> Duration {
    Duration::try_from(now.duration_until(moment)).unwrap_or(Duration::ZERO)
}

/// The moment that lies `duration` after `now`, or the end of time when it lies beyond.
pub(crate) fn moment_after(now: Timestamp, duration: Duration) -> Timestamp {
    now.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleeping_moves_the_system_clock() {
        let before = SystemClock.now();
        SystemClock.sleep(Duration::from_millis(5)).await;
        assert!(SystemClock.now().duration_since(before).as_millis() >= 4);
    }

    #[test]
    fn moments_saturate() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(moment_after(now, Duration::MAX), Timestamp::MAX);
        assert_eq!(
            time_until(now, moment_after(now, Duration::from_millis(7))),
            Duration::from_millis(7)
        );
        assert_eq!(
            time_until(moment_after(now, Duration::from_secs(1)), now),
            Duration::ZERO
        );
    }
}
