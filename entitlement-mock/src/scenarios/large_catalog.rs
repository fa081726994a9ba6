//! Very many packages.

use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogState};
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_graph::Error;

use super::self_service::self_service;
use crate::tenant::Tenant;

/// A catalog with very many packages, each with a policy under which everybody may ask.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), entitlement_graph::Error> {
/// use entitlement_mock::scenarios::LargeCatalog;
///
/// let large = LargeCatalog::open(LargeCatalog::USUAL).await?;
/// let packages = large.tenant.app().client().entitlement().packages();
/// assert_eq!(packages.list().try_collect().await?.len(), 1_800);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LargeCatalog {
    /// The tenant.
    pub tenant: Tenant,
    /// The catalog.
    pub catalog: Id<Catalog>,
    /// Its packages, in the order in which they were made.
    pub packages: Vec<Id<AccessPackage>>,
}

impl LargeCatalog {
    /// As many packages as large organisations have: 1,800.
    pub const USUAL: usize = 1_800;

    /// Makes so many packages.
    ///
    /// # Errors
    ///
    /// None that a tenant without faults gives reason for.
    pub async fn open(packages: usize) -> Result<Self, Error> {
        let tenant = Tenant::new();
        let client = tenant.app().client();
        let entitlement = client.entitlement();
        let catalog = CatalogDraft::builder("Everything").state(CatalogState::Published);
        let catalog = entitlement.catalogs().create(&catalog.build()?).await?.id;
        let mut made = Vec::with_capacity(packages);
        for number in 1..=packages {
            let draft = AccessPackageDraft::builder(&catalog, format!("Package {number}"));
            let package = entitlement.packages().create(&draft.build()?).await?.id;
            let policy = self_service(&package)?;
            entitlement.policies().create(&policy).await?;
            made.push(package);
        }
        Ok(Self {
            tenant,
            catalog,
            packages: made,
        })
    }
}
