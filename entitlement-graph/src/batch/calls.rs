//! The verbs of collections, as parts of a batch.

use entitlement_core::entity::{Creatable, Deletable, Entity, Id, Listable, Patchable};
use entitlement_core::odata::Query;
use serde::Serialize;

use super::{Batch, Ticket};
use crate::collection::Collection;
use crate::paging::Page;
use crate::request::{self, Call};

impl Batch {
    /// Adds reading one entity, as [`Collection::get`].
    pub fn get<E: Entity>(&mut self, collection: &Collection<E>, id: &Id<E>) -> Ticket<E> {
        self.get_with(collection, id, Query::new())
    }

    /// Adds reading one entity with `$select` and `$expand`, as [`Collection::get_with`].
    pub fn get_with<E: Entity>(
        &mut self,
        collection: &Collection<E>,
        id: &Id<E>,
        query: Query,
    ) -> Ticket<E> {
        self.call(Call::get(collection.path().id(id)).query(query))
    }

    /// Adds reading the first page of what a query selects; the page says whether more follow.
    pub fn page<E: Listable>(
        &mut self,
        collection: &Collection<E>,
        query: Query,
    ) -> Ticket<Page<E>> {
        self.call(Call::get(collection.path()).query(query))
    }

    /// Adds making one, as [`Collection::create`].
    pub fn create<E: Creatable>(
        &mut self,
        collection: &Collection<E>,
        draft: &E::Draft,
    ) -> Ticket<E> {
        let item = self.add_json(Call::post(collection.path()), draft);
        self.ticket(item, |operation, answer| request::read(operation, &answer))
    }

    /// Adds changing what the patch mentions, as [`Collection::update`]; if the patch breaks a rule, only this call is
    /// not sent.
    pub fn update<E: Patchable>(
        &mut self,
        collection: &Collection<E>,
        id: &Id<E>,
        patch: &E::Patch,
    ) -> Ticket<()> {
        let call = Call::patch(collection.path().id(id));
        let operation = call.operation();
        let item = self.add(call.changing(patch).map_err(|error| (operation, error)));
        self.ticket(item, |_, _| Ok(()))
    }

    /// Adds removing one, as [`Collection::delete`].
    pub fn delete<E: Deletable>(&mut self, collection: &Collection<E>, id: &Id<E>) -> Ticket<()> {
        self.action(Call::delete(collection.path().id(id)))
    }

    fn add_json(&mut self, call: Call, body: &impl Serialize) -> usize {
        let operation = call.operation();
        self.add(call.json(body).map_err(|error| (operation, error)))
    }
}
