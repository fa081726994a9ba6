use std::fmt::{self, Display};
use std::str::FromStr;

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, civil::Date};
use uuid::Uuid;

/// A constant in a filter expression.
///
/// Strings, numbers, booleans, points in time and GUIDs turn into a literal by themselves, so
/// `field("state").eq("delivered")` is all there is to write. [`Display`] gives
/// the text OData wants, with single quotes inside strings doubled.
///
/// Microsoft Graph writes the ids of entitlement management as quoted strings, and those of the
/// directory's licence plans as bare GUIDs: pass text for the former, a [`Uuid`] for the latter.
/// Enumeration members are quoted strings too.
///
/// ```
/// use entitlement_core::odata::Literal;
///
/// assert_eq!(Literal::from("Let's go").to_string(), "'Let''s go'");
/// assert_eq!(Literal::from(42).to_string(), "42");
/// assert_eq!(Literal::Null.to_string(), "null");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Literal {
    /// `null`: there is no value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number: `42`.
    Integer(i64),
    /// Any other number: `0.5`, `1e9`.
    Decimal(Decimal),
    /// Quoted text: `'General'`. Also the form of enumeration members and of most ids.
    String(String),
    /// A point in time, always rendered in UTC: `2026-03-01T09:30:00Z`.
    Timestamp(Timestamp),
    /// A calendar day: `2026-03-01`.
    Date(Date),
    /// A length of time: `duration'PT8H'`. A day counts 24 hours, as OData has it.
    Duration(SignedDuration),
    /// A GUID without quotes: `cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46`.
    Guid(Uuid),
}

impl Literal {
    /// Reads what is written without quotes: a number, a GUID, a point in time or a day.
    pub(super) fn from_bare(text: &str) -> Option<Self> {
        const GUID_LENGTH: usize = 36;
        if text.len() == GUID_LENGTH
            && let Ok(guid) = Uuid::try_parse(text)
        {
            return Some(Self::Guid(guid));
        }
        if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') {
            return None;
        }
        let integer = text.parse().map(Self::Integer).ok();
        integer
            .or_else(|| text.parse().map(Self::Decimal).ok())
            .or_else(|| {
                if text.contains(['T', 't']) {
                    text.parse().map(Self::Timestamp).ok()
                } else {
                    text.parse().map(Self::Date).ok()
                }
            })
    }

    /// Reads what stands between the quotes of `duration'…'`.
    pub(super) fn from_duration(text: &str) -> Option<Self> {
        if !text.trim_start_matches(['-', '+']).starts_with('P') {
            return None;
        }
        if let Ok(duration) = text.parse() {
            return Some(Self::Duration(duration));
        }
        let span: Span = text.parse().ok()?;
        if span.get_years() != 0 || span.get_months() != 0 || span.get_weeks() != 0 {
            return None;
        }
        let duration = span.to_duration(SpanRelativeTo::days_are_24_hours());
        duration.ok().map(Self::Duration)
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Decimal(value) => value.fmt(f),
            Self::String(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Timestamp(time) => write!(f, "{time}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Duration(duration) => write!(f, "duration'{duration}'"),
            Self::Guid(guid) => guid.fmt(f),
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<&String> for Literal {
    fn from(text: &String) -> Self {
        Self::String(text.clone())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for Literal {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<u32> for Literal {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<Decimal> for Literal {
    fn from(value: Decimal) -> Self {
        Self::Decimal(value)
    }
}

impl From<Timestamp> for Literal {
    fn from(time: Timestamp) -> Self {
        Self::Timestamp(time)
    }
}

impl From<Date> for Literal {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<SignedDuration> for Literal {
    fn from(duration: SignedDuration) -> Self {
        Self::Duration(duration)
    }
}

impl From<Uuid> for Literal {
    fn from(guid: Uuid) -> Self {
        Self::Guid(guid)
    }
}

/// A number that is not an [`i64`], kept as it was written.
///
/// Being text it loses no digit on the way, and `1.50` and `1.5` are different decimals. Use
/// [`to_f64`](Self::to_f64) to calculate with it.
///
/// ```
/// use entitlement_core::odata::Decimal;
///
/// let share: Decimal = "0.10".parse()?;
/// assert_eq!(share.to_string(), "0.10");
/// assert_eq!(share.to_f64(), 0.1);
/// # Ok::<(), entitlement_core::odata::InvalidDecimal>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// The number as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest number a machine calculates with; infinite when it is out of range.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads digits with an optional sign, fraction and exponent: `-1.5`, `2e-3`.
///
/// A whole number gets a fraction, so that it stays a decimal when it is read back: `5` is
/// `5.0`.
impl FromStr for Decimal {
    type Err = InvalidDecimal;

    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        if !is_number(text) {
            Err(InvalidDecimal { text: text.into() })
        } else if text.parse::<i64>().is_ok() {
            Ok(Self(format!("{text}.0")))
        } else {
            Ok(Self(text.into()))
        }
    }
}

/// Whether `text` is `[sign] digits [. digits] [e [sign] digits]`.
fn is_number(text: &str) -> bool {
    fn is_digits(text: &str) -> bool {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
    }
    fn unsigned(text: &str) -> &str {
        text.strip_prefix(['-', '+']).unwrap_or(text)
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    is_digits(unsigned(whole)) && is_digits(fraction) && is_digits(unsigned(exponent))
}

/// A text that is not a [`Decimal`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a decimal number: expected digits such as `-1.5` or `2e-3`")]
pub struct InvalidDecimal {
    text: String,
}

impl InvalidDecimal {
    /// The text that was refused.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_literals() {
        for (text, rendered) in [
            ("42", "42"),
            ("-7", "-7"),
            ("20240101", "20240101"),
            ("9223372036854775808", "9223372036854775808"),
            ("1.50", "1.50"),
            ("-2E+10", "-2E+10"),
            ("2024-01-31", "2024-01-31"),
            ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
            (
                "2024-01-31T10:00:00.4216782Z",
                "2024-01-31T10:00:00.4216782Z",
            ),
            ("2024-01-31T10:00:00+02:00", "2024-01-31T08:00:00Z"),
            (
                "CBDC14AB-d96c-4c30-b9f4-6ada7cdc1d46",
                "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
            ),
        ] {
            assert_eq!(Literal::from_bare(text).unwrap().to_string(), rendered);
        }
        for text in [
            "",
            "x",
            "1.",
            ".5",
            "1e",
            "2024-13-01",
            "2024-01-31T10:00:00",
            "12ab-34",
        ] {
            assert_eq!(Literal::from_bare(text), None, "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, rendered) in [
            ("P1D", "PT24H"),
            ("PT3H", "PT3H"),
            ("-PT0.5S", "-PT0.5S"),
            ("P14DT1M", "PT336H1M"),
        ] {
            let duration = Literal::from_duration(text).unwrap();
            assert_eq!(duration.to_string(), format!("duration'{rendered}'"));
        }
        for text in ["", "P", "P1M", "P1Y", "P1W", "1 day", "PT", "x"] {
            assert_eq!(Literal::from_duration(text), None, "{text}");
        }
    }

    #[test]
    fn decimals() {
        assert_eq!("5".parse::<Decimal>().unwrap().as_str(), "5.0");
        assert_eq!(
            "-5e-1".parse::<Decimal>().unwrap().to_f64().to_string(),
            "-0.5"
        );
        for text in ["", "-", "1.2.3", "1e2e3", "NaN", "inf", "١"] {
            assert_eq!(text.parse::<Decimal>().unwrap_err().text(), text);
        }
    }
}
