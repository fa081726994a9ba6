//! Holds the model against the official schema of Microsoft Graph v1.0, property by property.
//!
//! The schema is read from `$ENTITLEMENT_SHARED/graph/schema-v1.json`; without the variable the test says that it is
//! skipped and passes. For every type it proves, through JSON alone:
//!
//! | check | what holds |
//! |---|---|
//! | `type` | the model has a type of this name |
//! | `name` | the property is known, by exactly this spelling, and comes back as it went in |
//! | `kind` | another kind of JSON in its place is an error |
//! | `null` | null is accepted where the schema allows it |
//! | `members` | every member of an enum is known and spelt like this |
//!
//! And random objects of every type, with all that they may hold, come back with the same meaning.
//!
//! `gaps.txt` lists what does not hold yet, each with its reason; a gap that has closed is an error, so the list only
//! shrinks.

mod generated;
mod model;

use entitlement_core::inspect::{inspect, type_names};
use serde_json::{Value, json};

use crate::declared::{Property, Schema};
use crate::gaps::Gaps;
use crate::say;

/// The schema, if it is there.
fn schema() -> Option<Schema> {
    crate::folder().map(|folder| Schema::read(&folder))
}

/// Every type can be looked at, abstract ones through their kinds; there is no reason to leave one out.
#[test]
fn every_type_can_be_inspected() {
    let Some(schema) = schema() else { return };
    let inspectable: Vec<&str> = type_names().collect();
    let missing: Vec<&str> = schema
        .type_names()
        .filter(|name| !inspectable.contains(name))
        .collect();
    assert!(missing.is_empty(), "inspect does not know {missing:?}");
    for name in schema.type_names() {
        let minimal = schema.minimal(name);
        if let Err(error) = inspect(name, &minimal) {
            panic!("{minimal} is no {name}: {error}");
        }
    }
}

/// In a slot that takes several kinds, each is read as what it is, and nothing of it stays opaque.
///
/// These slots are the abstract types and `identity`; of a `directoryObject` only the id matters until it is read as
/// what it is.
#[test]
fn every_kind_is_known_in_the_slots_it_may_fill() {
    let Some(schema) = schema() else { return };
    let mut opaque = Vec::new();
    for name in schema.type_names().filter(|name| !schema.is_abstract(name)) {
        let slots = schema
            .bases(name)
            .filter(|base| schema.is_abstract(base) || *base == "identity");
        for base in slots {
            let mut minimal = schema.minimal(name);
            minimal["@odata.type"] = format!("#microsoft.graph.{name}").into();
            for property in schema.properties(name) {
                let mut object = minimal.clone();
                object[property.name.as_str()] = schema.sample(&property);
                match inspect(base, &object) {
                    Ok(inspection) if !inspection.unknown.contains(&property.name) => {}
                    Ok(_) => {
                        opaque.push(format!("{base} does not know {} of {name}", property.name));
                    }
                    Err(error) => opaque.push(format!("{object} is no {base}: {error}")),
                }
            }
        }
    }
    assert!(opaque.is_empty(), "{}", opaque.join("\n"));
}

#[test]
fn the_model_is_what_the_schema_says() {
    let Some(schema) = schema() else { return };
    let mut gaps = Gaps::new(include_str!("gaps.txt"));
    let mut checks = 0;
    for name in schema.type_names() {
        checks += 1;
        if !type_names().any(|known| known == name) {
            gaps.note(format!("{name} type"), "the model has no such type");
            continue;
        }
        let minimal = schema.minimal(name);
        if let Err(error) = inspect(name, &minimal) {
            gaps.note(
                format!("{name} type"),
                format!("{minimal} does not decode: {error}"),
            );
            continue;
        }
        for property in schema.properties(name) {
            checks += 1;
            for (check, problem) in problems(&schema, name, &minimal, &property) {
                gaps.note(format!("{name}.{} {check}", property.name), problem);
            }
        }
    }
    say(&format!(
        "schema: {checks} types and properties, {}",
        gaps.summary()
    ));
    gaps.verdict();
}

/// What is wrong with one property of a type.
fn problems(
    schema: &Schema,
    name: &str,
    minimal: &Value,
    property: &Property,
) -> Vec<(&'static str, String)> {
    let with = |value: Value| {
        let mut object = minimal.clone();
        object[property.name.as_str()] = value;
        object
    };
    let mut problems = Vec::new();
    let sample = schema.sample(property);
    match inspect(name, &with(sample.clone())) {
        Err(error) => problems.push(("name", format!("{sample} does not decode: {error}"))),
        Ok(inspection) => {
            let returned = &inspection.value[property.name.as_str()];
            if inspection.unknown.contains(&property.name) {
                problems.push(("name", "the model does not know it".to_owned()));
                return problems;
            }
            if !contains(returned, &sample) {
                problems.push(("name", format!("{sample} comes back as {returned}")));
            }
        }
    }
    for wrong in schema.wrong_kinds(property) {
        if inspect(name, &with(wrong.clone())).is_ok() {
            problems.push(("kind", format!("{wrong} is accepted")));
        }
    }
    if property.nullable
        && let Err(error) = inspect(name, &with(Value::Null))
    {
        problems.push(("null", format!("null is refused: {error}")));
    }
    for member in schema.members(property) {
        // A known member is read in any case and written as the schema spells it; an unknown one stays as it came.
        let shouted = json!(member.to_uppercase());
        let value = if property.is_collection {
            json!([shouted])
        } else {
            shouted
        };
        let read = inspect(name, &with(value))
            .map(|inspection| inspection.value[property.name.as_str()].clone());
        let written = if property.is_collection {
            json!([member])
        } else {
            json!(member)
        };
        if read.as_ref().ok() != Some(&written) {
            problems.push(("members", format!("{member} is not known: {read:?}")));
        }
    }
    problems
}

/// Whether everything of `part` is in `whole`; empty lists that the model adds do no harm.
fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part
            .iter()
            .filter(|(name, _)| !name.starts_with('@'))
            .all(|(name, value)| whole.get(name).is_some_and(|known| contains(known, value))),
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len()
                && whole
                    .iter()
                    .zip(part)
                    .all(|(whole, part)| contains(whole, part))
        }
        _ => whole == part,
    }
}
