//! Packages that somebody may want, because people around them have them or they had them before.

use entitlement_core::time::Timestamp;
use indexmap::IndexSet;

use super::eligibility::is_offered;
use crate::world::World;
use crate::world::request::Assignment;
use crate::world::table::Key;

/// Where suggestions come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sources {
    pub(crate) related_people: bool,
    pub(crate) own_history: bool,
}

/// Why a package is suggested.
#[derive(Debug, Default)]
pub(crate) struct Reasons {
    /// The people around who have it.
    pub(crate) people: Vec<Key>,
    /// How often the person had it, and when they got it last.
    pub(crate) history: Option<(usize, Timestamp)>,
}

/// The packages to suggest to a person: those they find when browsing, do not have, and for which there is a reason.
pub(crate) fn suggested(world: &World, person: Key, sources: Sources) -> Vec<Key> {
    let around = if sources.related_people {
        around(world, person)
    } else {
        Vec::new()
    };
    let mut candidates = IndexSet::new();
    for who in around.into_iter().chain([person]) {
        for key in world.links.assignments_of_target.of(who) {
            let row = world.assignments.get(*key);
            let counts = |row: &&Assignment| {
                if who == person {
                    sources.own_history && row.expired.is_some()
                } else {
                    row.state.is_current()
                }
            };
            candidates.extend(row.filter(counts).map(|row| row.package));
        }
    }
    candidates
        .into_iter()
        .filter(|package| world.current_assignment(person, *package).is_none())
        .filter(|package| is_offered(world, *package, person))
        .collect()
}

pub(crate) fn reasons(world: &World, package: Key, person: Key, sources: Sources) -> Reasons {
    let mut reasons = Reasons::default();
    if sources.related_people {
        let current = |who: &Key| world.current_assignment(*who, package).is_some();
        reasons.people = around(world, person).into_iter().filter(current).collect();
    }
    if sources.own_history {
        let own = world.links.assignments_of_target.of(person).iter();
        let past = own
            .filter_map(|key| world.assignments.get(*key))
            .filter(|row| row.package == package && row.expired.is_some());
        let starts: Vec<Timestamp> = past.map(|row| row.start).collect();
        let last = starts.iter().max();
        reasons.history = last.map(|last| (starts.len(), *last));
    }
    reasons
}

/// A person's manager, those who have the same one, and those whose manager they are.
fn around(world: &World, person: Key) -> Vec<Key> {
    let manager = world.manager_of(person, 1);
    let people = world.users.iter().filter(|(key, user)| {
        let related = Some(*key) == manager
            || user.manager == Some(person)
            || manager.is_some() && user.manager == manager;
        related && *key != person && user.deleted.is_none()
    });
    people.map(|(key, _)| key).collect()
}
