//! Reviews that a policy asks for, as the review of their own that they become (REV-10, REV-13).

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::{DefaultDecision, ScheduleSettings};
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::review::{ExpirationBehavior, ReviewSettings};
use entitlement_core::schedule::RecurrencePatternType;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::Timestamp;
use entitlement_core::wire;
use serde_json::json;

use super::series::{plan, plan_again, rhythm};
use crate::world::World;
use crate::world::review::Review;
use crate::world::table::Key;

/// The review settings of a policy, if its assignments are reviewed at all.
pub(crate) fn enabled(settings: &AssignmentPolicy) -> Option<&ReviewSettings> {
    let review = settings.review_settings.as_deref();
    review.filter(|review| review.is_enabled == Some(true))
}

/// Refuses rhythms in which reviews do not come round (REV-3).
pub(crate) fn check_rhythm(settings: &AssignmentPolicy) -> Result<(), String> {
    let schedule = enabled(settings).and_then(|settings| settings.schedule.as_ref());
    let recurrence = schedule.and_then(|schedule| schedule.recurrence.as_deref());
    let kind = recurrence.and_then(|recurrence| recurrence.pattern.as_ref()?.kind.as_ref());
    match kind {
        None | Some(RecurrencePatternType::Weekly | RecurrencePatternType::AbsoluteMonthly) => {
            Ok(())
        }
        Some(other) => Err(format!(
            "reviewSettings.schedule.recurrence.pattern.type: {other} is not weekly or absoluteMonthly (REV-3)"
        )),
    }
}

/// When a policy's first review is to start.
pub(crate) fn first_start(settings: &ReviewSettings) -> Option<Timestamp> {
    settings.schedule.as_ref()?.start_date_time
}

/// Makes a policy's review follow its settings. A running instance goes on as it began (REV-16).
pub(crate) fn follow(world: &mut World, now: Timestamp, policy: Key, by: Option<Key>) {
    let Some(row) = world.policies.get(policy) else {
        return;
    };
    let known = row.review;
    let wanted = enabled(&row.settings).and_then(|settings| {
        let first = first_start(settings)?;
        Some((first, definition(world, policy, settings)?))
    });
    match (known, wanted) {
        (None, None) => {}
        (None, Some((first, mut definition))) => {
            let key = world.ids.next();
            definition.id = key.into();
            let next = rhythm(first, &definition).from(now);
            world.reviews.insert(
                key,
                Review {
                    definition,
                    policy: Some(policy),
                    created_by: by,
                    created: now,
                    modified: now,
                    first,
                    next: None,
                },
            );
            link(world, policy, Some(key));
            plan(world, key, next);
        }
        (Some(key), Some((_, mut definition))) => {
            definition.id = key.into();
            let Some(review) = world.reviews.get_mut(key) else {
                return;
            };
            if review.definition != definition {
                review.definition = definition;
                review.modified = now;
            }
            plan_again(world, now, key);
        }
        // Whoever turns reviews on again begins anew; what was decided stays to be read.
        (Some(key), None) => {
            plan(world, key, None);
            link(world, policy, None);
        }
    }
}

fn link(world: &mut World, policy: Key, review: Option<Key>) {
    if let Some(row) = world.policies.get_mut(policy) {
        row.review = review;
    }
}

/// What a policy's settings mean as a review.
fn definition(world: &World, policy: Key, settings: &ReviewSettings) -> Option<ScheduleDefinition> {
    let row = world.policies.get(policy)?;
    let package = world.packages.get(row.package)?;
    let name = row.settings.display_name.as_deref().unwrap_or_default();
    let mut definition: ScheduleDefinition = wire::decode_value(json!({
        "id": policy,
        "displayName": format!("{} - {name}", package.display_name),
    }))
    .ok()?;
    definition.scope = Some(Scope::assignments_of(&row.package.into(), &policy.into()));
    let is_self_review = settings.is_self_review == Some(true);
    let scopes = |sets: &[SubjectSet]| -> Vec<ReviewerScope> {
        let sets = sets.iter().filter(|_| !is_self_review);
        sets.filter_map(as_query).collect()
    };
    definition.reviewers = scopes(&settings.primary_reviewers);
    definition.fallback_reviewers = scopes(&settings.fallback_reviewers);
    definition.settings = Some(schedule(world, settings)?);
    Some(definition)
}

fn schedule(world: &World, settings: &ReviewSettings) -> Option<ScheduleSettings> {
    let schedule = settings.schedule.as_ref()?;
    let open = schedule.expiration.as_ref()?.duration?.whole_days()?;
    let mut result = ScheduleSettings::once(i32::try_from(open).ok()?);
    result.recurrence = schedule.recurrence.as_deref().cloned();
    if let Some(range) = result
        .recurrence
        .as_mut()
        .and_then(|recurrence| recurrence.range.as_mut())
    {
        let first = schedule.start_date_time?;
        let first = first.to_zoned(jiff::tz::TimeZone::UTC).date();
        range.start_date.get_or_insert(first);
    }
    // REV-7: whatever is not said keeps access.
    let default = match settings.expiration_behavior {
        Some(ExpirationBehavior::RemoveAccess) => DefaultDecision::Deny,
        Some(ExpirationBehavior::AcceptAccessRecommendation) => DefaultDecision::Recommendation,
        _ => DefaultDecision::None,
    };
    let mut result = result.unreviewed(default).with_mails();
    result.auto_apply_decisions_enabled =
        Some(world.settings.choices.policy_reviews_apply_themselves);
    // REV-8.
    result.recommendations_enabled = Some(settings.is_recommendation_enabled.unwrap_or(true));
    result.justification_required_on_approval =
        Some(settings.is_reviewer_justification_required.unwrap_or(true));
    Some(result)
}

/// The people of a policy as a query of a review, in the form in which the service keeps it (5.4).
fn as_query(set: &SubjectSet) -> Option<ReviewerScope> {
    let stored = |mut scope: ReviewerScope| {
        scope.query = scope.query.map(|query| format!("/v1.0{query}"));
        scope
    };
    match set {
        SubjectSet::SingleUser(user) => {
            let id = user.user_id.as_ref()?;
            Some(stored(ReviewerScope::user(id)))
        }
        SubjectSet::GroupMembers(group) => {
            let id = group.group_id.as_ref()?;
            Some(stored(ReviewerScope::members_of(id)))
        }
        SubjectSet::RequestorManager(_) => Some(ReviewerScope::manager()),
        _ => None,
    }
}
