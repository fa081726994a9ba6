//! What happens by itself, in the order in which it is due, and what each step of a request does to the world.

pub(crate) mod approvers;
pub(crate) mod attributes;
pub(crate) mod automatic;
mod callouts;
pub(crate) mod delivery;
pub(crate) mod departure;
pub(crate) mod eligibility;
pub(crate) mod grants;
pub(crate) mod guests;
pub(crate) mod intune;
mod notices;
pub(crate) mod review;
pub(crate) mod separation;
pub(crate) mod suggestions;
pub(crate) mod transition;

use entitlement_core::approval::StageStatus;
use entitlement_core::custom_extension::stage::CustomExtensionCalloutInstanceStatus;
use entitlement_core::request::RequestState;
use entitlement_core::time::{IsoDuration, Timestamp};

use crate::audit::Activity;
use crate::licence::Licence;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::directory::User;
use crate::world::extension::{Answer, Hold};
use crate::world::request::Request;
use crate::world::table::Key;
use callouts::Next;
pub(crate) use callouts::may_deny;
use delivery::Carried;
use transition::{Effect, Outcome, Trigger};

/// Lets everything happen that is due by `now`.
pub(crate) fn settle(world: &mut World, now: Timestamp) {
    while let Some((due, event)) = world.agenda.take_due(now) {
        happen(world, due, event);
    }
}

/// Lets everything happen that is due by `now`, up to the next call of an extension, and says which one that is.
pub(crate) fn settle_to_callout(world: &mut World, now: Timestamp) -> Option<Key> {
    while world.unanswered.is_empty() {
        let (due, event) = world.agenda.take_due(now)?;
        happen(world, due, event);
    }
    Some(world.unanswered.remove(0))
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
        Event::Process { request } => process(world, at, request),
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
        Event::End { request } => carried_out(world, at, request, Outcome::Removed),
        Event::MatchPerson { person } => automatic::match_person(world, at, person),
        Event::MatchEverybody { policy } => automatic::match_everybody(world, at, policy),
        Event::EndGrace { assignment } => {
            if automatic::is_grace_over(world, at, assignment) {
                delivery::end_by_service(world, at, assignment);
            }
        }
        Event::Forget { request } => {
            // A delivery that was repeated has made it younger.
            let kept = kept(world);
            let row = world.requests.get(request);
            let is_old = row.and_then(|row| kept?.after(row.completed?)) == Some(at);
            if is_old {
                world.remove_request(request);
            }
        }
        Event::DropGuest { person } => {
            if guests::is_to_go(world, person) {
                departure::delete(world, at, person);
            }
        }
        Event::CheckIn { device } => intune::check_in::check_in(world, at, device),
        Event::GiveAddress { file } => intune::content::give_address(world, at, file),
        Event::InspectFile { file } => intune::content::inspect_file(world, file),
        Event::PublishApp { app } => intune::content::publish(world, app),
        Event::CallBack { callout } => {
            let row = world.callouts.get_mut(callout);
            if let Some(answer) = row.and_then(|row| row.answer.take()) {
                answered(world, at, callout, answer);
            }
        }
        Event::GiveUp { callout } => {
            let timed_out = CustomExtensionCalloutInstanceStatus::CallbackTimedOut;
            let next = callouts::give_up(world, callout, timed_out);
            go_on(world, at, next);
        }
    }
}

/// Carries out a request that is being delivered; it was tried in vain `tries` times before.
fn deliver(world: &mut World, at: Timestamp, request: Key, tries: u32) {
    let row = world.requests.get(request);
    if !row.is_some_and(|row| can(row, Trigger::Delivered(Outcome::Whole))) {
        return;
    }
    // REQ-6: whoever may not be invited is waited for.
    let target = row.map(|row| row.target);
    if target.is_some_and(|target| !guests::arrive(world, at, target)) {
        return;
    }
    match delivery::carry_out(world, at, request, tries) {
        Carried::Done(outcome) => carried_out(world, at, request, outcome),
        Carried::Later(moment) => {
            let tries = tries + 1;
            let again = Event::Redeliver { request, tries };
            world.agenda.plan(moment, again);
        }
    }
}

/// Whether a request can take a step where it is.
fn can(request: &Request, trigger: Trigger) -> bool {
    transition::step(&request.state, trigger).is_some()
}

/// Takes up a request that was accepted.
fn process(world: &mut World, at: Timestamp, request: Key) {
    if world.settings.licence == Licence::None {
        return; // LIC-3.
    }
    let is_new = |row: &Request| row.state == RequestState::Submitted && row.hold.is_none();
    if !world.requests.get(request).is_some_and(is_new) {
        return;
    }
    if callouts::hold(world, at, request, Hold::Created) {
        apply(world, at, request, Trigger::Held);
    } else {
        take_up(world, at, request);
    }
}

/// Asks for consent, or goes straight on where none is needed.
fn take_up(world: &mut World, at: Timestamp, request: Key) {
    if let Some(row) = world.requests.get(request) {
        let trigger = Trigger::Processed {
            needs_consent: !row.stages.is_empty(),
            starts_later: starts_later(row, at),
        };
        apply(world, at, request, trigger);
    }
}

/// Everything is written or taken away, as far as it could be.
fn carried_out(world: &mut World, at: Timestamp, request: Key, outcome: Outcome) {
    let hold = Hold::of_outcome(outcome);
    let trigger = if hold.is_some_and(|hold| callouts::hold(world, at, request, hold)) {
        Trigger::Held
    } else {
        Trigger::Delivered(outcome)
    };
    apply(world, at, request, trigger);
}

/// A called system has answered.
pub(crate) fn answered(world: &mut World, at: Timestamp, callout: Key, answer: Answer) {
    let next = callouts::take_answer(world, callout, answer);
    go_on(world, at, next);
}

/// A called system could not be called at all.
pub(crate) fn unreachable(world: &mut World, at: Timestamp, callout: Key) {
    let failed = CustomExtensionCalloutInstanceStatus::CalloutFailed;
    let next = callouts::give_up(world, callout, failed);
    go_on(world, at, next);
}

fn go_on(world: &mut World, at: Timestamp, next: Option<(Key, Next)>) {
    let Some((request, next)) = next else { return };
    let Some(row) = world.requests.get_mut(request) else {
        return;
    };
    row.hold = None;
    let trigger = match next {
        Next::Take(trigger) => trigger,
        Next::GoOn(Hold::Created) => return take_up(world, at, request),
        Next::GoOn(Hold::Approved) => Trigger::Resumed {
            starts_later: starts_later(row, at),
        },
        Next::GoOn(Hold::GrantedWhole) => Trigger::Delivered(Outcome::Whole),
        Next::GoOn(Hold::GrantedPartly) => Trigger::Delivered(Outcome::Partial),
        Next::GoOn(Hold::Removed) => Trigger::Delivered(Outcome::Removed),
        Next::GoOn(Hold::DeterminingApproval(_)) => Trigger::StageDetermined,
    };
    apply(world, at, request, trigger);
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
    let has_consent = matches!(step.effect, Effect::AwaitStart | Effect::Deliver)
        && matches!(
            trigger,
            Trigger::Processed { .. } | Trigger::Approved { .. }
        );
    if has_consent && callouts::hold(world, at, request, Hold::Approved) {
        notices::tell(world, at, request, trigger);
        return apply(world, at, request, Trigger::Held);
    }
    let Some(row) = world.requests.get(request) else {
        return false;
    };
    let start = row.schedule.start_date_time.unwrap_or(at);
    let (state, status) = (step.state, step.status);
    world.change_request(request, |row| {
        row.state = state;
        row.status = status.into();
        match step.effect {
            Effect::Finish => {
                row.completed = Some(at);
                row.hold = None;
            }
            Effect::Deliver => row.completed = None,
            Effect::Nothing | Effect::OpenStage | Effect::AwaitStart => {}
        }
    });
    notices::tell(world, at, request, trigger);
    match step.effect {
        Effect::Nothing => {}
        Effect::Finish => {
            automatic::request_ended(world, at, request);
            plan_to_forget(world, at, request);
        }
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

/// Withdraws a request that waits for somebody who may not be invited (REQ-6); `false` if it does not.
pub(crate) fn abandon(world: &mut World, at: Timestamp, request: Key) -> bool {
    let target = world.requests.get(request).map(|row| row.target);
    let target = target.and_then(|target| world.users.get(target));
    let waits = target.is_some_and(User::is_expected);
    if !waits || !apply(world, at, request, Trigger::Abandoned) {
        return false;
    }
    delivery::give_up(world, at, request);
    true
}

/// For how long requests are kept that are over.
fn kept(world: &World) -> Option<IsoDuration> {
    world
        .settings
        .choices
        .requests
        .kept_days
        .map(IsoDuration::days)
}

fn plan_to_forget(world: &mut World, at: Timestamp, request: Key) {
    if let Some(moment) = kept(world).and_then(|kept| kept.after(at)) {
        world.agenda.plan(moment, Event::Forget { request });
    }
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
    // APV-21: somebody has to say first who decides.
    let is_dynamic = row.stages[stage].settings.is_dynamic();
    if is_dynamic && callouts::hold(world, at, request, Hold::DeterminingApproval(stage)) {
        apply(world, at, request, Trigger::Held);
        return;
    }
    let Some(row) = world.requests.get_mut(request) else {
        return;
    };
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
        // MAIL-7, U-25: half of the time.
        let half = at.checked_add(moment.duration_since(at) / 2);
        if let Ok(half) = half {
            world.agenda.plan(half, Event::Nudge { request, stage });
        }
        world.agenda.plan(moment, Event::Deny { request, stage });
    }
    notices::ask_approvers(world, at, request, stage);
}
