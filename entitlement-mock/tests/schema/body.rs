//! Whether a body is what is declared.

use entitlement_core::time::{IsoDuration, Timestamp};
use serde_json::{Map, Value};

use crate::declared::Schema;
use crate::place::Place;

/// What is wrong with the body of an answer.
pub(crate) fn faults(schema: &Schema, place: &Place, body: &Value) -> Vec<String> {
    let mut check = Check {
        schema,
        faults: Vec::new(),
    };
    match (place, body) {
        (Place::Many(kind), Value::Object(members)) if members.contains_key("value") => {
            check.list(kind, body);
        }
        // What is made in a collection is one of it.
        (Place::One(kind) | Place::Many(kind), body) => check.value(kind, body, ""),
        (Place::Other, _) => {}
    }
    check.faults
}

/// What is wrong with the body of a refusal.
pub(crate) fn faults_of_error(body: &Value) -> Vec<String> {
    let error = &body["error"];
    let inner = &error["innerError"];
    let texts = [
        ("code", &error["code"]),
        ("message", &error["message"]),
        ("innerError.date", &inner["date"]),
        ("innerError.request-id", &inner["request-id"]),
        ("innerError.client-request-id", &inner["client-request-id"]),
    ];
    let wrong = texts.iter().filter(|(_, text)| !text.is_string());
    let mut faults: Vec<String> = wrong
        .map(|(name, text)| format!("error.{name} is {text}"))
        .collect();
    let only = |object: &Value, known: &[&str]| {
        let names = object.as_object().into_iter().flat_map(Map::keys);
        let strange = names.filter(|name| !known.contains(&name.as_str()));
        strange
            .map(|name| format!("error has {name}"))
            .collect::<Vec<_>>()
    };
    faults.extend(only(body, &["error"]));
    faults.extend(only(
        error,
        &["code", "message", "target", "details", "innerError"],
    ));
    faults
}

struct Check<'s> {
    schema: &'s Schema,
    faults: Vec<String>,
}

impl Check<'_> {
    fn wrong(&mut self, path: &str, why: &str) {
        self.faults.push(format!("{path}: {why}"));
    }

    fn list(&mut self, kind: &str, body: &Value) {
        const BESIDE: &[&str] = &["@odata.context", "@odata.count", "@odata.nextLink", "value"];
        for name in body.as_object().into_iter().flat_map(Map::keys) {
            if !BESIDE.contains(&name.as_str()) {
                self.wrong(name, "is not beside the items of a list");
            }
        }
        match body["value"].as_array() {
            Some(items) => self.items(kind, items, "value"),
            None => self.wrong("value", "is no list"),
        }
    }

    fn items(&mut self, kind: &str, items: &[Value], path: &str) {
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            if item.is_null() {
                self.wrong(&path, "an item is null");
            }
            self.value(kind, item, &path);
        }
    }

    fn value(&mut self, kind: &str, value: &Value, path: &str) {
        if value.is_null() {
            return;
        }
        let text = value.as_str();
        let fits = match kind {
            "Edm.Boolean" => value.is_boolean(),
            "Edm.Int32" => value
                .as_i64()
                .is_some_and(|number| i32::try_from(number).is_ok()),
            "Edm.Int64" => value.is_i64() || value.is_u64(),
            "Edm.Single" | "Edm.Double" => value.is_number(),
            "Edm.DateTimeOffset" => {
                text.is_some_and(|text| text.ends_with('Z') && text.parse::<Timestamp>().is_ok())
            }
            "Edm.Duration" => text.is_some_and(|text| text.parse::<IsoDuration>().is_ok()),
            "Edm.Guid" => text.is_some_and(|text| uuid::Uuid::try_parse(text).is_ok()),
            _ if kind.starts_with("Edm.") => value.is_string(),
            _ => return self.declared(kind, value, path),
        };
        if !fits {
            self.wrong(path, &format!("{value} is no {kind}"));
        }
    }

    fn declared(&mut self, kind: &str, value: &Value, path: &str) {
        if let Some(declared) = self.schema.enums.get(kind) {
            let is_member = |text: &str| declared.members.iter().any(|member| member == text);
            let fits = value.as_str().is_some_and(|text| {
                let mut members = text.split(',');
                is_member(text) || declared.is_flags && members.all(is_member)
            });
            if !fits {
                self.wrong(path, &format!("{value} is no member of {kind}"));
            }
            return;
        }
        if !self.schema.types.contains_key(kind) {
            return;
        }
        match value {
            Value::Object(members) => self.object(kind, members, path),
            other => self.wrong(path, &format!("{other} is no {kind}")),
        }
    }

    fn object(&mut self, expected: &str, members: &Map<String, Value>, path: &str) {
        let schema = self.schema;
        let named = members.get("@odata.type").and_then(Value::as_str);
        let named = named.map(|name| name.strip_prefix("#microsoft.graph.").unwrap_or(name));
        let kind = named.unwrap_or(expected);
        // Types that are derived elsewhere are not declared here.
        let Some(declared) = schema.types.get(kind) else {
            return;
        };
        if !schema.is_a(kind, expected) {
            self.wrong(path, &format!("a {kind} is no {expected}"));
        }
        if named.is_none() && (declared.is_abstract || kind == "directoryObject") {
            self.wrong(path, &format!("which {kind} it is has to be said"));
        }
        for (name, value) in members {
            let path = format!("{path}.{name}");
            if name.starts_with("@odata.") || name.contains("@odata.") {
                continue;
            }
            let Some(property) = schema.property(kind, name) else {
                if !declared.is_open {
                    self.wrong(&path, &format!("{kind} has no such property"));
                }
                continue;
            };
            match value {
                Value::Null if property.is_collection => self.wrong(&path, "a collection is null"),
                Value::Null if !property.is_nullable && !property.is_navigation => {
                    self.wrong(&path, "is null and must not be");
                }
                Value::Array(items) if property.is_collection => {
                    self.items(&property.kind, items, &path);
                }
                other if property.is_collection => {
                    self.wrong(&path, &format!("{other} is no list"));
                }
                other => self.value(&property.kind, other, &path),
            }
        }
    }
}
