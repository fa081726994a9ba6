//! Who may decide a stage: the policy's sets, resolved for one request at the moment of the question (U-11).

use entitlement_core::entity::Id;
use entitlement_core::subject_set::SubjectSet;

use crate::world::World;
use crate::world::request::{Request, Stage};
use crate::world::table::Key;

/// Whether a person may decide a stage of a request. Nobody decides about their own access (APV-12).
pub(crate) fn may_decide(world: &World, request: &Request, stage: &Stage, person: Key) -> bool {
    if request.target == person || request.requestor == Some(person) {
        return false;
    }
    let settings = &stage.settings;
    let among =
        |primary, fallback| resolve(world, primary, fallback, request.target).contains(&person);
    among(
        &settings.primary_approvers,
        &settings.fallback_primary_approvers,
    ) || stage.is_escalated
        && among(
            &settings.escalation_approvers,
            &settings.fallback_escalation_approvers,
        )
}

/// The people meant by `primary`, or those of `fallback` if that is nobody (APV-10).
fn resolve(
    world: &World,
    primary: &[SubjectSet],
    fallback: &[SubjectSet],
    target: Key,
) -> Vec<Key> {
    let people = |sets: &[SubjectSet]| -> Vec<Key> {
        sets.iter()
            .flat_map(|set| members(world, set, target))
            .collect()
    };
    let primary = people(primary);
    if primary.is_empty() {
        people(fallback)
    } else {
        primary
    }
}

/// The people whom a set means for somebody's request; sponsors are nobody, as nobody here has any.
pub(crate) fn members(world: &World, set: &SubjectSet, target: Key) -> Vec<Key> {
    match set {
        SubjectSet::SingleUser(user) => user
            .user_id
            .as_ref()
            .and_then(Id::as_uuid)
            .filter(|key| world.users.contains(*key))
            .into_iter()
            .collect(),
        SubjectSet::GroupMembers(group) => group
            .group_id
            .as_ref()
            .and_then(Id::as_uuid)
            .and_then(|key| world.groups.get(key))
            .map(|group| group.members.iter().copied().collect())
            .unwrap_or_default(),
        SubjectSet::RequestorManager(manager) => world
            .manager_of(target, manager.manager_level.unwrap_or(1))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}
