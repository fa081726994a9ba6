//! Which policy of a package applies to whom (PRI-1, PRI-2), and what people are offered (VIS-1).

use entitlement_core::catalog::CatalogState;
use entitlement_core::directory::UserType;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};

use super::approvers::members;
use super::guests;
use crate::choices::RolesShownTo;
use crate::world::World;
use crate::world::package::Policy;
use crate::world::table::Key;

/// Whether a person is in the scope of a policy.
pub(crate) fn is_in_scope(world: &World, policy: &AssignmentPolicy, person: Key) -> bool {
    let Some(user) = world.users.get(person) else {
        return false;
    };
    if user.is_expected() && !guests::is_for_outsiders(policy) {
        return false;
    }
    match policy.allowed_target_scope.as_ref() {
        Some(AllowedTargetScope::AllMemberUsers) => user.kind == UserType::Member,
        Some(AllowedTargetScope::AllDirectoryUsers) => true,
        Some(AllowedTargetScope::SpecificDirectoryUsers) => policy
            .specific_allowed_targets
            .iter()
            .any(|set| members(world, set, person).contains(&person)),
        _ => guests::is_let_in(world, policy, person),
    }
}

/// Whether an administrator may assign a person under a policy; with no scope, anybody of the directory (REQ-7).
pub(crate) fn may_be_assigned(world: &World, policy: &AssignmentPolicy, person: Key) -> bool {
    let open = policy.allowed_target_scope.as_ref() == Some(&AllowedTargetScope::NotSpecified);
    open && world.is_person(person) || is_in_scope(world, policy, person)
}

/// The strength of a policy's class; the strongest that contains a person is the only one that counts.
pub(crate) fn class(policy: &AssignmentPolicy) -> u8 {
    match policy.allowed_target_scope {
        Some(
            AllowedTargetScope::SpecificDirectoryUsers
            | AllowedTargetScope::SpecificConnectedOrganizationUsers,
        ) => 1,
        Some(AllowedTargetScope::AllMemberUsers) => 2,
        Some(AllowedTargetScope::AllDirectoryUsers) => 3,
        _ => 4,
    }
}

/// The policies under which a person may ask for a package.
pub(crate) fn applicable_policies(world: &World, package: Key, person: Key) -> Vec<Key> {
    let mut applicable: Vec<(u8, Key)> = Vec::new();
    let catalog = world.packages.get(package);
    let catalog = catalog.and_then(|package| world.catalogs.get(package.catalog));
    let is_open_to_outsiders = catalog.is_some_and(|catalog| catalog.is_externally_visible);
    for &key in world.links.policies_of_package.of(package) {
        let Some(Policy { settings, .. }) = world.policies.get(key) else {
            continue;
        };
        // OBJ-13: what is for people from elsewhere is nothing in a catalog that they cannot see.
        let is_closed = guests::is_for_outsiders(settings) && !is_open_to_outsiders;
        if !is_closed && lets_ask(settings) && is_in_scope(world, settings, person) {
            applicable.push((class(settings), key));
        }
    }
    let strongest = applicable.iter().map(|(class, _)| *class).min();
    applicable.retain(|(class, _)| Some(*class) == strongest);
    applicable.into_iter().map(|(_, key)| key).collect()
}

/// Whether people may ask under a policy at all.
fn lets_ask(policy: &AssignmentPolicy) -> bool {
    allows(policy, |settings| {
        settings.enable_targets_to_self_add_access
    })
}

/// Whether a policy's requestor settings say yes to something.
pub(crate) fn allows(
    policy: &AssignmentPolicy,
    what: impl Fn(&RequestorSettings) -> Option<bool>,
) -> bool {
    policy.requestor_settings.as_ref().and_then(what) == Some(true)
}

/// Whether the packages of a catalog can be requested (OBJ-12).
pub(crate) fn is_published(world: &World, package: Key) -> bool {
    let catalog = world
        .packages
        .get(package)
        .and_then(|package| world.catalogs.get(package.catalog));
    catalog.is_some_and(|catalog| catalog.state == CatalogState::Published)
}

/// Whether a package is among those that a person finds when browsing and may ask for (VIS-1).
pub(crate) fn is_offered(world: &World, package: Key, person: Key) -> bool {
    is_on_show(world, package, person) && !applicable_policies(world, package, person).is_empty()
}

/// Whether a package is listed to a person. What is for some of the people or groups of the tenant is listed to every
/// member, although only those may ask for it (VIS-2).
pub(crate) fn is_listed(world: &World, package: Key, person: Key) -> bool {
    let is_member = world
        .users
        .get(person)
        .is_some_and(|user| user.kind == UserType::Member);
    let for_some = || {
        let policies = world.links.policies_of_package.of(package).iter();
        let mut policies = policies.filter_map(|key| world.policies.get(*key));
        policies.any(|policy| {
            let scope = policy.settings.allowed_target_scope.as_ref();
            lets_ask(&policy.settings) && scope == Some(&AllowedTargetScope::SpecificDirectoryUsers)
        })
    };
    is_on_show(world, package, person)
        && (is_member && for_some() || !applicable_policies(world, package, person).is_empty())
}

/// Whether a package is neither hidden nor in a catalog that is closed: to everybody, or to people from outside.
fn is_on_show(world: &World, package: Key, person: Key) -> bool {
    let Some(row) = world.packages.get(package).filter(|row| !row.is_hidden) else {
        return false;
    };
    let is_guest = world
        .users
        .get(person)
        .is_some_and(|user| user.kind == UserType::Guest);
    let catalog = world.catalogs.get(row.catalog);
    catalog.is_some_and(|catalog| {
        catalog.state == CatalogState::Published && (!is_guest || catalog.is_externally_visible)
    })
}

/// Whether a person sees what a package grants before they have it (VIS-3).
pub(crate) fn sees_roles(world: &World, person: Key) -> bool {
    match world.settings.choices.catalogs.roles_shown_to {
        RolesShownTo::Everybody => true,
        RolesShownTo::Members => world
            .users
            .get(person)
            .is_some_and(|user| user.kind == UserType::Member),
        RolesShownTo::Nobody => false,
    }
}
