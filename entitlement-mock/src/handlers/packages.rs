//! Access packages themselves (OBJ-40 to OBJ-46).

use super::{Context, Missing, Outcome, Reply, check_room};
use crate::hints::nearest::suggest;
use crate::odata::plan::Rows;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::package::Package;
use crate::world::request::Request;
use crate::world::table::Key;

pub(super) fn package(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("package", |world| &world.packages, Missing::Package)
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list_rows(Rows::Packages)
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
    let world = &*context.world;
    let limits = &world.settings.choices.limits;
    let siblings = world.links.packages_of_catalog.of(catalog);
    check_room(
        "access packages",
        world.packages.len(),
        Some(limits.packages),
    )?;
    check_room(
        "access packages in a catalog",
        siblings.len(),
        limits.packages_per_catalog,
    )?;
    check_name(context, catalog, &display_name, None)?;
    let key = context.world.insert_package(Package {
        catalog,
        display_name,
        description,
        is_hidden,
        created: context.now,
        modified: context.now,
        role_scopes: Vec::new(),
        incompatible_packages: Vec::new(),
        incompatible_groups: Vec::new(),
    });
    context.made(Item::Package(key))
}

/// Refuses a name that another package of the catalog has, where names are not shared (U-6, P5).
fn check_name(
    context: &Context<'_>,
    catalog: Key,
    name: &str,
    own: Option<Key>,
) -> Result<(), Refusal> {
    let world = &*context.world;
    if world.settings.choices.catalogs.packages_share_names {
        return Ok(());
    }
    let mut siblings = world.links.packages_of_catalog.of(catalog).iter();
    let twin = siblings.any(|key| {
        let row = world.packages.get(*key);
        Some(*key) != own && row.is_some_and(|row| row.display_name == name)
    });
    if twin {
        return Err(Refusal::new(
            http::StatusCode::CONFLICT,
            "DuplicateAccessPackage",
            "An access package with this name already exists in the catalog.",
        ));
    }
    Ok(())
}

/// Changes what is said about a package; it stays in its catalog (OBJ-18).
pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let description = body.take_field("description")?;
    let is_hidden = body.take("isHidden")?;
    context.finish_patch(body, Item::Package(key))?;
    let catalog = context.world.packages.get(key).map(|row| row.catalog);
    if let (Some(name), Some(catalog)) = (&display_name, catalog) {
        check_name(context, catalog, name, Some(key))?;
    }
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

/// An option that `filterByCurrentUser` does not have for this collection (3.7).
pub(super) fn unknown_option(on: &str, options: &[&'static str]) -> Refusal {
    Refusal::bad_request(
        "BadRequest",
        format!("Requested value '{on}' was not found."),
    )
    .hint(suggest(on, options.iter().copied()))
}
