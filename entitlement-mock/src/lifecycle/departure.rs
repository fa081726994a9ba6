//! People whose accounts are deleted (DEL-8).

use entitlement_core::time::{IsoDuration, Timestamp};

use super::automatic::person_changed;
use super::delivery;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::table::Key;

/// Deletes an account; for a while it can be restored, and its assignments count as active (OBJ-44).
pub(crate) fn delete(world: &mut World, at: Timestamp, person: Key) {
    let Some(user) = world.users.get_mut(person) else {
        return;
    };
    user.deleted = Some(at);
    person_changed(world, at, person);
    match purge_at(world, at) {
        Some(end) if end > at => world.agenda.plan(end, Event::Purge { person }),
        _ => purge(world, at, person),
    }
}

/// When an account that is deleted at a moment cannot be restored any more.
fn purge_at(world: &World, at: Timestamp) -> Option<Timestamp> {
    IsoDuration::days(world.settings.choices.deleted_user_days).after(at)
}

/// Removes a deleted account for good, unless it was restored; its assignments end with it.
pub(super) fn purge(world: &mut World, at: Timestamp, person: Key) {
    let deleted = world.users.get(person).and_then(|user| user.deleted);
    // Restored and deleted again, it has more time.
    if deleted.is_some_and(|deleted| purge_at(world, deleted).is_none_or(|end| end <= at)) {
        purge_now(world, at, person);
    }
}

/// Removes a deleted account without waiting. Entitlement management goes on knowing the person by name.
pub(crate) fn purge_now(world: &mut World, at: Timestamp, person: Key) {
    for key in world.links.assignments_of_target.of(person).to_vec() {
        let assignment = world.assignments.get(key);
        if assignment.is_some_and(|row| row.state.is_current()) {
            delivery::end_by_service(world, at, key);
        }
    }
    world.forget_holder(person);
    if let Some(user) = world.users.get_mut(person) {
        user.is_purged = true;
    }
}
