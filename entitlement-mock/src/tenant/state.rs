//! What is behind the lock of a tenant.

use super::players::Players;
use crate::faults::Injector;
use crate::journal::Journal;
use crate::permissions_used::PermissionsUsed;
use crate::world::World;
use crate::world::ids::Ids;

/// The world, and what is about the calls rather than about the world.
pub(super) struct State {
    pub(super) world: World,
    pub(super) journal: Journal,
    /// Ids of calls come from elsewhere than ids of rows, so that reading leaves no trace in what is made later.
    pub(super) request_ids: Ids,
    pub(super) faults: Injector,
    pub(super) permissions_used: PermissionsUsed,
    pub(super) players: Players,
}

impl State {
    pub(super) fn of(world: World) -> Self {
        Self {
            request_ids: world.ids.for_calls(),
            faults: Injector::from_seed(world.ids.seed()),
            journal: Journal::default(),
            permissions_used: PermissionsUsed::default(),
            players: Players::default(),
            world,
        }
    }
}
