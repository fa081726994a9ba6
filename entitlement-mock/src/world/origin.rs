//! Where what a package grants really is: in groups, applications, sites and directory roles.

use entitlement_core::resource::{OriginSystem, RoleType};
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::Key;

/// Something outside of entitlement management that a resource or a scope stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Origin {
    Group(Key),
    /// An application, by its service principal.
    Application(Key),
    Site(Key),
    DirectoryRole(Key),
}

impl Origin {
    pub(crate) fn system(self) -> OriginSystem {
        match self {
            Self::Group(_) => OriginSystem::AadGroup,
            Self::Application(_) => OriginSystem::AadApplication,
            Self::Site(_) => OriginSystem::SharePointOnline,
            Self::DirectoryRole(_) => OriginSystem::DirectoryRole,
        }
    }

    pub(crate) fn key(self) -> Key {
        match self {
            Self::Group(key)
            | Self::Application(key)
            | Self::Site(key)
            | Self::DirectoryRole(key) => key,
        }
    }
}

/// What one can be somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RoleKind {
    Member,
    Owner,
    /// May become a member of a group that privileged identity management looks after (U-2).
    EligibleMember,
    EligibleOwner,
    /// An app role, by its id; all zeros where the application defines none.
    App(Key),
    /// A permission level of a site, by its number.
    Site(u32),
    Active,
    Eligible,
}

impl RoleKind {
    /// The role's identity in its origin system (1.4).
    pub(crate) fn origin_id(self, origin: Key) -> String {
        match self {
            Self::Member => format!("Member_{origin}"),
            Self::Owner => format!("Owner_{origin}"),
            Self::EligibleMember => format!("EligibleMember_{origin}"),
            Self::EligibleOwner => format!("EligibleOwner_{origin}"),
            Self::App(role) => role.to_string(),
            Self::Site(number) => number.to_string(),
            Self::Active => "Active".to_owned(),
            Self::Eligible => "Eligible".to_owned(),
        }
    }

    /// How the role is held, where that is a question (OBJ-35).
    pub(crate) fn held(self) -> Option<RoleType> {
        match self {
            Self::EligibleMember | Self::EligibleOwner | Self::Eligible => Some(RoleType::Eligible),
            Self::Active => Some(RoleType::Active),
            Self::Member | Self::Owner | Self::App(_) | Self::Site(_) => None,
        }
    }
}

/// A role somewhere: what people hold, and what packages make them hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Grant {
    pub(crate) origin: Origin,
    pub(crate) role: RoleKind,
}

/// A place that refuses to be written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outage {
    pub(crate) origin: Origin,
    /// When it is over; `None` if nobody knows.
    pub(crate) until: Option<Timestamp>,
}
