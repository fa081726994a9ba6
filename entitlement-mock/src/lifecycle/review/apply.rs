//! Carrying decisions out (REV-12, REV-58).

use entitlement_core::access_review::settings::ApplyAction;
use entitlement_core::time::{IsoDuration, Timestamp};

use crate::lifecycle::automatic::person_changed;
use crate::lifecycle::{delivery, departure};
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::review::{Access, Applied, Item, Verdict};
use crate::world::table::Key;

/// Carries out what was decided in an instance. What was applied before stays as it is, so that a second time changes
/// nothing more.
pub(crate) fn carry_out(world: &mut World, at: Timestamp, instance: Key) {
    let Some(row) = world.review_instances.get_mut(instance) else {
        return;
    };
    let blocks = row
        .settings
        .apply_actions
        .iter()
        .flatten()
        .any(|action| matches!(action, ApplyAction::DisableAndDeleteUser(_)));
    row.applied = Some(at);
    let mut items = std::mem::take(&mut row.items);
    for item in &mut items {
        if item.result != Applied::New || item.mark.verdict == Verdict::NotReviewed {
            continue;
        }
        let was_there = if item.mark.verdict == Verdict::Deny {
            deny(world, at, item, blocks)
        } else {
            is_there(world, item)
        };
        item.result = if was_there {
            Applied::Done
        } else {
            Applied::NothingThere
        };
    }
    if let Some(row) = world.review_instances.get_mut(instance) {
        row.items = items;
    }
}

/// Whether the access is still what it was at the start (REV-42).
fn is_there(world: &World, item: &Item) -> bool {
    match item.access {
        Access::Assignment(key) => world
            .assignments
            .get(key)
            .is_some_and(|row| row.state.is_current()),
        Access::Member(group) => world
            .groups
            .get(group)
            .is_some_and(|row| row.members.contains(&item.principal)),
    }
}

/// Takes the access away; `false` if there was none any more.
fn deny(world: &mut World, at: Timestamp, item: &Item, blocks: bool) -> bool {
    let removed = match item.access {
        Access::Assignment(key) => delivery::end_by_service(world, at, key),
        Access::Member(group) => world
            .groups
            .get_mut(group)
            .is_some_and(|row| row.members.remove(&item.principal)),
    };
    if removed && blocks {
        block(world, at, item.principal);
    }
    removed
}

/// Blocks an account, which is deleted 30 days later unless somebody lets it in again (5.3).
fn block(world: &mut World, at: Timestamp, person: Key) {
    let Some(user) = world.users.get_mut(person) else {
        return;
    };
    user.is_enabled = false;
    person_changed(world, at, person);
    if let Some(due) = IsoDuration::days(30).after(at) {
        world.agenda.plan(due, Event::DeleteBlocked { person });
    }
}

/// Deletes an account that is still blocked.
pub(crate) fn delete_blocked(world: &mut World, at: Timestamp, person: Key) {
    if world.users.get(person).is_some_and(|user| !user.is_enabled) {
        departure::delete(world, at, person);
    }
}
