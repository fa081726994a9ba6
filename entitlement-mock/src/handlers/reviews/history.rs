//! Reports about reviews of the past (5.9).

use entitlement_core::access_review::history::{HistoryDecisionFilter, HistoryDefinition};
use entitlement_core::time::IsoDuration;
use entitlement_core::wire;
use serde_json::{Map, Value};

use super::sight::wrong_state;
use crate::handlers::catalogs::unknown_member;
use crate::handlers::{Context, Missing, Outcome, Reply};
use crate::lifecycle::review::history;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::review::History;
use crate::world::table::Key;

fn report(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row(
        "history",
        |world| &world.review_histories,
        Missing::ReviewHistory,
    )
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.list(context.world.review_histories.keys().map(Item::History))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::History(report(context)?))
}

pub(crate) fn list_runs(context: &mut Context<'_>) -> Outcome {
    let key = report(context)?;
    let runs = context.world.review_histories.get(key);
    let count = runs.map_or(0, |row| row.runs.len());
    context.list((0..count).map(|place| Item::HistoryRun(key, place)))
}

pub(crate) fn get_run(context: &mut Context<'_>) -> Outcome {
    let (key, place) = run(context)?;
    context.entity(Item::HistoryRun(key, place))
}

fn run(context: &Context<'_>) -> Result<(Key, usize), Refusal> {
    let key = report(context)?;
    let id = context.key("run")?;
    let row = context.world.review_histories.get(key);
    let place = row.and_then(|row| row.runs.iter().position(|run| run.id == id));
    let place = place.ok_or_else(|| Missing::ReviewHistoryRun.refusal())?;
    Ok((key, place))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut definition = written(context)?;
    let key = context.world.ids.next();
    definition.id = key.into();
    let now = context.now;
    let row = History {
        definition,
        created_by: context.caller.user(),
        created: now,
        next: None,
        runs: Vec::new(),
    };
    let next = history::rhythm(&row, now).from(now);
    context.world.review_histories.insert(key, row);
    history::plan(context.world, key, next);
    context.made(Item::History(key))
}

fn written(context: &Context<'_>) -> Result<HistoryDefinition, Refusal> {
    let mut body = context.body()?;
    let mut members = Map::new();
    members.insert("id".to_owned(), "new".into());
    members.insert(
        "displayName".to_owned(),
        body.require_text("displayName")?.into(),
    );
    for name in [
        "decisions",
        "scopes",
        "reviewHistoryPeriodStartDateTime",
        "reviewHistoryPeriodEndDateTime",
        "scheduleSettings",
    ] {
        if let Some(value) = body.take::<Value>(name)? {
            members.insert(name.to_owned(), value);
        }
    }
    for read_only in ["status", "createdBy"] {
        let _read: Option<Value> = body.take(read_only)?;
    }
    body.finish()?;
    let definition: HistoryDefinition = wire::decode_value(Value::Object(members))
        .map_err(|error| Refusal::invalid_model(error.to_string()))?;
    for decision in &definition.decisions {
        if let HistoryDecisionFilter::Unknown(text) = decision {
            return Err(unknown_member(text, HistoryDecisionFilter::MEMBERS));
        }
    }
    if definition.scopes.is_empty()
        || definition
            .scopes
            .iter()
            .any(|scope| history::reviews_of(scope).is_none())
    {
        return Err(Refusal::invalid_criteria(
            "scopes: say which reviews, as a query for /identityGovernance/accessReviews/definitions",
        ));
    }
    let schedule = definition.schedule_settings.as_ref();
    let rhythm = schedule.and_then(|schedule| schedule.recurrence.as_ref()?.pattern.as_ref());
    if schedule.is_some() && rhythm.is_none_or(|pattern| pattern.interval < 1) {
        return Err(Refusal::invalid_model(
            "scheduleSettings.recurrence.pattern is no rhythm",
        ));
    }
    let period = (
        definition.review_history_period_start_date_time,
        definition.review_history_period_end_date_time,
    );
    match period {
        (Some(start), Some(end)) if start < end => Ok(definition),
        (None, None) if schedule.is_some() => Ok(definition),
        _ => Err(Refusal::invalid_model(
            "a report is about a time from reviewHistoryPeriodStartDateTime to a later \
             reviewHistoryPeriodEndDateTime, or has scheduleSettings",
        )),
    }
}

/// Gives out an address that is good for a day, for as long as the file is kept.
pub(crate) fn generate_download_uri(context: &mut Context<'_>) -> Outcome {
    let (key, place) = run(context)?;
    let now = context.now;
    let signature = context.world.ids.next();
    let found = context
        .world
        .review_histories
        .get_mut(key)
        .and_then(|row| row.runs.get_mut(place))
        .ok_or_else(|| Missing::ReviewHistoryRun.refusal())?;
    if found.kept_until <= now {
        return Err(wrong_state(format!(
            "the file was kept until {}",
            found.kept_until
        )));
    }
    let until = IsoDuration::days(1).after(now).unwrap_or(now);
    found.address_until = Some(until);
    found.signature = Some(signature);
    let id = found.id;
    let address = format!(
        "https://reports.{}/{key}/{id}.csv?se={until}&sig={}",
        context.world.settings.domain,
        signature.simple()
    );
    let Reply { body, .. } = context.entity(Item::HistoryRun(key, place))?;
    let mut body = body.unwrap_or_default();
    body["downloadUri"] = address.into();
    Ok(Reply::ok(body))
}
