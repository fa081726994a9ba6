//! The mails that the service sends.
//!
//! [`Tenant::outbox`](crate::Tenant::outbox) lists them in the order in which they were sent.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A mail that somebody got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Mail {
    /// When it was sent, on the tenant's clock.
    pub at: Timestamp,
    /// Who got it.
    pub to: Id<User>,
    /// The address it went to.
    pub address: String,
    /// What it is about.
    pub kind: MailKind,
    /// The line above it.
    pub subject: String,
    /// What it says.
    pub lines: Vec<String>,
}

/// The occasions on which the service writes.
///
/// The numbers are those of Microsoft's
/// [list of notifications](https://learn.microsoft.com/entra/id-governance/entitlement-management-process); a third
/// stage of approval is treated like a second one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MailKind {
    /// A request waits for the approver (2, 4, 11, 13).
    ApprovalRequested,
    /// It still does (3, 5, 12, 14).
    ApprovalReminder,
    /// Nobody decided; now alternate approvers may (1, 15).
    ApprovalForwarded,
    /// Somebody approved (7, 8, 16).
    RequestApproved,
    /// Nobody decided in time, as approvers are told (6, 17).
    ApprovalExpired,
    /// Somebody refused, as the requestor is told (9).
    RequestDenied,
    /// Nobody decided in time, as the requestor is told (10).
    RequestExpired,
    /// The requestor has access (18).
    AccessGranted,
    /// Access is about to end and can be extended (19).
    AccessEnding,
    /// Access has ended (20).
    AccessEnded,
    /// Somebody asked for access on another person's behalf, as that person is told (MAIL-5).
    RequestedOnBehalf,
    /// A review waits for the reviewer.
    ReviewStarted,
    /// Half of a review's time is over.
    ReviewReminder,
    /// A review is over.
    ReviewCompleted,
}
