//! Directory roles and who has them; they are read here, and given by packages.

use super::{Context, Missing, Outcome};
use crate::view::Item;
use crate::world::directory_roles::DirectoryRole;
use crate::world::roster::Roster;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let roles = context.world.directory_roles.keys();
    context.list(roles.map(Item::DirectoryRole))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = context.row(
        "role",
        |world| &world.directory_roles,
        Missing::DirectoryObject,
    )?;
    context.entity(Item::DirectoryRole(key))
}

pub(crate) fn list_assignments(context: &mut Context<'_>) -> Outcome {
    list_held(context, false, |role| &role.active)
}

/// Those who may activate a role.
pub(crate) fn list_eligible(context: &mut Context<'_>) -> Outcome {
    list_held(context, true, |role| &role.eligible)
}

fn list_held(
    context: &Context<'_>,
    is_eligible: bool,
    holders: fn(&DirectoryRole) -> &Roster,
) -> Outcome {
    let roles = context.world.directory_roles.iter();
    let held = roles.flat_map(|(role, row)| {
        let people = holders(row).iter().copied();
        let people = people.filter(|person| context.world.is_person(*person));
        people.map(move |person| Item::DirectoryRoleAssignment {
            role,
            person,
            is_eligible,
        })
    });
    context.list(held)
}
