//! Sends calls in batches until each has its outcome.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tracing::Instrument;

use super::plan::{Chosen, Plan};
use super::wire::{self, Envelope, Part};
use crate::client::GraphClient;
use crate::error::Error;
use crate::request::{self, Call, ResourcePath};
use crate::transport::retry::Tries;
use crate::transport::throttle::{Gate, Load};
use crate::transport::{Response, Transport, TransportError, TransportErrorKind};

/// What came of sending one call once.
type Outcome = Result<Response, TransportError>;

/// What came of one call in the end.
pub(super) type Conclusion = Result<Response, Error>;

/// One call on its way.
enum Item {
    Open(Part, Tries),
    Closed(Conclusion),
}

/// Carries out all calls; each may wait for one that stands before it.
pub(super) async fn carry_out(
    client: &GraphClient,
    parts: Vec<Result<Part, Error>>,
    after: Vec<Option<usize>>,
    most: usize,
) -> Vec<Conclusion> {
    let mut run = Run {
        client,
        plan: Plan::new(after),
        items: Vec::with_capacity(parts.len()),
    };
    for (item, part) in parts.into_iter().enumerate() {
        run.items.push(match part {
            Ok(part) => Item::Open(part, client.pipeline().tries()),
            Err(refused) => {
                run.plan.settle(item, false);
                Item::Closed(Err(refused))
            }
        });
    }
    loop {
        run.give_up_doomed();
        let round = run.plan.next_round(most);
        if round.is_empty() {
            return run.items.into_iter().map(Item::into_conclusion).collect();
        }
        let outcomes = run.send(&round).await;
        if let Some(wait) = run.conclude(&round, outcomes) {
            client.pipeline().clock().sleep(wait).await;
        }
    }
}

struct Run<'a> {
    client: &'a GraphClient,
    plan: Plan,
    items: Vec<Item>,
}

impl Run<'_> {
    fn give_up_doomed(&mut self) {
        for item in self.plan.doomed() {
            if let Item::Open(part, _) = &self.items[item] {
                self.items[item] = Item::Closed(Err(Error::Refused {
                    operation: part.operation.clone(),
                    reason: "the call that it depends on has failed".to_owned(),
                }));
            }
        }
    }

    /// Sends one batch, once, and finds out what came of each call in it.
    async fn send(&self, round: &[Chosen]) -> Vec<Outcome> {
        let mut envelope = Envelope::new();
        for chosen in round {
            if let Item::Open(part, tries) = &self.items[chosen.item] {
                envelope.add(chosen.item, chosen.after, part, tries.retries());
            }
        }
        let throttle = self.client.pipeline().inner();
        let gates: Vec<Option<Gate>> = round.iter().map(|chosen| self.gate(chosen)).collect();
        let request = Call::post(ResourcePath::new("$batch"))
            .json(&envelope)
            .and_then(|call| self.client.prepare(call));
        let answer = match request {
            Ok(mut request) => {
                request.extensions_mut().insert(Load {
                    gates: gates.iter().flatten().cloned().collect(),
                    calls: u32::try_from(round.len()).unwrap_or(u32::MAX),
                });
                let id = request.headers().get("client-request-id");
                let span =
                    tracing::debug_span!("batch", calls = round.len(), client_request_id = ?id);
                throttle.send(request).instrument(span).await
            }
            Err(refused) => {
                Err(TransportError::not_sent(TransportErrorKind::Refused).with_source(refused))
            }
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let error = Arc::new(error);
                return round.iter().map(|_| Err(share(&error))).collect();
            }
        };
        if !answer.status().is_success() {
            return round.iter().map(|_| Ok(answer.clone())).collect();
        }
        let mut answers = match wire::answers(answer.body()) {
            Ok(answers) => answers,
            Err(error) => {
                let unreadable = TransportError::maybe_sent(TransportErrorKind::Other)
                    .with_message("the answer to its batch cannot be read")
                    .with_source(error);
                let unreadable = Arc::new(unreadable);
                return round.iter().map(|_| Err(share(&unreadable))).collect();
            }
        };
        round
            .iter()
            .zip(gates)
            .map(|(chosen, gate)| {
                let answer = wire::take(&mut answers, chosen.item).ok_or_else(|| {
                    TransportError::maybe_sent(TransportErrorKind::Other)
                        .with_message("the answer to its batch leaves it out")
                })?;
                if let Some(gate) = gate {
                    throttle.heed(gate, &answer);
                }
                Ok(answer)
            })
            .collect()
    }

    /// Where the service counts a call.
    fn gate(&self, chosen: &Chosen) -> Option<Gate> {
        match &self.items[chosen.item] {
            Item::Open(part, _) => Some(Gate::of(part.operation.method(), part.operation.path())),
            Item::Closed(_) => None,
        }
    }

    /// Closes what is done and returns how long to wait before the rest goes again.
    fn conclude(&mut self, round: &[Chosen], outcomes: Vec<Outcome>) -> Option<Duration> {
        let retry = self.client.pipeline();
        let mut longest = None;
        let mut again: Vec<usize> = Vec::new();
        for (chosen, outcome) in round.iter().zip(outcomes) {
            let Item::Open(part, tries) = &self.items[chosen.item] else {
                continue;
            };
            // What was not begun because of a call that goes again goes again with it.
            let follows = matches!(&outcome, Ok(answer) if answer.status() == StatusCode::FAILED_DEPENDENCY)
                && chosen.after.is_some_and(|first| again.contains(&first));
            let wait = retry.next_wait(tries, &outcome, part.replay_is_safe);
            if wait.is_some() || follows {
                tracing::debug!(operation = %part.operation, ?wait, "the call will be sent again");
                longest = longest.max(wait);
                again.push(chosen.item);
                continue;
            }
            let conclusion = match outcome {
                Ok(answer) => request::check(&part.operation, part.body(), answer),
                Err(source) => Err(Error::Transport {
                    operation: part.operation.clone(),
                    source,
                }),
            };
            self.plan.settle(chosen.item, conclusion.is_ok());
            self.items[chosen.item] = Item::Closed(conclusion);
        }
        for item in again {
            if let (Item::Open(_, tries), Some(wait)) = (&mut self.items[item], longest) {
                tries.spend(wait);
            }
        }
        longest
    }
}

impl Item {
    fn into_conclusion(self) -> Conclusion {
        match self {
            Self::Closed(conclusion) => conclusion,
            // The plan is empty only when nothing is open any more.
            Self::Open(part, _) => Err(Error::Refused {
                operation: part.operation,
                reason: "it was never its turn".to_owned(),
            }),
        }
    }
}

/// The error of a batch as the error of one of its calls.
fn share(error: &Arc<TransportError>) -> TransportError {
    let share = if error.may_have_been_carried_out() {
        TransportError::maybe_sent(error.kind())
    } else {
        TransportError::not_sent(error.kind())
    };
    share.with_source(Arc::clone(error))
}
