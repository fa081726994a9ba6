//! What people hold where packages grant it, and writing it there.

use entitlement_core::time::Timestamp;

use super::World;
use super::applications::AppRoleAssignment;
use super::origin::{Grant, Origin, RoleKind};
use super::package::RoleScope;
use super::roster::Roster;
use super::table::Key;

/// Why a role could not be given or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotWritten {
    /// The place refuses for now.
    Refused,
    /// The place or the role is gone, or nobody can be put there (U-20, OBJ-28, OBJ-29).
    Impossible,
}

impl World {
    /// The role that a role scope stands for.
    pub(crate) fn grant_of(&self, role_scope: &RoleScope) -> Option<Grant> {
        let resource = self.resources.get(role_scope.resource)?;
        Some(Grant {
            origin: resource.scope(role_scope.scope)?.origin,
            role: resource.role(role_scope.role)?.kind,
        })
    }

    /// The people who hold a role; `None` if there is no such role, or it keeps no roster.
    fn roster(&self, grant: Grant) -> Option<&Roster> {
        match (grant.origin, grant.role) {
            (Origin::Group(key), RoleKind::Member) => Some(&self.groups.get(key)?.members),
            (Origin::Group(key), RoleKind::Owner) => Some(&self.groups.get(key)?.owners),
            (Origin::Group(key), RoleKind::EligibleMember) => {
                Some(&self.groups.get(key)?.eligible.as_ref()?.members)
            }
            (Origin::Group(key), RoleKind::EligibleOwner) => {
                Some(&self.groups.get(key)?.eligible.as_ref()?.owners)
            }
            (Origin::Site(key), RoleKind::Site(number)) => {
                Some(&self.sites.get(key)?.role(number)?.holders)
            }
            (Origin::DirectoryRole(key), RoleKind::Active) => {
                Some(&self.directory_roles.get(key)?.active)
            }
            (Origin::DirectoryRole(key), RoleKind::Eligible) => {
                Some(&self.directory_roles.get(key)?.eligible)
            }
            _ => None,
        }
    }

    fn roster_mut(&mut self, grant: Grant) -> Option<&mut Roster> {
        match (grant.origin, grant.role) {
            (Origin::Group(key), role) => {
                let group = self.groups.get_mut(key)?;
                match role {
                    RoleKind::Member => Some(&mut group.members),
                    RoleKind::Owner => Some(&mut group.owners),
                    RoleKind::EligibleMember => Some(&mut group.eligible.as_mut()?.members),
                    RoleKind::EligibleOwner => Some(&mut group.eligible.as_mut()?.owners),
                    _ => None,
                }
            }
            (Origin::Site(key), RoleKind::Site(number)) => {
                Some(&mut self.sites.get_mut(key)?.role_mut(number)?.holders)
            }
            (Origin::DirectoryRole(key), RoleKind::Active) => {
                Some(&mut self.directory_roles.get_mut(key)?.active)
            }
            (Origin::DirectoryRole(key), RoleKind::Eligible) => {
                Some(&mut self.directory_roles.get_mut(key)?.eligible)
            }
            _ => None,
        }
    }

    /// The row that says that somebody has a role of an application.
    pub(crate) fn app_role_assignment(
        &self,
        application: Key,
        role: Key,
        principal: Key,
    ) -> Option<Key> {
        let own = self.links.app_roles_of_principal.of(principal);
        own.iter().copied().find(|key| {
            self.app_role_assignments
                .get(*key)
                .is_some_and(|row| row.application == application && row.role == role)
        })
    }

    /// Whether somebody holds a role, by themselves or as a member of a group that has it.
    pub(crate) fn holds(&self, who: Key, grant: Grant) -> bool {
        self.holds_directly(who, grant) || self.holds_by_group(who, grant)
    }

    /// Whether somebody holds a role by themselves, from wherever they have it.
    fn holds_directly(&self, who: Key, grant: Grant) -> bool {
        if let (Origin::Application(application), RoleKind::App(role)) = (grant.origin, grant.role)
        {
            return self.app_role_assignment(application, role, who).is_some();
        }
        self.roster(grant)
            .is_some_and(|roster| roster.contains(&who))
    }

    /// Whether somebody is a member of a group that has a role of an application (DEL-10).
    fn holds_by_group(&self, who: Key, grant: Grant) -> bool {
        let (Origin::Application(application), RoleKind::App(role)) = (grant.origin, grant.role)
        else {
            return false;
        };
        let mut groups = self.groups.iter();
        groups.any(|(key, group)| {
            group.members.contains(&who)
                && self.app_role_assignment(application, role, key).is_some()
        })
    }

    /// Whether a place refuses to be written at a moment.
    fn is_down(&self, origin: Origin, at: Timestamp) -> bool {
        let mut outages = self.outages.iter();
        outages.any(|outage| outage.origin == origin && outage.until.is_none_or(|until| at < until))
    }

    /// Whether a place can be written at all: it is there, and neither a rule nor another directory rules it.
    fn check_writable(&self, grant: Grant, at: Timestamp) -> Result<(), NotWritten> {
        if self.is_down(grant.origin, at) {
            return Err(NotWritten::Refused);
        }
        let locked = match (grant.origin, grant.role) {
            (Origin::Group(key), role) => self.groups.get(key).is_none_or(|group| {
                group.is_synchronized || group.is_dynamic() && role == RoleKind::Member
            }),
            _ => false,
        };
        if locked {
            Err(NotWritten::Impossible)
        } else {
            Ok(())
        }
    }

    /// Gives somebody a role; what they have already counts as given (DEL-1).
    pub(crate) fn give(&mut self, at: Timestamp, who: Key, grant: Grant) -> Result<(), NotWritten> {
        self.check_writable(grant, at)?;
        if self.users.get(who).is_none_or(|user| user.is_purged) {
            return Err(NotWritten::Impossible);
        }
        if let (Origin::Application(application), RoleKind::App(role)) = (grant.origin, grant.role)
        {
            let known = self.service_principals.get(application);
            let offered = known.is_some_and(|known| {
                let mut roles = known.roles_for_people().into_iter();
                roles.any(|(id, ..)| id == role)
            });
            if !offered {
                return Err(NotWritten::Impossible);
            }
            if self.app_role_assignment(application, role, who).is_none() {
                self.insert_app_role_assignment(AppRoleAssignment {
                    principal: who,
                    application,
                    role,
                    created: at,
                });
            }
            return Ok(());
        }
        let roster = self.roster_mut(grant).ok_or(NotWritten::Impossible)?;
        roster.insert(who);
        Ok(())
    }

    /// Takes a role away; what is not there counts as taken. That it was held before is not remembered (DEL-4).
    pub(crate) fn take(&mut self, at: Timestamp, who: Key, grant: Grant) -> Result<(), NotWritten> {
        if !self.holds_directly(who, grant) {
            return Ok(());
        }
        self.check_writable(grant, at)?;
        if let (Origin::Application(application), RoleKind::App(role)) = (grant.origin, grant.role)
        {
            // DEL-10: what comes by way of a group is another row.
            if let Some(key) = self.app_role_assignment(application, role, who) {
                self.remove_app_role_assignment(key);
            }
        } else if let Some(roster) = self.roster_mut(grant) {
            roster.remove(&who);
        }
        Ok(())
    }

    pub(crate) fn insert_app_role_assignment(&mut self, row: AppRoleAssignment) -> Key {
        let key = self.ids.next();
        self.links.app_role_assignment(key, &row);
        self.app_role_assignments.insert(key, row);
        key
    }

    pub(crate) fn remove_app_role_assignment(&mut self, key: Key) {
        if let Some(row) = self.app_role_assignments.remove(key) {
            self.links.app_roles_of_principal.remove(row.principal, key);
            if let Some(holders) = self
                .links
                .app_roles_of_application
                .get_mut(&row.application)
            {
                holders.remove(&key);
            }
        }
    }

    /// Takes everything away that somebody holds anywhere, as when their account is gone for good.
    pub(crate) fn forget_holder(&mut self, who: Key) {
        for (_, group) in self.groups.iter_mut() {
            group.members.remove(&who);
            group.owners.remove(&who);
            if let Some(eligible) = &mut group.eligible {
                eligible.members.remove(&who);
                eligible.owners.remove(&who);
            }
        }
        for (_, site) in self.sites.iter_mut() {
            for role in &mut site.roles {
                role.holders.remove(&who);
            }
        }
        for (_, role) in self.directory_roles.iter_mut() {
            role.active.remove(&who);
            role.eligible.remove(&who);
        }
        for key in self.links.app_roles_of_principal.of(who).to_vec() {
            self.remove_app_role_assignment(key);
        }
    }
}
