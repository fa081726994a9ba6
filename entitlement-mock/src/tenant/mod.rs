//! The tenant as a value: make it, sign in to it, let time pass, look inside.

mod answer;
mod players;
#[cfg(feature = "server")]
mod refuse;
mod reset;
mod respond;
mod state;
mod storage;
mod visibility;

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::entity::Id;
use entitlement_core::time::Timestamp;
use entitlement_graph::transport::{Request, Response};

use crate::audit::AuditEvent;
use crate::callouts::{Callout, Reply};
use crate::clock::VirtualClock;
use crate::faults::{CallLimit, EarlyCall, Fault};
use crate::journal::Exchange;
use crate::lag::LagProfile;
use crate::licence::Licence;
use crate::lifecycle;
use crate::outbox::Mail;
use crate::permissions_used::PermissionsUsed;
use crate::snapshot::Snapshot;
use crate::world::World;
use crate::world::table::Key;
use answer::Lost;
use state::State;

/// An in-memory tenant. Clones are the same tenant.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), entitlement_graph::Error> {
/// use entitlement_mock::Tenant;
///
/// let tenant = Tenant::new();
/// let ada = tenant.person("ada").display_name("Ada Lovelace").add();
/// let me = tenant.user(&ada).client().me().await?;
/// assert_eq!(me.user_principal_name.as_deref(), Some("ada@contoso.onmicrosoft.com"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tenant {
    shared: Arc<Shared>,
}

struct Shared {
    clock: VirtualClock,
    state: Mutex<State>,
}

/// What came of a call.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The tenant answered.
    Answered(Response),
    /// Nothing comes back, because a fault was asked for.
    #[non_exhaustive]
    Lost {
        /// The call was carried out all the same.
        was_carried_out: bool,
    },
}

impl Tenant {
    /// The tenant's clock: turn it to make time pass.
    pub fn clock(&self) -> &VirtualClock {
        &self.shared.clock
    }

    /// The tenant's own domain, for sign-in names and My Access links.
    pub fn domain(&self) -> String {
        self.state().world.settings.domain.clone()
    }

    /// Everything that was asked and answered so far.
    pub fn journal(&self) -> Vec<Exchange> {
        self.state().journal.all()
    }

    /// Every mail that was sent so far.
    pub fn outbox(&self) -> Vec<Mail> {
        self.settled().world.outbox.clone()
    }

    /// What entitlement management wrote into the audit log so far.
    pub fn audit_log(&self) -> Vec<AuditEvent> {
        self.settled().world.audit_log.clone()
    }

    /// Moves the clock on to the next thing that is going to happen by itself, lets it happen, and says when it was;
    /// `None` if nothing is going to.
    pub fn step(&self) -> Option<Timestamp> {
        let due = self.settled().world.agenda.next_due()?;
        self.clock().advance_to(due);
        drop(self.settled());
        Some(due)
    }

    /// Moves the clock on just as far as the service needs to carry out what is under way: requests are processed and
    /// delivered. Deadlines and ends that lie ahead are not waited for, and neither are people.
    pub fn run_until_quiet(&self) {
        loop {
            let due = self.settled().world.agenda.next_work_due();
            match due {
                Some(due) => self.clock().advance_to(due),
                None => return,
            }
        }
    }

    /// A tenant of its own that is like this one in everything, and goes its own way from here: what if?
    pub fn fork(&self) -> Self {
        Self::restore(&self.snapshot())
    }

    /// The tenant as it is now, to be kept, written down or compared.
    pub fn snapshot(&self) -> Snapshot {
        let state = self.settled();
        Snapshot::take(self.clock().now(), &state.world)
    }

    /// A tenant in the state of a snapshot.
    pub fn restore(snapshot: &Snapshot) -> Self {
        Self::of(snapshot.now(), snapshot.world().clone())
    }

    /// A tenant around a world.
    pub(crate) fn of(now: Timestamp, world: World) -> Self {
        Self {
            shared: Arc::new(Shared {
                clock: VirtualClock::new(now),
                state: State::of(world).into(),
            }),
        }
    }

    /// The least permissions that would have been enough for all calls that were carried out so far.
    pub fn permissions_used(&self) -> PermissionsUsed {
        self.state().permissions_used.clone()
    }

    /// From now on the tenant has another licence.
    pub fn set_licence(&self, licence: Licence) {
        let now = self.clock().now();
        let world = &mut self.settled().world;
        world.settings.licence = licence;
        lifecycle::take_up_again(world, now);
    }

    /// Says what the system answers that a custom extension calls; see [`callouts`](crate::callouts).
    ///
    /// The closure runs when the call is due, while nothing is locked: it may look into the tenant, which stands still
    /// meanwhile at the moment of the call. Calls that were made before stay without an answer.
    pub fn on_callout(
        &self,
        extension: &Id<CustomExtension>,
        reply: impl Fn(&Callout) -> Reply + Send + Sync + 'static,
    ) {
        let mut state = self.settled();
        if let Some(key) = extension.as_uuid() {
            state.players.add(key, Arc::new(reply));
        }
    }

    /// From now on a page has so many items, at least one, unless the caller says.
    pub fn set_page_size(&self, items: usize) {
        self.settled().world.settings.page_size = items.max(1);
    }

    /// From now on the service takes its time in another way; what is under way keeps its time.
    pub fn set_lag(&self, lag: LagProfile) {
        self.settled().world.settings.lag = lag;
    }

    /// Lets something go wrong with calls from now on.
    pub fn inject(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// Throttles whoever makes more calls than this from now on.
    pub fn limit_calls(&self, limit: CallLimit) {
        self.state().faults.limit(limit);
    }

    /// Nothing goes wrong any more: all faults and the limit of calls are gone.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// The calls that were made again before the time was over that the tenant had asked for with `Retry-After`.
    pub fn early_calls(&self) -> Vec<EarlyCall> {
        self.state().faults.early_calls().to_vec()
    }

    /// Checks that every client has waited for as long as it was told to.
    ///
    /// # Panics
    ///
    /// If one has not; the message lists the calls.
    pub fn assert_clients_waited(&self) {
        let early = self.early_calls();
        let calls: Vec<String> = early.iter().map(ToString::to_string).collect();
        assert!(early.is_empty(), "called too early:\n{}", calls.join("\n"));
    }

    /// Answers a call: everything that is due happens first, then the call is carried out, or refused without a
    /// trace in the tenant's state. Who calls is said by its `Authorization` header, as over HTTP.
    pub fn handle(&self, request: &Request) -> Outcome {
        let answered = self.settled().handle(self.clock().now(), request);
        if let Some(delay) = answered.delay {
            self.clock().advance(delay);
        }
        match answered.lost {
            None => Outcome::Answered(answered.response),
            Some(Lost { was_carried_out }) => Outcome::Lost { was_carried_out },
        }
    }

    /// Changes the world from outside of any call, as seeding does.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut World, Timestamp, &str) -> T) -> T {
        let now = self.clock().now();
        let mut state = self.settled();
        let domain = state.world.settings.domain.clone();
        change(&mut state.world, now, &domain)
    }

    /// The state after everything that is due has happened, and all who can answer a call of an extension were asked.
    fn settled(&self) -> MutexGuard<'_, State> {
        loop {
            let mut state = self.state();
            let now = self.clock().now();
            let State { world, players, .. } = &mut *state;
            let Some(question) = players.settle(world, now) else {
                return state;
            };
            drop(state);
            let mut asking = Asking {
                tenant: self,
                callout: question.callout,
                reply: None,
            };
            asking.reply = Some(question.ask());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant")
            .field("now", &self.shared.clock.now())
            .finish_non_exhaustive()
    }
}

/// Notes what was replied to a call, also if the closure panics and there is nothing to note.
struct Asking<'t> {
    tenant: &'t Tenant,
    callout: Key,
    reply: Option<Reply>,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let mut state = self.tenant.state();
        let State { world, players, .. } = &mut *state;
        players.replied(world, self.callout, self.reply.take());
    }
}
