//! Directory roles besides those that every tenant has.

use crate::tenant::Tenant;
use crate::world::directory_roles::DirectoryRole as Row;
use crate::world::roster::Roster;

impl Tenant {
    /// A directory role of the tenant's own. The built-in ones, such as Reports Reader, are there already, under their
    /// [well-known ids](https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference).
    pub fn directory_role(&self, display_name: &str) -> DirectoryRole<'_> {
        DirectoryRole {
            tenant: self,
            display_name: display_name.to_owned(),
            description: None,
            is_privileged: false,
        }
    }
}

/// Describes a directory role that a tenant is about to have; see [`Tenant::directory_role`].
#[derive(Debug)]
#[must_use = "there is no role until `add`"]
pub struct DirectoryRole<'t> {
    tenant: &'t Tenant,
    display_name: String,
    description: Option<String>,
    is_privileged: bool,
}

impl DirectoryRole<'_> {
    /// What it allows.
    pub fn description(mut self, description: &str) -> Self {
        self.description = Some(description.to_owned());
        self
    }

    /// The role is privileged: packages can only make people eligible for it (OBJ-36).
    pub fn privileged(mut self) -> Self {
        self.is_privileged = true;
        self
    }

    /// Makes the role and returns the id of its definition, by which catalogs know it.
    pub fn add(self) -> String {
        let tenant = self.tenant;
        tenant.change(|world, _, _| {
            let key = world.ids.next();
            let row = Row {
                display_name: self.display_name,
                description: self.description,
                is_built_in: false,
                is_privileged: self.is_privileged,
                active: Roster::default(),
                eligible: Roster::default(),
            };
            world.directory_roles.insert(key, row);
            key.to_string()
        })
    }
}
