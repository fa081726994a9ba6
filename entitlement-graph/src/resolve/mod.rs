//! From names to things, exactly: one match, or an error that lists what there is.
//!
//! People write names, the service wants ids. A [`Ref`] says which of the two a text is, so that a name never passes
//! for an id (P22), and resolving it takes nothing but an exact match: never the first of several, never a name that
//! merely begins alike (P21). Resolve everything before you write anything.
//!
//! | name of … | is | method |
//! |---|---|---|
//! | a catalog | the display name | [`Entitlement::resolve_catalog`] |
//! | a package | the display name, in one catalog or in all | [`Entitlement::resolve_package`] |
//! | a policy | the display name, in its package | [`Entitlement::resolve_policy`] |
//! | a partner organisation | the display name | [`Entitlement::resolve_connected_organization`] |
//! | a role of a resource | the display name or the origin id | [`Entitlement::resolve_role`] |
//! | a person | the sign-in name or the e-mail address, in any case | [`GraphClient::resolve_user`] |
//! | a group | the display name | [`GraphClient::resolve_group`] |
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::resolve::Ref;
//!
//! # async fn example(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
//! let entitlement = client.entitlement();
//! let catalog = entitlement.resolve_catalog(&Ref::name("Devices")).await?;
//! let package = entitlement
//!     .resolve_package(Some(&catalog.id), &Ref::name("Local administrator"))
//!     .await?;
//! let approver = client.resolve_user(&Ref::name("ada@contoso.com")).await?;
//! # Ok(())
//! # }
//! ```

mod role;
pub(crate) mod unresolved;

use std::fmt::{self, Display};

use entitlement_core::catalog::Catalog;
use entitlement_core::connected_organization::ConnectedOrganization;
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::{Entity, Id, Listable};
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::entitlement::Entitlement;
use crate::error::Error;
use crate::paging::Pager;

pub use role::RoleRef;
pub(crate) use role::roles_of;
pub use unresolved::{Candidate, Unresolved};

/// Which thing is meant: by its id, or by its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a text is an id or a name; there is no third thing"
)]
pub enum Ref<E> {
    /// The thing with this id.
    Id(Id<E>),
    /// The one thing with exactly this name.
    Name(String),
}

impl<E> Ref<E> {
    /// The one thing with exactly this name.
    pub fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }
}

impl<E> From<Id<E>> for Ref<E> {
    fn from(id: Id<E>) -> Self {
        Self::Id(id)
    }
}

impl<E> From<&Id<E>> for Ref<E> {
    fn from(id: &Id<E>) -> Self {
        Self::Id(id.clone())
    }
}

impl<E> Display for Ref<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "with the id {id}"),
            Self::Name(name) => write!(f, "{name:?}"),
        }
    }
}

impl Entitlement {
    fn of<E: Entity>(&self) -> Collection<E> {
        Collection::new(self.catalogs().client().clone())
    }

    /// The catalog that is meant.
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] if there is none, or more than one.
    pub async fn resolve_catalog(&self, catalog: &Ref<Catalog>) -> Result<Catalog, Error> {
        let all = self.catalogs();
        match catalog {
            Ref::Id(id) => by_id(&all, id, Query::new()).await,
            Ref::Name(name) => by_display_name(&all, name, Query::new(), |_| true).await,
        }
    }

    /// The package that is meant: in a catalog, or, where no catalog is given, the only one of its name in all of them.
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] if there is none, or more than one; a package of another catalog is none.
    pub async fn resolve_package(
        &self,
        catalog: Option<&Id<Catalog>>,
        package: &Ref<AccessPackage>,
    ) -> Result<AccessPackage, Error> {
        let all = self.packages();
        let query = Query::new().expand("catalog");
        let is_here = |package: &AccessPackage| {
            catalog.is_none_or(|wanted| {
                package
                    .catalog
                    .loaded()
                    .is_some_and(|found| found.id == *wanted)
            })
        };
        match package {
            Ref::Name(name) => by_display_name(&all, name, query, is_here).await,
            Ref::Id(id) => {
                let found = by_id(&all, id, query).await?;
                if is_here(&found) {
                    return Ok(found);
                }
                let what = format!("{} {package} in this catalog", AccessPackage::TYPE);
                Err(unresolved(what, [candidate(&found)]))
            }
        }
    }

    /// The policy of a package that is meant. Tools call nearly every policy the same, so it is never looked for in
    /// other packages (P23).
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] if there is none, or more than one; a policy of another package is none.
    pub async fn resolve_policy(
        &self,
        package: &Id<AccessPackage>,
        policy: &Ref<AssignmentPolicy>,
    ) -> Result<AssignmentPolicy, Error> {
        let policies = self.policies();
        let filter = Filter::field("accessPackage/id").eq(package);
        let query = Query::new().filter(filter).expand("accessPackage");
        let mut pager = policies.list_with(query);
        let mut all = Vec::new();
        while let Some(policy) = pager.next().await? {
            let owner = policy.access_package.loaded();
            if owner.is_none_or(|owner| owner.id == *package) {
                all.push(policy);
            }
        }
        let is_it = |found: &AssignmentPolicy| match policy {
            Ref::Id(id) => found.id == *id,
            Ref::Name(name) => found.display_name.as_deref() == Some(name),
        };
        let what = format!("{} {policy} in package {package}", AssignmentPolicy::TYPE);
        let places: Vec<usize> = (0..all.len()).filter(|place| is_it(&all[*place])).collect();
        match places[..] {
            [place] => Ok(all.swap_remove(place)),
            [] => Err(unresolved(what, all.iter().map(candidate))),
            _ => Err(ambiguous(
                what,
                places.len(),
                places.iter().map(|place| candidate(&all[*place])),
            )),
        }
    }

    /// The partner organisation that is meant.
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] if there is none, or more than one.
    pub async fn resolve_connected_organization(
        &self,
        organization: &Ref<ConnectedOrganization>,
    ) -> Result<ConnectedOrganization, Error> {
        let all = self.of();
        match organization {
            Ref::Id(id) => by_id(&all, id, Query::new()).await,
            Ref::Name(name) => by_display_name(&all, name, Query::new(), |_| true).await,
        }
    }
}

impl GraphClient {
    /// The person who is meant: by id, or by sign-in name or e-mail address, in any case but whole.
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] if there is nobody, or if one person's sign-in name is another's e-mail address.
    pub async fn resolve_user(&self, user: &Ref<User>) -> Result<User, Error> {
        let users = self.users();
        let name = match user {
            Ref::Id(id) => return by_id(&users, id, Query::new()).await,
            Ref::Name(name) => name,
        };
        let filter = Filter::field("userPrincipalName")
            .eq(name.as_str())
            .or(Filter::field("mail").eq(name.as_str()));
        let is = |text: &Option<String>| {
            let text = text.as_deref();
            text.is_some_and(|text| text.eq_ignore_ascii_case(name))
        };
        let search = Search {
            what: format!("{} {user}", User::TYPE),
            found: users.list_with(Query::new().filter(filter)),
            others: None,
        };
        let is_it = |user: &User| is(&user.user_principal_name) || is(&user.mail);
        search.one(is_it).await
    }

    /// The group that is meant; names of groups are often not unique.
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] if there is none, or more than one.
    pub async fn resolve_group(&self, group: &Ref<Group>) -> Result<Group, Error> {
        let groups = self.groups();
        let name = match group {
            Ref::Id(id) => return by_id(&groups, id, Query::new()).await,
            Ref::Name(name) => name,
        };
        let filter = Filter::field("displayName").eq(name.as_str());
        let search = Search {
            what: format!("{} {group}", Group::TYPE),
            found: groups.list_with(Query::new().filter(filter)),
            others: None,
        };
        search
            .one(|group: &Group| group.display_name.as_deref() == Some(name))
            .await
    }
}

/// Things that people tell apart by a name.
pub(crate) trait Named: Entity {
    fn name(&self) -> Option<&str>;
}

macro_rules! named {
    ($($entity:ty: $field:ident,)+) => {
        $(impl Named for $entity {
            fn name(&self) -> Option<&str> {
                self.$field.as_deref()
            }
        })+
    };
}

named! {
    Catalog: display_name,
    AccessPackage: display_name,
    AssignmentPolicy: display_name,
    ConnectedOrganization: display_name,
    Group: display_name,
    User: user_principal_name,
}

pub(crate) fn candidate<E: Named>(entity: &E) -> Candidate {
    Candidate::new(entity.id(), entity.name().unwrap_or_default())
}

fn unresolved(what: String, candidates: impl IntoIterator<Item = Candidate>) -> Error {
    Error::Unresolved(Box::new(Unresolved::new(what, 0, candidates)))
}

pub(crate) fn ambiguous(
    what: String,
    matches: usize,
    candidates: impl IntoIterator<Item = Candidate>,
) -> Error {
    Error::Unresolved(Box::new(Unresolved::new(what, matches, candidates)))
}

async fn by_id<E: Entity>(all: &Collection<E>, id: &Id<E>, query: Query) -> Result<E, Error> {
    match all.get_with(id, query).await {
        Err(error) if error.is_not_found() => {
            let what = format!("{} with the id {id}", E::TYPE);
            Err(unresolved(what, []))
        }
        outcome => outcome,
    }
}

async fn by_display_name<E: Named + Listable>(
    all: &Collection<E>,
    name: &str,
    query: Query,
    is_here: impl Fn(&E) -> bool,
) -> Result<E, Error> {
    let filter = Filter::field("displayName").eq(name);
    let search = Search {
        what: format!("{} {name:?}", E::TYPE),
        found: all.list_with(query.clone().filter(filter)),
        others: Some(all.list_with(query)),
    };
    let outcome = search.one(|entity| entity.name() == Some(name) && is_here(entity));
    match outcome.await {
        Err(Error::Unresolved(mut unresolved)) if unresolved.is_nothing() => {
            unresolved.looks_like_an_id = uuid::Uuid::try_parse(name).is_ok();
            Err(Error::Unresolved(unresolved))
        }
        outcome => outcome,
    }
}

/// A search for one thing. What the service finds is looked at again: filters do not tell capital letters from small
/// ones, and some are ignored without a word.
struct Search<E> {
    what: String,
    found: Pager<E>,
    /// Where to look for what may have been meant.
    others: Option<Pager<E>>,
}

impl<E: Named> Search<E> {
    async fn one(mut self, is_it: impl Fn(&E) -> bool) -> Result<E, Error> {
        let (mut first, mut matches) = (None, 0);
        let (mut same, mut near) = (Vec::new(), Vec::new());
        while let Some(entity) = self.found.next().await? {
            if !is_it(&entity) {
                if near.len() < Unresolved::MOST {
                    near.push(candidate(&entity));
                }
                continue;
            }
            matches += 1;
            if same.len() < Unresolved::MOST {
                same.push(candidate(&entity));
            }
            first.get_or_insert(entity);
        }
        match (first, matches) {
            (Some(entity), 1) => Ok(entity),
            (Some(_), _) => Err(ambiguous(self.what, matches, same)),
            (None, _) => {
                if near.is_empty() {
                    near = self.some_others().await;
                }
                Err(unresolved(self.what, near))
            }
        }
    }

    /// A few things that there are instead: help for the reader, so failing to get it is no failure.
    async fn some_others(&mut self) -> Vec<Candidate> {
        let page = match &mut self.others {
            Some(others) => others.next_page().await.ok().flatten(),
            None => None,
        };
        let items = page.map(|page| page.items).unwrap_or_default();
        items.iter().take(Unresolved::MOST).map(candidate).collect()
    }
}
