//! Access packages as the people see them who may ask for them.
//!
//! An [`AvailableAccessPackage`] is what My Access lists to a person (VIS-4): the package's face and, if the tenant
//! shows them, the roles it grants.
//!
//! ```
//! use entitlement_core::available_package::AvailableAccessPackage;
//! use entitlement_core::assignment_request::AssignmentRequestDraft;
//!
//! let seen: AvailableAccessPackage = serde_json::from_str(r#"{"id": "p1", "displayName": "Marketing"}"#)?;
//! let request = AssignmentRequestDraft::user_add(&seen.access_package_id()).build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, Id, Listable};
use crate::package::AccessPackage;
use crate::resource::RoleScope;
use crate::wire::Expandable;

/// A package that the person who is signed in can find
/// ([availableAccessPackage](https://learn.microsoft.com/graph/api/resources/availableaccesspackage)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AvailableAccessPackage {
    /// The package's id.
    pub id: Id<AvailableAccessPackage>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it grants, if the tenant lets people see that (VIS-3).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource_role_scopes: Expandable<Vec<RoleScope>>,
}

impl AvailableAccessPackage {
    /// The id as that of the access package, which it shares.
    pub fn access_package_id(&self) -> Id<AccessPackage> {
        self.id.cast()
    }
}

impl Entity for AvailableAccessPackage {
    const TYPE: &'static str = "availableAccessPackage";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/availableAccessPackages";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for AvailableAccessPackage {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_say_where_they_are_broken() {
        let json = br#"{"id": "p1", "resourceRoleScopes": [{"id": "a"}, {"id": "b", "createdDateTime": "soon"}]}"#;
        let error = crate::wire::decode::<AvailableAccessPackage>(json).unwrap_err();
        assert_eq!(error.path(), "resourceRoleScopes[1].createdDateTime");
    }
}
