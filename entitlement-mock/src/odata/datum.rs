//! Values as filters and orders compare them: moments as moments and durations as durations, however they are written.

use std::borrow::Cow;
use std::cmp::Ordering;

use entitlement_core::odata::Literal;
use entitlement_core::time::{Date, Timestamp};
use jiff::{SignedDuration, Span, SpanRelativeTo, tz::TimeZone};
use serde_json::Value;
use uuid::Uuid;

/// A value in a comparison.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Datum<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Decimal(f64),
    Text(Cow<'a, str>),
    Moment(Timestamp),
    Day(Date),
    Duration(SignedDuration),
    Guid(Uuid),
    /// An object or a list, which compares with nothing.
    Structure,
}

impl From<Value> for Datum<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => number.as_i64().map_or_else(
                || Self::Decimal(number.as_f64().unwrap_or(f64::NAN)),
                Self::Integer,
            ),
            Value::String(text) => Self::Text(text.into()),
            Value::Array(_) | Value::Object(_) => Self::Structure,
        }
    }
}

impl<'a> From<&'a Literal> for Datum<'a> {
    fn from(literal: &'a Literal) -> Self {
        match literal {
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Integer(value) => Self::Integer(*value),
            Literal::Decimal(value) => Self::Decimal(value.to_f64()),
            Literal::String(text) => Self::Text(text.as_str().into()),
            Literal::Timestamp(moment) => Self::Moment(*moment),
            Literal::Date(day) => Self::Day(*day),
            Literal::Duration(duration) => Self::Duration(*duration),
            Literal::Guid(guid) => Self::Guid(*guid),
            _ => Self::Null,
        }
    }
}

impl Datum<'_> {
    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// How two values compare; `None` if they do not. Only null equals null.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        if let Some(order) = self.order_as_written(other) {
            return Some(order);
        }
        // What the wire writes as a text is compared as what the other side is.
        match (self, other) {
            (Self::Text(text), typed) => typed.read(text)?.order_as_written(typed),
            (typed, Self::Text(text)) => typed.order_as_written(&typed.read(text)?),
            _ => None,
        }
    }

    fn order_as_written(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Null, Self::Null) => Some(Ordering::Equal),
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(right)),
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(right)),
            (Self::Text(left), Self::Text(right)) => Some(order_texts(left, right)),
            (Self::Duration(left), Self::Duration(right)) => Some(left.cmp(right)),
            (Self::Guid(left), Self::Guid(right)) => Some(left.cmp(right)),
            (Self::Day(left), Self::Day(right)) => Some(left.cmp(right)),
            _ => match (self.number(), other.number()) {
                (Some(left), Some(right)) => left.partial_cmp(&right),
                _ => Some(self.moment()?.cmp(&other.moment()?)),
            },
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "whole numbers are compared as such; beside a fraction, a float is what there is"
    )]
    fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }

    /// A moment; a day is the moment at which it begins.
    fn moment(&self) -> Option<Timestamp> {
        match self {
            Self::Moment(moment) => Some(*moment),
            Self::Day(day) => day
                .to_zoned(TimeZone::UTC)
                .ok()
                .map(|zoned| zoned.timestamp()),
            _ => None,
        }
    }

    /// Reads a text as what this value is.
    fn read(&self, text: &str) -> Option<Self> {
        match self {
            Self::Moment(_) | Self::Day(_) => {
                moment(text).or_else(|| text.parse().ok().map(Self::Day))
            }
            Self::Duration(_) => duration(text).map(Self::Duration),
            Self::Guid(_) => Uuid::try_parse(text).ok().map(Self::Guid),
            _ => None,
        }
    }
}

fn moment(text: &str) -> Option<Datum<'static>> {
    let looks_like_one = text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T');
    looks_like_one.then(|| text.parse().ok().map(Datum::Moment))?
}

/// A day counts 24 hours here; months and years have no length.
fn duration(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return None;
    }
    let whole = span.to_duration(SpanRelativeTo::days_are_24_hours());
    whole.ok()
}

/// Texts compare without regard to case (OBJ-5); those that are moments on both sides compare as such, whatever
/// fraction digits they are written with.
fn order_texts(left: &str, right: &str) -> Ordering {
    if let (Some(Datum::Moment(left)), Some(Datum::Moment(right))) = (moment(left), moment(right)) {
        return left.cmp(&right);
    }
    if left.is_ascii() && right.is_ascii() {
        let (left, right) = (left.bytes(), right.bytes());
        let lower = |byte: u8| byte.to_ascii_lowercase();
        return left.map(lower).cmp(right.map(lower));
    }
    left.to_lowercase().cmp(&right.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(value: Value, literal: &Literal) -> Option<Ordering> {
        Datum::from(value).order(&literal.into())
    }

    #[test]
    fn values_compare_as_what_they_are() {
        let day: Literal = Literal::Date("2026-03-01".parse().unwrap());
        for (value, expected) in [
            ("2026-03-01T00:00:00Z", Some(Ordering::Equal)),
            ("2026-02-28T23:59:59.9999999Z", Some(Ordering::Less)),
            ("2026-03-02", Some(Ordering::Greater)),
            ("tomorrow", None),
        ] {
            assert_eq!(order(value.into(), &day), expected, "{value}");
        }
        let eight_hours = Literal::Duration(SignedDuration::from_hours(8));
        for (value, expected) in [
            ("PT480M", Some(Ordering::Equal)),
            ("P1D", Some(Ordering::Greater)),
            ("PT0.5S", Some(Ordering::Less)),
            ("P1M", None),
        ] {
            assert_eq!(order(value.into(), &eight_hours), expected, "{value}");
        }
        let guid = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46";
        let literal = Literal::Guid(guid.parse().unwrap());
        let shouted = guid.to_uppercase();
        assert_eq!(order(shouted.into(), &literal), Some(Ordering::Equal));
        assert_eq!(
            order(2.into(), &Literal::Decimal("2.50".parse().unwrap())),
            Some(Ordering::Less)
        );
        assert_eq!(
            order(i64::MAX.into(), &Literal::Integer(i64::MAX - 1)),
            Some(Ordering::Greater)
        );
        assert_eq!(order("2".into(), &Literal::Integer(2)), None);
        assert_eq!(order(Value::Null, &Literal::Null), Some(Ordering::Equal));
        assert_eq!(order(Value::Null, &Literal::Integer(0)), None);
    }
}
