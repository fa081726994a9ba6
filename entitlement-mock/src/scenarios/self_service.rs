//! The least that somebody can ask for.

use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::catalog::{Catalog, CatalogDraft};
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::schedule::Expiration;
use entitlement_core::time::IsoDuration;
use entitlement_core::validate::Invalid;
use entitlement_graph::Error;

use crate::tenant::Tenant;

/// One package, for which every member may ask and have it for 30 days without anybody's consent. It grants nothing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SelfService {
    /// Its tenant.
    pub tenant: Tenant,
    /// The catalog of the package.
    pub catalog: Id<Catalog>,
    /// The package.
    pub package: Id<AccessPackage>,
    /// Its policy.
    pub policy: Id<AssignmentPolicy>,
    /// May ask.
    pub ada: Id<User>,
}

impl SelfService {
    /// Furnishes a tenant of its own.
    ///
    /// # Errors
    ///
    /// None that a tenant without faults gives reason for.
    pub async fn open() -> Result<Self, Error> {
        Self::open_in(Tenant::new()).await
    }

    /// Furnishes a tenant that was set up in another way.
    ///
    /// # Errors
    ///
    /// What the tenant's faults, licence or limits lead to.
    pub async fn open_in(tenant: Tenant) -> Result<Self, Error> {
        let ada = tenant.person("ada").display_name("Ada Lovelace").add();
        let client = tenant.app().client();
        let entitlement = client.entitlement();
        let catalog = CatalogDraft::builder("Devices").build()?;
        let catalog = entitlement.catalogs().create(&catalog).await?.id;
        let package = AccessPackageDraft::builder(&catalog, "Administrators").build()?;
        let package = entitlement.packages().create(&package).await?.id;
        let policy = self_service(&package)?;
        let policy = entitlement.policies().create(&policy).await?.id;
        Ok(Self {
            tenant,
            catalog,
            package,
            policy,
            ada,
        })
    }

    /// Ada asks for the package.
    ///
    /// # Errors
    ///
    /// What the tenant refuses it with, for instance as she has it already.
    pub async fn ask(&self) -> Result<Id<AssignmentRequest>, Error> {
        let request = AssignmentRequestDraft::user_add(&self.package).build()?;
        let client = self.tenant.user(&self.ada).client();
        let request = client.entitlement().requests().create(&request).await?;
        Ok(request.id)
    }
}

/// The policy under which every member has a package for 30 days once they ask.
pub(super) fn self_service(package: &Id<AccessPackage>) -> Result<AssignmentPolicyDraft, Invalid> {
    AssignmentPolicyDraft::builder(package, "Everybody")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service())
        .expiration(Expiration::after(IsoDuration::days(30)))
        .build()
}
