//! People and groups: `client.users()`, `client.groups()`, `client.group(&id)`.
//!
//! ```
//! # use entitlement_core::directory::GroupDraft;
//! # use entitlement_graph::GraphClient;
//! # async fn example(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
//! let group = client.groups().create(&GroupDraft::security_group("mem-local-admins").build()?).await?;
//! let members = client.group(&group.id).members().list().try_collect().await?;
//! assert!(members.is_empty());
//! # Ok(())
//! # }
//! ```

use entitlement_core::directory::{DirectoryObject, Group, User};
use entitlement_core::entity::{Entity, Id};
use entitlement_core::odata::Query;
use serde::Serialize;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::error::Error;
use crate::request::{Call, ResourcePath};

impl GraphClient {
    /// All people of the tenant; an id may also be a sign-in name.
    pub fn users(&self) -> Collection<User> {
        Collection::new(self.clone())
    }

    /// All groups of the tenant.
    pub fn groups(&self) -> Collection<Group> {
        Collection::new(self.clone())
    }

    /// The person who is signed in ([get user](https://learn.microsoft.com/graph/api/user-get)).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] for an application, which is nobody; otherwise as [`GraphClient::send`].
    pub async fn me(&self) -> Result<User, Error> {
        self.me_with(Query::new()).await
    }

    /// The person who is signed in, with `$select` and `$expand`.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::me`].
    pub async fn me_with(&self, query: Query) -> Result<User, Error> {
        self.fetch(Call::get(ResourcePath::new("me")).query(query))
            .await
    }

    /// A person's manager ([list manager](https://learn.microsoft.com/graph/api/user-list-manager)).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the person has none, or does not exist.
    pub async fn manager_of(&self, user: &Id<User>) -> Result<User, Error> {
        let path = ResourcePath::new(User::COLLECTION)
            .id(user)
            .segment("manager");
        self.fetch(Call::get(path)).await
    }

    /// One group, for what can be done with its members.
    pub fn group(&self, id: &Id<Group>) -> GroupHandle {
        GroupHandle {
            client: self.clone(),
            path: ResourcePath::new(Group::COLLECTION).id(id),
        }
    }
}

/// One group. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct GroupHandle {
    client: GraphClient,
    path: ResourcePath,
}

impl GroupHandle {
    fn members_path(&self) -> ResourcePath {
        self.path.clone().segment("members")
    }

    /// Who is in it ([list members](https://learn.microsoft.com/graph/api/group-list-members)).
    pub fn members(&self) -> Collection<DirectoryObject> {
        Collection::at(self.client.clone(), self.members_path())
    }

    /// Puts somebody in ([add member](https://learn.microsoft.com/graph/api/group-post-members)).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 if they are in already; [`Error::is_not_found`] if group or person do not
    /// exist.
    pub async fn add_member(&self, member: impl Into<Id<DirectoryObject>>) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Reference {
            #[serde(rename = "@odata.id")]
            target: String,
        }
        // Graph reads type and id from the link, whatever its host.
        let object = ResourcePath::new(DirectoryObject::COLLECTION).id(&member.into());
        let reference = Reference {
            target: format!("https://graph.microsoft.com/v1.0/{object}"),
        };
        let call = Call::post(self.members_path().segment("$ref")).json(&reference)?;
        self.client.send(call).await?;
        Ok(())
    }

    /// Takes somebody out ([remove member](https://learn.microsoft.com/graph/api/group-delete-members)).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if they are not in it.
    pub async fn remove_member(&self, member: impl Into<Id<DirectoryObject>>) -> Result<(), Error> {
        let path = self.members_path().id(&member.into()).segment("$ref");
        self.client.send(Call::delete(path)).await?;
        Ok(())
    }
}
