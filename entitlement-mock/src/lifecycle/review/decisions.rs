//! What is decided, by whom it may be, and what happens to what nobody decides.

use entitlement_core::access_review::settings::{DefaultDecision, ScheduleSettings};
use entitlement_core::access_review::stage::NextStageDecision;
use entitlement_core::time::Timestamp;

use crate::world::review::{Hint, Instance, Item, Mark, Note, Verdict};
use crate::world::table::Key;

/// A reviewer's decision on its way to some items.
#[derive(Debug, Clone)]
pub(crate) struct Ruling {
    pub(crate) verdict: Verdict,
    pub(crate) justification: String,
    pub(crate) by: Key,
    pub(crate) at: Timestamp,
}

impl Ruling {
    /// Writes the decision over what was decided before: the last one counts (REV-53).
    pub(crate) fn record(&self, item: &mut Item) {
        item.mark = Mark {
            verdict: self.verdict,
            note: Some(Box::new(Note {
                by: self.by,
                at: self.at,
                justification: self.justification.clone(),
            })),
        };
    }
}

/// What the service would decide, if it knows enough.
pub(crate) fn recommended(hint: Hint) -> Option<Verdict> {
    match hint {
        Hint::Approve => Some(Verdict::Approve),
        Hint::Deny => Some(Verdict::Deny),
        Hint::NoInfo => None,
    }
}

/// What becomes of items that nobody decides; `None` if they stay as they are and access is kept (REV-55).
pub(crate) fn default_of(settings: &ScheduleSettings) -> Option<&DefaultDecision> {
    settings
        .default_decision
        .as_ref()
        .filter(|_| settings.default_decision_enabled == Some(true))
        .filter(|decision| **decision != DefaultDecision::None)
}

/// Decides in the place of reviewers who did not (REV-55).
pub(crate) fn fill(instance: &mut Instance) {
    let Some(default) = default_of(&instance.settings).cloned() else {
        return;
    };
    for item in &mut instance.items {
        if item.mark.verdict != Verdict::NotReviewed {
            continue;
        }
        let verdict = match default {
            DefaultDecision::Approve => Some(Verdict::Approve),
            DefaultDecision::Deny => Some(Verdict::Deny),
            // With too little to go by there is nothing to accept, and access is kept.
            DefaultDecision::Recommendation => recommended(item.hint),
            _ => None,
        };
        if let Some(verdict) = verdict {
            item.mark = Mark {
                verdict,
                note: None,
            };
        }
    }
}

/// Ends a stage that others follow: keeps what was decided, and opens again what the next stage looks at (REV-62).
pub(crate) fn pass_on(instance: &mut Instance) {
    let place = instance.stage_place();
    let Some(stage) = instance.stages.last_mut() else {
        return;
    };
    stage.decided = instance
        .items
        .iter()
        .map(|item| item.mark.clone())
        .collect();
    for item in &mut instance.items {
        if item.stage == place && moves_on(&stage.passes_on, item) {
            item.stage = place.saturating_add(1);
            item.mark = Mark::default();
        }
    }
}

/// Whether the next stage looks at an item; without a list it looks at all.
fn moves_on(passes_on: &[NextStageDecision], item: &Item) -> bool {
    let verdict = item.mark.verdict;
    passes_on.is_empty()
        || passes_on.iter().any(|decision| match decision {
            NextStageDecision::Approve => verdict == Verdict::Approve,
            NextStageDecision::Deny => verdict == Verdict::Deny,
            NextStageDecision::NotReviewed => verdict == Verdict::NotReviewed,
            NextStageDecision::DontKnow => verdict == Verdict::DontKnow,
            NextStageDecision::Recommendation => recommended(item.hint) == Some(verdict),
            _ => false,
        })
}
