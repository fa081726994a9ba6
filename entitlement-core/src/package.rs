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
use crate::entity::{Creatable, Deletable, Entity, Id, Link, Listable, Patchable};
use crate::resource::RoleScope;
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::{Expandable, Field};

/// An access package ([accessPackage](https://learn.microsoft.com/graph/api/resources/accesspackage)).
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_date_time: Option<Timestamp>,
    /// The catalog it lives in.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub catalog: Expandable<Catalog>,
    /// What it grants; expand as `resourceRoleScopes($expand=role,scope)`.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource_role_scopes: Expandable<Vec<RoleScope>>,
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
