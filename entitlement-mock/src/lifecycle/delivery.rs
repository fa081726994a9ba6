//! Writing and taking away what packages grant.

use entitlement_core::assignment::AssignmentState;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::schedule::Schedule;
use entitlement_core::time::{IsoDuration, Timestamp};

use super::eligibility::allows;
use super::notices;
use super::transition::Outcome;
use crate::audit::Activity;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::directory::GroupRole;
use crate::world::package::RoleScope;
use crate::world::request::{Assignment, Request};
use crate::world::table::Key;

/// Makes the assignment that a request for access is about to fill, unless there is one from an earlier try.
pub(super) fn prepare(world: &mut World, at: Timestamp, request: Key) {
    let Some(row) = world.requests.get(request) else {
        return;
    };
    if row.assignment.is_some() {
        return;
    }
    let start = row
        .schedule
        .start_date_time
        .map_or(at, |wished| wished.max(at));
    let end = row
        .schedule
        .expiration
        .as_ref()
        .and_then(|expiration| expiration.end_from(start));
    let assignment = Assignment {
        package: row.package,
        policy: row.policy,
        target: row.target,
        state: AssignmentState::Delivering,
        status: "Delivering".into(),
        start,
        end,
        expired: None,
    };
    let key = world.insert_assignment(assignment);
    if let Some(row) = world.requests.get_mut(request) {
        row.assignment = Some(key);
    }
}

/// Carries out a request whose time has come.
pub(super) fn carry_out(world: &mut World, at: Timestamp, request: Key) -> Outcome {
    let Some(row) = world.requests.get(request) else {
        return Outcome::Failed;
    };
    let Some(assignment) = row.assignment else {
        return Outcome::Failed;
    };
    if row.is_removal() {
        end(world, at, assignment);
        return Outcome::Removed;
    }
    if row.is_update() {
        let schedule = row.schedule.clone();
        return extend(world, at, assignment, &schedule);
    }
    fill(world, at, assignment)
}

/// Writes every role of the package (DEL-1).
fn fill(world: &mut World, at: Timestamp, key: Key) -> Outcome {
    let outcome = grant_all(world, key);
    let Some(assignment) = world.assignments.get_mut(key) else {
        return Outcome::Failed;
    };
    let (state, status) = match outcome {
        Outcome::Whole | Outcome::Removed => (AssignmentState::Delivered, "Delivered"),
        Outcome::Partial => (AssignmentState::PartiallyDelivered, "PartiallyDelivered"),
        Outcome::Failed => (AssignmentState::DeliveryFailed, "DeliveryFailed"),
    };
    assignment.state = state;
    assignment.status = status.into();
    if outcome != Outcome::Failed {
        plan_end(world, at, key);
    }
    outcome
}

/// Moves the end of an assignment in place (REQ-31); a schedule without end leaves it alone.
fn extend(world: &mut World, at: Timestamp, key: Key, schedule: &Schedule) -> Outcome {
    let Some(assignment) = world
        .assignments
        .get_mut(key)
        .filter(|row| row.state.is_current())
    else {
        return Outcome::Failed;
    };
    if let Some(expiration) = &schedule.expiration {
        let start = schedule.start_date_time.map_or(at, |wished| wished.max(at));
        assignment.end = expiration.end_from(start);
        assignment.status = "Delivered".into();
        plan_end(world, at, key);
    }
    Outcome::Whole
}

/// Plans the reminders and the end of an assignment.
fn plan_end(world: &mut World, at: Timestamp, key: Key) {
    let Some((end, policy)) = world
        .assignments
        .get(key)
        .and_then(|row| Some((row.end?, row.policy)))
    else {
        return;
    };
    let extendable = world.policies.get(policy).is_some_and(|policy| {
        allows(&policy.settings, |settings| {
            settings.enable_targets_to_self_update_access
        })
    });
    for days in [14, 1] {
        let before = IsoDuration::days(u32::from(days))
            .total_seconds()
            .unwrap_or(0);
        let moment = end.checked_sub(jiff::SignedDuration::from_secs(before));
        // EXP-10: only whoever can do something about it is reminded.
        if let (true, Ok(moment)) = (extendable, moment)
            && moment > at
        {
            world.agenda.plan(
                moment,
                Event::Remind {
                    assignment: key,
                    days,
                },
            );
        }
    }
    world
        .agenda
        .plan(end.max(at), Event::Expire { assignment: key });
}

/// Notes that the person was told about the coming end (ASG-2, U-19).
pub(super) fn remind(world: &mut World, at: Timestamp, key: Key, days: u8) {
    let Some(assignment) = world
        .assignments
        .get_mut(key)
        .filter(|row| row.state.is_current())
    else {
        return;
    };
    // An extension makes reminders of the earlier end void.
    let due = assignment.end.and_then(|end| {
        IsoDuration::days(u32::from(days))
            .after(at)
            .map(|moment| moment == end)
    });
    if due == Some(true) {
        let status = match days {
            1 => "NearExpiry1DayNotificationTriggered",
            _ => "NearExpiry14DayNotificationTriggered",
        };
        assignment.status = status.into();
        notices::warn_of_end(world, at, key);
    }
}

/// Ends an assignment whose time is up, with a request of the service as its record (ASG-8, ASG-9).
pub(super) fn expire(world: &mut World, at: Timestamp, key: Key) {
    let Some(assignment) = world.assignments.get(key) else {
        return;
    };
    // An extension makes the earlier end void.
    let is_due = assignment.end.is_some_and(|end| end <= at);
    if !assignment.state.is_current() || !is_due {
        return;
    }
    let request = Request {
        kind: RequestType::SystemRemove,
        state: RequestState::Delivered,
        status: "Fulfilled".into(),
        created: at,
        completed: Some(at),
        requestor: None,
        target: assignment.target,
        package: assignment.package,
        policy: assignment.policy,
        assignment: Some(key),
        justification: None,
        answers: Vec::new(),
        schedule: Schedule::default(),
        stages: Vec::new(),
    };
    let request = world.insert_request(request);
    end(world, at, key);
    world.audit(at, Activity::Remove, request, None);
    notices::tell_of_end(world, at, key);
}

/// Takes away what an assignment granted, unless another one grants it too (DEL-3).
pub(super) fn end(world: &mut World, at: Timestamp, key: Key) {
    let Some(assignment) = world
        .assignments
        .get_mut(key)
        .filter(|row| row.expired.is_none())
    else {
        return;
    };
    assignment.state = AssignmentState::Expired;
    assignment.status = "Expired".into();
    assignment.expired = Some(at);
    let (target, package) = (assignment.target, assignment.package);
    for role_scope in role_scopes(world, package) {
        revoke(world, target, &role_scope);
    }
}

/// Writes the roles of an assignment's package and says how that went.
pub(crate) fn grant_all(world: &mut World, assignment: Key) -> Outcome {
    let Some((target, package)) = world
        .assignments
        .get(assignment)
        .map(|row| (row.target, row.package))
    else {
        return Outcome::Failed;
    };
    let role_scopes = role_scopes(world, package);
    let written = role_scopes
        .iter()
        .filter(|role_scope| grant(world, target, role_scope))
        .count();
    match written {
        all if all == role_scopes.len() => Outcome::Whole,
        0 => Outcome::Failed,
        _ => Outcome::Partial,
    }
}

/// Writes one role; what is there already counts as written (DEL-1). A group that is gone cannot be written (U-20).
pub(crate) fn grant(world: &mut World, target: Key, role_scope: &RoleScope) -> bool {
    let Some((group, role)) = world.granted_role(role_scope) else {
        return false;
    };
    let holders = world
        .groups
        .get_mut(group)
        .map(|group| group.holders_mut(role));
    holders.is_some_and(|holders| {
        holders.insert(target);
        true
    })
}

/// Takes one role away, unless a current assignment grants it. That it was held before is not remembered (DEL-4).
pub(crate) fn revoke(world: &mut World, target: Key, role_scope: &RoleScope) {
    let Some((group, role)) = world.granted_role(role_scope) else {
        return;
    };
    if is_granted(world, target, group, role) {
        return;
    }
    if let Some(group) = world.groups.get_mut(group) {
        group.holders_mut(role).shift_remove(&target);
    }
}

/// Whether a current assignment grants a person a role in a group.
fn is_granted(world: &World, target: Key, group: Key, role: GroupRole) -> bool {
    let assignments = world.links.assignments_of_target.of(target);
    let current = assignments
        .iter()
        .filter_map(|key| world.assignments.get(*key))
        .filter(|assignment| assignment.state.is_current());
    let packages = current.filter_map(|assignment| world.packages.get(assignment.package));
    packages
        .flat_map(|package| &package.role_scopes)
        .any(|role_scope| world.granted_role(role_scope) == Some((group, role)))
}

fn role_scopes(world: &World, package: Key) -> Vec<RoleScope> {
    world
        .packages
        .get(package)
        .map(|package| package.role_scopes.clone())
        .unwrap_or_default()
}
