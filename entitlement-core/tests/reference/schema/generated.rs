//! Random objects of every type of the schema, with all their properties, sent through the model.

use std::collections::BTreeMap;

use entitlement_core::inspect::{inspect, type_names};
use proptest::prelude::RngExt as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Map, Value, json};

use crate::declared::{Property, Schema};
use crate::gaps::Gaps;
use crate::meaning;
use crate::say;

/// How many objects of each type are made; all runs make the same ones.
const CASES: u32 = 12;

/// How many properties an object and all that is in it may have beyond its own.
const BREADTH: usize = 60;

#[test]
fn whatever_conforms_to_the_schema_survives_the_model() {
    let Some(folder) = crate::folder() else {
        return;
    };
    let mut schema = Schema::read(&folder);
    // To the model, and to whoever asks for approval, a manager is a person and not just any directory object.
    schema.types["user"]["properties"]["manager"]["type"] = "user".into();
    let known = Gaps::new(include_str!("gaps.txt"));
    let mut maker = Maker {
        schema: &schema,
        rng: TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        left: 0,
    };
    let (mut types, mut objects, mut properties) = (0, 0, 0);
    let mut wrong = BTreeMap::new();
    for name in schema.type_names() {
        if !type_names().any(|known| known == name) {
            continue;
        }
        types += 1;
        for _ in 0..CASES {
            maker.left = BREADTH;
            let object = maker.object(name, true);
            objects += 1;
            properties += count(&object);
            for problem in problems(&schema, &known, name, &object) {
                wrong
                    .entry(format!("{name}: {problem}"))
                    .or_insert(object.clone());
            }
        }
    }
    say(&format!(
        "generated: {objects} objects of {types} types, with {properties} properties in all"
    ));
    let wrong: Vec<String> = wrong
        .iter()
        .map(|(problem, object)| format!("{problem}; in {object}"))
        .collect();
    assert!(wrong.is_empty(), "lost on the way:\n{}", wrong.join("\n"));
}

/// What becomes of an object that should not.
fn problems(schema: &Schema, known: &Gaps, name: &str, object: &Value) -> Vec<String> {
    let inspection = match inspect(name, object) {
        Ok(inspection) => inspection,
        Err(error) => return vec![error.to_string()],
    };
    let lost = meaning::differences(schema, name, object, &inspection.value);
    let unknown = inspection.unknown.into_iter().filter(|path| {
        let holder = schema.holder(name, object, path);
        let property = path.rsplit('.').next().unwrap_or(path);
        holder != "directoryObject" && !known.lists(&format!("{holder}.{property} name"))
    });
    let lost = lost.iter().map(ToString::to_string);
    lost.chain(unknown.map(|path| format!("{path} is unknown")))
        .collect()
}

fn count(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.len() + members.values().map(count).sum::<usize>(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// Makes objects that conform to the schema.
struct Maker<'a> {
    schema: &'a Schema,
    rng: TestRng,
    /// How many properties may still be made.
    left: usize,
}

impl Maker<'_> {
    /// An object of a type, or of one derived from it, which then says so.
    fn object(&mut self, slot: &str, is_whole: bool) -> Value {
        let schema = self.schema;
        let kinds: Vec<&str> = schema.kinds(slot).collect();
        let kind = match kinds.as_slice() {
            [] => slot,
            // Most of the time the slot's own type, as that is what most answers hold.
            [first, ..] if *first == slot && (is_whole || self.chance(60)) => slot,
            kinds => kinds[self.below(kinds.len())],
        };
        let mut object = Map::new();
        if kind != slot || self.chance(20) {
            let tag = format!("#microsoft.graph.{kind}");
            object.insert("@odata.type".to_owned(), tag.into());
        }
        for property in schema.properties(kind) {
            let is_needed = property.name == "id" || !property.nullable && !property.is_collection;
            let is_needed = is_needed && !property.is_navigation;
            let is_deep = schema.types.contains_key(&property.type_name);
            let wanted = if is_deep {
                self.left > 10
            } else {
                self.left > 0
            };
            if is_needed || wanted && (is_whole || self.chance(50)) || is_whole && !is_deep {
                self.left = self.left.saturating_sub(1);
                let value = self.value(&property);
                object.insert(property.name, value);
            }
        }
        object.into()
    }

    fn value(&mut self, property: &Property) -> Value {
        if property.nullable && self.chance(10) {
            return Value::Null;
        }
        if !property.is_collection {
            return self.one(property);
        }
        let length = self.below(3);
        (0..length).map(|_| self.one(property)).collect()
    }

    fn one(&mut self, property: &Property) -> Value {
        match property.type_name.as_str() {
            "Edm.String" if is_id(&property.name) => self.id(),
            "Edm.String" => self.pick(TEXTS).into(),
            "Edm.Boolean" => self.chance(50).into(),
            "Edm.Int32" => self.rng.random::<i32>().into(),
            "Edm.Int64" => self.rng.random::<i64>().into(),
            "Edm.Single" | "Edm.Double" => json!(f64::from(self.rng.random::<i16>()) / 8.0),
            "Edm.DateTimeOffset" => self.instant().into(),
            "Edm.Date" => self.date().into(),
            "Edm.Duration" => self.duration().into(),
            "Edm.Guid" => self.guid().into(),
            "Edm.Binary" => self.pick(BINARIES).into(),
            name => match self.schema.enums.get(name) {
                Some(declared) => self.enum_member(declared),
                None => self.object(name, false),
            },
        }
    }

    /// A member in any case, several of them where they are flags, or one from the future.
    fn enum_member(&mut self, declared: &Value) -> Value {
        let members: Vec<&str> = declared["members"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let member = members[self.below(members.len())];
        match self.below(10) {
            0 => "fromTheFuture".into(),
            1 => member.to_uppercase().into(),
            2 if declared["flags"] == json!(true) => members[1..3].join(",").into(),
            _ => member.into(),
        }
    }

    fn id(&mut self) -> Value {
        match self.below(4) {
            0 => self.pick(IDS).into(),
            1 => self.guid().to_uppercase().into(),
            _ => self.guid().into(),
        }
    }

    fn guid(&mut self) -> String {
        let half = format!("{:032x}", self.rng.random::<u128>());
        let parts = [
            &half[..8],
            &half[8..12],
            &half[12..16],
            &half[16..20],
            &half[20..],
        ];
        parts.join("-")
    }

    fn date(&mut self) -> String {
        let year = [1, 1601, 2024, 2026, 9999][self.below(5)];
        let (month, day) = (self.below(12) + 1, self.below(28) + 1);
        format!("{year:04}-{month:02}-{day:02}")
    }

    fn instant(&mut self) -> String {
        let date = self.date();
        let (hour, minute, second) = (self.below(24), self.below(60), self.below(60));
        let fraction = ["", ".1", ".12", ".120", ".1234567", ".0000000"][self.below(6)];
        format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    fn duration(&mut self) -> String {
        let (days, hours, minutes) = (self.below(4000), self.below(24), self.below(60));
        match self.below(5) {
            0 => self
                .pick(&["PT0S", "P0D", "PT1.5S", "-P1D", "P1DT0H", "P2W"])
                .to_owned(),
            1 => format!("PT{minutes}M"),
            2 => format!("P{days}DT{hours}H{minutes}M"),
            3 => format!("PT{hours}H"),
            _ => format!("P{days}D"),
        }
    }

    fn pick(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.below(texts.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn below(&mut self, bound: usize) -> usize {
        self.rng.random_range(0..bound)
    }
}

/// Whether a text refers to something, and so is never empty.
fn is_id(name: &str) -> bool {
    name.to_lowercase().ends_with("id") || name == "committedContentVersion"
}

const TEXTS: &[&str] = &[
    "",
    "Ada",
    "O'Neil & co",
    "Zugriff für 30 Tage ✓",
    "line\nbreak \"quoted\"",
    "#microsoft.graph.user",
    "true",
    "2026-01-02T03:04:05Z",
    "https://contoso.com/a?b=c#d",
];

const IDS: &[&str] = &[
    "r1_s1",
    "ada@contoso.com",
    "00000000-0000-0000-0000-000000000000",
];

const BINARIES: &[&str] = &["", "AQID", "PHhtbC8+", "/+8="];
