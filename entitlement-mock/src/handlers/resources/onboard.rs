//! What there is outside of entitlement management that can become a resource, and who may make it one.

use entitlement_core::resource::OriginSystem;

use crate::caller::Caller;
use crate::choices::PrivilegedRoles;
use crate::router::refusal::Refusal;
use crate::world::World;
use crate::world::directory::Group;
use crate::world::origin::{Origin, RoleKind};
use crate::world::resource::{Role, Scope};
use crate::world::table::Key;

/// Something that was found in its origin system, as it is there now.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) origin: Origin,
    pub(super) origin_id: String,
    pub(super) display_name: String,
    pub(super) description: Option<String>,
    pub(super) roles: Vec<(RoleKind, String, Option<String>)>,
    /// The root scope first: origin, its id, its name.
    pub(super) scopes: Vec<(Origin, String, String)>,
    pub(super) environment: Option<Key>,
}

pub(super) fn not_found(why: impl Into<String>) -> Refusal {
    Refusal::bad_request(
        "ResourceNotFoundInOriginSystem",
        "The resource was not found in the origin system.",
    )
    .because(why)
}

/// Something that is there, but that packages cannot grant (OBJ-28, OBJ-30); no code has been published for it.
fn not_supported(why: &str) -> Refusal {
    Refusal::bad_request(
        "ResourceTypeNotSupported",
        "The resource can not be used in entitlement management.",
    )
    .because(why)
}

/// Finds what a request names, and makes sure that packages can grant it and that the caller may say so.
pub(super) fn find(
    world: &World,
    caller: Caller,
    system: &OriginSystem,
    id: &str,
    environment: Option<Key>,
) -> Result<Found, Refusal> {
    let key = Key::try_parse(id).ok();
    let origin = match system {
        OriginSystem::AadGroup => key.map(Origin::Group),
        OriginSystem::AadApplication => key.map(Origin::Application),
        OriginSystem::DirectoryRole => key.map(Origin::DirectoryRole),
        OriginSystem::SharePointOnline => site_at(world, id).map(Origin::Site),
        OriginSystem::Unknown(_) | _ => None,
    };
    let found = origin.and_then(|origin| look_up(world, origin));
    let found = found.ok_or_else(|| not_found(format!("{system} has nothing with the id {id}")))?;
    check_environment(world, &found, environment)?;
    check_supported(world, found.origin)?;
    if !owns(world, caller, found.origin) {
        return Err(Refusal::bad_request(
            "CallerNotResourceOwner",
            "The caller is not the resource owner.",
        )
        .because(format!(
            "the caller may not say who gets {} (OBJ-27)",
            found.display_name
        )));
    }
    Ok(found)
}

fn site_at(world: &World, url: &str) -> Option<Key> {
    let url = url.trim_end_matches('/');
    let mut sites = world.sites.iter();
    sites
        .find(|(_, site)| site.url.eq_ignore_ascii_case(url))
        .map(|(key, _)| key)
}

/// OBJ-37: a site of another environment than the usual one is found only if the request says which.
fn check_environment(
    world: &World,
    found: &Found,
    environment: Option<Key>,
) -> Result<(), Refusal> {
    let Some(home) = found.environment else {
        return Ok(());
    };
    let usual = world
        .environments
        .get(home)
        .is_some_and(|home| home.is_default);
    match environment {
        Some(named) if named != home => Err(not_found("the site lives in another environment")),
        None if !usual => Err(not_found(
            "the site does not live in the default environment: name its own (OBJ-37)",
        )),
        _ => Ok(()),
    }
}

fn check_supported(world: &World, origin: Origin) -> Result<(), Refusal> {
    match origin {
        Origin::Group(key) => {
            let can_be_granted = world.groups.get(key).is_some_and(Group::can_be_granted);
            if !can_be_granted {
                return Err(not_supported(
                    "only security and Microsoft 365 groups of the cloud can be granted (OBJ-28)",
                ));
            }
        }
        Origin::Application(key) => {
            let closed = world.service_principals.get(key).is_none_or(|known| {
                OF_EXCHANGE_AND_SHAREPOINT.contains(&known.app_id.as_u128())
                    || known.sign_in_audience == "PersonalMicrosoftAccount"
            });
            if closed {
                return Err(not_supported(
                    "neither Exchange Online, SharePoint Online nor applications for personal accounts only can be \
                     granted (OBJ-30)",
                ));
            }
        }
        Origin::DirectoryRole(key) => {
            let is_privileged = world
                .directory_roles
                .get(key)
                .is_some_and(|role| role.is_privileged);
            let choice = world.settings.choices.resources.privileged_roles;
            if is_privileged && choice == PrivilegedRoles::Refused {
                return Err(not_supported("the role is privileged (OBJ-36)"));
            }
        }
        Origin::Site(_) => {}
    }
    Ok(())
}

/// The application ids of Exchange Online and SharePoint Online.
const OF_EXCHANGE_AND_SHAREPOINT: [u128; 2] = [
    0x0000_0002_0000_0ff1_ce00_0000_0000_0000,
    0x0000_0003_0000_0ff1_ce00_0000_0000_0000,
];

/// Whether the caller may say who gets something (OBJ-27, P28). Applications have every permission; administrators of
/// entitlement management look after groups, applications and roles, but neither after sites nor after groups that
/// hold directory roles unless they own them.
fn owns(world: &World, caller: Caller, origin: Origin) -> bool {
    let Some(principal) = caller.principal() else {
        return true;
    };
    let administers = caller.is_administrator(world);
    match origin {
        Origin::Group(key) => world.groups.get(key).is_some_and(|group| {
            let is_guarded = group.is_assignable_to_role == Some(true);
            group.owners.contains(&principal) || administers && !is_guarded
        }),
        Origin::Application(key) => {
            let known = world.service_principals.get(key);
            administers || known.is_some_and(|known| known.owners.contains(&principal))
        }
        Origin::Site(key) => {
            let site = world.sites.get(key);
            site.is_some_and(|site| site.owners.contains(&principal))
        }
        Origin::DirectoryRole(_) => administers,
    }
}

/// Reads something in its origin system; `None` if it is gone.
pub(super) fn look_up(world: &World, origin: Origin) -> Option<Found> {
    let found = |name: &str, description: Option<String>, roles: Vec<_>| Found {
        origin,
        origin_id: origin.key().to_string(),
        display_name: name.to_owned(),
        description,
        roles,
        scopes: vec![(origin, origin.key().to_string(), "Root".to_owned())],
        environment: None,
    };
    Some(match origin {
        Origin::Group(key) => {
            let group = world.groups.get(key)?;
            let roles = group_roles(world, group);
            found(&group.display_name, group.description.clone(), roles)
        }
        Origin::Application(key) => {
            let known = world.service_principals.get(key)?;
            let roles = known.roles_for_people().into_iter();
            let roles = roles.map(|(id, name, text)| (RoleKind::App(id), name, text));
            let description = known.description.clone();
            found(&known.display_name, description, roles.collect())
        }
        Origin::DirectoryRole(key) => {
            let role = world.directory_roles.get(key)?;
            let mut roles = vec![(RoleKind::Eligible, "Eligible Member".to_owned(), None)];
            // OBJ-36.
            if !role.is_privileged {
                roles.push((RoleKind::Active, "Active Member".to_owned(), None));
            }
            found(&role.display_name, role.description.clone(), roles)
        }
        Origin::Site(key) => {
            let site = world.sites.get(key)?;
            let roles = site.roles.iter().map(|role| {
                let name = role.display_name.clone();
                (RoleKind::Site(role.number), name, None)
            });
            let parts = world.sites.iter();
            let parts = parts.filter(|(_, part)| part.parent == Some(key));
            let parts = parts.map(|(part, row)| {
                (
                    Origin::Site(part),
                    row.url.clone(),
                    row.display_name.clone(),
                )
            });
            let root = (origin, site.url.clone(), "Root".to_owned());
            Found {
                origin_id: site.url.clone(),
                scopes: [root].into_iter().chain(parts).collect(),
                environment: Some(site.environment),
                ..found(&site.display_name, None, roles.collect())
            }
        }
    })
}

fn group_roles(world: &World, group: &Group) -> Vec<(RoleKind, String, Option<String>)> {
    let named = |kind, name: &str| (kind, name.to_owned(), None);
    let mut roles = Vec::new();
    // OBJ-29: nobody can be put into a dynamic group.
    if !group.is_dynamic() {
        roles.push(named(RoleKind::Member, "Member"));
    }
    roles.push(named(RoleKind::Owner, "Owner"));
    // U-2.
    let shows_eligible = world.settings.choices.resources.eligible_group_roles;
    if shows_eligible && group.eligible.is_some() {
        roles.push(named(RoleKind::EligibleMember, "Eligible Member"));
        roles.push(named(RoleKind::EligibleOwner, "Eligible Owner"));
    }
    roles
}

/// The roles with the ids that those have that are known already.
pub(super) fn numbered_roles(
    world: &mut World,
    roles: Vec<(RoleKind, String, Option<String>)>,
    known: &[Role],
) -> Vec<Role> {
    let numbered = roles.into_iter().map(|(kind, display_name, description)| {
        let known = known.iter().find(|role| role.kind == kind);
        Role {
            id: known.map_or_else(|| world.ids.next(), |role| role.id),
            kind,
            display_name,
            description,
        }
    });
    numbered.collect()
}

/// The same for scopes.
pub(super) fn numbered_scopes(
    world: &mut World,
    scopes: Vec<(Origin, String, String)>,
    known: &[Scope],
) -> Vec<Scope> {
    let numbered = scopes.into_iter().enumerate();
    let numbered = numbered.map(|(place, (origin, origin_id, display_name))| {
        let known = known.iter().find(|scope| scope.origin == origin);
        Scope {
            id: known.map_or_else(|| world.ids.next(), |scope| scope.id),
            origin,
            origin_id,
            display_name,
            is_root: place == 0,
        }
    });
    numbered.collect()
}
