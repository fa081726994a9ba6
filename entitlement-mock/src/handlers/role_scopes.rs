//! What packages grant (OBJ-47 to OBJ-52).

use http::StatusCode;

use super::packages::package;
use super::{Context, Missing, Outcome, Reply, licensed, require_governance};
use crate::lag::Lag;
use crate::lifecycle::{attributes, grants};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::agenda::Event;
use crate::world::origin::Grant;
use crate::world::package::RoleScope;
use crate::world::resource::{Resource, Role};
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let row = context.world.packages.get(key);
    let places = 0..row.map_or(0, |row| row.role_scopes.len());
    context.list(places.map(|place| Item::RoleScope(key, place)))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let place = place(context, key).ok_or_else(|| Missing::RoleScope.refusal())?;
    context.entity(Item::RoleScope(key, place))
}

/// Those of all packages.
pub(crate) fn list_all(context: &mut Context<'_>) -> Outcome {
    let packages = context.world.packages.iter();
    context.list(packages.flat_map(|(key, row)| {
        (0..row.role_scopes.len()).map(move |place| Item::RoleScope(key, place))
    }))
}

pub(crate) fn get_any(context: &mut Context<'_>) -> Outcome {
    let mut packages = context.world.packages.keys();
    let found = packages.find_map(|key| Some(Item::RoleScope(key, place(context, key)?)));
    context.entity(found.ok_or_else(|| Missing::RoleScope.refusal())?)
}

/// Where in a package the role scope of the path is.
fn place(context: &Context<'_>, package: Key) -> Option<usize> {
    let id = context.text("roleScope");
    let mut role_scopes = context.world.packages.get(package)?.role_scopes.iter();
    role_scopes.position(|role_scope| role_scope.id().eq_ignore_ascii_case(id))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let mut body = context.body()?;
    let mut role = body
        .take_object("role")?
        .ok_or_else(|| Refusal::invalid_model("role is missing"))?;
    let mut scope = body
        .take_object("scope")?
        .ok_or_else(|| Refusal::invalid_model("scope is missing"))?;
    body.finish()?;
    let role_origin = role.require_text("originId")?;
    let resource = role.take_link("resource")?;
    let scope_id = scope.take_key("id")?;
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
        .filter(|key| resources.contains(key) && !world.unseen.look_for(*key, context.now))
        .ok_or_else(|| {
            Missing::Resource
                .refusal()
                .because("role.resource.id names no resource that stands in the catalog")
        })?;
    let row = world
        .resources
        .get(resource)
        .ok_or_else(|| Missing::Resource.refusal())?;
    let role = named_role(row, &role_origin)?;
    if let Some(feature) = licensed::of_role(role.kind) {
        require_governance(world, feature)?;
    }
    let role_scope = RoleScope {
        resource,
        role: role.id,
        scope: named_scope(row, scope_id, scope_origin.as_deref())?,
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
            StatusCode::CONFLICT,
            "DuplicateKey",
            "There is already a duplicated entity",
        ));
    }
    row.role_scopes.push(role_scope.clone());
    row.modified = context.now;
    let place = row.role_scopes.len() - 1;
    // OBJ-50: whoever holds the package gets the new role too; OBJ-51: whoever holds the role does not get the package.
    if let Some(grant) = world.grant_of(&role_scope) {
        align_holders(context, key, grant);
    }
    context.made(Item::RoleScope(key, place))
}

fn named_role<'r>(resource: &'r Resource, origin: &str) -> Result<&'r Role, Refusal> {
    let key = resource.origin.key();
    let mut roles = resource.roles.iter();
    let role = roles.find(|role| role.kind.origin_id(key).eq_ignore_ascii_case(origin));
    role.ok_or_else(|| {
        let known: Vec<String> = resource
            .roles
            .iter()
            .map(|role| role.kind.origin_id(key))
            .collect();
        Refusal::not_found("RoleNotFound", "The role was not found.").because(format!(
            "{} has no role {origin}, but {}",
            resource.display_name,
            known.join(", ")
        ))
    })
}

/// The scope by id or origin; the whole resource if neither is said.
fn named_scope(resource: &Resource, id: Option<Key>, origin: Option<&str>) -> Result<Key, Refusal> {
    let mut scopes = resource.scopes.iter();
    let scope = scopes.find(|scope| match (id, origin) {
        (Some(id), _) if resource.scope(id).is_some() => scope.id == id,
        (_, Some(origin)) => scope.origin_id.eq_ignore_ascii_case(origin),
        (Some(_), None) => false,
        (None, None) => scope.is_root,
    });
    scope.map(|scope| scope.id).ok_or_else(|| {
        Refusal::invalid_model(
            "scope: neither id nor originId is that of a scope of the resource; read its scopes",
        )
    })
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let place = place(context, key).ok_or_else(|| Missing::RoleScope.refusal())?;
    let now = context.now;
    let row = context
        .world
        .packages
        .get_mut(key)
        .ok_or_else(|| Missing::Package.refusal())?;
    let role_scope = row.role_scopes.remove(place);
    row.modified = now;
    let still_granted = row
        .role_scopes
        .iter()
        .any(|other| other.resource == role_scope.resource);
    if let Some(grant) = context.world.grant_of(&role_scope) {
        align_holders(context, key, grant);
    }
    if !still_granted {
        for target in holders(context, key) {
            attributes::clear_of_resource(context.world, target, role_scope.resource);
        }
    }
    Ok(Reply::no_content())
}

/// More holders than these are many, to whom changes get later (OBJ-53).
const MANY: usize = 100;

/// Gives everybody who holds a package what it grants now, and takes away what it does not (OBJ-50).
fn align_holders(context: &mut Context<'_>, package: Key, grant: Grant) {
    let holders = holders(context, package);
    let (world, now) = (&mut *context.world, context.now);
    let lag = &world.settings.lag;
    let lag = if holders.len() > MANY {
        lag.bulk_role_changes
    } else {
        lag.role_changes
    };
    for person in holders {
        if lag == Lag::None {
            grants::align(world, now, person, grant, 0);
        } else {
            let tries = 0;
            let align = Event::Align {
                person,
                grant,
                tries,
            };
            world.agenda.plan_after(lag, now, package, align);
        }
    }
}

/// Those who got a package; whoever is still getting it gets all of it anyway.
fn holders(context: &Context<'_>, package: Key) -> Vec<Key> {
    let world = &*context.world;
    let assignments = world.links.assignments_of_package.of(package).iter();
    let current = assignments
        .filter_map(|key| world.assignments.get(*key))
        .filter(|row| row.state.is_current());
    current.map(|row| row.target).collect()
}
