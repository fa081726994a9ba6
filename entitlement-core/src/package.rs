//! Access packages: what a person asks for.
//!
//! An [`AccessPackage`] lives in a catalog, grants role scopes of its resources, and has policies that say who may
//! have it and how.
//!
//! ```
//! use entitlement_core::catalog::Catalog;
//! use entitlement_core::entity::Id;
//! use entitlement_core::package::AccessPackageDraft;
//!
//! let catalog: Id<Catalog> = "66584aae-98bb-48cc-9458-7bee5d2a6577".parse()?;
//! let draft = AccessPackageDraft::builder(&catalog, "Local administrator")
//!     .description("Administrator on your own managed client")
//!     .build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::directory::Group;
use crate::entity::{Creatable, Deletable, Entity, Id, Link, Listable, Patch, Patchable};
use crate::resource::RoleScope;
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::{self, DecodeError, Expandable, Field, RawObject};

/// An access package ([accessPackage](https://learn.microsoft.com/graph/api/resources/accesspackage)).
///
/// Policies that were asked for with `$expand=assignmentPolicies` are kept in `unknown`:
/// [`AssignmentPolicy::expanded_in`](crate::policy::AssignmentPolicy::expanded_in) finds them there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessPackage {
    /// The package's id.
    pub id: Id<AccessPackage>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is left out when people browse; whoever has the link can still ask (OBJ-42).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_hidden: Option<bool>,
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
    /// The catalog it lives in.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub catalog: Expandable<Box<Catalog>>,
    /// What it grants; expand as `resourceRoleScopes($expand=role,scope)`.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource_role_scopes: Expandable<Vec<RoleScope>>,
    /// Whoever holds one of these may not ask for this package; the other way round is another matter (SOD-1, SOD-2).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub incompatible_access_packages: Expandable<Vec<AccessPackage>>,
    /// Whoever is in one of these may not ask for this package (SOD-1).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub incompatible_groups: Expandable<Vec<Group>>,
    /// The packages that name this one as incompatible; changed there.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub access_packages_incompatible_with: Expandable<Vec<AccessPackage>>,
    /// Properties this version has no name for, and the package's policies.
    #[serde(flatten, deserialize_with = "wire::without_annotations")]
    pub unknown: RawObject,
}

impl AccessPackage {
    /// The packages of a catalog that was read with `$expand=accessPackages`; `None` where they were not expanded.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with the JSON path in the catalog if one of them is not what it should be.
    pub fn expanded_in(catalog: &Catalog) -> Result<Option<Vec<Self>>, DecodeError> {
        catalog.unknown.expanded("accessPackages")
    }
}

impl Entity for AccessPackage {
    const TYPE: &'static str = "accessPackage";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/accessPackages";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for AccessPackage {}

impl Creatable for AccessPackage {
    type Draft = AccessPackageDraft;
}

impl Patchable for AccessPackage {
    type Patch = AccessPackagePatch;
}

impl Deletable for AccessPackage {}

/// An access package to be made
/// ([create accessPackage](https://learn.microsoft.com/graph/api/entitlementmanagement-post-accesspackages)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct AccessPackageDraft {
    #[builder(start_fn, into)]
    catalog: Link<Catalog>,
    #[builder(start_fn)]
    display_name: String,
    /// What it gives.
    #[builder(default)]
    description: String,
    /// Whether it is left out when people browse (OBJ-42).
    #[builder(default)]
    is_hidden: bool,
}

impl<S: access_package_draft_builder::IsComplete> AccessPackageDraftBuilder<S> {
    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name (OBJ-40).
    pub fn build(self) -> Result<AccessPackageDraft, Invalid> {
        let draft = self.assemble();
        let mut checker = Checker::new();
        checker.name("displayName", &draft.display_name, "OBJ-40");
        checker.finish(AccessPackage::TYPE)?;
        Ok(draft)
    }
}

/// What changes about an access package (OBJ-41).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessPackagePatch {
    /// The name people see.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub display_name: Field<String>,
    /// What it gives.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub description: Field<String>,
    /// Whether it is left out when people browse.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub is_hidden: Field<bool>,
}

impl Patch for AccessPackagePatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        checker.kept_name("displayName", &self.display_name, "OBJ-40");
        checker.finish(AccessPackage::TYPE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn incompatible_packages_and_groups_are_read_and_written() {
        let package = json!({
            "id": "p1",
            "incompatibleAccessPackages": [{"id": "p2", "incompatibleGroups": []}],
            "incompatibleGroups": [{"id": "g1"}],
            "accessPackagesIncompatibleWith": [],
            "assignmentPolicies": [{"id": "a1"}]
        });
        let mut alone = package.clone();
        alone["@odata.context"] =
            "https://graph.microsoft.com/v1.0/$metadata#accessPackages/$entity".into();
        let read: AccessPackage = wire::decode_value(alone).unwrap();
        assert_eq!(
            read.incompatible_access_packages.items()[0].id.to_string(),
            "p2"
        );
        assert_eq!(serde_json::to_value(&read).unwrap(), package);
    }

    #[test]
    fn packages_are_found_in_their_catalog() {
        let catalog: Catalog =
            wire::decode_value(json!({"id": "c1", "accessPackages": [{"id": "p1"}, {}]})).unwrap();
        let error = AccessPackage::expanded_in(&catalog).unwrap_err();
        assert_eq!(error.path(), "accessPackages[1]");
        assert!(error.problem().contains("id"), "{error}");
    }
}
