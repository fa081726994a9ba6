//! The schema as the check needs it: types with all their properties, and sample values.

use std::path::Path;

use entitlement_core::inspect::type_names;
use serde_json::{Map, Value, json};

/// A slice of the schema.
pub(crate) struct Schema {
    types: Map<String, Value>,
    enums: Map<String, Value>,
}

/// A declared property.
#[derive(Clone)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) is_collection: bool,
    pub(crate) nullable: bool,
    is_navigation: bool,
}

impl Schema {
    /// Reads the schema; an empty one is an error too.
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read(path).expect("the schema can be read");
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

    pub(crate) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }

    pub(crate) fn is_abstract(&self, name: &str) -> bool {
        self.types[name]["abstract"] == json!(true)
    }

    /// The types that a type is a kind of, the nearest first.
    pub(crate) fn bases(&self, name: &str) -> impl Iterator<Item = &str> {
        let base = |name: &str| self.types.get(name)?["base"].as_str();
        std::iter::successors(base(name), move |name| base(name))
            .filter(|name| self.types.contains_key(*name))
    }

    /// All properties of a type, the inherited ones included; links to types outside of the slice are left out.
    pub(crate) fn properties(&self, name: &str) -> Vec<Property> {
        let mut properties = Vec::new();
        let mut next = Some(name);
        while let Some(declared) = next.and_then(|name| self.types.get(name)) {
            let own = declared["properties"].as_object().into_iter().flatten();
            properties.extend(own.map(|(name, property)| read_property(name, property)));
            next = declared["base"].as_str();
        }
        properties.retain(|property| {
            let type_name = property.type_name.as_str();
            type_name.starts_with("Edm.")
                || self.enums.contains_key(type_name)
                || self.types.contains_key(type_name)
        });
        properties
    }

    /// The least that makes a value of a type: what is never null, and the tag where the slot is abstract.
    pub(crate) fn minimal(&self, name: &str) -> Value {
        let concrete = self.concrete(name);
        let mut object = Map::new();
        if concrete != name {
            object.insert(
                "@odata.type".to_owned(),
                format!("#microsoft.graph.{concrete}").into(),
            );
        }
        for property in self.properties(&concrete) {
            let is_id = property.name == "id";
            if is_id || !(property.nullable || property.is_navigation || property.is_collection) {
                object.insert(property.name.clone(), self.sample(&property));
            }
        }
        Value::Object(object)
    }

    /// The type itself, or a kind of it that the model has if it is abstract.
    fn concrete(&self, name: &str) -> String {
        if !self.is_abstract(name) {
            return name.to_owned();
        }
        let kind_of =
            |kind: &&str| self.bases(kind).any(|base| base == name) && !self.is_abstract(kind);
        let mut kinds = self
            .type_names()
            .filter(kind_of)
            .filter(|kind| type_names().any(|known| known == *kind));
        kinds.next().unwrap_or(name).to_owned()
    }

    /// A value that a property may have.
    pub(crate) fn sample(&self, property: &Property) -> Value {
        let value = self.sample_of(&property.type_name);
        if property.is_collection {
            json!([value])
        } else {
            value
        }
    }

    fn sample_of(&self, type_name: &str) -> Value {
        match type_name {
            "Edm.String" => json!("text"),
            "Edm.Boolean" => json!(true),
            "Edm.Int32" | "Edm.Int64" => json!(7),
            "Edm.Double" | "Edm.Single" | "Edm.Decimal" => json!(1.5),
            "Edm.DateTimeOffset" => json!("2026-01-02T03:04:05Z"),
            "Edm.Date" => json!("2026-01-02"),
            "Edm.TimeOfDay" => json!("03:04:05"),
            "Edm.Duration" => json!("P3D"),
            "Edm.Binary" => json!("AQID"),
            "Edm.Guid" => json!("b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1"),
            _ => match self.enums.get(type_name) {
                Some(members) => members["members"][0].clone(),
                None => self.minimal(type_name),
            },
        }
    }

    /// Values that a property cannot have.
    pub(crate) fn wrong_kinds(&self, property: &Property) -> Vec<Value> {
        let wrong = match property.type_name.as_str() {
            "Edm.Boolean" => vec![json!(1), json!("text")],
            "Edm.Int32" | "Edm.Int64" | "Edm.Double" | "Edm.Single" => {
                vec![json!(true), json!("text")]
            }
            "Edm.DateTimeOffset" | "Edm.Date" | "Edm.Duration" => vec![json!(5), json!("text")],
            name if name.starts_with("Edm.") || self.enums.contains_key(name) => {
                vec![json!(5), json!(true)]
            }
            _ => vec![json!(5), json!("text")],
        };
        if property.is_collection {
            wrong
                .into_iter()
                .map(|wrong| json!([wrong]))
                .chain([json!(5)])
                .collect()
        } else {
            wrong
        }
    }

    /// The members of the enum that a property holds.
    pub(crate) fn members(&self, property: &Property) -> Vec<String> {
        let members = self
            .enums
            .get(&property.type_name)
            .and_then(|members| members["members"].as_array());
        let names = members.into_iter().flatten().filter_map(Value::as_str);
        names
            .filter(|name| *name != "unknownFutureValue")
            .map(ToOwned::to_owned)
            .collect()
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
