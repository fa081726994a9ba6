//! Many calls in few requests: `client.batch()`.
//!
//! A [`Batch`] takes any number of calls and sends up to 20 of them in one HTTP request. Each call has an outcome of its
//! own, and its [`Ticket`] fetches it with the type that the call has by itself.
//!
//! ```
//! # use entitlement_graph::core::catalog::Catalog;
//! # use entitlement_graph::core::entity::Id;
//! # use entitlement_graph::{Error, GraphClient};
//! # async fn example(client: &GraphClient, ids: &[Id<Catalog>]) -> Result<(), Error> {
//! let catalogs = client.entitlement().catalogs();
//! let mut batch = client.batch();
//! let tickets: Vec<_> = ids.iter().map(|id| batch.get(&catalogs, id)).collect();
//! let mut answers = batch.send().await;
//! for ticket in tickets {
//!     match answers.take(ticket) {
//!         Ok(catalog) => println!("{:?}", catalog.display_name),
//!         Err(error) if error.is_not_found() => println!("gone"),
//!         Err(error) => return Err(error),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The rules of single calls hold for each call of a batch ([JSON batching](https://learn.microsoft.com/graph/json-batching)):
//!
//! * What was throttled goes again, together with what depends on it and with nothing else, after the longest wait that
//!   was asked for and within the client's [`RetryPolicy`](crate::transport::retry::RetryPolicy). A throttled call makes
//!   all calls of the client pause.
//! * What was refused with `401` goes again once, with another token that has the claims the answer asks for, if the
//!   client's provider has one.
//! * A call that may have been carried out, because the answer is lost or leaves it out, goes again only if
//!   [replay is safe](crate::transport::Replay). Otherwise its outcome is an [`Error::Transport`] that says so.
//! * There is no transaction: what succeeded stays, whatever fails later.
//!
//! Calls run in no particular order, except that [`run_after`](Batch::run_after) makes one wait for another.

mod calls;
mod plan;
mod run;
mod wire;

use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use serde::de::DeserializeOwned;

use crate::client::GraphClient;
use crate::error::{Error, Operation};
use crate::request::{self, Call};
use crate::transport::Response;
use run::Conclusion;
use wire::Part;

/// The most calls that the service takes in one request.
pub const MOST_CALLS: usize = 20;

/// Tells batches apart, so that no ticket is cashed in at another.
static BATCHES: AtomicU64 = AtomicU64::new(0);

impl GraphClient {
    /// A batch without calls.
    pub fn batch(&self) -> Batch {
        Batch {
            client: self.clone(),
            number: BATCHES.fetch_add(1, Ordering::Relaxed),
            most: MOST_CALLS,
            operations: Vec::new(),
            parts: Vec::new(),
            after: Vec::new(),
        }
    }
}

/// Calls that are sent together. Nothing is asked of the service until [`send`](Self::send).
#[must_use = "nothing is sent until `send`"]
pub struct Batch {
    client: GraphClient,
    number: u64,
    most: usize,
    operations: Vec<Operation>,
    parts: Vec<Result<Part, Error>>,
    after: Vec<Option<usize>>,
}

/// Stands for one call of a batch, and for a `T` once the batch is sent.
#[must_use = "the outcome of the call is fetched with it"]
pub struct Ticket<T> {
    batch: u64,
    item: usize,
    read: fn(&Operation, Response) -> Result<T, Error>,
    result: PhantomData<fn() -> T>,
}

impl Batch {
    /// How many calls go into one request: at most, and unless said, 20. A workload may bear fewer at a time.
    pub fn calls_per_request(mut self, calls: usize) -> Self {
        self.most = calls.clamp(1, MOST_CALLS);
        self
    }

    /// How many calls there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether there are no calls.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds a call whose answer is a `T`.
    ///
    /// A call that cannot be part of a batch has an [`Error::Refused`] as its outcome.
    pub fn call<T: DeserializeOwned>(&mut self, call: Call) -> Ticket<T> {
        let item = self.add(Ok(call));
        self.ticket(item, |operation, answer| request::read(operation, &answer))
    }

    /// Adds a call whose answer says nothing beyond that it is done.
    pub fn action(&mut self, call: Call) -> Ticket<()> {
        let item = self.add(Ok(call));
        self.ticket(item, |_, _| Ok(()))
    }

    /// Adds a call whose answer is wanted as it comes.
    pub fn raw(&mut self, call: Call) -> Ticket<Response> {
        let item = self.add(Ok(call));
        self.ticket(item, |_, answer| Ok(answer))
    }

    /// Makes a call wait until an earlier one has succeeded; if that one fails, this one is not carried out.
    ///
    /// Calls may form chains and trees. They are spread over as many requests as it takes for each to have a shape that
    /// the service takes: no order, one after the other, or all after the same one.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`], and nothing changes, if either call belongs to another batch, if `first` was not added
    /// before `call`, or if `call` waits for another one already: the service takes one dependency a call.
    pub fn run_after<T, U>(&mut self, call: &Ticket<T>, first: &Ticket<U>) -> Result<(), Error> {
        if call.batch != self.number || first.batch != self.number {
            return Err(foreign());
        }
        let refused = |reason: &str| {
            Err(Error::Refused {
                operation: self.operations[call.item].clone(),
                reason: reason.to_owned(),
            })
        };
        if first.item >= call.item {
            return refused("it can only depend on a call that was added before it");
        }
        match self.after[call.item] {
            Some(other) if other != first.item => refused("it depends on another call already"),
            _ => {
                self.after[call.item] = Some(first.item);
                Ok(())
            }
        }
    }

    /// Sends all calls, in as many requests as it takes, one request after the other.
    ///
    /// Dropping the future gives up the answers; what was sent may be carried out all the same.
    pub async fn send(self) -> Answers {
        let conclusions = run::carry_out(&self.client, self.parts, self.after, self.most).await;
        Answers {
            batch: self.number,
            operations: self.operations,
            conclusions: conclusions.into_iter().map(Some).collect(),
        }
    }

    fn add(&mut self, call: Result<Call, (Operation, Error)>) -> usize {
        let (operation, part) = match call {
            Ok(call) => {
                let (operation, url) = (call.operation(), call.url(""));
                let part = self.client.prepare(call);
                let part = part.and_then(|request| Part::new(operation.clone(), url, &request));
                (operation, part)
            }
            Err((operation, error)) => (operation, Err(error)),
        };
        self.operations.push(operation);
        self.parts.push(part);
        self.after.push(None);
        self.parts.len() - 1
    }

    fn ticket<T>(
        &self,
        item: usize,
        read: fn(&Operation, Response) -> Result<T, Error>,
    ) -> Ticket<T> {
        Ticket {
            batch: self.number,
            item,
            read,
            result: PhantomData,
        }
    }
}

/// What came of each call of a batch.
#[must_use = "each call has its own outcome"]
pub struct Answers {
    batch: u64,
    operations: Vec<Operation>,
    conclusions: Vec<Option<Conclusion>>,
}

impl Answers {
    /// What came of one call.
    ///
    /// # Errors
    ///
    /// Those of the call by itself. An [`Error::Transport`] says whether the call
    /// [may have been carried out](crate::transport::TransportError::may_have_been_carried_out); an [`Error::Refused`]
    /// was not sent, such as what depends on a call that failed in an earlier request. Within one request the service
    /// answers that with status 424. A ticket of another batch is refused.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a ticket is good for one outcome"
    )]
    pub fn take<T>(&mut self, ticket: Ticket<T>) -> Result<T, Error> {
        let Ticket {
            batch, item, read, ..
        } = ticket;
        let own = batch == self.batch;
        let conclusion = own.then(|| self.conclusions.get_mut(item)).flatten();
        let answer = conclusion.and_then(Option::take).ok_or_else(foreign)??;
        read(&self.operations[item], answer)
    }
}

fn foreign() -> Error {
    Error::Refused {
        operation: Operation::new(Method::POST, "$batch"),
        reason: "the ticket belongs to another batch".to_owned(),
    }
}

impl Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.operations).finish()
    }
}

impl<T> Debug for Ticket<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ticket").field(&self.item).finish()
    }
}

impl Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcomes = self.conclusions.iter().map(|conclusion| match conclusion {
            Some(Ok(answer)) => format!("{}", answer.status().as_u16()),
            Some(Err(error)) => error.to_string(),
            None => "taken".to_owned(),
        });
        f.debug_map()
            .entries(self.operations.iter().zip(outcomes))
            .finish()
    }
}
