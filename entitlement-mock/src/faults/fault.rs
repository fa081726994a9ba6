//! One thing that goes wrong, and with which calls.

use entitlement_core::time::IsoDuration;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};

/// Something that goes wrong with some of the calls; with all of them unless said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[must_use = "nothing goes wrong until the fault is injected"]
pub struct Fault {
    effect: Effect,
    /// The call is carried out all the same.
    #[serde(default)]
    after_effect: bool,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    by: Option<String>,
    /// How many calls that fit are let through first.
    #[serde(default)]
    skip: u32,
    /// Only every so-manieth call that fits is hit.
    #[serde(default = "one")]
    every: u32,
    /// How many calls are hit in all.
    #[serde(default)]
    times: Option<u32>,
    /// With what probability a call that fits is hit.
    #[serde(default = "certain")]
    chance: f64,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Effect {
    /// It fails in Graph's shape.
    Fail(Failure),
    /// Nothing comes back.
    Lose,
    /// It takes its time.
    Delay(IsoDuration),
    /// What comes back breaks off in the middle.
    Truncate,
    /// Something that is not Graph answers, in HTML.
    Html,
    /// The token of a page is not known any more.
    LosePageToken,
}

/// A failure in Graph's shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    pub(crate) status: u16,
    #[serde(default = "injected")]
    pub(crate) code: String,
    #[serde(default = "injected_message")]
    pub(crate) message: String,
    /// In seconds.
    #[serde(default)]
    pub(crate) retry_after: Option<u32>,
}

fn one() -> u32 {
    1
}

fn injected() -> String {
    "InjectedFault".to_owned()
}

fn injected_message() -> String {
    "An error was injected.".to_owned()
}

fn certain() -> f64 {
    1.0
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self {
            effect,
            after_effect: false,
            method: None,
            path: None,
            by: None,
            skip: 0,
            every: 1,
            times: None,
            chance: 1.0,
        }
    }

    /// The service is busy: 429 with `Retry-After`, in seconds.
    pub fn throttled(retry_after: u32) -> Self {
        Self::new(Effect::Fail(Failure {
            status: StatusCode::TOO_MANY_REQUESTS.as_u16(),
            code: "TooManyRequests".to_owned(),
            message: "Too many requests. Please retry later.".to_owned(),
            retry_after: Some(retry_after),
        }))
    }

    /// The service fails with a status, such as 503, and a code of its own.
    ///
    /// A status below 400 would be no failure; it is taken for 500.
    pub fn failing(status: u16, code: impl Into<String>) -> Self {
        Self::new(Effect::Fail(Failure {
            status: if status < 400 { 500 } else { status },
            code: code.into(),
            message: injected_message(),
            retry_after: None,
        }))
    }

    /// The service is not available: 503.
    pub fn unavailable() -> Self {
        Self::failing(503, "ServiceUnavailable")
    }

    /// Two calls got in each other's way: 409 `Directory_ConcurrencyViolation` (P6).
    pub fn write_race() -> Self {
        Self::failing(409, "Directory_ConcurrencyViolation")
    }

    /// The call is lost on its way and not carried out; nothing comes back.
    pub fn lost_request() -> Self {
        Self::new(Effect::Lose)
    }

    /// The call is carried out and its answer is lost (P5).
    pub fn lost_answer() -> Self {
        Self::new(Effect::Lose).after_effect()
    }

    /// The answer breaks off in the middle; the call is carried out.
    pub fn truncated_answer() -> Self {
        Self::new(Effect::Truncate).after_effect()
    }

    /// Something in between answers instead of Graph: 502 with a page of HTML.
    pub fn bad_gateway() -> Self {
        Self::new(Effect::Html)
    }

    /// The answer comes late: the tenant's clock moves on while the call is under way.
    pub fn slow(by: IsoDuration) -> Self {
        Self::new(Effect::Delay(by)).after_effect()
    }

    /// The token of the next page is not known any more.
    pub fn lost_page_token() -> Self {
        Self::new(Effect::LosePageToken)
    }

    /// The call is carried out before it fails.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Only calls with a method, and a path that ends like this; `*` stands for any one segment:
    /// `assignmentRequests/*/cancel`.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self.path = Some(path.to_owned());
        self
    }

    /// Only calls with a method.
    pub fn on_method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// Only calls by somebody: `app`, or a sign-in name.
    pub fn by(mut self, who: &str) -> Self {
        self.by = Some(who.to_owned());
        self
    }

    /// Lets so many calls through before anything goes wrong.
    pub fn skip(mut self, calls: u32) -> Self {
        self.skip = calls;
        self
    }

    /// Hits so many calls and no more.
    pub fn times(mut self, calls: u32) -> Self {
        self.times = Some(calls);
        self
    }

    /// Hits only the so-manieth call, counting from 1.
    pub fn nth(self, call: u32) -> Self {
        self.skip(call.saturating_sub(1)).times(1)
    }

    /// Hits only every so-manieth call.
    pub fn every(mut self, calls: u32) -> Self {
        self.every = calls.max(1);
        self
    }

    /// Hits a call with a probability between 0 and 1, by the tenant's seed.
    pub fn chance(mut self, probability: f64) -> Self {
        self.chance = if probability.is_nan() {
            0.0
        } else {
            probability.clamp(0.0, 1.0)
        };
        self
    }

    pub(super) fn fits(&self, method: &Method, path: &str, query: &str, who: &str) -> bool {
        let is_page = || query.contains("$skiptoken") || query.contains("%24skiptoken");
        let method_fits = self.method.as_deref();
        let method_fits = method_fits.is_none_or(|own| own.eq_ignore_ascii_case(method.as_str()));
        let by_fits = self
            .by
            .as_deref()
            .is_none_or(|own| own.eq_ignore_ascii_case(who));
        let path_fits = self.path.as_deref().is_none_or(|own| ends_like(path, own));
        let token_fits = self.effect != Effect::LosePageToken || is_page();
        method_fits && by_fits && path_fits && token_fits
    }

    /// Whether the call that is the so-manieth to fit, counting from 0, is up for being hit.
    pub(super) fn is_due(&self, fitting: u32) -> bool {
        let after_skipped = fitting.checked_sub(self.skip);
        after_skipped.is_some_and(|place| place % self.every.max(1) == 0)
    }

    pub(super) fn is_used_up(&self, hits: u32) -> bool {
        self.times.is_some_and(|times| hits >= times)
    }

    pub(super) fn probability(&self) -> f64 {
        if self.chance.is_nan() {
            0.0
        } else {
            self.chance.clamp(0.0, 1.0)
        }
    }

    pub(super) fn verdict(&self) -> (Effect, bool) {
        (self.effect.clone(), self.after_effect)
    }
}

/// Whether a path ends with the segments of a pattern.
fn ends_like(path: &str, pattern: &str) -> bool {
    let segments =
        |text: &'_ str| -> usize { text.split('/').filter(|part| !part.is_empty()).count() };
    let parts = |text| {
        str::split(text, '/')
            .filter(|part: &&str| !part.is_empty())
            .rev()
    };
    segments(path) >= segments(pattern)
        && parts(pattern)
            .zip(parts(path))
            .all(|(wanted, segment)| wanted == "*" || wanted.eq_ignore_ascii_case(segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_from_the_end() {
        let path = "/v1.0/identityGovernance/entitlementManagement/catalogs/42";
        for pattern in [
            "catalogs/*",
            "*",
            "entitlementManagement/Catalogs/42",
            "/catalogs/*/",
        ] {
            assert!(ends_like(path, pattern), "{pattern}");
        }
        for pattern in ["catalogs", "packages/*", "a/b/c/d/e/f/catalogs/42"] {
            assert!(!ends_like(path, pattern), "{pattern}");
        }
    }
}
