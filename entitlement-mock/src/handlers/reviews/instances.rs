//! Instances: each time that a review comes round.

use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use http::StatusCode;
use serde_json::Value;

use super::definitions::{check_reviewers, stored};
use super::sight::{as_reviewer, instance, require_open, review, reviews, row, visible_instance};
use crate::handlers::{Context, Missing, Outcome};
use crate::lifecycle::review::mails;
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let key = review(context)?;
    if context.is_administrator() {
        return context.list(all(context, key));
    }
    let person = context.signed_in()?;
    context.list(own(context, key, person))
}

fn all(context: &Context<'_>, review: Key) -> Vec<Item> {
    let instances = context.world.links.instances_of_review.of(review);
    instances
        .iter()
        .copied()
        .map(Item::ReviewInstance)
        .collect()
}

fn own(context: &Context<'_>, review: Key, person: Key) -> Vec<Item> {
    let world = &*context.world;
    let instances = world.links.instances_of_review.of(review).iter();
    instances
        .filter(|key| {
            let row = world.review_instances.get(**key);
            row.is_some_and(|row| reviews(world, row, person))
        })
        .copied()
        .map(Item::ReviewInstance)
        .collect()
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let key = review(context)?;
    let person = as_reviewer(context)?;
    context.list(own(context, key, person))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::ReviewInstance(visible_instance(context)?))
}

pub(crate) fn list_contacted_reviewers(context: &mut Context<'_>) -> Outcome {
    let key = visible_instance(context)?;
    let link = context
        .answers()
        .view
        .follow(Item::ReviewInstance(key), "contactedReviewers");
    match link {
        Some(Link::Many(reviewers)) => context.list(reviewers),
        _ => Err(Missing::ReviewInstance.refusal()),
    }
}

pub(crate) fn get_contacted_reviewer(context: &mut Context<'_>) -> Outcome {
    let key = visible_instance(context)?;
    let person = context.key("reviewer")?;
    let contacted = &row(context, key)?.contacted;
    let place = contacted
        .iter()
        .position(|contact| contact.person == person);
    let place = place.ok_or_else(|| Missing::Reviewer.refusal())?;
    context.entity(Item::Reviewer(key, place))
}

/// Other reviewers, for as long as the instance is open (REV-44).
pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = instance(context)?;
    let mut body = context.body()?;
    let scope: Option<Scope> = body.take("scope")?;
    let reviewers: Option<Vec<ReviewerScope>> = body.take("reviewers")?;
    let fallback: Option<Vec<ReviewerScope>> = body.take("fallbackReviewers")?;
    // Who sends back what was read sends these too.
    for read_only in ["startDateTime", "endDateTime", "status"] {
        let _read: Option<Value> = body.take(read_only)?;
    }
    body.finish()?;
    if scope.is_none() {
        return Err(Refusal::invalid_model("scope is missing (REV-44)"));
    }
    let reviewers = reviewers.map(|scopes| scopes.into_iter().map(stored).collect::<Vec<_>>());
    let fallback = fallback.map(|scopes| scopes.into_iter().map(stored).collect::<Vec<_>>());
    for scopes in [&reviewers, &fallback].into_iter().flatten() {
        check_reviewers(context.world, scopes).map_err(Refusal::invalid_criteria)?;
    }
    let row = row(context, key)?;
    require_open(row)?;
    let before = row
        .stage()
        .map(|stage| stage.fallback.as_slice())
        .unwrap_or_default();
    let lost = |new: &Vec<ReviewerScope>| {
        let asks = |scope: &ReviewerScope| new.iter().any(|other| other.query == scope.query);
        !before.iter().all(asks)
    };
    if fallback.as_ref().is_some_and(lost) {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "Conflict",
            "Existing fallback reviewers can not be removed.",
        )
        .because("fallbackReviewers may only grow (REV-44)"));
    }
    let now = context.now;
    if let Some(stage) = context
        .world
        .review_instances
        .get_mut(key)
        .and_then(|row| row.stages.last_mut())
    {
        stage.reviewers = reviewers.unwrap_or_else(|| std::mem::take(&mut stage.reviewers));
        stage.fallback = fallback.unwrap_or_else(|| std::mem::take(&mut stage.fallback));
    }
    mails::ask_newcomers(context.world, now, key);
    context.entity(Item::ReviewInstance(key))
}
