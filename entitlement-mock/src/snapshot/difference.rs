//! What has changed between two states, in words that read well in a failed assertion.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use serde_json::Value;

/// The differences between two snapshots, in the order of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    changes: Vec<Change>,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Where: the table, the name or id of the row, and for a row that stays the path of the value.
    pub place: String,
    /// What was there; nothing if it is new.
    pub before: Option<Value>,
    /// What is there; nothing if it is gone.
    pub after: Option<Value>,
}

impl Difference {
    pub(super) fn between(before: &Value, after: &Value) -> Self {
        let mut changes = Vec::new();
        for (name, before, after) in members(before, after) {
            match (rows(before), rows(after)) {
                (Some(before), Some(after)) => tables(name, &before, &after, &mut changes),
                _ => values(name, before, after, &mut changes),
            }
        }
        Self { changes }
    }

    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes one by one.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}

/// The members of two objects under their names, in the order in which they are written.
fn members<'v>(
    before: &'v Value,
    after: &'v Value,
) -> impl Iterator<Item = (&'v str, Option<&'v Value>, Option<&'v Value>)> {
    let own = before.as_object().into_iter().flatten();
    let new = after.as_object().into_iter().flatten();
    let stays = own.map(|(name, value)| (name.as_str(), Some(value), after.get(name)));
    let comes = new
        .filter(|(name, _)| before.get(name.as_str()).is_none())
        .map(|(name, value)| (name.as_str(), None, Some(value)));
    stays.chain(comes)
}

/// The rows of a table by their ids; `None` if it is none.
fn rows(value: Option<&Value>) -> Option<BTreeMap<&str, &Value>> {
    let row = |row: &'_ Value| -> Option<()> {
        let pair = row.as_array()?;
        (pair.len() == 2 && pair[0].as_str()?.len() == 36).then_some(())
    };
    let list = value?.as_array()?;
    list.iter().all(|value| row(value).is_some()).then(|| {
        let pairs = list
            .iter()
            .filter_map(|pair| Some((pair[0].as_str()?, &pair[1])));
        pairs.collect()
    })
}

fn tables(
    name: &str,
    before: &BTreeMap<&str, &Value>,
    after: &BTreeMap<&str, &Value>,
    changes: &mut Vec<Change>,
) {
    for (id, row) in before {
        let place = format!("{name}/{}", label(id, row));
        match after.get(id) {
            Some(now) => values(&place, Some(row), Some(now), changes),
            None => changes.push(Change {
                place,
                before: Some((*row).clone()),
                after: None,
            }),
        }
    }
    for (id, row) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
        changes.push(Change {
            place: format!("{name}/{}", label(id, row)),
            before: None,
            after: Some((*row).clone()),
        });
    }
}

/// What people call a row: its name and, so that two of one name are not mixed up, its id.
fn label(id: &str, row: &Value) -> String {
    let names = ["displayName", "principalName"];
    let name = names.iter().find_map(|name| row.get(name)?.as_str());
    let settings = || row.get("settings")?.get("displayName")?.as_str();
    match name.or_else(settings) {
        Some(name) => format!("{name} ({id})"),
        None => id.to_owned(),
    }
}

/// Goes down to the values that differ.
fn values(place: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    if let (Some(before @ Value::Object(_)), Some(after @ Value::Object(_))) = (before, after) {
        for (name, before, after) in members(before, after) {
            values(&format!("{place}.{name}"), before, after, changes);
        }
        return;
    }
    changes.push(Change {
        place: place.to_owned(),
        before: before.cloned(),
        after: after.cloned(),
    });
}

impl Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(f, "~ {}: {before} -> {after}", self.place),
            (None, Some(after)) => write!(f, "+ {}: {after}", self.place),
            (Some(before), None) => write!(f, "- {}: {before}", self.place),
            (None, None) => f.write_str(&self.place),
        }
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changes.is_empty() {
            return f.write_str("nothing has changed");
        }
        for (place, change) in self.changes.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            Display::fmt(change, f)?;
        }
        Ok(())
    }
}
