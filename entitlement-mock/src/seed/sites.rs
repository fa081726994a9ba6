//! SharePoint sites to start with, and the environments they live in.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::resource::ResourceEnvironment;

use crate::tenant::Tenant;
use crate::world::roster::Roster;
use crate::world::sites::{Environment as Region, Site as Row, SiteRole};
use crate::world::table::Key;

impl Tenant {
    /// A SharePoint site to start with, by its URL; it lives in the environment whose URL its own begins with.
    ///
    /// ```
    /// use entitlement_mock::Tenant;
    ///
    /// let tenant = Tenant::new();
    /// let site = tenant
    ///     .site("https://contoso.sharepoint.com/sites/clients")
    ///     .role("Approvers")
    ///     .part("https://contoso.sharepoint.com/sites/clients/contracts")
    ///     .add();
    /// assert_eq!(site, "https://contoso.sharepoint.com/sites/clients");
    /// ```
    pub fn site(&self, url: &str) -> Site<'_> {
        Site {
            tenant: self,
            url: url.trim_end_matches('/').to_owned(),
            display_name: None,
            roles: Vec::new(),
            parts: Vec::new(),
            owners: Vec::new(),
        }
    }

    /// A region of SharePoint Online besides the one that every tenant has, by the URL of its root site (OBJ-37).
    pub fn environment(&self, url: &str) -> Environment<'_> {
        Environment {
            tenant: self,
            url: url.trim_end_matches('/').to_owned(),
            display_name: None,
        }
    }
}

/// Describes a site that a tenant is about to have; see [`Tenant::site`].
///
/// Every site has the roles Owners (3), Visitors (4) and Members (5).
#[derive(Debug)]
#[must_use = "there is no site until `add`"]
pub struct Site<'t> {
    tenant: &'t Tenant,
    url: String,
    display_name: Option<String>,
    roles: Vec<String>,
    parts: Vec<String>,
    owners: Vec<Key>,
}

impl Site<'_> {
    /// The name people see; the end of the URL unless said.
    pub fn display_name(mut self, name: &str) -> Self {
        self.display_name = Some(name.to_owned());
        self
    }

    /// One more role besides the usual; they are numbered from 6.
    pub fn role(mut self, display_name: &str) -> Self {
        self.roles.push(display_name.to_owned());
        self
    }

    /// A part of the site that has permissions of its own, by its URL: a scope besides the whole site.
    pub fn part(mut self, url: &str) -> Self {
        self.parts.push(url.trim_end_matches('/').to_owned());
        self
    }

    /// Somebody who manages its permissions, and so may say who gets it (OBJ-27).
    pub fn owner(mut self, person: &Id<User>) -> Self {
        self.owners.extend(person.as_uuid());
        self
    }

    /// Makes the site and returns its URL, by which catalogs know it. A site that is there already stays as it is.
    pub fn add(self) -> String {
        let url = self.url.clone();
        self.tenant.change(|world, now, _| {
            let is_it = |(_, site): (Key, &Row)| site.url.eq_ignore_ascii_case(&self.url);
            if world.sites.iter().any(is_it) {
                return;
            }
            let mut environments = world.environments.iter();
            let home = environments.find(|(_, region)| region.is_home_of(&self.url));
            let environment = home.map_or(Region::DEFAULT, |(key, _)| key);
            let last = |url: &str| url.rsplit('/').next().unwrap_or(url).to_owned();
            let name = self.display_name.unwrap_or_else(|| last(&self.url));
            let usual = ["Owners", "Visitors", "Members"].map(|role| format!("{name} {role}"));
            let row = |url: String, display_name: String, parent: Option<Key>| Row {
                url,
                display_name,
                environment,
                parent,
                roles: usual
                    .iter()
                    .chain(&self.roles)
                    .zip(3..)
                    .map(|(role, number)| SiteRole {
                        number,
                        display_name: role.clone(),
                        holders: Roster::default(),
                    })
                    .collect(),
                owners: self.owners.clone(),
                created: now,
            };
            let key = world.ids.next();
            world.sites.insert(key, row(self.url, name.clone(), None));
            for part in self.parts {
                let name = last(&part);
                let place = world.ids.next();
                world.sites.insert(place, row(part, name, Some(key)));
            }
        });
        url
    }
}

/// Describes a region of SharePoint Online; see [`Tenant::environment`].
#[derive(Debug)]
#[must_use = "there is no environment until `add`"]
pub struct Environment<'t> {
    tenant: &'t Tenant,
    url: String,
    display_name: Option<String>,
}

impl Environment<'_> {
    /// The name people see; the URL unless said.
    pub fn display_name(mut self, name: &str) -> Self {
        self.display_name = Some(name.to_owned());
        self
    }

    /// Makes the environment and returns its id; add it before the sites in it.
    pub fn add(self) -> Id<ResourceEnvironment> {
        let tenant = self.tenant;
        tenant.change(|world, now, _| {
            let key = world.ids.next();
            let row = Region {
                display_name: self.display_name.unwrap_or_else(|| self.url.clone()),
                url: self.url,
                description: None,
                is_default: false,
                created: now,
            };
            world.environments.insert(key, row);
            key.into()
        })
    }
}
