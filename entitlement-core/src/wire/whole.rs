//! What is sent when something is written back whole.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{RawObject, TYPE_TAG};

/// All of a value but what the service alone writes, and what it adds when it is read and refuses when it is written:
/// annotations and nulls (POL-6).
pub(crate) fn written(value: &impl Serialize, written_by_the_service: &[&str]) -> RawObject {
    let mut members = match serde_json::to_value(value) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    members.retain(|name, _| !written_by_the_service.contains(&name.as_str()));
    tidy_members(&mut members);
    members.into()
}

fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => tidy_members(members),
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn tidy_members(members: &mut Map<String, Value>) {
    members.retain(|name, value| !value.is_null() && (name == TYPE_TAG || !name.contains('@')));
    members.values_mut().for_each(tidy);
}
