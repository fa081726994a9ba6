//! What a package grants: a role in a scope.

use serde::{Deserialize, Serialize};

use super::model::{Resource, ResourceRole, ResourceScope};
use super::origin::{OriginSystem, RoleOrigin};
use crate::entity::{Creatable, Deletable, Entity, Id, Link};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::Expandable;

/// A role in a scope: what a package grants
/// ([accessPackageResourceRoleScope](https://learn.microsoft.com/graph/api/resources/accesspackageresourcerolescope)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RoleScope {
    /// The pair's id, made from those of role and scope.
    pub id: Id<RoleScope>,
    /// When the package began to grant it.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_system: Option<OriginSystem>,
    resource: Link<Resource>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ScopePart {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id<ResourceScope>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_system: Option<OriginSystem>,
    is_root_scope: bool,
}

impl RoleScopeDraft {
    /// A role of a resource, in the scope that covers the whole resource.
    ///
    /// The resource should have been read with `$expand=roles,scopes`: ids are sent along where they are known.
    ///
    /// ```
    /// use entitlement_core::resource::{Resource, RoleOrigin, RoleScopeDraft};
    ///
    /// let admins: Resource =
    ///     serde_json::from_str(r#"{"id": "r1", "originId": "g1", "originSystem": "AadGroup"}"#)?;
    /// let member = RoleScopeDraft::whole_resource(&admins, &RoleOrigin::member_of(&"g1".parse()?))?;
    ///
    /// let of_others = RoleOrigin::member_of(&"g2".parse()?);
    /// let refused = RoleScopeDraft::whole_resource(&admins, &of_others).unwrap_err();
    /// assert_eq!(refused.violations()[0].path(), "role.originId");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a resource that was read without what identifies it, a role with a blank id, and a role that
    /// belongs to another group or to something in another system (OBJ-47).
    pub fn whole_resource(resource: &Resource, role: &RoleOrigin) -> Result<Self, Invalid> {
        let known_role = resource.role(role);
        let root = resource.root_scope();
        let origin_system = resource
            .origin_system
            .clone()
            .or_else(|| role.origin_system());
        let scope_origin = root
            .and_then(|scope| scope.origin_id.as_ref())
            .or(resource.origin_id.as_ref())
            .filter(|id| !id.trim().is_empty());
        let mut checker = Checker::new();
        checker.field("role", |c| {
            check_role(resource, role, c);
            c.ensure(
                "originSystem",
                origin_system.is_some(),
                "OBJ-47",
                "is missing",
                "read the resource with originSystem",
            );
        });
        checker.ensure(
            "scope.originId",
            root.is_some() || scope_origin.is_some(),
            "OBJ-47",
            "is missing",
            "read the resource with originId, or expand its scopes",
        );
        checker.finish(RoleScope::TYPE)?;
        Ok(Self {
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
                origin_id: scope_origin.cloned(),
                origin_system,
                is_root_scope: true,
            },
        })
    }
}

/// OBJ-47: a role of the resource itself, as far as its identity shows it. What the service lists among the resource's
/// roles is one, however it is named.
fn check_role(resource: &Resource, role: &RoleOrigin, checker: &mut Checker) {
    checker.forbid(
        "originId",
        role.to_string().trim().is_empty(),
        "OBJ-47",
        "is blank",
        "give the role's id in the origin system",
    );
    if let Some(known) = resource.role(role) {
        let its_resource = known.resource.loaded();
        checker.ensure(
            "resource",
            its_resource.is_none_or(|other| other.id == resource.id),
            "OBJ-47",
            "is another one than that of the role",
            "use a role of the resource",
        );
        return;
    }
    // Ids in systems that this version does not know may look like anything.
    let system = (resource.origin_system.as_ref())
        .filter(|system| !matches!(system, OriginSystem::Unknown(_)));
    let elsewhere = (role.origin_system()).filter(|its| system.is_some_and(|system| its != system));
    if let (Some(its), Some(system)) = (elsewhere, system) {
        checker.ensure(
            "originId",
            false,
            "OBJ-47",
            format!("is a role in {its}, and the resource lives in {system}"),
            "use a role of the resource",
        );
    } else if let (Some(group), Some(origin)) = (role.group(), &resource.origin_id) {
        checker.ensure(
            "originId",
            group.to_string().eq_ignore_ascii_case(origin),
            "OBJ-47",
            format!("is a role in the group {group}, and the resource is {origin}"),
            "use a role of the resource",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_are_sent_along_once_the_service_has_given_them() {
        let mut resource = json!({
            "id": "r1",
            "originId": "a1",
            "roles": [{
                "id": "00000000-0000-0000-0000-000000000000",
                "displayName": "Reader",
                "originId": "b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1"
            }]
        });
        let sent = |resource: &serde_json::Value| {
            let resource: Resource = crate::wire::decode_value(resource.clone()).unwrap();
            let role = RoleOrigin::from("b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1");
            let draft = RoleScopeDraft::whole_resource(&resource, &role).unwrap();
            serde_json::to_value(draft).unwrap()
        };
        let unused = sent(&resource);
        assert_eq!(unused["role"]["id"], serde_json::Value::Null);
        // The resource was read without its system, which the role's identity gives away.
        assert_eq!(unused["role"]["originSystem"], "AadApplication");
        assert_eq!(unused["scope"]["originId"], "a1");
        resource["roles"][0]["id"] = "8f0b0d9c-4b1e-4c0f-9a55-0f3a7f5f9a11".into();
        resource["scopes"] = json!([{"id": "s1", "originId": "a1", "isRootScope": true}]);
        let used = sent(&resource);
        assert_eq!(used["role"]["id"], "8f0b0d9c-4b1e-4c0f-9a55-0f3a7f5f9a11");
        assert_eq!(used["scope"]["id"], "s1");
    }
}
