//! When access starts, how long it lasts, and how often something comes round again.
//!
//! A policy says how long access lasts with an [`Expiration`]; a request may ask for its own [`Schedule`]; a review
//! comes round by a [`Recurrence`].
//!
//! ```
//! use entitlement_core::schedule::{Expiration, Schedule};
//!
//! let week = Schedule::lasting(Expiration::after_days(7));
//! assert_eq!(
//!     serde_json::to_string(&week)?,
//!     r#"{"expiration":{"type":"afterDuration","duration":"P7D"}}"#
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::time::{Date, IsoDuration, Timestamp};
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// How an end is given (`expirationPatternType`).
    ExpirationType = "expirationPatternType" {
        /// Left to somebody else: a request leaves it to the policy.
        NotSpecified = "notSpecified",
        /// Never.
        NoExpiration = "noExpiration",
        /// At an instant.
        AfterDateTime = "afterDateTime",
        /// A while after the start.
        AfterDuration = "afterDuration",
    }
}

/// When access ends ([expirationPattern](https://learn.microsoft.com/graph/api/resources/expirationpattern)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Expiration {
    /// Which of the other two counts.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ExpirationType>,
    /// The end, with [`ExpirationType::AfterDateTime`].
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub end_date_time: Option<Timestamp>,
    /// The length, with [`ExpirationType::AfterDuration`]; days, hours and smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<IsoDuration>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl Expiration {
    fn of(kind: ExpirationType) -> Self {
        Self {
            kind: Some(kind),
            end_date_time: None,
            duration: None,
            unknown: RawObject::default(),
        }
    }

    /// Left to the policy.
    pub fn not_specified() -> Self {
        Self::of(ExpirationType::NotSpecified)
    }

    /// Access does not end by itself.
    pub fn never() -> Self {
        Self::of(ExpirationType::NoExpiration)
    }

    /// A number of days after the start.
    pub fn after_days(days: u32) -> Self {
        Self::after(IsoDuration::days(days))
    }

    /// A number of hours after the start.
    pub fn after_hours(hours: u32) -> Self {
        Self::after(IsoDuration::hours(hours))
    }

    /// A while after the start.
    pub fn after(duration: IsoDuration) -> Self {
        Self {
            duration: Some(duration),
            ..Self::of(ExpirationType::AfterDuration)
        }
    }

    /// At an instant.
    pub fn at(end: Timestamp) -> Self {
        Self {
            end_date_time: Some(end),
            ..Self::of(ExpirationType::AfterDateTime)
        }
    }

    /// Whether the end is left to somebody else.
    pub fn is_not_specified(&self) -> bool {
        matches!(self.kind, None | Some(ExpirationType::NotSpecified))
    }

    /// The end of access that starts at `start`; `None` if it does not end or the pattern leaves it open.
    pub fn end_from(&self, start: Timestamp) -> Option<Timestamp> {
        match self.kind {
            Some(ExpirationType::AfterDateTime) => self.end_date_time,
            Some(ExpirationType::AfterDuration) => self.duration?.after(start),
            _ => None,
        }
    }

    /// EXP-1 to EXP-3: exactly the property that the type asks for, in days and hours, at most ten years.
    pub(crate) fn check(&self, checker: &mut Checker) {
        let Some(kind) = &self.kind else {
            let problem = "is missing, so nothing says when access ends";
            let allowed = "say noExpiration, afterDateTime or afterDuration";
            return checker.ensure("type", false, "EXP-1", problem, allowed);
        };
        let (wants_end, wants_duration) = match kind {
            ExpirationType::AfterDateTime => (true, false),
            ExpirationType::AfterDuration => (false, true),
            ExpirationType::NotSpecified | ExpirationType::NoExpiration => (false, false),
            ExpirationType::Unknown(_) => return,
        };
        let (needed, unwanted) = ("is missing", "does not go with this type");
        if self.end_date_time.is_some() != wants_end {
            let problem = if wants_end { needed } else { unwanted };
            checker.ensure(
                "endDateTime",
                false,
                "EXP-1",
                problem,
                format!("only afterDateTime has one, and the type is {kind}"),
            );
        }
        if self.duration.is_some() != wants_duration {
            let problem = if wants_duration { needed } else { unwanted };
            checker.ensure(
                "duration",
                false,
                "EXP-1",
                problem,
                format!("only afterDuration has one, and the type is {kind}"),
            );
        }
        if let (true, Some(duration)) = (wants_duration, self.duration) {
            check_length(checker, duration);
        }
    }
}

/// EXP-2 and EXP-3: 0 to 3,660 days, in units of fixed length.
fn check_length(checker: &mut Checker, duration: IsoDuration) {
    let (rule, problem, allowed) = if duration.has_calendar_units() {
        let problem = format!("{duration} uses years, months or weeks");
        ("EXP-3", problem, "use days, hours and minutes")
    } else {
        let problem = format!("{duration} is out of range");
        ("EXP-2", problem, "use 0 to 3660 days")
    };
    let seconds = duration.total_seconds().unwrap_or(-1);
    let fine = !duration.has_calendar_units() && (0..=3_660 * 86_400).contains(&seconds);
    checker.ensure("duration", fine, rule, problem, allowed);
}

/// Start, end and recurrence
/// ([entitlementManagementSchedule](https://learn.microsoft.com/graph/api/resources/entitlementmanagementschedule)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Schedule {
    /// The start; missing means at once.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub start_date_time: Option<Timestamp>,
    /// The end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<Expiration>,
    /// How often it comes round; only reviews use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Box<Recurrence>>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl Schedule {
    /// From now on until the end.
    pub fn lasting(expiration: Expiration) -> Self {
        Self {
            expiration: Some(expiration),
            ..Self::default()
        }
    }

    /// From `start` on.
    pub fn starting(start: Timestamp) -> Self {
        Self {
            start_date_time: Some(start),
            ..Self::default()
        }
    }

    /// The same with an end.
    pub fn until(mut self, expiration: Expiration) -> Self {
        self.expiration = Some(expiration);
        self
    }

    /// The same, coming round again and again.
    pub fn every(mut self, recurrence: Recurrence) -> Self {
        self.recurrence = Some(Box::new(recurrence));
        self
    }

    pub(crate) fn check(&self, checker: &mut Checker) {
        if let Some(expiration) = &self.expiration {
            checker.field("expiration", |c| expiration.check(c));
            if let (Some(start), Some(end)) = (self.start_date_time, expiration.end_date_time) {
                checker.ensure(
                    "expiration.endDateTime",
                    end > start,
                    "EXP-1",
                    "is not after the start",
                    format!("use an instant after {start}"),
                );
            }
        }
    }
}

open_enum! {
    /// The unit of a recurrence (`recurrencePatternType`).
    RecurrencePatternType = "recurrencePatternType" {
        /// Every so many days.
        Daily = "daily",
        /// Every so many weeks, on given days.
        Weekly = "weekly",
        /// Every so many months, on a given day of the month.
        AbsoluteMonthly = "absoluteMonthly",
        /// Every so many months, on the first, second … given weekday.
        RelativeMonthly = "relativeMonthly",
        /// Every so many years, on a given date.
        AbsoluteYearly = "absoluteYearly",
        /// Every so many years, on the first, second … given weekday of a month.
        RelativeYearly = "relativeYearly",
    }
}

open_enum! {
    /// A day of the week (`dayOfWeek`).
    DayOfWeek = "dayOfWeek" {
        /// Sunday.
        Sunday = "sunday",
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
    }
}

open_enum! {
    /// Which weekday of a month (`weekIndex`).
    WeekIndex = "weekIndex" {
        /// The first.
        First = "first",
        /// The second.
        Second = "second",
        /// The third.
        Third = "third",
        /// The fourth.
        Fourth = "fourth",
        /// The last.
        Last = "last",
    }
}

open_enum! {
    /// How a recurrence ends (`recurrenceRangeType`).
    RecurrenceRangeType = "recurrenceRangeType" {
        /// On a date.
        EndDate = "endDate",
        /// Never.
        NoEnd = "noEnd",
        /// After so many times.
        Numbered = "numbered",
    }
}

/// How often something comes round
/// ([patternedRecurrence](https://learn.microsoft.com/graph/api/resources/patternedrecurrence)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Recurrence {
    /// The rhythm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<RecurrencePattern>,
    /// From when to when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<RecurrenceRange>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl Recurrence {
    /// Every `months` months without end; 1, 3, 6 and 12 are what the portal offers (REV-3).
    pub fn every_months(months: i32) -> Self {
        Self::without_end(RecurrencePatternType::AbsoluteMonthly, months)
    }

    /// Every `weeks` weeks without end.
    pub fn every_weeks(weeks: i32) -> Self {
        Self::without_end(RecurrencePatternType::Weekly, weeks)
    }

    fn without_end(kind: RecurrencePatternType, interval: i32) -> Self {
        Self {
            pattern: Some(RecurrencePattern {
                kind: Some(kind),
                interval,
                month: 0,
                day_of_month: 0,
                days_of_week: Vec::new(),
                first_day_of_week: None,
                index: None,
                unknown: RawObject::default(),
            }),
            range: Some(RecurrenceRange {
                kind: Some(RecurrenceRangeType::NoEnd),
                number_of_occurrences: 0,
                start_date: None,
                end_date: None,
                recurrence_time_zone: None,
                unknown: RawObject::default(),
            }),
            unknown: RawObject::default(),
        }
    }
}

/// The rhythm of a recurrence
/// ([recurrencePattern](https://learn.microsoft.com/graph/api/resources/recurrencepattern)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RecurrencePattern {
    /// The unit.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RecurrencePatternType>,
    /// Every so many units.
    pub interval: i32,
    /// The month, 1 to 12; 0 where it does not matter.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub month: i32,
    /// The day of the month, 1 to 31; 0 where it does not matter.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub day_of_month: i32,
    /// The days of the week.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub days_of_week: Vec<DayOfWeek>,
    /// The day a week begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day_of_week: Option<DayOfWeek>,
    /// Which weekday of the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<WeekIndex>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl RecurrencePattern {
    /// REV-4 and U-23: the most days that what recurs may stay open without reaching into its next time; `None` where
    /// no bound is known. The same weekday of a year may come round after 52 weeks.
    pub(crate) fn most_days_open(&self) -> Option<i64> {
        use RecurrencePatternType as Unit;
        let interval = i64::from(self.interval);
        if interval <= 0 {
            return None;
        }
        match (self.kind.as_ref()?, interval) {
            (Unit::Daily, days) => Some(days),
            (Unit::Weekly, weeks) => Some(weeks * 7),
            (Unit::AbsoluteMonthly | Unit::RelativeMonthly, months) => Some(match months {
                1 => 27,
                3 => 80,
                6 => 180,
                12 => 365,
                other => other * 28 - 1,
            }),
            (Unit::AbsoluteYearly, years) => Some(years * 365),
            (Unit::RelativeYearly, years) => Some(years * 52 * 7),
            (Unit::Unknown(_), _) => None,
        }
    }
}

/// From when to when something recurs
/// ([recurrenceRange](https://learn.microsoft.com/graph/api/resources/recurrencerange)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RecurrenceRange {
    /// How it ends.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RecurrenceRangeType>,
    /// After so many times; 0 where it does not matter.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub number_of_occurrences: i32,
    /// The first day.
    #[serde(
        default,
        deserialize_with = "crate::wire::date::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub start_date: Option<Date>,
    /// The last day.
    #[serde(
        default,
        deserialize_with = "crate::wire::date::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub end_date: Option<Date>,
    /// The time zone of the dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence_time_zone: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}
