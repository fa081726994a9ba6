//! People and groups of the directory.

use entitlement_core::directory::UserType;
use entitlement_core::time::Timestamp;
use indexmap::IndexSet;
use serde::{Deserialize, Serialize};

use super::table::Key;

/// A person's account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    /// Entitlement management's own record of the person has its own id (ORG-7).
    pub(crate) subject: Key,
    pub(crate) principal_name: String,
    pub(crate) display_name: String,
    pub(crate) mail: Option<String>,
    pub(crate) job_title: Option<String>,
    pub(crate) department: Option<String>,
    pub(crate) kind: UserType,
    pub(crate) is_enabled: bool,
    /// Holds a directory role that may do everything in entitlement management (ROLE-1).
    pub(crate) is_administrator: bool,
    pub(crate) manager: Option<Key>,
    pub(crate) created: Timestamp,
}

/// A group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Group {
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) mail_nickname: String,
    pub(crate) mail_enabled: bool,
    pub(crate) security_enabled: bool,
    pub(crate) types: Vec<String>,
    /// Fixed when the group is made.
    pub(crate) is_assignable_to_role: Option<bool>,
    pub(crate) created: Timestamp,
    pub(crate) members: IndexSet<Key>,
    pub(crate) owners: IndexSet<Key>,
}

/// What one can be in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum GroupRole {
    Member,
    Owner,
}

impl GroupRole {
    pub(crate) const ALL: [Self; 2] = [Self::Member, Self::Owner];

    pub(crate) fn display_name(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Owner => "Owner",
        }
    }

    /// The role's identity: `Member_<group id>`.
    pub(crate) fn origin_id(self, group: Key) -> String {
        format!("{}_{group}", self.display_name())
    }
}

impl Group {
    pub(crate) fn holders_mut(&mut self, role: GroupRole) -> &mut IndexSet<Key> {
        match role {
            GroupRole::Member => &mut self.members,
            GroupRole::Owner => &mut self.owners,
        }
    }
}
