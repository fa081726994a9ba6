//! Calls to custom extensions: when they are made, what they hold up, and what their answers do (section 2.12).

use entitlement_core::custom_extension::stage::{
    CustomExtensionCalloutInstanceStatus as Status, CustomExtensionStage as Stage,
};
use entitlement_core::entity::Id;
use entitlement_core::time::{IsoDuration, Timestamp};

use super::transition::{Outcome, Trigger};
use crate::choices::UnansweredExtension;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::extension::{Answer, Callout, Hold, Occasion};
use crate::world::table::Key;

impl Hold {
    /// Where a request stands that was carried out like this.
    pub(super) fn of_outcome(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Whole => Some(Self::GrantedWhole),
            Outcome::Partial => Some(Self::GrantedPartly),
            Outcome::Removed => Some(Self::Removed),
            Outcome::Failed => None,
        }
    }

    fn stage(self) -> Stage {
        match self {
            Self::Created => Stage::AssignmentRequestCreated,
            Self::Approved => Stage::AssignmentRequestApproved,
            Self::GrantedWhole | Self::GrantedPartly => Stage::AssignmentRequestGranted,
            Self::Removed => Stage::AssignmentRequestRemoved,
            Self::DeterminingApproval(_) => Stage::determining_approval_requirements(),
        }
    }
}

/// Calls the extensions that a request's policy has called where the request stands now; `true` if the request has to
/// wait for one of them (EXT-1).
pub(super) fn hold(world: &mut World, at: Timestamp, request: Key, hold: Hold) -> bool {
    let Some(row) = world.requests.get(request) else {
        return false;
    };
    // Removals have nothing to be consented to: their only stage is the last one.
    if row.is_removal() && hold != Hold::Removed {
        return false;
    }
    let (policy, occasion) = (row.policy, Occasion::Request(request));
    let waits = call(world, at, policy, occasion, &hold.stage());
    if let Some(row) = world.requests.get_mut(request).filter(|_| waits) {
        row.hold = Some(hold);
    }
    waits
}

/// Calls the extensions that are to know that an assignment ends in so many days; nobody waits for them.
pub(super) fn call_before_end(world: &mut World, at: Timestamp, assignment: Key, days: u8) {
    let stage = match days {
        1 => Stage::AssignmentOneDayBeforeExpiration,
        _ => Stage::AssignmentFourteenDaysBeforeExpiration,
    };
    if let Some(policy) = world.assignments.get(assignment).map(|row| row.policy) {
        call(world, at, policy, Occasion::Assignment(assignment), &stage);
    }
}

/// Calls what a policy has called in a stage, all at once; `true` if an answer is awaited.
fn call(world: &mut World, at: Timestamp, policy: Key, occasion: Occasion, stage: &Stage) -> bool {
    let mut waits = false;
    for extension in called_in(world, policy, stage) {
        let Some(row) = world.extensions.get(extension) else {
            continue;
        };
        let callback = row.settings.callback_configuration.as_ref();
        let patience = callback
            .filter(|_| stage.can_wait())
            .map(|callback| callback.timeout_duration.unwrap_or_else(longest_wait));
        waits |= patience.is_some();
        let status = match patience {
            Some(_) => Status::WaitingForCallback,
            None => Status::CalloutSent,
        };
        let correlation = world.ids.next();
        let callout = world.insert_callout(Callout {
            extension,
            occasion,
            stage: stage.clone(),
            at,
            status,
            detail: None,
            correlation,
            answer: None,
        });
        if let Some(deadline) = patience.and_then(|patience| patience.after(at)) {
            world.agenda.plan(deadline, Event::GiveUp { callout });
        }
    }
    waits
}

/// EXT-1; also how long is waited where the extension does not say.
fn longest_wait() -> IsoDuration {
    IsoDuration::days(14)
}

fn called_in(world: &World, policy: Key, stage: &Stage) -> Vec<Key> {
    let Some(policy) = world.policies.get(policy) else {
        return Vec::new();
    };
    let settings = policy.settings.custom_extension_stage_settings.items();
    settings
        .iter()
        .filter(|setting| setting.stage.as_ref() == Some(stage))
        .filter_map(|setting| setting.custom_extension.loaded())
        .filter_map(|extension| Id::as_uuid(&extension.id))
        .collect()
}

/// Whether an answer in a stage may deny the request (EXT-5, U-15).
pub(crate) fn may_deny(world: &World, stage: &Stage) -> bool {
    let new_ones = world.settings.choices.extensions.deny_new_requests;
    stage.can_be_denied() && (new_ones || *stage != Stage::AssignmentRequestCreated)
}

/// What a request that was held does next.
#[derive(Debug)]
pub(super) enum Next {
    /// It goes on where it was held.
    GoOn(Hold),
    /// It takes this step.
    Take(Trigger),
}

/// Takes an answer in, and says what the request does that waited for it; nothing, as long as another answer is awaited.
pub(super) fn take_answer(world: &mut World, callout: Key, answer: Answer) -> Option<(Key, Next)> {
    let row = world.callouts.get_mut(callout)?;
    let Occasion::Request(request) = row.occasion else {
        return None;
    };
    // Nobody asked for the answer of an extension that is only told (EXT-1); and late is late.
    let is_awaited = row.is_awaited() || row.status == Status::CallbackTimedOut;
    let hold = world.requests.get(request).and_then(|row| row.hold)?;
    if !is_awaited || row.stage != hold.stage() {
        return None;
    }
    row.status = Status::CallbackReceived;
    row.detail = answer.detail;
    let stage = row.stage.clone();
    if answer.is_denial && may_deny(world, &stage) {
        return Some((request, Next::Take(Trigger::Refused)));
    }
    if let (Hold::DeterminingApproval(place), Some(settings)) = (hold, answer.approval_stage) {
        let request = world.requests.get_mut(request);
        let stage = request.and_then(|request| request.stages.get_mut(place));
        if let Some(stage) = stage {
            stage.settings = *settings;
        }
    }
    let callouts = &world.requests.get(request)?.callouts;
    let mut others = callouts.iter().filter_map(|key| world.callouts.get(*key));
    if others.any(Callout::is_awaited) {
        return None;
    }
    Some((request, Next::GoOn(hold)))
}

/// The answer does not come any more, and what that does to the request that waited for it (U-14).
pub(super) fn give_up(world: &mut World, callout: Key, because: Status) -> Option<(Key, Next)> {
    let row = world.callouts.get_mut(callout)?;
    let was_awaited = row.is_awaited();
    if !was_awaited && because == Status::CallbackTimedOut {
        return None;
    }
    row.status = because;
    let Occasion::Request(request) = row.occasion else {
        return None;
    };
    let is_held = world.requests.get(request)?.hold.is_some();
    let fails = world.settings.choices.extensions.unanswered == UnansweredExtension::EndsRequest;
    (is_held && was_awaited && fails).then_some((request, Next::Take(Trigger::Unanswered)))
}
