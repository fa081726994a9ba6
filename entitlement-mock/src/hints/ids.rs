//! Ids that stand where ids of something else are due: of a package, say, where that of an assignment is.

use serde_json::Value;

use super::kinds::{Kind, known_as};
use crate::world::World;
use crate::world::table::Key;

/// An id that a caller has sent.
#[derive(Debug)]
pub(super) struct Sent {
    /// Where it stands: `{package} in the path`, `assignment.id`.
    place: String,
    pub(super) key: Key,
    pub(super) due: Kind,
}

/// The ids in a path, by their names in the route, and in a body.
pub(super) fn sent(path: &str, keys: &[(&'static str, String)], body: &Value) -> Vec<Sent> {
    let mut found: Vec<Sent> = keys
        .iter()
        .filter_map(|(name, text)| {
            let key = Key::try_parse(text).ok()?;
            let place = format!("{{{name}}} in the path");
            let due = Kind::of_route_key(name, path)?;
            Some(Sent { place, key, due })
        })
        .collect();
    look_through(body, "", "", &mut found);
    found
}

/// The most ids of one call that are looked at.
const MOST: usize = 20;

fn look_through(value: &Value, place: &str, above: &str, found: &mut Vec<Sent>) {
    if found.len() >= MOST {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let inner = match place {
                    "" => name.clone(),
                    place => format!("{place}.{name}"),
                };
                if let Value::String(text) = value {
                    if let Some((due, key)) = Kind::of_property(above, name, text) {
                        let place = inner;
                        found.push(Sent { place, key, due });
                    }
                } else {
                    look_through(value, &inner, name, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                look_through(item, &format!("{place}[{index}]"), above, found);
            }
        }
        _ => {}
    }
}

/// Says what is wrong with an id; nothing if it is one of what is due.
pub(super) fn wrong(world: &World, sent: &Sent) -> Vec<String> {
    let Sent { place, key, due } = sent;
    let noun = due.word();
    if due.label(world, *key).is_some() {
        return Vec::new();
    }
    if due.is_gone(world, *key) {
        return vec![format!("{place}: the {noun} {key} was there, and is gone")];
    }
    let found = known_as(world, *key);
    if found.is_empty() {
        return nearly(world, sent);
    }
    let mut said = Vec::new();
    for (kind, label) in found {
        said.push(format!(
            "{place}: {key} is the id of the {} {label}, and that of {} is due",
            kind.word(),
            with_article(noun)
        ));
        let akin = due.akin(world, kind, *key);
        if !akin.is_empty() {
            said.push(format!("what goes with it: {}", list(world, *due, &akin)));
        }
    }
    said
}

/// How many things of a kind are named.
const NAMED: usize = 3;

fn list(world: &World, kind: Kind, keys: &[Key]) -> String {
    let named = keys.iter().take(NAMED).map(|key| {
        let label = kind.label(world, *key).unwrap_or_default();
        format!("{key}, the {} {label}", kind.word())
    });
    let mut named: Vec<String> = named.collect();
    if keys.len() > NAMED {
        named.push(format!("and {} more", keys.len() - NAMED));
    }
    named.join("; ")
}

/// More things than these are not compared with an id, one by one.
const FEW: usize = 10_000;

/// An id that is nearly that of something.
fn nearly(world: &World, sent: &Sent) -> Vec<String> {
    /// The most digits in which a mistyped id differs.
    const TYPOS: usize = 2;
    let Sent { place, key, due } = sent;
    let noun = due.word();
    let mut keys = due.keys(world).take(FEW);
    let differ = |other: &Key| {
        let digits = key.as_simple().to_string();
        let others = other.as_simple().to_string();
        let pairs = digits.bytes().zip(others.bytes());
        pairs.filter(|(one, other)| one != other).count()
    };
    if let Some(other) = keys.find(|other| differ(other) <= TYPOS) {
        let label = due.label(world, other).unwrap_or_default();
        return vec![format!(
            "{place}: {key} is no id of anything, but {other} is that of the {noun} {label}"
        )];
    }
    let there = due.keys(world).next().is_none();
    if there {
        return vec![format!("{place}: the tenant has no {noun} at all")];
    }
    vec![format!("{place}: {key} is no id of anything in the tenant")]
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}
