//! A review as a series: when it comes round, and when it does next.

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::status::Status;
use entitlement_core::time::Timestamp;

use super::rhythm::Rhythm;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::review::Review;
use crate::world::table::Key;

/// The rhythm of a review that starts at a moment for the first time.
pub(crate) fn rhythm(first: Timestamp, definition: &ScheduleDefinition) -> Rhythm {
    let settings = definition.settings.as_ref();
    let recurrence = settings.and_then(|settings| settings.recurrence.as_ref());
    Rhythm::of(first, recurrence)
}

/// Whether a review comes round more than once (REV-35).
pub(crate) fn recurs(definition: &ScheduleDefinition) -> bool {
    let settings = definition.settings.as_ref();
    let recurrence = settings.and_then(|settings| settings.recurrence.as_ref());
    recurrence.is_some_and(|recurrence| recurrence.pattern.is_some())
}

/// Plans when a review comes round next; `None` ends it. Planning the same moment again changes nothing.
pub(crate) fn plan(world: &mut World, review: Key, next: Option<Timestamp>) {
    let Some(row) = world.reviews.get_mut(review) else {
        return;
    };
    if row.next == next {
        return;
    }
    row.next = next;
    if let Some(moment) = next {
        world.agenda.plan(moment, Event::BeginReview { review });
    }
}

/// Finds the next time anew, after an edit. What has begun goes on (REV-16, REV-31).
pub(crate) fn plan_again(world: &mut World, now: Timestamp, review: Key) {
    let Some(row) = world.reviews.get(review) else {
        return;
    };
    let rhythm = rhythm(row.first, &row.definition);
    let begun = !world.links.instances_of_review.of(review).is_empty();
    let next = if begun {
        rhythm.after(now)
    } else {
        rhythm.from(now)
    };
    plan(world, review, next);
}

/// How far a review as a whole is: as far as its newest instance, and in progress for as long as there will be more.
pub(crate) fn status_of(world: &World, key: Key, review: &Review) -> Status {
    let instances = world.links.instances_of_review.of(key);
    let mut statuses = instances
        .iter()
        .filter_map(|key| world.review_instances.get(*key))
        .map(|instance| &instance.status);
    let open = statuses.clone().find(|status| !status.is_over());
    match (open, statuses.next_back()) {
        (Some(open), _) => open.clone(),
        (None, None) => Status::NotStarted,
        (None, Some(_)) if review.next.is_some() => Status::InProgress,
        (None, Some(last)) => last.clone(),
    }
}
