//! Access to start with.

use entitlement_core::assignment::{Assignment as AssignmentEntity, AssignmentState};
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::time::Timestamp;

use crate::lifecycle::delivery;
use crate::tenant::Tenant;
use crate::world::request::Assignment;

impl Tenant {
    /// Access that somebody has under a policy, without having asked for it: what a test starts from.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use entitlement_core::catalog::CatalogDraft;
    /// use entitlement_core::package::AccessPackageDraft;
    /// use entitlement_core::policy::AssignmentPolicyDraft;
    /// use entitlement_mock::Tenant;
    ///
    /// let tenant = Tenant::new();
    /// let admin = tenant.app().client();
    /// let entitlement = admin.entitlement();
    /// let catalog = entitlement.catalogs().create(&CatalogDraft::builder("Devices").build()?).await?;
    /// let package = AccessPackageDraft::builder(&catalog.id, "Administrators").build()?;
    /// let package = entitlement.packages().create(&package).await?;
    /// let policy = AssignmentPolicyDraft::builder(&package.id, "By hand").build()?;
    /// let policy = entitlement.policies().create(&policy).await?;
    ///
    /// let ada = tenant.person("ada").add();
    /// let assignment = tenant.holding(&ada, &policy.id).add().ok_or("nobody holds anything")?;
    /// let assignment = entitlement.assignments().get(&assignment).await?;
    /// assert_eq!(assignment.state.as_ref().map(|state| state.as_str()), Some("delivered"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn holding(&self, person: &Id<User>, policy: &Id<AssignmentPolicy>) -> Holding<'_> {
        Holding {
            tenant: self,
            person: person.clone(),
            policy: policy.clone(),
            since: None,
            until: None,
        }
    }
}

/// Describes access that somebody has; see [`Tenant::holding`].
#[derive(Debug)]
#[must_use = "nobody has access until `add`"]
pub struct Holding<'t> {
    tenant: &'t Tenant,
    person: Id<User>,
    policy: Id<AssignmentPolicy>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Holding<'_> {
    /// When access began; now unless said.
    pub fn since(mut self, start: Timestamp) -> Self {
        self.since = Some(start);
        self
    }

    /// When access ends; never unless said. A moment that has passed makes access that has expired.
    pub fn until(mut self, end: Timestamp) -> Self {
        self.until = Some(end);
        self
    }

    /// Gives the access, and all that the package grants, and returns the assignment; `None` if the tenant has no such
    /// person or policy, or the person has the package already (REQ-42).
    pub fn add(self) -> Option<Id<AssignmentEntity>> {
        let (person, policy) = (self.person.as_uuid()?, self.policy.as_uuid()?);
        self.tenant.change(|world, now, _domain| {
            let package = world.policies.get(policy)?.package;
            let is_new =
                world.users.contains(person) && world.current_assignment(person, package).is_none();
            if !is_new {
                return None;
            }
            let key = world.insert_assignment(Assignment {
                package,
                policy,
                target: person,
                state: AssignmentState::Delivering,
                status: "Delivering".into(),
                start: self.since.unwrap_or(now),
                end: self.until,
                expired: None,
                grace: None,
                callouts: Vec::new(),
            });
            delivery::fill(world, now, key);
            Some(key.into())
        })
    }
}
