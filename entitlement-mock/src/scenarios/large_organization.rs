//! An organisation with very many people.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_graph::Error;

use super::crowd::crowd;
use super::self_service::SelfService;
use crate::tenant::Tenant;

/// Very many people, and one package for which all of them may ask.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), entitlement_graph::Error> {
/// use entitlement_mock::scenarios::LargeOrganization;
///
/// let large = LargeOrganization::open(LargeOrganization::USUAL).await?;
/// let users = large.company.tenant.app().client().users();
/// assert_eq!(users.count().await?, 100_001, "Ada is there, too");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LargeOrganization {
    /// The tenant, its package and Ada.
    pub company: SelfService,
    /// All the others, `person1`, `person2` and so on.
    pub people: Vec<Id<User>>,
}

impl LargeOrganization {
    /// As many people as large organisations have: 100,000.
    pub const USUAL: usize = 100_000;

    /// Lets so many people join.
    ///
    /// # Errors
    ///
    /// None that a tenant without faults gives reason for.
    pub async fn open(people: usize) -> Result<Self, Error> {
        let company = SelfService::open_in(Tenant::new()).await?;
        let people = crowd(&company.tenant, people);
        Ok(Self { company, people })
    }
}
