//! Guests: how they come, when they get access for the first time, and how they go, when they have lost the last one.

use entitlement_core::connected_organization::{ConnectedOrganizationState, IdentitySource};
use entitlement_core::directory::UserType;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::requestor::AllowedTargetScope as Scope;
use entitlement_core::settings::ExternalUserLifecycleAction as Action;
use entitlement_core::subject::SubjectLifecycle;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::Timestamp;
use indexmap::IndexSet;

use super::automatic::person_changed;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::directory::User;
use crate::world::outside::{Organization, Outsider};
use crate::world::table::Key;

/// Whether a policy is for people from elsewhere, be they in the directory or not (POL-25).
pub(crate) fn is_for_outsiders(policy: &AssignmentPolicy) -> bool {
    matches!(
        policy.allowed_target_scope,
        Some(
            Scope::SpecificConnectedOrganizationUsers
                | Scope::AllConfiguredConnectedOrganizationUsers
                | Scope::AllExternalUsers
        )
    )
}

/// Whether people who come from a place are in the scope of a policy for people from elsewhere.
pub(crate) fn lets_in(world: &World, policy: &AssignmentPolicy, home: &IdentitySource) -> bool {
    if !world.may_be_invited(home) {
        return false;
    }
    match policy.allowed_target_scope {
        Some(Scope::AllExternalUsers) => true,
        // ORG-2: those that were only noted do not count.
        Some(Scope::AllConfiguredConnectedOrganizationUsers) => {
            let row = world
                .organization_at(home)
                .and_then(|key| world.organizations.get(key));
            row.is_some_and(|row| row.state == ConnectedOrganizationState::Configured)
        }
        Some(Scope::SpecificConnectedOrganizationUsers) => {
            let targets = policy.specific_allowed_targets.iter();
            let mut named = targets.filter_map(|set| match set {
                SubjectSet::ConnectedOrganizationMembers(members) => {
                    members.connected_organization_id.as_ref()?.as_uuid()
                }
                _ => None,
            });
            named.any(|key| {
                let row = world.organizations.get(key);
                row.is_some_and(|row| world.has_source(row, home))
            })
        }
        _ => false,
    }
}

/// Whether somebody in the directory is in the scope of a policy for people from elsewhere.
pub(crate) fn is_let_in(world: &World, policy: &AssignmentPolicy, person: Key) -> bool {
    let Some(user) = world.users.get(person) else {
        return false;
    };
    match world.home_of(person) {
        Some(home) => lets_in(world, policy, home),
        // A guest of whom nobody knows where they come from.
        None => {
            user.kind == UserType::Guest
                && policy.allowed_target_scope == Some(Scope::AllExternalUsers)
        }
    }
}

/// Notes the organisation of somebody who asks under a policy for everybody, if nobody knows it yet (ORG-1).
pub(crate) fn note_organization(world: &mut World, at: Timestamp, person: Key) {
    let Some(home) = world.home_of(person).cloned() else {
        return;
    };
    let is_place = !matches!(home, IdentitySource::Social(_) | IdentitySource::Unknown(_));
    if !is_place || world.organization_at(&home).is_some() {
        return;
    }
    let source = world.resolved(&home);
    let display_name = name_of(&source);
    let key = world.ids.next();
    world.organizations.insert(
        key,
        Organization {
            description: Some(display_name.clone()),
            display_name,
            state: ConnectedOrganizationState::Proposed,
            sources: vec![source],
            internal_sponsors: IndexSet::new(),
            external_sponsors: IndexSet::new(),
            created: at,
            modified: at,
        },
    );
}

fn name_of(source: &IdentitySource) -> String {
    use IdentitySource as S;
    let (name, id) = match source {
        S::AzureActiveDirectoryTenant(source) => (&source.display_name, &source.tenant_id),
        S::CrossCloudAzureActiveDirectoryTenant(source) => {
            (&source.display_name, &source.tenant_id)
        }
        S::Domain(source) => (&source.display_name, &source.domain_name),
        S::ExternalDomainFederation(source) => (&source.display_name, &source.domain_name),
        _ => (&None, &None),
    };
    let text = name.as_ref().or(id.as_ref());
    text.cloned().unwrap_or_else(|| "unknown".to_owned())
}

/// Notes somebody who is to get access and has no account yet (REQ-5).
pub(crate) fn expect(world: &mut World, at: Timestamp, mail: &str, home: IdentitySource) -> Key {
    let subject = world.ids.next();
    let name = mail.replace('@', "_");
    let principal_name = format!("{name}#EXT#@{}", world.settings.domain);
    let user = User {
        mail: Some(mail.to_owned()),
        kind: UserType::Guest,
        outside: Some(Outsider {
            home: Some(home),
            lifecycle: SubjectLifecycle::Governed,
            is_expected: true,
            blocked: None,
        }),
        ..User::new(subject, principal_name, mail.to_owned(), at)
    };
    world.insert_user(user)
}

/// Makes the account of somebody who is about to get access, if they have none (ORG-11); `false` if nobody may invite
/// them (REQ-6, ORG-12).
pub(super) fn arrive(world: &mut World, at: Timestamp, person: Key) -> bool {
    let Some(user) = world.users.get(person) else {
        return true;
    };
    let Some(outside) = user.outside.as_ref().filter(|outside| outside.is_expected) else {
        return true;
    };
    let welcome = outside
        .home
        .as_ref()
        .is_some_and(|home| world.may_be_invited(home));
    if let Some(user) = world.users.get_mut(person).filter(|_| welcome) {
        user.created = at;
        if let Some(outside) = &mut user.outside {
            outside.is_expected = false;
        }
        person_changed(world, at, person);
    }
    welcome
}

/// Somebody has lost an assignment: a governed guest who has lost the last one is blocked, and deleted later (ORG-9,
/// DEL-7).
pub(super) fn left(world: &mut World, at: Timestamp, person: Key) {
    if holds_anything(world, person) || !world.is_person(person) {
        return;
    }
    let settings = world.guests.clone();
    let Some(user) = world.users.get_mut(person) else {
        return;
    };
    let governed = user.outside.as_mut().filter(|outside| {
        outside.lifecycle == SubjectLifecycle::Governed && outside.blocked.is_none()
    });
    let blocks = matches!(
        settings.action,
        Action::BlockSignIn | Action::BlockSignInAndDelete
    );
    let Some(outside) = governed.filter(|_| blocks) else {
        return;
    };
    outside.blocked = Some(at);
    user.is_enabled = false;
    person_changed(world, at, person);
    // ORG-10: the day is fixed now.
    if settings.action == Action::BlockSignInAndDelete
        && let Some(moment) = settings.delete_after.after(at)
    {
        world.agenda.plan(moment, Event::DropGuest { person });
    }
}

/// Whether a guest whose day has come is to be deleted; not if somebody let them in again.
pub(super) fn is_to_go(world: &World, person: Key) -> bool {
    let user = world.users.get(person);
    let blocked = user.is_some_and(|user| {
        let outside = user.outside.as_ref();
        !user.is_enabled && outside.is_some_and(|outside| outside.blocked.is_some())
    });
    blocked && world.is_person(person) && !holds_anything(world, person)
}

fn holds_anything(world: &World, person: Key) -> bool {
    let assignments = world.links.assignments_of_target.of(person).iter();
    let mut rows = assignments.filter_map(|key| world.assignments.get(*key));
    rows.any(|row| row.state.is_current())
}
