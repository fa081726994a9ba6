//! A company in which two packages wait to be asked for.

use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogState};
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::Error;

use super::steps::{approve_everything, package};
use crate::tenant::Tenant;

/// A company of five with two packages.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SmallCompany {
    /// Its tenant.
    pub tenant: Tenant,
    /// Administers entitlement management.
    pub root: Id<User>,
    /// The manager of Ada and Bob.
    pub mia: Id<User>,
    /// Works in Engineering.
    pub ada: Id<User>,
    /// Works in Sales.
    pub bob: Id<User>,
    /// A guest.
    pub gus: Id<User>,
    /// The catalog of both packages.
    pub catalog: Id<Catalog>,
    /// The group that an Intune policy would put into the local Administrators.
    pub local_administrators: Id<Group>,
    /// Grants that group to members who say why, for 30 days, once their manager agrees; they may ask for longer.
    pub local_administrator: Id<AccessPackage>,
    /// Its policy.
    pub local_administrator_policy: Id<AssignmentPolicy>,
    /// The group of those who have an application.
    pub app_users: Id<Group>,
    /// Grants that group for a year, if an administrator says so.
    pub app: Id<AccessPackage>,
    /// Its policy.
    pub app_policy: Id<AssignmentPolicy>,
}

impl SmallCompany {
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
        let root = tenant.person("root").display_name("Rosa Root");
        let root = root.administrator().add();
        let mia = tenant.person("mia").display_name("Mia Manager").add();
        let ada = tenant.person("ada").display_name("Ada Lovelace");
        let ada = ada.department("Engineering").manager(&mia).add();
        let bob = tenant.person("bob").display_name("Bob Builder");
        let bob = bob.department("Sales").manager(&mia).add();
        let gus = tenant.person("gus").display_name("Gus Guest").guest().add();
        let local_administrators = tenant.group("Local administrators").add();
        let app_users = tenant.group("Users of the planning app").add();

        let client = tenant.app().client();
        let entitlement = client.entitlement();
        let catalog = CatalogDraft::builder("Workplace").state(CatalogState::Published);
        let catalog = entitlement.catalogs().create(&catalog.build()?).await?.id;
        let local_administrator = package(
            &client,
            &catalog,
            "Local administrator",
            &local_administrators,
        )
        .await?;
        let app = package(&client, &catalog, "Planning app", &app_users).await?;

        let stage = ApprovalStage::builder()
            .primary_approver(SubjectSet::manager())
            .fallback_primary_approver(SubjectSet::user(&root))
            .duration_before_automatic_denial(IsoDuration::days(14))
            .build();
        let approval = ApprovalSettings::in_stages([stage]).with_requestor_justification();
        let policy = AssignmentPolicyDraft::builder(&local_administrator, "Members, 30 days")
            .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
            .requestor_settings(RequestorSettings::self_service().with_extension())
            .request_approval_settings(approval)
            .expiration(Expiration::after(IsoDuration::days(30)))
            .build()?;
        let local_administrator_policy = entitlement.policies().create(&policy).await?.id;
        let policy = AssignmentPolicyDraft::builder(&app, "By hand, one year")
            .allowed_target_scope(AllowedTargetScope::NotSpecified)
            .requestor_settings(RequestorSettings::administrators_only())
            .expiration(Expiration::after(IsoDuration::days(365)))
            .build()?;
        let app_policy = entitlement.policies().create(&policy).await?.id;
        Ok(Self {
            tenant,
            root,
            mia,
            ada,
            bob,
            gus,
            catalog,
            local_administrators,
            local_administrator,
            local_administrator_policy,
            app_users,
            app,
            app_policy,
        })
    }

    /// Mia, or Rosa where there is no manager, agrees to whatever waits for them.
    ///
    /// # Errors
    ///
    /// What the tenant's faults lead to.
    pub async fn approve_everything(&self) -> Result<(), Error> {
        approve_everything(&self.tenant, &[&self.mia, &self.root]).await
    }
}
