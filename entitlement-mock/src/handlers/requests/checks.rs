//! What a policy demands of a request: consent, a reason, answers, a period within its own.

use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::question::Answer;
use entitlement_core::schedule::{Expiration, ExpirationType};
use entitlement_core::time::Timestamp;

use super::wish::Wish;
use crate::lifecycle::eligibility::allows;
use crate::router::refusal::Refusal;

/// The policy does not let this happen (REQ-7).
pub(super) fn not_met(why: impl Into<String>) -> Refusal {
    let message = "You don't meet policy requirements to request this entitlement.";
    Refusal::bad_request("PolicyRequirementNotMet", message).because(why)
}

pub(super) fn needs_consent(settings: &AssignmentPolicy, is_update: bool) -> bool {
    let approval = settings.request_approval_settings.as_ref();
    let required = approval.and_then(|approval| {
        if is_update {
            approval.is_approval_required_for_update
        } else {
            approval.is_approval_required_for_add
        }
    });
    required == Some(true)
}

pub(super) fn check_justification(settings: &AssignmentPolicy, wish: &Wish) -> Result<(), Refusal> {
    let approval = settings.request_approval_settings.as_ref();
    let required =
        approval.and_then(|approval| approval.is_requestor_justification_required) == Some(true);
    let given = wish
        .justification
        .as_deref()
        .is_some_and(|text| !text.trim().is_empty());
    if required && !given {
        return Err(Refusal::invalid_model("").detail(
            "MissingJustification",
            "justification",
            "The policy requires a justification.",
        ));
    }
    Ok(())
}

/// Every question is answered as it asks (QST-8); what is wrong is said for each (U-10).
pub(super) fn check_answers(settings: &AssignmentPolicy, wish: &Wish) -> Result<(), Refusal> {
    let mut refusal = Refusal::invalid_model("");
    let mut wrong = false;
    for question in settings.questions.items() {
        let answer = wish
            .answers
            .iter()
            .find(|answer| answer.question_id() == question.id());
        if let Some(objection) = question.objection_to(answer.and_then(Answer::value).unwrap_or(""))
        {
            let asked = question.text().unwrap_or_default();
            refusal = refusal.detail("MissingAnswer", "answers", format!("{asked}: {objection}"));
            wrong = true;
        }
    }
    let questions = settings.questions.items();
    for answer in &wish.answers {
        if !questions
            .iter()
            .any(|question| question.id().is_some() && question.id() == answer.question_id())
        {
            refusal = refusal.detail(
                "UnknownQuestion",
                "answers",
                "An answer is to a question that the policy does not ask.",
            );
            wrong = true;
        }
    }
    if wrong { Err(refusal) } else { Ok(()) }
}

/// The end that a person gets: the policy's, or an earlier one of their own choice (EXP-6).
pub(super) fn wished_expiration(
    settings: &AssignmentPolicy,
    wish: &Wish,
    now: Timestamp,
) -> Result<Expiration, Refusal> {
    let policy = settings
        .expiration
        .clone()
        .unwrap_or_else(Expiration::never);
    let own = wish
        .schedule
        .expiration
        .clone()
        .filter(|own| own.kind != ExpirationType::NotSpecified);
    let chooses = own.is_some() || wish.schedule.start_date_time.is_some();
    if chooses
        && !allows(settings, |requestor| {
            requestor.allow_custom_assignment_schedule
        })
    {
        return Err(not_met(
            "schedule: the policy does not let people choose a period (EXP-6)",
        ));
    }
    match own {
        None => Ok(policy),
        Some(own) => within(settings, own, wish.schedule.start_date_time, now),
    }
}

/// A wished end must make sense, and not lie after the policy's own (EXP-6, EXP-9).
pub(super) fn within(
    settings: &AssignmentPolicy,
    wished: Expiration,
    start: Option<Timestamp>,
    now: Timestamp,
) -> Result<Expiration, Refusal> {
    let start = start.map_or(now, |start| start.max(now));
    let end = wished.end_from(start);
    if end.is_none() && wished.kind != ExpirationType::NoExpiration {
        return Err(Refusal::invalid_model(format!(
            "schedule.expiration: {} lacks its value (EXP-1)",
            wished.kind
        )));
    }
    if end.is_some_and(|end| end <= start) {
        return Err(Refusal::invalid_model(
            "schedule.expiration: the end is not after the start (EXP-1)",
        ));
    }
    let latest = settings
        .expiration
        .as_ref()
        .and_then(|expiration| expiration.end_from(start));
    let too_late = match (end, latest) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(end), Some(latest)) => end > latest,
    };
    if too_late {
        return Err(not_met(
            "schedule.expiration: the end lies after the policy's own (EXP-6, EXP-9)",
        ));
    }
    Ok(wished)
}
