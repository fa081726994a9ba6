//! What a policy demands of a request: consent, a reason, answers, a period within its own.

use entitlement_core::entity::Id;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::question::{Answer, Question};
use entitlement_core::schedule::{Expiration, ExpirationType};
use entitlement_core::time::Timestamp;

use super::wish::Wish;
use crate::lifecycle::attributes;
use crate::lifecycle::eligibility::allows;
use crate::router::refusal::Refusal;
use crate::world::World;
use crate::world::table::Key;

/// The policy does not let this happen (REQ-7). The text is the service's; the code is ours, as nobody has published one.
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

/// Every question of the policy is answered as it asks, and every attribute that a resource requires is there
/// (QST-8, OBJ-31); what is wrong is said for each (U-10).
pub(super) fn check_answers(
    world: &World,
    settings: &AssignmentPolicy,
    (person, package): (Key, Key),
    wish: &Wish,
) -> Result<(), Refusal> {
    check_fixed(world, (person, package), wish)?;
    let mut details = Vec::new();
    let mut known: Vec<&Id<Question>> = Vec::new();
    let mut ask = |question: &'_ Question, has_value: bool| {
        let answers = wish.answers.iter();
        let mut answers = answers.filter(|answer| answer.question_id() == question.id());
        let answer = answers.next().and_then(Answer::value).unwrap_or("");
        // What is known already need not be said again.
        let objection = question.objection_to(answer);
        if let Some(objection) = objection.filter(|_| !(has_value && answer.trim().is_empty())) {
            let asked = question.text().unwrap_or_default();
            details.push(("MissingAnswer", format!("{asked}: {objection}")));
        }
    };
    for question in settings.questions.items() {
        ask(question, false);
        known.extend(question.id());
    }
    for attribute in attributes::required(world, package) {
        if let Some(question) = attributes::question(attribute) {
            ask(
                question,
                attributes::value(world, person, attribute).is_some(),
            );
            known.extend(question.id());
        }
    }
    let stray = wish
        .answers
        .iter()
        .filter(|answer| !answer.question_id().is_some_and(|id| known.contains(&id)));
    details.extend(stray.map(|_| {
        let text = "An answer is to a question that the policy does not ask.";
        ("UnknownQuestion", text.to_owned())
    }));
    if details.is_empty() {
        return Ok(());
    }
    let refusal = Refusal::invalid_model("");
    Err(details.into_iter().fold(refusal, |refusal, (code, text)| {
        refusal.detail(code, "answers", text)
    }))
}

/// An attribute that is not editable may be filled once, and changed neither by request nor by assignment (OBJ-32).
pub(super) fn check_fixed(
    world: &World,
    (person, package): (Key, Key),
    wish: &Wish,
) -> Result<(), Refusal> {
    for attribute in attributes::required(world, package) {
        let value = attributes::value(world, person, attribute);
        let answer = attributes::answer(attribute, &wish.answers);
        let changes = value.is_some() && answer.is_some() && value != answer;
        if attribute.is_editable == Some(false) && changes {
            let name = attribute.name.as_deref().unwrap_or_default();
            return Err(Refusal::invalid_model("").detail(
                "AttributeNotEditable",
                "answers",
                format!("The value of {name} can not be changed."),
            ));
        }
    }
    Ok(())
}

/// The end that a person gets: the policy's, or an earlier one of their own choice (EXP-6).
pub(super) fn wished_expiration(
    settings: &AssignmentPolicy,
    wish: &Wish,
    now: Timestamp,
) -> Result<Expiration, Refusal> {
    let chooses = wish.own_expiration().is_some() || wish.schedule.start_date_time.is_some();
    let may_choose = allows(settings, |requestor| {
        requestor.allow_custom_assignment_schedule
    });
    if chooses && !may_choose {
        return Err(not_met(
            "schedule: the policy does not let people choose a period (EXP-6)",
        ));
    }
    within_policy(settings, wish, now)
}

/// The end that an extension leads to; `None` if only answers change. The policy's length counts from now (U-39).
pub(super) fn extended_expiration(
    settings: &AssignmentPolicy,
    wish: &Wish,
    now: Timestamp,
) -> Result<Option<Expiration>, Refusal> {
    if wish.own_expiration().is_none() && !wish.answers.is_empty() {
        return Ok(None);
    }
    within_policy(settings, wish, now).map(Some)
}

/// The wished end if there is one, else the policy's; it must lie ahead, and not after the policy's (EXP-6, EXP-9).
fn within_policy(
    settings: &AssignmentPolicy,
    wish: &Wish,
    now: Timestamp,
) -> Result<Expiration, Refusal> {
    let start = wish
        .schedule
        .start_date_time
        .map_or(now, |start| start.max(now));
    let policy = settings
        .expiration
        .clone()
        .unwrap_or_else(Expiration::never);
    let latest = policy.end_from(start);
    if latest.is_some_and(|latest| latest <= start) {
        return Err(not_met("the policy's own end has passed (EXP-9)"));
    }
    let Some(wished) = wish.own_expiration() else {
        return Ok(policy);
    };
    let end = wished.end_from(start);
    if end.is_none() && wished.kind != Some(ExpirationType::NoExpiration) {
        return Err(Refusal::invalid_model(
            "schedule.expiration: the value that its type asks for is missing (EXP-1)",
        ));
    }
    if end.is_some_and(|end| end <= start) {
        return Err(Refusal::invalid_model(
            "schedule.expiration: the end is not after the start (EXP-1)",
        ));
    }
    let too_late = latest.is_some_and(|latest| end.is_none_or(|end| end > latest));
    if too_late {
        return Err(not_met(
            "schedule.expiration: the end lies after the policy's own (EXP-6, EXP-9)",
        ));
    }
    Ok(wished.clone())
}
