//! Other tenants, and from where people may come.

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
