//! People, groups and applications: `client.users()`, `client.groups()`, `client.group(&id)`.
//!
//! ```
//! # use entitlement_core::directory::{GroupDraft, User};
//! # use entitlement_graph::GraphClient;
//! # async fn example(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
//! let group = client.groups().create(&GroupDraft::security_group("mem-local-admins").build()?).await?;
//! let members = client.group(&group.id).members();
//! members.add(&client.me().await?.id).await?;
//! let people = members.only::<User>().list().try_collect().await?;
//! assert_eq!(people.len(), 1);
//! # Ok(())
//! # }
//! ```

use entitlement_core::directory::{
    DirectoryObject, Group, GroupPatch, ObjectLinks, ServicePrincipal, User,
};
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::query::QueryOf;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::error::Error;
use crate::links::Links;
use crate::place::Place;
use crate::request::{Call, ResourcePath};

impl GraphClient {
    /// All people of the tenant; an id may also be a sign-in name.
    ///
    /// ```
    /// # use entitlement_core::directory::{User, UserPatch};
    /// # use entitlement_core::entity::Id;
    /// # use entitlement_graph::GraphClient;
    /// # async fn example(client: &GraphClient, ada: &Id<User>) -> Result<(), entitlement_graph::Error> {
    /// let mover = UserPatch { department: "Engines".into(), ..UserPatch::default() };
    /// client.users().update(ada, &mover).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn users(&self) -> Collection<User> {
        Collection::new(self.clone())
    }

    /// One person, for whom and what they are connected with.
    pub fn user(&self, id: &Id<User>) -> UserHandle {
        UserHandle(Place::new(self, id))
    }

    /// All groups of the tenant.
    pub fn groups(&self) -> Collection<Group> {
        Collection::new(self.clone())
    }

    /// One group, for what can be done with its members.
    pub fn group(&self, id: &Id<Group>) -> GroupHandle {
        GroupHandle {
            place: Place::new(self, id),
            id: id.clone(),
        }
    }

    /// All applications that the tenant knows.
    pub fn service_principals(&self) -> Collection<ServicePrincipal> {
        Collection::new(self.clone())
    }

    /// Everything in the directory, whatever its kind, by id.
    pub fn directory_objects(&self) -> Collection<DirectoryObject> {
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
    pub async fn me_with(&self, query: impl Into<QueryOf<User>>) -> Result<User, Error> {
        let path = ResourcePath::new("me");
        self.users().get_at(path, query.into().into()).await
    }

    /// A person's manager ([list manager](https://learn.microsoft.com/graph/api/user-list-manager)).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the person has none, or does not exist.
    pub async fn manager_of(&self, user: &Id<User>) -> Result<User, Error> {
        self.user(user).manager().await
    }
}

/// One person. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct UserHandle(Place);

impl UserHandle {
    /// Their manager ([list manager](https://learn.microsoft.com/graph/api/user-list-manager)).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if they have none, or do not exist.
    pub async fn manager(&self) -> Result<User, Error> {
        let call = Call::get(self.0.path_to("manager"));
        self.0.client().fetch(call).await
    }

    /// Whoever they manage.
    pub fn direct_reports(&self) -> Links<DirectoryObject> {
        self.0.links("directReports")
    }

    /// The groups, roles and units they are in ([list memberOf](https://learn.microsoft.com/graph/api/user-list-memberof)).
    pub fn member_of(&self) -> Links<DirectoryObject> {
        self.0.links("memberOf")
    }

    /// The groups, roles and units they are in, by way of other groups too.
    pub fn transitive_member_of(&self) -> Links<DirectoryObject> {
        self.0.links("transitiveMemberOf")
    }

    /// Whoever vouches for them, if they are guests.
    pub fn sponsors(&self) -> Links<DirectoryObject> {
        self.0.links("sponsors")
    }
}

/// One group. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct GroupHandle {
    place: Place,
    id: Id<Group>,
}

impl GroupHandle {
    /// Who is in it ([list members](https://learn.microsoft.com/graph/api/group-list-members)).
    pub fn members(&self) -> Links<DirectoryObject> {
        self.place.links("members")
    }

    /// Who is in it, by way of other groups too.
    pub fn transitive_members(&self) -> Links<DirectoryObject> {
        self.place.links("transitiveMembers")
    }

    /// Who looks after it ([list owners](https://learn.microsoft.com/graph/api/group-list-owners)).
    pub fn owners(&self) -> Links<DirectoryObject> {
        self.place.links("owners")
    }

    /// The groups and units it is in.
    pub fn member_of(&self) -> Links<DirectoryObject> {
        self.place.links("memberOf")
    }

    /// The groups and units it is in, by way of other groups too.
    pub fn transitive_member_of(&self) -> Links<DirectoryObject> {
        self.place.links("transitiveMemberOf")
    }

    /// The members for whom a licence of the group cannot be had.
    pub fn members_with_license_errors(&self) -> Links<DirectoryObject> {
        self.place.links("membersWithLicenseErrors")
    }

    /// Whose mails the group takes.
    pub fn accepted_senders(&self) -> Links<DirectoryObject> {
        self.place.links("acceptedSenders")
    }

    /// Whose mails the group turns away.
    pub fn rejected_senders(&self) -> Links<DirectoryObject> {
        self.place.links("rejectedSenders")
    }

    /// Puts somebody in ([add member](https://learn.microsoft.com/graph/api/group-post-members)).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 if they are in already; [`Error::is_not_found`] if group or person do not
    /// exist.
    pub async fn add_member(&self, member: impl Into<Id<DirectoryObject>>) -> Result<(), Error> {
        self.members().add(member).await
    }

    /// Puts up to 20 in with one call: all of them, or none
    /// ([add members](https://learn.microsoft.com/graph/api/group-post-members), GRP-3).
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for more than 20, or one named twice; [`Error::Service`] with status 400 if one is in
    /// already; [`Error::is_not_found`] if one does not exist.
    pub async fn add_members(
        &self,
        members: impl IntoIterator<Item = Id<DirectoryObject>>,
    ) -> Result<(), Error> {
        let members = ObjectLinks::new(members)?;
        if members.is_empty() {
            return Ok(());
        }
        let patch = GroupPatch {
            members,
            ..GroupPatch::default()
        };
        let client = self.place.client();
        client.groups().update(&self.id, &patch).await
    }

    /// Takes somebody out ([remove member](https://learn.microsoft.com/graph/api/group-delete-members)).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if they are not in it.
    pub async fn remove_member(&self, member: impl Into<Id<DirectoryObject>>) -> Result<(), Error> {
        self.members().remove(member).await
    }
}
