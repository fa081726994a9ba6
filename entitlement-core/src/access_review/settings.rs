//! How often a review comes round, how long it stays open, and what its decisions do.
//!
//! [`ScheduleSettings`] are the part of a [`definition`](super::definition) that is about time, mails and
//! consequences; how long each stage stays open is said by the [`stage`](super::stage)s instead.
//!
//! ```
//! use entitlement_core::access_review::settings::{DefaultDecision, ScheduleSettings};
//!
//! let quarterly = ScheduleSettings::every_months(3, "2026-01-01".parse()?, 14)
//!     .with_mails()
//!     .with_recommendations()
//!     .unreviewed(DefaultDecision::Deny)
//!     .applied_automatically();
//! assert_eq!(quarterly.instance_duration_in_days, Some(14));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use super::insight::InsightSetting;
use crate::schedule::{Recurrence, RecurrencePatternType};
use crate::subject_set::NoFields;
use crate::time::{Date, IsoDuration};
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;

open_enum! {
    /// What is decided about access that nobody reviewed in time (`defaultDecision`, REV-55).
    DefaultDecision = "accessReviewDefaultDecision" {
        /// Nothing: the access stays, not reviewed.
        None = "None",
        /// It stays.
        Approve = "Approve",
        /// It ends.
        Deny = "Deny",
        /// What the service recommends.
        Recommendation = "Recommendation",
    }
}

union! {
    /// What happens to access that is denied
    /// ([accessReviewApplyAction](https://learn.microsoft.com/graph/api/resources/accessreviewapplyaction)).
    ApplyAction = "accessReviewApplyAction" {
        /// It ends; what happens if nothing else is said.
        RemoveAccess(NoFields) = "#microsoft.graph.removeAccessApplyAction",
        /// Signing in is blocked, and 30 days later the account is deleted; only where just guests are reviewed.
        DisableAndDeleteUser(NoFields) = "#microsoft.graph.disableAndDeleteUserApplyAction",
    }
}

impl ApplyAction {
    /// The access ends.
    pub fn remove_access() -> Self {
        Self::RemoveAccess(NoFields::default())
    }

    /// The guest's account is blocked, and deleted 30 days later.
    pub fn disable_and_delete_user() -> Self {
        Self::DisableAndDeleteUser(NoFields::default())
    }
}

/// Rhythm, length and consequences of a review
/// ([accessReviewScheduleSettings](https://learn.microsoft.com/graph/api/resources/accessreviewschedulesettings)).
///
/// Whatever is not said is off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScheduleSettings {
    /// How many days an instance stays open; with stages, their sum counts instead (REV-61).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_duration_in_days: Option<i32>,
    /// How often it comes round, weekly or monthly, and from which day on; missing for once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// Whether decisions are carried out at the end without somebody asking for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_apply_decisions_enabled: Option<bool>,
    /// Whether `default_decision` counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_decision_enabled: Option<bool>,
    /// What is decided about access that nobody reviewed in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_decision: Option<DefaultDecision>,
    /// Whether reviewers see recommendations (REV-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendations_enabled: Option<bool>,
    /// How far back recommendations look, in days; not together with a sign-in insight, which has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation_look_back_duration: Option<IsoDuration>,
    /// What recommendations are made from.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub recommendation_insight_settings: Vec<InsightSetting>,
    /// Whether reviewers must say why, whatever they decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification_required_on_approval: Option<bool>,
    /// Whether reviewers and the review's maker get mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_notifications_enabled: Option<bool>,
    /// Whether reviewers are reminded at half time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder_notifications_enabled: Option<bool>,
    /// What happens to access that is denied; missing means that it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_actions: Option<Vec<ApplyAction>>,
    /// Whether later stages see what earlier ones decided (REV-63).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_histories_for_reviewers_enabled: Option<bool>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl ScheduleSettings {
    /// Once, from now on, open for so many days.
    pub fn once(open_days: i32) -> Self {
        Self {
            instance_duration_in_days: Some(open_days),
            ..Self::default()
        }
    }

    /// Every `weeks` weeks from `first` on, each time open for so many days.
    pub fn every_weeks(weeks: i32, first: Date, open_days: i32) -> Self {
        Self::recurring(Recurrence::every_weeks(weeks), first, open_days)
    }

    /// Every `months` months from `first` on, each time open for so many days.
    pub fn every_months(months: i32, first: Date, open_days: i32) -> Self {
        Self::recurring(Recurrence::every_months(months), first, open_days)
    }

    fn recurring(mut recurrence: Recurrence, first: Date, open_days: i32) -> Self {
        if let Some(range) = &mut recurrence.range {
            range.start_date = Some(first);
        }
        Self {
            recurrence: Some(recurrence),
            ..Self::once(open_days)
        }
    }

    /// The same, with mails at the start and reminders at half time.
    pub fn with_mails(mut self) -> Self {
        self.mail_notifications_enabled = Some(true);
        self.reminder_notifications_enabled = Some(true);
        self
    }

    /// The same, with recommendations for the reviewers.
    pub fn with_recommendations(mut self) -> Self {
        self.recommendations_enabled = Some(true);
        self
    }

    /// The same, with recommendations made from this too.
    pub fn with_insight(mut self, insight: InsightSetting) -> Self {
        self.recommendation_insight_settings.push(insight);
        self.with_recommendations()
    }

    /// The same, and reviewers must say why.
    pub fn with_justification(mut self) -> Self {
        self.justification_required_on_approval = Some(true);
        self
    }

    /// The same, with what is decided about access that nobody reviewed in time.
    pub fn unreviewed(mut self, decision: DefaultDecision) -> Self {
        self.default_decision_enabled = Some(decision != DefaultDecision::None);
        self.default_decision = Some(decision);
        self
    }

    /// The same, and decisions are carried out at the end without somebody asking for it.
    pub fn applied_automatically(mut self) -> Self {
        self.auto_apply_decisions_enabled = Some(true);
        self
    }

    /// The same, with what happens to access that is denied.
    pub fn on_denial(mut self, action: ApplyAction) -> Self {
        self.apply_actions.get_or_insert_default().push(action);
        self
    }

    /// The same, and later stages see what earlier ones decided.
    pub fn with_decision_histories(mut self) -> Self {
        self.decision_histories_for_reviewers_enabled = Some(true);
        self
    }

    /// REV-4 and U-23: the most days an instance may stay open; `None` if it does not come round.
    pub(super) fn most_days_open(&self) -> Option<i64> {
        self.recurrence.as_ref()?.pattern.as_ref()?.most_days_open()
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        if let Some(recurrence) = &self.recurrence {
            checker.field("recurrence", |c| check_recurrence(recurrence, c));
        }
        let decided =
            matches!(&self.default_decision, Some(decision) if *decision != DefaultDecision::None);
        checker.forbid(
            "defaultDecision",
            self.default_decision_enabled == Some(true) && !decided,
            "REV-55",
            "is missing although it is to count",
            "use Approve, Deny or Recommendation, or turn it off",
        );
        let signs_in =
            |insight: &InsightSetting| matches!(insight, InsightSetting::UserLastSignIn(_));
        checker.forbid(
            "recommendationLookBackDuration",
            self.recommendation_look_back_duration.is_some()
                && self.recommendation_insight_settings.iter().any(signs_in),
            "REV-9",
            "is said twice, here and in the insight about sign-ins",
            "say it in the insight only",
        );
    }
}

/// REV-2 and REV-35: weeks or months, from a day on.
fn check_recurrence(recurrence: &Recurrence, checker: &mut Checker) {
    let Some(pattern) = &recurrence.pattern else {
        return;
    };
    checker.ensure(
        "pattern.type",
        matches!(
            pattern.kind,
            Some(
                RecurrencePatternType::Weekly
                    | RecurrencePatternType::AbsoluteMonthly
                    | RecurrencePatternType::Unknown(_)
            )
        ),
        "REV-35",
        match &pattern.kind {
            Some(kind) => format!("{kind} is not a rhythm of reviews"),
            None => "is missing".to_owned(),
        },
        "use weekly or absoluteMonthly",
    );
    checker.ensure(
        "pattern.interval",
        pattern.interval > 0,
        "REV-35",
        format!("{} is not a rhythm", pattern.interval),
        "use 1 or more",
    );
    checker.ensure(
        "range.startDate",
        recurrence
            .range
            .as_ref()
            .is_some_and(|range| range.start_date.is_some()),
        "REV-35",
        "is missing",
        "say on which day the first review starts",
    );
}
