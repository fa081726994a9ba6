//! Who may call what: permissions of tokens, roles of the directory, roles in catalogs (1.8, 7.3).

use entitlement_core::odata::{Comparison, Filter, Literal, Operand, Query};
use entitlement_graph::permission::{Permissions, Role, permissions};
use http::{Method, StatusCode};
use serde_json::Value;

use crate::caller::{Caller, Token};
use crate::router::refusal::Refusal;
use crate::router::{Access, Match};
use crate::world::World;
use crate::world::table::Key;

/// A call whose operation is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'c> {
    pub(crate) method: &'c Method,
    /// Below the service root.
    pub(crate) path: &'c str,
    pub(crate) query: &'c Query,
    pub(crate) body: &'c [u8],
}

/// In which capacity somebody may make a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Admitted {
    pub(crate) caller: Caller,
    /// The least permission that is enough; nothing where it was not a permission that counted.
    pub(crate) permission: Option<&'static str>,
}

/// Refuses callers who may not make a call.
pub(crate) fn admit(
    world: &World,
    token: &Token,
    found: &Match,
    call: Call<'_>,
) -> Result<Admitted, Refusal> {
    let person = token.caller.user();
    if found.route.access == Access::People && person.is_none() {
        return Err(Refusal::unauthorized(
            "only people can call this; applications are not supported (ROLE-7)",
        ));
    }
    let needed = permissions(call.method, call.path);
    let enough = needed.map_or(&[][..], |needed| match person {
        Some(_) => needed.delegated(),
        None => needed.application(),
    });
    let admitted = Admitted {
        caller: token.caller,
        permission: enough.first().copied(),
    };
    if world.settings.is_permissive {
        return Ok(admitted);
    }
    let role = needed.and_then(|needed| needed.role());
    if let Some(needed) = needed
        && !token.has_one_of(enough)
    {
        let lacks = || lacks_permission(&needed).hint(consented(token));
        // ROLE-7: an application may hold a role instead.
        let (Some(application), Some(role)) = (token.application, role) else {
            return Err(lacks());
        };
        let catalog = catalog_of(world, found, call);
        if holds(world, application, role, catalog) {
            return Ok(Admitted {
                caller: Caller::RoleHolder(application),
                permission: None,
            });
        }
        return Err(lacks()
            .hint(roles_held(world, application))
            .hints(would_do(world, role, catalog)));
    }
    if found.route.access == Access::Administrators && !token.caller.is_administrator(world) {
        let catalog = catalog_of(world, found, call);
        let stands_in = person
            .zip(role)
            .is_some_and(|(person, role)| holds(world, person, role, catalog));
        if !stands_in {
            let hints = person.map(|person| roles_held(world, person));
            let place = role.and_then(|role| would_do(world, role, catalog));
            return Err(lacks_role(role).hints(hints.into_iter().chain(place)));
        }
    }
    Ok(admitted)
}

fn lacks_permission(needed: &Permissions) -> Refusal {
    let message = "Insufficient privileges to complete the operation.";
    Refusal::new(
        StatusCode::FORBIDDEN,
        "Authorization_RequestDenied",
        message,
    )
    .because(format!(
        "the token has none of the permissions that would do: {needed}"
    ))
}

/// The permissions that a token has, for the journal.
fn consented(token: &Token) -> String {
    let own = token.permissions.iter().flatten();
    let own: Vec<&str> = own.map(String::as_str).collect();
    if own.is_empty() {
        "the token has no permission at all".to_owned()
    } else {
        format!("the token has {}", own.join(", "))
    }
}

fn lacks_role(role: Option<Role>) -> Refusal {
    let role = role.filter(|role| role.definition_id().is_some());
    Refusal::unauthorized(match role {
        Some(role) => format!(
            "only applications and administrators can call this, or {role} where the call names the catalog (ROLE-2, ROLE-5)"
        ),
        None => "only applications and administrators can call this".to_owned(),
    })
}

/// Whether somebody's roles allow a call about a catalog.
fn holds(world: &World, principal: Key, role: Role, catalog: Option<Key>) -> bool {
    let catalog = catalog.filter(|_| role != Role::CatalogCreator);
    world.holds_role(principal, role, catalog)
}

/// The catalog that a call is about. What cannot be found belongs to no catalog (ROLE-6).
fn catalog_of(world: &World, found: &Match, call: Call<'_>) -> Option<Key> {
    catalog_of_path(world, found)
        .or_else(|| catalog_of_body(world, call.body))
        .or_else(|| {
            let filter = call.query.filter.as_ref()?;
            catalog_of_filter(world, filter)
        })
}

/// The roles that somebody holds, for the journal.
fn roles_held(world: &World, principal: Key) -> String {
    let held = world.role_assignments.iter();
    let held = held.filter(|(_, row)| row.principal == principal);
    let roles: Vec<String> = held
        .filter_map(|(_, row)| Some(format!("{} {}", row.role()?, place(world, row.catalog))))
        .collect();
    if roles.is_empty() {
        "the caller holds no role in entitlement management".to_owned()
    } else {
        format!("the caller is {}", roles.join(", "))
    }
}

/// The role that would be enough, and where.
fn would_do(world: &World, role: Role, catalog: Option<Key>) -> Option<String> {
    role.definition_id()?;
    Some(match catalog {
        _ if role == Role::CatalogCreator => format!("enough would be {role} in the whole tenant"),
        None => format!(
            "the call names no catalog that is there, so enough would be {role} in the whole tenant"
        ),
        Some(_) => format!("enough would be {role} {}", place(world, catalog)),
    })
}

fn place(world: &World, catalog: Option<Key>) -> String {
    let name = catalog.map(|key| world.catalogs.get(key));
    match name {
        None => "in the whole tenant".to_owned(),
        Some(None) => "in a catalog that is gone".to_owned(),
        Some(Some(catalog)) => format!("in the catalog {:?}", catalog.display_name),
    }
}

/// The catalog in which the thing is that the path leads to.
fn catalog_of_path(world: &World, found: &Match) -> Option<Key> {
    let mut keys = found.keys.iter();
    keys.find_map(|(name, text)| of(world, name, Key::try_parse(text).ok()?))
}

/// The catalog of a thing, by the name that its keys have in routes.
fn of(world: &World, name: &str, key: Key) -> Option<Key> {
    let of_package = |key| world.packages.get(key).map(|row| row.catalog);
    match name {
        "catalog" => Some(key).filter(|key| world.catalogs.contains(*key)),
        "package" => of_package(key),
        "policy" => of_package(world.policies.get(key)?.package),
        "assignment" => of_package(world.assignments.get(key)?.package),
        "roleAssignment" => world.role_assignments.get(key)?.catalog,
        "resource" => world.resources.get(key).map(|row| row.catalog),
        "request" => match world.requests.get(key) {
            Some(row) => of_package(row.package),
            None => world.resource_requests.get(key).map(|row| row.catalog),
        },
        _ => None,
    }
}

/// The catalog that a body names, by itself or through a package or an assignment.
fn catalog_of_body(world: &World, body: &[u8]) -> Option<Key> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let key = |path: &str| Key::try_parse(body.pointer(path)?.as_str()?).ok();
    let place = |path: &str, name: &str| of(world, name, key(path)?);
    place("/catalog/id", "catalog")
        .or_else(|| place("/accessPackage/id", "package"))
        .or_else(|| place("/assignment/accessPackageId", "package"))
        .or_else(|| place("/assignment/id", "assignment"))
        .or_else(|| {
            let scope = body.get("appScopeId")?.as_str()?;
            let catalog = scope.strip_prefix("/AccessPackageCatalog/")?;
            of(world, "catalog", Key::try_parse(catalog).ok()?)
        })
}

/// The catalog to which a filter limits a list.
fn catalog_of_filter(world: &World, filter: &Filter) -> Option<Key> {
    match filter {
        Filter::And(parts) => parts.iter().find_map(|part| catalog_of_filter(world, part)),
        Filter::Compare {
            left: Operand::Path(path),
            operator: Comparison::Eq,
            right: Operand::Literal(literal),
        } => {
            let key = match literal {
                Literal::Guid(key) => *key,
                Literal::String(text) => Key::try_parse(text).ok()?,
                _ => return None,
            };
            match path.as_str().to_ascii_lowercase().as_str() {
                "catalog/id" | "accesspackage/catalog/id" => of(world, "catalog", key),
                "accesspackage/id" => of(world, "package", key),
                "assignmentpolicy/id" => of(world, "policy", key),
                _ => None,
            }
        }
        _ => None,
    }
}
