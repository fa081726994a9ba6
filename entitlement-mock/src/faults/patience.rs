//! Whether clients wait for as long as they are told to.

use std::collections::HashMap;
use std::fmt::{self, Display};

use entitlement_core::time::Timestamp;
use http::Method;

/// A call that was made again before the time that the service had asked for was over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EarlyCall {
    /// When it was made.
    pub at: Timestamp,
    /// When it should have been made at the earliest.
    pub not_before: Timestamp,
    /// Who made it.
    pub who: String,
    /// Its method.
    pub method: Method,
    /// Its path.
    pub path: String,
}

impl Display for EarlyCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} at {}, though told to wait until {}",
            self.who, self.method, self.path, self.at, self.not_before
        )
    }
}

/// Who calls, with which method, and what.
type Call = (String, Method, String);

/// Who was told to wait with what, and who did not.
#[derive(Debug, Default)]
pub(super) struct Patience {
    told: HashMap<Call, Timestamp>,
    /// Told in an answer that is still under way: the other calls of a batch cannot know of it.
    telling: Vec<(Call, Timestamp)>,
    pub(super) early: Vec<EarlyCall>,
}

impl Patience {
    pub(super) fn told_to_wait(
        &mut self,
        until: Timestamp,
        who: &str,
        method: &Method,
        path: &str,
    ) {
        let call = (who.to_owned(), method.clone(), path.to_owned());
        self.telling.push((call, until));
    }

    /// An answer has reached its caller.
    pub(super) fn answered(&mut self) {
        self.told.extend(self.telling.drain(..));
    }

    pub(super) fn called(&mut self, at: Timestamp, who: &str, method: &Method, path: &str) {
        if self.told.is_empty() {
            return;
        }
        let call = (who.to_owned(), method.clone(), path.to_owned());
        let Some(not_before) = self.told.remove(&call) else {
            return;
        };
        if at < not_before {
            let (who, method, path) = call;
            self.early.push(EarlyCall {
                at,
                not_before,
                who,
                method,
                path,
            });
        }
    }
}
