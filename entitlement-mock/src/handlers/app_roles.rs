//! Who has which role of an application, seen from the application and from the person.

use http::StatusCode;

use super::applications::service_principal;
use super::directory::user;
use super::groups::group;
use super::{Context, Missing, Outcome, Reply};
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::applications::AppRoleAssignment;
use crate::world::table::Key;

fn list(context: &Context<'_>, owner: Item, link: &str) -> Outcome {
    match context.answers().view.follow(owner, link) {
        Some(Link::Many(rows)) => context.list(rows),
        _ => Err(Missing::DirectoryObject.refusal()),
    }
}

pub(crate) fn list_of_application(context: &mut Context<'_>) -> Outcome {
    let owner = Item::ServicePrincipal(service_principal(context)?);
    list(context, owner, "appRoleAssignedTo")
}

pub(crate) fn list_of_user(context: &mut Context<'_>) -> Outcome {
    let owner = Item::User(user(context)?);
    list(context, owner, "appRoleAssignments")
}

pub(crate) fn list_of_group(context: &mut Context<'_>) -> Outcome {
    let owner = Item::Group(group(context)?);
    list(context, owner, "appRoleAssignments")
}

pub(crate) fn create_in_application(context: &mut Context<'_>) -> Outcome {
    let key = service_principal(context)?;
    create(context, |row| row.application == key)
}

pub(crate) fn create_for_user(context: &mut Context<'_>) -> Outcome {
    let key = user(context)?;
    create(context, |row| row.principal == key)
}

pub(crate) fn create_for_group(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    create(context, |row| row.principal == key)
}

fn create(
    context: &mut Context<'_>,
    is_in_path: impl FnOnce(&AppRoleAssignment) -> bool,
) -> Outcome {
    let wrong = |why: String| {
        let message = "One or more property values specified are invalid.";
        Refusal::bad_request("Request_BadRequest", message).because(why)
    };
    let mut body = context.body()?;
    let mut require = |name: &'static str| {
        let key = body.take_key(name)?;
        key.ok_or_else(|| wrong(format!("{name} is missing")))
    };
    let row = AppRoleAssignment {
        principal: require("principalId")?,
        application: require("resourceId")?,
        role: require("appRoleId")?,
        created: context.now,
    };
    body.finish()?;
    if !is_in_path(&row) {
        return Err(wrong(
            "the body is about something else than the path".to_owned(),
        ));
    }
    let world = &mut *context.world;
    let known = world.service_principals.get(row.application);
    let known = known.ok_or_else(|| Missing::DirectoryObject.refusal())?;
    let is_group = world.groups.contains(row.principal);
    if !is_group && !world.is_person(row.principal) {
        return Err(Missing::DirectoryObject.refusal());
    }
    let mut roles = known.roles_for_people().into_iter();
    if !roles.any(|(id, ..)| id == row.role) {
        return Err(wrong(format!("the application has no role {}", row.role)));
    }
    let held = world.app_role_assignment(row.application, row.role, row.principal);
    if held.is_some() {
        let message = "Permission being assigned already exists on the object";
        let status = StatusCode::BAD_REQUEST;
        return Err(Refusal::new(status, "InvalidUpdate", message));
    }
    let key = world.insert_app_role_assignment(row);
    context.made(Item::AppRoleAssignment(key))
}

/// The row in the path, if it is about what the path begins with.
fn row(
    context: &Context<'_>,
    is_in_path: impl FnOnce(&AppRoleAssignment) -> bool,
) -> Result<Key, Refusal> {
    let key = context.row(
        "appRole",
        |world| &world.app_role_assignments,
        Missing::DirectoryObject,
    )?;
    let row = context.world.app_role_assignments.get(key);
    if row.is_some_and(is_in_path) {
        Ok(key)
    } else {
        Err(Missing::DirectoryObject.refusal())
    }
}

pub(crate) fn get_in_application(context: &mut Context<'_>) -> Outcome {
    let owner = service_principal(context)?;
    let key = row(context, |row| row.application == owner)?;
    context.entity(Item::AppRoleAssignment(key))
}

pub(crate) fn delete_in_application(context: &mut Context<'_>) -> Outcome {
    let owner = service_principal(context)?;
    let key = row(context, |row| row.application == owner)?;
    context.world.remove_app_role_assignment(key);
    Ok(Reply::no_content())
}

pub(crate) fn delete_of_user(context: &mut Context<'_>) -> Outcome {
    let owner = user(context)?;
    let key = row(context, |row| row.principal == owner)?;
    context.world.remove_app_role_assignment(key);
    Ok(Reply::no_content())
}

pub(crate) fn delete_of_group(context: &mut Context<'_>) -> Outcome {
    let owner = group(context)?;
    let key = row(context, |row| row.principal == owner)?;
    context.world.remove_app_role_assignment(key);
    Ok(Reply::no_content())
}
