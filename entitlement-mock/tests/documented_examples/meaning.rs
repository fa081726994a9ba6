//! Whether two JSON values mean the same to Graph.

use std::fmt::Display;

use entitlement_core::time::Timestamp;
use serde_json::{Map, Value, json};

use crate::difference::{Difference, member, place};
use crate::schema::{Schema, short};

/// Where our JSON means something else than the documented one of the same type.
///
/// Annotations, null and empty lists may come and go; enum members are texts in any case; an instant is an instant.
pub(crate) fn differences(
    schema: &Schema,
    kind: &str,
    documented: &Value,
    ours: &Value,
) -> Vec<Difference> {
    let mut comparison = Comparison {
        schema,
        found: Vec::new(),
    };
    comparison.values(kind, documented, ours, "");
    comparison.found
}

struct Comparison<'a> {
    schema: &'a Schema,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn values(&mut self, kind: &str, documented: &Value, ours: &Value, path: &str) {
        match (documented, ours) {
            _ if says_nothing(documented) && says_nothing(ours) => {}
            (Value::Object(documented), Value::Object(ours)) => {
                self.objects(kind, documented, ours, path);
            }
            (Value::Array(documented), Value::Array(ours)) if documented.len() == ours.len() => {
                for (index, (documented, ours)) in documented.iter().zip(ours).enumerate() {
                    self.values(kind, documented, ours, &place(path, index));
                }
            }
            (Value::String(documented), Value::String(ours))
                if same_text(kind, documented, ours) => {}
            _ if documented == ours => {}
            _ => self.differ(path, documented, ours),
        }
    }

    fn objects(
        &mut self,
        expected: &str,
        documented: &Map<String, Value>,
        ours: &Map<String, Value>,
        path: &str,
    ) {
        let schema = self.schema;
        let kind = schema.kind_of(documented, expected);
        for (name, value) in documented {
            let path = member(path, name);
            let declared = schema.property(kind, name);
            match ours.get(name) {
                Some(again) if name == "@odata.type" => {
                    if value.as_str().map(short) != again.as_str().map(short) {
                        self.differ(&path, value, again);
                    }
                }
                Some(again) => self.values(declared.unwrap_or(UNDECLARED), value, again, &path),
                None if name.contains("@odata.") || says_nothing(value) => {}
                None => self.differ(&path, value, &"nothing"),
            }
        }
        for (name, value) in ours {
            let expected = documented.contains_key(name) || name.contains("@odata.");
            if !expected && !says_nothing(value) {
                self.differ(&member(path, name), &"nothing", value);
            }
        }
    }

    fn differ(&mut self, path: &str, documented: &dyn Display, ours: &dyn Display) {
        self.found.push(Difference::new(path, documented, ours));
    }
}

/// The type of what is not in the schema.
const UNDECLARED: &str = "Edm.Untyped";

fn says_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn same_text(kind: &str, documented: &str, ours: &str) -> bool {
    match kind {
        "Edm.DateTimeOffset" => {
            let instant = |text: &str| text.parse::<Timestamp>().ok();
            instant(documented).is_some() && instant(documented) == instant(ours)
        }
        // A text of a type that is not one of OData's own is a member of an enum.
        enumeration if !enumeration.starts_with("Edm.") => documented.eq_ignore_ascii_case(ours),
        _ => documented == ours,
    }
}

#[test]
fn what_means_something_else_is_found() {
    let schema = Schema::of("thing", &["name"]);
    let find = |documented, ours| differences(&schema, "thing", &documented, &ours).len();
    let documented = json!({"name": "n", "list": [], "@odata.type": "#thing"});
    assert_eq!(
        find(documented.clone(), json!({"name": "n", "new": null})),
        0
    );
    assert_eq!(find(documented.clone(), json!({"name": "N"})), 1);
    assert_eq!(find(documented.clone(), json!({"list": [1]})), 2);
    assert_eq!(find(documented, json!({"name": "n", "new": 1})), 1);
    assert!(same_text(
        "Edm.DateTimeOffset",
        "2019-01-27T18:19:50.740Z",
        "2019-01-27T18:19:50.74Z"
    ));
    assert!(!same_text(
        "Edm.DateTimeOffset",
        "2019-01-27T18:19:50.740Z",
        "2019-01-27T18:19:51Z"
    ));
    assert!(same_text(
        "accessPackageRequestType",
        "AdminAdd",
        "adminAdd"
    ));
    assert!(!same_text("Edm.String", "AdminAdd", "adminAdd"));
}
