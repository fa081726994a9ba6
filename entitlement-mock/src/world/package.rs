//! Catalogs, and the packages and policies in them.

use entitlement_core::catalog::{CatalogState, CatalogType};
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::Key;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Catalog {
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) kind: CatalogType,
    pub(crate) state: CatalogState,
    pub(crate) is_externally_visible: bool,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Package {
    pub(crate) catalog: Key,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) is_hidden: bool,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) role_scopes: Vec<RoleScope>,
    /// Packages whose holders may not ask for this one; it does not hold the other way (SOD-1, SOD-2).
    pub(crate) incompatible_packages: Vec<Key>,
    /// Groups whose members may not ask for it.
    pub(crate) incompatible_groups: Vec<Key>,
}

/// A role in a scope that a package grants.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleScope {
    pub(crate) resource: Key,
    pub(crate) role: Key,
    pub(crate) scope: Key,
    pub(crate) created: Timestamp,
}

impl RoleScope {
    /// `<role>_<scope>` (OBJ-47).
    pub(crate) fn id(&self) -> String {
        format!("{}_{}", self.role, self.scope)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Policy {
    pub(crate) package: Key,
    /// The policy as it was written, with the questions and without links.
    pub(crate) settings: AssignmentPolicy,
    /// The review that its settings ask for (REV-10).
    #[serde(default)]
    pub(crate) review: Option<Key>,
}
