//! Groups and who is in them.

use entitlement_core::directory::{DirectoryObject, Group, GroupDraft};
use entitlement_core::entity::{Entity, Id};
use entitlement_core::odata::{Filter, Query};

use super::{Ensure, Ensured, as_sent, differences, text};
use crate::client::GraphClient;
use crate::error::Error;
use crate::resolve::{ambiguous, candidate};
use crate::wait::Wait;

impl GraphClient {
    /// Makes sure that a group with this mail alias is there. Display names are not unique, and neither are, as far as
    /// the service is concerned, the aliases of security groups: if several groups have it, none is chosen.
    ///
    /// Owners and members of the draft are not compared: see [`ensure_member`](Self::ensure_member).
    ///
    /// # Errors
    ///
    /// [`Error::Unresolved`] if several have the alias; [`Error::TimedOut`] if it was made and does not appear;
    /// otherwise as [`Collection::create`](crate::collection::Collection::create).
    pub async fn ensure_group(
        &self,
        draft: &GroupDraft,
        wait: &Wait,
    ) -> Result<Ensured<Group>, Error> {
        let wanted = as_sent(draft);
        let alias = text(&wanted, "mailNickname");
        let what = format!("{} with the alias {alias:?}", Group::TYPE);
        let groups = self.groups();
        let ensure = Ensure::new(self, what.clone(), wait);
        let look = || async {
            let filter = Filter::field("mailNickname").eq(alias);
            let all = groups.list_with(Query::new().filter(filter));
            let mut found = all.try_collect().await?;
            found.retain(|group: &Group| {
                let found = group.mail_nickname.as_deref();
                found.is_some_and(|found| found.eq_ignore_ascii_case(alias))
            });
            if found.len() > 1 {
                let candidates = found.iter().map(candidate);
                return Err(ambiguous(what.clone(), found.len(), candidates));
            }
            Ok(found.pop())
        };
        let make = || async { groups.create(draft).await.map(|_made| ()) };
        let turn = format!("group {}", alias.to_lowercase());
        let compare = |stored: &Group| differences(&wanted, stored, &[]);
        ensure.run(&turn, look, make, compare).await
    }

    /// Makes sure that somebody is in a group.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if group or person do not exist; [`Error::TimedOut`] if they were put in and do not
    /// appear.
    pub async fn ensure_member(
        &self,
        group: &Id<Group>,
        member: impl Into<Id<DirectoryObject>>,
        wait: &Wait,
    ) -> Result<Ensured<DirectoryObject>, Error> {
        let member = member.into();
        let ensure = Ensure::new(self, format!("member {member} of group {group}"), wait);
        let handle = self.group(group);
        let members = handle.members();
        let look = || async {
            let mut all = members.list();
            while let Some(found) = all.next().await? {
                if *found.id() == member {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        };
        let make = || handle.add_member(&member);
        let turn = format!("members of {group}");
        ensure.run(&turn, look, make, |_same| Vec::new()).await
    }
}
