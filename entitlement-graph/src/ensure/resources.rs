//! Resources of catalogs, which count as there only when their roles can be read.

use entitlement_core::catalog::Catalog;
use entitlement_core::entity::Id;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::resource::{OriginSystem, Resource, ResourceRequestDraft};

use super::{Ensure, Ensured, as_sent, text};
use crate::entitlement::Entitlement;
use crate::error::Error;
use crate::request::Call;
use crate::resolve::roles_of;
use crate::wait::{Sight, Wait};

impl Entitlement {
    /// Makes sure that a resource is there in its catalog, and returns it with its roles and scopes.
    ///
    /// It comes back only when its roles can be read too (P1), from the catalog's own list, which is right where the
    /// roles expanded from the resource stay empty (P4). A group that was made a moment ago is not known to
    /// entitlement management for minutes: as long as the wait allows, it is asked for again (OBJ-26). A label that
    /// lags behind is no difference (P27), so this never is a conflict.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] for a draft that does not add a resource; [`Error::TimedOut`] if the origin system's object
    /// stays unknown, or resource or roles do not appear; [`Error::is_permission`] if the caller has no rights on the
    /// object itself (P28).
    pub async fn ensure_resource(
        &self,
        draft: &ResourceRequestDraft,
        wait: &Wait,
    ) -> Result<Ensured<Resource>, Error> {
        let wanted = as_sent(draft);
        let requests = self.resource_requests();
        let catalog: Option<Id<Catalog>> = text(&wanted["catalog"], "id").parse().ok();
        let (Some(catalog), "adminAdd") = (catalog, text(&wanted, "requestType")) else {
            return Err(Error::Refused {
                operation: Call::post(requests.path()).operation(),
                reason: "it does not bring a resource into a catalog".to_owned(),
            });
        };
        let origin = text(&wanted["resource"], "originId");
        let system = OriginSystem::from(text(&wanted["resource"], "originSystem"));
        let what = format!("{system} {origin} in catalog {catalog}");
        let ensure = Ensure::new(requests.client(), what, wait);
        let look = || self.look_for(&catalog, &system, origin);
        let make = || async {
            let what = format!("{system} {origin} to be known to entitlement management");
            let attempt = || async { Ok(requests.create(draft).await) };
            let judge = |outcome| match outcome {
                Err(Error::Service(error)) if error.code() == UNKNOWN_YET => {
                    Sight::NotYet(error.to_string())
                }
                outcome => Sight::Done(outcome),
            };
            let wait = ensure.rest().stable_reads(1);
            let made = requests.client().wait(&wait, what, attempt, judge).await?;
            made.map(|_request| ())
        };
        let turn = format!("catalog {catalog} {system} {origin}");
        ensure.run(&turn, look, make, |_same| Vec::new()).await
    }

    /// Waits until a resource that somebody has brought into a catalog can be read with its roles and scopes, as
    /// [`ensure_resource`](Self::ensure_resource) does.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::wait`](crate::GraphClient::wait).
    pub async fn wait_for_resource(
        &self,
        catalog: &Id<Catalog>,
        origin_system: &OriginSystem,
        origin_id: &str,
        wait: &Wait,
    ) -> Result<Resource, Error> {
        let catalogs = self.catalogs();
        let what = format!("{origin_system} {origin_id} in catalog {catalog}");
        let ensure = Ensure::new(catalogs.client(), what, wait);
        let look = || self.look_for(catalog, origin_system, origin_id);
        ensure.appear(wait, look).await
    }

    /// A resource with its roles and scopes; `None` while any of that is missing.
    async fn look_for(
        &self,
        catalog: &Id<Catalog>,
        system: &OriginSystem,
        origin: &str,
    ) -> Result<Option<Resource>, Error> {
        let filter = Filter::field("originId").eq(origin);
        let query = Query::new().filter(filter).expand("scopes");
        let found = self.catalog(catalog).resources().list_with(query);
        let found = found.try_collect().await?.into_iter().find(|resource| {
            let same = resource.origin_id.as_deref();
            same.is_some_and(|same| same.eq_ignore_ascii_case(origin))
                && resource
                    .origin_system
                    .as_ref()
                    .is_none_or(|found| found == system)
        });
        let Some(mut resource) = found else {
            return Ok(None);
        };
        let roles = roles_of(self, catalog, &resource).await?;
        if roles.is_empty() {
            return Ok(None);
        }
        resource.roles = roles.into();
        Ok(Some(resource))
    }
}

/// The code for objects that exist but have not arrived in entitlement management.
const UNKNOWN_YET: &str = "ResourceNotFoundInOriginSystem";
