//! Other tenants, and from where people may come.

use entitlement_core::connected_organization::IdentitySource;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::time::Timestamp;

use crate::tenant::Tenant;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::outside::{Invitations, Partner};

impl Tenant {
    /// Lets there be another tenant with these domains, and returns its id. Where a partner organisation is known by one
    /// of the domains, it is known by the tenant, with all its domains (ORG-5).
    ///
    /// ```
    /// use entitlement_mock::Tenant;
    ///
    /// let tenant = Tenant::new();
    /// let fabrikam = tenant.partner_tenant("Fabrikam", &["fabrikam.com", "fabrikam.net"]);
    /// let eve = tenant.person("eve@fabrikam.net").guest().add();
    /// # let _ = (fabrikam, eve);
    /// ```
    pub fn partner_tenant(&self, display_name: &str, domains: &[&str]) -> String {
        self.change(|world, _, _| {
            let key = world.ids.next();
            let partner = Partner {
                display_name: display_name.to_owned(),
                domains: lower(domains),
            };
            world.partners.insert(key, partner);
            key.to_string()
        })
    }

    /// Lets a person of another tenant join this one as a guest, by the same mail address, and returns their id here. The
    /// other tenant is known from then on by its domain, so that a partner organisation can be made of it. `None` if the
    /// other tenant has no such person.
    ///
    /// Each tenant has a clock of its own, and what happens in one is not seen in the other (M25).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), entitlement_graph::Error> {
    /// use entitlement_mock::Tenant;
    ///
    /// let home = Tenant::builder().domain("fabrikam.com").build();
    /// let eve = home.person("eve").display_name("Eve").add();
    ///
    /// let host = Tenant::new();
    /// let guest = host.guest_from(&home, &eve).unwrap();
    /// let me = host.user(&guest).client().me().await?;
    /// assert_eq!(me.mail.as_deref(), Some("eve@fabrikam.com"));
    /// assert_eq!(host.guest_from(&home, &eve), Some(guest), "nobody joins twice");
    /// # Ok(())
    /// # }
    /// ```
    pub fn guest_from(&self, home: &Self, person: &Id<User>) -> Option<Id<User>> {
        let (mail, name) = home.change(|world, _, _| {
            let key = person.as_uuid().filter(|key| world.is_person(*key))?;
            let user = world.users.get(key)?;
            let mail = user.mail.as_ref().unwrap_or(&user.principal_name);
            Some((mail.clone(), user.display_name.clone()))
        })?;
        let domain = home.domain().to_lowercase();
        let known = self.change(|world, _, _| {
            let mut partners = world.partners.iter();
            let known = partners.find(|(_, partner)| partner.domains.contains(&domain));
            known.map(|(key, _)| key.to_string())
        });
        let tenant = known.unwrap_or_else(|| self.partner_tenant(&domain, &[&domain]));
        let guest = self.person(&mail).display_name(&name).guest();
        Some(guest.home(IdentitySource::tenant(tenant)).add())
    }

    /// From now on people of these domains only may be invited, whatever policies say (ORG-12).
    pub fn invite_only_from(&self, domains: &[&str]) {
        self.set_invitations(Invitations::OnlyFrom(lower(domains)));
    }

    /// From now on people of these domains may not be invited, whatever policies say (ORG-12).
    pub fn never_invite_from(&self, domains: &[&str]) {
        self.set_invitations(Invitations::NotFrom(lower(domains)));
    }

    fn set_invitations(&self, invitations: Invitations) {
        self.change(|world, now, _| {
            world.settings.invitations = invitations;
            deliver_again(world, now);
        });
    }
}

fn lower(domains: &[&str]) -> Vec<String> {
    domains.iter().map(|domain| domain.to_lowercase()).collect()
}

/// Those who could not be invited before may be welcome now.
fn deliver_again(world: &mut World, now: Timestamp) {
    let requests = world.requests.iter().filter(|(_, row)| {
        let target = world.users.get(row.target);
        row.is_open() && target.is_some_and(crate::world::directory::User::is_expected)
    });
    let waiting: Vec<_> = requests.map(|(key, _)| key).collect();
    for request in waiting {
        world.agenda.plan(now, Event::Deliver { request });
    }
}
