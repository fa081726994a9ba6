//! Who vouches for a partner organisation: whoever is missing is added, nobody is added twice, and nobody is taken away
//! unasked.
//!
//! ```
//! # use entitlement_graph::GraphClient;
//! # use entitlement_graph::core::connected_organization::{ConnectedOrganizationDraft, IdentitySource};
//! # use entitlement_graph::core::directory::User;
//! # use entitlement_graph::core::entity::Id;
//! # use entitlement_graph::ensure::sponsors::Sponsors;
//! # use entitlement_graph::wait::Wait;
//! # async fn example(client: &GraphClient, ada: &Id<User>, guest: &Id<User>) -> Result<(), entitlement_graph::Error> {
//! let fabrikam = ConnectedOrganizationDraft::builder("Fabrikam", IdentitySource::domain("fabrikam.com")).build()?;
//! let sponsors = Sponsors::new().internal(ada).external(guest);
//! let ensured = client
//!     .entitlement()
//!     .ensure_connected_organization_with(&fabrikam, &sponsors, &Wait::default())
//!     .await?;
//! for other in &ensured.sponsors.internal.others {
//!     println!("{other} vouches for {}, too", ensured.organization.entity().id);
//! }
//! # Ok(())
//! # }
//! ```

use entitlement_core::connected_organization::{ConnectedOrganization, ConnectedOrganizationDraft};
use entitlement_core::directory::DirectoryObject;
use entitlement_core::entity::{Entity, Id};

use super::{Ensure, Ensured};
use crate::entitlement::Entitlement;
use crate::error::Error;
use crate::links::Links;
use crate::wait::{Sight, Wait, if_found};

/// Who is to vouch for a partner organisation, and may approve for its people (ORG-6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "this only says who is wanted"]
pub struct Sponsors {
    internal: Vec<Id<DirectoryObject>>,
    external: Vec<Id<DirectoryObject>>,
    nobody_else: bool,
}

impl Sponsors {
    /// Nobody in particular yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Somebody, or a group, of this tenant.
    pub fn internal(mut self, sponsor: impl Into<Id<DirectoryObject>>) -> Self {
        note(&mut self.internal, sponsor.into());
        self
    }

    /// Somebody of the other organisation, who is a guest of this tenant already.
    pub fn external(mut self, sponsor: impl Into<Id<DirectoryObject>>) -> Self {
        note(&mut self.external, sponsor.into());
        self
    }

    /// Takes everybody else away. Without this, others are left alone.
    pub fn nobody_else(mut self) -> Self {
        self.nobody_else = true;
        self
    }
}

/// What came of making sure that the right people vouch for a partner organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnsuredSponsors {
    /// People and groups of this tenant.
    pub internal: EnsuredLinks,
    /// People of the other organisation.
    pub external: EnsuredLinks,
}

impl EnsuredSponsors {
    /// Whether anybody was added or taken away.
    pub fn is_changed(&self) -> bool {
        self.internal.is_changed() || self.external.is_changed()
    }
}

/// What came of making sure that the right things are linked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnsuredLinks {
    /// They were missing and are there now.
    pub added: Vec<Id<DirectoryObject>>,
    /// They were there, as wanted.
    pub already_there: Vec<Id<DirectoryObject>>,
    /// They were there, unwanted, and are there no longer.
    pub removed: Vec<Id<DirectoryObject>>,
    /// They are there besides, and were left alone.
    pub others: Vec<Id<DirectoryObject>>,
}

impl EnsuredLinks {
    /// Whether anything was added or taken away.
    pub fn is_changed(&self) -> bool {
        !self.added.is_empty() || !self.removed.is_empty()
    }
}

/// What came of making sure that a partner organisation is there with its sponsors.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnsuredOrganization {
    /// The organisation itself; its sponsors are not compared here.
    pub organization: Ensured<ConnectedOrganization>,
    /// Who vouches for it.
    pub sponsors: EnsuredSponsors,
}

impl Entitlement {
    /// Makes sure that a partner organisation of this name is there, and that these people vouch for it (P25).
    ///
    /// An organisation that differs in its own properties is left as it is, and gets its sponsors all the same.
    ///
    /// # Errors
    ///
    /// As [`ensure_connected_organization`](Self::ensure_connected_organization) and
    /// [`ensure_sponsors`](Self::ensure_sponsors).
    pub async fn ensure_connected_organization_with(
        &self,
        draft: &ConnectedOrganizationDraft,
        sponsors: &Sponsors,
        wait: &Wait,
    ) -> Result<EnsuredOrganization, Error> {
        let organization = self.ensure_connected_organization(draft, wait).await?;
        let id = &organization.entity().id;
        let sponsors = self.ensure_sponsors(id, sponsors, wait).await?;
        Ok(EnsuredOrganization {
            organization,
            sponsors,
        })
    }

    /// Makes sure that these people vouch for a partner organisation: whoever is missing is added, whoever is there
    /// besides is named, and taken away only if [wanted](Sponsors::nobody_else)
    /// ([internalSponsors](https://learn.microsoft.com/graph/api/connectedorganization-post-internalsponsors),
    /// [externalSponsors](https://learn.microsoft.com/graph/api/connectedorganization-post-externalsponsors)).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is no such organisation or person; [`Error::Service`] with status 400 for
    /// somebody of the wrong side (ORG-6); [`Error::TimedOut`] if a change does not become visible. What was changed
    /// until then stays, and doing it again goes on from there.
    pub async fn ensure_sponsors(
        &self,
        organization: &Id<ConnectedOrganization>,
        sponsors: &Sponsors,
        wait: &Wait,
    ) -> Result<EnsuredSponsors, Error> {
        let handle = self.connected_organization(organization);
        let all = self.connected_organizations();
        let client = all.client();
        let kind = ConnectedOrganization::TYPE;
        let ensure = |side: &str| {
            let what = format!("{side} sponsors of {kind} {organization}");
            Ensure::new(client, what, wait)
        };
        let (internal, external) = (handle.internal_sponsors(), handle.external_sponsors());
        Ok(EnsuredSponsors {
            internal: ensure("internal")
                .links(&internal, &sponsors.internal, sponsors.nobody_else)
                .await?,
            external: ensure("external")
                .links(&external, &sponsors.external, sponsors.nobody_else)
                .await?,
        })
    }
}

impl Ensure<'_> {
    /// Links what is missing and, if only this is wanted, unlinks the rest.
    async fn links(
        &self,
        links: &Links<DirectoryObject>,
        wanted: &[Id<DirectoryObject>],
        nothing_else: bool,
    ) -> Result<EnsuredLinks, Error> {
        let what = format!("a look for the {}", self.what);
        let read = || linked(links);
        let rest = self.rest();
        let found = self.client.wait(&rest, what, read, Sight::Done).await?;
        let mut ensured = EnsuredLinks::default();
        for id in wanted {
            if is_among(id, &found) {
                ensured.already_there.push(id.clone());
                continue;
            }
            let one = Ensure {
                what: format!("{id} among the {}", self.what),
                ..*self
            };
            let look = || async {
                let now = linked(links).await?;
                Ok(is_among(id, &now).then_some(()))
            };
            let make = || links.add(id.clone());
            let done = one.run(&self.what, look, make, |()| Vec::new()).await?;
            if done.is_created() {
                ensured.added.push(id.clone());
            } else {
                ensured.already_there.push(id.clone());
            }
        }
        let others = found.into_iter().filter(|id| !is_among(id, wanted));
        if nothing_else {
            ensured.removed = self.unlink(links, others.collect()).await?;
        } else {
            ensured.others = others.collect();
        }
        Ok(ensured)
    }

    /// Takes links away until none of them can be seen.
    async fn unlink(
        &self,
        links: &Links<DirectoryObject>,
        unwanted: Vec<Id<DirectoryObject>>,
    ) -> Result<Vec<Id<DirectoryObject>>, Error> {
        if unwanted.is_empty() {
            return Ok(unwanted);
        }
        let _turn = self.client.turns().take(&self.what).await;
        let what = format!("others to be gone from the {}", self.what);
        let read = || async {
            let found = linked(links).await?;
            let left: Vec<_> = unwanted.iter().filter(|id| is_among(id, &found)).collect();
            for id in &left {
                // A try whose answer was lost may have done it.
                if_found(links.remove((*id).clone()).await)?;
            }
            Ok(left.len())
        };
        let judge = |left: usize| match left {
            0 => Sight::Done(()),
            left => Sight::NotYet(format!("{left} are still there")),
        };
        self.client.wait(&self.rest(), what, read, judge).await?;
        Ok(unwanted)
    }
}

async fn linked(links: &Links<DirectoryObject>) -> Result<Vec<Id<DirectoryObject>>, Error> {
    let mut all = links.list();
    let mut ids = Vec::new();
    while let Some(item) = all.next().await? {
        ids.push(item.id().clone());
    }
    Ok(ids)
}

fn note(all: &mut Vec<Id<DirectoryObject>>, id: Id<DirectoryObject>) {
    if !is_among(&id, all) {
        all.push(id);
    }
}

/// Ids of the directory are the same in any case.
fn is_among(id: &Id<DirectoryObject>, all: &[Id<DirectoryObject>]) -> bool {
    let id = id.to_string();
    all.iter()
        .any(|other| other.to_string().eq_ignore_ascii_case(&id))
}
