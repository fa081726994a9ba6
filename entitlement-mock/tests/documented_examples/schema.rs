//! The declared types of the service.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Type names and what they declare.
#[derive(Deserialize)]
pub(crate) struct Schema {
    types: HashMap<String, Type>,
}

#[derive(Deserialize)]
struct Type {
    base: Option<String>,
    properties: HashMap<String, Property>,
}

#[derive(Deserialize)]
struct Property {
    #[serde(rename = "type")]
    kind: String,
}

impl Schema {
    /// A type of its own, with texts in it.
    pub(crate) fn of(kind: &str, names: &[&str]) -> Self {
        let property = |name: &&str| {
            (
                (*name).to_owned(),
                Property {
                    kind: "Edm.String".to_owned(),
                },
            )
        };
        let declared = Type {
            base: None,
            properties: names.iter().map(property).collect(),
        };
        Self {
            types: HashMap::from([(kind.to_owned(), declared)]),
        }
    }

    /// The type of a property, which may be inherited.
    pub(crate) fn property(&self, kind: &str, name: &str) -> Option<&str> {
        let declared = self.types.get(kind)?;
        match declared.properties.get(name) {
            Some(property) => Some(&property.kind),
            None => self.property(declared.base.as_deref()?, name),
        }
    }

    /// The type of an object: the one it names itself, or else the one that is expected in its place.
    pub(crate) fn kind_of<'a>(
        &'a self,
        object: &'a Map<String, Value>,
        expected: &'a str,
    ) -> &'a str {
        let named = object.get("@odata.type").and_then(Value::as_str).map(short);
        match named.filter(|kind| self.types.contains_key(*kind)) {
            Some(kind) => kind,
            // The only directory objects in these examples and in the tenant are people.
            None if expected == "directoryObject" => "user",
            None => expected,
        }
    }
}

/// A type name without `#` and namespace.
pub(crate) fn short(name: &str) -> &str {
    let name = name.strip_prefix('#').unwrap_or(name);
    name.strip_prefix("microsoft.graph.").unwrap_or(name)
}
