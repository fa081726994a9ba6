//! Called systems that let a waiting request go on, or deny it (EXT-4, REQ-54).

use entitlement_core::custom_extension::callback::CustomExtensionData;
use entitlement_core::custom_extension::stage::{
    CustomExtensionCalloutInstanceStatus as Status, CustomExtensionStage as Stage,
};
use entitlement_core::policy::approval::ApprovalStage;

use crate::handlers::{Context, Missing, Outcome, Reply};
use crate::lifecycle;
use crate::router::refusal::Refusal;
use crate::world::extension::{Answer, Hold};
use crate::world::table::Key;

pub(crate) fn resume(context: &mut Context<'_>) -> Outcome {
    let key = context.row("request", |world| &world.requests, Missing::Request)?;
    let mut body = context.body()?;
    let _source = body.require_text("source")?;
    let stage_type = body.require_text("type")?;
    let data: Option<CustomExtensionData> = body.take("data")?;
    body.finish()?;
    let data = data.ok_or_else(|| Refusal::invalid_model("data is missing"))?;
    let base = data.base().ok_or_else(|| {
        Refusal::invalid_model("data.@odata.type is not that of an answer about a request")
    })?;
    let stage = base
        .stage
        .clone()
        .ok_or_else(|| Refusal::invalid_model("data.stage is missing"))?;
    let named = stage_type.trim_start_matches('#');
    let prefix = format!("microsoft.graph.{}.", Stage::TYPE);
    if named.strip_prefix(&prefix).map(Stage::from).as_ref() != Some(&stage) {
        return Err(Refusal::invalid_model(format!(
            "type: {stage_type:?} does not name the stage {stage}"
        )));
    }
    let is_denial = match base.state.as_deref() {
        None => false,
        Some(text) if text.eq_ignore_ascii_case("denied") => true,
        Some(other) => {
            return Err(Refusal::invalid_model(format!(
                "data.state: {other:?} is not denied"
            )));
        }
    };
    let instance = base.custom_extension_stage_instance_id.as_deref();
    let callout = waiting_call(context, key, &stage, instance)?;
    if is_denial && !lifecycle::may_deny(context.world, &stage) {
        return Err(Refusal::invalid_model(format!(
            "data.state: nothing can be denied in the stage {stage} (EXT-5, U-15)"
        )));
    }
    let approval_stage = match &data {
        CustomExtensionData::AssignmentRequestApprovalStage(data) => data.approval_stage.clone(),
        _ => None,
    };
    let hold = context.world.requests.get(key).and_then(|row| row.hold);
    if matches!(hold, Some(Hold::DeterminingApproval(_))) && !is_denial {
        check_stage(approval_stage.as_deref())?;
    }
    let answer = Answer {
        is_denial,
        detail: base.custom_extension_stage_instance_detail.clone(),
        approval_stage,
    };
    lifecycle::answered(context.world, context.now, callout, answer);
    Ok(Reply::no_content())
}

/// The call that is answered: one of this request's, in this stage, for which it still waits.
fn waiting_call(
    context: &Context<'_>,
    request: Key,
    stage: &Stage,
    instance: Option<&str>,
) -> Result<Key, Refusal> {
    let row = context
        .world
        .requests
        .get(request)
        .ok_or_else(|| Missing::Request.refusal())?;
    if row.hold.is_none() {
        return Err(Refusal::bad_request(
            "InvalidRequestState",
            "The request is not waiting for a callback.",
        )
        .because(format!("it is {} (REQ-54)", row.status)));
    }
    let named = instance.and_then(|id| Key::try_parse(id).ok());
    let named = named.filter(|key| row.callouts.contains(key));
    let found = named.and_then(|key| Some((key, context.world.callouts.get(key)?)));
    match found {
        Some((key, callout))
            if callout.stage == *stage
                && (callout.is_awaited() || callout.status == Status::CallbackTimedOut) =>
        {
            Ok(key)
        }
        _ => Err(Refusal::invalid_model(
            "data.customExtensionStageInstanceId names no call of this stage that the request waits for",
        )),
    }
}

/// A stage that takes the place of a dynamic one has to say itself who decides (APV-21).
fn check_stage(stage: Option<&ApprovalStage>) -> Result<(), Refusal> {
    let stage = stage.ok_or_else(|| {
        Refusal::invalid_model(
            "data.approvalStage is missing, so nobody knows who decides (APV-21)",
        )
    })?;
    let nobody = stage.primary_approvers.is_empty() && stage.fallback_primary_approvers.is_empty();
    if nobody || stage.is_dynamic() {
        return Err(Refusal::invalid_model(
            "data.approvalStage names nobody who could decide (APV-8)",
        ));
    }
    Ok(())
}
