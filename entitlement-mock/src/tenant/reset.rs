//! Going back to a state, or on to another one.

use super::Tenant;
use super::state::State;
use crate::snapshot::Snapshot;

impl Tenant {
    /// Goes to the state of a snapshot, for everybody who shares this tenant: its clock, which may go back, and all that
    /// is in it. The journal of calls, faults and the report of permissions begin anew; who plays the systems that
    /// extensions call stays.
    pub fn reset_to(&self, snapshot: &Snapshot) {
        let mut state = self.state();
        let mut new = State::of(snapshot.world().clone());
        std::mem::swap(&mut new.players, &mut state.players);
        *state = new;
        self.clock().set(snapshot.now());
    }
}
