//! Rows under their ids, in the order in which they came.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The id of a row.
pub(crate) type Key = Uuid;

/// A table. Listing it gives the rows in the order of their insertion (U-42).
#[derive(Debug, Clone)]
pub(crate) struct Table<R> {
    slots: Vec<Option<(Key, R)>>,
    places: HashMap<Key, usize>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<R> Table<R> {
    pub(crate) fn insert(&mut self, key: Key, row: R) {
        self.places.insert(key, self.slots.len());
        self.slots.push(Some((key, row)));
    }

    pub(crate) fn get(&self, key: Key) -> Option<&R> {
        let slot = self.slots.get(*self.places.get(&key)?)?;
        slot.as_ref().map(|(_, row)| row)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut R> {
        let slot = self.slots.get_mut(*self.places.get(&key)?)?;
        slot.as_mut().map(|(_, row)| row)
    }

    pub(crate) fn contains(&self, key: Key) -> bool {
        self.places.contains_key(&key)
    }

    pub(crate) fn remove(&mut self, key: Key) -> Option<R> {
        let place = self.places.remove(&key)?;
        self.slots.get_mut(place)?.take().map(|(_, row)| row)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key, &R)> {
        self.slots.iter().flatten().map(|(key, row)| (*key, row))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Key, &mut R)> {
        let rows = self.slots.iter_mut().flatten();
        rows.map(|(key, row)| (*key, row))
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = Key> {
        self.iter().map(|(key, _)| key)
    }
}

impl<R: Serialize> Serialize for Table<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, R: Deserialize<'de>> Deserialize<'de> for Table<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vec::<(Key, R)>::deserialize(deserializer)?;
        let mut table = Self::default();
        for (key, row) in rows {
            if table.contains(key) {
                let twice = format!("the id {key} is there twice");
                return Err(serde::de::Error::custom(twice));
            }
            table.insert(key, row);
        }
        Ok(table)
    }
}

/// Which rows belong to what, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index(HashMap<Key, Vec<Key>>);

impl Index {
    pub(crate) fn add(&mut self, owner: Key, member: Key) {
        self.0.entry(owner).or_default().push(member);
    }

    pub(crate) fn of(&self, owner: Key) -> &[Key] {
        self.0.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// Takes away everything that belongs to an owner.
    pub(crate) fn take(&mut self, owner: Key) -> Vec<Key> {
        self.0.remove(&owner).unwrap_or_default()
    }

    pub(crate) fn remove(&mut self, owner: Key, member: Key) {
        if let Some(members) = self.0.get_mut(&owner) {
            members.retain(|key| *key != member);
        }
    }
}
