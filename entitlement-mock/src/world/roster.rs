//! Who is in something, in the order in which they came.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::table::Key;

/// A set of people that remembers their order. Taking somebody out costs the same however many there are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(into = "Vec<Key>", from = "Vec<Key>")]
pub(crate) struct Roster {
    slots: Vec<Option<Key>>,
    places: HashMap<Key, usize>,
}

impl PartialEq for Roster {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Roster {}

impl Roster {
    /// Puts somebody at the end; `false` if they are in already.
    pub(crate) fn insert(&mut self, key: Key) -> bool {
        if self.contains(&key) {
            return false;
        }
        self.places.insert(key, self.slots.len());
        self.slots.push(Some(key));
        true
    }

    /// Takes somebody out; `false` if they are not in.
    pub(crate) fn remove(&mut self, key: &Key) -> bool {
        let Some(place) = self.places.remove(key) else {
            return false;
        };
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = None;
        }
        // More gaps than people: close up, which is paid for by those who left.
        if self.slots.len() > 2 * self.places.len() + 32 {
            *self = self.iter().copied().collect();
        }
        true
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.places.contains_key(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Key> {
        self.slots.iter().flatten()
    }
}

impl Extend<Key> for Roster {
    fn extend<I: IntoIterator<Item = Key>>(&mut self, keys: I) {
        for key in keys {
            self.insert(key);
        }
    }
}

impl FromIterator<Key> for Roster {
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        let mut roster = Self::default();
        roster.extend(keys);
        roster
    }
}

impl From<Vec<Key>> for Roster {
    fn from(keys: Vec<Key>) -> Self {
        keys.into_iter().collect()
    }
}

impl From<Roster> for Vec<Key> {
    fn from(roster: Roster) -> Self {
        roster.slots.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_come_and_go_and_the_others_keep_their_order() {
        let all: Vec<Key> = (0..200).map(Key::from_u128).collect();
        let mut roster: Roster = all.iter().copied().collect();
        assert!(!roster.insert(all[7]));
        for key in &all[..150] {
            assert!(roster.remove(key));
            assert!(!roster.remove(key));
        }
        roster.insert(all[3]);
        let left: Vec<Key> = roster.into();
        assert_eq!(left[..50], all[150..]);
        assert_eq!(left[50..], [all[3]]);
    }
}
