//! Resources of a catalog, their roles and scopes, and the requests that add or remove them.
//!
//! A [`Resource`] stands for something elsewhere: a group, an application, a site. Its [`ResourceRole`]s say what one
//! can be there, its [`ResourceScope`]s where; a package grants [`RoleScope`]s, pairs of the two. Resources come into
//! a catalog, and leave it, by a [`ResourceRequest`].
//!
//! ```
//! use entitlement_core::catalog::Catalog;
//! use entitlement_core::directory::Group;
//! use entitlement_core::entity::Id;
//! use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin};
//!
//! let catalog: Id<Catalog> = "b1bf99ed-99ed-b1bf-ed99-bfb1ed99bfb1".parse()?;
//! let group: Id<Group> = "b320ee12-b1cd-4cca-b648-a437be61c5cd".parse()?;
//! let request = ResourceRequestDraft::add_group(&catalog, &group);
//! assert_eq!(
//!     RoleOrigin::member_of(&group).to_string(),
//!     "Member_b320ee12-b1cd-4cca-b648-a437be61c5cd"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::directory::Group;
use crate::entity::{Creatable, Deletable, Entity, Id, Link, Listable};
use crate::request::{RequestState, RequestType};
use crate::time::Timestamp;
use crate::wire::Expandable;
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

/// A resource of a catalog
/// ([accessPackageResource](https://learn.microsoft.com/graph/api/resources/accesspackageresource)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Resource {
    /// The resource's id in entitlement management; not the id of the group or application.
    pub id: Id<Resource>,
    /// The name people see; it may lag behind the name in the origin system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its id in the origin system: of the group or service principal, or the site's URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// Where it lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_system: Option<OriginSystem>,
    /// When it came into the catalog.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_date_time: Option<Timestamp>,
    /// What one can be there.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub roles: Expandable<Vec<ResourceRole>>,
    /// Where one can be it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub scopes: Expandable<Vec<ResourceScope>>,
}

impl Entity for Resource {
    const TYPE: &'static str = "accessPackageResource";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/resources";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Resource {}

impl Resource {
    /// The role with this identity, among the expanded roles.
    pub fn role(&self, origin: &RoleOrigin) -> Option<&ResourceRole> {
        let origin = origin.to_string();
        self.roles
            .items()
            .iter()
            .find(|role| role.origin_id.as_deref() == Some(&origin))
    }

    /// The scope that covers the whole resource, among the expanded scopes (OBJ-33).
    pub fn root_scope(&self) -> Option<&ResourceScope> {
        self.scopes
            .items()
            .iter()
            .find(|scope| scope.is_root_scope == Some(true))
    }
}

/// What one can be in a resource
/// ([accessPackageResourceRole](https://learn.microsoft.com/graph/api/resources/accesspackageresourcerole)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceRole {
    /// The role's id; all zeros before its first use (OBJ-34), so compare by `origin_id`.
    pub id: Id<ResourceRole>,
    /// The name people see: `Member`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its identity: see [`RoleOrigin`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// Where it lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_system: Option<OriginSystem>,
    /// How it is held.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RoleType>,
    /// The resource it belongs to.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource: Expandable<Box<Resource>>,
}

impl Entity for ResourceRole {
    const TYPE: &'static str = "accessPackageResourceRole";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/resourceRoles";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ResourceRole {}

/// Where in a resource a role holds
/// ([accessPackageResourceScope](https://learn.microsoft.com/graph/api/resources/accesspackageresourcescope)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceScope {
    /// The scope's id.
    pub id: Id<ResourceScope>,
    /// The name people see: `Root`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its id in the origin system; the root scope has that of the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// Where it lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_system: Option<OriginSystem>,
    /// Whether it covers the whole resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_root_scope: Option<bool>,
    /// The resource it belongs to.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource: Expandable<Box<Resource>>,
}

impl Entity for ResourceScope {
    const TYPE: &'static str = "accessPackageResourceScope";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/resourceScopes";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ResourceScope {}

/// The identity of a role in its origin system (`originId`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RoleOrigin {
    /// Member of a group: `Member_<group id>`.
    Member(Id<Group>),
    /// Owner of a group: `Owner_<group id>`.
    Owner(Id<Group>),
    /// Any other role by its own id: an app role's GUID, a site role's number.
    Other(String),
}

impl RoleOrigin {
    /// Member of a group.
    pub fn member_of(group: &Id<Group>) -> Self {
        Self::Member(group.clone())
    }

    /// Owner of a group.
    pub fn owner_of(group: &Id<Group>) -> Self {
        Self::Owner(group.clone())
    }
}

impl Display for RoleOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(group) => write!(f, "Member_{group}"),
            Self::Owner(group) => write!(f, "Owner_{group}"),
            Self::Other(id) => f.write_str(id),
        }
    }
}

impl From<&str> for RoleOrigin {
    fn from(text: &str) -> Self {
        let group = |prefix: &str| text.strip_prefix(prefix)?.parse().ok();
        if let Some(group) = group("Member_") {
            Self::Member(group)
        } else if let Some(group) = group("Owner_") {
            Self::Owner(group)
        } else {
            Self::Other(text.to_owned())
        }
    }
}

/// A role in a scope: what a package grants
/// ([accessPackageResourceRoleScope](https://learn.microsoft.com/graph/api/resources/accesspackageresourcerolescope)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RoleScope {
    /// The pair's id, made from those of role and scope.
    pub id: Id<RoleScope>,
    /// When the package began to grant it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<Timestamp>,
    /// The role.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub role: Expandable<ResourceRole>,
    /// The scope.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub scope: Expandable<ResourceScope>,
}

impl Entity for RoleScope {
    const TYPE: &'static str = "accessPackageResourceRoleScope";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/resourceRoleScopes";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Creatable for RoleScope {
    type Draft = RoleScopeDraft;
}

impl Deletable for RoleScope {}

/// A role in a scope to be granted by a package
/// ([create resourceRoleScope](https://learn.microsoft.com/graph/api/accesspackage-post-resourcerolescopes)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleScopeDraft {
    role: RolePart,
    scope: ScopePart,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct RolePart {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id<ResourceRole>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    origin_id: String,
    origin_system: OriginSystem,
    resource: Link<Resource>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ScopePart {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id<ResourceScope>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_id: Option<String>,
    origin_system: OriginSystem,
    is_root_scope: bool,
}

impl RoleScopeDraft {
    /// A role of a resource, in the scope that covers the whole resource.
    ///
    /// The resource should have been read with `$expand=roles,scopes`: ids are sent along where they are known.
    pub fn whole_resource(resource: &Resource, role: &RoleOrigin) -> Self {
        let known_role = resource.role(role);
        let root = resource.root_scope();
        let origin_system = resource
            .origin_system
            .clone()
            .unwrap_or(OriginSystem::AadGroup);
        Self {
            role: RolePart {
                // All zeros are no id yet (OBJ-34).
                id: known_role
                    .map(|role| role.id.clone())
                    .filter(|id| id.as_uuid().is_none_or(|guid| !guid.is_nil())),
                display_name: known_role.and_then(|role| role.display_name.clone()),
                origin_id: role.to_string(),
                origin_system: origin_system.clone(),
                resource: resource.id.clone().into(),
            },
            scope: ScopePart {
                id: root.map(|scope| scope.id.clone()),
                origin_id: root
                    .and_then(|scope| scope.origin_id.clone())
                    .or_else(|| resource.origin_id.clone()),
                origin_system,
                is_root_scope: true,
            },
        }
    }
}

/// A request to bring a resource into a catalog or take it out
/// ([accessPackageResourceRequest](https://learn.microsoft.com/graph/api/resources/accesspackageresourcerequest)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceRequest {
    /// The request's id.
    pub id: Id<ResourceRequest>,
    /// Add, update or remove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_type: Option<RequestType>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RequestState>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<Timestamp>,
    /// The catalog.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub catalog: Expandable<Catalog>,
    /// The resource.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource: Expandable<Resource>,
}

impl Entity for ResourceRequest {
    const TYPE: &'static str = "accessPackageResourceRequest";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/resourceRequests";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ResourceRequest {}

impl Creatable for ResourceRequest {
    type Draft = ResourceRequestDraft;
}

/// A request about a resource to be made
/// ([create resourceRequest](https://learn.microsoft.com/graph/api/entitlementmanagement-post-resourcerequests)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRequestDraft {
    request_type: RequestType,
    catalog: Link<Catalog>,
    resource: ResourcePart,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum ResourcePart {
    Origin {
        #[serde(rename = "originId")]
        origin_id: String,
        #[serde(rename = "originSystem")]
        origin_system: OriginSystem,
    },
    Known(Link<Resource>),
}

impl ResourceRequestDraft {
    /// Brings a group into a catalog (OBJ-20).
    pub fn add_group(catalog: &Id<Catalog>, group: &Id<Group>) -> Self {
        Self::add(catalog, OriginSystem::AadGroup, group.to_string())
    }

    /// Brings something into a catalog: a service principal's id, a site's URL, a role definition's id.
    pub fn add(
        catalog: &Id<Catalog>,
        origin_system: OriginSystem,
        origin_id: impl Into<String>,
    ) -> Self {
        Self {
            request_type: RequestType::AdminAdd,
            catalog: catalog.clone().into(),
            resource: ResourcePart::Origin {
                origin_id: origin_id.into(),
                origin_system,
            },
        }
    }

    /// Takes a resource out of a catalog (OBJ-21); refused while a package grants it (OBJ-24).
    pub fn remove(catalog: &Id<Catalog>, resource: &Id<Resource>) -> Self {
        Self {
            request_type: RequestType::AdminRemove,
            catalog: catalog.clone().into(),
            resource: ResourcePart::Known(resource.clone().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_origins_print_and_read() {
        for text in ["Member_g1", "Owner_g1", "4", "Member_"] {
            assert_eq!(RoleOrigin::from(text).to_string(), text);
        }
        assert!(matches!(RoleOrigin::from("Owner_g1"), RoleOrigin::Owner(_)));
    }
}
