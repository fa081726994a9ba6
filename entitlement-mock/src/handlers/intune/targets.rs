//! For whom apps and configurations are: groups that are there, everybody, all devices.

use entitlement_core::entity::Id;
use entitlement_core::intune::target::AssignmentTarget;

use super::super::body::Body;
use super::apps::refused;
use crate::router::refusal::Refusal;
use crate::world::World;
use crate::world::table::Key;

/// Takes the target of a row.
pub(super) fn take(world: &World, body: &mut Body) -> Result<AssignmentTarget, Refusal> {
    let target: Option<AssignmentTarget> = body.take("target")?;
    let target = target.ok_or_else(|| Refusal::invalid_model("target is missing"))?;
    check(world, &target)?;
    Ok(target)
}

fn check(world: &World, target: &AssignmentTarget) -> Result<(), Refusal> {
    match target {
        AssignmentTarget::AllLicensedUsers(all) | AssignmentTarget::AllDevices(all) => {
            if all.filter.id.is_some() {
                return Err(no_filters());
            }
        }
        AssignmentTarget::Group(group) | AssignmentTarget::ExclusionGroup(group) => {
            if group.filter.id.is_some() {
                return Err(no_filters());
            }
            let id = group.group_id.as_ref();
            let key: Option<Key> = id.and_then(Id::as_uuid);
            if !key.is_some_and(|key| world.groups.contains(key)) {
                let why = "target.groupId is that of no group in this tenant";
                return Err(refused("The group does not exist.").because(why));
            }
        }
        _ => {
            let why = "this tenant knows groups, all users and all devices as targets";
            return Err(Refusal::invalid_model(why));
        }
    }
    Ok(())
}

fn no_filters() -> Refusal {
    Refusal::invalid_model("filters of assignments are not in v1.0")
}

/// Whether two targets are the same people or devices.
pub(super) fn is_same(one: &AssignmentTarget, other: &AssignmentTarget) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
        && one.group_id() == other.group_id()
}
