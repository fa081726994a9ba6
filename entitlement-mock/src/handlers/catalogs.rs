//! Catalogs (OBJ-10 to OBJ-17).

use entitlement_core::catalog::{CatalogState, CatalogType};

use entitlement_graph::permission;

use super::{Context, Missing, Outcome, Reply, check_room};
use crate::hints::nearest::suggest;
use crate::odata::plan::Rows;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::package::Catalog;
use crate::world::table::Key;

pub(super) fn catalog(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("catalog", |world| &world.catalogs, Missing::Catalog)
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list_rows(Rows::Catalogs)
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Catalog(catalog(context)?))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let display_name = body.require_text("displayName")?;
    let description = body.take("description")?;
    // U-1.
    let choices = &context.world.settings.choices.catalogs;
    let state = body.take("state")?;
    let state = state.unwrap_or_else(|| choices.initial_state.clone());
    let visible: Option<bool> = body.take("isExternallyVisible")?;
    let is_externally_visible = visible.unwrap_or(choices.initially_externally_visible);
    let kind: Option<CatalogType> = body.take("catalogType")?;
    body.finish()?;
    check_state(&state)?;
    if kind.is_some_and(|kind| kind != CatalogType::UserManaged) {
        return Err(Refusal::invalid_model(
            "catalogType: only userManaged catalogs can be made (OBJ-11)",
        ));
    }
    let limit = context.world.settings.choices.limits.catalogs;
    check_room("catalogs", context.world.catalogs.len(), Some(limit))?;
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
    if let Some(maker) = context
        .caller
        .principal()
        .filter(|_| !context.is_administrator())
    {
        // OBJ-15.
        context
            .world
            .give_role(maker, permission::Role::CatalogOwner, Some(key));
    }
    context.made(Item::Catalog(key))
}

fn check_state(state: &CatalogState) -> Result<(), Refusal> {
    match state {
        CatalogState::Unknown(text) => Err(unknown_member(text, CatalogState::MEMBERS)),
        _ => Ok(()),
    }
}

/// An enum member that the service does not know (4.2).
pub(super) fn unknown_member(text: &str, members: &[&'static str]) -> Refusal {
    Refusal::bad_request(
        "ArgumentException",
        format!("Requested value '{text}' was not found."),
    )
    .hint(suggest(text, members.iter().copied()))
}

pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = catalog(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let description = body.take_field("description")?;
    let state: Option<CatalogState> = body.take("state")?;
    let is_externally_visible = body.take("isExternallyVisible")?;
    let _kind: Option<CatalogType> = body.take("catalogType")?;
    context.finish_patch(body, Item::Catalog(key))?;
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
    let is_built_in = world
        .catalogs
        .get(key)
        .is_some_and(|catalog| catalog.kind != CatalogType::UserManaged);
    if is_built_in {
        return Err(Refusal::bad_request(
            "InvalidDeleteCatalogIsBuiltIn",
            "The built-in catalog can not be deleted.",
        )
        .because("the catalog General is always there (OBJ-10)"));
    }
    if !world.links.packages_of_catalog.of(key).is_empty() {
        return Err(Refusal::bad_request(
            "InvalidDeleteCatalogHasEntitlements",
            "The catalog can not be deleted because there are active entitlements.",
        )
        .because("delete its access packages first (OBJ-17)"));
    }
    // U-35: its resources and extensions go with it.
    for extension in world.links.extensions_of_catalog.of(key).to_vec() {
        world.remove_extension(extension);
    }
    for resource in world.links.resources_of_catalog.of(key).to_vec() {
        world.remove_resource(resource);
    }
    world.catalogs.remove(key);
    Ok(Reply::no_content())
}
