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

use jiff::Span;
pub use jiff::Timestamp;
pub use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An ISO 8601 duration (`Edm.Duration`), kept in the units it was written in.
///
/// `P1D` and `PT24H` last equally long and are still two values, so that what is read is written back unchanged.
#[derive(Debug, Clone, Copy)]
pub struct IsoDuration(Span);

impl IsoDuration {
    /// No time at all, `PT0S`: Graph's way of saying that an escalation is off.
    pub fn zero() -> Self {
        Self(Span::new())
    }

    /// Whole days of 24 hours: `P30D`. Counts past about 7 million saturate.
    pub fn days(days: u32) -> Self {
        Self(Span::new().days(i64::from(days).min(7_304_484)))
    }

    /// Whole hours: `PT4H`. Counts past about 175 million saturate.
    pub fn hours(hours: u32) -> Self {
        Self(Span::new().hours(i64::from(hours).min(175_307_616)))
    }

    /// Whole minutes: `PT45M`.
    pub fn minutes(minutes: u32) -> Self {
        Self(Span::new().minutes(i64::from(minutes)))
    }

    /// Whole seconds: `PT30S`.
    pub fn seconds(seconds: u32) -> Self {
        Self(Span::new().seconds(i64::from(seconds)))
    }

    /// Whether the duration uses years, months or weeks, which `Edm.Duration` does not know.
    pub fn has_calendar_units(&self) -> bool {
        self.0.get_years() != 0 || self.0.get_months() != 0 || self.0.get_weeks() != 0
    }

    /// Whether no time passes.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether it points backwards in time.
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// The length in seconds, a day being 24 hours; `None` for years and months, which have no fixed length.
    pub fn total_seconds(&self) -> Option<i64> {
        if self.0.get_years() != 0 || self.0.get_months() != 0 {
            return None;
        }
        let days = i64::from(self.0.get_weeks()) * 7 + i64::from(self.0.get_days());
        let seconds = days * 86_400
            + i64::from(self.0.get_hours()) * 3_600
            + self.0.get_minutes() * 60
            + self.0.get_seconds();
        Some(seconds)
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
}

impl PartialEq for IsoDuration {
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

impl Eq for IsoDuration {}

impl Display for IsoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
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
        let refuse = || ParseDurationError {
            text: text.to_owned(),
        };
        // jiff also reads "30 days", which Graph does not.
        if !text.trim_start_matches(['-', '+']).starts_with(['P', 'p']) {
            return Err(refuse());
        }
        text.parse().map(Self).map_err(|_jiff| refuse())
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
            "P14D", "PT0S", "PT3H", "P1DT12H", "PT45M", "PT24H", "P2W", "P1M",
        ] {
            let duration: IsoDuration = text.parse().unwrap();
            assert_eq!(duration.to_string(), text);
        }
    }

    #[test]
    fn friendly_or_foreign_texts_are_refused() {
        for text in ["", "30 days", "30 days, 0:00:00", "14", "P"] {
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
    }
}
