//! What the tenant has paid for.

use serde::{Deserialize, Serialize};

/// The licence of a tenant, which some features need (7.2); a tenant has the largest unless it is told otherwise.
///
/// What needs a larger licence is refused with status 403 and the code `NoGovernanceSku` (LIC-4), and a new licence lets
/// it pass at once:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), entitlement_graph::Error> {
/// use entitlement_core::access_review::definition::ScheduleDefinitionDraft;
/// use entitlement_core::access_review::scope::Scope;
/// use entitlement_core::access_review::settings::ScheduleSettings;
/// use entitlement_core::time::IsoDuration;
/// use entitlement_mock::{Licence, Tenant};
///
/// let tenant = Tenant::builder().licence(Licence::P2).build();
/// let group = tenant.group("Sales").add();
/// let members = format!("/groups/{group}/transitiveMembers");
/// let asleep = Scope::inactive_users(members, IsoDuration::days(90));
/// let draft = ScheduleDefinitionDraft::builder("Asleep", asleep, ScheduleSettings::once(7)).build()?;
///
/// let reviews = tenant.app().client().access_reviews();
/// let refused = reviews.definitions().create(&draft).await.unwrap_err();
/// assert_eq!(refused.service().unwrap().code(), "NoGovernanceSku");
///
/// tenant.set_licence(Licence::Governance);
/// reviews.definitions().create(&draft).await?;
/// # Ok(())
/// # }
/// ```
///
/// Those that a policy lets ask, those that hold access and those that review are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Licence {
    /// None that covers access packages: what was assigned stays, and new requests and reviews are taken, but not
    /// processed until there is a licence again (LIC-3).
    None,
    /// Microsoft Entra ID P2: packages, policies, requests, approvals and reviews (LIC-1).
    P2,
    /// Microsoft Entra ID Governance: everything. Only with it there are automatic assignment, custom extensions, sponsors
    /// as approvers, requests on behalf of others, approvers who take back what they approved, group roles that are
    /// activated when they are needed and directory roles in packages, reviews of people who do not sign in, and
    /// recommendations that compare people with their peers (LIC-2).
    #[default]
    Governance,
}
