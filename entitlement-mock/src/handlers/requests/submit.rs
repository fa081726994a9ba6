//! Making requests: one way for each kind, and what is checked before anything changes.

use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::request::RequestType;
use entitlement_core::schedule::Expiration;
use entitlement_graph::permission::Role;
use http::StatusCode;
use serde_json::{Value, json};

use super::checks::{
    check_answers, check_fixed, check_justification, extended_expiration, needs_consent, not_met,
    wished_expiration,
};
use super::others::{may_take_back, policies_on_behalf};
use super::target::Target;
use super::wish::Wish;
use crate::audit::Activity;
use crate::handlers::catalogs::unknown_member;
use crate::handlers::{Context, Missing, Outcome, Reply, check_room};
use crate::lifecycle::eligibility::{allows, applicable_policies, is_in_scope, is_published};
use crate::lifecycle::guests;
use crate::lifecycle::separation::conflicts;
use crate::router::refusal::Refusal;
use crate::view::{Item, View};
use crate::world::agenda::Event;
use crate::world::request::{Assignment, Request};
use crate::world::table::Key;

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let wish = Wish::read(context.body()?)?;
    let request = match wish.kind {
        RequestType::UserAdd => user_add(context, wish)?,
        RequestType::OnBehalfAdd if context.world.settings.choices.requests.on_behalf_of_others => {
            user_add(context, wish)?
        }
        RequestType::ApproverRemove => take_back(context, wish)?,
        RequestType::AdminAdd => admin_add(context, wish)?,
        RequestType::UserUpdate | RequestType::UserRemove => user_change(context, wish)?,
        RequestType::AdminUpdate | RequestType::AdminRemove => admin_change(context, wish)?,
        RequestType::Unknown(text) => return Err(unknown_member(&text, RequestType::MEMBERS)),
        other => {
            return Err(Refusal::invalid_model(format!(
                "requestType: {other} is not for callers to make"
            )));
        }
    };
    let key = context.world.insert_request(request);
    let by = context.caller.user();
    let row = context.world.requests.get(key);
    let asks = row.is_some_and(|row| {
        row.kind == RequestType::OnBehalfAdd || by.is_some() && by == Some(row.target)
    });
    let activity = if asks {
        Activity::UserRequests
    } else {
        Activity::AdministratorAssigns
    };
    context.world.audit(context.now, activity, key, by);
    let lag = context.world.settings.lag.processing;
    context
        .world
        .agenda
        .plan_after(lag, context.now, key, Event::Process { request: key });
    // REQ-10: the answer knows nothing yet but that the request was accepted.
    let mut object = View::new(context.world, context.caller).render(Item::Request(key));
    for unknown_yet in ["createdDateTime", "completedDateTime"] {
        object.insert(unknown_yet.to_owned(), Value::Null);
    }
    object.insert(
        "@odata.context".to_owned(),
        format!("{}/$metadata#{}/$entity", context.root, context.path).into(),
    );
    Ok(Reply::created(Value::Object(object)))
}

/// A person asks for a package, for themselves (REQ-4) or for somebody of whom they are the manager (POL-41).
fn user_add(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    let caller = context.signed_in()?;
    let package = known_package(context, &wish)?;
    let for_others = wish.kind == RequestType::OnBehalfAdd;
    let person = match wish.target {
        Some(target) if for_others => target,
        None if for_others => {
            return Err(Refusal::invalid_model("assignment.targetId is missing"));
        }
        Some(target) if target != caller => {
            return Err(Refusal::unauthorized(
                "assignment.targetId: people ask for themselves (REQ-4)",
            ));
        }
        _ => caller,
    };
    context.require_licence_for(for_others.then_some("asking for others"))?;
    if !context.world.is_person(person) {
        return Err(Missing::DirectoryObject.refusal());
    }
    let caller_row = context.world.users.get(caller);
    if !caller_row.is_some_and(|user| user.is_enabled) {
        return Err(Refusal::unauthorized(
            "the person's sign-in is blocked (REQ-44)",
        ));
    }
    if !is_published(context.world, package) {
        return Err(not_met("the package's catalog is not published (OBJ-12)"));
    }
    check_no_duplicate(context, person, package)?;
    check_room_for(context, package)?;
    let applicable = if for_others {
        policies_on_behalf(context.world, package, caller, person)
    } else {
        applicable_policies(context.world, package, person)
    };
    let policy = policy_for(context, package, &applicable, wish.policy)?;
    if !conflicts(context.world, package, person).is_empty() {
        return Err(incompatible(
            "You cannot request access as you currently have incompatible group membership(s) and/or access package \
             assignment(s)"
                .to_owned(),
        ));
    }
    let settings = settings_of(context, policy)?;
    check_justification(settings, &wish)?;
    check_answers(context.world, settings, (person, package), &wish)?;
    let expiration = wished_expiration(settings, &wish, context.now)?;
    let needs_consent = needs_consent(settings, false);
    note_organization(context, policy, person);
    Ok(wish.into_request(
        context,
        (person, package, policy),
        Some(expiration),
        needs_consent,
    ))
}

/// An administrator assigns somebody (REQ-7). Where the policy wants consent, approvers still decide (APV-18, REQ-8b);
/// questions need no answers (QST-10).
fn admin_add(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    require_assigner(context, wish.package)?;
    let package = known_package(context, &wish)?;
    let target = Target::of(context, &wish)?;
    let policy = wish
        .policy
        .ok_or_else(|| Refusal::invalid_model("assignment.assignmentPolicyId is missing"))?;
    check_belongs(context, policy, package)?;
    let settings = settings_of(context, policy)?;
    target.check_scope(context, settings)?;
    let choices = &context.world.settings.choices.catalogs;
    if !choices.unpublished_can_be_assigned && !is_published(context.world, package) {
        return Err(not_met("the package's catalog is not published (U-32)"));
    }
    check_room_for(context, package)?;
    if let Some(known) = target.known() {
        check_no_duplicate(context, known, package)?;
        check_compatible(context, known, package)?;
        check_fixed(context.world, (known, package), &wish)?;
    }
    let settings = settings_of(context, policy)?;
    // REQ-8b: the administrator's own end counts; without one the policy's does.
    let expiration = wish.own_expiration().or(settings.expiration.as_ref());
    let expiration = expiration.cloned().unwrap_or_else(Expiration::never);
    let needs_consent = needs_consent(settings, false);
    let target = target.expected(context);
    note_organization(context, policy, target);
    Ok(wish.into_request(
        context,
        (target, package, policy),
        Some(expiration),
        needs_consent,
    ))
}

/// Refuses whoever holds what does not go with the package (SOD-4).
fn check_compatible(context: &Context<'_>, target: Key, package: Key) -> Result<(), Refusal> {
    let held = conflicts(context.world, package, target);
    if !held.is_empty() {
        let mut message = json!({});
        for (name, held) in [
            ("accessPackageAssignments", held.packages),
            ("groupMemberships", held.groups),
        ] {
            if !held.is_empty() {
                message[name] = held.into();
            }
        }
        return Err(incompatible(message.to_string()));
    }
    Ok(())
}

/// A person asks for longer, or gives access back.
fn user_change(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    let person = context.signed_in()?;
    let subject = current_assignment(context, &wish)?;
    let (target, _, policy) = subject;
    if target != person {
        return Err(Refusal::unauthorized("the assignment is somebody else's"));
    }
    let settings = settings_of(context, policy)?;
    if wish.kind == RequestType::UserRemove {
        if !allows(settings, |requestor| {
            requestor.enable_targets_to_self_remove_access
        }) {
            return Err(not_met(
                "the policy does not let people give access back (2.4)",
            ));
        }
        return Ok(wish.into_request(context, subject, None, false));
    }
    if !allows(settings, |requestor| {
        requestor.enable_targets_to_self_update_access
    }) {
        return Err(not_met(
            "the policy does not let people ask for longer (EXP-8)",
        ));
    }
    if !is_in_scope(context.world, settings, person) {
        return Err(not_met(
            "the person has left the policy's scope (EXP-8, POL-22)",
        ));
    }
    let (_, package, _) = subject;
    check_fixed(context.world, (target, package), &wish)?;
    let expiration = extended_expiration(settings, &wish, context.now)?;
    let needs_consent = needs_consent(settings, true);
    Ok(wish.into_request(context, subject, expiration, needs_consent))
}

/// An administrator changes somebody's dates, or ends their access.
fn admin_change(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    let held = wish
        .assignment
        .and_then(|key| context.world.assignments.get(key));
    require_assigner(context, held.map(|row| row.package))?;
    let subject = current_assignment(context, &wish)?;
    let expiration = wish.schedule.expiration.clone();
    Ok(wish.into_request(context, subject, expiration, false))
}

/// An approver ends access that they could have refused (3.1).
fn take_back(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    let person = context.signed_in()?;
    let key = wish.assignment;
    if !key.is_some_and(|key| may_take_back(context.world, key, person)) {
        return Err(Refusal::unauthorized(
            "only those who could approve the request for it take access back",
        ));
    }
    context.require_licence_for(Some("taking back what was approved"))?;
    let subject = current_assignment(context, &wish)?;
    Ok(wish.into_request(context, subject, None, false))
}

/// Who may assign others. For a package that is not there nobody holds a role (ROLE-6).
fn require_assigner(context: &Context<'_>, package: Option<Key>) -> Result<(), Refusal> {
    let assigner = Role::AccessPackageAssignmentManager;
    if context.is_administrator() || package.is_some_and(|key| context.has_role(assigner, key)) {
        return Ok(());
    }
    Err(Refusal::unauthorized(
        "only applications, administrators and the catalog's assignment managers assign, change and remove others (ROLE-2)",
    ))
}

fn known_package(context: &Context<'_>, wish: &Wish) -> Result<Key, Refusal> {
    let package = wish
        .package
        .ok_or_else(|| Refusal::invalid_model("assignment.accessPackageId is missing"))?;
    if context.world.packages.contains(package) {
        Ok(package)
    } else {
        Err(Missing::Package.refusal())
    }
}

fn check_belongs(context: &Context<'_>, policy: Key, package: Key) -> Result<(), Refusal> {
    match context.world.policies.get(policy) {
        None => Err(Missing::Policy.refusal()),
        Some(row) if row.package != package => {
            Err(not_met("the policy belongs to another package (REQ-7)"))
        }
        Some(_) => Ok(()),
    }
}

/// The policy under which a person asks: the one they name, or the only one that applies (PRI-4, U-13).
fn policy_for(
    context: &Context<'_>,
    package: Key,
    applicable: &[Key],
    named: Option<Key>,
) -> Result<Key, Refusal> {
    if let Some(policy) = named {
        check_belongs(context, policy, package)?;
    }
    match (named, applicable) {
        (Some(policy), all) if all.contains(&policy) => Ok(policy),
        (Some(_), _) => Err(not_met(
            "the named policy does not apply to the person (PRI-2)",
        )),
        (None, [only]) => Ok(*only),
        (None, []) => Err(not_met(
            "no policy of the package applies to the person (PRI-5)",
        )),
        (None, several) => Err(Refusal::invalid_model(format!(
            "assignment.assignmentPolicyId is missing, and {} policies apply (U-13)",
            several.len()
        ))),
    }
}

/// Whoever comes from a place that nobody knows makes it known, where everybody may ask (ORG-1).
fn note_organization(context: &mut Context<'_>, policy: Key, person: Key) {
    let row = context.world.policies.get(policy);
    let scope = row.and_then(|row| row.settings.allowed_target_scope.as_ref());
    if scope == Some(&AllowedTargetScope::AllExternalUsers) {
        guests::note_organization(context.world, context.now, person);
    }
}

fn settings_of<'a>(context: &'a Context<'_>, policy: Key) -> Result<&'a AssignmentPolicy, Refusal> {
    let row = context.world.policies.get(policy);
    row.map(|row| &row.settings)
        .ok_or_else(|| Missing::Policy.refusal())
}

/// What a person has does not go with what they are to get (SOD-4, SOD-6). The texts are the service's; the code is
/// ours, as nobody has published one (U-4).
fn incompatible(message: String) -> Refusal {
    Refusal::bad_request("IncompatibleAccess", message)
        .because("the person has an incompatible package or group (SOD-4)")
}

/// Whether the tenant has room for one more assignment (7.1).
fn check_room_for(context: &Context<'_>, package: Key) -> Result<(), Refusal> {
    let world = &*context.world;
    let limits = &world.settings.choices.limits;
    let is_current = |row: &Assignment| row.state.is_current();
    // Counting is for the few tenants that are nearly full: ended assignments are there too.
    if world.assignments.len() >= limits.assignments {
        let rows = world.assignments.iter();
        let current = rows.filter(|(_, row)| is_current(row)).count();
        check_room("assignments", current, Some(limits.assignments))?;
    }
    let of_package = world.links.assignments_of_package.of(package);
    if limits
        .assignments_per_package
        .is_some_and(|limit| of_package.len() >= limit)
    {
        let rows = of_package
            .iter()
            .filter_map(|key| world.assignments.get(*key));
        let current = rows.filter(|row| is_current(row)).count();
        let limit = limits.assignments_per_package;
        check_room("assignments of an access package", current, limit)?;
    }
    Ok(())
}

/// At most one assignment and one open request for a person and a package (REQ-41, REQ-42, P8).
fn check_no_duplicate(context: &Context<'_>, target: Key, package: Key) -> Result<(), Refusal> {
    if let Some(open) = context.world.open_request(target, package) {
        return Err(open_request(open));
    }
    if let Some(assignment) = context.world.current_assignment(target, package) {
        let message = "The user already has an active grant for this entitlement.";
        return Err(
            Refusal::new(StatusCode::CONFLICT, "InvalidRequestExistingGrant", message)
                .because(format!("assignment {assignment} is current (REQ-42)")),
        );
    }
    Ok(())
}

fn open_request(open: Key) -> Refusal {
    Refusal::bad_request("InvalidRequest", "The request is invalid.").detail(
        "ExistingOpenRequest",
        "assignment.accessPackageId",
        format!("Request {open} for the same access package is still open."),
    )
}

/// The assignment that a change is about: its holder, its package and its policy.
fn current_assignment(context: &Context<'_>, wish: &Wish) -> Result<(Key, Key, Key), Refusal> {
    let key = wish
        .assignment
        .ok_or_else(|| Refusal::invalid_model("assignment.id is missing"))?;
    let row = context
        .world
        .assignments
        .get(key)
        .ok_or_else(|| Missing::Assignment.refusal())?;
    if !row.state.is_current() {
        let message = "The user does not have an active grant for this entitlement.";
        return Err(Refusal::not_found("InvalidRequestNoActiveGrant", message)
            .because(format!("assignment {key} is {}", row.state)));
    }
    if let Some(open) = context.world.open_request(row.target, row.package) {
        return Err(open_request(open));
    }
    Ok((row.target, row.package, row.policy))
}
