//! Catalogs: the shelves on which access packages and the resources they grant are kept.
//!
//! A [`Catalog`] holds resources, and packages that may grant only those resources; whoever owns the catalog decides
//! what may be granted at all (OBJ-19).
//!
//! ```
//! use entitlement_core::catalog::{CatalogDraft, CatalogState};
//!
//! let draft = CatalogDraft::builder("Devices")
//!     .description("Access to managed clients")
//!     .state(CatalogState::Published)
//!     .is_externally_visible(false)
//!     .build()?;
//! assert_eq!(serde_json::to_value(&draft)?["state"], "published");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::custom_extension::CustomExtension;
use crate::entity::{Creatable, Deletable, Entity, Id, Listable, Patch, Patchable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::open_enum::open_enum;
use crate::wire::{self, Expandable, Field, RawObject};

open_enum! {
    /// Who made the catalog (`accessPackageCatalogType`).
    CatalogType = "accessPackageCatalogType" {
        /// People did.
        UserManaged = "userManaged",
        /// The built-in catalog `General` (OBJ-10).
        ServiceDefault = "serviceDefault",
        /// Another service did.
        ServiceManaged = "serviceManaged",
    }
}

open_enum! {
    /// Whether the packages of a catalog can be requested (`accessPackageCatalogState`).
    CatalogState = "accessPackageCatalogState" {
        /// Nothing in it can be requested (OBJ-12).
        Unpublished = "unpublished",
        /// Its packages can be requested.
        Published = "published",
    }
}

/// A catalog ([accessPackageCatalog](https://learn.microsoft.com/graph/api/resources/accesspackagecatalog)).
///
/// What lives in it and was asked for with `$expand` is kept in `unknown`: `expanded_in` of
/// [`Resource`](crate::resource::Resource#method.expanded_in),
/// [`ResourceRole`](crate::resource::ResourceRole#method.expanded_in),
/// [`ResourceScope`](crate::resource::ResourceScope#method.expanded_in) and
/// [`AccessPackage`](crate::package::AccessPackage#method.expanded_in) finds it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Catalog {
    /// The catalog's id.
    pub id: Id<Catalog>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog_type: Option<CatalogType>,
    /// Whether its packages can be requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<CatalogState>,
    /// Whether people from outside may request its packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_externally_visible: Option<bool>,
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
    /// The custom extensions that live in it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub custom_workflow_extensions: Expandable<Vec<CustomExtension>>,
    /// Properties this version has no name for, and what lives in the catalog.
    #[serde(flatten, deserialize_with = "wire::without_annotations")]
    pub unknown: RawObject,
}

impl Entity for Catalog {
    const TYPE: &'static str = "accessPackageCatalog";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/catalogs";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Catalog {}

impl Creatable for Catalog {
    type Draft = CatalogDraft;
}

impl Patchable for Catalog {
    type Patch = CatalogPatch;
}

impl Deletable for Catalog {}

/// A catalog to be made
/// ([create catalog](https://learn.microsoft.com/graph/api/entitlementmanagement-post-catalogs)).
///
/// What is left out is decided by the service, which does not document its choice: name `state` and
/// `is_externally_visible`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct CatalogDraft {
    #[builder(start_fn)]
    display_name: String,
    /// What it is for.
    #[builder(default)]
    description: String,
    /// Whether its packages can be requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<CatalogState>,
    /// Whether people from outside may request its packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_externally_visible: Option<bool>,
}

impl<S: catalog_draft_builder::IsComplete> CatalogDraftBuilder<S> {
    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name (OBJ-14).
    pub fn build(self) -> Result<CatalogDraft, Invalid> {
        let draft = self.assemble();
        let mut checker = Checker::new();
        checker.name("displayName", &draft.display_name, "OBJ-14");
        checker.finish(Catalog::TYPE)?;
        Ok(draft)
    }
}

/// What changes about a catalog (OBJ-16).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogPatch {
    /// The name people see.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub display_name: Field<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub description: Field<String>,
    /// Whether its packages can be requested.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub state: Field<CatalogState>,
    /// Whether people from outside may request its packages.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub is_externally_visible: Field<bool>,
}

impl Patch for CatalogPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        checker.kept_name("displayName", &self.display_name, "OBJ-14");
        checker.finish(Catalog::TYPE)
    }
}
