//! Approvals: who may see them, who may decide (APR-1 to APR-9).

use entitlement_core::approval::{ReviewResult, StageStatus};
use entitlement_graph::permission::Role;
use http::StatusCode;

use super::requests::{check_option, concerns};
use super::{Context, Missing, Outcome, Reply};
use crate::lifecycle::transition::Trigger;
use crate::lifecycle::{self, approvers::may_decide};
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::table::Key;

/// The approval in the path, if the caller may read it: as requestor, approver or administrator (APR-6).
fn approval(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = context.row("approval", |world| &world.requests, Missing::Approval)?;
    let has_stages = context
        .world
        .requests
        .get(key)
        .is_some_and(|request| !request.stages.is_empty());
    if !has_stages {
        return Err(Missing::Approval.refusal());
    }
    let person = context.signed_in()?;
    let mine = ["targetOrRequestor", "approver"]
        .iter()
        .any(|on| concerns(context, key, person, on) == Some(true));
    let package = context.world.requests.get(key).map(|row| row.package);
    if mine || package.is_some_and(|package| context.has_role(Role::CatalogReader, package)) {
        Ok(key)
    } else {
        Err(Refusal::unauthorized(
            "the approval is about somebody else's request",
        ))
    }
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let (person, on) = context.current_user()?;
    check_option(on, &["target", "createdBy", "approver"])?;
    let requests = context.world.requests.iter();
    let asked = requests.filter(|(_, request)| !request.stages.is_empty());
    let mine = asked.filter(|(key, _)| concerns(context, *key, person, on) == Some(true));
    context.list(mine.map(|(key, _)| Item::Approval(key)))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = approval(context)?;
    // The stages come along even if nobody asks for them, as in the documented answer.
    if context
        .query
        .expand
        .iter()
        .all(|expand| !expand.path().as_str().eq_ignore_ascii_case("stages"))
    {
        context.query = std::mem::take(&mut context.query).expand("stages");
    }
    context.entity(Item::Approval(key))
}

pub(crate) fn list_stages(context: &mut Context<'_>) -> Outcome {
    let key = approval(context)?;
    match context.answers().view.follow(Item::Approval(key), "stages") {
        Some(Link::Many(stages)) => context.list(stages),
        _ => Err(Missing::Approval.refusal()),
    }
}

pub(crate) fn get_stage(context: &mut Context<'_>) -> Outcome {
    let key = approval(context)?;
    let place = stage(context, key)?;
    context.entity(Item::Stage(key, place))
}

/// The place of the stage in the path.
fn stage(context: &Context<'_>, approval: Key) -> Result<usize, Refusal> {
    let id = context.key("stage")?;
    let request = context
        .world
        .requests
        .get(approval)
        .ok_or_else(|| Missing::Approval.refusal())?;
    let place = request.stages.iter().position(|stage| stage.id == id);
    place.ok_or_else(|| Missing::Stage.refusal())
}

/// An approver decides (APR-5).
pub(crate) fn decide(context: &mut Context<'_>) -> Outcome {
    let key = approval(context)?;
    let place = stage(context, key)?;
    let person = context.signed_in()?;
    let mut body = context.body()?;
    let result: Option<ReviewResult> = body.take("reviewResult")?;
    let justification: String = body.take("justification")?.unwrap_or_default();
    context.finish_patch(body, Item::Stage(key, place))?;

    let (world, now) = (&mut *context.world, context.now);
    let request = world
        .requests
        .get(key)
        .ok_or_else(|| Missing::Approval.refusal())?;
    let open = request
        .stages
        .get(place)
        .ok_or_else(|| Missing::Stage.refusal())?;
    if !may_decide(world, request, open, person) {
        return Err(Refusal::unauthorized(
            "the caller is not an approver of this stage, or asked themselves (APV-12)",
        ));
    }
    let trigger = match result {
        Some(ReviewResult::Approve) => Trigger::Approved {
            is_last_stage: place + 1 == request.stages.len(),
            starts_later: lifecycle::starts_later(request, now),
        },
        Some(ReviewResult::Deny) => Trigger::Denied,
        _ => {
            return Err(Refusal::invalid_model(
                "reviewResult must be Approve or Deny",
            ));
        }
    };
    if open.status != StageStatus::InProgress
        || request.pending_stage() != Some(place)
        || !is_pending(request)
    {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "Conflict",
            "The approval stage has already been decided.",
        )
        .because(format!("the stage is {} (APV-16)", open.status)));
    }
    if open.settings.is_approver_justification_required == Some(true)
        && justification.trim().is_empty()
    {
        return Err(Refusal::invalid_model("").detail(
            "MissingJustification",
            "justification",
            "The policy requires approvers to give a justification.",
        ));
    }
    if let Some(open) = world
        .requests
        .get_mut(key)
        .and_then(|request| request.stages.get_mut(place))
    {
        open.status = StageStatus::Completed;
        open.result = result.unwrap_or(ReviewResult::NotReviewed);
        open.justification = justification;
        open.reviewed_by = Some(person);
        open.reviewed = Some(now);
    }
    lifecycle::apply(world, now, key, trigger);
    Ok(Reply::no_content())
}

fn is_pending(request: &crate::world::request::Request) -> bool {
    request.state == entitlement_core::request::RequestState::PendingApproval
}
