//! Sample values for the properties of the schema.

use entitlement_core::inspect::type_names;
use serde_json::{Map, Value, json};

use crate::declared::{Property, Schema};

impl Schema {
    pub(crate) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }

    /// The types that a type is a kind of, the nearest first.
    pub(crate) fn bases(&self, name: &str) -> impl Iterator<Item = &str> {
        let base = |name: &str| self.types.get(name)?["base"].as_str();
        std::iter::successors(base(name), move |name| base(name))
            .filter(|name| self.types.contains_key(*name))
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
        self.kinds(name).next().unwrap_or(name).to_owned()
    }

    /// The types at or below this one that are not abstract, and that the model has.
    pub(crate) fn kinds<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let below = self.type_names().filter(move |kind| {
            *kind != name && self.is_a(kind, name) && type_names().any(|known| known == *kind)
        });
        let concrete = |kind: &&str| !self.is_abstract(kind);
        std::iter::once(name).chain(below).filter(concrete)
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
