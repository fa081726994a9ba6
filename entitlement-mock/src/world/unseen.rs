//! What was made so recently that it cannot be found yet.

use entitlement_core::time::Timestamp;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::table::Key;
use crate::lag::Lag;

/// Until when something cannot be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Until {
    Moment(Timestamp),
    Reads(u32),
    Never,
}

/// What cannot be found yet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Unseen(IndexMap<Key, Until>);

impl Unseen {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something cannot be found yet; looking for it counts.
    pub(crate) fn look_for(&mut self, key: Key, now: Timestamp) -> bool {
        let Some(until) = self.0.get_mut(&key) else {
            return false;
        };
        match until {
            Until::Moment(moment) if *moment > now => true,
            Until::Reads(reads) if *reads > 0 => {
                *reads -= 1;
                true
            }
            Until::Never => true,
            Until::Moment(_) | Until::Reads(_) => {
                self.0.shift_remove(&key);
                false
            }
        }
    }

    /// Something was made, and takes so long to get round.
    pub(crate) fn made(&mut self, key: Key, now: Timestamp, lag: Lag) {
        let until = match lag {
            Lag::None | Lag::AfterReads(0) => return,
            Lag::After(time) => Until::Moment(time.after(now).unwrap_or(now)),
            Lag::AfterReads(reads) => Until::Reads(reads),
            Lag::Never => Until::Never,
        };
        self.0.insert(key, until);
    }
}
