//! Where resources live, and how their roles are named there.

use std::fmt::{self, Display};

use uuid::Uuid;

use crate::directory::Group;
use crate::entity::Id;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// Where a resource lives (`originSystem`).
    OriginSystem = "originSystem" {
        /// A group, with or without a Team.
        AadGroup = "AadGroup",
        /// An application.
        AadApplication = "AadApplication",
        /// A SharePoint Online site.
        SharePointOnline = "SharePointOnline",
        /// A directory role.
        DirectoryRole = "DirectoryRole",
    }
}

open_enum! {
    /// How a role is held (`roleType`).
    RoleType = "roleType" {
        /// At once.
        Active = "active",
        /// After activating it.
        Eligible = "eligible",
        /// By an application.
        Application = "application",
        /// On behalf of a person.
        Delegated = "delegated",
    }
}

/// The identity of a role in its origin system (`originId`).
///
/// The text alone tells the systems apart: groups name a role and the group, applications have GUIDs, sites have
/// numbers, directory roles are held in one of two ways.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RoleOrigin {
    /// Member of a group: `Member_<group id>`.
    Member(Id<Group>),
    /// Owner of a group: `Owner_<group id>`.
    Owner(Id<Group>),
    /// Eligible to become a member of a group: `EligibleMember_<group id>`. No page says how the service spells it
    /// (U-2): where it spells it otherwise, this is [`RoleOrigin::Other`].
    EligibleMember(Id<Group>),
    /// Eligible to become an owner of a group: `EligibleOwner_<group id>`; see [`RoleOrigin::EligibleMember`].
    EligibleOwner(Id<Group>),
    /// An app role of an application, by its GUID.
    AppRole(Uuid),
    /// A permission level of a SharePoint site, by its number.
    SiteRole(u32),
    /// A directory role, held at once: `Active`.
    ActiveDirectoryRole,
    /// A directory role, held after activating it: `Eligible`. Privileged roles can be held no other way (OBJ-36).
    EligibleDirectoryRole,
    /// Any other role, by its own id.
    Other(String),
}

impl RoleOrigin {
    /// Member of a group.
    pub fn member_of(group: &Id<Group>) -> Self {
        Self::Member(group.clone())
    }

    /// Owner of a group; the only role of a group with dynamic membership (OBJ-29).
    pub fn owner_of(group: &Id<Group>) -> Self {
        Self::Owner(group.clone())
    }

    /// Eligible to become a member of a group.
    pub fn eligible_member_of(group: &Id<Group>) -> Self {
        Self::EligibleMember(group.clone())
    }

    /// Eligible to become an owner of a group.
    pub fn eligible_owner_of(group: &Id<Group>) -> Self {
        Self::EligibleOwner(group.clone())
    }

    /// The group it is a role in, if it is one.
    pub fn group(&self) -> Option<&Id<Group>> {
        match self {
            Self::Member(group)
            | Self::Owner(group)
            | Self::EligibleMember(group)
            | Self::EligibleOwner(group) => Some(group),
            _ => None,
        }
    }

    /// Where a role with such an identity lives, if that can be told.
    pub fn origin_system(&self) -> Option<OriginSystem> {
        match self {
            Self::Member(_) | Self::Owner(_) | Self::EligibleMember(_) | Self::EligibleOwner(_) => {
                Some(OriginSystem::AadGroup)
            }
            Self::AppRole(_) => Some(OriginSystem::AadApplication),
            Self::SiteRole(_) => Some(OriginSystem::SharePointOnline),
            Self::ActiveDirectoryRole | Self::EligibleDirectoryRole => {
                Some(OriginSystem::DirectoryRole)
            }
            Self::Other(_) => None,
        }
    }
}

impl Display for RoleOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(group) => write!(f, "Member_{group}"),
            Self::Owner(group) => write!(f, "Owner_{group}"),
            Self::EligibleMember(group) => write!(f, "EligibleMember_{group}"),
            Self::EligibleOwner(group) => write!(f, "EligibleOwner_{group}"),
            Self::AppRole(role) => role.fmt(f),
            Self::SiteRole(number) => number.fmt(f),
            Self::ActiveDirectoryRole => f.write_str("Active"),
            Self::EligibleDirectoryRole => f.write_str("Eligible"),
            Self::Other(id) => f.write_str(id),
        }
    }
}

impl From<&str> for RoleOrigin {
    fn from(text: &str) -> Self {
        let read = match text.split_once('_') {
            Some(("Member", group)) => group.parse().ok().map(Self::Member),
            Some(("Owner", group)) => group.parse().ok().map(Self::Owner),
            Some(("EligibleMember", group)) => group.parse().ok().map(Self::EligibleMember),
            Some(("EligibleOwner", group)) => group.parse().ok().map(Self::EligibleOwner),
            _ if text == "Active" => Some(Self::ActiveDirectoryRole),
            _ if text == "Eligible" => Some(Self::EligibleDirectoryRole),
            _ => (Uuid::try_parse(text).ok().map(Self::AppRole))
                .or_else(|| text.parse().ok().map(Self::SiteRole)),
        };
        // An identity goes back as it came: another spelling of a GUID or a number is one of its own.
        read.filter(|origin| origin.to_string() == text)
            .unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_origins_print_and_read() {
        use OriginSystem as S;
        for (text, system) in [
            ("Member_g1", Some(S::AadGroup)),
            ("Owner_g1", Some(S::AadGroup)),
            ("EligibleMember_g1", Some(S::AadGroup)),
            ("EligibleOwner_g1", Some(S::AadGroup)),
            (
                "b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1",
                Some(S::AadApplication),
            ),
            ("4", Some(S::SharePointOnline)),
            ("Active", Some(S::DirectoryRole)),
            ("Eligible", Some(S::DirectoryRole)),
            ("B1BF99ED-99ED-41BF-AD99-BFB1ED99BFB1", None),
            ("007", None),
            ("+7", None),
            ("Member_", None),
            ("Guest_g1", None),
            ("", None),
        ] {
            let origin = RoleOrigin::from(text);
            assert_eq!(origin.to_string(), text);
            assert_eq!(origin.origin_system(), system, "{text}");
        }
    }
}
