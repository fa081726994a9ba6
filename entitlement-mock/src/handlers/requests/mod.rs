//! Requests for access (section 3 of the rules): who sees them, and what can be done with them.

mod checks;
mod others;
pub(crate) mod resume;
pub(crate) mod submit;
mod target;
mod wish;

use entitlement_core::request::RequestState;

use super::packages::unknown_option;
use super::{Context, Missing, Outcome, Reply};
use entitlement_graph::permission::Role;

use crate::lifecycle::transition::Trigger;
use crate::lifecycle::{self, approvers::may_decide};
use crate::odata::plan::Rows;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list_rows(Rows::Requests)
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = concerning_caller(context)?;
    context.entity(Item::Request(key))
}

/// The request in the path, if it is the caller's business.
fn concerning_caller(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = context.row("request", |world| &world.requests, Missing::Request)?;
    let package = context.world.requests.get(key).map(|row| row.package);
    let is_reader = package.is_some_and(|key| context.has_role(Role::CatalogReader, key));
    let concerned = context.caller.user().is_some_and(|person| {
        let ways = ["targetOrRequestor", "approver"];
        let mut ways = ways.iter();
        ways.any(|on| concerns(context, key, person, on) == Some(true))
    });
    if is_reader || concerned {
        Ok(key)
    } else {
        Err(Refusal::unauthorized("the request is somebody else's"))
    }
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let (person, on) = context.current_user()?;
    check_option(on, OPTIONS)?;
    let requests = context.world.requests.keys();
    let mine = requests.filter(|key| concerns(context, *key, person, on) == Some(true));
    context.list(mine.map(Item::Request))
}

/// In which ways requests can concern people (3.7).
const OPTIONS: &[&str] = &[
    "target",
    "createdBy",
    "approver",
    "targetOrRequestor",
    "targetManager",
    "requestForOthers",
    "targetAgentIdentitySponsorOrOwner",
];

/// Refuses an option that a list does not have.
pub(super) fn check_option(on: &str, options: &[&'static str]) -> Result<(), Refusal> {
    if options.iter().any(|option| option.eq_ignore_ascii_case(on)) {
        Ok(())
    } else {
        Err(unknown_option(on, options))
    }
}

/// Whether a request concerns a person in the given way (3.7); `None` for a way that does not exist.
pub(super) fn concerns(context: &Context<'_>, request: Key, person: Key, on: &str) -> Option<bool> {
    let row = context.world.requests.get(request)?;
    let made = row.requestor == Some(person);
    Some(match on.to_ascii_lowercase().as_str() {
        "target" => row.target == person,
        "createdby" => made,
        "targetorrequestor" => made || row.target == person,
        "requestforothers" => made && row.target != person,
        "targetmanager" => context.world.manager_of(row.target, 1) == Some(person),
        // There are no agents here, and so nobody who looks after one.
        "targetagentidentitysponsororowner" => false,
        "approver" => row
            .stages
            .iter()
            .any(|stage| may_decide(context.world, row, stage, person)),
        _ => return None,
    })
}

pub(crate) fn cancel(context: &mut Context<'_>) -> Outcome {
    let key = concerning_caller(context)?;
    let row = context
        .world
        .requests
        .get(key)
        .ok_or_else(|| Missing::Request.refusal())?;
    // REQ-51: people withdraw what waits for consent, administrators whatever is not delivered.
    let mine = row.requestor == context.caller.user() || Some(row.target) == context.caller.user();
    let is_assigner = context.has_role(Role::AccessPackageAssignmentManager, row.package);
    if !(mine || is_assigner) {
        return Err(Refusal::unauthorized(
            "only the requestor and administrators can withdraw a request",
        ));
    }
    // REQ-50 has no cancelling while an extension is waited for; administrators can (EXT-2), and also where somebody is
    // waited for who never comes (REQ-6).
    let too_late =
        (row.state == RequestState::DeliveryFailed || row.hold.is_some()) && !is_assigner;
    let (world, now) = (&mut *context.world, context.now);
    let is_withdrawn = !too_late && lifecycle::apply(world, now, key, Trigger::Canceled)
        || is_assigner && lifecycle::abandon(world, now, key);
    if !is_withdrawn {
        return Err(Refusal::bad_request(
            "InvalidRequestState",
            "The request can not be canceled in its current state.",
        )
        .because(
            "people withdraw what waits for consent or its start, administrators also what has failed, or waits for an \
             extension or for somebody who may not be invited (REQ-50, REQ-51, REQ-6)",
        ));
    }
    Ok(Reply::no_content())
}

pub(crate) fn reprocess(context: &mut Context<'_>) -> Outcome {
    let key = context.row("request", |world| &world.requests, Missing::Request)?;
    let row = context
        .world
        .requests
        .get(key)
        .ok_or_else(|| Missing::Request.refusal())?;
    let window = context.world.settings.choices.reprocess_window_days;
    let fresh = row
        .completed
        .is_some_and(|done| context.now.duration_since(done).as_hours() <= 24 * i64::from(window));
    // REQ-42: meanwhile the person may have got the package by another request.
    let replaced = context
        .world
        .current_assignment(row.target, row.package)
        .is_some_and(|current| row.assignment != Some(current) && !row.is_removal());
    if !fresh
        || replaced
        || !lifecycle::apply(context.world, context.now, key, Trigger::Reprocessed)
    {
        return Err(Refusal::bad_request(
            "InvalidRequestState",
            "The request can not be reprocessed.",
        )
        .because("its delivery did not fail, or failed too long ago (REQ-52)"));
    }
    Ok(Reply::accepted())
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = context.row("request", |world| &world.requests, Missing::Request)?;
    let world = &mut *context.world;
    let row = world
        .requests
        .get(key)
        .ok_or_else(|| Missing::Request.refusal())?;
    let holds = row
        .assignment
        .and_then(|assignment| world.assignments.get(assignment));
    // REQ-55, U-29.
    let keeps = !world.settings.choices.requests.deletable_while_assigned;
    let holds = holds.is_some_and(|assignment| assignment.state.is_current());
    if row.is_open() || keeps && holds {
        return Err(Refusal::bad_request(
            "InvalidRequestState",
            "The request can not be deleted in its current state.",
        )
        .because("it is under way, or its assignment is current (REQ-55)"));
    }
    world.remove_request(key);
    Ok(Reply::no_content())
}
