//! Instants in the one shape the service writes: `2026-01-02T03:04:05.123Z`.
//!
//! Half of an answer's fields can be instants, so the usual shape has a short way; any other goes through jiff.
//! .NET says "never" with the last instant of the year 9999, which jiff's calendar does not reach: it is read as
//! [`Timestamp::MAX`] and written back as what it was.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserializer, Serializer};

use super::text;

/// The largest instant of .NET.
const NEVER: &str = "9999-12-31T23:59:59.9999999Z";
/// The day on which it is.
const LAST_DAY: &str = "9999-12-31T";

/// Writes an instant, or `null`.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
pub(crate) fn serialize<S: Serializer>(
    instant: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) if *instant == Timestamp::MAX => serializer.serialize_str(NEVER),
        Some(instant) => serializer.collect_str(instant),
        None => serializer.serialize_none(),
    }
}

/// Reads an instant; `null` is none.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    text::optional(
        deserializer,
        "an instant such as 2026-01-02T03:04:05Z",
        |text| {
            let usual = parse_usual(text.as_bytes());
            match usual.map_or_else(|| text.parse(), Ok) {
                Err(_) if text.starts_with(LAST_DAY) && text.ends_with('Z') => {
                    Ok(Some(Timestamp::MAX))
                }
                instant => instant.map(Some),
            }
        },
    )
}

/// Reads `YYYY-MM-DDThh:mm:ss[.f]Z`; `None` for everything else, right or wrong.
fn parse_usual(text: &[u8]) -> Option<Timestamp> {
    let [y3, y2, y1, y0, b'-', m1, m0, b'-', d1, d0, b'T', time @ ..] = text else {
        return None;
    };
    let [h1, h0, b':', n1, n0, b':', s1, s0, fraction @ .., b'Z'] = time else {
        return None;
    };
    let year = number(&[*y3, *y2, *y1, *y0])?;
    let two = |tens: &u8, ones: &u8| i8::try_from(number(&[*tens, *ones])?).ok();
    let nanoseconds = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            (digits.len()..9).fold(number(digits)?, |value, _| value * 10)
        }
        _ => return None,
    };
    let civil = DateTime::new(
        i16::try_from(year).ok()?,
        two(m1, m0)?,
        two(d1, d0)?,
        two(h1, h0)?,
        two(n1, n0)?,
        two(s1, s0)?,
        nanoseconds,
    );
    Offset::UTC.to_timestamp(civil.ok()?).ok()
}

/// At most nine decimal digits as a number.
fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + i32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_and_jiff_agree() {
        for text in [
            "2026-01-02T03:04:05Z",
            "2024-02-29T23:59:59.1Z",
            "1999-12-31T00:00:00.1234567Z",
            "9999-12-30T22:00:00.999999999Z",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_usual(text.as_bytes()), Some(text.parse().unwrap()));
        }
    }

    #[test]
    fn never_as_dotnet_says_it_comes_back() {
        #[derive(serde::Serialize, serde::Deserialize)]
        struct Wire(#[serde(with = "super")] Option<Timestamp>);
        let json = "\"9999-12-31T23:59:59.9999999Z\"";
        let never: Wire = serde_json::from_str(json).unwrap();
        assert_eq!(never.0, Some(Timestamp::MAX));
        assert_eq!(serde_json::to_string(&never).unwrap(), json);
        assert!(serde_json::from_str::<Wire>("\"9999-12-32T00:00:00Z\"").is_err());
    }

    #[test]
    fn every_other_shape_is_left_to_jiff() {
        for text in [
            "2026-01-02T03:04:05+01:00",
            "2026-01-02t03:04:05z",
            "2026-02-30T03:04:05Z",
            "2026-01-02T03:04:60Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05.1234567890Z",
            "2026-01-0xT03:04:05Z",
            "",
        ] {
            assert_eq!(parse_usual(text.as_bytes()), None, "{text}");
        }
    }
}
