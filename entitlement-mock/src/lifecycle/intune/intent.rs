//! What is to become of an app on a device, of all that is assigned.

use entitlement_core::entity::Id;
use entitlement_core::intune::assignment::InstallIntent;
use entitlement_core::intune::target::AssignmentTarget;

use crate::world::World;
use crate::world::intune::app::App;
use crate::world::intune::device::Device;
use crate::world::table::Key;

/// What is to become of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Install {
        is_available: bool,
    },
    Uninstall,
    /// It goes if it was installed because it was required, and can be had all the same.
    UninstallWhatWasRequired,
    /// Whoever wants it can install it.
    Offer,
    /// Nothing: it stays as it is, which for a group that is assigned no more means installed.
    Leave,
}

/// Assignments are about people or about devices; exclusions count among their own kind only.
#[derive(Debug, Clone, Copy)]
enum Side {
    People,
    Devices,
}

/// Weighs the assignments of an app against each other as documented
/// ([conflicts](https://learn.microsoft.com/intune/apps/apps-deploy#how-conflicts-between-app-intents-are-resolved)).
pub(crate) fn wish(world: &World, device: &Device, app: &App) -> Wish {
    use InstallIntent::{Available, Required, Uninstall};
    let is = |intent: &InstallIntent, side: Side| {
        let rows = app.assignments.iter().filter(|row| row.intent == *intent);
        reaches_on(world, device, rows.map(|row| &row.target), side)
    };
    let people = |intent: InstallIntent| is(&intent, Side::People);
    let devices = |intent: InstallIntent| is(&intent, Side::Devices);
    let is_available = people(Available);
    if people(Required) || devices(Required) {
        return Wish::Install { is_available };
    }
    match (is_available, people(Uninstall), devices(Uninstall)) {
        (_, true, _) | (false, _, true) => Wish::Uninstall,
        (true, false, true) => Wish::UninstallWhatWasRequired,
        (true, false, false) => Wish::Offer,
        (false, false, false) => Wish::Leave,
    }
}

/// Whether a device, or the person whose it is, is among the targets.
pub(crate) fn reaches<'t>(
    world: &World,
    device: &Device,
    targets: impl Iterator<Item = &'t AssignmentTarget> + Clone,
) -> bool {
    reaches_on(world, device, targets.clone(), Side::People)
        || reaches_on(world, device, targets, Side::Devices)
}

fn reaches_on<'t>(
    world: &World,
    device: &Device,
    targets: impl Iterator<Item = &'t AssignmentTarget>,
    side: Side,
) -> bool {
    let mut is_in = false;
    for target in targets.filter(|target| holds(world, device, target, side)) {
        if matches!(target, AssignmentTarget::ExclusionGroup(_)) {
            return false;
        }
        is_in = true;
    }
    is_in
}

fn holds(world: &World, device: &Device, target: &AssignmentTarget, side: Side) -> bool {
    let person = device.user.filter(|person| world.is_person(*person));
    match (target, side) {
        (AssignmentTarget::AllLicensedUsers(_), Side::People) => person.is_some(),
        (AssignmentTarget::AllDevices(_), Side::Devices) => true,
        (AssignmentTarget::Group(_) | AssignmentTarget::ExclusionGroup(_), side) => {
            let group = target.group_id().and_then(Id::as_uuid);
            group.is_some_and(|group| is_in(world, device, person, group, side))
        }
        _ => false,
    }
}

fn is_in(world: &World, device: &Device, person: Option<Key>, group: Key, side: Side) -> bool {
    let Some(row) = world.groups.get(group) else {
        return false;
    };
    match side {
        Side::People => person.is_some_and(|person| row.members.contains(&person)),
        Side::Devices => device.groups.contains(&group),
    }
}
