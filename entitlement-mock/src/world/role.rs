//! Who holds which role in entitlement management, and where.

use entitlement_graph::permission::Role;
use serde::{Deserialize, Serialize};

use super::table::Key;

/// A role that somebody holds in a catalog, or in the whole tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleAssignment {
    pub(crate) principal: Key,
    /// The id of the role's definition.
    pub(crate) definition: Key,
    /// Nothing for the whole tenant.
    pub(crate) catalog: Option<Key>,
}

/// The roles that can be given out.
pub(crate) const ROLES: [Role; 5] = [
    Role::CatalogCreator,
    Role::CatalogOwner,
    Role::CatalogReader,
    Role::AccessPackageManager,
    Role::AccessPackageAssignmentManager,
];

impl RoleAssignment {
    pub(crate) fn role(&self) -> Option<Role> {
        role(self.definition)
    }
}

/// The role of a definition.
pub(crate) fn role(definition: Key) -> Option<Role> {
    let mut roles = ROLES.into_iter();
    roles.find(|role| role.definition_id() == Some(definition))
}
