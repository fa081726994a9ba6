//! Those who play the systems that extensions call. They are asked while nothing is locked, so they may call the tenant.

use std::collections::HashMap;
use std::sync::Arc;

use entitlement_core::time::Timestamp;

use crate::callouts::{Callout, Reply, ReplyKind};
use crate::lifecycle;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::extension::{Answer, Occasion};
use crate::world::table::Key;

/// Plays a called system.
pub(super) type Player = Arc<dyn Fn(&Callout) -> Reply + Send + Sync>;

/// Those who play, by extension, and what they are being asked at this moment.
#[derive(Default)]
pub(super) struct Players {
    players: HashMap<Key, Player>,
    asked: Vec<(Key, Timestamp)>,
}

/// A call, and who can say what is answered to it.
pub(super) struct Question {
    pub(super) callout: Key,
    player: Player,
    call: Callout,
}

impl Question {
    pub(super) fn ask(&self) -> Reply {
        (self.player)(&self.call)
    }
}

impl Players {
    pub(super) fn add(&mut self, extension: Key, player: Player) {
        self.players.insert(extension, player);
    }

    /// How far the world may go: not past a call that is being answered.
    pub(super) fn horizon(&self, now: Timestamp) -> Timestamp {
        let asked = self.asked.iter().map(|(_, at)| *at);
        asked.fold(now, Timestamp::min)
    }

    /// Lets everything happen that is due, up to the next call to which somebody has an answer.
    pub(super) fn settle(&mut self, world: &mut World, now: Timestamp) -> Option<Question> {
        let horizon = self.horizon(now);
        loop {
            let callout = lifecycle::settle_to_callout(world, horizon)?;
            let Some(row) = world.callouts.get(callout) else {
                continue;
            };
            let player = self.players.get(&row.extension);
            if let (Some(player), Some(call)) = (player, describe(world, callout)) {
                self.asked.push((callout, call.at));
                let player = Arc::clone(player);
                return Some(Question {
                    callout,
                    player,
                    call,
                });
            }
        }
    }

    /// Somebody was asked; without a reply they had none to give.
    pub(super) fn replied(&mut self, world: &mut World, callout: Key, reply: Option<Reply>) {
        self.asked.retain(|(asked, _)| *asked != callout);
        let Some(reply) = reply else { return };
        let Some(row) = world.callouts.get_mut(callout) else {
            return;
        };
        let at = row.at;
        match reply.kind {
            ReplyKind::Silence => {}
            ReplyKind::Unreachable => lifecycle::unreachable(world, at, callout),
            ReplyKind::GoOn | ReplyKind::Deny => {
                row.answer = Some(Answer {
                    is_denial: reply.kind == ReplyKind::Deny,
                    detail: reply.detail,
                    approval_stage: reply.approval_stage,
                });
                let moment = reply.delay.and_then(|delay| delay.after(at));
                let event = Event::CallBack { callout };
                world.agenda.plan(moment.unwrap_or(at).max(at), event);
            }
        }
    }
}

/// A call as the called system gets it.
fn describe(world: &World, callout: Key) -> Option<Callout> {
    let row = world.callouts.get(callout)?;
    let (request, assignment) = match row.occasion {
        Occasion::Request(key) => {
            let request = world.requests.get(key)?;
            (Some((key, request)), request.assignment)
        }
        Occasion::Assignment(key) => (None, Some(key)),
    };
    let held = assignment.and_then(|key| world.assignments.get(key));
    let (package, target) = match (request, held) {
        (Some((_, request)), _) => (request.package, request.target),
        (None, Some(assignment)) => (assignment.package, assignment.target),
        (None, None) => return None,
    };
    Some(Callout {
        id: callout.to_string(),
        extension: row.extension.into(),
        stage: row.stage.clone(),
        at: row.at,
        is_awaited: row.is_awaited(),
        request: request.map(|(key, _)| key.into()),
        assignment: assignment.map(Into::into),
        package: package.into(),
        target: target.into(),
        justification: request.and_then(|(_, request)| request.justification.clone()),
        answers: request.map_or_else(Vec::new, |(_, request)| request.answers.clone()),
    })
}
