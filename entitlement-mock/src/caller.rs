//! On whose behalf a call is made.

use crate::world::World;
use crate::world::table::Key;

/// An identity of the tenant (D9): both work on the same state and see what they may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// An application with every permission.
    App,
    /// A person.
    User(Key),
}

impl Caller {
    pub(crate) fn user(self) -> Option<Key> {
        match self {
            Self::App => None,
            Self::User(key) => Some(key),
        }
    }

    /// Whether the caller may do everything in entitlement management (ROLE-1).
    pub(crate) fn is_administrator(self, world: &World) -> bool {
        match self {
            Self::App => true,
            Self::User(key) => world
                .users
                .get(key)
                .is_some_and(|user| user.is_administrator),
        }
    }
}
