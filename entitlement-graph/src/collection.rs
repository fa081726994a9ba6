//! The verbs that every collection has, once for all nouns.
//!
//! Which verbs a noun has is part of its type: an assignment cannot be created, so that does not compile.
//!
//! ```
//! # use entitlement_core::catalog::CatalogDraft;
//! # use entitlement_graph::GraphClient;
//! # async fn example(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
//! let catalogs = client.entitlement().catalogs();
//! let devices = catalogs.create(&CatalogDraft::builder("Devices").build()?).await?;
//! let again = catalogs.get(&devices.id).await?;
//! # Ok(())
//! # }
//! ```
//!
//! ```compile_fail
//! # async fn example(client: &entitlement_graph::GraphClient) {
//! client.entitlement().assignments().create(&()).await;
//! # }
//! ```

use std::fmt::{self, Debug};
use std::marker::PhantomData;

use entitlement_core::entity::{Creatable, Deletable, Entity, Id, Listable, Patchable};
use entitlement_core::odata::Query;

use crate::client::GraphClient;
use crate::error::Error;
use crate::paging::Pager;
use crate::request::{Call, ResourcePath};

/// A collection of the service, such as all catalogs, or the resources of one.
pub struct Collection<E> {
    client: GraphClient,
    path: ResourcePath,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> Collection<E> {
    /// The collection at the entity's own place.
    pub(crate) fn new(client: GraphClient) -> Self {
        Self::at(client, ResourcePath::new(E::COLLECTION))
    }

    /// A collection inside another entity.
    pub(crate) fn at(client: GraphClient, path: ResourcePath) -> Self {
        Self {
            client,
            path,
            entity: PhantomData,
        }
    }

    pub(crate) fn client(&self) -> &GraphClient {
        &self.client
    }

    pub(crate) fn path(&self) -> ResourcePath {
        self.path.clone()
    }

    /// Reads one.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id; otherwise as [`GraphClient::send`].
    pub async fn get(&self, id: &Id<E>) -> Result<E, Error> {
        self.get_with(id, Query::new()).await
    }

    /// Reads one, with `$select` and `$expand`.
    ///
    /// # Errors
    ///
    /// As [`Collection::get`].
    pub async fn get_with(&self, id: &Id<E>, query: Query) -> Result<E, Error> {
        self.client
            .fetch(Call::get(self.path().id(id)).query(query))
            .await
    }
}

impl<E: Listable> Collection<E> {
    /// Reads all, page by page.
    pub fn list(&self) -> Pager<E> {
        self.list_with(Query::new())
    }

    /// Reads those that a query selects, page by page.
    pub fn list_with(&self, query: Query) -> Pager<E> {
        Pager::new(self.client.clone(), Call::get(self.path()).query(query))
    }
}

impl<E: Creatable> Collection<E> {
    /// Makes one. The service answers with parts of it only: read it again for the whole.
    ///
    /// # Errors
    ///
    /// [`Error::Service`] if the service refuses the draft; otherwise as [`GraphClient::send`]. After
    /// [`Error::Transport`] it may have been made all the same.
    pub async fn create(&self, draft: &E::Draft) -> Result<E, Error> {
        self.client
            .fetch(Call::post(self.path()).json(draft)?)
            .await
    }
}

impl<E: Patchable> Collection<E> {
    /// Changes what the patch mentions.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id; [`Error::is_conflict`] if somebody was faster; otherwise
    /// as [`GraphClient::send`].
    pub async fn update(&self, id: &Id<E>, patch: &E::Patch) -> Result<(), Error> {
        self.client
            .send(Call::patch(self.path().id(id)).json(patch)?)
            .await?;
        Ok(())
    }
}

impl<E: Deletable> Collection<E> {
    /// Removes one.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id; [`Error::Service`] while something still needs it.
    pub async fn delete(&self, id: &Id<E>) -> Result<(), Error> {
        self.client.send(Call::delete(self.path().id(id))).await?;
        Ok(())
    }
}

impl<E> Clone for Collection<E> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            path: self.path.clone(),
            entity: PhantomData,
        }
    }
}

impl<E> Debug for Collection<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Collection").field(&self.path).finish()
    }
}
