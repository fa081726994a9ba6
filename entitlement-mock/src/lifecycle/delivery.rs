//! Writing and taking away what packages grant.

use entitlement_core::assignment::AssignmentState;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::schedule::Schedule;
use entitlement_core::time::{IsoDuration, Timestamp};

use super::attributes;
use super::callouts;
use super::eligibility::allows;
use super::grants::{self, Tally};
use super::guests;
use super::notices;
use super::transition::Outcome;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::request::{Assignment, Request};
use crate::world::table::Key;

/// Makes the assignment that a request for access is about to fill, or takes up the one from an earlier try.
pub(super) fn prepare(world: &mut World, at: Timestamp, request: Key) {
    let Some(row) = world.requests.get(request) else {
        return;
    };
    if let Some(assignment) = row.assignment {
        let adds = !row.is_removal() && !row.is_update();
        world.change_assignment(assignment, |row| {
            if adds && row.expired.is_none() {
                row.state = AssignmentState::Delivering;
                row.status = "Delivering".into();
            }
        });
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
        grace: None,
        callouts: Vec::new(),
    };
    let key = world.insert_assignment(assignment);
    world.change_request(request, |row| row.assignment = Some(key));
}

/// What came of carrying a request out.
pub(super) enum Carried {
    Done(Outcome),
    /// A place refused, and is asked again at this moment.
    Later(Timestamp),
}

/// Carries out a request whose time has come; it was tried in vain `tries` times before.
pub(super) fn carry_out(world: &mut World, at: Timestamp, request: Key, tries: u32) -> Carried {
    let failed = Carried::Done(Outcome::Failed);
    let Some(row) = world.requests.get(request) else {
        return failed;
    };
    let Some(assignment) = row.assignment else {
        return failed;
    };
    if row.is_update() {
        let schedule = row.schedule.clone();
        attributes::write(world, request);
        return Carried::Done(extend(world, at, assignment, &schedule));
    }
    let is_removal = row.is_removal();
    if is_removal {
        mark_ended(world, at, assignment);
    }
    let Some(row) = world.assignments.get(assignment) else {
        return failed;
    };
    let (target, package) = (row.target, row.package);
    let tally = if is_removal {
        grants::take_all(world, at, target, package)
    } else {
        grants::give_all(world, at, target, package)
    };
    if tally.refused > 0
        && let Some(moment) = grants::next_try(world, at, tries)
    {
        return Carried::Later(moment);
    }
    let outcome = outcome_of(&tally, is_removal);
    if is_removal {
        attributes::clear(world, target, package);
    } else {
        if outcome != Outcome::Failed {
            attributes::write(world, request);
        }
        settle(world, at, assignment, outcome);
    }
    Carried::Done(outcome)
}

/// How it went, once nothing more is tried.
fn outcome_of(tally: &Tally, is_removal: bool) -> Outcome {
    match tally {
        Tally {
            refused: 0,
            impossible: 0,
            ..
        } if is_removal => Outcome::Removed,
        Tally {
            refused: 0,
            impossible: 0,
            ..
        } => Outcome::Whole,
        Tally { done: 0, .. } => Outcome::Failed,
        _ => Outcome::Partial,
    }
}

/// Gives what the package of an assignment grants, without a request and without a second try.
pub(crate) fn fill(world: &mut World, at: Timestamp, key: Key) {
    let Some(row) = world.assignments.get(key) else {
        return;
    };
    let (target, package) = (row.target, row.package);
    let tally = grants::give_all(world, at, target, package);
    settle(world, at, key, outcome_of(&tally, false));
}

/// Notes how far an assignment has come, once nothing more is tried.
fn settle(world: &mut World, at: Timestamp, key: Key, outcome: Outcome) {
    let (state, status) = match outcome {
        Outcome::Whole | Outcome::Removed => (AssignmentState::Delivered, "Delivered"),
        Outcome::Partial => (AssignmentState::PartiallyDelivered, "PartiallyDelivered"),
        Outcome::Failed => (AssignmentState::DeliveryFailed, "DeliveryFailed"),
    };
    let moved = world.change_assignment(key, |row| {
        row.state = state;
        row.status = status.into();
    });
    if moved.is_some() && outcome != Outcome::Failed {
        plan_end(world, at, key);
    }
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
    let Some(end) = world.assignments.get(key).and_then(|row| row.end) else {
        return;
    };
    plan_reminders(world, at, key);
    world
        .agenda
        .plan(end.max(at), Event::Expire { assignment: key });
}

/// Plans what happens before the end of an assignment, if its policy has anything happen.
pub(crate) fn plan_reminders(world: &mut World, at: Timestamp, key: Key) {
    let row = world.assignments.get(key);
    let Some((end, policy)) = row.and_then(|row| Some((row.end?, row.policy))) else {
        return;
    };
    let policy = world.policies.get(policy);
    if !policy.is_some_and(|policy| reminds(&policy.settings)) {
        return;
    }
    for days in [14, 1] {
        let before = IsoDuration::days(u32::from(days))
            .total_seconds()
            .unwrap_or(0);
        let moment = end.checked_sub(jiff::SignedDuration::from_secs(before));
        let assignment = key;
        if let Ok(moment) = moment
            && moment > at
        {
            let remind = Event::Remind { assignment, days };
            world.agenda.plan_once(moment, remind);
        }
    }
}

/// Whether anybody is told that access under a policy is about to end: people who can do something about it (EXP-10),
/// or an extension.
pub(crate) fn reminds(settings: &AssignmentPolicy) -> bool {
    let stages = settings.custom_extension_stage_settings.items().iter();
    let mut stages = stages.filter_map(|setting| setting.stage.as_ref());
    lets_extend(settings) || stages.any(|stage| !stage.can_wait())
}

fn lets_extend(settings: &AssignmentPolicy) -> bool {
    allows(settings, |settings| {
        settings.enable_targets_to_self_update_access
    })
}

/// The end is near: extensions are called, and the person is told and noted as told (ASG-2, U-19).
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
    if due != Some(true) {
        return;
    }
    callouts::call_before_end(world, at, key, days);
    let Some(assignment) = world.assignments.get_mut(key) else {
        return;
    };
    let policy = world.policies.get(assignment.policy);
    // EXP-10: only whoever can do something about it is reminded.
    if policy.is_some_and(|policy| lets_extend(&policy.settings)) {
        let status = match days {
            1 => "NearExpiry1DayNotificationTriggered",
            _ => "NearExpiry14DayNotificationTriggered",
        };
        assignment.status = status.into();
        notices::warn_of_end(world, at, key);
    }
}

/// Ends an assignment whose time is up (ASG-8).
pub(super) fn expire(world: &mut World, at: Timestamp, key: Key) {
    let Some(assignment) = world.assignments.get(key) else {
        return;
    };
    // An extension makes the earlier end void.
    let is_due = assignment.end.is_some_and(|end| end <= at);
    if is_due {
        end_by_service(world, at, key);
    }
}

/// Ends an assignment without anybody asking for it, with a request of the service as its record (ASG-9): time is up, or
/// a review denied it. Whatever comes first counts; `false` if the assignment has ended already (U-40).
pub(crate) fn end_by_service(world: &mut World, at: Timestamp, key: Key) -> bool {
    let Some(assignment) = world
        .assignments
        .get(key)
        .filter(|row| row.state.is_current())
    else {
        return false;
    };
    let request = Request {
        kind: RequestType::SystemRemove,
        state: RequestState::Delivering,
        status: "Delivering".into(),
        created: at,
        completed: None,
        requestor: None,
        target: assignment.target,
        package: assignment.package,
        policy: assignment.policy,
        assignment: Some(key),
        justification: None,
        answers: Vec::new(),
        schedule: Schedule::default(),
        stages: Vec::new(),
        callouts: Vec::new(),
        hold: None,
    };
    let request = world.insert_request(request);
    end(world, at, key);
    world.agenda.plan(at, Event::End { request });
    notices::tell_of_end(world, at, key);
    true
}

/// Ends an assignment and takes away what it granted, unless another one grants it too (DEL-3).
fn end(world: &mut World, at: Timestamp, key: Key) {
    let Some((target, package)) = mark_ended(world, at, key) else {
        return;
    };
    let role_scopes = world.packages.get(package);
    let role_scopes = role_scopes.map_or_else(Vec::new, |package| package.role_scopes.clone());
    for role_scope in role_scopes {
        if let Some(grant) = world.grant_of(&role_scope) {
            grants::align(world, at, target, grant, 0);
        }
    }
    attributes::clear(world, target, package);
}

/// Ends what was prepared for a request that nobody waits for any more; nothing was written yet (REQ-6).
pub(super) fn give_up(world: &mut World, at: Timestamp, request: Key) {
    let row = world.requests.get(request);
    if let Some(assignment) = row.and_then(|row| row.assignment) {
        mark_ended(world, at, assignment);
    }
}

/// Notes that an assignment has ended, and says whose and of what it was; `None` if that was so before.
fn mark_ended(world: &mut World, at: Timestamp, key: Key) -> Option<(Key, Key)> {
    let ended = world.change_assignment(key, |row| {
        if row.expired.is_some() {
            return None;
        }
        row.state = AssignmentState::Expired;
        row.status = "Expired".into();
        row.expired = Some(at);
        Some((row.target, row.package))
    });
    let (target, package) = ended.flatten()?;
    guests::left(world, at, target);
    Some((target, package))
}
