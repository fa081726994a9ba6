//! What the suite needs of whatever it tests.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;

use crate::tenant::Tenant;

/// Something that answers like a tenant.
pub trait Backend {
    /// An application with every permission.
    fn admin(&self) -> GraphClient;

    /// Lets a person join, with or without a manager, and returns their id.
    fn join(&self, name: &str, manager: Option<&Id<User>>) -> Id<User>;

    /// Lets a guest join and returns their id.
    fn join_guest(&self, name: &str) -> Id<User>;

    /// Signs a person in.
    fn sign_in(&self, person: &Id<User>) -> GraphClient;

    /// Lets time pass.
    fn advance(&self, by: IsoDuration);
}

impl Backend for Tenant {
    fn admin(&self) -> GraphClient {
        self.app().client()
    }

    fn join(&self, name: &str, manager: Option<&Id<User>>) -> Id<User> {
        let person = self.person(name);
        match manager {
            Some(manager) => person.manager(manager).add(),
            None => person.add(),
        }
    }

    fn join_guest(&self, name: &str) -> Id<User> {
        self.person(name).guest().add()
    }

    fn sign_in(&self, person: &Id<User>) -> GraphClient {
        self.user(person).client()
    }

    fn advance(&self, by: IsoDuration) {
        self.clock().advance(by);
    }
}
