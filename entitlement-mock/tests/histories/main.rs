//! Laws that hold in every history: whatever people and administrators do in whatever order, however long they wait, and
//! whatever gets lost on the way.

mod laws;
mod nonsense;
mod stage;
mod step;

use entitlement_mock::Tenant;
use entitlement_mock::faults::Fault;
use entitlement_mock::lag::LagProfile;
use entitlement_mock::snapshot::Snapshot;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use stage::Stage;
use step::{Step, step};

/// A history: what happens, whether the service takes its time, and how much of what is said gets lost.
#[derive(Debug, Clone)]
struct History {
    seed: u64,
    steps: Vec<Step>,
    takes_its_time: bool,
    /// In percent.
    lost: u8,
}

fn history() -> impl Strategy<Value = History> {
    let steps = proptest::collection::vec(step(), 1..40);
    let lost = prop_oneof![3 => Just(0_u8), 1 => 1..40_u8];
    (any::<u64>(), steps, any::<bool>(), lost).prop_map(|(seed, steps, takes_its_time, lost)| {
        History {
            seed,
            steps,
            takes_its_time,
            lost,
        }
    })
}

impl History {
    fn stage(&self) -> Stage {
        let stage = Stage::set(self.seed);
        if self.takes_its_time {
            // New things are found at once, so that what is looked at is what there is.
            let mut lag = LagProfile::realistic();
            lag.replication = LagProfile::immediate().replication;
            // The laws compare members with what packages grant now.
            lag.role_changes = LagProfile::immediate().role_changes;
            lag.bulk_role_changes = LagProfile::immediate().bulk_role_changes;
            stage.tenant.set_lag(lag);
        }
        stage
    }
}

fn hold(law: Result<(), String>, after: usize, step: &Step) -> Result<(), TestCaseError> {
    law.map_err(|broken| TestCaseError::fail(format!("after step {after}, {step:?}: {broken}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// People are in groups exactly while an assignment grants it, hold a package at most once, and nothing outlives its
    /// deadline.
    #[test]
    fn the_laws_hold_after_every_step(history in history()) {
        let stage = history.stage();
        if history.lost > 0 {
            let chance = f64::from(history.lost) / 100.0;
            stage.tenant.inject(Fault::lost_answer().chance(chance).on_method("POST"));
            stage.tenant.inject(Fault::unavailable().chance(chance));
        }
        for (place, step) in history.steps.iter().enumerate() {
            stage.play(step);
            hold(laws::all(&stage), place, step)?;
        }
        stage.tenant.clear_faults();
        stage.tenant.clock().advance(entitlement_core::time::IsoDuration::days(60));
        hold(laws::all(&stage), history.steps.len(), &Step::Wait { hours: 60 * 24 })?;
    }

    /// A call that is refused leaves no trace.
    #[test]
    fn a_refused_call_changes_nothing(history in history()) {
        let stage = history.stage();
        for (place, step) in history.steps.iter().enumerate() {
            for call in stage.calls(step) {
                let before = stage.tenant.snapshot();
                let status = stage.make(&call);
                if status >= 400 {
                    let difference = before.difference(&stage.tenant.snapshot());
                    prop_assert!(
                        difference.is_empty(),
                        "step {place}, {call:?} is refused with {status} and changes: {difference}"
                    );
                }
                prop_assert!(status < 500, "step {place}, {call:?} fails with {status}");
            }
        }
    }

    /// A tenant that was written down and read again goes on as if nothing had happened.
    #[test]
    fn a_snapshot_that_is_read_again_behaves_the_same(history in history(), at in any::<prop::sample::Index>()) {
        let stage = history.stage();
        let half = at.index(history.steps.len());
        for step in &history.steps[..half] {
            stage.play(step);
        }
        let written = stage.tenant.snapshot().to_json();
        let read = Snapshot::from_json(&written).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let twin = stage.in_tenant(Tenant::restore(&read));
        for step in &history.steps[half..] {
            stage.play(step);
            twin.play(step);
        }
        let difference = stage.tenant.snapshot().difference(&twin.tenant.snapshot());
        prop_assert!(difference.is_empty(), "{difference}");
    }
}
