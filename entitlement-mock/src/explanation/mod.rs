//! Why somebody may ask for a package, or may not: the way through catalog, policies and rules, in sentences.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use entitlement_core::catalog::CatalogDraft;
//! use entitlement_core::package::AccessPackageDraft;
//! use entitlement_mock::Tenant;
//!
//! let tenant = Tenant::new();
//! let ada = tenant.person("ada").add();
//! let entitlement = tenant.app().client().entitlement();
//! let catalog = entitlement.catalogs().create(&CatalogDraft::builder("Devices").build()?).await?;
//! let draft = AccessPackageDraft::builder(&catalog.id, "Local administrator").build()?;
//! let package = entitlement.packages().create(&draft).await?;
//!
//! let why = tenant.why_denied(&ada, &package.id);
//! assert!(!why.may_ask());
//! assert!(why.to_string().contains("The package has no policy"));
//! # Ok(())
//! # }
//! ```

pub(crate) mod findings;

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;

use crate::tenant::Tenant;
use findings::explain;

pub use findings::Explanation;

impl Tenant {
    /// Explains whether a person may ask for a package, and what stands in the way.
    pub fn why_denied(&self, user: &Id<User>, package: &Id<AccessPackage>) -> Explanation {
        self.change(|world, _, _| explain(world, user.as_uuid(), package.as_uuid()))
    }
}
