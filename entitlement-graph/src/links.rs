//! Collections whose items live elsewhere: they are linked and unlinked, not made and removed.
//!
//! ```
//! # use entitlement_core::{directory::User, entity::Id, package::AccessPackage};
//! # use entitlement_graph::GraphClient;
//! # async fn example(client: &GraphClient, admins: &Id<AccessPackage>, auditors: &Id<AccessPackage>)
//! # -> Result<(), entitlement_graph::Error> {
//! let package = client.entitlement().package(admins);
//! package.incompatible_packages().add(auditors).await?;
//! assert_eq!(package.incompatible_packages().list().try_collect().await?.len(), 1);
//! package.incompatible_packages().remove(auditors).await?;
//! # Ok(())
//! # }
//! ```

use std::fmt::{self, Debug};

use entitlement_core::entity::{Entity, Id, Listable};
use entitlement_core::query::QueryOf;
use serde::Serialize;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::error::Error;
use crate::paging::Pager;
use crate::request::{Call, ResourcePath};

/// The root that links are written with. Graph reads type and id from a link, whatever its host.
const LINK_ROOT: &str = "https://graph.microsoft.com/v1.0";

/// The things that something is linked to, such as the members of a group.
pub struct Links<E>(Collection<E>);

impl<E: Listable> Links<E> {
    pub(crate) fn at(client: GraphClient, path: ResourcePath) -> Self {
        Self(Collection::at(client, path))
    }

    /// Reads what is linked, page by page.
    pub fn list(&self) -> Pager<E> {
        self.0.list()
    }

    /// Reads what a query selects, page by page.
    pub fn list_with(&self, query: impl Into<QueryOf<E>>) -> Pager<E> {
        self.0.list_with(query)
    }

    /// How many there are.
    ///
    /// # Errors
    ///
    /// As [`Collection::count`].
    pub async fn count(&self) -> Result<u64, Error> {
        self.0.count().await
    }

    /// Only those of one type: the people among the members of a group.
    pub fn only<T: Listable>(&self) -> Collection<T> {
        self.0.only()
    }

    /// Links one more.
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 if it is linked already; [`Error::is_not_found`] if one of the two does not
    /// exist.
    pub async fn add(&self, item: impl Into<Id<E>>) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Reference {
            #[serde(rename = "@odata.id")]
            target: String,
        }
        let item = ResourcePath::new(E::COLLECTION).id(&item.into());
        let reference = Reference {
            target: format!("{LINK_ROOT}/{item}"),
        };
        let call = Call::post(self.0.path().segment("$ref")).json(&reference)?;
        self.0.client().send(call).await?;
        Ok(())
    }

    /// Takes a link away; what it led to stays.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if it is not linked.
    pub async fn remove(&self, item: impl Into<Id<E>>) -> Result<(), Error> {
        let path = self.0.path().id(&item.into()).segment("$ref");
        self.0.client().send(Call::delete(path)).await?;
        Ok(())
    }

    /// The same without a look at what the service is known to take in queries; see [`Collection::unchecked`].
    pub fn unchecked(&self) -> Self {
        Self(self.0.unchecked())
    }
}

impl<E> Clone for Links<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<E: Entity> Debug for Links<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Links").field(&self.0.path()).finish()
    }
}
