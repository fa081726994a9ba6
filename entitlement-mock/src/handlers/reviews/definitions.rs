//! Definitions: reviews as they are planned (5.2).

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::reviewer::{ReviewerQuery, ReviewerScope};
use entitlement_core::access_review::scope::Scope;
use entitlement_core::time::Timestamp;
use entitlement_core::validate::Invalid;
use entitlement_core::wire::{self, RawObject};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::sight::{as_reviewer, review, reviews_any, visible_review, wrong_state};
use crate::handlers::{Context, Outcome, Reply, licensed};
use crate::lifecycle::review::reviewers::people;
use crate::lifecycle::review::{self, population, series};
use crate::router::refusal::Refusal;
use crate::view::{Item, View};
use crate::world::World;
use crate::world::review::Review;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.list(context.world.reviews.keys().map(Item::Review))
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let person = as_reviewer(context)?;
    let world = &*context.world;
    let own = world
        .reviews
        .keys()
        .filter(|key| reviews_any(world, *key, person));
    context.list(own.map(Item::Review))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = visible_review(context)?;
    let of_policy = context
        .world
        .reviews
        .get(key)
        .is_some_and(|row| row.policy.is_some());
    let expands = context
        .query
        .expand
        .iter()
        .any(|expand| expand.path().as_str().eq_ignore_ascii_case("instances"));
    if of_policy && expands {
        return Err(Refusal::no_business_flow(key)
            .because("instances of package reviews cannot be expanded; list them (REV-34)"));
    }
    context.entity(Item::Review(key))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut definition = written(context)?;
    let key = context.world.ids.next();
    definition.id = key.into();
    let now = context.now;
    let first = first_start(&definition).unwrap_or(now);
    let next = series::rhythm(first, &definition).from(now);
    context.world.reviews.insert(
        key,
        Review {
            definition,
            policy: None,
            created_by: context.caller.user(),
            created: now,
            modified: now,
            first,
            next: None,
        },
    );
    // REV-30: the answer knows no dates yet.
    let mut object = View::new(context.world, context.caller).render(Item::Review(key));
    for unknown_yet in ["createdDateTime", "lastModifiedDateTime"] {
        object.insert(unknown_yet.to_owned(), json!("0001-01-01T00:00:00Z"));
    }
    let path = format!("{}/$metadata#{}/$entity", context.root, context.path);
    object.insert("@odata.context".to_owned(), path.into());
    series::plan(context.world, key, next);
    Ok(Reply::created(Value::Object(object)))
}

/// The whole is written anew, for instances to come (REV-31).
pub(crate) fn replace(context: &mut Context<'_>) -> Outcome {
    let key = review(context)?;
    let mut definition = written(context)?;
    let now = context.now;
    let Some(row) = context.world.reviews.get_mut(key) else {
        return Err(Refusal::no_business_flow(key));
    };
    if row.policy.is_some() {
        return Err(wrong_state(
            "the review follows a policy; change its reviewSettings",
        ));
    }
    definition.id = key.into();
    let before = &row.definition.reviewers;
    let individuals = |scopes: &[ReviewerScope]| {
        let is_user = |scope: &ReviewerScope| matches!(scope.meaning(), ReviewerQuery::User(_));
        scopes.iter().all(is_user)
    };
    // REV-31, REV-32: others are accepted and not stored.
    if !individuals(before) || !individuals(&definition.reviewers) {
        definition.reviewers.clone_from(before);
    }
    if let Some(first) = first_start(&definition) {
        row.first = first;
    }
    row.definition = definition;
    row.modified = now;
    let is_over = row.next.is_none();
    if !is_over {
        series::plan_again(context.world, now, key);
    }
    Ok(Reply::no_content())
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = review(context)?;
    context.world.remove_review(key);
    Ok(Reply::no_content())
}

/// Ends what is open, and there will be no more (REV-43).
pub(crate) fn stop(context: &mut Context<'_>) -> Outcome {
    let key = review(context)?;
    let now = context.now;
    let instances = context.world.links.instances_of_review.of(key).to_vec();
    let to_come = context
        .world
        .reviews
        .get(key)
        .is_some_and(|row| row.next.is_some());
    series::plan(context.world, key, None);
    let mut stopped = to_come;
    for instance in instances {
        stopped |= review::stop(context.world, now, instance);
    }
    if stopped {
        Ok(Reply::no_content())
    } else {
        Err(wrong_state("the review is over"))
    }
}

/// The day on which a recurring review starts.
fn first_start(definition: &ScheduleDefinition) -> Option<Timestamp> {
    let recurrence = definition.settings.as_ref()?.recurrence.as_ref()?;
    let date = recurrence.range.as_ref()?.start_date?;
    let zoned = date.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

/// Reads a definition from the body and checks it.
fn written(context: &Context<'_>) -> Result<ScheduleDefinition, Refusal> {
    let mut body = context.body()?;
    let mut members = Map::new();
    // The id is the service's to give; the type cannot do without one.
    members.insert("id".to_owned(), "new".into());
    for name in WRITABLE {
        if let Some(value) = body.take::<Value>(name)? {
            members.insert((*name).to_owned(), value);
        }
    }
    // The old name of fallbackReviewers: writing either fills both (5.4).
    let backup: Option<Value> = body.take("backupReviewers")?;
    let fallback = members.get("fallbackReviewers");
    if fallback.is_none_or(|list| list.as_array().is_some_and(Vec::is_empty))
        && let Some(backup) = backup
    {
        members.insert("fallbackReviewers".to_owned(), backup);
    }
    for read_only in ["status", "createdBy", "lastModifiedDateTime", "instances"] {
        let _read: Option<Value> = body.take(read_only)?;
    }
    body.finish()?;
    let mut definition: ScheduleDefinition = wire::decode_value(Value::Object(members))
        .map_err(|error| Refusal::invalid_model(error.to_string()))?;
    check_known(&definition)?;
    definition.validate().map_err(|invalid| refused(&invalid))?;
    keep_as_stored(&mut definition);
    check_queries(context.world, &definition).map_err(Refusal::invalid_criteria)?;
    context.require_licence_for(licensed::of_review(&definition))?;
    Ok(definition)
}

const WRITABLE: &[&str] = &[
    "displayName",
    "descriptionForAdmins",
    "descriptionForReviewers",
    "scope",
    "instanceEnumerationScope",
    "reviewers",
    "fallbackReviewers",
    "stageSettings",
    "settings",
    "additionalNotificationRecipients",
];

/// Queries that cannot be are refused in other words than the rest (4.3).
fn refused(invalid: &Invalid) -> Refusal {
    let about_people = invalid.violations().iter().any(|violation| {
        let path = violation.path();
        [
            "scope",
            "reviewers",
            "fallbackReviewers",
            "instanceEnumerationScope",
        ]
        .iter()
        .any(|name| path.starts_with(name))
    });
    if about_people {
        Refusal::invalid_criteria(invalid.to_string())
    } else {
        Refusal::invalid_model(invalid.to_string())
    }
}

fn check_known(definition: &ScheduleDefinition) -> Result<(), Refusal> {
    let strange = |unknown: &RawObject| unknown.iter().any(|(name, _)| !name.contains('@'));
    let settings = definition.settings.as_ref();
    let stages = &definition.stage_settings;
    let mut scopes = definition
        .reviewers
        .iter()
        .chain(&definition.fallback_reviewers)
        .chain(
            stages
                .iter()
                .flat_map(|stage| stage.reviewers.iter().chain(&stage.fallback_reviewers)),
        );
    if settings.is_some_and(|settings| strange(&settings.unknown))
        || stages.iter().any(|stage| strange(&stage.unknown))
        || scopes.any(|scope| strange(&scope.unknown))
    {
        return Err(Refusal::invalid_model(
            "settings, stageSettings or a reviewer scope has a property that is not one of its own",
        ));
    }
    Ok(())
}

/// The form in which the service keeps a query for reviewers (5.4).
pub(super) fn stored(mut scope: ReviewerScope) -> ReviewerScope {
    if let Some(query) = &mut scope.query {
        with_version(query);
    }
    scope
}

fn with_version(query: &mut String) {
    if ["/users", "/groups"]
        .iter()
        .any(|start| query.starts_with(start))
    {
        query.insert_str(0, "/v1.0");
    }
}

fn keep_as_stored(definition: &mut ScheduleDefinition) {
    let mut lists = vec![
        &mut definition.reviewers,
        &mut definition.fallback_reviewers,
    ];
    for stage in &mut definition.stage_settings {
        lists.extend([&mut stage.reviewers, &mut stage.fallback_reviewers]);
    }
    for list in lists {
        *list = std::mem::take(list).into_iter().map(stored).collect();
    }
    let scopes = definition
        .scope
        .iter_mut()
        .chain(&mut definition.instance_enumeration_scope);
    for scope in scopes {
        store_scope(scope);
    }
}

fn store_scope(scope: &mut Scope) {
    match scope {
        Scope::Query(query) => query.query.iter_mut().for_each(with_version),
        Scope::InactiveUsers(query) => query.query.iter_mut().for_each(with_version),
        Scope::PrincipalResourceMemberships(memberships) => memberships
            .principal_scopes
            .iter_mut()
            .chain(&mut memberships.resource_scopes)
            .for_each(store_scope),
        _ => {}
    }
}

fn check_queries(world: &World, definition: &ScheduleDefinition) -> Result<(), String> {
    let enumeration = definition.instance_enumeration_scope.as_ref();
    if let Some(scope) = &definition.scope {
        population::targets(world, scope, enumeration)?;
    }
    check_reviewers(world, &definition.reviewers)?;
    check_reviewers(world, &definition.fallback_reviewers)?;
    for stage in &definition.stage_settings {
        check_reviewers(world, &stage.reviewers)?;
        check_reviewers(world, &stage.fallback_reviewers)?;
    }
    Ok(())
}

/// Refuses queries for reviewers that cannot find anybody.
pub(super) fn check_reviewers(world: &World, scopes: &[ReviewerScope]) -> Result<(), String> {
    let unknown = scopes.iter().find(|scope| match scope.meaning() {
        ReviewerQuery::Manager | ReviewerQuery::Owners => false,
        ReviewerQuery::User(_) => people(world, scope).is_empty(),
        ReviewerQuery::MembersOf(id) | ReviewerQuery::OwnersOf(id) => {
            !id.as_uuid().is_some_and(|key| world.groups.contains(key))
        }
        _ => true,
    });
    match unknown {
        None => Ok(()),
        Some(scope) => {
            let query = scope.query.as_deref().unwrap_or_default();
            Err(format!("{query:?} finds no reviewer in this tenant"))
        }
    }
}
