//! Catalogs and partner organisations: known by their names.

use entitlement_core::catalog::{Catalog, CatalogDraft};
use entitlement_core::connected_organization::{ConnectedOrganization, ConnectedOrganizationDraft};
use entitlement_core::entity::{Creatable, Listable};
use entitlement_core::odata::{Filter, Query};
use serde_json::Value;

use super::{Ensure, Ensured, as_sent, differences, pick, text};
use crate::collection::Collection;
use crate::difference::Difference;
use crate::entitlement::Entitlement;
use crate::error::Error;
use crate::resolve::Named;
use crate::wait::Wait;

impl Entitlement {
    /// Makes sure that a catalog of this name is there (OBJ-14).
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] if several have the name; [`Error::TimedOut`] if it was made and does not appear;
    /// otherwise as [`Collection::create`].
    pub async fn ensure_catalog(
        &self,
        draft: &CatalogDraft,
        wait: &Wait,
    ) -> Result<Ensured<Catalog>, Error> {
        by_name(&self.catalogs(), draft, wait, |wanted, stored| {
            differences(wanted, stored, &[])
        })
        .await
    }

    /// Makes sure that a partner organisation of this name is there.
    ///
    /// The service may store the tenant that owns a domain in place of the domain, and does so after a while (ORG-4,
    /// ORG-5): the source of identities is compared where it is of the same kind. For its sponsors, see
    /// [`ensure_sponsors`](Self::ensure_sponsors).
    ///
    /// # Errors
    ///
    /// As [`ensure_catalog`](Self::ensure_catalog).
    pub async fn ensure_connected_organization(
        &self,
        draft: &ConnectedOrganizationDraft,
        wait: &Wait,
    ) -> Result<Ensured<ConnectedOrganization>, Error> {
        let all = Collection::new(self.catalogs().client().clone());
        by_name(
            &all,
            draft,
            wait,
            |wanted, stored: &ConnectedOrganization| {
                let sources = as_sent(&stored.identity_sources);
                let kind = |source: &Value| text(source, "@odata.type").to_owned();
                let wanted_kind = kind(&wanted["identitySources"][0]);
                let same_kind = sources
                    .as_array()
                    .is_some_and(|all| all.iter().any(|source| kind(source) == wanted_kind));
                let left_out: &[&str] = if same_kind { &[] } else { &["identitySources"] };
                differences(wanted, stored, left_out)
            },
        )
        .await
    }
}

async fn by_name<E: Named + Listable + Creatable>(
    all: &Collection<E>,
    draft: &E::Draft,
    wait: &Wait,
    compare: impl Fn(&Value, &E) -> Vec<Difference>,
) -> Result<Ensured<E>, Error> {
    let wanted = as_sent(draft);
    let name = text(&wanted, "displayName");
    let ensure = Ensure::new(all.client(), format!("{} {name:?}", E::TYPE), wait);
    let look = || async {
        let filter = Filter::field("displayName").eq(name);
        let found = all.list_with(Query::new().filter(filter));
        pick(found.try_collect().await?, name)
    };
    let make = || async { all.create(draft).await.map(|_made| ()) };
    let turn = format!("{} {}", E::TYPE, name.to_lowercase());
    ensure
        .run(&turn, look, make, |stored| compare(&wanted, stored))
        .await
}
