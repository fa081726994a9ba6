//! Resources that refuse to be written, and a look at who holds what in them.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::resource::{Resource, RoleOrigin};
use entitlement_core::time::Timestamp;

use crate::tenant::Tenant;
use crate::world::origin::{Grant, Origin, Outage};

impl Tenant {
    /// From now on, whatever a resource stands for refuses to be written: deliveries go on trying for some hours, and
    /// then fail, wholly or in part (DEL-2, M13). `false` if there is no such resource.
    ///
    /// ```
    /// # use entitlement_core::{catalog::CatalogDraft, resource::ResourceRequestDraft};
    /// # use entitlement_mock::Tenant;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), entitlement_graph::Error> {
    /// # let tenant = Tenant::new();
    /// # let admin = tenant.app().client().entitlement();
    /// # let catalog = admin.catalogs().create(&CatalogDraft::builder("Devices").build()?).await?.id;
    /// # let group = tenant.group("Administrators").add();
    /// # admin.resource_requests().create(&ResourceRequestDraft::add_group(&catalog, &group)).await?;
    /// let resource = admin.catalog(&catalog).resources().list().next().await?.unwrap();
    /// assert!(tenant.take_down(&resource.id));
    /// // … what is delivered now fails …
    /// assert!(tenant.bring_up(&resource.id));
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_down(&self, resource: &Id<Resource>) -> bool {
        self.set_outage(resource, |origin| {
            Some(Outage {
                origin,
                until: None,
            })
        })
    }

    /// The same until a moment, after which it can be written again by itself.
    pub fn take_down_until(&self, resource: &Id<Resource>, until: Timestamp) -> bool {
        self.set_outage(resource, |origin| {
            Some(Outage {
                origin,
                until: Some(until),
            })
        })
    }

    /// Lets what a resource stands for be written again. What has failed so far stays so until it is reprocessed.
    pub fn bring_up(&self, resource: &Id<Resource>) -> bool {
        self.set_outage(resource, |_| None)
    }

    fn set_outage(
        &self,
        resource: &Id<Resource>,
        outage: impl FnOnce(Origin) -> Option<Outage>,
    ) -> bool {
        self.change(|world, _, _| {
            let key = resource.as_uuid();
            let row = key.and_then(|key| world.resources.get(key));
            let Some(origin) = row.map(|row| row.origin) else {
                return false;
            };
            world.outages.retain(|known| known.origin != origin);
            world.outages.extend(outage(origin));
            true
        })
    }

    /// Whether a person holds a role of a resource where it really is: in the group, application, site or directory,
    /// and from wherever they have it.
    pub fn holds(&self, person: &Id<User>, resource: &Id<Resource>, role: &RoleOrigin) -> bool {
        self.change(|world, _, _| {
            let (person, key) = (person.as_uuid(), resource.as_uuid());
            let row = key.and_then(|key| world.resources.get(key));
            let (Some(person), Some(row)) = (person, row) else {
                return false;
            };
            let name = role.to_string();
            let mut roles = row.roles.iter();
            let known = roles.find(|role| {
                let origin = role.kind.origin_id(row.origin.key());
                origin.eq_ignore_ascii_case(&name)
            });
            known.is_some_and(|role| {
                let grant = |origin| Grant {
                    origin,
                    role: role.kind,
                };
                let mut places = row.scopes.iter().map(|scope| scope.origin);
                places.any(|origin| world.holds(person, grant(origin)))
            })
        })
    }
}
