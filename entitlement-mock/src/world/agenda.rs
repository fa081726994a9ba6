//! What is going to happen, in the order in which it is due.

use std::collections::BTreeMap;

use entitlement_core::time::Timestamp;

use serde::{Deserialize, Serialize};

use super::origin::Grant;
use super::table::Key;
use crate::lag::Lag;

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
    /// A place refused: memberships are written, or taken away, once more.
    Redeliver { request: Key, tries: u32 },
    /// A place refused: what somebody holds there is brought in line with their assignments once more.
    Align {
        person: Key,
        grant: Grant,
        tries: u32,
    },
    /// Nobody has decided: forward the stage.
    Escalate { request: Key, stage: usize },
    /// Nobody has decided: remind those who may.
    Nudge { request: Key, stage: usize },
    /// Nobody has decided: deny the request.
    Deny { request: Key, stage: usize },
    /// The person is reminded that access ends in so many days.
    Remind { assignment: Key, days: u8 },
    /// Access ends.
    Expire { assignment: Key },
    /// A deleted account cannot be restored any more.
    Purge { person: Key },
    /// A review comes round.
    BeginReview { review: Key },
    /// Half of the time is over.
    RemindReviewers { instance: Key, stage: u8 },
    /// All of the time is over.
    EndStage { instance: Key, stage: u8 },
    /// The service goes on with a review.
    MoveReview { instance: Key },
    /// An account that a review blocked is deleted, unless it was let in again.
    DeleteBlocked { person: Key },
    /// A report about reviews is written.
    RunHistory { history: Key },
    /// The service has ended an assignment, with this request as its record.
    End { request: Key },
    /// A guest who lost the last access some time ago is deleted.
    DropGuest { person: Key },
    /// Rules of automatic assignment are held against a person.
    MatchPerson { person: Key },
    /// The rule of a policy is held against everybody.
    MatchEverybody { policy: Key },
    /// The time is over that somebody keeps access whom a rule does not match any more.
    EndGrace { assignment: Key },
    /// A request that is over is not kept any longer (REQ-56).
    Forget { request: Key },
    /// A device looks for news.
    CheckIn { device: Key },
    /// The storage has room for a file, at a new address.
    GiveAddress { file: Key },
    /// A file that was committed is looked at.
    InspectFile { file: Key },
    /// Devices can get an app from now on.
    PublishApp { app: Key },
    /// A called system answers.
    CallBack { callout: Key },
    /// A called system has not answered in time.
    GiveUp { callout: Key },
}

impl Event {
    /// Whether the service is at it, and would do it at once if it did not take its time.
    fn is_work(self) -> bool {
        matches!(
            self,
            Self::Process { .. }
                | Self::Deliver { .. }
                | Self::Redeliver { .. }
                | Self::Align { .. }
                | Self::MoveReview { .. }
                | Self::End { .. }
                | Self::MatchPerson { .. }
                | Self::MatchEverybody { .. }
                | Self::GiveAddress { .. }
                | Self::InspectFile { .. }
                | Self::PublishApp { .. }
                | Self::CallBack { .. }
        )
    }
}

/// The events to come; those due at the same moment keep the order in which they were planned.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[serde(into = "Plans", from = "Plans")]
pub(crate) struct Agenda {
    events: BTreeMap<(Timestamp, u64), Event>,
    planned: u64,
    /// What happens once something was looked at so often.
    watched: Vec<Watched>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Watched {
    of: Key,
    reads: u32,
    event: Event,
}

/// An agenda as it is written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plans {
    events: Vec<(Timestamp, Event)>,
    watched: Vec<Watched>,
}

impl Agenda {
    pub(crate) fn plan(&mut self, due: Timestamp, event: Event) {
        self.events.insert((due, self.planned), event);
        self.planned += 1;
    }

    /// Plans something unless it is planned for this moment already.
    pub(crate) fn plan_once(&mut self, due: Timestamp, event: Event) {
        let mut planned = self.events.range((due, 0)..=(due, u64::MAX));
        if !planned.any(|(_, other)| *other == event) {
            self.plan(due, event);
        }
    }

    /// Plans something for which the service takes its time; reads of `of` are what [`Lag::AfterReads`] counts.
    pub(crate) fn plan_after(&mut self, lag: Lag, at: Timestamp, of: Key, event: Event) {
        match lag {
            Lag::None | Lag::AfterReads(0) => self.plan(at, event),
            Lag::After(time) => self.plan(time.after(at).unwrap_or(at), event),
            Lag::AfterReads(reads) => self.watched.push(Watched { of, reads, event }),
            Lag::Never => {}
        }
    }

    /// Whether anything waits for being looked at.
    pub(crate) fn is_watching(&self) -> bool {
        !self.watched.is_empty()
    }

    /// Somebody has looked at something.
    pub(crate) fn was_read(&mut self, key: Key, now: Timestamp) {
        let mut ripe = Vec::new();
        self.watched.retain_mut(|watched| {
            if watched.of == key {
                watched.reads = watched.reads.saturating_sub(1);
            }
            let stays = watched.reads > 0;
            if !stays {
                ripe.push(watched.event);
            }
            stays
        });
        for event in ripe {
            self.plan(now, event);
        }
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

impl From<Agenda> for Plans {
    fn from(agenda: Agenda) -> Self {
        let events = agenda.events.into_iter();
        Self {
            events: events.map(|((due, _), event)| (due, event)).collect(),
            watched: agenda.watched,
        }
    }
}

impl From<Plans> for Agenda {
    fn from(plans: Plans) -> Self {
        let mut agenda = Self::default();
        for (due, event) in plans.events {
            agenda.plan(due, event);
        }
        agenda.watched = plans.watched;
        agenda
    }
}
