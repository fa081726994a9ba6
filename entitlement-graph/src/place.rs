//! Where one entity is, and what all handles do there.

use entitlement_core::entity::{Entity, Id, Listable};
use entitlement_core::odata::Query;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::error::Error;
use crate::links::Links;
use crate::request::{Call, ResourcePath};
use crate::transport::Replay;

/// The place of one entity.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    client: GraphClient,
    /// The collection that it is in.
    collection: ResourcePath,
    path: ResourcePath,
}

impl Place {
    /// The place of an entity of the service's own collections.
    pub(crate) fn new<E: Entity>(client: &GraphClient, id: &Id<E>) -> Self {
        Self::within(client, ResourcePath::new(E::COLLECTION), id)
    }

    fn within<E: Entity>(client: &GraphClient, collection: ResourcePath, id: &Id<E>) -> Self {
        Self {
            client: client.clone(),
            path: collection.clone().id(id),
            collection,
        }
    }

    pub(crate) fn client(&self) -> &GraphClient {
        &self.client
    }

    /// The path of something below.
    pub(crate) fn path_to(&self, name: &'static str) -> ResourcePath {
        self.path.clone().segment(name)
    }

    /// A collection below.
    pub(crate) fn collection<E: Entity>(&self, name: &'static str) -> Collection<E> {
        Collection::at(self.client.clone(), self.path_to(name))
    }

    /// A collection below, of things that live elsewhere.
    pub(crate) fn links<E: Listable>(&self, name: &'static str) -> Links<E> {
        Links::at(self.client.clone(), self.path_to(name))
    }

    /// The place of an entity below.
    pub(crate) fn item<E: Entity>(&self, name: &'static str, id: &Id<E>) -> Self {
        Self::within(&self.client, self.path_to(name), id)
    }

    /// The same place, of something that is of this type: `mobileApps/a1/microsoft.graph.win32LobApp`.
    pub(crate) fn cast(&self, type_name: &'static str) -> Self {
        Self {
            path: self.path.clone().cast(type_name),
            ..self.clone()
        }
    }

    /// The path of a function here.
    pub(crate) fn function(
        &self,
        name: &'static str,
        arguments: &[(&'static str, &str)],
    ) -> ResourcePath {
        self.path.clone().function(name, arguments)
    }

    /// Reads what is here.
    pub(crate) async fn get<E: Entity>(&self, query: Query) -> Result<E, Error> {
        Collection::at(self.client.clone(), self.collection.clone())
            .get_at(self.path.clone(), query)
            .await
    }

    /// Runs an action that takes nothing and answers nothing.
    pub(crate) async fn act(&self, action: &'static str, replay: Replay) -> Result<(), Error> {
        let call = Call::post(self.path_to(action)).replay(replay);
        self.client.send(call).await?;
        Ok(())
    }

    /// Runs an action that takes something.
    pub(crate) async fn act_with<B: Serialize>(
        &self,
        action: &'static str,
        body: &B,
    ) -> Result<(), Error> {
        self.client
            .send(Call::post(self.path_to(action)).json(body)?)
            .await?;
        Ok(())
    }

    /// Runs an action that answers something.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        action: &'static str,
        replay: Replay,
    ) -> Result<T, Error> {
        let call = Call::post(self.path_to(action)).replay(replay);
        self.client.fetch(call).await
    }
}
