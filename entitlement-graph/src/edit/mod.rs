//! Changing what the service replaces whole: read it, change it, write all of it back.
//!
//! Assignment policies, access reviews, custom extensions and the settings of My Access have no `PATCH`: a `PUT` takes
//! the place of everything, and whatever it leaves out is at risk (POL-2). [`Collection::edit`] makes that safe: the
//! part you do not touch goes back as it came, with what this version has no name for, and nothing is written if
//! somebody else changed the thing meanwhile.
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::core::entity::Id;
//! use entitlement_graph::core::policy::AssignmentPolicy;
//! use entitlement_graph::core::schedule::Expiration;
//!
//! # async fn example(client: &GraphClient, id: &Id<AssignmentPolicy>) -> Result<(), entitlement_graph::Error> {
//! let policies = client.entitlement().policies();
//! let edited = policies
//!     .edit(id, |policy| policy.expiration = Some(Expiration::after_days(90)))
//!     .await?;
//! for change in &edited.changes {
//!     println!("{change}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! No part of them can be written on its own:
//!
//! ```compile_fail
//! # use entitlement_graph::core::policy::AssignmentPolicy;
//! # async fn example(client: &entitlement_graph::GraphClient, policy: &AssignmentPolicy) {
//! client.entitlement().policies().update(&policy.id, policy).await;
//! # }
//! ```

pub(crate) mod changed;
mod whole;

use std::time::Duration;

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::control_configuration::EndUserSettings;
use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::entity::Id;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::wire;
use serde_json::{Map, Value};

use crate::collection::Collection;
use crate::difference::{Difference, Scope, between};
use crate::error::Error;
use crate::request::Call;
use crate::wait::{Sight, Wait};
pub(crate) use whole::Whole;

pub use changed::Changed;

/// Something that is written whole and so is changed by [`Collection::edit`].
pub trait Editable: Whole {}

impl Editable for AssignmentPolicy {}
impl Editable for ScheduleDefinition {}
impl Editable for CustomExtension {}
impl Editable for EndUserSettings {}

/// What an edit has done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edited<E> {
    /// What the service has stored now.
    pub stored: E,
    /// What the edit changed: expected is what was there, found is what was written. Empty if nothing changed; then
    /// nothing was written either.
    pub changes: Vec<Difference>,
}

impl<E> Edited<E> {
    /// Whether anything was written.
    pub fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }
}

/// How an edit deals with others, and with a service that takes its time.
#[derive(Debug, Clone)]
#[must_use = "this only says how to edit"]
pub struct EditOptions {
    attempts: u32,
    wait: Wait,
}

impl Default for EditOptions {
    /// One attempt, and a minute for the change to become visible.
    fn default() -> Self {
        Self {
            attempts: 1,
            wait: Wait::default()
                .shortest_pause(Duration::from_secs(1))
                .limit(Duration::from_secs(60)),
        }
    }
}

impl EditOptions {
    /// How often the change is made at most, each time to what the others have left. Default 1: as soon as somebody
    /// else has changed anything, the edit fails.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How to wait until the change can be read.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }
}

impl<E: Editable> Collection<E> {
    /// Reads one whole, lets `change` change it, and writes it back whole
    /// ([update policy](https://learn.microsoft.com/graph/api/accesspackageassignmentpolicy-update),
    /// [update review](https://learn.microsoft.com/graph/api/accessreviewscheduledefinition-update),
    /// [update extension](https://learn.microsoft.com/graph/api/accesspackageassignmentrequestworkflowextension-update)).
    ///
    /// Edits of the same thing by the same client take turns, and so does whatever it writes to one package (P6). Others
    /// are noticed by reading once more right before writing; the service has no better means (it knows no entity tags
    /// here), so two programs that write within the same moment can still overwrite each other.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] if somebody else changed it meanwhile; [`Error::Invalid`], before anything is written, if the
    /// change breaks a rule; [`Error::Refused`] if the service did not send along what a whole write needs;
    /// [`Error::is_not_found`] if there is none with this id; [`Error::TimedOut`] if it was written, but the service
    /// goes on showing what was there before, as it does with some changes to reviews that it accepts and does not
    /// store (REV-32).
    pub async fn edit(
        &self,
        id: &Id<E>,
        change: impl FnMut(&mut E) + Send,
    ) -> Result<Edited<E>, Error> {
        self.edit_with(id, &EditOptions::default(), change).await
    }

    /// The same with options, such as trying again on top of what somebody else has written.
    ///
    /// # Errors
    ///
    /// As [`Collection::edit`].
    pub async fn edit_with(
        &self,
        id: &Id<E>,
        options: &EditOptions,
        mut change: impl FnMut(&mut E) + Send,
    ) -> Result<Edited<E>, Error> {
        let what = format!("{} {id}", E::TYPE);
        let turns = self.client().turns();
        let _turn = turns.take(&what).await;
        let mut base = self.read_whole(id).await?;
        let _package = match base.turn() {
            Some(package) => Some(turns.take(&package).await),
            None => None,
        };
        let mut attempt = 1;
        loop {
            let mut edited = base.clone();
            change(&mut edited);
            if edited.id() != id {
                return Err(self.refused(id, "the edit changed the id".to_owned()));
            }
            let before = self.body(id, &base)?;
            let after = self.body(id, &edited)?;
            let changes = compare(&before, &after);
            if changes.is_empty() {
                let stored = base;
                return Ok(Edited { stored, changes });
            }
            check(&base, &edited)?;
            let now = self.read_whole(id).await?;
            let differences = compare(&before, &self.body(id, &now)?);
            if differences.is_empty() {
                self.put(id, &before, after).await?;
                let stored = self.read_changed(id, &before, &options.wait).await?;
                return Ok(Edited { stored, changes });
            }
            if attempt >= options.attempts {
                return Err(Error::Changed(Box::new(Changed {
                    what,
                    differences,
                    attempts: attempt,
                })));
            }
            attempt += 1;
            base = now;
        }
    }

    /// Reads one with everything that belongs to it.
    pub(crate) async fn read_whole(&self, id: &Id<E>) -> Result<E, Error> {
        let call = Call::get(self.path().id(id)).query(E::query());
        let operation = call.operation();
        let mut answer: Value = self.client().fetch(call).await?;
        // Some pages show single entities wrapped like lists.
        if let Some(inner @ Value::Object(_)) = answer.get_mut("value") {
            answer = inner.take();
        }
        wire::decode_value(answer).map_err(|source| Error::Decode { operation, source })
    }

    fn body(&self, id: &Id<E>, entity: &E) -> Result<Map<String, Value>, Error> {
        let body = entity.replacement();
        body.map(Map::from)
            .map_err(|missing| self.refused(id, missing.to_string()))
    }

    fn refused(&self, id: &Id<E>, reason: String) -> Error {
        let operation = Call::put(self.path().id(id)).operation();
        Error::Refused { operation, reason }
    }

    async fn put(
        &self,
        id: &Id<E>,
        before: &Map<String, Value>,
        mut after: Map<String, Value>,
    ) -> Result<(), Error> {
        // What was taken away is cleared by name: leaving it out might leave it as it was (U-5).
        for name in before.keys() {
            after.entry(name).or_insert(Value::Null);
        }
        let call = Call::put(self.path().id(id)).json(&after)?;
        self.client().send(call).await?;
        Ok(())
    }

    /// Reads it again once it no longer is what it was.
    async fn read_changed(
        &self,
        id: &Id<E>,
        before: &Map<String, Value>,
        wait: &Wait,
    ) -> Result<E, Error> {
        let judge = |entity: E| match entity.replacement().map(Map::from) {
            Ok(now) if compare(before, &now).is_empty() => {
                Sight::NotYet("it still reads as before".to_owned())
            }
            _ => Sight::Done(entity),
        };
        let what = format!("the change of {} {id} to be visible", E::TYPE);
        self.client()
            .wait(wait, what, || self.read_whole(id), judge)
            .await
    }
}

fn compare(expected: &Map<String, Value>, found: &Map<String, Value>) -> Vec<Difference> {
    let (expected, found) = (expected.clone(), found.clone());
    between(
        &Value::Object(expected),
        &Value::Object(found),
        Scope::Whole,
    )
}

/// Refuses a change that breaks a rule; rules that were broken before are nobody's fault now.
fn check<E: Editable>(base: &E, edited: &E) -> Result<(), Error> {
    let Err(invalid) = edited.check() else {
        return Ok(());
    };
    let before = base.check().err();
    let known = before
        .as_ref()
        .map_or(&[][..], |before| before.violations());
    if invalid
        .violations()
        .iter()
        .all(|violation| known.contains(violation))
    {
        return Ok(());
    }
    Err(invalid.into())
}

#[cfg(test)]
mod tests;
