//! Which reviews a call is about, and what of them the caller may see: administrators everything, reviewers what they
//! review.

use entitlement_core::access_review::status::Status;

use crate::handlers::packages::unknown_option;
use crate::handlers::{Context, Missing};
use crate::lifecycle::review::reviewers::Panel;
use crate::router::refusal::Refusal;
use crate::world::World;
use crate::world::review::Instance;
use crate::world::table::Key;

/// The review in the path.
pub(super) fn review(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = context.key("review")?;
    if context.world.reviews.contains(key) {
        Ok(key)
    } else {
        Err(Refusal::no_business_flow(key))
    }
}

/// The instance in the path, whoever asks.
pub(super) fn instance(context: &Context<'_>) -> Result<Key, Refusal> {
    let review = review(context)?;
    let key = context.key("instance")?;
    let row = context.world.review_instances.get(key);
    row.filter(|row| row.review == review)
        .map(|_| key)
        .ok_or_else(|| Missing::ReviewInstance.refusal())
}

pub(super) fn row<'a>(context: &'a Context<'_>, instance: Key) -> Result<&'a Instance, Refusal> {
    let row = context.world.review_instances.get(instance);
    row.ok_or_else(|| Missing::ReviewInstance.refusal())
}

/// The review in the path, if the caller has to do with it.
pub(super) fn visible_review(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = review(context)?;
    let concerned = context.is_administrator()
        || context
            .caller
            .user()
            .is_some_and(|person| reviews_any(context.world, key, person));
    if concerned {
        Ok(key)
    } else {
        Err(not_concerned())
    }
}

/// The instance in the path, if the caller has to do with it.
pub(super) fn visible_instance(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = instance(context)?;
    let row = row(context, key)?;
    let concerned = context.is_administrator()
        || context
            .caller
            .user()
            .is_some_and(|person| reviews(context.world, row, person));
    if concerned {
        Ok(key)
    } else {
        Err(not_concerned())
    }
}

fn not_concerned() -> Refusal {
    Refusal::unauthorized("the caller neither administers access reviews nor reviews in this one")
}

/// Whether a person reviews in some instance.
pub(super) fn reviews_any(world: &World, review: Key, person: Key) -> bool {
    let instances = world.links.instances_of_review.of(review);
    instances
        .iter()
        .filter_map(|key| world.review_instances.get(*key))
        .any(|row| reviews(world, row, person))
}

/// Whether a person reviews something in an instance, in whichever stage.
pub(super) fn reviews(world: &World, row: &Instance, person: Key) -> bool {
    (0..row.stages.len()).any(|stage| reviews_in(world, row, stage, person))
}

/// Whether a person reviews something in a stage.
pub(super) fn reviews_in(world: &World, row: &Instance, stage: usize, person: Key) -> bool {
    own_places(world, row, stage, person).next().is_some()
}

/// The places of what a person reviews in a stage.
pub(super) fn own_places<'w>(
    world: &'w World,
    row: &'w Instance,
    stage: usize,
    person: Key,
) -> impl Iterator<Item = usize> + 'w {
    let panel = row.stages.get(stage).map(|stage| Panel::of(world, stage));
    let items = row.items.iter().enumerate();
    items.filter_map(move |(place, item)| {
        let looked_at = stage <= usize::from(item.stage);
        let own = looked_at
            && panel
                .as_ref()
                .is_some_and(|panel| panel.has(world, item, person));
        own.then_some(place)
    })
}

/// The person who calls `filterByCurrentUser(on='reviewer')`.
pub(super) fn as_reviewer(context: &Context<'_>) -> Result<Key, Refusal> {
    let (person, on) = context.current_user()?;
    if on.eq_ignore_ascii_case("reviewer") {
        Ok(person)
    } else {
        Err(unknown_option(on, &["reviewer"]))
    }
}

/// Refuses what needs an open instance (ERR-20, U-22).
pub(super) fn require_open(row: &Instance) -> Result<(), Refusal> {
    if row.status == Status::InProgress {
        return Ok(());
    }
    Err(wrong_state(format!("the instance is {}", row.status)))
}

pub(super) fn wrong_state(why: impl Into<String>) -> Refusal {
    let message = "The access review is not in a state in which this can be done.";
    Refusal::bad_request("InvalidReviewState", message).because(why)
}
