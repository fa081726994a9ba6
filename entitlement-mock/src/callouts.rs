//! What the systems answer that a tenant calls through custom extensions: a closure plays the Logic App.
//!
//! Say with [`Tenant::on_callout`](crate::Tenant::on_callout) what an extension answers. The closure runs when the call is
//! due on the tenant's clock, gets the call as a plain value, and returns a [`Reply`]: at once, later, never, or a denial.
//! Where nobody plays the called system, a request waits for
//! [`resume`](entitlement_graph::entitlement::RequestHandle::resume) or for its time to be over.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use entitlement_core::catalog::CatalogDraft;
//! use entitlement_core::custom_extension::CustomExtensionDraft;
//! use entitlement_core::custom_extension::configuration::{
//!     AuthenticationConfiguration, CallbackConfiguration, EndpointConfiguration,
//! };
//! use entitlement_core::time::IsoDuration;
//! use entitlement_mock::Tenant;
//! use entitlement_mock::callouts::Reply;
//!
//! let tenant = Tenant::new();
//! let entitlement = tenant.app().client().entitlement();
//! let catalog = entitlement.catalogs().create(&CatalogDraft::builder("Devices").build()?).await?;
//! let check = CustomExtensionDraft::for_requests(
//!     "Separation of duties",
//!     EndpointConfiguration::http("https://sod.contoso.com/hook"),
//!     AuthenticationConfiguration::token("api://sod"),
//! )
//! .callback_configuration(CallbackConfiguration::waiting(IsoDuration::days(1)))
//! .build()?;
//! let check = entitlement.catalog(&catalog.id).custom_extensions().create(&check).await?;
//!
//! tenant.on_callout(&check.id, |callout| {
//!     if callout.justification.is_some() {
//!         Reply::go_on().after(IsoDuration::hours(2))
//!     } else {
//!         Reply::deny().detail("Say why")
//!     }
//! });
//! # Ok(())
//! # }
//! ```
//!
//! Closures belong to the tenant they were given to: snapshots do not hold them, and neither forks nor restored tenants
//! have any until they are given some.

use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::custom_extension::stage::CustomExtensionStage;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::approval::ApprovalStage;
use entitlement_core::policy::question::Answer;
use entitlement_core::time::{IsoDuration, Timestamp};

/// A call of an extension, as the called system gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Callout {
    /// The call's id, which an answer through Graph names as `customExtensionStageInstanceId`.
    pub id: String,
    /// The extension that is called.
    pub extension: Id<CustomExtension>,
    /// Why it is called now.
    pub stage: CustomExtensionStage,
    /// When.
    pub at: Timestamp,
    /// Whether a request waits for the answer; otherwise nobody reads it (EXT-1).
    pub is_awaited: bool,
    /// The request it is about; none when it is about the end of an assignment.
    pub request: Option<Id<AssignmentRequest>>,
    /// The assignment it is about; none before there is one.
    pub assignment: Option<Id<Assignment>>,
    /// The package.
    pub package: Id<AccessPackage>,
    /// Whose access it is about.
    pub target: Id<User>,
    /// Why the requestor asks.
    pub justification: Option<String>,
    /// What the requestor answered to the policy's questions.
    pub answers: Vec<Answer>,
}

/// What a called system does about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a reply does nothing until the closure returns it"]
pub struct Reply {
    pub(crate) kind: ReplyKind,
    pub(crate) delay: Option<IsoDuration>,
    pub(crate) detail: Option<String>,
    pub(crate) approval_stage: Option<Box<ApprovalStage>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReplyKind {
    GoOn,
    Deny,
    Silence,
    Unreachable,
}

impl Reply {
    fn of(kind: ReplyKind) -> Self {
        Self {
            kind,
            delay: None,
            detail: None,
            approval_stage: None,
        }
    }

    /// The request goes on.
    pub fn go_on() -> Self {
        Self::of(ReplyKind::GoOn)
    }

    /// The request is denied; once access was given or taken away it goes on all the same (EXT-5).
    pub fn deny() -> Self {
        Self::of(ReplyKind::Deny)
    }

    /// No answer comes from here; somebody may still resume the request through Graph.
    pub fn nothing() -> Self {
        Self::of(ReplyKind::Silence)
    }

    /// The system cannot be called. A request that would wait for it ends as if the answer had not come in time.
    pub fn unreachable() -> Self {
        Self::of(ReplyKind::Unreachable)
    }

    /// Answers a call that asks who must approve: with this stage (APV-21).
    pub fn approval_stage(stage: ApprovalStage) -> Self {
        let mut reply = Self::go_on();
        reply.approval_stage = Some(Box::new(stage));
        reply
    }

    /// The answer comes after so long; years and months, which have no fixed length, are no time.
    pub fn after(mut self, delay: IsoDuration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// What the answer says; it stands on the request, and approvers are told (EXT-6).
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}
