//! Reviews in two or three stages, one after the other.
//!
//! [`StageSettings`] say in a definition who reviews first and who next; a [`Stage`] is such a step of an instance.
//!
//! ```
//! use entitlement_core::access_review::reviewer::ReviewerScope;
//! use entitlement_core::access_review::stage::{NextStageDecision, StageSettings};
//! use entitlement_core::directory::User;
//! use entitlement_core::entity::Id;
//!
//! let deputy: Id<User> = "46184453-e63b-4f20-86c2-c557ed5d5df9".parse()?;
//! let first = StageSettings::open_for(3)
//!     .by(ReviewerScope::owners())
//!     .or_else(ReviewerScope::user(&deputy))
//!     .passing_on([NextStageDecision::Approve, NextStageDecision::NotReviewed]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use super::decision::DecisionItem;
use super::insight::InsightSetting;
use super::reviewer::{ReviewerScope, check_reviewers};
use super::status::Status;
use crate::entity::{Entity, Id, Listable};
use crate::time::Timestamp;
use crate::validate::Checker;
use crate::wire::open_enum::open_enum;
use crate::wire::{Expandable, RawObject};

open_enum! {
    /// Which decisions the next stage reviews again (`decisionsThatWillMoveToNextStage`, REV-62).
    NextStageDecision = "accessReviewNextStageDecision" {
        /// Access that stays.
        Approve = "Approve",
        /// Access that ends.
        Deny = "Deny",
        /// Access the service has a recommendation for.
        Recommendation = "Recommendation",
        /// Access nobody has reviewed.
        NotReviewed = "NotReviewed",
        /// Access a reviewer could not tell about.
        DontKnow = "DontKnow",
    }
}

/// Who reviews in one stage, and for how long
/// ([accessReviewStageSettings](https://learn.microsoft.com/graph/api/resources/accessreviewstagesettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StageSettings {
    /// The stage's name in `depends_on`: `1`, `2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage_id: Option<String>,
    /// The stage before this one; empty for the first.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub depends_on: Vec<String>,
    /// How many days it stays open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_in_days: Option<i32>,
    /// Who reviews; if nobody is named, people review their own access.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub reviewers: Vec<ReviewerScope>,
    /// Who reviews if the reviewers cannot be found.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub fallback_reviewers: Vec<ReviewerScope>,
    /// Whether reviewers see recommendations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendations_enabled: Option<bool>,
    /// What recommendations are made from.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub recommendation_insight_settings: Vec<InsightSetting>,
    /// Which decisions the next stage reviews again; the others are final.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub decisions_that_will_move_to_next_stage: Vec<NextStageDecision>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl StageSettings {
    /// A stage that stays open for so many days; still without reviewers.
    pub fn open_for(days: i32) -> Self {
        Self {
            duration_in_days: Some(days),
            ..Self::default()
        }
    }

    /// The same, reviewed by these too.
    pub fn by(mut self, reviewer: ReviewerScope) -> Self {
        self.reviewers.push(reviewer);
        self
    }

    /// The same, reviewed by these if the reviewers cannot be found.
    pub fn or_else(mut self, fallback: ReviewerScope) -> Self {
        self.fallback_reviewers.push(fallback);
        self
    }

    /// The same, with recommendations for the reviewers.
    pub fn with_recommendations(mut self) -> Self {
        self.recommendations_enabled = Some(true);
        self
    }

    /// The same, with the decisions that the next stage reviews again.
    pub fn passing_on(mut self, decisions: impl IntoIterator<Item = NextStageDecision>) -> Self {
        self.decisions_that_will_move_to_next_stage
            .extend(decisions);
        self
    }

    /// The same as the stage after `previous`, unless its place is said already.
    pub(super) fn placed_after(mut self, previous: &[Self]) -> Self {
        if self.stage_id.is_none() {
            self.stage_id = Some((previous.len() + 1).to_string());
            if self.depends_on.is_empty() {
                let before = previous.last().and_then(|stage| stage.stage_id.clone());
                self.depends_on.extend(before);
            }
        }
        self
    }

    fn check(&self, checker: &mut Checker) {
        checker.name("stageId", self.stage_id.as_deref().unwrap_or(""), "REV-60");
        checker.ensure(
            "durationInDays",
            self.duration_in_days.is_some_and(|days| days > 0),
            "REV-61",
            "is not a number of days",
            "say for how many days the stage stays open",
        );
        check_reviewers(checker, &self.reviewers, &self.fallback_reviewers);
    }
}

/// REV-60 and REV-61: two or three stages that form a row.
pub(super) fn check_stages(checker: &mut Checker, stages: &[StageSettings]) {
    if stages.is_empty() {
        return;
    }
    checker.each("stageSettings", stages, |c, stage| stage.check(c));
    checker.ensure(
        "stageSettings",
        (2..=3).contains(&stages.len()),
        "REV-60",
        format!(
            "has {}",
            if stages.len() == 1 {
                "1 stage".to_owned()
            } else {
                format!("{} stages", stages.len())
            }
        ),
        "use 2 or 3, or none",
    );
    checker.ensure(
        "stageSettings",
        in_order(stages).is_some(),
        "REV-61",
        "do not form a row",
        "let the first depend on nothing and every other on the one before it",
    );
}

/// The stages in the order they run; `None` unless they form a row (REV-61).
pub fn in_order(stages: &[StageSettings]) -> Option<Vec<&StageSettings>> {
    let mut row: Vec<&StageSettings> = Vec::with_capacity(stages.len());
    while row.len() < stages.len() {
        let before = row.last().map(|last| last.stage_id.as_deref());
        let mut next = stages
            .iter()
            .filter(|stage| match (before, stage.depends_on.as_slice()) {
                (None, []) => true,
                (Some(Some(before)), [only]) => only == before,
                _ => false,
            });
        let (Some(stage), None) = (next.next(), next.next()) else {
            return None;
        };
        // A name used twice would lead round and round.
        if row.iter().any(|earlier| earlier.stage_id == stage.stage_id) {
            return None;
        }
        row.push(stage);
    }
    Some(row)
}

/// One step of an instance ([accessReviewStage](https://learn.microsoft.com/graph/api/resources/accessreviewstage)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Stage {
    /// The stage's id.
    pub id: Id<Stage>,
    /// When it starts.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub start_date_time: Option<Timestamp>,
    /// When it ends.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub end_date_time: Option<Timestamp>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Who reviews.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub reviewers: Vec<ReviewerScope>,
    /// Who reviews if the reviewers cannot be found.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub fallback_reviewers: Vec<ReviewerScope>,
    /// What is decided.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub decisions: Expandable<Vec<DecisionItem>>,
}

impl Entity for Stage {
    const TYPE: &'static str = "accessReviewStage";
    const COLLECTION: &'static str =
        "identityGovernance/accessReviews/definitions/instances/stages";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Stage {}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(id: &str, after: &[&str]) -> StageSettings {
        StageSettings {
            stage_id: Some(id.to_owned()),
            depends_on: after.iter().copied().map(str::to_owned).collect(),
            ..StageSettings::open_for(1)
        }
    }

    #[test]
    fn stages_form_a_row_in_whatever_order_they_are_written() {
        let ids = |stages: &[StageSettings]| {
            let row = in_order(stages)?;
            row.iter()
                .map(|stage| stage.stage_id.clone())
                .collect::<Option<Vec<_>>>()
        };
        let row = [stage("b", &["a"]), stage("c", &["b"]), stage("a", &[])];
        assert_eq!(ids(&row).unwrap(), ["a", "b", "c"]);
        for crooked in [
            vec![stage("a", &[]), stage("b", &[])],
            vec![stage("a", &["b"]), stage("b", &["a"])],
            vec![stage("a", &[]), stage("b", &["a"]), stage("c", &["a"])],
            vec![stage("a", &[]), stage("b", &["x"])],
            vec![stage("a", &[]), stage("a", &["a"]), stage("b", &["a"])],
            vec![stage("a", &[]), stage("a", &["a"])],
            vec![stage("a", &[]), stage("b", &["c"]), stage("c", &["b"])],
        ] {
            assert_eq!(ids(&crooked), None, "{crooked:?}");
        }
    }
}
