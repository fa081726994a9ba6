//! What is going to happen, in the order in which it is due.

use std::collections::BTreeMap;

use entitlement_core::time::Timestamp;

use serde::{Deserialize, Serialize};

use super::table::Key;

/// Something that falls due. Whether it still matters is looked at when it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Event {
    /// The service takes up a request that was accepted.
    Process { request: Key },
    /// The wished start of a scheduled request has come.
    Start { request: Key },
    /// Memberships are written, or taken away.
    Deliver { request: Key },
    /// Nobody has decided: forward the stage.
    Escalate { request: Key, stage: usize },
    /// Nobody has decided: deny the request.
    Deny { request: Key, stage: usize },
    /// The person is reminded that access ends in so many days.
    Remind { assignment: Key, days: u8 },
    /// Access ends.
    Expire { assignment: Key },
}

impl Event {
    /// Whether the service is at it, and would do it at once if it did not take its time.
    fn is_work(self) -> bool {
        matches!(self, Self::Process { .. } | Self::Deliver { .. })
    }
}

/// The events to come; those due at the same moment keep the order in which they were planned.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[serde(into = "Vec<(Timestamp, Event)>", from = "Vec<(Timestamp, Event)>")]
pub(crate) struct Agenda {
    events: BTreeMap<(Timestamp, u64), Event>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, due: Timestamp, event: Event) {
        self.events.insert((due, self.planned), event);
        self.planned += 1;
    }

    /// When the next event is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.events.keys().next().map(|(due, _)| *due)
    }

    /// When the next event is due that the service is busy with, as opposed to those that wait for a date.
    pub(crate) fn next_work_due(&self) -> Option<Timestamp> {
        let mut work = self.events.iter().filter(|(_, event)| event.is_work());
        work.next().map(|((due, _), _)| *due)
    }

    /// The next event that is due by `now`, with the moment it was due.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Event)> {
        let entry = self.events.first_entry()?;
        let (due, _) = *entry.key();
        (due <= now).then(|| (due, entry.remove()))
    }
}

impl From<Agenda> for Vec<(Timestamp, Event)> {
    fn from(agenda: Agenda) -> Self {
        let events = agenda.events.into_iter();
        events.map(|((due, _), event)| (due, event)).collect()
    }
}

impl From<Vec<(Timestamp, Event)>> for Agenda {
    fn from(events: Vec<(Timestamp, Event)>) -> Self {
        let mut agenda = Self::default();
        for (due, event) in events {
            agenda.plan(due, event);
        }
        agenda
    }
}
