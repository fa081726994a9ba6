//! Roles of resources: found by name or id, never by their place in a list.

use std::fmt::{self, Display};

use entitlement_core::catalog::Catalog;
use entitlement_core::entity::{Entity, Id};
use entitlement_core::odata::{Filter, Query};
use entitlement_core::resource::{Resource, ResourceRole, RoleOrigin};

use super::unresolved::{Candidate, Unresolved};
use crate::entitlement::Entitlement;
use crate::error::Error;

/// Which role of a resource is meant. There is no role that is meant by default: whoever says nothing would get
/// standing access where they wanted to be eligible (P33).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RoleRef {
    /// The role with this identity in the resource's own system.
    Origin(RoleOrigin),
    /// The one role with exactly this name: `Member`, `Eligible Owner`, `Contoso Visitors`.
    Name(String),
}

impl RoleRef {
    /// The one role with exactly this name.
    pub fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }
}

impl From<RoleOrigin> for RoleRef {
    fn from(origin: RoleOrigin) -> Self {
        Self::Origin(origin)
    }
}

impl Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(origin) => write!(f, "with the originId {origin}"),
            Self::Name(name) => write!(f, "{name:?}"),
        }
    }
}

impl Entitlement {
    /// The role of a resource that is meant, from the catalog's own list
    /// ([list resourceRoles](https://learn.microsoft.com/graph/api/accesspackagecatalog-list-resourceroles)).
    ///
    /// Works for groups, applications, sites and directory roles alike (P32). The roles that are expanded from a
    /// resource can stay empty for good where that list is right (P4).
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] with the roles there are, if none has the name or id, or more than one has the name.
    pub async fn resolve_role(
        &self,
        catalog: &Id<Catalog>,
        resource: &Resource,
        role: &RoleRef,
    ) -> Result<ResourceRole, Error> {
        let mut roles = roles_of(self, catalog, resource).await?;
        let origin = match role {
            RoleRef::Origin(origin) => Some(origin.to_string()),
            RoleRef::Name(_) => None,
        };
        let is_it = |found: &ResourceRole| match role {
            RoleRef::Origin(_) => found.origin_id == origin,
            RoleRef::Name(name) => found.display_name.as_deref() == Some(name),
        };
        let places: Vec<usize> = (0..roles.len())
            .filter(|place| is_it(&roles[*place]))
            .collect();
        if let [place] = places[..] {
            return Ok(roles.swap_remove(place));
        }
        let shown = if places.is_empty() {
            (0..roles.len()).collect()
        } else {
            places.clone()
        };
        let candidates = shown.iter().map(|place| {
            let role = &roles[*place];
            let id = role.origin_id.as_deref().unwrap_or_default();
            Candidate::new(id, role.display_name.as_deref().unwrap_or_default())
        });
        let name = resource.display_name.as_deref().unwrap_or_default();
        let what = format!("{} {role} of {name:?}", ResourceRole::TYPE);
        Err(Error::Unresolved(Box::new(Unresolved::new(
            what,
            places.len(),
            candidates,
        ))))
    }
}

/// The roles of a resource as its catalog lists them; the service wants both parts of the filter.
pub(crate) async fn roles_of(
    entitlement: &Entitlement,
    catalog: &Id<Catalog>,
    resource: &Resource,
) -> Result<Vec<ResourceRole>, Error> {
    let of_resource = Filter::field("resource/id").eq(&resource.id);
    let filter = match &resource.origin_system {
        Some(system) => Filter::field("originSystem")
            .eq(system.clone())
            .and(of_resource),
        None => of_resource,
    };
    let query = Query::new().filter(filter).expand("resource");
    let roles = entitlement.catalog(catalog).resource_roles();
    let mut roles = roles.list_with(query).try_collect().await?;
    // A filter that was ignored without a word would mix in the roles of others.
    roles.retain(|role| {
        let owner = role.resource.loaded();
        owner.is_none_or(|owner| owner.id == resource.id)
    });
    Ok(roles)
}
