//! Access reviews: what comes round, each time it does, and what was decided about whom.

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::ScheduleSettings;
use entitlement_core::access_review::stage::{NextStageDecision, StageSettings};
use entitlement_core::access_review::status::Status;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::Key;

/// A review as it was planned: the definition.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Review {
    /// What was written; reviews of a policy's assignments have one too (REV-10).
    pub(crate) definition: ScheduleDefinition,
    /// The policy whose settings it follows.
    pub(crate) policy: Option<Key>,
    pub(crate) created_by: Option<Key>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// From where the rhythm is counted (REV-11).
    pub(crate) first: Timestamp,
    /// When it comes round next; `None` if it does not.
    pub(crate) next: Option<Timestamp>,
}

/// One time that a review comes round.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Instance {
    pub(crate) review: Key,
    pub(crate) status: Status,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) scope: Scope,
    /// The settings of the start: later edits are for later instances (REV-16, REV-31).
    pub(crate) settings: ScheduleSettings,
    /// Those that have begun or are over; a review without stages has one that nobody sees.
    pub(crate) stages: Vec<Stage>,
    /// Whether it has stages that can be seen.
    pub(crate) is_staged: bool,
    /// Stages that have not begun (REV-61).
    pub(crate) later: Vec<StageSettings>,
    /// Everybody's access as it was at the start (REV-42).
    pub(crate) items: Vec<Item>,
    /// Who was asked by mail (REV-45).
    pub(crate) contacted: Vec<Contact>,
    pub(crate) applied: Option<Timestamp>,
    /// Who had the decisions applied; nobody if the service did by itself.
    pub(crate) applied_by: Option<Key>,
}

/// A span of an instance in which the same people review.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stage {
    pub(crate) id: Key,
    pub(crate) status: Status,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// Empty if people review their own access.
    pub(crate) reviewers: Vec<ReviewerScope>,
    pub(crate) fallback: Vec<ReviewerScope>,
    pub(crate) shows_recommendations: bool,
    /// Which decisions are looked at again by the next stage; empty for all (REV-62).
    pub(crate) passes_on: Vec<NextStageDecision>,
    /// What was decided by its end, by place; kept only if another stage follows.
    pub(crate) decided: Vec<Mark>,
}

/// A person who was asked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contact {
    pub(crate) person: Key,
    pub(crate) at: Timestamp,
}

/// One person's access to one thing. There may be millions of these, so they are small.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) principal: Key,
    pub(crate) access: Access,
    pub(crate) hint: Hint,
    pub(crate) result: Applied,
    /// The last stage that the item has got to.
    pub(crate) stage: u8,
    #[serde(flatten)]
    pub(crate) mark: Mark,
}

/// What a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Access {
    /// An assignment of a package.
    Assignment(Key),
    /// Membership in a group.
    Member(Key),
}

/// What was decided, and by whom.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mark {
    pub(crate) verdict: Verdict,
    /// Nothing if nobody decided, or the service did.
    pub(crate) note: Option<Box<Note>>,
}

/// Who decided, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Note {
    pub(crate) by: Key,
    pub(crate) at: Timestamp,
    pub(crate) justification: String,
}

/// A decision (REV-50).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Verdict {
    #[default]
    NotReviewed,
    Approve,
    Deny,
    DontKnow,
}

/// A recommendation (REV-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Hint {
    Approve,
    Deny,
    NoInfo,
}

/// What came of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Applied {
    /// It has not been applied.
    New,
    Done,
    /// The access was gone already.
    NothingThere,
}

/// Makes neighbouring places far apart; odd, so that no two places get the same number.
const SPREAD: u32 = 0x9E37_79B1;
/// Takes it back: `SPREAD * UNSPREAD` is 1.
const UNSPREAD: u32 = 0x0E8B_2F51;

impl Instance {
    /// The id of the decision at a place. It follows from the instance's own, so that it needs no room and no search.
    pub(crate) fn item_id(instance: Key, place: usize) -> Key {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        mixed(instance, place.wrapping_add(1).wrapping_mul(SPREAD))
    }

    /// The place of the decision with an id.
    pub(crate) fn place(&self, instance: Key, id: Key) -> Option<usize> {
        let low = |key: Key| key.as_u128() ^ instance.as_u128();
        let spread = u32::try_from(low(id)).ok()?;
        let place = spread.wrapping_mul(UNSPREAD).checked_sub(1)?;
        let place = usize::try_from(place).ok()?;
        (place < self.items.len()).then_some(place)
    }

    /// The stage that is open, or was last.
    pub(crate) fn stage(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// The place of the stage that is open, or was last.
    pub(crate) fn stage_place(&self) -> u8 {
        u8::try_from(self.stages.len().saturating_sub(1)).unwrap_or(u8::MAX)
    }

    /// How many stages can be seen.
    pub(crate) fn visible_stages(&self) -> usize {
        if self.is_staged { self.stages.len() } else { 0 }
    }

    /// What was decided about an item in a stage; `None` if the stage did not look at it.
    pub(crate) fn mark_in(&self, stage: usize, place: usize) -> Option<&Mark> {
        let item = self.items.get(place)?;
        let reached = usize::from(item.stage);
        if stage > reached || stage >= self.stages.len() {
            None
        } else if stage == reached {
            Some(&item.mark)
        } else {
            self.stages.get(stage)?.decided.get(place)
        }
    }

    /// Whether an item has got to the stage that is open.
    pub(crate) fn is_at_stake(&self, item: &Item) -> bool {
        item.stage == self.stage_place()
    }
}

fn mixed(instance: Key, bits: u32) -> Key {
    Key::from_u128(instance.as_u128() ^ u128::from(bits))
}

/// A report about reviews of the past (5.9).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct History {
    /// As it was written.
    pub(crate) definition: entitlement_core::access_review::history::HistoryDefinition,
    pub(crate) created_by: Option<Key>,
    pub(crate) created: Timestamp,
    /// When it runs next; `None` if it does not.
    pub(crate) next: Option<Timestamp>,
    pub(crate) runs: Vec<Run>,
}

/// One run of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Run {
    pub(crate) id: Key,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) at: Timestamp,
    /// Until when the file is kept.
    pub(crate) kept_until: Timestamp,
    /// Until when the address that was given out last is good.
    pub(crate) address_until: Option<Timestamp>,
    /// What such an address must have in it.
    pub(crate) signature: Option<Key>,
    /// The file.
    pub(crate) text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_small() {
        assert!(size_of::<Item>() <= 56, "{}", size_of::<Item>());
    }

    #[test]
    fn what_is_spread_is_found_again() {
        assert_eq!(SPREAD.wrapping_mul(UNSPREAD), 1);
        let instance = Key::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);
        let ids: Vec<Key> = (0..1000)
            .map(|place| Instance::item_id(instance, place))
            .collect();
        assert!(!ids.contains(&instance));
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len());
    }
}
