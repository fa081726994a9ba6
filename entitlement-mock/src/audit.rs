//! The trail that entitlement management leaves in the audit log of the directory.
//!
//! [`Tenant::audit_log`](crate::Tenant::audit_log) lists it in order.

use std::fmt::{self, Display};

use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::entity::Id;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that was written down about a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AuditEvent {
    /// When it happened, on the tenant's clock.
    pub at: Timestamp,
    /// What happened.
    pub activity: Activity,
    /// Who did it, by sign-in name, or who was added as an approver; nothing where an application or the service acts.
    pub by: Option<String>,
    /// The request that it is about.
    pub request: Id<AssignmentRequest>,
    /// The package that the request is about, by name.
    pub package: String,
    /// The person whose access it is about, by sign-in name.
    pub target: String,
}

impl Display for AuditEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} [{} for {}]",
            self.at,
            self.activity.name(),
            self.package,
            self.target
        )?;
        match &self.by {
            Some(who) => write!(f, " by {who}"),
            None => Ok(()),
        }
    }
}

/// The activities of the category `EntitlementManagement` that a request leads to, in the order in which they come
/// ([reports](https://learn.microsoft.com/entra/id-governance/entitlement-management-reports)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Activity {
    /// A person asked.
    UserRequests,
    /// An administrator assigned somebody.
    AdministratorAssigns,
    /// Nobody has to consent.
    AutoApprove,
    /// Somebody has to.
    CreateApproval,
    /// This is who may.
    AddApprover,
    /// An approver agreed.
    Approve,
    /// An approver refused.
    Deny,
    /// Nobody decided in time.
    TimeOut,
    /// Everything that was waited for is there.
    ReadyToFulfill,
    /// Access was written.
    Fulfill,
    /// Access was taken away.
    Remove,
}

impl Activity {
    /// The activity's name in the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserRequests => "User requests access package assignment",
            Self::AdministratorAssigns => "Administrator directly assigns user to access package",
            Self::AutoApprove => "Auto approve access package assignment request",
            Self::CreateApproval => "Create request approval",
            Self::AddApprover => "Add approver to request approval",
            Self::Approve => "Approve access package assignment request",
            Self::Deny => "Deny access package assignment request",
            Self::TimeOut => {
                "Access package assignment request timed out (no approver action taken)"
            }
            Self::ReadyToFulfill => "Ready to fulfill access package assignment request",
            Self::Fulfill => "Fulfill access package assignment",
            Self::Remove => "Remove access package assignment",
        }
    }
}
