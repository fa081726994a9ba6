//! Policies of packages.

use entitlement_core::entity::{Entity, Id};
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};

use super::{Ensure, Ensured, as_sent, differences, pick, text};
use crate::entitlement::Entitlement;
use crate::error::Error;
use crate::wait::Wait;

impl Entitlement {
    /// Makes sure that a policy of this name is there in its package; the same name in other packages is no matter
    /// (P23). To change one that differs, see [`edit`](crate::edit).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is no such package; otherwise as [`ensure_catalog`](Self::ensure_catalog).
    pub async fn ensure_policy(
        &self,
        draft: &AssignmentPolicyDraft,
        wait: &Wait,
    ) -> Result<Ensured<AssignmentPolicy>, Error> {
        let wanted = as_sent(draft);
        let name = text(&wanted, "displayName");
        let package = text(&wanted["accessPackage"], "id");
        let policies = self.policies();
        let what = format!("{} {name:?}", AssignmentPolicy::TYPE);
        let ensure = Ensure::new(policies.client(), what, wait);
        let look = || async {
            let filter = Filter::field("accessPackage/id").eq(package);
            let query = Query::new().filter(filter).expand("accessPackage");
            let mut found = policies.list_with(query).try_collect().await?;
            found.retain(|policy: &AssignmentPolicy| {
                let owner: Option<&Id<AccessPackage>> =
                    policy.access_package.loaded().map(|owner| &owner.id);
                owner.is_none_or(|owner| owner.to_string() == package)
            });
            // Lists leave out what can only be expanded from one policy.
            match pick(found, name)? {
                Some(policy) => policies.read_whole(&policy.id).await.map(Some),
                None => Ok(None),
            }
        };
        let make = || async { policies.create(draft).await.map(|_made| ()) };
        let turn = format!("package {package}");
        let compare = |stored: &AssignmentPolicy| differences(&wanted, stored, &[]);
        ensure.run(&turn, look, make, compare).await
    }
}
