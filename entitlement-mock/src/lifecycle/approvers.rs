//! Who may decide a stage: the policy's sets, resolved for one request at the moment of the question (APV-17,
//! U-11).

use entitlement_core::entity::Id;
use entitlement_core::subject_set::SubjectSet;
use indexmap::IndexSet;

use crate::world::World;
use crate::world::outside::Organization;
use crate::world::request::{Request, Stage};
use crate::world::table::Key;

/// Whether a person may decide a stage of a request.
pub(crate) fn may_decide(world: &World, request: &Request, stage: &Stage, person: Key) -> bool {
    primary(world, request, stage).contains(&person)
        || stage.is_escalated && alternates(world, request, stage).contains(&person)
}

/// Those who may decide a stage from the beginning.
pub(crate) fn primary(world: &World, request: &Request, stage: &Stage) -> IndexSet<Key> {
    let settings = &stage.settings;
    let fallback = &settings.fallback_primary_approvers;
    resolve(world, &settings.primary_approvers, fallback, request)
}

/// Those who may decide a stage once it is escalated (APV-6).
pub(crate) fn alternates(world: &World, request: &Request, stage: &Stage) -> IndexSet<Key> {
    let settings = &stage.settings;
    let fallback = &settings.fallback_escalation_approvers;
    resolve(world, &settings.escalation_approvers, fallback, request)
}

/// The people meant by `primary`, or those of `fallback` if that is nobody (APV-10). Nobody decides about their own
/// access (APV-12).
fn resolve(
    world: &World,
    primary: &[SubjectSet],
    fallback: &[SubjectSet],
    request: &Request,
) -> IndexSet<Key> {
    let people = |sets: &[SubjectSet]| -> IndexSet<Key> {
        sets.iter()
            .flat_map(|set| members(world, set, request.target))
            .collect()
    };
    let mut found = people(primary);
    if found.is_empty() {
        found = people(fallback);
    }
    found.retain(|person| *person != request.target && request.requestor != Some(*person));
    found
}

/// The people whom a set means for somebody's request.
pub(crate) fn members(world: &World, set: &SubjectSet, target: Key) -> Vec<Key> {
    match set {
        SubjectSet::SingleUser(user) => user
            .user_id
            .as_ref()
            .and_then(Id::as_uuid)
            .filter(|key| world.is_person(*key))
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
        SubjectSet::TargetManager(manager) => world
            .manager_of(target, manager.manager_level.unwrap_or(1))
            .into_iter()
            .collect(),
        SubjectSet::InternalSponsors(_) => sponsors(world, target, |row| &row.internal_sponsors),
        SubjectSet::ExternalSponsors(_) => sponsors(world, target, |row| &row.external_sponsors),
        SubjectSet::TargetUserSponsors(_) => {
            let user = world.users.get(target);
            let sponsors = user.into_iter().flat_map(|user| user.sponsors.iter());
            let sponsors = sponsors.copied().filter(|person| world.is_person(*person));
            sponsors.collect()
        }
        _ => Vec::new(),
    }
}

/// Those who vouch for the organisation of a person (ORG-6).
fn sponsors<'w>(
    world: &'w World,
    person: Key,
    which: impl Fn(&'w Organization) -> &'w IndexSet<Key>,
) -> Vec<Key> {
    let row = world
        .organization_of(person)
        .and_then(|key| world.organizations.get(key));
    let sponsors = row.into_iter().flat_map(which);
    let sponsors = sponsors.copied().filter(|person| world.is_person(*person));
    sponsors.collect()
}
