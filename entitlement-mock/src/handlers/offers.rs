//! What people are offered, and what they have to fulfil to get it (PRI-3, VIS-1 to VIS-4).

use entitlement_core::policy::question::Question;
use serde_json::{Value, json};

use super::packages::{package, unknown_option};
use super::{Context, Missing, Outcome, Reply};
use crate::lifecycle::suggestions::{Sources, suggested};
use crate::lifecycle::{attributes, eligibility};
use crate::view::Item;

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let (person, on) = context.current_user()?;
    if !on.eq_ignore_ascii_case("allowedRequestor") {
        return Err(unknown_option(on, &["allowedRequestor"]));
    }
    let offered = context
        .world
        .packages
        .keys()
        .filter(|key| eligibility::is_offered(context.world, *key, person));
    context.list(offered.map(Item::Package))
}

/// What My Access lists to the person who calls (VIS-4).
pub(crate) fn list_available(context: &mut Context<'_>) -> Outcome {
    let person = context.signed_in()?;
    let world = &*context.world;
    let packages = world.packages.keys();
    let listed = packages.filter(|key| eligibility::is_listed(world, *key, person));
    context.list(listed.map(Item::AvailablePackage))
}

pub(crate) fn get_available(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let person = context.signed_in()?;
    if !eligibility::is_listed(context.world, key, person) {
        return Err(Missing::Package.refusal());
    }
    context.entity(Item::AvailablePackage(key))
}

pub(crate) fn suggestions(context: &mut Context<'_>) -> Outcome {
    let (person, on) = context.current_user()?;
    let mut sources = Sources::default();
    for source in on.split(',').map(str::trim) {
        match source.to_ascii_lowercase().as_str() {
            "relatedpeopleassignments" => sources.related_people = true,
            "assignmenthistory" => sources.own_history = true,
            _ => {
                return Err(unknown_option(
                    on,
                    &["relatedPeopleAssignments", "assignmentHistory"],
                ));
            }
        }
    }
    let suggested = suggested(context.world, person, sources);
    context.list(
        suggested
            .into_iter()
            .map(|key| Item::Suggestion(key, sources)),
    )
}

pub(crate) fn applicable_policy_requirements(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let person = context.signed_in()?;
    let world = &*context.world;
    let required = attributes::required(world, key).into_iter();
    let of_resources: Vec<&Question> = required.filter_map(attributes::question).collect();
    let policies = eligibility::applicable_policies(world, key, person);
    let requirements = policies.into_iter().filter_map(|key| {
        let policy = &world.policies.get(key)?.settings;
        let approval = policy.request_approval_settings.as_ref();
        let requestor = policy.requestor_settings.as_ref();
        // OBJ-31: what the resources want to know is asked together with what the policy does.
        let questions: Vec<&Question> = policy.questions.items().iter().chain(of_resources.iter().copied()).collect();
        Some(json!({
            "policyId": key,
            "policyDisplayName": policy.display_name,
            "policyDescription": policy.description,
            "isApprovalRequiredForAdd": approval.and_then(|settings| settings.is_approval_required_for_add),
            "isApprovalRequiredForUpdate": approval.and_then(|settings| settings.is_approval_required_for_update),
            "isRequestorJustificationRequired":
                approval.and_then(|settings| settings.is_requestor_justification_required),
            "allowCustomAssignmentSchedule": requestor.and_then(|settings| settings.allow_custom_assignment_schedule),
            "schedule": {"startDateTime": null, "recurrence": null, "expiration": policy.expiration},
            "questions": questions,
        }))
    });
    let value: Vec<Value> = requirements.collect();
    let context_url = format!(
        "{}/$metadata#Collection(microsoft.graph.accessPackageAssignmentRequestRequirements)",
        context.root
    );
    Ok(Reply::ok(
        json!({"@odata.context": context_url, "value": value}),
    ))
}
