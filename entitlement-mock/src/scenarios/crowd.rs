//! Very many people.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;

use crate::tenant::Tenant;

/// Lets so many people join a tenant, with sign-in names `person1`, `person2` and so on, and returns their ids.
///
/// ```
/// use entitlement_mock::Tenant;
/// use entitlement_mock::scenarios::crowd;
///
/// let tenant = Tenant::new();
/// assert_eq!(crowd(&tenant, 5_000).len(), 5_000);
/// ```
pub fn crowd(tenant: &Tenant, people: usize) -> Vec<Id<User>> {
    let names = (1..=people).map(|number| format!("person{number}"));
    names.map(|name| tenant.person(&name).add()).collect()
}
