//! Catalogs and what is in them: resources, packages, policies.

use entitlement_core::catalog::{CatalogState, CatalogType};
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::request::RequestType;
use entitlement_core::resource::OriginSystem;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::directory::GroupRole;
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

/// A group as a resource of a catalog.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resource {
    pub(crate) catalog: Key,
    pub(crate) origin_system: OriginSystem,
    /// The group.
    pub(crate) origin: Key,
    /// The group's name when it was added; it lags behind later changes (P27).
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) roles: Vec<Role>,
    /// The id of the root scope, which covers the whole resource (OBJ-33).
    pub(crate) root_scope: Key,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Role {
    pub(crate) id: Key,
    pub(crate) kind: GroupRole,
}

/// A request about a resource; it is carried out at once (OBJ-20).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceRequest {
    pub(crate) kind: RequestType,
    pub(crate) catalog: Key,
    pub(crate) resource: Key,
    pub(crate) created: Timestamp,
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
}
