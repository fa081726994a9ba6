//! Asking for others (POL-41), and taking back what one has approved (3.1).

use crate::lifecycle::approvers::{may_decide, members};
use crate::lifecycle::eligibility::{allows, is_in_scope};
use crate::world::World;
use crate::world::table::Key;

/// The policies of a package under which one person may ask for another, who has to be in their scope.
pub(super) fn policies_on_behalf(
    world: &World,
    package: Key,
    requestor: Key,
    target: Key,
) -> Vec<Key> {
    let policies = world.links.policies_of_package.of(package).iter().copied();
    let applies = |key: &Key| {
        let settings = world.policies.get(*key).map(|row| &row.settings);
        settings.is_some_and(|settings| {
            let requestors = settings.requestor_settings.as_ref();
            let mut sets = requestors
                .into_iter()
                .flat_map(|settings| &settings.on_behalf_requestors);
            allows(settings, |own| {
                own.enable_on_behalf_requestors_to_add_access
            }) && sets.any(|set| members(world, set, target).contains(&requestor))
                && is_in_scope(world, settings, target)
        })
    };
    policies.filter(applies).collect()
}

/// Whether somebody could approve a request that led to an assignment, and so may end it.
pub(super) fn may_take_back(world: &World, assignment: Key, person: Key) -> bool {
    let Some(row) = world.assignments.get(assignment) else {
        return false;
    };
    let requests = world.links.requests_of_target.of(row.target).iter();
    let mut requests = requests.filter_map(|key| world.requests.get(*key));
    requests.any(|request| {
        let approved = request
            .stages
            .iter()
            .filter(|stage| stage.reviewed.is_some());
        let mut approved = approved.filter(|stage| may_decide(world, request, stage, person));
        request.assignment == Some(assignment) && !request.is_removal() && approved.next().is_some()
    })
}
