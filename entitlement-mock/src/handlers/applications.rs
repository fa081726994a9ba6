//! Applications: their registrations, and the service principals by which the tenant knows them.

use entitlement_core::wire::Field;

use super::body::Body;
use super::{Context, Missing, Outcome, Reply};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::applications::{AppRole, Application, ServicePrincipal};
use crate::world::table::Key;

fn bad_application(why: impl Into<String>) -> Refusal {
    let message = "One or more property values specified are invalid.";
    Refusal::bad_request("Request_BadRequest", message).because(why)
}

fn application(context: &Context<'_>) -> Result<Key, Refusal> {
    let missing = Missing::DirectoryObject;
    context.row("application", |world| &world.applications, missing)
}

pub(super) fn service_principal(context: &Context<'_>) -> Result<Key, Refusal> {
    let missing = Missing::DirectoryObject;
    context.row(
        "servicePrincipal",
        |world| &world.service_principals,
        missing,
    )
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.list(context.world.applications.keys().map(Item::Application))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Application(application(context)?))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let display_name = body.require_text("displayName")?;
    let description = body.take("description")?;
    let audience: Option<String> = body.take("signInAudience")?;
    let identifier_uris = body.take("identifierUris")?.unwrap_or_default();
    let app_roles = app_roles(&mut body)?.unwrap_or_default();
    let _tags: Option<Vec<String>> = body.take("tags")?;
    body.finish()?;
    let (app_id, key) = (context.world.ids.next(), context.world.ids.next());
    let row = Application {
        app_id,
        display_name,
        description,
        sign_in_audience: audience.unwrap_or_else(|| "AzureADMyOrg".to_owned()),
        identifier_uris,
        app_roles,
        created: context.now,
    };
    context.world.applications.insert(key, row);
    context.made(Item::Application(key))
}

/// The roles of the body; ids and names must be there, and each id and each value once.
fn app_roles(body: &mut Body) -> Result<Option<Vec<AppRole>>, Refusal> {
    let roles: Option<Vec<AppRole>> = body.take("appRoles")?;
    for (place, role) in roles.iter().flatten().enumerate() {
        if role.id.is_nil() || role.display_name.trim().is_empty() {
            return Err(bad_application(format!(
                "appRoles[{place}] has no id or no displayName"
            )));
        }
        let others = roles.iter().flatten().take(place);
        let is_twin = |other: &AppRole| {
            other.id == role.id || role.value.is_some() && other.value == role.value
        };
        if others.into_iter().any(is_twin) {
            return Err(bad_application(format!(
                "appRoles[{place}] has the id or value of another role"
            )));
        }
    }
    Ok(roles)
}

/// Changes a registration; what the tenant knows of the application changes with it.
pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = application(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let description: Field<String> = body.take_field("description")?;
    let audience: Option<String> = body.take("signInAudience")?;
    let identifier_uris: Option<Vec<String>> = body.take("identifierUris")?;
    let app_roles = app_roles(&mut body)?;
    context.finish_patch(body, Item::Application(key))?;
    let row = context.world.applications.get_mut(key);
    let row = row.ok_or_else(|| Missing::DirectoryObject.refusal())?;
    if let Some(roles) = &app_roles {
        check_left_out(&row.app_roles, roles)?;
    }
    if let Some(name) = &display_name {
        row.display_name.clone_from(name);
    }
    description.clone().apply_to(&mut row.description);
    if let Some(audience) = &audience {
        row.sign_in_audience.clone_from(audience);
    }
    if let Some(uris) = identifier_uris {
        row.identifier_uris = uris;
    }
    if let Some(roles) = &app_roles {
        row.app_roles.clone_from(roles);
    }
    let app_id = row.app_id;
    let known = context.world.service_principals.iter_mut();
    for (_, known) in known.filter(|(_, known)| known.app_id == app_id) {
        if let Some(name) = &display_name {
            known.display_name.clone_from(name);
        }
        description.clone().apply_to(&mut known.description);
        if let Some(audience) = &audience {
            known.sign_in_audience.clone_from(audience);
        }
        if let Some(roles) = &app_roles {
            known.app_roles.clone_from(roles);
        }
    }
    Ok(Reply::no_content())
}

/// A role can be left out only after it was disabled.
fn check_left_out(before: &[AppRole], after: &[AppRole]) -> Result<(), Refusal> {
    let stays = |role: &AppRole| after.iter().any(|other| other.id == role.id);
    if before.iter().all(|role| !role.is_enabled || stays(role)) {
        return Ok(());
    }
    let message = "Permission (scope or role) cannot be deleted or updated unless disabled first.";
    Err(Refusal::bad_request(
        "CannotDeleteOrUpdateEnabledEntitlement",
        message,
    ))
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = application(context)?;
    let app_id = context.world.applications.remove(key).map(|row| row.app_id);
    let known = context.world.service_principals.iter();
    let known: Vec<Key> = known
        .filter(|(_, known)| Some(known.app_id) == app_id)
        .map(|(key, _)| key)
        .collect();
    for key in known {
        remove_service_principal(context, key);
    }
    Ok(Reply::no_content())
}

pub(crate) fn list_service_principals(context: &mut Context<'_>) -> Outcome {
    let known = context.world.service_principals.keys();
    context.list(known.map(Item::ServicePrincipal))
}

pub(crate) fn get_service_principal(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::ServicePrincipal(service_principal(context)?))
}

/// Lets the tenant know an application that is registered in it.
pub(crate) fn create_service_principal(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let app_id = body.take_key("appId")?;
    let requires: Option<bool> = body.take("appRoleAssignmentRequired")?;
    let enabled: Option<bool> = body.take("accountEnabled")?;
    let _tags: Option<Vec<String>> = body.take("tags")?;
    body.finish()?;
    let mut applications = context.world.applications.iter();
    let found = applications.find(|(_, row)| Some(row.app_id) == app_id);
    let (_, row) = found.ok_or_else(|| {
        bad_application("appId is that of no application registered in this tenant")
    })?;
    let is_known = {
        let mut known = context.world.service_principals.iter();
        known.any(|(_, known)| known.app_id == row.app_id)
    };
    if is_known {
        let message = "Another object with the same value for property appId already exists.";
        return Err(Refusal::new(
            http::StatusCode::CONFLICT,
            "Request_MultipleObjectsWithSameKeyValue",
            message,
        ));
    }
    let row = ServicePrincipal {
        app_id: row.app_id,
        display_name: row.display_name.clone(),
        description: row.description.clone(),
        kind: "Application".to_owned(),
        is_enabled: enabled.unwrap_or(true),
        requires_assignment: requires.unwrap_or(false),
        sign_in_audience: row.sign_in_audience.clone(),
        app_roles: row.app_roles.clone(),
        owners: context.caller.user().into_iter().collect(),
        created: context.now,
    };
    let key = context.world.ids.next();
    context.world.service_principals.insert(key, row);
    context.made(Item::ServicePrincipal(key))
}

pub(crate) fn update_service_principal(context: &mut Context<'_>) -> Outcome {
    let key = service_principal(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let description: Field<String> = body.take_field("description")?;
    let enabled: Option<bool> = body.take("accountEnabled")?;
    let requires: Option<bool> = body.take("appRoleAssignmentRequired")?;
    context.finish_patch(body, Item::ServicePrincipal(key))?;
    let row = context.world.service_principals.get_mut(key);
    let row = row.ok_or_else(|| Missing::DirectoryObject.refusal())?;
    if let Some(name) = display_name {
        row.display_name = name;
    }
    description.apply_to(&mut row.description);
    row.is_enabled = enabled.unwrap_or(row.is_enabled);
    row.requires_assignment = requires.unwrap_or(row.requires_assignment);
    Ok(Reply::no_content())
}

pub(crate) fn delete_service_principal(context: &mut Context<'_>) -> Outcome {
    let key = service_principal(context)?;
    remove_service_principal(context, key);
    Ok(Reply::no_content())
}

/// The roles that people have in an application go with it.
fn remove_service_principal(context: &mut Context<'_>, key: Key) {
    let world = &mut *context.world;
    world.service_principals.remove(key);
    let rows = world.links.app_roles_of_application.remove(&key);
    let rows: Vec<Key> = rows.map(Vec::from).unwrap_or_default();
    for row in rows {
        world.remove_app_role_assignment(row);
    }
}
