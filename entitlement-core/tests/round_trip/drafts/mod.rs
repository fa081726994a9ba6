//! What the builders make is what the service will say: random valid drafts, read as their entities.

mod devices;
mod directory;
mod entitlement;
mod reviews;

use entitlement_core::entity::{Entity, Id};
use entitlement_core::time::{IsoDuration, Timestamp};
use entitlement_core::wire;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Serialize;
use serde_json::{Value, json};

use crate::parts::meaning;

/// Reads a draft as the entity that it will be once it has an id, and expects to find all of it there.
fn becomes<E: Entity + Serialize>(draft: &impl Serialize) -> Result<E, TestCaseError> {
    becomes_with(draft, |_| {})
}

/// The same, after what is only ever sent has been taken out, and what is nested has been lent its id.
fn becomes_with<E: Entity + Serialize>(
    draft: &impl Serialize,
    prepare: impl Fn(&mut Value),
) -> Result<E, TestCaseError> {
    let failed = |error: &dyn std::fmt::Display| TestCaseError::fail(error.to_string());
    let mut sent = serde_json::to_value(draft).map_err(|error| failed(&error))?;
    lend_id(&mut sent);
    prepare(&mut sent);
    let entity: E = wire::decode_value(sent.clone()).map_err(|error| failed(&error))?;
    let mut again = serde_json::to_value(&entity).map_err(|error| failed(&error))?;
    let tag = format!("#microsoft.graph.{}", E::TYPE);
    if sent["@odata.type"] == json!(tag) {
        // It says no more than the place does, and need not come back.
        again["@odata.type"] = tag.into();
    }
    prop_assert_eq!(meaning(again), meaning(sent));
    Ok(entity)
}

fn lend_id(value: &mut Value) {
    if let Value::Object(members) = value {
        members.entry("id").or_insert_with(|| "lent".into());
    }
}

/// A name that is not blank.
fn name() -> impl Strategy<Value = String> {
    "[ -~äöüß✓]{0,30}[a-z]"
}

/// Any words, none at all included.
fn words() -> impl Strategy<Value = String> {
    "[ -~äöüß✓\n]{0,40}"
}

fn maybe_words() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(words())
}

/// The id of something.
fn id<E: 'static>() -> impl Strategy<Value = Id<E>> {
    any::<u128>().prop_map(|bits| Id::from_uuid(uuid::Uuid::from_u128(bits)))
}

/// An instant of these decades, to a tenth of a microsecond.
fn instant() -> impl Strategy<Value = Timestamp> {
    (0..2_000_000_000_i64, 0..10_000_000_i32).prop_map(|(second, tick)| {
        Timestamp::new(second, tick * 100).expect("it is within jiff's range")
    })
}

fn days(range: std::ops::Range<u32>) -> impl Strategy<Value = IsoDuration> {
    range.prop_map(IsoDuration::days)
}

fn one<T: Clone + std::fmt::Debug + 'static>(members: &'static [T]) -> impl Strategy<Value = T> {
    select(members)
}
