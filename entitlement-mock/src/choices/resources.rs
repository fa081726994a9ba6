//! Which roles resources have, and how well the service knows them.

use serde::{Deserialize, Serialize};

/// Open questions about resources, and oddities that have been seen and can be switched on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ResourceChoices {
    /// Whether groups that privileged identity management looks after have eligible roles too, under the names
    /// `EligibleMember_<id>` and `EligibleOwner_<id>`, which are this tenant's own (U-2).
    pub eligible_group_roles: bool,
    /// Which ids roles have that no package grants yet (OBJ-34).
    pub unused_roles: UnusedRoles,
    /// What becomes of directory roles that are privileged (OBJ-36).
    pub privileged_roles: PrivilegedRoles,
    /// Whether resources have the names that their origins have now; otherwise they lag behind until `refresh`
    /// (P27).
    pub names_keep_up: bool,
    /// What expanding the roles of an application gives: nothing, as has been seen, so that only the catalog's
    /// `resourceRoles` lists them (P4).
    pub application_roles_expand_empty: bool,
}

/// Which ids roles have that no package grants yet (OBJ-34).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum UnusedRoles {
    /// Their own.
    #[default]
    HaveIds,
    /// Zeros, as has been seen, so that they are known by `originId` only.
    HaveZeros,
}

/// What becomes of directory roles that are privileged (OBJ-36).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PrivilegedRoles {
    /// Packages can make people eligible for them, but not give them at once.
    #[default]
    EligibleOnly,
    /// They cannot be brought into a catalog, as is said of newer tenants.
    Refused,
}
