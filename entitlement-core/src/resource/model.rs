//! Resources, what one can be in them, where, and in which environment they live; these types mention each other.

use serde::{Deserialize, Serialize};

use super::attribute::ResourceAttribute;
use super::origin::{OriginSystem, RoleOrigin, RoleType};
use super::upload::UploadSession;
use crate::catalog::Catalog;
use crate::entity::{Entity, Id, Listable};
use crate::time::Timestamp;
use crate::wire::{DecodeError, Expandable};

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
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub modified_date_time: Option<Timestamp>,
    /// What it requires of whoever gets it (OBJ-31).
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub attributes: Vec<ResourceAttribute>,
    /// The environment it lives in; for sites of organisations in several regions.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub environment: Expandable<Box<ResourceEnvironment>>,
    /// What one can be there.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub roles: Expandable<Vec<ResourceRole>>,
    /// Where one can be it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub scopes: Expandable<Vec<ResourceScope>>,
    /// Uploads of access data that the service cannot ask for itself.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub upload_sessions: Expandable<Vec<UploadSession>>,
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

    /// The resources of a catalog that was read with `$expand=resources`; `None` where they were not expanded.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with the JSON path in the catalog if one of them is not what it should be.
    pub fn expanded_in(catalog: &Catalog) -> Result<Option<Vec<Self>>, DecodeError> {
        catalog.unknown.expanded("resources")
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

impl ResourceRole {
    /// The roles of a catalog that was read with `$expand=resourceRoles`; `None` where they were not expanded.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with the JSON path in the catalog if one of them is not what it should be.
    pub fn expanded_in(catalog: &Catalog) -> Result<Option<Vec<Self>>, DecodeError> {
        catalog.unknown.expanded("resourceRoles")
    }
}

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

impl ResourceScope {
    /// The scopes of a catalog that was read with `$expand=resourceScopes`; `None` where they were not expanded.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with the JSON path in the catalog if one of them is not what it should be.
    pub fn expanded_in(catalog: &Catalog) -> Result<Option<Vec<Self>>, DecodeError> {
        catalog.unknown.expanded("resourceScopes")
    }
}

/// Where resources of one system live, if it has more than one such place: a region of SharePoint Online
/// ([accessPackageResourceEnvironment](https://learn.microsoft.com/graph/api/resources/accesspackageresourceenvironment)).
///
/// The service lists environments only for `$filter=originSystem eq 'SharePointOnline'`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceEnvironment {
    /// The environment's id.
    pub id: Id<ResourceEnvironment>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its id in the origin system: the URL of the region's root site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// The system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_system: Option<OriginSystem>,
    /// Whether resources live here unless it is said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_default_environment: Option<bool>,
    /// How it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_info: Option<ConnectionInfo>,
    /// When it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub modified_date_time: Option<Timestamp>,
    /// The resources that live in it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resources: Expandable<Vec<Resource>>,
}

impl Entity for ResourceEnvironment {
    const TYPE: &'static str = "accessPackageResourceEnvironment";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/resourceEnvironments";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ResourceEnvironment {}

/// How an environment is reached
/// ([connectionInfo](https://learn.microsoft.com/graph/api/resources/connectioninfo)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConnectionInfo {
    /// The URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn resources_and_environments_hold_each_other() {
        let resource = json!({
            "id": "r1",
            "originSystem": "SharePointOnline",
            "originId": "https://contoso.sharepoint.com/sites/clients",
            "attributes": [{
                "name": "officeLocation",
                "source": {
                    "@odata.type": "#microsoft.graph.accessPackageResourceAttributeQuestion",
                    "question": {
                        "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
                        "id": "q1",
                        "text": "Where do you work?"
                    }
                },
                "destination": {"@odata.type": "#microsoft.graph.accessPackageUserDirectoryAttributeStore"},
                "isEditable": true,
                "isPersistedOnAssignmentRemoval": false
            }],
            "environment": {
                "id": "e1",
                "isDefaultEnvironment": true,
                "connectionInfo": {"url": "https://contoso.sharepoint.com"},
                "resources": [{"id": "r1"}]
            },
            "uploadSessions": []
        });
        let read: Resource = crate::wire::decode_value(resource.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), resource);

        let mut broken = resource;
        broken["environment"]["resources"][0]["id"] = 5.into();
        let error = crate::wire::decode_value::<Resource>(broken).unwrap_err();
        assert_eq!(error.path(), "environment.resources[0].id");
    }

    #[test]
    fn what_a_catalog_was_expanded_with_is_found_in_it() {
        let catalog = |resources| -> Catalog {
            crate::wire::decode_value(json!({"id": "c1", "resources": resources})).unwrap()
        };
        let resources = Resource::expanded_in(&catalog(json!([{"id": "r1"}]))).unwrap();
        assert_eq!(resources.unwrap()[0].id.to_string(), "r1");
        assert_eq!(ResourceRole::expanded_in(&catalog(json!([]))), Ok(None));
        let error = Resource::expanded_in(&catalog(json!([{"id": "r1"}, {"id": 2}]))).unwrap_err();
        assert_eq!(error.path(), "resources[1].id");
    }
}
