//! Access reviews: they come round, people are asked, time runs out, decisions are carried out (section 5 of the rules).

pub(crate) mod apply;
pub(crate) mod decisions;
pub(crate) mod history;
pub(crate) mod mails;
pub(crate) mod of_policy;
pub(crate) mod population;
pub(crate) mod reviewers;
pub(crate) mod rhythm;
pub(crate) mod series;
pub(crate) mod status;

use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::stage::{StageSettings, in_order};
use entitlement_core::access_review::status::Status;
use entitlement_core::time::{IsoDuration, Timestamp};

use crate::licence::Licence;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::review::{Instance, Stage};
use crate::world::table::Key;
use population::Target;
use status::Terms;

/// A review comes round: one instance for each resource (REV-35).
pub(super) fn begin(world: &mut World, at: Timestamp, review: Key) {
    // A moment that was planned before the last edit is void.
    let Some(row) = world.reviews.get(review).filter(|row| row.next == Some(at)) else {
        return;
    };
    let definition = &row.definition;
    let next = series::rhythm(row.first, definition).after(at);
    let recurs = series::recurs(definition);
    let enumeration = definition.instance_enumeration_scope.as_ref();
    // What is not there any more has no instance.
    let targets = definition
        .scope
        .as_ref()
        .and_then(|scope| population::targets(world, scope, enumeration).ok())
        .unwrap_or_default();
    series::plan(world, review, next);
    if world.settings.licence == Licence::None {
        return; // LIC-3.
    }
    // REV-36: the only instance of a review has its id.
    let is_only = !recurs && targets.len() == 1;
    for (target, scope) in targets {
        let key = if is_only { review } else { world.ids.next() };
        start(world, at, review, key, &target, scope);
    }
}

/// Takes down who has what, and who shall look at it.
fn start(world: &mut World, at: Timestamp, review: Key, key: Key, target: &Target, scope: Scope) {
    let Some(row) = world.reviews.get(review) else {
        return;
    };
    let definition = &row.definition;
    let settings = definition.settings.clone().unwrap_or_default();
    let stages = in_order(&definition.stage_settings).unwrap_or_default();
    let mut later: Vec<StageSettings> = stages.into_iter().cloned().collect();
    let is_staged = !later.is_empty();
    let first = if is_staged {
        later.remove(0)
    } else {
        whole(
            &settings,
            &definition.reviewers,
            &definition.fallback_reviewers,
        )
    };
    let items = population::items(world, target, at, &settings);
    let instance = Instance {
        review,
        status: Status::Starting,
        start: at,
        end: at,
        scope,
        settings,
        stages: Vec::new(),
        is_staged,
        later,
        items,
        contacted: Vec::new(),
        applied: None,
        applied_by: None,
    };
    world.insert_instance(key, instance);
    open(world, at, key, &first);
    world.agenda.plan(at, Event::MoveReview { instance: key });
}

/// A review without stages, as the one stage that it is.
fn whole(
    settings: &entitlement_core::access_review::settings::ScheduleSettings,
    reviewers: &[ReviewerScope],
    fallback: &[ReviewerScope],
) -> StageSettings {
    let mut stage = StageSettings::open_for(settings.instance_duration_in_days.unwrap_or(1));
    stage.reviewers = reviewers.to_vec();
    stage.fallback_reviewers = fallback.to_vec();
    stage.recommendations_enabled = settings.recommendations_enabled;
    stage
}

fn days_after(moment: Timestamp, days: Option<i32>) -> Timestamp {
    let days = days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0);
    IsoDuration::days(days)
        .after(moment)
        .unwrap_or(Timestamp::MAX)
}

/// Opens a stage and sets its clocks; the end of the instance follows from it (REV-61).
fn open(world: &mut World, at: Timestamp, key: Key, settings: &StageSettings) {
    let id = world.ids.next();
    let Some(row) = world.review_instances.get_mut(key) else {
        return;
    };
    let end = days_after(at, settings.duration_in_days);
    row.stages.push(Stage {
        id,
        status: row.status.clone(),
        start: at,
        end,
        reviewers: settings.reviewers.clone(),
        fallback: settings.fallback_reviewers.clone(),
        shows_recommendations: settings.recommendations_enabled == Some(true),
        passes_on: settings.decisions_that_will_move_to_next_stage.clone(),
        decided: Vec::new(),
    });
    row.end = row
        .later
        .iter()
        .fold(end, |end, stage| days_after(end, stage.duration_in_days));
    let stage = row.stage_place();
    let half = end.duration_since(at) / 2;
    if let Ok(moment) = at.checked_add(half) {
        let event = Event::RemindReviewers {
            instance: key,
            stage,
        };
        world.agenda.plan(moment, event);
    }
    let event = Event::EndStage {
        instance: key,
        stage,
    };
    world.agenda.plan(end, event);
}

pub(crate) fn terms(instance: &Instance) -> Terms {
    Terms {
        has_default: decisions::default_of(&instance.settings).is_some(),
        applies_itself: instance.settings.auto_apply_decisions_enabled == Some(true),
    }
}

/// Half of a stage is over: whoever has something left to decide is reminded (5.8).
pub(super) fn remind_halfway(world: &mut World, at: Timestamp, instance: Key, stage: u8) {
    let wanted = world.review_instances.get(instance).is_some_and(|row| {
        row.status == Status::InProgress
            && row.stage_place() == stage
            && row.settings.reminder_notifications_enabled == Some(true)
    });
    if wanted {
        mails::remind(world, at, instance);
    }
}

/// The time of a stage is over.
pub(super) fn time_is_up(world: &mut World, at: Timestamp, instance: Key, stage: u8) {
    let is_due = world.review_instances.get(instance).is_some_and(|row| {
        row.stage_place() == stage && row.stage().is_some_and(|stage| stage.end <= at)
    });
    if is_due {
        end_stage(world, at, instance);
    }
}

/// Ends the stage that is open, and opens the next one (REV-61); `false` if none is open.
pub(crate) fn end_stage(world: &mut World, at: Timestamp, instance: Key) -> bool {
    let Some(row) = world.review_instances.get_mut(instance) else {
        return false;
    };
    if row.later.is_empty() {
        return stop(world, at, instance);
    }
    if row.status != Status::InProgress {
        return false;
    }
    decisions::pass_on(row);
    if let Some(stage) = row.stages.last_mut() {
        stage.status = Status::Completed;
        stage.end = at;
    }
    let next = row.later.remove(0);
    open(world, at, instance, &next);
    mails::ask(world, at, instance);
    true
}

/// Ends an instance: nobody decides any more (REV-43); `false` if it is not open.
pub(crate) fn stop(world: &mut World, at: Timestamp, instance: Key) -> bool {
    let Some(row) = world.review_instances.get_mut(instance) else {
        return false;
    };
    let Some(status) = status::ended(&row.status) else {
        return false;
    };
    row.status = status.clone();
    row.end = at;
    if let Some(stage) = row.stages.last_mut() {
        stage.status = status;
        stage.end = at;
    }
    world.agenda.plan(at, Event::MoveReview { instance });
    true
}

/// Has decisions carried out that wait for it (REV-57); `false` if they do not.
pub(crate) fn apply(world: &mut World, at: Timestamp, instance: Key, by: Option<Key>) -> bool {
    let Some(row) = world.review_instances.get_mut(instance) else {
        return false;
    };
    let Some(status) = status::applied(&row.status, terms(row)) else {
        return false;
    };
    row.status = status;
    row.applied_by = by;
    world.agenda.plan(at, Event::MoveReview { instance });
    true
}

/// Takes the step that an instance takes by itself.
pub(super) fn advance(world: &mut World, at: Timestamp, instance: Key) {
    let Some(row) = world.review_instances.get_mut(instance) else {
        return;
    };
    let terms = terms(row);
    let Some(status) = status::next(&row.status, terms) else {
        return;
    };
    row.status = status.clone();
    if let Some(stage) = row.stages.last_mut() {
        stage.status = status.clone();
    }
    match status {
        Status::InProgress => mails::ask(world, at, instance),
        Status::AutoReviewed => decisions::fill(row),
        Status::Completed => mails::tell_of_end(world, at, instance),
        Status::Applied => apply::carry_out(world, at, instance),
        _ => {}
    }
    if status::next(&status, terms).is_some() {
        world.agenda.plan(at, Event::MoveReview { instance });
    }
}
