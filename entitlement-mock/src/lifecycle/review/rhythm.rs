//! When a review comes round: a pure function of its first start and its recurrence.

use entitlement_core::schedule::{Recurrence, RecurrencePatternType, RecurrenceRangeType};
use entitlement_core::time::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

/// How far one occurrence is from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Days(i64),
    Months(i64),
}

/// A rhythm; without a step there is one occurrence only (REV-35).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rhythm {
    first: Timestamp,
    step: Option<Step>,
    /// The day of the month; the days that a month does not have are its last one.
    day: Option<i8>,
    /// How many occurrences there are at most.
    most: Option<i64>,
    /// The last day on which there is one.
    until: Option<Date>,
}

impl Rhythm {
    /// Reads a recurrence: only kind, interval and day of the month count (5.3).
    pub(crate) fn of(first: Timestamp, recurrence: Option<&Recurrence>) -> Self {
        let pattern = recurrence.and_then(|recurrence| recurrence.pattern.as_ref());
        let range = recurrence.and_then(|recurrence| recurrence.range.as_ref());
        let step = pattern.and_then(|pattern| {
            let interval = i64::from(pattern.interval.max(1));
            match pattern.kind {
                Some(RecurrencePatternType::Weekly) => Some(Step::Days(interval * 7)),
                Some(RecurrencePatternType::AbsoluteMonthly) => Some(Step::Months(interval)),
                _ => None,
            }
        });
        let monthly = matches!(step, Some(Step::Months(_)));
        let day = pattern
            .and_then(|pattern| i8::try_from(pattern.day_of_month).ok())
            .filter(|day| monthly && (1..=31).contains(day));
        let kind = range.and_then(|range| range.kind.as_ref());
        let most = range
            .filter(|range| {
                kind == Some(&RecurrenceRangeType::Numbered) && range.number_of_occurrences > 0
            })
            .map(|range| i64::from(range.number_of_occurrences));
        let until = range
            .filter(|_| kind == Some(&RecurrenceRangeType::EndDate))
            .and_then(|range| range.end_date);
        Self {
            first,
            step,
            day,
            most,
            until,
        }
    }

    /// The first occurrence; a day that comes round no more begins on the day itself.
    ///
    /// Occurrences that have passed are not made up for, unless it is the one of today.
    pub(crate) fn from(&self, now: Timestamp) -> Option<Timestamp> {
        let today = civil(now).date();
        let mut place = self.guess(now);
        loop {
            let moment = self.at(place)?;
            if moment >= now || civil(moment).date() == today {
                return Some(moment.max(now));
            }
            if self.step.is_none() {
                return Some(now);
            }
            place += 1;
        }
    }

    /// The occurrence after a moment.
    pub(crate) fn after(&self, moment: Timestamp) -> Option<Timestamp> {
        let mut place = self.guess(moment);
        loop {
            let next = self.at(place)?;
            if next > moment {
                return Some(next);
            }
            self.step?;
            place += 1;
        }
    }

    /// A place not after the last occurrence before a moment, so that nobody has to count from the beginning.
    fn guess(&self, moment: Timestamp) -> i64 {
        let days = moment.duration_since(self.first).as_hours() / 24;
        let period = match self.step {
            Some(Step::Days(days)) => days,
            Some(Step::Months(months)) => months * 31,
            None => return 0,
        };
        (days / period - 1).max(0)
    }

    /// The occurrence at a place.
    fn at(&self, place: i64) -> Option<Timestamp> {
        if self.most.is_some_and(|most| place >= most) {
            return None;
        }
        let first = civil(self.first);
        let moment = match self.step {
            None => (place == 0).then_some(first)?,
            Some(Step::Days(days)) => first
                .checked_add(Span::new().try_days(days.checked_mul(place)?).ok()?)
                .ok()?,
            Some(Step::Months(months)) => {
                let months = months.checked_mul(place)?;
                match self.day {
                    None => later(first, months)?,
                    Some(day) => {
                        let begun = on_day(first, day)? >= first;
                        on_day(
                            later(first.first_of_month(), months + i64::from(!begun))?,
                            day,
                        )?
                    }
                }
            }
        };
        if self.until.is_some_and(|until| moment.date() > until) {
            return None;
        }
        moment
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|zoned: Zoned| zoned.timestamp())
    }
}

fn civil(moment: Timestamp) -> DateTime {
    moment.to_zoned(TimeZone::UTC).datetime()
}

fn later(moment: DateTime, months: i64) -> Option<DateTime> {
    moment
        .checked_add(Span::new().try_months(months).ok()?)
        .ok()
}

/// The same time on a day of the month, or on the last one if there is no such day (5.8).
fn on_day(moment: DateTime, day: i8) -> Option<DateTime> {
    let day = day.min(moment.days_in_month());
    moment.with().day(day).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entitlement_core::wire;
    use serde_json::json;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn rhythm(first: &str, recurrence: serde_json::Value) -> Rhythm {
        let recurrence: Option<Recurrence> = wire::decode_value(recurrence).unwrap();
        Rhythm::of(moment(first), recurrence.as_ref())
    }

    fn days(rhythm: &Rhythm, count: usize) -> Vec<String> {
        let first = rhythm.from(rhythm.first);
        std::iter::successors(first, |last| rhythm.after(*last))
            .take(count)
            .map(|moment| moment.strftime("%m-%d").to_string())
            .collect()
    }

    #[test]
    fn months_that_are_too_short_give_their_last_day() {
        let monthly = json!({"pattern": {"type": "absoluteMonthly", "interval": 1}});
        let all = days(&rhythm("2026-01-31T09:00:00Z", monthly), 4);
        assert_eq!(all, ["01-31", "02-28", "03-31", "04-30"]);
    }

    #[test]
    fn a_day_of_the_month_begins_with_the_first_of_its_kind() {
        let fifth = json!({"pattern": {"type": "absoluteMonthly", "interval": 3, "dayOfMonth": 5}});
        let all = days(&rhythm("2026-01-15T09:00:00Z", fifth.clone()), 3);
        assert_eq!(all, ["02-05", "05-05", "08-05"]);
        assert_eq!(days(&rhythm("2026-01-05T09:00:00Z", fifth), 1), ["01-05"]);
    }

    #[test]
    fn ranges_come_to_an_end() {
        let pattern = json!({"type": "weekly", "interval": 2});
        let numbered =
            json!({"pattern": pattern, "range": {"type": "numbered", "numberOfOccurrences": 2}});
        assert_eq!(
            days(&rhythm("2026-01-01T00:00:00Z", numbered), 9),
            ["01-01", "01-15"]
        );
        let dated =
            json!({"pattern": pattern, "range": {"type": "endDate", "endDate": "2026-01-29"}});
        assert_eq!(days(&rhythm("2026-01-01T09:00:00Z", dated), 9).len(), 3);
        let once = json!({"range": {"type": "numbered", "numberOfOccurrences": 0}});
        assert_eq!(days(&rhythm("2026-01-01T09:00:00Z", once), 9).len(), 1);
    }

    #[test]
    fn what_has_passed_is_not_made_up_for() {
        let weekly = rhythm(
            "2020-01-01T00:00:00Z",
            json!({"pattern": {"type": "weekly", "interval": 1}}),
        );
        let next = weekly.from(moment("2026-01-02T10:00:00Z"));
        assert_eq!(next, Some(moment("2026-01-07T00:00:00Z")));
        let today = moment("2026-01-07T10:00:00Z");
        assert_eq!(weekly.from(today), Some(today));
        let once = rhythm("2020-01-01T00:00:00Z", json!(null));
        assert_eq!(once.from(today), Some(today));
        assert_eq!(once.after(today), None);
    }
}
