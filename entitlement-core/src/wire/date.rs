//! Days: `2026-01-02`.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};

/// Reads a day; some answers give an instant where a day is declared, of which the day counts.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    let day = |text: String| {
        let day = text.split_once('T').map_or(text.as_str(), |(day, _)| day);
        day.parse().map_err(de::Error::custom)
    };
    text.map(day).transpose()
}
