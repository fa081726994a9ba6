//! Rows under their ids, in the order in which they came.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The id of a row.
pub(crate) type Key = Uuid;

/// Where a row stands among those of its table. Rows that came later have greater places, and no row ever moves.
pub(crate) type Place = usize;

/// A table. Listing it gives the rows in the order of their insertion (U-42).
#[derive(Debug, Clone)]
pub(crate) struct Table<R> {
    slots: Vec<Option<(Key, R)>>,
    /// Where each row is, and where those were that are gone, so that a list can go on from there.
    places: HashMap<Key, Place>,
    /// How many rows are gone.
    gone: usize,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            places: HashMap::new(),
            gone: 0,
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
        self.get(key).is_some()
    }

    pub(crate) fn remove(&mut self, key: Key) -> Option<R> {
        let place = *self.places.get(&key)?;
        let (_, row) = self.slots.get_mut(place)?.take()?;
        self.gone += 1;
        Some(row)
    }

    /// The place of a row, or of one that is gone.
    pub(crate) fn place(&self, key: Key) -> Option<Place> {
        self.places.get(&key).copied()
    }

    /// The row at a place, unless it is gone.
    pub(crate) fn key_at(&self, place: Place) -> Option<Key> {
        let slot = self.slots.get(place)?;
        slot.as_ref().map(|(key, _)| *key)
    }

    /// How many places there are, of rows that are there and of rows that are gone.
    pub(crate) fn places(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key, &R)> {
        self.slots.iter().flatten().map(|(key, row)| (*key, row))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Key, &mut R)> {
        let rows = self.slots.iter_mut().flatten();
        rows.map(|(key, row)| (*key, row))
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.gone
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
            if members.is_empty() {
                self.0.remove(&owner);
            }
        }
    }
}

/// Which rows have a word in common that may change, such as their state or a name, by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WordIndex(HashMap<Box<str>, BTreeSet<Place>>);

impl WordIndex {
    /// Words are told apart as filters tell them apart: without regard to case.
    pub(crate) fn add(&mut self, word: &str, place: Place) {
        if let Some(places) = self.0.get_mut(word) {
            places.insert(place);
        } else {
            let word = word.to_lowercase().into();
            self.0.entry(word).or_default().insert(place);
        }
    }

    pub(crate) fn remove(&mut self, word: &str, place: Place) {
        let word = word.to_lowercase();
        if let Some(places) = self.0.get_mut(word.as_str()) {
            places.remove(&place);
            if places.is_empty() {
                self.0.remove(word.as_str());
            }
        }
    }

    pub(crate) fn of(&self, word: &str) -> Option<&BTreeSet<Place>> {
        self.0.get(word.to_lowercase().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_keeps_its_place_and_counts_no_more() {
        let keys = [1, 2, 3].map(Key::from_u128);
        let mut table = Table::default();
        for key in keys {
            table.insert(key, ());
        }
        assert_eq!(table.remove(keys[1]), Some(()));
        assert_eq!(table.remove(keys[1]), None);
        assert_eq!((table.len(), table.places()), (2, 3));
        assert!(!table.contains(keys[1]));
        assert_eq!((table.place(keys[1]), table.key_at(1)), (Some(1), None));
        assert!(table.keys().eq([keys[0], keys[2]]));
    }
}
