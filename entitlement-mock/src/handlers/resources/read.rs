//! Looking at resources, their roles and scopes, and the environments they live in.

use entitlement_core::odata::{Comparison, Filter, Literal, Operand};
use http::StatusCode;

use super::onboard::{self, Found};
use crate::handlers::catalogs::catalog;
use crate::handlers::{Context, Missing, Outcome, Reply};
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::resource::Role;
use crate::world::table::Key;

/// The resource in the path; where the path has a catalog too, it must be in it.
fn resource(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = context.row("resource", |world| &world.resources, Missing::Resource)?;
    if context.text("catalog").is_empty() {
        return Ok(key);
    }
    let catalog = catalog(context)?;
    let row = context.world.resources.get(key);
    row.filter(|row| row.catalog == catalog)
        .map(|_| key)
        .ok_or_else(|| Missing::Resource.refusal())
}

fn linked(context: &Context<'_>, item: Item, link: &str, missing: Missing) -> Outcome {
    match context.answers().view.follow(item, link) {
        Some(Link::Many(items)) => context.list(items),
        Some(Link::One(Some(item))) => context.entity(item),
        _ => Err(missing.refusal()),
    }
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list(context.world.resources.keys().map(Item::Resource))
}

pub(crate) fn list_in_catalog(context: &mut Context<'_>) -> Outcome {
    let catalog = Item::Catalog(catalog(context)?);
    linked(context, catalog, "resources", Missing::Catalog)
}

pub(crate) fn list_roles_in_catalog(context: &mut Context<'_>) -> Outcome {
    let catalog = Item::Catalog(catalog(context)?);
    linked(context, catalog, "resourceRoles", Missing::Catalog)
}

pub(crate) fn list_scopes_in_catalog(context: &mut Context<'_>) -> Outcome {
    let catalog = Item::Catalog(catalog(context)?);
    linked(context, catalog, "resourceScopes", Missing::Catalog)
}

pub(crate) fn list_packages_in_catalog(context: &mut Context<'_>) -> Outcome {
    let catalog = Item::Catalog(catalog(context)?);
    linked(context, catalog, "accessPackages", Missing::Catalog)
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Resource(resource(context)?))
}

pub(crate) fn list_roles(context: &mut Context<'_>) -> Outcome {
    let resource = Item::Resource(resource(context)?);
    linked(context, resource, "roles", Missing::Resource)
}

pub(crate) fn list_scopes(context: &mut Context<'_>) -> Outcome {
    let resource = Item::Resource(resource(context)?);
    linked(context, resource, "scopes", Missing::Resource)
}

pub(crate) fn get_environment_of(context: &mut Context<'_>) -> Outcome {
    let resource = Item::Resource(resource(context)?);
    linked(context, resource, "environment", Missing::Environment)
}

/// Reads name, description, roles and scopes anew from where the resource lives (P27). Roles that are gone there stay
/// while a package grants them.
pub(crate) fn refresh(context: &mut Context<'_>) -> Outcome {
    let key = resource(context)?;
    let origin = context.world.resources.get(key).map(|row| row.origin);
    let origin = origin.ok_or_else(|| Missing::Resource.refusal())?;
    let Found {
        display_name,
        description,
        roles,
        scopes,
        ..
    } = onboard::look_up(context.world, origin)
        .ok_or_else(|| onboard::not_found(format!("what {key} stands for is gone (DEL-6)")))?;
    let world = &mut *context.world;
    let Some(row) = world.resources.get(key) else {
        return Err(Missing::Resource.refusal());
    };
    let granted = |role: &Role| {
        let packages = world.links.packages_of_catalog.of(row.catalog).iter();
        let mut role_scopes = packages
            .filter_map(|package| world.packages.get(*package))
            .flat_map(|package| &package.role_scopes);
        role_scopes.any(|role_scope| role_scope.resource == key && role_scope.role == role.id)
    };
    let gone: Vec<Role> = row
        .roles
        .iter()
        .filter(|known| !roles.iter().any(|(kind, ..)| *kind == known.kind))
        .filter(|known| granted(known))
        .cloned()
        .collect();
    let known_roles = row.roles.clone();
    let known_scopes = row.scopes.clone();
    let mut roles = onboard::numbered_roles(world, roles, &known_roles);
    roles.extend(gone);
    let scopes = onboard::numbered_scopes(world, scopes, &known_scopes);
    if let Some(row) = world.resources.get_mut(key) {
        row.display_name = display_name;
        row.description = description.or_else(|| row.description.take());
        row.roles = roles;
        row.scopes = scopes;
        row.modified = context.now;
    }
    Ok(Reply::empty(StatusCode::OK))
}

/// The service wants to know of which system.
pub(crate) fn list_environments(context: &mut Context<'_>) -> Outcome {
    let names_system = |filter: &Filter| match filter {
        Filter::Compare {
            left: Operand::Path(path),
            operator: Comparison::Eq,
            right: Operand::Literal(Literal::String(_)),
        } => path.as_str().eq_ignore_ascii_case("originSystem"),
        _ => false,
    };
    let named = match &context.query.filter {
        Some(Filter::And(parts)) => parts.iter().any(names_system),
        Some(filter) => names_system(filter),
        None => false,
    };
    if !named {
        return Err(Refusal::bad_request(
            "InvalidFilter",
            "The filter must name the originSystem.",
        )
        .because("add $filter=originSystem eq 'SharePointOnline'"));
    }
    context.list(context.world.environments.keys().map(Item::Environment))
}

fn environment(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row(
        "environment",
        |world| &world.environments,
        Missing::Environment,
    )
}

pub(crate) fn get_environment(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Environment(environment(context)?))
}

pub(crate) fn list_resources_of_environment(context: &mut Context<'_>) -> Outcome {
    let environment = Item::Environment(environment(context)?);
    linked(context, environment, "resources", Missing::Environment)
}
