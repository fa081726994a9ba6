//! Days: `2026-01-02`.

use jiff::civil::Date;
use serde::Deserializer;

use super::text;

/// Reads a day; some answers give an instant where a day is declared, of which the day counts.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    text::optional(deserializer, "a day such as 2026-01-02", |text| {
        let day = text.split_once('T').map_or(text, |(day, _)| day);
        day.parse::<Date>().map(Some)
    })
}
