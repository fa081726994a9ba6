//! What the generators are made of.

use entitlement_core::wire;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) type Json = BoxedStrategy<Value>;

/// The JSON without what means nothing: nulls and empty lists.
pub(crate) fn meaning(json: Value) -> Value {
    let says_something = |json: &Value| !json.is_null() && *json != json!([]);
    match json {
        Value::Object(fields) => {
            let fields = fields
                .into_iter()
                .map(|(name, value)| (name, meaning(value)));
            fields.filter(|(_, value)| says_something(value)).collect()
        }
        Value::Array(items) => items.into_iter().map(meaning).collect(),
        other => other,
    }
}

/// Takes JSON through the model and back, twice.
pub(crate) fn round_trip<T>(json: Value) -> Result<(), TestCaseError>
where
    T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
{
    let decode = |json: &Value| -> Result<T, TestCaseError> {
        let text = json.to_string();
        wire::decode(text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))
    };
    let value = decode(&json)?;
    let again =
        serde_json::to_value(&value).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&decode(&again)?, &value);
    prop_assert_eq!(meaning(again), meaning(json));
    Ok(())
}

/// An object; a property whose name is followed by `?` may be missing or null.
macro_rules! object {
    ($($name:literal: $value:expr),* $(,)?) => { $crate::parts::object_of(vec![$(($name, $value)),*]) };
}
pub(crate) use object;

pub(crate) fn object_of(fields: Vec<(&'static str, Json)>) -> Json {
    let (names, values): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .map(|(name, value)| match name.strip_suffix('?') {
            Some(name) => (name, maybe(value)),
            None => (name, value.prop_map(Some).boxed()),
        })
        .unzip();
    let object = move |values: Vec<Option<Value>>| {
        let fields = names.iter().zip(values);
        let present = fields.filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        Value::Object(present.collect())
    };
    values.prop_map(object).boxed()
}

fn maybe(value: Json) -> BoxedStrategy<Option<Value>> {
    prop_oneof![3 => value.prop_map(Some), 1 => Just(None), 1 => Just(Some(Value::Null))].boxed()
}

pub(crate) fn list(item: Json) -> Json {
    vec(item, 0..3).prop_map(Value::from).boxed()
}

pub(crate) fn any_of(values: &'static [&'static str]) -> Json {
    select(values).prop_map(Value::from).boxed()
}

/// A known member, or one from the future.
pub(crate) fn member(known: &'static [&'static str]) -> Json {
    prop_oneof![9 => any_of(known), 1 => any_of(&["fromTheFuture", "Später"])].boxed()
}

pub(crate) fn text() -> Json {
    any_of(&[
        "",
        "Ada",
        "O'Neil & co",
        "Zugriff für 30 Tage ✓",
        "line\nbreak \"quoted\"",
        "#microsoft.graph.user",
    ])
}

pub(crate) fn id() -> Json {
    any_of(&[
        "a914b616-e04e-476b-aa37-91038f0b165b",
        "A914B616-E04E-476B-AA37-91038F0B165B",
        "00000000-0000-0000-0000-000000000000",
        "r1_s1",
        "ada@contoso.com",
    ])
}

/// Another entity, of which little is known.
pub(crate) fn named() -> Json {
    object! { "id": id(), "displayName?": text() }
}

/// Another entity, of which only the id is known.
pub(crate) fn bare() -> Json {
    object! { "id": id() }
}

pub(crate) fn flag() -> Json {
    any::<bool>().prop_map(Value::from).boxed()
}

pub(crate) fn number() -> Json {
    any::<i32>().prop_map(Value::from).boxed()
}

pub(crate) fn instant() -> Json {
    any_of(&[
        "2026-05-01T08:00:00Z",
        "2024-02-29T23:59:59.1234567Z",
        "0001-01-01T00:00:00Z",
        "9999-12-30T00:00:00Z",
    ])
}

pub(crate) fn duration() -> Json {
    prop_oneof![
        (1..4_000_u32).prop_map(|days| json!(format!("P{days}D"))),
        (1..2_000_u32).prop_map(|hours| json!(format!("PT{hours}H"))),
        (1..10_u32, 1..24_u32).prop_map(|(days, hours)| json!(format!("P{days}DT{hours}H"))),
        any_of(&[
            "PT0S",
            "P1M",
            "P2W",
            "PT45M",
            "-P1D",
            "PT0.25S",
            "P10675199DT2H48M5.4775807S",
            "-P10675199DT2H48M5.4775808S",
        ]),
    ]
    .boxed()
}

pub(crate) fn unknown() -> Json {
    any_of(&["from the future"])
        .prop_map(|value| json!({"deep": [value]}))
        .boxed()
}

pub(crate) fn long() -> Json {
    any::<i64>().prop_map(Value::from).boxed()
}

pub(crate) fn fraction() -> Json {
    any::<i16>()
        .prop_map(|eighths| json!(f64::from(eighths) / 8.0))
        .boxed()
}

pub(crate) fn date() -> Json {
    any_of(&["0001-01-01", "2026-05-01", "2028-02-29", "9999-12-31"])
}

/// A GUID that is declared as one, and not as the text of an id: its case means nothing.
pub(crate) fn guid() -> Json {
    any_of(&[
        "a914b616-e04e-476b-aa37-91038f0b165b",
        "00000000-0000-0000-0000-000000000000",
    ])
}

pub(crate) fn binary() -> Json {
    any_of(&["", "AQID", "PHhtbC8+", "/+8="])
}

pub(crate) fn tagged(kind: &'static str, fields: Json) -> Json {
    let tag = json!(format!("#microsoft.graph.{kind}"));
    let with_tag = move |mut fields: Value| {
        fields["@odata.type"] = tag.clone();
        fields
    };
    fields.prop_map(with_tag).boxed()
}

/// A kind that nobody knows yet.
pub(crate) fn from_the_future() -> Json {
    tagged("fromTheFuture", object! { "id": id(), "radius": number() })
}

pub(crate) fn one_of(kinds: Vec<Json>) -> Json {
    Union::new(kinds).boxed()
}
