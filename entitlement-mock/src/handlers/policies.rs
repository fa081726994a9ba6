//! Assignment policies (section 2 of the rules).

use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::approval::ApprovalSettings;
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::wire;
use http::StatusCode;
use serde_json::{Map, Value};

use super::catalogs::unknown_member;
use super::{Context, Missing, Outcome, Reply, check_room, licensed, no_room, stage_settings};
use crate::lifecycle::automatic;
use crate::lifecycle::delivery::{plan_reminders, reminds};
use crate::lifecycle::review::of_policy;
use crate::membership_rule::Rule;
use crate::odata::plan::Rows;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::package::Policy;
use crate::world::table::Key;

fn policy(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("policy", |world| &world.policies, Missing::Policy)
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list_rows(Rows::Policies)
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Policy(policy(context)?))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let (package, mut settings) = written(context, None)?;
    let world = &*context.world;
    let limits = &world.settings.choices.limits;
    let siblings = world.links.policies_of_package.of(package).len();
    check_room("policies", world.policies.len(), Some(limits.policies))?;
    let limit = limits.policies_per_package;
    check_room("policies of an access package", siblings, limit)?;
    settings.created_date_time = Some(context.now);
    number_questions(context, &mut settings);
    stage_settings::give_ids(context, &mut settings);
    let key = context.world.insert_policy(Policy {
        package,
        settings,
        review: None,
    });
    of_policy::follow(context.world, context.now, key, context.caller.user());
    automatic::policy_changed(context.world, context.now, key);
    context.made(Item::Policy(key))
}

/// The whole policy is written anew; what is left out is gone (POL-2, U-5). Requests keep what they began with (POL-9).
pub(crate) fn replace(context: &mut Context<'_>) -> Outcome {
    let key = policy(context)?;
    let (package, mut settings) = written(context, Some(key))?;
    let before = context
        .world
        .policies
        .get(key)
        .ok_or_else(|| Missing::Policy.refusal())?;
    if before.package != package {
        return Err(Refusal::invalid_model(
            "accessPackage.id: a policy stays with its package",
        ));
    }
    check_review(context, before, &settings)?;
    settings.id = key.into();
    settings.created_date_time = before.settings.created_date_time;
    let starts_to_remind = !reminds(&before.settings) && reminds(&settings);
    number_questions(context, &mut settings);
    stage_settings::give_ids(context, &mut settings);
    context.world.change_policy(key, settings);
    automatic::policy_changed(context.world, context.now, key);
    of_policy::follow(context.world, context.now, key, context.caller.user());
    if starts_to_remind {
        let holdings = context.world.links.assignments_of_policy.of(key).to_vec();
        for assignment in holdings {
            plan_reminders(context.world, context.now, assignment);
        }
    }
    context.entity(Item::Policy(key))
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = policy(context)?;
    let world = &mut *context.world;
    let package = world
        .policies
        .get(key)
        .map(|policy| policy.package)
        .unwrap_or_default();
    let held = world.links.assignments_of_policy.of(key).iter().any(|key| {
        world
            .assignments
            .get(*key)
            .is_some_and(|row| row.state.is_current())
    });
    let requested = world
        .links
        .requests_of_package
        .of(package)
        .iter()
        .any(|request| {
            world
                .requests
                .get(*request)
                .is_some_and(|row| row.policy == key && row.is_open())
        });
    if held || requested {
        return Err(Refusal::bad_request(
            "InvalidDeletePolicyHasGrants",
            "The policy can not be deleted because there are active assignments.",
        )
        .because("end the assignments and requests made through it first (OBJ-46, U-33)"));
    }
    world.remove_policy(key);
    Ok(Reply::no_content())
}

/// The review that follows a policy must still be there (REV-10), and starts when it first said (REV-11).
fn check_review(
    context: &Context<'_>,
    before: &Policy,
    settings: &AssignmentPolicy,
) -> Result<(), Refusal> {
    let Some(key) = before.review else {
        return Ok(());
    };
    let Some(review) = context.world.reviews.get(key) else {
        return Err(Refusal::no_business_flow(key)
            .because("the review that the policy made was deleted (REV-10)"));
    };
    let first = of_policy::enabled(settings).and_then(of_policy::first_start);
    if first.is_some_and(|first| first != review.first) {
        return Err(Refusal::invalid_model(format!(
            "reviewSettings.schedule.startDateTime: reviews have started at {} and cannot start at another time (REV-11)",
            review.first
        )));
    }
    Ok(())
}

/// Reads a policy from the body and checks it; `replaced` is the policy it takes the place of.
fn written(
    context: &Context<'_>,
    replaced: Option<Key>,
) -> Result<(Key, AssignmentPolicy), Refusal> {
    let mut body = context.body()?;
    let mut link = body.take_object("accessPackage")?.ok_or_else(|| {
        Refusal::invalid_model("accessPackage.id is missing (Parameter name: Id)")
    })?;
    let package = link.take_key("id")?.ok_or_else(|| {
        Refusal::invalid_model("accessPackage.id is missing (Parameter name: Id)")
    })?;
    if !context.world.packages.contains(package) {
        return Err(Missing::Package.refusal());
    }
    let display_name = body.require_text("displayName")?;
    let mut members = Map::new();
    // The id is the service's to give; the type cannot do without one.
    members.insert("id".to_owned(), "new".into());
    members.insert("displayName".to_owned(), display_name.as_str().into());
    for name in WRITABLE {
        if let Some(value) = body.take::<Value>(name)? {
            members.insert((*name).to_owned(), value);
        }
    }
    let _link: Option<Value> = body.take("catalog")?;
    let extensions = stage_settings::read(context, &mut body, package)?;
    body.finish()?;
    let mut settings: AssignmentPolicy = wire::decode_value(Value::Object(members))
        .map_err(|error| Refusal::invalid_model(error.to_string()))?;
    settings.modified_date_time = Some(context.now);
    settings.custom_extension_stage_settings = extensions.into();
    check(&settings)?;
    check_rights(context, &settings)?;
    check_targets(context, &settings)?;
    stage_settings::check_dynamic_stages(context.world, &settings)?;
    check_rule(context, package, replaced, &settings)?;
    check_decision_time(context, &settings)?;
    let twin = context
        .world
        .links
        .policies_of_package
        .of(package)
        .iter()
        .any(|key| {
            let other = context
                .world
                .policies
                .get(*key)
                .and_then(|policy| policy.settings.display_name.as_deref());
            Some(*key) != replaced && other == Some(&display_name)
        });
    if twin {
        // U-6.
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "DuplicateKey",
            "There is already a duplicated entity",
        )
        .because(format!(
            "the package has a policy named {display_name:?} already"
        )));
    }
    Ok((package, settings))
}

/// How long approvers may have (U-8).
fn check_decision_time(context: &Context<'_>, settings: &AssignmentPolicy) -> Result<(), Refusal> {
    let longest = context
        .world
        .settings
        .choices
        .requests
        .longest_decision_days;
    let approval = settings.request_approval_settings.iter();
    let times = approval
        .flat_map(|approval| &approval.stages)
        .filter_map(|stage| stage.duration_before_automatic_denial?.total_seconds());
    for seconds in times {
        if seconds > i64::from(longest) * 86_400 {
            return Err(Refusal::invalid_model(format!(
                "requestApprovalSettings.stages.durationBeforeAutomaticDenial: more than {longest} days (U-8)"
            )));
        }
    }
    Ok(())
}

/// The rule of automatic assignment has to be one (AUTO-8), and a package has one such policy at most (AUTO-1).
fn check_rule(
    context: &Context<'_>,
    package: Key,
    replaced: Option<Key>,
    settings: &AssignmentPolicy,
) -> Result<(), Refusal> {
    if let Some(rule) = automatic::rule_of(settings) {
        Rule::parse(rule).map_err(|error| {
            Refusal::invalid_model(format!("specificAllowedTargets: membershipRule: {error}"))
        })?;
    }
    let links = &context.world.links;
    let mut siblings = links.policies_of_package.of(package).iter();
    let twin = |key: &Key| links.automatic_policies.contains(key) && Some(*key) != replaced;
    if settings.automatic_request_settings.is_some() && siblings.any(twin) {
        return Err(Refusal::invalid_model(
            "automaticRequestSettings: the package has a policy of automatic assignment already (AUTO-1)",
        ));
    }
    Ok(())
}

/// Some policies are for administrators to make, and some for tenants with the licence.
fn check_rights(context: &Context<'_>, settings: &AssignmentPolicy) -> Result<(), Refusal> {
    if settings.automatic_request_settings.is_some() && !context.is_administrator() {
        return Err(Refusal::unauthorized(
            "only administrators make policies of automatic assignment (ROLE-3)",
        ));
    }
    context.require_licence_for(licensed::of_policy(settings))
}

const WRITABLE: &[&str] = &[
    "description",
    "allowedTargetScope",
    "specificAllowedTargets",
    "expiration",
    "requestorSettings",
    "requestApprovalSettings",
    "reviewSettings",
    "automaticRequestSettings",
    "notificationSettings",
    "questions",
];

fn check(settings: &AssignmentPolicy) -> Result<(), Refusal> {
    if let Some(AllowedTargetScope::Unknown(text)) = &settings.allowed_target_scope {
        return Err(unknown_member(text, AllowedTargetScope::MEMBERS));
    }
    if let Some(approval) = &settings.request_approval_settings {
        check_known(approval)?;
        if approval.requires_approval() && approval.stages.is_empty() {
            // APV-2.
            return Err(Refusal::bad_request(
                "InvalidApprovalStages",
                "If approval is required, a valid list of stages must be provided.",
            ));
        }
    }
    if let Some(requestor) = &settings.requestor_settings {
        check_own("requestorSettings", &requestor.unknown)?;
    }
    of_policy::check_rhythm(settings).map_err(Refusal::invalid_model)?;
    settings
        .validate()
        .map_err(|invalid| Refusal::invalid_model(invalid.to_string()))
}

/// A policy names only so many people, groups and organisations (POL-24).
fn check_targets(context: &Context<'_>, settings: &AssignmentPolicy) -> Result<(), Refusal> {
    let limits = &context.world.settings.choices.limits;
    let targets = &settings.specific_allowed_targets;
    let is_organization =
        |target: &&SubjectSet| matches!(target, SubjectSet::ConnectedOrganizationMembers(_));
    let organizations = targets.iter().filter(is_organization).count();
    for (what, count, limit) in [
        (
            "people and groups that a policy names",
            targets.len() - organizations,
            limits.subjects_per_policy,
        ),
        (
            "connected organizations that a policy names",
            organizations,
            limits.organizations_per_policy,
        ),
    ] {
        if count > limit {
            return Err(no_room(what, limit));
        }
    }
    Ok(())
}

fn check_known(approval: &ApprovalSettings) -> Result<(), Refusal> {
    check_own("requestApprovalSettings", &approval.unknown)?;
    for (place, stage) in approval.stages.iter().enumerate() {
        let place = format!("requestApprovalSettings.stages[{place}]");
        check_own(&place, &stage.unknown)?;
    }
    Ok(())
}

/// Refuses what an object has that is no property of its type.
fn check_own(place: &str, unknown: &wire::RawObject) -> Result<(), Refusal> {
    match unknown.iter().find(|(name, _)| !name.contains('@')) {
        None => Ok(()),
        Some((name, _)) => Err(Refusal::invalid_model(format!(
            "{place}.{name} is not a property of its type"
        ))),
    }
}

/// Questions get ids, and the order they were written in where none is given.
fn number_questions(context: &mut Context<'_>, settings: &mut AssignmentPolicy) {
    let mut questions = std::mem::take(&mut settings.questions)
        .into_loaded()
        .unwrap_or_default();
    for (place, question) in questions.iter_mut().enumerate() {
        if let Some(base) = question.base_mut() {
            base.id
                .get_or_insert_with(|| context.world.ids.next().into());
            base.sequence
                .get_or_insert(i32::try_from(place).unwrap_or(i32::MAX));
        }
    }
    settings.questions = questions.into();
}
