//! Who administers entitlement management.

use super::World;
use super::directory_roles::{GLOBAL_ADMINISTRATOR, GOVERNANCE_ADMINISTRATOR};
use super::table::Key;

impl World {
    /// Whether somebody may do everything in entitlement management now; being eligible for it is not enough.
    pub(crate) fn administers(&self, person: Key) -> bool {
        [GOVERNANCE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR]
            .into_iter()
            .filter_map(|role| self.directory_roles.get(Key::from_u128(role)))
            .any(|role| role.active.contains(&person))
    }

    /// Makes somebody an Identity Governance Administrator.
    pub(crate) fn make_administrator(&mut self, person: Key) {
        let role = Key::from_u128(GOVERNANCE_ADMINISTRATOR);
        if let Some(role) = self.directory_roles.get_mut(role) {
            role.active.insert(person);
        }
    }
}
