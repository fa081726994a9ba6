//! Whether an answer has the shape that the page shows.

use std::fmt::Display;

use serde_json::{Map, Value, json};

use crate::difference::{Difference, member, place};
use crate::schema::Schema;

/// The declared properties of the documented body that the answer lacks, or has as another kind of JSON.
///
/// Every item of the answer must have the shape of every item that is documented; null has any shape.
pub(crate) fn differences(
    schema: &Schema,
    kind: &str,
    documented: &Value,
    answered: &Value,
) -> Vec<Difference> {
    let mut check = Check {
        schema,
        found: Vec::new(),
    };
    let (path, documented, answered) = match documented.get("value") {
        Some(items) => ("value", items, answered.get("value")),
        None => ("", documented, Some(answered)),
    };
    match answered.filter(|body| !body.is_null()) {
        Some(answered) => check.values(kind, documented, answered, path),
        None => check.differ(path, documented, &"nothing"),
    }
    check.found
}

struct Check<'a> {
    schema: &'a Schema,
    found: Vec<Difference>,
}

impl Check<'_> {
    fn values(&mut self, kind: &str, documented: &Value, answered: &Value, path: &str) {
        match (documented, answered) {
            (Value::Null, _) | (_, Value::Null) => {}
            (Value::Object(documented), Value::Object(answered)) => {
                self.objects(kind, documented, answered, path);
            }
            (Value::Array(documented), Value::Array(answered)) => {
                self.lists(kind, documented, answered, path);
            }
            _ if json_kind(documented) == json_kind(answered) => {}
            _ => self.differ(path, documented, answered),
        }
    }

    fn lists(&mut self, kind: &str, documented: &[Value], answered: &[Value], path: &str) {
        if answered.is_empty() && documented.iter().any(Value::is_object) {
            self.differ(path, &"items", &"none, so nothing can be compared");
        }
        for documented in documented {
            for (index, answered) in answered.iter().enumerate() {
                self.values(kind, documented, answered, &place(path, index));
            }
        }
    }

    fn objects(
        &mut self,
        expected: &str,
        documented: &Map<String, Value>,
        answered: &Map<String, Value>,
        path: &str,
    ) {
        let schema = self.schema;
        let kind = schema.kind_of(documented, expected);
        for (name, value) in documented {
            let Some(declared) = schema.property(kind, name) else {
                continue;
            };
            let path = member(path, name);
            match answered.get(name) {
                Some(answered) => self.values(declared, value, answered, &path),
                None => self.differ(&path, value, &"nothing"),
            }
        }
    }

    fn differ(&mut self, path: &str, documented: &dyn Display, ours: &dyn Display) {
        self.found.push(Difference::new(path, documented, ours));
    }
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn what_is_missing_or_of_another_kind_is_found() {
    let schema = Schema::of("thing", &["id", "name", "size"]);
    let find = |documented, answered| differences(&schema, "thing", &documented, &answered).len();
    let documented = json!({"id": "1", "name": "n", "size": null, "undeclared": true});
    let complete = json!({"id": "2", "name": null, "size": 3});
    assert_eq!(find(documented.clone(), complete.clone()), 0);
    assert_eq!(find(documented.clone(), json!({"id": 2, "name": "n"})), 2);
    assert_eq!(find(documented.clone(), Value::Null), 1);
    let list = json!({"value": [documented]});
    assert_eq!(find(list.clone(), json!({"value": [complete]})), 0);
    assert_eq!(find(list.clone(), json!({"value": []})), 1);
    assert_eq!(find(list, json!({"id": "2"})), 1);
}
