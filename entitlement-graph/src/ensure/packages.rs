//! Packages, and what they grant.

use entitlement_core::entity::{Entity, Id};
use entitlement_core::odata::{Expand, Filter, Query};
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::resource::{RoleScope, RoleScopeDraft};

use super::{Ensure, Ensured, as_sent, differences, pick, text};
use crate::entitlement::Entitlement;
use crate::error::Error;
use crate::wait::Wait;

impl Entitlement {
    /// Makes sure that a package of this name is there in its catalog; packages of other catalogs are others.
    ///
    /// # Errors
    ///
    /// As [`ensure_catalog`](Self::ensure_catalog).
    pub async fn ensure_package(
        &self,
        draft: &AccessPackageDraft,
        wait: &Wait,
    ) -> Result<Ensured<AccessPackage>, Error> {
        let wanted = as_sent(draft);
        let name = text(&wanted, "displayName");
        let catalog = text(&wanted["catalog"], "id");
        let packages = self.packages();
        let what = format!("{} {name:?}", AccessPackage::TYPE);
        let ensure = Ensure::new(packages.client(), what, wait);
        let look = || async {
            let filter = Filter::field("displayName").eq(name);
            let query = Query::new().filter(filter).expand("catalog");
            let mut found = packages.list_with(query).try_collect().await?;
            found.retain(|package: &AccessPackage| {
                let home = package.catalog.loaded();
                home.is_some_and(|home| home.id.to_string() == catalog)
            });
            pick(found, name)
        };
        let make = || async { packages.create(draft).await.map(|_made| ()) };
        let turn = format!("catalog {catalog} package {}", name.to_lowercase());
        let compare = |stored: &AccessPackage| differences(&wanted, stored, &[]);
        ensure.run(&turn, look, make, compare).await
    }

    /// Makes sure that a package grants a role in a scope.
    ///
    /// The same resource in another role, or the same role in another scope, is another thing to grant (P38); there is
    /// nothing in which it could differ, so this never is a conflict.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the package does not exist, or its catalog has no such resource or role (OBJ-48);
    /// otherwise as [`ensure_catalog`](Self::ensure_catalog).
    pub async fn ensure_role_scope(
        &self,
        package: &Id<AccessPackage>,
        draft: &RoleScopeDraft,
        wait: &Wait,
    ) -> Result<Ensured<RoleScope>, Error> {
        let wanted = as_sent(draft);
        let (role, scope) = (
            text(&wanted["role"], "originId"),
            text(&wanted["scope"], "originId"),
        );
        let packages = self.packages();
        let what = format!("role {role} in package {package}");
        let ensure = Ensure::new(packages.client(), what, wait);
        let is_it = |found: &RoleScope| {
            let same = |found: Option<&Option<String>>, wanted: &str| {
                let found = found.and_then(Option::as_deref);
                found.is_some_and(|found| found.eq_ignore_ascii_case(wanted))
            };
            let found_scope = found.scope.loaded();
            let same_scope = if scope.is_empty() {
                found_scope.is_some_and(|found| found.is_root_scope == Some(true))
            } else {
                same(found_scope.map(|scope| &scope.origin_id), scope)
            };
            same(found.role.loaded().map(|role| &role.origin_id), role) && same_scope
        };
        let look = || async {
            let both = Expand::new("resourceRoleScopes")
                .expand("role")
                .expand("scope");
            let query = Query::new().expand(both);
            let found = packages.get_with(package, query).await?;
            let granted = found.resource_role_scopes.into_loaded().unwrap_or_default();
            Ok(granted.into_iter().find(is_it))
        };
        let role_scopes = self.package(package).role_scopes();
        let make = || async { role_scopes.create(draft).await.map(|_made| ()) };
        let turn = format!("package {package}");
        ensure.run(&turn, look, make, |_same| Vec::new()).await
    }
}
