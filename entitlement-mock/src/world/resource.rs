//! Resources of catalogs, and the requests that bring, change and remove them.

use entitlement_core::request::RequestType;
use entitlement_core::resource::ResourceAttribute;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::origin::{Origin, RoleKind};
use super::table::Key;

/// Something from elsewhere that packages of a catalog may grant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resource {
    pub(crate) catalog: Key,
    pub(crate) origin: Origin,
    /// Its id in the origin system: of the group, service principal or role definition, or the site's URL.
    pub(crate) origin_id: String,
    /// The name it had when it was added; it lags behind later changes (P27).
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) roles: Vec<Role>,
    /// Where roles hold: the root scope first, which covers the whole resource (OBJ-33).
    pub(crate) scopes: Vec<Scope>,
    /// What it requires of whoever gets it (OBJ-31).
    pub(crate) attributes: Vec<ResourceAttribute>,
    pub(crate) environment: Option<Key>,
}

impl Resource {
    pub(crate) fn role(&self, id: Key) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    pub(crate) fn scope(&self, id: Key) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.id == id)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Role {
    pub(crate) id: Key,
    pub(crate) kind: RoleKind,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
}

/// Where a role holds: the whole resource, or a part of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scope {
    pub(crate) id: Key,
    pub(crate) origin: Origin,
    pub(crate) origin_id: String,
    pub(crate) display_name: String,
    pub(crate) is_root: bool,
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
