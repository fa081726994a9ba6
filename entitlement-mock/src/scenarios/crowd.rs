//! Very many people.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;

use crate::tenant::Tenant;

/// Lets so many people join a tenant, with sign-in names `person1`, `person2` and so on, and returns their ids.
pub fn crowd(tenant: &Tenant, people: usize) -> Vec<Id<User>> {
    let names = (1..=people).map(|number| format!("person{number}"));
    names.map(|name| tenant.person(&name).add()).collect()
}
