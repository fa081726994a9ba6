//! What is known when waiting was given up.

use std::fmt::{self, Display};
use std::time::Duration;

/// It did not happen in time: what was last seen, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimedOut {
    /// What was waited for.
    pub what: String,
    /// What the last read showed, or why it failed.
    pub last_seen: String,
    /// How long every read had shown that.
    pub seen_for: Duration,
    /// How long it was waited in all.
    pub waited: Duration,
    /// How often it was looked.
    pub reads: u32,
}

impl Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |duration: Duration| duration.as_secs_f64().round();
        write!(
            f,
            "waited {} s for {} in vain: in {} reads, the last to show anything new was {} s ago: {}",
            seconds(self.waited),
            self.what,
            self.reads,
            seconds(self.seen_for),
            self.last_seen
        )
    }
}

impl std::error::Error for TimedOut {}
