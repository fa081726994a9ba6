//! Requests: who may make them, and what becomes of them when they are over.

use serde::{Deserialize, Serialize};

/// What can be done with requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RequestChoices {
    /// Whether requests on behalf of others can be made through Graph, as they are in My Access; the reference says that
    /// they cannot (POL-41).
    pub on_behalf_of_others: bool,
    /// Whether a request that is over can be deleted while its assignment is current, as in the portal; the reference
    /// says that it cannot (U-29, REQ-55).
    pub deletable_while_assigned: bool,
    /// Whether statuses say that somebody was written to, as has been seen: `FulfilledNotificationTriggered` of requests
    /// that gave access (REQ-23), `ExpiredNotificationTriggered` of assignments that have ended (ASG-2). Otherwise they
    /// are `Delivered` and `Expired`; states are the same in both cases.
    pub statuses_tell_of_mails: bool,
    /// For how many days requests are kept that are over; for ever unless said, although an older page says three months
    /// (REQ-56).
    pub kept_days: Option<u32>,
    /// How many days a policy may give approvers for a decision (U-8): 14, which is also the most that drafts take, or
    /// fewer.
    pub longest_decision_days: u32,
}

impl Default for RequestChoices {
    fn default() -> Self {
        Self {
            on_behalf_of_others: false,
            deletable_while_assigned: false,
            statuses_tell_of_mails: false,
            kept_days: None,
            longest_decision_days: 14,
        }
    }
}
