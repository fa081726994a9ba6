//! How often the assignments of a policy are reviewed, and by whom.
//!
//! [`ReviewSettings`] belong to a policy and concern the assignments made under it (REV-1). What comes of them, the
//! instances and decisions, is found among the [access reviews](crate::access_review).
//!
//! ```
//! use entitlement_core::directory::User;
//! use entitlement_core::entity::Id;
//! use entitlement_core::policy::review::ReviewSettings;
//! use entitlement_core::subject_set::SubjectSet;
//! use entitlement_core::time::{IsoDuration, Timestamp};
//!
//! let deputy: Id<User> = "46184453-e63b-4f20-86c2-c557ed5d5df9".parse()?;
//! let first: Timestamp = "2026-01-01T00:00:00Z".parse()?;
//! let quarterly = ReviewSettings::every_months(3, first, IsoDuration::days(14)).by_manager(SubjectSet::user(&deputy));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::schedule::{
    Expiration, ExpirationType, Recurrence, RecurrenceRange, RecurrenceRangeType, Schedule,
};
use crate::subject_set::SubjectSet;
use crate::time::{IsoDuration, Timestamp};
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// What happens to access that nobody reviewed in time (`accessReviewExpirationBehavior`, REV-7).
    ExpirationBehavior = "accessReviewExpirationBehavior" {
        /// It stays.
        KeepAccess = "keepAccess",
        /// It ends.
        RemoveAccess = "removeAccess",
        /// The service's recommendation is followed.
        AcceptAccessRecommendation = "acceptAccessRecommendation",
    }
}

/// The reviews of a policy's assignments
/// ([accessPackageAssignmentReviewSettings](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentreviewsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReviewSettings {
    /// Whether there are reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_enabled: Option<bool>,
    /// The first start, how long a review stays open, and how often it comes round (REV-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// What happens to access that nobody reviewed in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration_behavior: Option<ExpirationBehavior>,
    /// Whether reviewers see a recommendation (REV-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_recommendation_enabled: Option<bool>,
    /// Whether reviewers must say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_reviewer_justification_required: Option<bool>,
    /// Whether people review their own access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_self_review: Option<bool>,
    /// Who reviews; empty for self reviews (REV-5).
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub primary_reviewers: Vec<SubjectSet>,
    /// Who reviews if the reviewer cannot be found (REV-6).
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub fallback_reviewers: Vec<SubjectSet>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl ReviewSettings {
    /// Reviews every `months` months from `first` on, each open for `open`; still without reviewers.
    pub fn every_months(months: i32, first: Timestamp, open: IsoDuration) -> Self {
        Self::recurring(Recurrence::every_months(months), first, open)
    }

    /// Reviews every `weeks` weeks from `first` on, each open for `open`; still without reviewers.
    pub fn every_weeks(weeks: i32, first: Timestamp, open: IsoDuration) -> Self {
        Self::recurring(Recurrence::every_weeks(weeks), first, open)
    }

    fn recurring(recurrence: Recurrence, first: Timestamp, open: IsoDuration) -> Self {
        Self {
            is_enabled: Some(true),
            schedule: Some(
                Schedule::starting(first)
                    .until(Expiration::after(open))
                    .every(recurrence),
            ),
            expiration_behavior: Some(ExpirationBehavior::KeepAccess),
            is_recommendation_enabled: Some(true),
            is_reviewer_justification_required: Some(true),
            is_self_review: Some(false),
            ..Self::default()
        }
    }

    /// The same, reviewed by each holder's manager, or by `fallback` where there is none.
    pub fn by_manager(mut self, fallback: SubjectSet) -> Self {
        self.primary_reviewers.push(SubjectSet::manager());
        self.fallback_reviewers.push(fallback);
        self
    }

    /// The same, reviewed by these.
    pub fn by(mut self, reviewer: SubjectSet) -> Self {
        self.primary_reviewers.push(reviewer);
        self
    }

    /// The same, reviewed by the holders themselves.
    pub fn by_holders(mut self) -> Self {
        self.is_self_review = Some(true);
        self
    }

    /// The same, with what happens to access that nobody reviewed in time.
    pub fn unreviewed(mut self, behavior: ExpirationBehavior) -> Self {
        self.expiration_behavior = Some(behavior);
        self
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        if self.is_enabled != Some(true) {
            return;
        }
        let own = self.is_self_review == Some(true);
        checker.ensure(
            "primaryReviewers",
            self.primary_reviewers.is_empty() == own,
            "REV-5",
            if own {
                "names reviewers of a self review"
            } else {
                "is empty"
            },
            "name reviewers, or let the holders review themselves",
        );
        for (name, reviewers) in [
            ("primaryReviewers", &self.primary_reviewers),
            ("fallbackReviewers", &self.fallback_reviewers),
        ] {
            checker.each(name, reviewers, |c, reviewer| {
                reviewer.check(c);
                let fine = matches!(
                    reviewer,
                    SubjectSet::SingleUser(_)
                        | SubjectSet::GroupMembers(_)
                        | SubjectSet::RequestorManager(_)
                        | SubjectSet::Unknown(_)
                );
                if !fine {
                    c.refuse(
                        "REV-5",
                        "cannot review",
                        "name users, groups, or the manager",
                    );
                }
            });
        }
        let unsure = self
            .primary_reviewers
            .iter()
            .any(SubjectSet::needs_fallback);
        checker.forbid(
            "fallbackReviewers",
            unsure && self.fallback_reviewers.is_empty(),
            "REV-6",
            "is empty although managers review, who may be missing",
            "name somebody who reviews in their place",
        );
        checker.field("schedule", |c| self.check_schedule(c));
    }

    /// REV-2 and REV-4: a review is open for less time than passes until the next.
    fn check_schedule(&self, checker: &mut Checker) {
        let schedule = self.schedule.clone().unwrap_or_default();
        checker.ensure(
            "startDateTime",
            schedule.start_date_time.is_some(),
            "REV-2",
            "is missing",
            "say when the first review starts",
        );
        if let Some(expiration) = &schedule.expiration {
            checker.field("expiration", |c| check_way_to_end(expiration, c));
        }
        let open = schedule
            .expiration
            .as_ref()
            .and_then(|expiration| expiration.duration);
        let open_days = open.and_then(|open| open.whole_days());
        let Some(open_days) = open_days.filter(|days| *days > 0) else {
            checker.ensure(
                "expiration.duration",
                false,
                "REV-2",
                "is not a number of days",
                "say how many days a review stays open, such as P14D",
            );
            return;
        };
        let Some(recurrence) = &schedule.recurrence else {
            return;
        };
        if let Some(range) = &recurrence.range {
            checker.field("recurrence.range", |c| check_range(range, c));
        }
        let Some(pattern) = &recurrence.pattern else {
            return;
        };
        checker.ensure(
            "recurrence.pattern.interval",
            pattern.interval > 0,
            "REV-2",
            format!("{} is not a rhythm", pattern.interval),
            "use 1 or more",
        );
        let Some(most) = pattern.most_days_open() else {
            return;
        };
        checker.ensure(
            "expiration.duration",
            open_days <= most,
            "REV-4",
            format!("{open_days} days reach into the next review"),
            format!("use at most {most} days with this recurrence"),
        );
    }
}

/// REV-2: a review is open for so many days, not until an instant.
fn check_way_to_end(expiration: &Expiration, checker: &mut Checker) {
    let fine = matches!(
        expiration.kind,
        Some(ExpirationType::AfterDuration | ExpirationType::Unknown(_))
    );
    checker.ensure(
        "type",
        fine,
        "REV-2",
        match &expiration.kind {
            Some(kind) => format!("is {kind}, which does not say how long a review stays open"),
            None => "is missing".to_owned(),
        },
        "use afterDuration",
    );
    checker.forbid(
        "endDateTime",
        expiration.end_date_time.is_some(),
        "REV-2",
        "would hold for one review only",
        "say how many days each review stays open, and leave it out",
    );
}

/// REV-2: how often there are reviews, or until when, is said where the range is to end.
fn check_range(range: &RecurrenceRange, checker: &mut Checker) {
    match range.kind {
        Some(RecurrenceRangeType::Numbered) => checker.ensure(
            "numberOfOccurrences",
            range.number_of_occurrences > 0,
            "REV-2",
            "is not a number of reviews",
            "say how many reviews there are, or use noEnd",
        ),
        Some(RecurrenceRangeType::EndDate) => checker.ensure(
            "endDate",
            range.end_date.is_some(),
            "REV-2",
            "is missing",
            "say until when there are reviews, or use noEnd",
        ),
        _ => {}
    }
}
