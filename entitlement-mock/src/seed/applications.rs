//! Applications to start with.

use entitlement_core::directory::{ServicePrincipal as Entity, User};
use entitlement_core::entity::Id;

use crate::tenant::Tenant;
use crate::world::applications::{AppRole, Application as Registration, ServicePrincipal};
use crate::world::table::Key;

impl Tenant {
    /// An application to start with, registered in this tenant and known to it.
    ///
    /// ```
    /// use entitlement_core::resource::{OriginSystem, ResourceRequestDraft};
    /// # use entitlement_core::catalog::CatalogDraft;
    /// use entitlement_mock::Tenant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), entitlement_graph::Error> {
    /// let tenant = Tenant::new();
    /// let crm = tenant.application("CRM").role("Reader").role("Editor").add();
    /// # let admin = tenant.app().client();
    /// # let catalog = admin.entitlement().catalogs().create(&CatalogDraft::builder("Sales").build()?).await?;
    /// let add = ResourceRequestDraft::add(&catalog.id, OriginSystem::AadApplication, crm.to_string()).build()?;
    /// admin.entitlement().resource_requests().create(&add).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn application(&self, display_name: &str) -> Application<'_> {
        Application {
            tenant: self,
            display_name: display_name.to_owned(),
            description: None,
            app_id: None,
            audience: "AzureADMyOrg".to_owned(),
            roles: Vec::new(),
            owners: Vec::new(),
        }
    }
}

/// Describes an application that a tenant is about to have; see [`Tenant::application`].
#[derive(Debug)]
#[must_use = "there is no application until `add`"]
pub struct Application<'t> {
    tenant: &'t Tenant,
    display_name: String,
    description: Option<String>,
    app_id: Option<Key>,
    audience: String,
    roles: Vec<String>,
    owners: Vec<Key>,
}

impl Application<'_> {
    /// What it is for.
    pub fn description(mut self, description: &str) -> Self {
        self.description = Some(description.to_owned());
        self
    }

    /// The application comes from another tenant, with this application id: it is known here, but not registered. A
    /// text that is no GUID is passed over.
    pub fn from_elsewhere(mut self, app_id: &str) -> Self {
        self.app_id = Key::try_parse(app_id).ok();
        self
    }

    /// Only personal accounts sign in, so that packages cannot grant it (OBJ-30).
    pub fn for_personal_accounts(mut self) -> Self {
        "PersonalMicrosoftAccount".clone_into(&mut self.audience);
        self
    }

    /// One more role that people can be given; without any there is "Default Access".
    pub fn role(mut self, display_name: &str) -> Self {
        self.roles.push(display_name.to_owned());
        self
    }

    /// Somebody who may say who gets it (OBJ-27).
    pub fn owner(mut self, person: &Id<User>) -> Self {
        self.owners.extend(person.as_uuid());
        self
    }

    /// Makes the application and returns the id of its service principal, by which catalogs know it.
    pub fn add(self) -> Id<Entity> {
        let tenant = self.tenant;
        tenant.change(|world, now, _| {
            let roles: Vec<AppRole> = self
                .roles
                .into_iter()
                .map(|name| AppRole {
                    id: world.ids.next(),
                    value: Some(name.split_whitespace().collect()),
                    description: Some(name.clone()),
                    display_name: name,
                    is_enabled: true,
                    allowed_member_types: vec!["User".to_owned()],
                    origin: None,
                })
                .collect();
            let app_id = self.app_id.unwrap_or_else(|| world.ids.next());
            if self.app_id.is_none() {
                let registration = Registration {
                    app_id,
                    display_name: self.display_name.clone(),
                    description: self.description.clone(),
                    sign_in_audience: self.audience.clone(),
                    identifier_uris: Vec::new(),
                    app_roles: roles.clone(),
                    created: now,
                };
                let key = world.ids.next();
                world.applications.insert(key, registration);
            }
            let known = ServicePrincipal {
                app_id,
                display_name: self.display_name,
                description: self.description,
                kind: "Application".to_owned(),
                is_enabled: true,
                requires_assignment: true,
                sign_in_audience: self.audience,
                app_roles: roles,
                owners: self.owners,
                created: now,
            };
            let key = world.ids.next();
            world.service_principals.insert(key, known);
            key.into()
        })
    }
}
