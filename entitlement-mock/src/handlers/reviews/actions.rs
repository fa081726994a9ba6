//! What can be done with an instance as a whole (REV-43, REV-56, REV-57).

use super::decisions::{Wish, decide};
use super::sight::{instance, own_places, require_open, row, wrong_state};
use crate::handlers::{Context, Outcome, Reply};
use crate::lifecycle::review;
use crate::lifecycle::review::decisions::{Ruling, recommended};
use crate::lifecycle::review::mails;
use crate::router::refusal::Refusal;
use crate::world::World;
use crate::world::review::{Access, Item, Mark, Verdict};
use crate::world::table::Key;

pub(crate) fn stop(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    require_open(row(context, key)?)?;
    review::stop(context.world, context.now, key);
    Ok(Reply::no_content())
}

pub(crate) fn send_reminder(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    require_open(row(context, key)?)?;
    mails::remind(context.world, context.now, key);
    Ok(Reply::no_content())
}

/// Only where that does not happen by itself, and once nobody decides any more (REV-57).
pub(crate) fn apply_decisions(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let (now, by) = (context.now, context.caller.user());
    if review::apply(context.world, now, key, by) {
        return Ok(Reply::no_content());
    }
    let status = &row(context, key)?.status;
    Err(wrong_state(format!(
        "the instance is {status}; decisions are applied by hand if it is Completed and autoApplyDecisionsEnabled is off"
    )))
}

pub(crate) fn reset_decisions(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    require_open(row(context, key)?)?;
    if let Some(row) = context.world.review_instances.get_mut(key) {
        let place = row.stage_place();
        for item in row.items.iter_mut().filter(|item| item.stage == place) {
            item.mark = Mark::default();
        }
    }
    Ok(Reply::no_content())
}

/// Fills in what the caller has not decided, as recommended.
pub(crate) fn accept_recommendations(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let places = at_stake(context, key)?;
    let (person, now) = (context.signed_in()?, context.now);
    let Some(row) = context.world.review_instances.get_mut(key) else {
        return Ok(Reply::no_content());
    };
    for place in places {
        let Some(item) = row.items.get_mut(place) else {
            continue;
        };
        let open = item.mark.verdict == Verdict::NotReviewed;
        if let Some(verdict) = recommended(item.hint).filter(|_| open) {
            let ruling = Ruling {
                verdict,
                justification: String::new(),
                by: person,
                at: now,
            };
            ruling.record(item);
        }
    }
    Ok(Reply::no_content())
}

/// One decision for many, or for all that the caller reviews.
pub(crate) fn batch_record_decisions(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let mut body = context.body()?;
    let principal = body.take_key("principalId")?;
    let resource = body.take_key("resourceId")?;
    let wish = Wish::read(body)?;
    let mut places = at_stake(context, key)?;
    let row = row(context, key)?;
    places.retain(|place| {
        row.items.get(*place).is_some_and(|item| {
            principal.is_none_or(|principal| item.principal == principal)
                && resource.is_none_or(|resource| is_about(context.world, item, resource))
        })
    });
    decide(context, key, &places, wish)
}

fn is_about(world: &World, item: &Item, resource: Key) -> bool {
    match item.access {
        Access::Member(group) => group == resource,
        Access::Assignment(key) => world
            .assignments
            .get(key)
            .is_some_and(|row| [row.policy, row.package].contains(&resource)),
    }
}

/// The places of what the caller can decide now.
fn at_stake(context: &Context<'_>, instance: Key) -> Result<Vec<usize>, Refusal> {
    let person = context.signed_in()?;
    let row = row(context, instance)?;
    let stage = usize::from(row.stage_place());
    let own: Vec<usize> = own_places(context.world, row, stage, person).collect();
    if own.is_empty() {
        return Err(Refusal::unauthorized(
            "the caller is not a reviewer of this instance (REV-52)",
        ));
    }
    require_open(row)?;
    Ok(own)
}
