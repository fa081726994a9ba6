//! What can be done with one partner organisation, and with one person as entitlement management knows them.

use entitlement_core::connected_organization::ConnectedOrganization;
use entitlement_core::directory::{DirectoryObject, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::query::QueryOf;
use entitlement_core::subject::{Subject, SubjectPatch};

use crate::client::GraphClient;
use crate::error::Error;
use crate::links::Links;
use crate::place::Place;
use crate::request::{Call, ResourcePath};

/// One partner organisation. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct ConnectedOrganizationHandle(Place);

impl ConnectedOrganizationHandle {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// Reads it with its sponsors (P20).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get_whole(&self) -> Result<ConnectedOrganization, Error> {
        let query = QueryOf::new()
            .expand(ConnectedOrganization::INTERNAL_SPONSORS)
            .expand(ConnectedOrganization::EXTERNAL_SPONSORS);
        self.0.get(Query::from(query)).await
    }

    /// People and groups of this tenant who vouch for it
    /// ([internalSponsors](https://learn.microsoft.com/graph/api/connectedorganization-post-internalsponsors)).
    pub fn internal_sponsors(&self) -> Links<DirectoryObject> {
        self.0.links("internalSponsors")
    }

    /// People of the other organisation who vouch for it
    /// ([externalSponsors](https://learn.microsoft.com/graph/api/connectedorganization-post-externalsponsors)).
    pub fn external_sponsors(&self) -> Links<DirectoryObject> {
        self.0.links("externalSponsors")
    }
}

/// One person as entitlement management knows them. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct SubjectHandle {
    client: GraphClient,
    path: ResourcePath,
}

impl SubjectHandle {
    pub(super) fn new(client: GraphClient, person: &Id<User>) -> Self {
        let root = ResourcePath::new("identityGovernance/entitlementManagement");
        let path = root.function("subjects", &[("objectId", &person.to_string())]);
        Self { client, path }
    }

    /// Reads the record ([get](https://learn.microsoft.com/graph/api/accesspackagesubject-get)).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if entitlement management has none.
    pub async fn get(&self) -> Result<Subject, Error> {
        self.client.fetch(Call::get(self.path.clone())).await
    }

    /// Says whether a guest's account is governed
    /// ([update](https://learn.microsoft.com/graph/api/accesspackagesubject-update), ORG-8).
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`], before anything is sent, if the patch breaks a rule; [`Error::is_not_found`] if entitlement
    /// management has no such record; [`Error::is_permission`] unless the caller owns a catalog.
    pub async fn update(&self, patch: &SubjectPatch) -> Result<(), Error> {
        let call = Call::patch(self.path.clone()).changing(patch)?;
        self.client.send(call).await?;
        Ok(())
    }
}
