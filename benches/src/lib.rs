//! What the benchmarks measure: a tenant with one package on offer, a page of assignments.

pub mod estate;
pub mod page;
pub mod server;

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::{Group, GroupDraft, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_graph::{Error, GraphClient};
use entitlement_mock::Tenant;

/// A tenant in which everybody may ask for a package that grants a group.
#[derive(Debug)]
pub struct Shop {
    /// The tenant.
    pub tenant: Tenant,
    /// The administrator's application.
    pub admin: GraphClient,
    /// The package.
    pub package: Id<AccessPackage>,
    /// The policy under which it is given.
    pub policy: Id<AssignmentPolicy>,
    /// The group it grants.
    pub group: Id<Group>,
}

impl Shop {
    /// Opens the shop.
    ///
    /// # Errors
    ///
    /// If the tenant refuses a part of it, or does not list the group as a resource.
    pub async fn open() -> Result<Self, Box<dyn std::error::Error>> {
        let tenant = Tenant::new();
        let admin = tenant.app().client();
        let entitlement = admin.entitlement();
        let group = admin
            .groups()
            .create(&GroupDraft::security_group("granted").build()?)
            .await?;
        let catalog = entitlement
            .catalogs()
            .create(&CatalogDraft::builder("Shop").build()?)
            .await?;
        let request = ResourceRequestDraft::add_group(&catalog.id, &group.id);
        entitlement.resource_requests().create(&request).await?;
        let mut resources = entitlement
            .catalog(&catalog.id)
            .resources()
            .list_with(Query::new().expand("roles").expand("scopes"));
        let resource = resources.next().await?.ok_or("the catalog is empty")?;
        let package = AccessPackageDraft::builder(&catalog.id, "Access").build()?;
        let package = entitlement.packages().create(&package).await?;
        let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&group.id))?;
        entitlement
            .package(&package.id)
            .role_scopes()
            .create(&role)
            .await?;
        let policy = AssignmentPolicyDraft::builder(&package.id, "Everybody")
            .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
            .requestor_settings(RequestorSettings::self_service())
            .build()?;
        let policy = entitlement.policies().create(&policy).await?;
        Ok(Self {
            tenant,
            admin,
            package: package.id,
            policy: policy.id,
            group: group.id,
        })
    }

    /// A person who has just joined, signed in.
    pub fn newcomer(&self, number: u64) -> (Id<User>, GraphClient) {
        let id = self.tenant.person(&format!("person{number}")).add();
        let client = self.tenant.user(&id).client();
        (id, client)
    }

    /// From the request to its delivery, as the person sees it; `true` once it is delivered.
    ///
    /// # Errors
    ///
    /// If a call fails.
    pub async fn request_to_delivered(&self, person: &GraphClient) -> Result<bool, Error> {
        let draft = AssignmentRequestDraft::user_add(&self.package)
            .policy(&self.policy)
            .build()?;
        let requests = person.entitlement().requests();
        let accepted = requests.create(&draft).await?;
        let seen = requests.get(&accepted.id).await?;
        Ok(seen.state == Some(RequestState::Delivered))
    }
}
