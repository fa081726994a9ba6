//! Reports about reviews of the past (5.9).

use std::fmt::Write;

use entitlement_core::access_review::history::HistoryDecisionFilter;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::time::{IsoDuration, Timestamp};
use jiff::Span;
use jiff::tz::TimeZone;
use serde_json::json;

use super::rhythm::Rhythm;
use crate::odata::eval::{self, Json};
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::review::{Access, Applied, History, Instance, Item, Review, Run, Verdict};
use crate::world::table::Key;

/// For how many days a file is kept.
const KEPT_DAYS: u32 = 30;

/// When a report runs: once at the moment it is asked for, or in a rhythm.
pub(crate) fn rhythm(history: &History, asked: Timestamp) -> Rhythm {
    let schedule = history.definition.schedule_settings.as_ref();
    let recurrence = schedule.and_then(|schedule| schedule.recurrence.as_ref());
    let first = recurrence
        .and_then(|recurrence| recurrence.range.as_ref()?.start_date)
        .and_then(|date| date.to_zoned(TimeZone::UTC).ok())
        .map_or(asked, |zoned| zoned.timestamp());
    Rhythm::of(first, recurrence)
}

/// Plans the next run.
pub(crate) fn plan(world: &mut World, history: Key, next: Option<Timestamp>) {
    if let Some(row) = world.review_histories.get_mut(history) {
        row.next = next;
    }
    if let Some(moment) = next {
        world.agenda.plan(moment, Event::RunHistory { history });
    }
}

/// Writes a report.
pub(crate) fn run(world: &mut World, at: Timestamp, history: Key) {
    let Some(row) = world
        .review_histories
        .get(history)
        .filter(|row| row.next == Some(at))
    else {
        return;
    };
    let next = rhythm(row, row.created).after(at);
    let definition = &row.definition;
    let recurs = definition.schedule_settings.is_some();
    let (from, to) = period(row, at);
    let text = report(world, row, from, to);
    // As with reviews, what there is only one of has the id of the whole.
    let id = if recurs { world.ids.next() } else { history };
    let kept_until = IsoDuration::days(KEPT_DAYS).after(at);
    let run = Run {
        id,
        from,
        to,
        at,
        kept_until: kept_until.unwrap_or(Timestamp::MAX),
        address_until: None,
        signature: None,
        text,
    };
    if let Some(row) = world.review_histories.get_mut(history) {
        row.runs.push(run);
    }
    plan(world, history, next);
}

/// The time that a run reports on: what the report says, or so far back as its range says.
fn period(history: &History, at: Timestamp) -> (Timestamp, Timestamp) {
    let definition = &history.definition;
    let range = definition
        .schedule_settings
        .as_ref()
        .and_then(|schedule| schedule.report_range.as_deref())
        .and_then(|range| range.parse::<Span>().ok());
    if let Some(range) = range {
        let begin = at.to_zoned(TimeZone::UTC).checked_sub(range);
        return (begin.map_or(Timestamp::MIN, |zoned| zoned.timestamp()), at);
    }
    (
        definition
            .review_history_period_start_date_time
            .unwrap_or(Timestamp::MIN),
        definition.review_history_period_end_date_time.unwrap_or(at),
    )
}

/// A line for each decision of the instances that started within the time.
fn report(world: &World, history: &History, from: Timestamp, to: Timestamp) -> String {
    let asked: Vec<Asked> = history
        .definition
        .scopes
        .iter()
        .filter_map(reviews_of)
        .collect();
    let mut text =
        "reviewId,reviewName,instanceId,startDateTime,endDateTime,principalId,principalName,\
                    resourceId,decision,justification,reviewedBy,reviewedDateTime,applyResult\n"
            .to_owned();
    for (key, review) in world.reviews.iter() {
        if !asked.iter().any(|asked| is_meant(asked, key, review)) {
            continue;
        }
        for &id in world.links.instances_of_review.of(key) {
            let Some(instance) = world.review_instances.get(id) else {
                continue;
            };
            if instance.start < from || instance.start > to {
                continue;
            }
            for item in &instance.items {
                let decision = decision(instance, item);
                let wanted = &history.definition.decisions;
                if wanted.is_empty() || wanted.contains(&decision) {
                    line(
                        &mut text,
                        world,
                        (key, review),
                        (id, instance),
                        item,
                        &decision,
                    );
                }
            }
        }
    }
    text
}

/// Reviews that a report asks for.
#[derive(Debug)]
pub(crate) struct Asked(Option<Filter>);

/// What a query for reviews asks for; `None` if it is for something else.
pub(crate) fn reviews_of(scope: &Scope) -> Option<Asked> {
    let text = scope.as_query()?;
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let path = path.strip_prefix("/v1.0").unwrap_or(path);
    let is_reviews = path.trim_end_matches('/') == "/identityGovernance/accessReviews/definitions";
    is_reviews.then_some(Asked(Query::parse(query).ok()?.filter))
}

fn is_meant(asked: &Asked, key: Key, review: &Review) -> bool {
    let Some(filter) = &asked.0 else {
        return true;
    };
    let query = review.definition.scope.as_ref().and_then(Scope::as_query);
    let query = query.unwrap_or_default();
    // Reports are asked for with the name that assignments had in beta, too (OBJ-4).
    let old = query.replace("/assignments", "/accessPackageAssignments");
    [query, &old].iter().any(|query| {
        let row = json!({
            "id": key,
            "displayName": review.definition.display_name,
            "scope": {"query": query},
        });
        eval::matches(filter, &Json(row)) == Ok(true)
    })
}

fn decision(instance: &Instance, item: &Item) -> HistoryDecisionFilter {
    match item.mark.verdict {
        Verdict::Approve => HistoryDecisionFilter::Approve,
        Verdict::Deny => HistoryDecisionFilter::Deny,
        Verdict::DontKnow => HistoryDecisionFilter::DontKnow,
        Verdict::NotReviewed if instance.contacted.is_empty() => HistoryDecisionFilter::NotNotified,
        Verdict::NotReviewed => HistoryDecisionFilter::NotReviewed,
    }
}

fn line(
    text: &mut String,
    world: &World,
    (key, review): (Key, &Review),
    (id, instance): (Key, &Instance),
    item: &Item,
    decision: &HistoryDecisionFilter,
) {
    let name = |key: Key| {
        let user = world.users.get(key);
        user.map_or("", |user| user.principal_name.as_str())
    };
    let resource = match item.access {
        Access::Member(group) => group,
        Access::Assignment(key) => world.assignments.get(key).map_or(key, |row| row.policy),
    };
    let note = item.mark.note.as_deref();
    let result = match item.result {
        Applied::New => "New",
        Applied::Done => "AppliedSuccessfully",
        Applied::NothingThere => "AppliedSuccessfullyButObjectNotFound",
    };
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "{key},{},{id},{},{},{},{},{resource},{decision},{},{},{},{result}",
        quoted(
            review
                .definition
                .display_name
                .as_deref()
                .unwrap_or_default()
        ),
        instance.start,
        instance.end,
        item.principal,
        name(item.principal),
        quoted(note.map_or("", |note| note.justification.as_str())),
        note.map_or("", |note| name(note.by)),
        note.map(|note| note.at.to_string()).unwrap_or_default(),
    );
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
