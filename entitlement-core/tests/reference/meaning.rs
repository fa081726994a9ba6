//! Whether two JSON values mean the same to Graph.

use std::fmt::{self, Display};

use entitlement_core::time::{IsoDuration, Timestamp};
use serde_json::{Map, Value};

use crate::declared::{Schema, short};

/// Two values that should mean the same, with the JSON path to them.
pub(crate) struct Difference {
    path: String,
    given: String,
    ours: String,
}

impl Difference {
    pub(crate) fn new(path: &str, given: &dyn Display, ours: &dyn Display) -> Self {
        Self {
            path: path.to_owned(),
            given: given.to_string(),
            ours: ours.to_string(),
        }
    }

    /// The same, seen from outside of the value it is in.
    pub(crate) fn below(self, outer: &str) -> Self {
        Self {
            path: member(outer, &self.path),
            ..self
        }
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, given, ours } = self;
        write!(f, "{path}: given {given}, here {ours}")
    }
}

/// The path of a property of the object at `path`.
pub(crate) fn member(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

/// Where our JSON means something else than the given one, which is of the type `kind`.
///
/// Null, empty lists and annotations may come and go, except an `@odata.type` that says more than the place does; enum
/// members are texts in any case; an instant is an instant, whatever its fraction is written like; a number that is
/// never null and is left out is 0.
pub(crate) fn differences(
    schema: &Schema,
    kind: &str,
    given: &Value,
    ours: &Value,
) -> Vec<Difference> {
    let mut comparison = Comparison {
        schema,
        found: Vec::new(),
    };
    comparison.values(kind, given, ours, "");
    comparison.found
}

struct Comparison<'a> {
    schema: &'a Schema,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn values(&mut self, kind: &str, given: &Value, ours: &Value, path: &str) {
        match (given, ours) {
            _ if says_nothing(given) && says_nothing(ours) => {}
            (Value::Object(given), Value::Object(ours)) => self.objects(kind, given, ours, path),
            (Value::Array(given), Value::Array(ours)) if given.len() == ours.len() => {
                for (index, (given, ours)) in given.iter().zip(ours).enumerate() {
                    self.values(kind, given, ours, &format!("{path}[{index}]"));
                }
            }
            (Value::String(given), Value::String(ours)) if self.same_text(kind, given, ours) => {}
            _ if given == ours => {}
            _ => self.differ(path, given, ours),
        }
    }

    fn objects(
        &mut self,
        expected: &str,
        given: &Map<String, Value>,
        ours: &Map<String, Value>,
        path: &str,
    ) {
        let schema = self.schema;
        let kind = schema.kind_of(given, expected);
        for (name, value) in given {
            let path = member(path, name);
            match ours.get(name) {
                Some(again) if name == "@odata.type" => {
                    if value.as_str().map(short) != again.as_str().map(short) {
                        self.differ(&path, value, again);
                    }
                }
                Some(_) if name.contains("@odata.") => {}
                Some(again) => {
                    let declared = schema.property(kind, name);
                    let type_name = declared
                        .as_ref()
                        .map(|property| property.type_name.as_str());
                    self.values(type_name.unwrap_or("Edm.Untyped"), value, again, &path);
                }
                None if name == "@odata.type" => {
                    if value.as_str().map(short) != Some(expected) {
                        self.differ(&path, value, &"nothing");
                    }
                }
                None if name.contains("@odata.") || says_nothing(value) => {}
                None => self.differ(&path, value, &"nothing"),
            }
        }
        for (name, value) in ours {
            let expected = given.contains_key(name) || name.contains("@odata.");
            let is_default = || {
                let declared = schema.property(kind, name);
                *value == 0 && declared.is_some_and(|declared| !declared.nullable)
            };
            if !expected && !says_nothing(value) && !is_default() {
                self.differ(&member(path, name), &"nothing", value);
            }
        }
    }

    fn same_text(&self, kind: &str, given: &str, ours: &str) -> bool {
        match kind {
            "Edm.DateTimeOffset" => {
                let instant = |text: &str| text.parse::<Timestamp>().ok();
                given == ours || instant(given).is_some() && instant(given) == instant(ours)
            }
            "Edm.Duration" => {
                let length = |text: &str| text.parse::<IsoDuration>().ok();
                given == ours || length(given).is_some() && length(given) == length(ours)
            }
            kind if self.schema.enums.contains_key(kind) => given.eq_ignore_ascii_case(ours),
            _ => given == ours,
        }
    }

    fn differ(&mut self, path: &str, given: &dyn Display, ours: &dyn Display) {
        self.found.push(Difference::new(path, given, ours));
    }
}

fn says_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
