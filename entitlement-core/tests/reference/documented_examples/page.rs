//! What the pages get wrong.

use std::fmt::Display;

use entitlement_core::time::{Date, IsoDuration, Timestamp};
use serde_json::{Map, Value};

use crate::declared::{Property, Schema};
use crate::meaning::{Difference, member};

/// An id for entities that have none.
const SOME_ID: &str = "00000000-0000-0000-0000-000000000001";

/// Properties that pages call by the names they have in beta, or had (OBJ-4).
const BETA_PROPERTIES: &[(&str, &str)] = &[
    ("requestState", "state"),
    ("requestStatus", "status"),
    ("completedDate", "completedDateTime"),
    ("backupReviewers", "fallbackReviewers"),
    ("expiration", "expirationDateTime"),
    (
        "reviewHistoryPeriodStartDate",
        "reviewHistoryPeriodStartDateTime",
    ),
    (
        "reviewHistoryPeriodEndDate",
        "reviewHistoryPeriodEndDateTime",
    ),
];

/// Finds the slips of a page and puts them right, so that what the page means can be held against the model.
pub(crate) struct Slips<'a> {
    schema: &'a Schema,
    pub(crate) found: Vec<Difference>,
}

impl<'a> Slips<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Self {
        Self {
            schema,
            found: Vec::new(),
        }
    }

    pub(crate) fn note(&mut self, path: &str, given: &dyn Display, right: &dyn Display) {
        self.found.push(Difference::new(path, given, right));
    }

    /// Puts a value of a type right. Entities that are sent have no id yet, and are lent one; those that are read have
    /// theirs.
    pub(crate) fn put_right(&mut self, kind: &str, value: &mut Value, path: &str, wants_id: bool) {
        if let Value::Object(members) = value {
            self.put_object_right(kind, members, path, wants_id);
        } else {
            self.note(path, value, &kind);
        }
    }

    fn put_object_right(
        &mut self,
        expected: &str,
        members: &mut Map<String, Value>,
        path: &str,
        is_read: bool,
    ) {
        let schema = self.schema;
        let kind = schema.kind_of(members, expected).to_owned();
        if schema.is_abstract(&kind) && kind != "directoryObject" {
            self.note(path, &"nothing more", &format!("a kind of {kind}"));
        }
        for (beta, name) in BETA_PROPERTIES {
            if schema.property(&kind, beta).is_none()
                && schema.property(&kind, name).is_some()
                && let Some(member) = members.remove(*beta)
            {
                self.note(path, beta, name);
                members.insert((*name).to_owned(), member);
            }
        }
        let names: Vec<String> = members.keys().cloned().collect();
        for name in names.iter().filter(|name| !name.contains("@odata.")) {
            let path = member(path, name);
            match schema.property(&kind, name) {
                Some(declared) => {
                    self.put_property_right(&declared, &mut members[name], &path, is_read);
                }
                None if schema.is_open(&kind) => {}
                None => {
                    self.note(&path, &members[name], &"no such property");
                    members.remove(name);
                }
            }
        }
        if schema.property(&kind, "id").is_some() && !members.contains_key("id") {
            if is_read {
                self.note(path, &"no id", &"an id");
            }
            members.insert("id".to_owned(), SOME_ID.into());
        }
    }

    fn put_property_right(
        &mut self,
        declared: &Property,
        value: &mut Value,
        path: &str,
        is_read: bool,
    ) {
        if declared.is_collection && !value.is_array() && !value.is_null() {
            self.note(path, &format!("one {}", declared.type_name), &"a list");
            *value = Value::Array(vec![value.take()]);
        }
        let kind = declared.type_name.as_str();
        match value {
            Value::Array(items) if declared.is_collection => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.put_value_right(kind, item, &format!("{path}[{index}]"), is_read);
                }
            }
            value => self.put_value_right(kind, value, path, is_read),
        }
    }

    /// A value that is not one of its type becomes what it was meant to be, or else null.
    pub(crate) fn put_value_right(
        &mut self,
        kind: &str,
        value: &mut Value,
        path: &str,
        is_read: bool,
    ) {
        if value.is_null() {
            return;
        }
        if self.schema.types.contains_key(kind) && value.is_object() {
            return self.put_right(kind, value, path, is_read);
        }
        let text = value.as_str();
        let fits = match kind {
            "Edm.Boolean" => value.is_boolean(),
            "Edm.Int32" | "Edm.Int64" => value.is_i64(),
            "Edm.Single" | "Edm.Double" => value.is_number(),
            "Edm.DateTimeOffset" => text.is_some_and(|text| text.parse::<Timestamp>().is_ok()),
            "Edm.Date" => text.is_some_and(is_date),
            "Edm.Duration" => text.is_some_and(|text| text.parse::<IsoDuration>().is_ok()),
            kind if self.schema.types.contains_key(kind) => false,
            _ => text.is_some_and(|text| text != "null"),
        };
        if fits {
            return;
        }
        let day = text
            .and_then(|text| text.get(..10))
            .filter(|day| is_date(day));
        let meant = text.and_then(|text| serde_json::from_str(text).ok());
        let meant = match (kind, meant) {
            ("Edm.Date", _) => day.into(),
            ("Edm.Boolean", Some(Value::Bool(flag))) => flag.into(),
            ("Edm.Int32" | "Edm.Int64", Some(Value::Number(number))) => number.into(),
            ("Edm.String", None) => value.to_string().into(),
            _ => Value::Null,
        };
        self.note(path, value, &meant);
        *value = meant;
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}
