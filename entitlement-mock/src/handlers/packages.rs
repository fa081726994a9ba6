//! Access packages and what they grant (OBJ-40 to OBJ-51, PRI-3, VIS-1).

use serde_json::{Value, json};

use super::{Context, Missing, Outcome, Reply};
use crate::lifecycle::{delivery, eligibility};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::package::{Package, RoleScope};
use crate::world::request::Request;
use crate::world::table::Key;

fn package(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("package", |world| &world.packages, Missing::Package)
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list(context.world.packages.keys().map(Item::Package))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Package(package(context)?))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let display_name = body.require_text("displayName")?;
    let description = body.take("description")?;
    let is_hidden = body.take("isHidden")?.unwrap_or(false);
    let catalog = body.take_link("catalog")?;
    body.finish()?;
    let catalog = catalog
        .filter(|key| context.world.catalogs.contains(*key))
        .ok_or_else(|| Refusal::invalid_model("catalog.id names no catalog (OBJ-40)"))?;
    let key = context.world.insert_package(Package {
        catalog,
        display_name,
        description,
        is_hidden,
        created: context.now,
        modified: context.now,
        role_scopes: Vec::new(),
    });
    context.made(Item::Package(key))
}

pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let description = body.take_field("description")?;
    let is_hidden = body.take("isHidden")?;
    body.finish()?;
    let now = context.now;
    let row = context
        .world
        .packages
        .get_mut(key)
        .ok_or_else(|| Missing::Package.refusal())?;
    if let Some(name) = display_name {
        row.display_name = name;
    }
    description.apply_to(&mut row.description);
    if let Some(hidden) = is_hidden {
        row.is_hidden = hidden;
    }
    row.modified = now;
    Ok(Reply::no_content())
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let world = &mut *context.world;
    let current = |key: &Key| {
        world
            .assignments
            .get(*key)
            .is_some_and(|row| row.state.is_current())
    };
    let open = |key: &Key| world.requests.get(*key).is_some_and(Request::is_open);
    let name = world
        .packages
        .get(key)
        .map(|package| package.display_name.clone())
        .unwrap_or_default();
    let in_use = world
        .links
        .assignments_of_package
        .of(key)
        .iter()
        .any(current)
        || world.links.requests_of_package.of(key).iter().any(open);
    if in_use {
        // U-3, U-38.
        return Err(Refusal::bad_request(
            "InvalidDeleteEntitlementHasGrants",
            format!("The entitlement: {name} can not be deleted because there are active grants"),
        )
        .because("end its assignments and requests first (OBJ-43)"));
    }
    // OBJ-45: its policies go with it.
    for policy in world.links.policies_of_package.of(key).to_vec() {
        world.remove_policy(policy);
    }
    world.remove_package(key);
    Ok(Reply::no_content())
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let (person, on) = context.current_user()?;
    if !on.eq_ignore_ascii_case("allowedRequestor") {
        return Err(unknown_option(on));
    }
    let offered = context
        .world
        .packages
        .keys()
        .filter(|key| eligibility::is_offered(context.world, *key, person));
    context.list(offered.map(Item::Package))
}

/// An option that `filterByCurrentUser` does not have for this collection (3.7).
pub(super) fn unknown_option(on: &str) -> Refusal {
    Refusal::bad_request(
        "BadRequest",
        format!("Requested value '{on}' was not found."),
    )
}

pub(crate) fn applicable_policy_requirements(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let person = context.signed_in()?;
    let world = &*context.world;
    let policies = eligibility::applicable_policies(world, key, person);
    let requirements = policies.into_iter().filter_map(|key| {
        let policy = &world.policies.get(key)?.settings;
        let approval = policy.request_approval_settings.as_ref();
        let requestor = policy.requestor_settings.as_ref();
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
            "questions": policy.questions.items(),
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

pub(crate) fn add_role_scope(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let mut body = context.body()?;
    let mut role = body
        .take_object("role")?
        .ok_or_else(|| Refusal::invalid_model("role is missing"))?;
    let mut scope = body
        .take_object("scope")?
        .ok_or_else(|| Refusal::invalid_model("scope is missing"))?;
    body.finish()?;
    let origin: String = role.require_text("originId")?;
    let resource = role.take_link("resource")?;
    let scope_origin: Option<String> = scope.take("originId")?;
    let world = &mut *context.world;
    let catalog = world
        .packages
        .get(key)
        .map(|package| package.catalog)
        .unwrap_or_default();
    let resources = world.links.resources_of_catalog.of(catalog);
    // OBJ-48: the resource must be in the package's own catalog.
    let resource = resource
        .filter(|key| resources.contains(key))
        .ok_or_else(|| {
            Missing::Resource
                .refusal()
                .because("role.resource.id names no resource of the catalog")
        })?;
    let row = world
        .resources
        .get(resource)
        .ok_or_else(|| Missing::Resource.refusal())?;
    let role = row.roles.iter().find(|role| {
        role.kind
            .origin_id(row.origin)
            .eq_ignore_ascii_case(&origin)
    });
    let role = role.map(|role| role.id).ok_or_else(|| {
        Refusal::not_found("RoleNotFound", "The role was not found.").because(format!(
            "the resource has no role {origin}; roles of groups are Member_<id> and Owner_<id>"
        ))
    })?;
    if scope_origin.is_some_and(|origin| Key::try_parse(&origin).ok() != Some(row.origin)) {
        return Err(Refusal::invalid_model(
            "scope.originId is not that of the resource, which has a root scope only",
        ));
    }
    let role_scope = RoleScope {
        resource,
        role,
        scope: row.root_scope,
        created: context.now,
    };
    let row = world
        .packages
        .get_mut(key)
        .ok_or_else(|| Missing::Package.refusal())?;
    if row
        .role_scopes
        .iter()
        .any(|known| known.id() == role_scope.id())
    {
        return Err(Refusal::new(
            http::StatusCode::CONFLICT,
            "DuplicateKey",
            "There is already a duplicated entity",
        ));
    }
    row.role_scopes.push(role_scope.clone());
    row.modified = context.now;
    let place = row.role_scopes.len() - 1;
    // OBJ-50: whoever holds the package gets the new role too.
    for target in current_holders(context, key) {
        delivery::grant(context.world, target, &role_scope);
    }
    context.made(Item::RoleScope(key, place))
}

pub(crate) fn remove_role_scope(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let id = context.text("roleScope").to_owned();
    let now = context.now;
    let row = context
        .world
        .packages
        .get_mut(key)
        .ok_or_else(|| Missing::Package.refusal())?;
    let place = row
        .role_scopes
        .iter()
        .position(|role_scope| role_scope.id().eq_ignore_ascii_case(&id));
    let role_scope = row
        .role_scopes
        .remove(place.ok_or_else(|| Missing::RoleScope.refusal())?);
    row.modified = now;
    for target in current_holders(context, key) {
        delivery::revoke(context.world, target, &role_scope);
    }
    Ok(Reply::no_content())
}

fn current_holders(context: &Context<'_>, package: Key) -> Vec<Key> {
    let world = &*context.world;
    let assignments = world.links.assignments_of_package.of(package).iter();
    let current = assignments
        .filter_map(|key| world.assignments.get(*key))
        .filter(|row| row.state.is_current());
    current.map(|row| row.target).collect()
}
