//! Sends calls in batches until each has its outcome.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tracing::Instrument;

use super::plan::{Chosen, Plan};
use super::wire::{self, Envelope, Part};
use crate::auth::{AccessToken, SentWith, TellToken, rejection};
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
    Open(Open),
    Closed(Conclusion),
}

struct Open {
    part: Part,
    tries: Tries,
    /// It has had its one try with another token.
    renewed: bool,
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
            Ok(part) => Item::Open(Open {
                part,
                tries: client.pipeline().tries(),
                renewed: false,
            }),
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
        let (mut outcomes, token) = run.send(&round).await;
        let renewed = match token {
            Some(token) => run.renew(&round, &mut outcomes, token).await,
            None => Vec::new(),
        };
        if let Some(wait) = run.conclude(&round, outcomes, &renewed) {
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
            if let Item::Open(open) = &self.items[item] {
                self.items[item] = Item::Closed(Err(Error::Refused {
                    operation: open.part.operation.clone(),
                    reason: "the call that it depends on has failed".to_owned(),
                }));
            }
        }
    }

    /// Sends one batch, once, and finds out what came of each call in it; also with which token, if calls were answered
    /// one by one.
    async fn send(&self, round: &[Chosen]) -> (Vec<Outcome>, Option<AccessToken>) {
        let mut envelope = Envelope::new();
        for chosen in round {
            if let Item::Open(open) = &self.items[chosen.item] {
                envelope.add(chosen.item, chosen.after, &open.part, open.tries.retries());
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
                request.extensions_mut().insert(TellToken);
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
                let outcomes = round.iter().map(|_| Err(share(&error)));
                return (outcomes.collect(), None);
            }
        };
        if !answer.status().is_success() {
            let outcomes = round.iter().map(|_| Ok(answer.clone()));
            return (outcomes.collect(), None);
        }
        let token = answer.extensions().get::<SentWith>();
        let token = token.map(|SentWith(token)| token.clone());
        let mut answers = match wire::answers(answer.body()) {
            Ok(answers) => answers,
            Err(error) => {
                let unreadable = TransportError::maybe_sent(TransportErrorKind::Other)
                    .with_message("the answer to its batch cannot be read")
                    .with_source(error);
                let unreadable = Arc::new(unreadable);
                let outcomes = round.iter().map(|_| Err(share(&unreadable)));
                return (outcomes.collect(), None);
            }
        };
        let outcomes = round
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
            .collect();
        (outcomes, token)
    }

    /// Gets another token if a call was refused for this one, as a call by itself would, and says which calls go again
    /// with it: each once.
    async fn renew(
        &mut self,
        round: &[Chosen],
        outcomes: &mut [Outcome],
        token: AccessToken,
    ) -> Vec<usize> {
        let refused: Vec<usize> = (0..round.len())
            .filter(|place| {
                let may = match &self.items[round[*place].item] {
                    Item::Open(open) => !open.renewed && !open.part.brings_its_token(),
                    Item::Closed(_) => false,
                };
                may && is_unauthorized(&outcomes[*place])
            })
            .collect();
        let answers = refused
            .iter()
            .filter_map(|place| outcomes[*place].as_ref().ok());
        let rejections = answers.map(|answer| rejection(token.clone(), answer.headers()));
        // Which claims are wanted is said by some of the answers at best.
        let Some(rejection) = rejections.max_by_key(|one| one.claims().is_some()) else {
            return Vec::new();
        };
        match self.client.renew_token(&rejection).await {
            Ok(true) => {
                let items: Vec<usize> = refused.iter().map(|place| round[*place].item).collect();
                for item in &items {
                    if let Item::Open(open) = &mut self.items[*item] {
                        open.renewed = true;
                    }
                }
                items
            }
            Ok(false) => Vec::new(),
            Err(error) => {
                let error = Arc::new(error);
                for place in refused {
                    outcomes[place] = Err(share(&error));
                }
                Vec::new()
            }
        }
    }

    /// Where the service counts a call.
    fn gate(&self, chosen: &Chosen) -> Option<Gate> {
        match &self.items[chosen.item] {
            Item::Open(Open { part, .. }) => {
                Some(Gate::of(part.operation.method(), part.operation.path()))
            }
            Item::Closed(_) => None,
        }
    }

    /// Closes what is done and returns how long to wait before the rest goes again. What was `renewed` goes again too.
    fn conclude(
        &mut self,
        round: &[Chosen],
        outcomes: Vec<Outcome>,
        renewed: &[usize],
    ) -> Option<Duration> {
        let retry = self.client.pipeline();
        let mut longest = None;
        let mut again: Vec<usize> = Vec::new();
        for (chosen, outcome) in round.iter().zip(outcomes) {
            let Item::Open(Open { part, tries, .. }) = &self.items[chosen.item] else {
                continue;
            };
            // What was not begun because of a call that goes again goes again with it.
            let follows = matches!(&outcome, Ok(answer) if answer.status() == StatusCode::FAILED_DEPENDENCY)
                && chosen.after.is_some_and(|first| again.contains(&first));
            let wait = retry.next_wait(tries, &outcome, part.replay_is_safe);
            if wait.is_some() || follows || renewed.contains(&chosen.item) {
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
            // Another token is no retry.
            if let (Item::Open(open), Some(wait)) = (&mut self.items[item], longest)
                && !renewed.contains(&item)
            {
                open.tries.spend(wait);
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
            Self::Open(open) => Err(Error::Refused {
                operation: open.part.operation,
                reason: "it was never its turn".to_owned(),
            }),
        }
    }
}

fn is_unauthorized(outcome: &Outcome) -> bool {
    matches!(outcome, Ok(answer) if answer.status() == StatusCode::UNAUTHORIZED)
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
