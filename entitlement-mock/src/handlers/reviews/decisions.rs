//! Decisions: who sees them, and who makes them (5.6).

use entitlement_core::access_review::decision::Decision;

use super::sight::{
    as_reviewer, instance, own_places, require_open, row, visible_instance, wrong_state,
};
use crate::handlers::body::Body;
use crate::handlers::{Context, Missing, Outcome, Reply};
use crate::lifecycle::review::decisions::Ruling;
use crate::lifecycle::review::reviewers::Panel;
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::review::Verdict;
use crate::world::table::Key;

/// What a reviewer says about an item.
pub(super) struct Wish {
    verdict: Verdict,
    justification: String,
}

impl Wish {
    pub(super) fn read(mut body: Body) -> Result<Self, Refusal> {
        let decision: Option<Decision> = body.take("decision")?;
        let justification: Option<String> = body.take("justification")?;
        body.finish()?;
        let verdict = match decision {
            Some(Decision::Approve) => Verdict::Approve,
            Some(Decision::Deny) => Verdict::Deny,
            Some(Decision::DontKnow) => Verdict::DontKnow,
            _ => {
                return Err(Refusal::invalid_model(
                    "decision must be Approve, Deny or DontKnow (REV-52)",
                ));
            }
        };
        Ok(Self {
            verdict,
            justification: justification.unwrap_or_default(),
        })
    }
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let key = visible_instance(context)?;
    if context.is_administrator() {
        let places = 0..row(context, key)?.items.len();
        return context.list(places.map(|place| Item::ReviewDecision(key, place)));
    }
    list_own(context, key)
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    as_reviewer(context)?;
    list_own(context, key)
}

/// What the caller reviews, in the stage that is open or was last.
fn list_own(context: &Context<'_>, key: Key) -> Outcome {
    let person = context.signed_in()?;
    let row = row(context, key)?;
    let stage = usize::from(row.stage_place());
    let own = own_places(context.world, row, stage, person).filter(|place| {
        row.items
            .get(*place)
            .is_some_and(|item| row.is_at_stake(item))
    });
    context.list(own.map(|place| Item::ReviewDecision(key, place)))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let (key, place) = visible(context)?;
    context.entity(Item::ReviewDecision(key, place))
}

pub(crate) fn list_insights(context: &mut Context<'_>) -> Outcome {
    let (key, place) = visible(context)?;
    let item = Item::ReviewDecision(key, place);
    match context.answers().view.follow(item, "insights") {
        Some(Link::Many(insights)) => context.list(insights),
        _ => Err(Missing::ReviewDecision.refusal()),
    }
}

/// The decision in the path, if the caller may see it.
fn visible(context: &Context<'_>) -> Result<(Key, usize), Refusal> {
    let key = visible_instance(context)?;
    let place = place(context, key)?;
    if !context.is_administrator() {
        require_own(context, key, place)?;
    }
    Ok((key, place))
}

/// The place of the decision in the path.
pub(super) fn place(context: &Context<'_>, instance: Key) -> Result<usize, Refusal> {
    let id = context.key("decision")?;
    let place = row(context, instance)?.place(instance, id);
    place.ok_or_else(|| Missing::ReviewDecision.refusal())
}

/// Refuses whoever does not review an item in the stage that is open or was last.
fn require_own(context: &Context<'_>, instance: Key, place: usize) -> Result<(), Refusal> {
    let person = context.signed_in()?;
    let row = row(context, instance)?;
    let own = row
        .stage()
        .zip(row.items.get(place))
        .is_some_and(|(stage, item)| {
            Panel::of(context.world, stage).has(context.world, item, person)
        });
    if own {
        return Ok(());
    }
    Err(Refusal::unauthorized(
        "the caller is not a reviewer of this item (REV-52)",
    ))
}

/// A reviewer decides (REV-52).
pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let place = place(context, key)?;
    let wish = Wish::read(context.body()?)?;
    require_own(context, key, place)?;
    decide(context, key, &[place], wish)
}

/// Writes a decision over what was decided before about some items that the caller reviews (REV-53).
pub(super) fn decide(
    context: &mut Context<'_>,
    instance: Key,
    places: &[usize],
    wish: Wish,
) -> Outcome {
    let person = context.signed_in()?;
    let row = row(context, instance)?;
    require_open(row)?;
    let final_already = places
        .iter()
        .filter_map(|place| row.items.get(*place))
        .any(|item| !row.is_at_stake(item));
    if final_already && places.len() == 1 {
        return Err(wrong_state(
            "an earlier stage has decided finally about this item (REV-62)",
        ));
    }
    if row.settings.justification_required_on_approval == Some(true)
        && wish.justification.trim().is_empty()
    {
        return Err(Refusal::invalid_model("").detail(
            "MissingJustification",
            "justification",
            "The access review requires reviewers to give a justification.",
        ));
    }
    let ruling = Ruling {
        verdict: wish.verdict,
        justification: wish.justification,
        by: person,
        at: context.now,
    };
    if let Some(row) = context.world.review_instances.get_mut(instance) {
        let open = row.stage_place();
        for place in places {
            if let Some(item) = row.items.get_mut(*place).filter(|item| item.stage == open) {
                ruling.record(item);
            }
        }
    }
    Ok(Reply::no_content())
}
