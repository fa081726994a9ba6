//! Decides for every call whether something goes wrong with it.

use entitlement_core::time::Timestamp;
use entitlement_graph::transport::Request;
use jiff::SignedDuration;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::call_limit::{CallLimit, Meter};
use super::fault::{Effect, Fault};
use super::patience::{EarlyCall, Patience};

/// The faults of a tenant, and how often each has struck.
#[derive(Debug)]
pub(crate) struct Injector {
    rules: Vec<Rule>,
    chance: ChaCha8Rng,
    meter: Meter,
    patience: Patience,
}

#[derive(Debug)]
struct Rule {
    fault: Fault,
    fitting: u32,
    hits: u32,
}

impl Injector {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self {
            rules: Vec::new(),
            chance: ChaCha8Rng::seed_from_u64(seed),
            meter: Meter::default(),
            patience: Patience::default(),
        }
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.rules.push(Rule {
            fault,
            fitting: 0,
            hits: 0,
        });
    }

    /// Nothing goes wrong any more.
    pub(crate) fn clear(&mut self) {
        self.rules.clear();
        self.meter.set(None);
    }

    pub(crate) fn limit(&mut self, limit: CallLimit) {
        self.meter.set(Some(limit));
    }

    pub(crate) fn early_calls(&self) -> &[EarlyCall] {
        &self.patience.early
    }

    /// An answer has reached its caller.
    pub(crate) fn answered(&mut self) {
        self.patience.answered();
    }

    /// What happens to a call, and whether it is carried out all the same; `None` if nothing goes wrong.
    pub(crate) fn strike(
        &mut self,
        now: Timestamp,
        request: &Request,
        who: &str,
    ) -> Option<(Effect, bool)> {
        let method = request.method();
        let path = request.uri().path();
        self.patience.called(now, who, method, path);
        let verdict = match self.meter.count(now, who, method) {
            Some(seconds) => Some(Fault::throttled(seconds).verdict()),
            None => self.rule(request, who),
        };
        if let Some((Effect::Fail(failure), _)) = &verdict
            && let Some(seconds) = failure.retry_after
            && let Ok(until) = now.checked_add(SignedDuration::from_secs(seconds.into()))
        {
            self.patience.told_to_wait(until, who, method, path);
        }
        verdict
    }

    fn rule(&mut self, request: &Request, who: &str) -> Option<(Effect, bool)> {
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        for rule in &mut self.rules {
            if rule.fault.is_used_up(rule.hits)
                || !rule.fault.fits(request.method(), uri.path(), query, who)
            {
                continue;
            }
            let is_due = rule.fault.is_due(rule.fitting);
            rule.fitting = rule.fitting.saturating_add(1);
            let probability = rule.fault.probability();
            if is_due && (probability >= 1.0 || self.chance.random_bool(probability)) {
                rule.hits = rule.hits.saturating_add(1);
                return Some(rule.fault.verdict());
            }
        }
        None
    }
}
