//! A budget of calls that is really counted.

use std::collections::HashMap;

use entitlement_core::time::{IsoDuration, Timestamp};
use http::Method;
use serde::{Deserialize, Serialize};

/// How many calls an identity may make in a span of time, reads and writes counted apart; the rest are throttled.
///
/// Calls that are throttled count as well, so a client that does not wait stays throttled
/// ([throttling](https://learn.microsoft.com/graph/throttling)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallLimit {
    reads: u32,
    writes: u32,
    per: IsoDuration,
}

impl CallLimit {
    /// So many reads and so many writes in every span of time.
    pub fn new(reads: u32, writes: u32, per: IsoDuration) -> Self {
        Self { reads, writes, per }
    }
}

/// The calls of every identity in its present span.
#[derive(Debug, Default)]
pub(super) struct Meter {
    limit: Option<CallLimit>,
    spans: HashMap<(String, bool), Span>,
}

#[derive(Debug)]
struct Span {
    ends: Timestamp,
    calls: u32,
}

impl Meter {
    pub(super) fn set(&mut self, limit: Option<CallLimit>) {
        self.limit = limit;
        self.spans.clear();
    }

    /// Counts a call; returns for how many seconds the caller has to wait if it is one too many.
    pub(super) fn count(&mut self, now: Timestamp, who: &str, method: &Method) -> Option<u32> {
        let limit = self.limit?;
        let is_read = method == Method::GET || method == Method::HEAD;
        let most = if is_read { limit.reads } else { limit.writes };
        let ends = limit.per.after(now)?;
        let span = self
            .spans
            .entry((who.to_owned(), is_read))
            .or_insert(Span { ends, calls: 0 });
        if span.ends <= now {
            *span = Span { ends, calls: 0 };
        }
        span.calls = span.calls.saturating_add(1);
        if span.calls <= most {
            return None;
        }
        let left = span.ends.duration_since(now);
        let whole = left.as_secs() + i64::from(left.subsec_nanos() > 0);
        u32::try_from(whole).ok().map(|seconds| seconds.max(1))
    }
}
