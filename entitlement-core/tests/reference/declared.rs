//! The declared types of the service.

use std::path::Path;

use serde_json::{Map, Value, json};

/// A slice of the schema.
pub(crate) struct Schema {
    pub(crate) types: Map<String, Value>,
    pub(crate) enums: Map<String, Value>,
}

/// A declared property.
#[derive(Clone)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) is_collection: bool,
    pub(crate) nullable: bool,
    pub(crate) is_navigation: bool,
}

impl Schema {
    /// Reads the schema; an empty one is an error too.
    pub(crate) fn read(folder: &Path) -> Self {
        let text = std::fs::read(folder.join("schema-v1.json")).expect("the schema can be read");
        let mut schema: Map<String, Value> =
            serde_json::from_slice(&text).expect("the schema is JSON");
        let mut part = |name: &str| match schema.remove(name) {
            Some(Value::Object(part)) if !part.is_empty() => part,
            _ => panic!("the schema has no {name}"),
        };
        Self {
            types: part("types"),
            enums: part("enums"),
        }
    }

    /// All properties of a type, the inherited ones included; links to types outside of the slice are left out.
    pub(crate) fn properties(&self, kind: &str) -> Vec<Property> {
        let mut properties = Vec::new();
        for declared in self.lineage(kind).filter_map(|kind| self.types.get(kind)) {
            let own = declared["properties"].as_object().into_iter().flatten();
            properties.extend(own.map(|(name, property)| read_property(name, property)));
        }
        properties.retain(|property| {
            let type_name = property.type_name.as_str();
            type_name.starts_with("Edm.")
                || self.enums.contains_key(type_name)
                || self.types.contains_key(type_name)
        });
        properties
    }

    /// A property, which may be inherited.
    pub(crate) fn property(&self, kind: &str, name: &str) -> Option<Property> {
        let declared = self
            .lineage(kind)
            .find_map(|kind| self.types.get(kind)?["properties"].get(name));
        declared.map(|declared| read_property(name, declared))
    }

    /// Whether a type is another one, or derived from it.
    pub(crate) fn is_a(&self, kind: &str, other: &str) -> bool {
        self.lineage(kind).any(|kind| kind == other)
    }

    pub(crate) fn is_abstract(&self, kind: &str) -> bool {
        self.types
            .get(kind)
            .is_some_and(|declared| declared["abstract"] == json!(true))
    }

    /// The type of an object: the one it names itself, or else the one that is expected in its place.
    pub(crate) fn kind_of<'a>(
        &'a self,
        object: &'a Map<String, Value>,
        expected: &'a str,
    ) -> &'a str {
        let named = object.get("@odata.type").and_then(Value::as_str).map(short);
        named
            .filter(|kind| self.types.contains_key(*kind))
            .unwrap_or(expected)
    }

    /// Whether objects of a type may have properties that it does not declare.
    pub(crate) fn is_open(&self, kind: &str) -> bool {
        self.types
            .get(kind)
            .is_some_and(|declared| declared["open"] == json!(true))
    }

    /// The declared type of the place that holds the property at `path` (`stages[0].colour`) of a value: what is on the
    /// way there is expected to be, not what it says it is.
    pub(crate) fn holder(&self, kind: &str, whole: &Value, path: &str) -> String {
        let mut slot = kind.to_owned();
        let mut value = whole;
        let names: Vec<&str> = path.split('.').collect();
        for name in &names[..names.len() - 1] {
            let (name, index) = name.split_once('[').unwrap_or((name, ""));
            let actual = value
                .as_object()
                .map(|members| self.kind_of(members, &slot));
            let declared = self.property(actual.unwrap_or(&slot), name);
            slot = declared.map_or_else(String::new, |declared| declared.type_name);
            value = &value[name];
            if let Ok(index) = index.trim_end_matches(']').parse::<usize>() {
                value = &value[index];
            }
        }
        slot
    }

    /// The type and those it is derived from.
    fn lineage<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::successors(Some(kind), |kind| self.types.get(*kind)?["base"].as_str())
    }
}

fn read_property(name: &str, declared: &Value) -> Property {
    let is = |flag: &str| declared[flag] == json!(true);
    Property {
        name: name.to_owned(),
        type_name: declared["type"].as_str().expect("a type").to_owned(),
        is_collection: is("collection"),
        // Collections are empty rather than null, and ids are always there.
        nullable: declared["nullable"] != json!(false) && !is("collection") && name != "id",
        is_navigation: is("navigation"),
    }
}

/// A type name without `#` and namespace.
pub(crate) fn short(name: &str) -> &str {
    let name = name.strip_prefix('#').unwrap_or(name);
    name.strip_prefix("microsoft.graph.").unwrap_or(name)
}
