//! How far a run is, so that another one can go on.

use std::fmt::{self, Display};

use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::subject::{BulkOutcome, BulkSubject};

/// How far a run is: small whatever the length of the list, and the same once read back from JSON.
///
/// It is about one list in one order. A list that begins differently is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    pub(super) action: Action,
    pub(super) package: Id<AccessPackage>,
    pub(super) policy: Option<Id<AssignmentPolicy>>,
    /// A digest of the subjects that are done.
    pub(super) digest: u64,
    /// Requests without an outcome were made after this moment.
    pub(super) since: Timestamp,
    pub(super) progress: Progress,
}

/// What is done to each subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Action {
    Assign,
    Remove,
}

impl Checkpoint {
    /// How many subjects are done, and how.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Notes that a subject is done.
    pub(super) fn note(&mut self, subject: &BulkSubject, outcome: &BulkOutcome) {
        self.digest = digest(self.digest, subject);
        self.progress.count(outcome);
    }
}

/// The digest of no subjects.
pub(super) const NOBODY: u64 = 0xcbf2_9ce4_8422_2325;

/// The digest of a list that goes on with this subject (FNV-1a, which stays the same from version to version).
pub(super) fn digest(before: u64, subject: &BulkSubject) -> u64 {
    let text = subject.to_string();
    let bytes = text.bytes().chain([0]);
    bytes.fold(before, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// How many subjects are done, by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Progress {
    /// [`BulkOutcome::Submitted`].
    pub submitted: u64,
    /// [`BulkOutcome::AlreadyAssigned`].
    pub already_assigned: u64,
    /// [`BulkOutcome::OpenRequest`].
    pub open_request: u64,
    /// [`BulkOutcome::NotAssigned`].
    pub not_assigned: u64,
    /// [`BulkOutcome::NotFound`].
    pub not_found: u64,
    /// [`BulkOutcome::Failed`].
    pub failed: u64,
}

impl Progress {
    /// How many subjects are done, whatever came of them.
    pub fn done(&self) -> u64 {
        self.submitted
            + self.already_assigned
            + self.open_request
            + self.not_assigned
            + self.not_found
            + self.failed
    }

    fn count(&mut self, outcome: &BulkOutcome) {
        *match outcome {
            BulkOutcome::Submitted(_) => &mut self.submitted,
            BulkOutcome::AlreadyAssigned => &mut self.already_assigned,
            BulkOutcome::OpenRequest => &mut self.open_request,
            BulkOutcome::NotAssigned => &mut self.not_assigned,
            BulkOutcome::NotFound => &mut self.not_found,
            BulkOutcome::Failed(_) => &mut self.failed,
        } += 1;
    }
}

impl Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} done", self.done())?;
        for (count, what) in [
            (self.submitted, "submitted"),
            (self.already_assigned, "assigned already"),
            (self.open_request, "with an open request"),
            (self.not_assigned, "not assigned"),
            (self.not_found, "not found"),
            (self.failed, "failed"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}
