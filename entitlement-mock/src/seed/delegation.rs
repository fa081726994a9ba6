//! Roles in entitlement management that people and applications have from the start.

use entitlement_core::catalog::Catalog;
use entitlement_core::directory::{ServicePrincipal, User};
use entitlement_core::entity::Id;
use entitlement_graph::permission::Role;

use crate::tenant::Tenant;

impl Tenant {
    /// Gives a person a role in a catalog, as its owner would (ROLE-2).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use entitlement_core::catalog::CatalogDraft;
    /// use entitlement_graph::permission::Role;
    /// use entitlement_mock::Tenant;
    ///
    /// let tenant = Tenant::new();
    /// let catalogs = tenant.app().client().entitlement().catalogs();
    /// let devices = catalogs.create(&CatalogDraft::builder("Devices").build()?).await?;
    /// let ada = tenant.person("ada").add();
    /// let mine = tenant.user(&ada).client().entitlement().catalogs();
    /// assert!(mine.get(&devices.id).await.unwrap_err().is_permission());
    ///
    /// tenant.delegate(&ada, Role::CatalogReader, &devices.id);
    /// assert_eq!(mine.get(&devices.id).await?, devices);
    /// # Ok(())
    /// # }
    /// ```
    pub fn delegate(&self, to: &Id<User>, role: Role, catalog: &Id<Catalog>) {
        self.give(to, role, Some(catalog));
    }

    /// Gives an application a role in a catalog, by its service principal. It counts where the permissions of the
    /// application do not suffice (ROLE-7).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use entitlement_core::catalog::CatalogDraft;
    /// use entitlement_graph::permission::Role;
    /// use entitlement_mock::Tenant;
    ///
    /// let tenant = Tenant::new();
    /// let catalogs = tenant.app().client().entitlement().catalogs();
    /// let devices = catalogs.create(&CatalogDraft::builder("Devices").build()?).await?;
    /// let helpdesk = tenant.application("Helpdesk").add();
    /// let own = tenant.as_application(&helpdesk).with_permissions([]).client();
    /// assert!(own.entitlement().catalogs().get(&devices.id).await.unwrap_err().is_permission());
    ///
    /// tenant.delegate_to_application(&helpdesk, Role::CatalogReader, &devices.id);
    /// assert_eq!(own.entitlement().catalogs().get(&devices.id).await?, devices);
    /// # Ok(())
    /// # }
    /// ```
    pub fn delegate_to_application(
        &self,
        to: &Id<ServicePrincipal>,
        role: Role,
        catalog: &Id<Catalog>,
    ) {
        self.change(|world, _, _| {
            if let Some(principal) = to.as_uuid() {
                world.give_role(principal, role, catalog.as_uuid());
            }
        });
    }

    /// Gives a person a role in the whole tenant, such as that of a catalog creator or an administrator.
    pub fn delegate_everywhere(&self, to: &Id<User>, role: Role) {
        self.give(to, role, None);
    }

    fn give(&self, to: &Id<User>, role: Role, catalog: Option<&Id<Catalog>>) {
        self.change(|world, _, _| {
            let Some(principal) = to.as_uuid() else {
                return;
            };
            if role == Role::IdentityGovernanceAdministrator {
                world.make_administrator(principal);
            } else {
                world.give_role(principal, role, catalog.and_then(Id::as_uuid));
            }
        });
    }
}
