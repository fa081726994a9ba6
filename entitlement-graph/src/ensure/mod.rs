//! Making what is missing, once: look first, make it, and never make it twice.
//!
//! A create that is sent again after a lost answer gives a conflict, or a second thing of the same name (P5). These
//! methods go by the natural key instead: they look whether it is there, make it if not, and after a conflict or a
//! lost answer look again. What they return says what they found:
//!
//! | [`Ensured`] | means |
//! |---|---|
//! | [`Created`](Ensured::Created) | it was missing and is there now |
//! | [`AlreadyThere`](Ensured::AlreadyThere) | it was there, as wanted |
//! | [`Conflict`](Ensured::Conflict) | it was there and differs; every difference is named, nothing was changed |
//!
//! | what | natural key | method |
//! |---|---|---|
//! | catalog | name | [`Entitlement::ensure_catalog`](crate::entitlement::Entitlement::ensure_catalog) |
//! | resource | catalog, origin system and id | [`Entitlement::ensure_resource`](crate::entitlement::Entitlement::ensure_resource) |
//! | package | catalog, name | [`Entitlement::ensure_package`](crate::entitlement::Entitlement::ensure_package) |
//! | role scope | package, role, scope | [`Entitlement::ensure_role_scope`](crate::entitlement::Entitlement::ensure_role_scope) |
//! | policy | package, name | [`Entitlement::ensure_policy`](crate::entitlement::Entitlement::ensure_policy) |
//! | partner organisation | name | [`Entitlement::ensure_connected_organization`](crate::entitlement::Entitlement::ensure_connected_organization) |
//! | its sponsors | organisation, id | [`Entitlement::ensure_sponsors`](crate::entitlement::Entitlement::ensure_sponsors) |
//! | group | mail alias | [`GraphClient::ensure_group`](crate::GraphClient::ensure_group) |
//! | member of a group | group, id | [`GraphClient::ensure_member`](crate::GraphClient::ensure_member) |
//!
//! Names are the same in any case; where only the case differs, that is a difference like any other. Calls of one
//! client that could get into each other's way take turns (P6). Two programs that make the same thing in the same
//! moment are told apart where the service refuses duplicates; where it does not, both get
//! [`Error::Unresolved`] with the twins.
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::core::catalog::CatalogDraft;
//! use entitlement_graph::ensure::Ensured;
//! use entitlement_graph::wait::Wait;
//!
//! # async fn example(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
//! let draft = CatalogDraft::builder("Devices").description("Managed clients").build()?;
//! let ensured = client.entitlement().ensure_catalog(&draft, &Wait::default()).await?;
//! if let Ensured::Conflict { differences, .. } = &ensured {
//!     for difference in differences {
//!         println!("{difference}");
//!     }
//! }
//! let devices = ensured.into_entity();
//! # Ok(())
//! # }
//! ```

mod by_name;
mod directory;
mod packages;
mod policies;
mod resources;
pub mod sponsors;

use std::time::Duration;

use entitlement_core::entity::Entity;
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::client::GraphClient;
use crate::clock::time_until;
use crate::difference::{Difference, Scope, between};
use crate::error::Error;
use crate::resolve::{Named, ambiguous, candidate};
use crate::wait::{Sight, Wait, passes_by_itself};

/// What came of making sure that something is there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ensured<E> {
    /// It was missing and is there now. After a lost answer, what is then found as wanted counts as made.
    Created(E),
    /// It was there, as wanted.
    AlreadyThere(E),
    /// It was there and differs; nothing was changed.
    Conflict {
        /// What is there.
        stored: E,
        /// In which properties it differs: expected is what was wanted.
        differences: Vec<Difference>,
    },
}

impl<E> Ensured<E> {
    /// What is there now.
    pub fn entity(&self) -> &E {
        match self {
            Self::Created(entity)
            | Self::AlreadyThere(entity)
            | Self::Conflict { stored: entity, .. } => entity,
        }
    }

    /// What is there now, by value.
    pub fn into_entity(self) -> E {
        match self {
            Self::Created(entity)
            | Self::AlreadyThere(entity)
            | Self::Conflict { stored: entity, .. } => entity,
        }
    }

    /// Whether it was made just now.
    pub fn is_created(&self) -> bool {
        matches!(self, Self::Created(_))
    }

    /// In which properties what is there differs from what was wanted; empty unless there is a conflict.
    pub fn differences(&self) -> &[Difference] {
        match self {
            Self::Conflict { differences, .. } => differences,
            _ => &[],
        }
    }

    fn judged(stored: E, differences: Vec<Difference>, fine: fn(E) -> Self) -> Self {
        if differences.is_empty() {
            fine(stored)
        } else {
            Self::Conflict {
                stored,
                differences,
            }
        }
    }
}

/// How long to look after a lost answer until what was asked for counts as not done.
const SETTLE: Duration = Duration::from_secs(60);

/// How long to give way to others who write to the same thing.
const GIVE_WAY: Duration = Duration::from_secs(5);

/// How often something is made at most, when answers get lost.
const ATTEMPTS: u32 = 3;

/// Making sure of one thing.
struct Ensure<'a> {
    client: &'a GraphClient,
    /// The thing, for people.
    what: String,
    wait: &'a Wait,
    start: Timestamp,
}

impl<'a> Ensure<'a> {
    fn new(client: &'a GraphClient, what: String, wait: &'a Wait) -> Self {
        let start = client.clock().now();
        Self {
            client,
            what,
            wait,
            start,
        }
    }

    /// As patient as the caller, less the time that has gone by.
    fn rest(&self) -> Wait {
        let gone = time_until(self.start, self.client.clock().now());
        self.wait.shortened_by(gone)
    }

    /// Looks, makes, looks again. Among what `turn` names, nothing else is made by this client meanwhile.
    async fn run<E, L, LF, M, MF>(
        &self,
        turn: &str,
        mut look: L,
        mut make: M,
        compare: impl Fn(&E) -> Vec<Difference>,
    ) -> Result<Ensured<E>, Error>
    where
        L: FnMut() -> LF,
        LF: Future<Output = Result<Option<E>, Error>>,
        M: FnMut() -> MF,
        MF: Future<Output = Result<(), Error>>,
    {
        let _turn = self.client.turns().take(turn).await;
        let what = format!("a look for {}", self.what);
        let rest = self.rest();
        let first = self.client.wait(&rest, what, &mut look, Sight::Done);
        if let Some(stored) = first.await? {
            let differences = compare(&stored);
            return Ok(Ensured::judged(stored, differences, Ensured::AlreadyThere));
        }
        let mut attempt = 1;
        loop {
            let Err(error) = make().await else {
                return Ok(Ensured::Created(
                    self.appear(&self.rest(), &mut look).await?,
                ));
            };
            if is_there_already(&error) {
                // It is there, but cannot be seen yet, or goes by a name that nobody knows: then the refusal says most.
                let found = self.appear(&self.rest(), &mut look).await;
                let stored = found.map_err(|late| instead_of_late(late, error))?;
                let differences = compare(&stored);
                return Ok(Ensured::judged(stored, differences, Ensured::AlreadyThere));
            }
            if !may_have_worked(&error) {
                // Refusals of duplicates have many codes, few of them published: perhaps somebody was faster.
                let found = if error.status() == Some(StatusCode::BAD_REQUEST) {
                    look().await.ok().flatten()
                } else {
                    None
                };
                let stored = found.ok_or(error)?;
                let differences = compare(&stored);
                return Ok(Ensured::judged(stored, differences, Ensured::AlreadyThere));
            }
            let settle = self.rest().at_most(if error.is_conflict() {
                GIVE_WAY
            } else {
                SETTLE
            });
            match self.appear(&settle, &mut look).await {
                Ok(stored) => {
                    let differences = compare(&stored);
                    return Ok(Ensured::judged(stored, differences, Ensured::Created));
                }
                Err(Error::TimedOut(_)) if attempt < ATTEMPTS && !self.rest().is_over() => {
                    attempt += 1;
                }
                Err(late) => return Err(instead_of_late(late, error)),
            }
        }
    }

    async fn appear<E, L, LF>(&self, wait: &Wait, look: L) -> Result<E, Error>
    where
        L: FnMut() -> LF,
        LF: Future<Output = Result<Option<E>, Error>>,
    {
        let what = format!("{} to be readable", self.what);
        let judge = |found: Option<E>| match found {
            Some(entity) => Sight::Done(entity),
            None => Sight::NotYet("it is not there with all that belongs to it".to_owned()),
        };
        self.client.wait(wait, what, look, judge).await
    }
}

/// The error that says most: why it was not made, rather than that it is not there.
fn instead_of_late(late: Error, error: Error) -> Error {
    match late {
        Error::TimedOut(_) => error,
        other => other,
    }
}

/// Whether the service says that it has this already.
fn is_there_already(error: &Error) -> bool {
    const CODES: &[&str] = &[
        "DuplicateAccessPackage",
        "DuplicateKey",
        "ObjectConflict",
        "ResourceAlreadyOnboarded",
        "nameAlreadyExists",
    ];
    let code = error.service().map(crate::error::ServiceError::code);
    !passes_by_itself(error)
        && (error.is_conflict() || code.is_some_and(|code| CODES.contains(&code)))
}

/// Whether it may have been made although the answer does not say so, or may be made yet.
fn may_have_worked(error: &Error) -> bool {
    match error {
        Error::Transport { source, .. } => source.may_have_been_carried_out(),
        // The answer to something that was done can be broken, too.
        Error::Decode { .. } => true,
        _ => passes_by_itself(error) && error.status() != Some(StatusCode::TOO_MANY_REQUESTS),
    }
}

/// In which properties something differs from its draft; links and what only the service writes are no part of that.
fn differences(draft: &Value, stored: &impl Serialize, left_out: &[&str]) -> Vec<Difference> {
    let mut wanted = draft.clone();
    if let Value::Object(members) = &mut wanted {
        members.retain(|name, _| !left_out.contains(&name.as_str()));
    }
    let stored = serde_json::to_value(stored).unwrap_or_default();
    between(&wanted, &stored, Scope::Expected)
}

/// A draft as it would be sent.
fn as_sent(draft: &impl Serialize) -> Value {
    serde_json::to_value(draft).unwrap_or_default()
}

fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_default()
}

/// The one that has the name in this very spelling, or else the one that has it in any case.
fn pick<E: Named + Entity>(found: Vec<E>, name: &str) -> Result<Option<E>, Error> {
    let mut same: Vec<E> = found
        .into_iter()
        .filter(|entity| {
            let found = entity.name().unwrap_or_default();
            found.to_lowercase() == name.to_lowercase()
        })
        .collect();
    if same.iter().any(|entity| entity.name() == Some(name)) {
        same.retain(|entity| entity.name() == Some(name));
    }
    if same.len() > 1 {
        let what = format!("{} {name:?}", E::TYPE);
        return Err(ambiguous(what, same.len(), same.iter().map(candidate)));
    }
    Ok(same.pop())
}
