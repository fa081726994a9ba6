//! What packages grant: counted, written, taken away.

use entitlement_core::time::Timestamp;

use crate::world::World;
use crate::world::agenda::Event;
use crate::world::holdings::NotWritten;
use crate::world::origin::Grant;
use crate::world::package::RoleScope;
use crate::world::table::Key;

/// How writing several roles went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) done: usize,
    /// Refused for now.
    pub(crate) refused: usize,
    /// Never to be done.
    pub(crate) impossible: usize,
}

impl Tally {
    fn count(&mut self, outcome: Result<(), NotWritten>) {
        match outcome {
            Ok(()) => self.done += 1,
            Err(NotWritten::Refused) => self.refused += 1,
            Err(NotWritten::Impossible) => self.impossible += 1,
        }
    }
}

/// Gives the holder of an assignment every role of its package.
pub(crate) fn give_all(world: &mut World, at: Timestamp, target: Key, package: Key) -> Tally {
    let mut tally = Tally::default();
    for role_scope in role_scopes(world, package) {
        let outcome = match world.grant_of(&role_scope) {
            Some(grant) => world.give(at, target, grant),
            None => Err(NotWritten::Impossible),
        };
        tally.count(outcome);
    }
    tally
}

/// Takes every role of a package away that no current assignment grants (DEL-3).
pub(crate) fn take_all(world: &mut World, at: Timestamp, target: Key, package: Key) -> Tally {
    let mut tally = Tally::default();
    for role_scope in role_scopes(world, package) {
        if let Some(grant) = world.grant_of(&role_scope)
            && !is_granted(world, target, grant)
        {
            tally.count(world.take(at, target, grant));
        }
    }
    tally
}

/// Brings what somebody holds in line with their assignments; a place that refuses is asked again later (DEL-2).
pub(crate) fn align(world: &mut World, at: Timestamp, person: Key, grant: Grant, tries: u32) {
    let outcome = if is_granted(world, person, grant) {
        world.give(at, person, grant)
    } else {
        world.take(at, person, grant)
    };
    if outcome == Err(NotWritten::Refused)
        && let Some(moment) = next_try(world, at, tries)
    {
        let tries = tries + 1;
        let event = Event::Align {
            person,
            grant,
            tries,
        };
        world.agenda.plan(moment, event);
    }
}

/// When a place is asked again that has refused `tries` times before: each wait is twice as long as the one before,
/// and all together take no longer than the service is patient. `None` if it gives up.
pub(crate) fn next_try(world: &World, at: Timestamp, tries: u32) -> Option<Timestamp> {
    const FIRST_WAIT_MINUTES: u64 = 15;
    let patience = u64::from(world.settings.choices.delivery_retry_hours) * 60;
    let wait = FIRST_WAIT_MINUTES.checked_mul(1_u64.checked_shl(tries)?)?;
    // 1 + 2 + … + 2ⁿ = 2ⁿ⁺¹ - 1.
    let waited = wait.checked_mul(2)? - FIRST_WAIT_MINUTES;
    if waited > patience {
        return None;
    }
    at.checked_add(jiff::SignedDuration::from_mins(i64::try_from(wait).ok()?))
        .ok()
}

/// Whether a current assignment grants somebody a role.
pub(crate) fn is_granted(world: &World, target: Key, grant: Grant) -> bool {
    let assignments = world.links.assignments_of_target.of(target);
    let current = assignments
        .iter()
        .filter_map(|key| world.assignments.get(*key))
        .filter(|assignment| assignment.state.is_current());
    let packages = current.filter_map(|assignment| world.packages.get(assignment.package));
    packages
        .flat_map(|package| &package.role_scopes)
        .any(|role_scope| world.grant_of(role_scope) == Some(grant))
}

fn role_scopes(world: &World, package: Key) -> Vec<RoleScope> {
    let package = world.packages.get(package);
    package.map_or_else(Vec::new, |package| package.role_scopes.clone())
}
