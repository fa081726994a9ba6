//! What happens by itself, in the order in which it is due, and what each step of a request does to the world.

pub(crate) mod approvers;
pub(crate) mod attributes;
pub(crate) mod delivery;
pub(crate) mod departure;
pub(crate) mod eligibility;
pub(crate) mod grants;
mod notices;
pub(crate) mod review;
pub(crate) mod separation;
pub(crate) mod suggestions;
pub(crate) mod transition;

use entitlement_core::approval::StageStatus;
use entitlement_core::request::RequestState;
use entitlement_core::time::{IsoDuration, Timestamp};

use crate::audit::Activity;
use crate::licence::Licence;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::request::Request;
use crate::world::table::Key;
use delivery::Carried;
use transition::{Effect, Trigger};

/// Lets everything happen that is due by `now`.
pub(crate) fn settle(world: &mut World, now: Timestamp) {
    while let Some((due, event)) = world.agenda.take_due(now) {
        happen(world, due, event);
    }
}

/// Takes up the requests that were left lying for want of a licence.
pub(crate) fn take_up_again(world: &mut World, now: Timestamp) {
    let waits = |row: &Request| row.state == RequestState::Submitted && row.status == "Accepted";
    let requests = world.requests.iter().filter(|(_, row)| waits(row));
    for request in requests.map(|(key, _)| key).collect::<Vec<_>>() {
        world.agenda.plan(now, Event::Process { request });
    }
}

fn happen(world: &mut World, at: Timestamp, event: Event) {
    match event {
        Event::Process { request } => {
            let Some(row) = world.requests.get(request) else {
                return;
            };
            if world.settings.licence == Licence::None {
                return; // LIC-3.
            }
            let trigger = Trigger::Processed {
                needs_consent: !row.stages.is_empty(),
                starts_later: starts_later(row, at),
            };
            apply(world, at, request, trigger);
        }
        Event::Start { request } => {
            apply(world, at, request, Trigger::Started);
        }
        Event::Deliver { request } => deliver(world, at, request, 0),
        Event::Redeliver { request, tries } => deliver(world, at, request, tries),
        Event::Align {
            person,
            grant,
            tries,
        } => grants::align(world, at, person, grant, tries),
        Event::Escalate { request, stage } => {
            if let Some(row) = waiting_in(world, request, stage) {
                row.stages[stage].is_escalated = true;
                apply(world, at, request, Trigger::Escalated);
            }
        }
        Event::Nudge { request, stage } => {
            if waiting_in(world, request, stage).is_some() {
                notices::remind_approvers(world, at, request, stage);
            }
        }
        Event::Deny { request, stage } => {
            if let Some(row) = waiting_in(world, request, stage) {
                row.stages[stage].status = StageStatus::Expired;
                apply(world, at, request, Trigger::TimedOut);
            }
        }
        Event::Remind { assignment, days } => delivery::remind(world, at, assignment, days),
        Event::Expire { assignment } => delivery::expire(world, at, assignment),
        Event::Purge { person } => departure::purge(world, at, person),
        Event::BeginReview { review } => review::begin(world, at, review),
        Event::RemindReviewers { instance, stage } => {
            review::remind_halfway(world, at, instance, stage);
        }
        Event::EndStage { instance, stage } => review::time_is_up(world, at, instance, stage),
        Event::MoveReview { instance } => review::advance(world, at, instance),
        Event::DeleteBlocked { person } => review::apply::delete_blocked(world, at, person),
        Event::RunHistory { history } => review::history::run(world, at, history),
    }
}

/// Carries out a request that is being delivered; it was tried in vain `tries` times before.
fn deliver(world: &mut World, at: Timestamp, request: Key, tries: u32) {
    let is_delivering = world.requests.get(request).is_some_and(|row| {
        transition::step(&row.state, Trigger::Delivered(transition::Outcome::Whole)).is_some()
    });
    if !is_delivering {
        return;
    }
    match delivery::carry_out(world, at, request, tries) {
        Carried::Done(outcome) => {
            apply(world, at, request, Trigger::Delivered(outcome));
        }
        Carried::Later(moment) => {
            let tries = tries + 1;
            let again = Event::Redeliver { request, tries };
            world.agenda.plan(moment, again);
        }
    }
}

/// The request, if it waits for a decision in this very stage.
fn waiting_in(world: &mut World, request: Key, stage: usize) -> Option<&mut Request> {
    world
        .requests
        .get_mut(request)
        .filter(|row| row.pending_stage() == Some(stage))
}

/// Whether the wished start of a request is still to come.
pub(crate) fn starts_later(request: &Request, at: Timestamp) -> bool {
    request
        .schedule
        .start_date_time
        .is_some_and(|start| start > at)
}

/// Moves a request on and does what that entails; `false` if the request cannot move that way.
pub(crate) fn apply(world: &mut World, at: Timestamp, request: Key, trigger: Trigger) -> bool {
    let Some(row) = world.requests.get(request) else {
        return false;
    };
    let Some(step) = transition::step(&row.state, trigger) else {
        return false;
    };
    let start = row.schedule.start_date_time.unwrap_or(at);
    let (state, status) = (step.state, step.status);
    world.change_request(request, |row| {
        row.state = state;
        row.status = status.into();
        match step.effect {
            Effect::Finish => row.completed = Some(at),
            Effect::Deliver => row.completed = None,
            Effect::Nothing | Effect::OpenStage | Effect::AwaitStart => {}
        }
    });
    notices::tell(world, at, request, trigger);
    match step.effect {
        Effect::Nothing | Effect::Finish => {}
        Effect::OpenStage => open_next_stage(world, at, request),
        Effect::AwaitStart => world.agenda.plan(start, Event::Start { request }),
        Effect::Deliver => {
            world.audit(at, Activity::ReadyToFulfill, request, None);
            delivery::prepare(world, at, request);
            let lag = world.settings.lag.delivery;
            let deliver = Event::Deliver { request };
            world.agenda.plan_after(lag, at, request, deliver);
        }
    }
    true
}

/// Opens the stage after those that are decided, and sets its clocks (APV-4, APV-6).
fn open_next_stage(world: &mut World, at: Timestamp, request: Key) {
    let Some(row) = world.requests.get_mut(request) else {
        return;
    };
    let next = row
        .stages
        .iter()
        .position(|stage| stage.status == StageStatus::Initializing);
    let Some(stage) = next else { return };
    let open = &mut row.stages[stage];
    open.status = StageStatus::InProgress;
    let settings = &open.settings;
    let escalation = settings
        .duration_before_escalation
        .filter(|_| settings.is_escalation_enabled == Some(true))
        .and_then(|wait| wait.after(at));
    let denial = settings
        .duration_before_automatic_denial
        .unwrap_or_else(|| IsoDuration::days(14))
        .after(at);
    open.expires = denial;
    if let Some(moment) = escalation {
        world
            .agenda
            .plan(moment, Event::Escalate { request, stage });
    }
    if let Some(moment) = denial {
        // U-25: half of the time.
        let half = at.checked_add(moment.duration_since(at) / 2);
        if let Ok(half) = half {
            world.agenda.plan(half, Event::Nudge { request, stage });
        }
        world.agenda.plan(moment, Event::Deny { request, stage });
    }
    notices::ask_approvers(world, at, request, stage);
}
