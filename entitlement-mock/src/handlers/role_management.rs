//! Roles in entitlement management, which live beside it (OBJ-1).

use entitlement_graph::permission::Role;

use super::{Context, Outcome, Reply};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::role::{ROLES, RoleAssignment, role};
use crate::world::table::Key;

pub(crate) fn list_definitions(context: &mut Context<'_>) -> Outcome {
    let definitions = ROLES.into_iter().filter_map(Role::definition_id);
    context.list(definitions.map(Item::RoleDefinition))
}

pub(crate) fn get_definition(context: &mut Context<'_>) -> Outcome {
    let key = context.key("definition")?;
    if role(key).is_none() {
        return Err(Refusal::not_found(
            "EntitlementManagementRoleDefinitionNotFound",
            "The role definition was not found.",
        ));
    }
    context.entity(Item::RoleDefinition(key))
}

pub(crate) fn list_assignments(context: &mut Context<'_>) -> Outcome {
    let keys: Vec<Key> = context.world.role_assignments.keys().collect();
    context.list(keys.into_iter().map(Item::RoleAssignment))
}

pub(crate) fn get_assignment(context: &mut Context<'_>) -> Outcome {
    let key = assignment(context)?;
    context.entity(Item::RoleAssignment(key))
}

/// `{principalId, roleDefinitionId, appScopeId: "/AccessPackageCatalog/{id}"}`; the scope `/` is the whole tenant.
pub(crate) fn create_assignment(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let principal = body
        .take_key("principalId")?
        .filter(|key| {
            let world = &*context.world;
            world.is_person(*key) || world.service_principals.contains(*key)
        })
        .ok_or_else(|| {
            Refusal::invalid_model("principalId names neither a person nor an application")
        })?;
    let definition = body
        .take_key("roleDefinitionId")?
        .filter(|key| role(*key).is_some())
        .ok_or_else(|| Refusal::invalid_model("roleDefinitionId names no role (1.8)"))?;
    let scope = body.require_text("appScopeId")?;
    body.finish()?;
    let catalog = match scope.strip_prefix("/AccessPackageCatalog/") {
        Some(id) => Some(
            Key::try_parse(id)
                .ok()
                .filter(|key| context.world.catalogs.contains(*key))
                .ok_or_else(|| Refusal::invalid_model("appScopeId names no catalog"))?,
        ),
        None if scope == "/" => None,
        None => {
            return Err(Refusal::invalid_model(
                "appScopeId must be / or /AccessPackageCatalog/{id}",
            ));
        }
    };
    let twin = context.world.role_assignments.iter().any(|(_, row)| {
        (row.principal, row.definition, row.catalog) == (principal, definition, catalog)
    });
    if twin {
        return Err(Refusal::bad_request(
            "RoleAssignmentExists",
            "A conflicting object with one or more of the specified property values is present in the directory.",
        ));
    }
    let key = context.world.ids.next();
    let row = RoleAssignment {
        principal,
        definition,
        catalog,
    };
    context.world.role_assignments.insert(key, row);
    context.made(Item::RoleAssignment(key))
}

pub(crate) fn delete_assignment(context: &mut Context<'_>) -> Outcome {
    let key = assignment(context)?;
    context.world.role_assignments.remove(key);
    Ok(Reply::no_content())
}

fn assignment(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = context.key("roleAssignment")?;
    if context.world.role_assignments.contains(key) {
        return Ok(key);
    }
    Err(Refusal::not_found(
        "EntitlementManagementRoleAssignmentNotFound",
        "The role assignment was not found.",
    ))
}
