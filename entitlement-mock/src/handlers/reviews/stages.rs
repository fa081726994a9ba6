//! Stages of an instance, one after the other (5.7).

use entitlement_core::access_review::status::Status;

use super::decisions::{self, place};
use super::sight::{
    as_reviewer, instance, own_places, reviews_in, row, visible_instance, wrong_state,
};
use crate::handlers::{Context, Missing, Outcome, Reply};
use crate::lifecycle::review::end_stage;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let key = visible_instance(context)?;
    let stages = row(context, key)?.visible_stages();
    context.list((0..stages).map(|place| Item::ReviewStage(key, place)))
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let person = as_reviewer(context)?;
    let row = row(context, key)?;
    let own =
        (0..row.visible_stages()).filter(|stage| reviews_in(context.world, row, *stage, person));
    context.list(own.map(|place| Item::ReviewStage(key, place)))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = visible_instance(context)?;
    let stage = stage(context, key)?;
    context.entity(Item::ReviewStage(key, stage))
}

/// The place of the stage in the path.
fn stage(context: &Context<'_>, instance: Key) -> Result<usize, Refusal> {
    let id = context.key("stage")?;
    let row = row(context, instance)?;
    let mut stages = row.stages.iter().take(row.visible_stages());
    stages
        .position(|stage| stage.id == id)
        .ok_or_else(|| Missing::ReviewStage.refusal())
}

/// Ends a stage early; the next one begins (REV-61, REV-63).
pub(crate) fn stop(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let place = stage(context, key)?;
    let row = row(context, key)?;
    let is_open = row.status == Status::InProgress && place + 1 == row.stages.len();
    if !is_open {
        return Err(wrong_state("the stage is over"));
    }
    end_stage(context.world, context.now, key);
    Ok(Reply::no_content())
}

pub(crate) fn list_decisions(context: &mut Context<'_>) -> Outcome {
    let (key, stage, own) = decided_in(context)?;
    context.list(
        own.into_iter()
            .map(|place| Item::StageDecision(key, stage, place)),
    )
}

pub(crate) fn filter_decisions_by_current_user(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let stage = stage(context, key)?;
    let person = as_reviewer(context)?;
    let row = row(context, key)?;
    let own: Vec<usize> = own_places(context.world, row, stage, person).collect();
    context.list(
        own.into_iter()
            .map(|place| Item::StageDecision(key, stage, place)),
    )
}

pub(crate) fn get_decision(context: &mut Context<'_>) -> Outcome {
    let (key, stage, visible) = decided_in(context)?;
    let place = place(context, key)?;
    if !visible.contains(&place) {
        return Err(Missing::ReviewDecision.refusal());
    }
    context.entity(Item::StageDecision(key, stage, place))
}

/// A reviewer of the open stage decides, seen from the stage.
pub(crate) fn update_decision(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let place = stage(context, key)?;
    if place + 1 != row(context, key)?.stages.len() {
        return Err(wrong_state("the stage is over"));
    }
    decisions::update(context)
}

/// The stage in the path and what of its decisions the caller may see. What others decided before is seen by later
/// reviewers only if the review says so (REV-63).
fn decided_in(context: &Context<'_>) -> Result<(Key, usize, Vec<usize>), Refusal> {
    let key = visible_instance(context)?;
    let stage = stage(context, key)?;
    let row = row(context, key)?;
    let world = &*context.world;
    if context.is_administrator() {
        let all = (0..row.items.len()).filter(|place| row.mark_in(stage, *place).is_some());
        return Ok((key, stage, all.collect()));
    }
    let person = context.signed_in()?;
    let mut seen: Vec<usize> = own_places(world, row, stage, person).collect();
    if row.settings.decision_histories_for_reviewers_enabled == Some(true) {
        for later in stage + 1..row.stages.len() {
            seen.extend(own_places(world, row, later, person));
        }
        seen.sort_unstable();
        seen.dedup();
    }
    if seen.is_empty() {
        return Err(Refusal::unauthorized(
            "the caller does not review in this stage, and decisionHistoriesForReviewersEnabled is off (REV-63)",
        ));
    }
    Ok((key, stage, seen))
}
