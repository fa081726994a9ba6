//! Catalogs and their resources (behaviour of OBJ-10 to OBJ-34).

use entitlement_core::catalog::{CatalogState, CatalogType};
use entitlement_core::request::RequestType;
use entitlement_core::resource::OriginSystem;

use super::{Context, Missing, Outcome, Reply};
use entitlement_graph::permission;

use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::directory::GroupRole;
use crate::world::package::{Catalog, Resource, ResourceRequest, Role};
use crate::world::table::Key;

fn catalog(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("catalog", |world| &world.catalogs, Missing::Catalog)
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list(context.world.catalogs.keys().map(Item::Catalog))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Catalog(catalog(context)?))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let display_name = body.require_text("displayName")?;
    let description = body.take("description")?;
    // U-1: what the API chooses when nothing is said is not documented; this is the careful choice.
    let state = body.take("state")?.unwrap_or(CatalogState::Published);
    let is_externally_visible = body.take("isExternallyVisible")?.unwrap_or(false);
    let kind: Option<CatalogType> = body.take("catalogType")?;
    body.finish()?;
    check_state(&state)?;
    if kind.is_some_and(|kind| kind != CatalogType::UserManaged) {
        return Err(Refusal::invalid_model(
            "catalogType: only userManaged catalogs can be made (OBJ-11)",
        ));
    }
    let key = context.world.ids.next();
    context.world.catalogs.insert(
        key,
        Catalog {
            display_name,
            description,
            kind: CatalogType::UserManaged,
            state,
            is_externally_visible,
            created: context.now,
            modified: context.now,
        },
    );
    if let Some(person) = context
        .caller
        .user()
        .filter(|_| !context.is_administrator())
    {
        // OBJ-15.
        context
            .world
            .give_role(person, permission::Role::CatalogOwner, Some(key));
    }
    context.made(Item::Catalog(key))
}

fn check_state(state: &CatalogState) -> Result<(), Refusal> {
    match state {
        CatalogState::Unknown(text) => Err(unknown_member(text)),
        _ => Ok(()),
    }
}

/// An enum member that the service does not know (4.2).
pub(super) fn unknown_member(text: &str) -> Refusal {
    Refusal::bad_request(
        "ArgumentException",
        format!("Requested value '{text}' was not found."),
    )
}

pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = catalog(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let description = body.take_field("description")?;
    let state: Option<CatalogState> = body.take("state")?;
    let is_externally_visible = body.take("isExternallyVisible")?;
    let _kind: Option<CatalogType> = body.take("catalogType")?;
    body.finish()?;
    if let Some(state) = &state {
        check_state(state)?;
    }
    let now = context.now;
    let row = context
        .world
        .catalogs
        .get_mut(key)
        .ok_or_else(|| Missing::Catalog.refusal())?;
    if let Some(name) = display_name {
        row.display_name = name;
    }
    description.apply_to(&mut row.description);
    if let Some(state) = state {
        row.state = state;
    }
    if let Some(visible) = is_externally_visible {
        row.is_externally_visible = visible;
    }
    row.modified = now;
    Ok(Reply::no_content())
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = catalog(context)?;
    let world = &mut *context.world;
    if !world.links.packages_of_catalog.of(key).is_empty() {
        return Err(Refusal::bad_request(
            "InvalidDeleteCatalogHasEntitlements",
            "The catalog can not be deleted because there are active entitlements.",
        )
        .because("delete its access packages first (OBJ-17)"));
    }
    // U-35: its resources go with it.
    for resource in world.links.resources_of_catalog.of(key).to_vec() {
        world.remove_resource(resource);
    }
    world.catalogs.remove(key);
    Ok(Reply::no_content())
}

pub(crate) fn list_resources(context: &mut Context<'_>) -> Outcome {
    let key = catalog(context)?;
    context.list(
        context
            .world
            .links
            .resources_of_catalog
            .of(key)
            .iter()
            .copied()
            .map(Item::Resource),
    )
}

pub(crate) fn get_resource(context: &mut Context<'_>) -> Outcome {
    let catalog = catalog(context)?;
    let resource = context.row("resource", |world| &world.resources, Missing::Resource)?;
    if !context
        .world
        .links
        .resources_of_catalog
        .of(catalog)
        .contains(&resource)
    {
        return Err(Missing::Resource.refusal());
    }
    context.entity(Item::Resource(resource))
}

pub(crate) fn list_resource_roles(context: &mut Context<'_>) -> Outcome {
    let catalog = catalog(context)?;
    let world = &context.world;
    let resources = world.links.resources_of_catalog.of(catalog).iter();
    let roles = resources.filter_map(|key| Some((*key, world.resources.get(*key)?)));
    context.list(roles.flat_map(|(key, resource)| {
        (0..resource.roles.len()).map(move |place| Item::Role(key, place))
    }))
}

pub(crate) fn list_resource_requests(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list(
        context
            .world
            .resource_requests
            .keys()
            .map(Item::ResourceRequest),
    )
}

pub(crate) fn get_resource_request(context: &mut Context<'_>) -> Outcome {
    let key = context.row(
        "request",
        |world| &world.resource_requests,
        Missing::ResourceRequest,
    )?;
    context.entity(Item::ResourceRequest(key))
}

pub(crate) fn create_resource_request(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let kind: Option<RequestType> = body.take("requestType")?;
    let catalog = body.take_link("catalog")?;
    let mut resource = body
        .take_object("resource")?
        .ok_or_else(|| Refusal::invalid_model("resource is missing"))?;
    body.finish()?;
    let catalog = catalog.ok_or_else(|| Refusal::invalid_model("catalog.id is missing"))?;
    if !context.world.catalogs.contains(catalog) {
        return Err(Missing::Catalog.refusal());
    }
    let (kind, resource) = match kind {
        Some(kind @ RequestType::AdminAdd) => {
            let origin_system: Option<OriginSystem> = resource.take("originSystem")?;
            let origin = resource.require_text("originId")?;
            let _display: Option<String> = resource.take("displayName")?;
            let description = resource.take("description")?;
            resource.finish()?;
            (
                kind,
                add_resource(context, catalog, origin_system, &origin, description)?,
            )
        }
        Some(kind @ RequestType::AdminRemove) => {
            let key = resource
                .take_key("id")?
                .ok_or_else(|| Refusal::invalid_model("resource.id is missing"))?;
            remove_resource(context, catalog, key)?;
            (kind, key)
        }
        Some(RequestType::Unknown(text)) => return Err(unknown_member(&text)),
        other => {
            let kind = other.map_or_else(|| "nothing".to_owned(), |kind| kind.to_string());
            return Err(Refusal::invalid_model(format!(
                "requestType: {kind} is not adminAdd or adminRemove"
            )));
        }
    };
    let key = context.world.ids.next();
    context.world.resource_requests.insert(
        key,
        ResourceRequest {
            kind,
            catalog,
            resource,
            created: context.now,
        },
    );
    context.made(Item::ResourceRequest(key))
}

fn add_resource(
    context: &mut Context<'_>,
    catalog: Key,
    origin_system: Option<OriginSystem>,
    origin: &str,
    description: Option<String>,
) -> Result<Key, Refusal> {
    let origin_system = match origin_system {
        Some(OriginSystem::Unknown(text)) => return Err(unknown_member(&text)),
        Some(system) => system,
        None => return Err(Refusal::invalid_model("resource.originSystem is missing")),
    };
    let unknown = |why: String| {
        Refusal::bad_request(
            "ResourceNotFoundInOriginSystem",
            "The resource was not found in the origin system.",
        )
        .because(why)
    };
    if origin_system != OriginSystem::AadGroup {
        return Err(unknown(format!(
            "this tenant has no applications, sites and roles, so no {origin_system} {origin}"
        )));
    }
    let group = Key::try_parse(origin)
        .ok()
        .and_then(|key| Some((key, context.world.groups.get(key)?)));
    let Some((origin, group)) = group else {
        return Err(unknown(format!("no group has the id {origin}")));
    };
    let (display_name, is_dynamic) = (
        group.display_name.clone(),
        group.types.iter().any(|kind| kind == "DynamicMembership"),
    );
    let world = &mut *context.world;
    let onboarded = world
        .links
        .resources_of_catalog
        .of(catalog)
        .iter()
        .any(|key| {
            world
                .resources
                .get(*key)
                .is_some_and(|resource| resource.origin == origin)
        });
    if onboarded {
        return Err(Refusal::bad_request(
            "ResourceAlreadyOnboarded",
            "The specified resource is already onboarded to ELM.",
        ));
    }
    // OBJ-29: nobody can be put into a dynamic group.
    let kinds = GroupRole::ALL
        .into_iter()
        .filter(|kind| !is_dynamic || *kind == GroupRole::Owner);
    let roles = kinds
        .map(|kind| Role {
            id: world.ids.next(),
            kind,
        })
        .collect();
    let root_scope = world.ids.next();
    Ok(world.insert_resource(Resource {
        catalog,
        origin_system,
        origin,
        display_name,
        description,
        created: context.now,
        roles,
        root_scope,
    }))
}

fn remove_resource(context: &mut Context<'_>, catalog: Key, key: Key) -> Result<(), Refusal> {
    let world = &mut *context.world;
    let resource = world
        .resources
        .get(key)
        .filter(|resource| resource.catalog == catalog);
    let name = resource
        .map(|resource| resource.display_name.clone())
        .ok_or_else(|| Missing::Resource.refusal())?;
    let in_use = world
        .links
        .packages_of_catalog
        .of(catalog)
        .iter()
        .filter_map(|package| world.packages.get(*package))
        .any(|package| {
            package
                .role_scopes
                .iter()
                .any(|role_scope| role_scope.resource == key)
        });
    if in_use {
        return Err(Refusal::bad_request(
            "InvalidDeleteResourceHasEntitlements",
            format!(
                "The resource: {name} can not be deleted because there are active entitlements."
            ),
        ));
    }
    world.remove_resource(key);
    Ok(())
}
