//! Instants and durations as Graph writes them.
//!
//! An instant is a [`Timestamp`] (RFC 3339, UTC, up to seven fraction digits on the wire); a duration is an
//! [`IsoDuration`] (`P30D`, `PT4H`), which keeps the units it was written in.
//!
//! ```
//! use entitlement_core::time::{IsoDuration, Timestamp};
//!
//! let start: Timestamp = "2026-01-01T09:00:00Z".parse()?;
//! let week: IsoDuration = "P7D".parse()?;
//! assert_eq!(week, IsoDuration::days(7));
//! assert_eq!(week.after(start).unwrap().to_string(), "2026-01-08T09:00:00Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt::{self, Display};
use std::str::FromStr;

pub use jiff::Timestamp;
pub use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An ISO 8601 duration (`Edm.Duration`), kept in the units it was written in.
///
/// `P1D` and `PT24H` last equally long and are still two values, so that what is read is written back unchanged. It may
/// be longer than any two instants are apart: some services say "for ever" by the longest duration that .NET knows.
///
/// ```
/// use entitlement_core::time::{IsoDuration, Timestamp};
///
/// let for_ever: IsoDuration = "P10675199DT2H48M5.4775807S".parse()?;
/// assert_eq!(for_ever.to_string(), "P10675199DT2H48M5.4775807S");
/// assert_eq!(for_ever.after("2026-01-01T09:00:00Z".parse()?), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct IsoDuration {
    is_negative: bool,
    years: u64,
    months: u64,
    weeks: u64,
    days: u64,
    hours: u64,
    minutes: u64,
    seconds: u64,
    nanoseconds: u64,
}

impl IsoDuration {
    /// No time at all, `PT0S`: Graph's way of saying that an escalation is off.
    pub fn zero() -> Self {
        Self::default()
    }

    /// Whole days of 24 hours: `P30D`.
    pub fn days(days: u32) -> Self {
        Self {
            days: days.into(),
            ..Self::zero()
        }
    }

    /// Whole hours: `PT4H`.
    pub fn hours(hours: u32) -> Self {
        Self {
            hours: hours.into(),
            ..Self::zero()
        }
    }

    /// Whole minutes: `PT45M`.
    pub fn minutes(minutes: u32) -> Self {
        Self {
            minutes: minutes.into(),
            ..Self::zero()
        }
    }

    /// Whole seconds: `PT30S`.
    pub fn seconds(seconds: u32) -> Self {
        Self {
            seconds: seconds.into(),
            ..Self::zero()
        }
    }

    /// Whether the duration uses years, months or weeks, which `Edm.Duration` does not know.
    pub fn has_calendar_units(&self) -> bool {
        self.years != 0 || self.months != 0 || self.weeks != 0
    }

    /// Whether no time passes.
    pub fn is_zero(&self) -> bool {
        *self == Self::zero()
    }

    /// Whether it points backwards in time.
    pub fn is_negative(&self) -> bool {
        self.is_negative
    }

    /// The length in whole seconds, a day being 24 hours; `None` for years and months, which have no fixed length, and
    /// for what is too long to be counted in seconds.
    pub fn total_seconds(&self) -> Option<i64> {
        if self.years != 0 || self.months != 0 {
            return None;
        }
        let days = i128::from(self.weeks) * 7 + i128::from(self.days);
        let seconds = days * 86_400
            + i128::from(self.hours) * 3_600
            + i128::from(self.minutes) * 60
            + i128::from(self.seconds);
        let signed = if self.is_negative { -seconds } else { seconds };
        signed.try_into().ok()
    }

    /// The length in days, if it is a whole number of them and written in units that `Edm.Duration` knows.
    pub fn whole_days(&self) -> Option<i64> {
        let seconds = self
            .total_seconds()
            .filter(|_| !self.has_calendar_units())?;
        (seconds % 86_400 == 0).then_some(seconds / 86_400)
    }

    /// The instant this long after `start`, a day being 24 hours; `None` past the end of time or for years and months.
    pub fn after(&self, start: Timestamp) -> Option<Timestamp> {
        let seconds = self.total_seconds()?;
        start
            .checked_add(jiff::SignedDuration::from_secs(seconds))
            .ok()
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(&text);
        let units = unsigned.strip_prefix('P')?;
        let (mut date, mut time) = match units.split_once('T') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None if units.is_empty() => return None,
            None => (units, ""),
        };
        let mut duration = Self {
            is_negative: false,
            years: whole(&mut date, 'Y')?,
            months: whole(&mut date, 'M')?,
            weeks: whole(&mut date, 'W')?,
            days: whole(&mut date, 'D')?,
            ..Self::zero()
        };
        let [hours, minutes, seconds] = [
            amount(&mut time, 'H')?,
            amount(&mut time, 'M')?,
            amount(&mut time, 'S')?,
        ];
        // What a fraction of an hour or minute is goes to the smaller units.
        let rest = hours.1 * 3_600 + minutes.1 * 60 + seconds.1;
        duration.hours = hours.0;
        duration.minutes = minutes.0.checked_add(rest / (60 * NANOSECONDS))?;
        duration.seconds = seconds.0.checked_add(rest / NANOSECONDS % 60)?;
        duration.nanoseconds = rest % NANOSECONDS;
        duration.is_negative = text.starts_with('-') && !duration.is_zero();
        (date.is_empty() && time.is_empty()).then_some(duration)
    }
}

/// In a second.
const NANOSECONDS: u64 = 1_000_000_000;

/// Takes the number in front of a unit off the text, and its fraction in billionths; 0 if the unit is not there.
fn amount(text: &mut &str, unit: char) -> Option<(u64, u64)> {
    let Some((number, rest)) = text.split_once(unit) else {
        return Some((0, 0));
    };
    *text = rest;
    let Some((whole, fraction)) = number.split_once(['.', ',']) else {
        return Some((digits(number)?, 0));
    };
    // Only the last number has a fraction.
    if !rest.is_empty() || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    Some((digits(whole)?, digits(&format!("{fraction:0<9}"))?))
}

/// The same where there is no fraction.
fn whole(text: &mut &str, unit: char) -> Option<u64> {
    let (whole, fraction) = amount(text, unit)?;
    (fraction == 0).then_some(whole)
}

fn digits(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl Display for IsoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_negative { "-P" } else { "P" })?;
        for (number, unit) in [
            (self.years, 'Y'),
            (self.months, 'M'),
            (self.weeks, 'W'),
            (self.days, 'D'),
        ] {
            if number != 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        let has_seconds = self.seconds != 0 || self.nanoseconds != 0 || self.is_zero();
        if self.hours != 0 || self.minutes != 0 || has_seconds {
            f.write_str("T")?;
        }
        for (number, unit) in [(self.hours, 'H'), (self.minutes, 'M')] {
            if number != 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        if !has_seconds {
            return Ok(());
        }
        write!(f, "{}", self.seconds)?;
        if self.nanoseconds != 0 {
            let fraction = format!("{:09}", self.nanoseconds);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("S")
    }
}

impl fmt::Debug for IsoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IsoDuration({self})")
    }
}

/// The text is not an ISO 8601 duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an ISO 8601 duration; write it like P30D, PT4H or P1DT12H")]
pub struct ParseDurationError {
    text: String,
}

impl FromStr for IsoDuration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text).ok_or_else(|| ParseDurationError {
            text: text.to_owned(),
        })
    }
}

impl Serialize for IsoDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IsoDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = IsoDuration;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 8601 duration such as P30D")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_in_its_own_units() {
        for text in [
            "P14D",
            "PT0S",
            "PT3H",
            "P1DT12H",
            "PT45M",
            "PT24H",
            "P2W",
            "P1M",
            "-P1D",
            "PT0.5S",
            "PT1M0.000000001S",
            "P1Y2M3W4DT5H6M7.89S",
            "P10675199DT2H48M5.4775807S",
            "-P10675199DT2H48M5.4775808S",
            "PT256204778H48M5.4775807S",
        ] {
            let duration: IsoDuration = text.parse().unwrap();
            assert_eq!(duration.to_string(), text);
        }
    }

    #[test]
    fn other_spellings_of_the_same_are_read() {
        for (text, same) in [
            ("p1dt2h", "P1DT2H"),
            ("+P1D", "P1D"),
            ("P0D", "PT0S"),
            ("-PT0S", "PT0S"),
            ("PT0M5.50S", "PT5.5S"),
            ("PT1,5S", "PT1.5S"),
            ("PT1.5H", "PT1H30M"),
            ("PT1H0.25M", "PT1H15S"),
            ("PT0.0001H", "PT0.36S"),
        ] {
            let read = text.parse::<IsoDuration>().unwrap();
            assert_eq!(read, same.parse().unwrap());
            assert_eq!(read.to_string(), same);
        }
    }

    #[test]
    fn friendly_or_foreign_texts_are_refused() {
        for text in [
            "",
            "30 days",
            "30 days, 0:00:00",
            "14",
            "P",
            "PT",
            "P1DT",
            "--P1D",
            "P-1D",
            "P+1D",
            "PD",
            "P1",
            "P1D2",
            "P1H",
            "PT1D",
            "P1D1M",
            "PT1M1H",
            "P1.5D",
            "PT1.5H1M",
            "PT.S",
            "PT1.S",
            "P1D ",
            "P99999999999999999999D",
            "PT0.1234567891S",
        ] {
            let refused = text.parse::<IsoDuration>().unwrap_err().to_string();
            assert!(refused.contains("P30D"), "{text}: {refused}");
        }
    }

    #[test]
    fn lengths() {
        assert_eq!(IsoDuration::days(2).total_seconds(), Some(172_800));
        assert_eq!(IsoDuration::hours(48).whole_days(), Some(2));
        assert_eq!(IsoDuration::hours(5).whole_days(), None);
        assert_eq!("P2W".parse::<IsoDuration>().unwrap().whole_days(), None);
        assert_eq!("P1M".parse::<IsoDuration>().unwrap().total_seconds(), None);
        assert_eq!(
            IsoDuration::days(u32::MAX).whole_days(),
            Some(4_294_967_295)
        );
        let longest: IsoDuration = "P10675199DT2H48M5.4775807S".parse().unwrap();
        assert_eq!(longest.total_seconds(), Some(922_337_203_685));
        let longer: IsoDuration = format!("P{}D", u64::MAX).parse().unwrap();
        assert_eq!(longer.total_seconds(), None);
    }
}
