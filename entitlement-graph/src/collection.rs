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

use entitlement_core::entity::{
    Creatable, Deletable, Entity, Id, Listable, Patchable, Replaceable,
};
use entitlement_core::odata::Query;
use entitlement_core::query::QueryOf;
use http::HeaderValue;
use http::header::ACCEPT;
use serde::Deserialize;

use crate::client::GraphClient;
use crate::error::{Error, Operation};
use crate::paging::Pager;
use crate::request::{self, CONSISTENCY_LEVEL, Call, ResourcePath};
use crate::support::{self, Shape};

/// A collection of the service, such as all catalogs, or the resources of one.
pub struct Collection<E> {
    client: GraphClient,
    path: ResourcePath,
    checked: bool,
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
            checked: true,
            entity: PhantomData,
        }
    }

    pub(crate) fn client(&self) -> &GraphClient {
        &self.client
    }

    pub(crate) fn path(&self) -> ResourcePath {
        self.path.clone()
    }

    /// The same without a look at what the service is known to take in queries.
    ///
    /// Queries are held against what Graph documents for each endpoint, and refused with [`Error::Refused`] before
    /// anything is sent. Services learn: what is new there, and not known here yet, goes this way.
    ///
    /// ```
    /// # use entitlement_core::odata::Query;
    /// # use entitlement_graph::GraphClient;
    /// # async fn example(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
    /// let newest_first = Query::new().order_by("displayName");
    /// let catalogs = client.entitlement().catalogs();
    /// assert!(catalogs.list_with(newest_first.clone()).next().await.is_err());
    /// let sorted_there = catalogs.unchecked().list_with(newest_first).try_collect().await?;
    /// let sorted_here = catalogs.list().sort_locally(|a, b| a.display_name.cmp(&b.display_name)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn unchecked(&self) -> Self {
        Self {
            checked: false,
            ..self.clone()
        }
    }

    /// The call that asks `path`, which belongs to this collection, with all that the query needs; the reason if it
    /// must not be sent.
    pub(crate) fn ask(
        &self,
        path: ResourcePath,
        shape: Shape,
        query: Query,
    ) -> Result<Call, (Operation, String)> {
        let mut query = query.always_selecting("id");
        let asked = match shape {
            Shape::List => &path,
            Shape::Item | Shape::Count => &self.path,
        };
        let advanced = if self.checked {
            support::check(asked.as_str(), shape, &mut query)
        } else {
            Ok(false)
        };
        let call = Call::get(path);
        match advanced {
            Ok(true) => Ok(eventual(call.query(query))),
            Ok(false) => Ok(call.query(query)),
            Err(reason) => Err((call.operation(), reason)),
        }
    }

    /// A list at `path`, which belongs to this collection.
    pub(crate) fn pages(&self, path: ResourcePath, query: Query) -> Pager<E> {
        let client = self.client.clone();
        match self.ask(path, Shape::List, query) {
            Ok(call) => Pager::new(client, call),
            Err((operation, reason)) => Pager::refused(client, operation, reason),
        }
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
    /// As [`Collection::get`], and [`Error::Refused`] for options that the service does not take here.
    pub async fn get_with(&self, id: &Id<E>, query: impl Into<QueryOf<E>>) -> Result<E, Error> {
        let query = query.into().into();
        self.get_at(self.path().id(id), query).await
    }

    /// Reads one at `path`, which leads to an item of this collection.
    pub(crate) async fn get_at(&self, path: ResourcePath, query: Query) -> Result<E, Error> {
        match self.ask(path, Shape::Item, query) {
            Ok(call) => fetch_entity(&self.client, call).await,
            Err((operation, reason)) => Err(Error::Refused { operation, reason }),
        }
    }
}

/// Answers come with `ConsistencyLevel: eventual` from an index that knows more questions.
fn eventual(call: Call) -> Call {
    call.header(CONSISTENCY_LEVEL, HeaderValue::from_static("eventual"))
}

/// Reads an entity; some answers wrap it into `{"value": …}`.
pub(crate) async fn fetch_entity<E: Entity>(client: &GraphClient, call: Call) -> Result<E, Error> {
    #[derive(Deserialize)]
    #[serde(bound = "")]
    struct Wrapped<E: Entity> {
        value: E,
    }
    let operation = call.operation();
    let response = client.send(call).await?;
    request::read(&operation, &response).or_else(|error| {
        match request::read::<Wrapped<E>>(&operation, &response) {
            Ok(wrapped) => Ok(wrapped.value),
            Err(_neither) => Err(error),
        }
    })
}

impl<E: Listable> Collection<E> {
    /// Reads all, page by page.
    pub fn list(&self) -> Pager<E> {
        self.list_with(Query::new())
    }

    /// Reads those that a query selects, page by page.
    ///
    /// The query is a [`QueryOf`] the entity, out of its own properties, or any [`Query`]. Where it selects properties,
    /// `id` comes along. What the service does not take here is refused with [`Error::Refused`] by the pager; see
    /// [`unchecked`](Self::unchecked).
    pub fn list_with(&self, query: impl Into<QueryOf<E>>) -> Pager<E> {
        self.pages(self.path(), query.into().into())
    }

    /// How many there are (`/$count`).
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`], and [`Error::Decode`] for an answer that is no number.
    pub async fn count(&self) -> Result<u64, Error> {
        self.count_with(Query::new()).await
    }

    /// How many pass the query's filter.
    ///
    /// # Errors
    ///
    /// As [`Collection::count`].
    pub async fn count_with(&self, query: impl Into<QueryOf<E>>) -> Result<u64, Error> {
        let path = self.path().segment("$count");
        let call = match self.ask(path, Shape::Count, query.into().into()) {
            Ok(call) => eventual(call).header(ACCEPT, HeaderValue::from_static("text/plain")),
            Err((operation, reason)) => return Err(Error::Refused { operation, reason }),
        };
        let operation = call.operation();
        let response = self.client.send(call).await?;
        // The number may begin with a byte order mark.
        let text = String::from_utf8_lossy(response.body());
        let digits = text.trim_start_matches('\u{feff}').trim();
        if let Ok(count) = digits.parse() {
            return Ok(count);
        }
        request::read(&operation, &response)
    }

    /// Only those of one type: the people among the members of a group.
    pub(crate) fn only<T: Entity>(&self) -> Collection<T> {
        Collection {
            checked: self.checked,
            ..Collection::at(self.client.clone(), self.path().cast(T::TYPE))
        }
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
        let call = Call::post(self.path()).json(draft)?;
        fetch_entity(&self.client, call).await
    }
}

impl<E: Patchable> Collection<E> {
    /// Changes what the patch mentions.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`], before anything is sent, if the patch breaks a rule; [`Error::is_not_found`] if there is none
    /// with this id; [`Error::is_conflict`] if somebody was faster; otherwise as [`GraphClient::send`].
    pub async fn update(&self, id: &Id<E>, patch: &E::Patch) -> Result<(), Error> {
        self.client
            .send(Call::patch(self.path().id(id)).changing(patch)?)
            .await?;
        Ok(())
    }
}

impl<E: Replaceable> Collection<E> {
    /// Writes the whole back: whatever `entity` does not say is lost.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] if links were not loaded that would be lost; [`Error::is_not_found`] if there is none with
    /// this id; otherwise as [`GraphClient::send`].
    pub async fn replace(&self, entity: &E) -> Result<(), Error> {
        let call = Call::put(self.path().id(entity.id()));
        let replacement = entity.replacement().map_err(|missing| Error::Refused {
            operation: call.operation(),
            reason: missing.to_string(),
        })?;
        self.client.send(call.json(&replacement)?).await?;
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
            checked: self.checked,
            entity: PhantomData,
        }
    }
}

impl<E> Debug for Collection<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Collection").field(&self.path).finish()
    }
}
