//! Time that moves only when it is told to, or when somebody waits.
//!
//! ```
//! use entitlement_core::time::IsoDuration;
//! use entitlement_mock::Tenant;
//!
//! let tenant = Tenant::new();
//! let before = tenant.clock().now();
//! tenant.clock().advance(IsoDuration::days(30));
//! assert_eq!(tenant.clock().now().duration_since(before).as_hours(), 30 * 24);
//! ```

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use entitlement_core::time::{IsoDuration, Timestamp};
use entitlement_graph::clock::Clock;

/// A tenant's clock. Clones are the same clock; a client that sleeps on it moves the tenant's time.
#[derive(Debug, Clone)]
pub struct VirtualClock(Arc<Mutex<Timestamp>>);

impl VirtualClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the clock on; what falls due on the way happens before the next call is answered.
    ///
    /// Years and months, which have no fixed length, and steps back move nothing.
    pub fn advance(&self, by: IsoDuration) {
        self.move_to(by.after(self.now()));
    }

    /// Moves the clock on to a moment; a moment that has passed moves nothing.
    pub fn advance_to(&self, moment: Timestamp) {
        self.move_to(Some(moment));
    }

    /// Shows another moment, which may have passed.
    pub(crate) fn set(&self, moment: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }

    fn move_to(&self, moment: Option<Timestamp>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(moment) = moment {
            *now = moment.max(*now);
        }
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    async fn sleep(&self, duration: Duration) {
        self.move_to(Some(
            Self::now(self)
                .checked_add(duration)
                .unwrap_or(Timestamp::MAX),
        ));
    }
}
