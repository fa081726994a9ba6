//! What a teardown has done, does and leaves.

use std::fmt::{self, Display};

use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::catalog::Catalog;
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::resource::{Resource, RoleScope};

/// One thing that a teardown is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TeardownItem {
    /// Somebody holds the package.
    Assignment(Id<Assignment>),
    /// Somebody has asked for it.
    Request(Id<AssignmentRequest>),
    /// One of its policies.
    Policy(Id<AssignmentPolicy>),
    /// A role that it grants.
    RoleScope(Id<RoleScope>),
    /// The package itself.
    Package(Id<AccessPackage>),
    /// A resource of its catalog.
    Resource(Id<Resource>),
    /// Its catalog.
    Catalog(Id<Catalog>),
}

impl Display for TeardownItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assignment(id) => write!(f, "assignment {id}"),
            Self::Request(id) => write!(f, "request {id}"),
            Self::Policy(id) => write!(f, "policy {id}"),
            Self::RoleScope(id) => write!(f, "role scope {id}"),
            Self::Package(id) => write!(f, "package {id}"),
            Self::Resource(id) => write!(f, "resource {id}"),
            Self::Catalog(id) => write!(f, "catalog {id}"),
        }
    }
}

/// What happens while a teardown runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TeardownEvent {
    /// Nobody can ask under this policy any more.
    Closed(Id<AssignmentPolicy>),
    /// The policy could not be closed; people may go on asking until it is removed.
    NotClosed {
        /// The policy.
        policy: Id<AssignmentPolicy>,
        /// Why.
        reason: String,
    },
    /// The service has been asked to end an assignment, or to withdraw a request.
    Ending(TeardownItem),
    /// It is over, or gone.
    Gone(TeardownItem),
    /// It stays, because somebody else needs it.
    Kept(TeardownItem),
}

impl Display for TeardownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(id) => write!(f, "policy {id} is closed"),
            Self::NotClosed { policy, reason } => write!(f, "policy {policy} stays open: {reason}"),
            Self::Ending(item) => write!(f, "{item} is being ended"),
            Self::Gone(item) => write!(f, "{item} is gone"),
            Self::Kept(item) => write!(f, "{item} stays, because somebody else needs it"),
        }
    }
}

/// Something that could not be removed in time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Left {
    /// What.
    pub item: TeardownItem,
    /// What was last seen of it: its state, the service's refusal, or what it has to wait for.
    pub last_seen: String,
}

impl Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.item, self.last_seen)
    }
}

/// What a run of a teardown has come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "something may be left"]
pub struct TeardownReport {
    /// What this run has ended or removed, in that order.
    pub gone: Vec<TeardownItem>,
    /// What stays because others need it: resources that other packages grant.
    pub kept: Vec<TeardownItem>,
    /// What is still there although it should not be. Running the plan again goes on with it.
    pub left: Vec<Left>,
}

impl TeardownReport {
    /// Whether everything is gone that should be.
    pub fn is_complete(&self) -> bool {
        self.left.is_empty()
    }
}

impl Display for TeardownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} gone", self.gone.len())?;
        if !self.kept.is_empty() {
            write!(f, ", {} kept", self.kept.len())?;
        }
        if !self.left.is_empty() {
            write!(f, ", {} left", self.left.len())?;
        }
        self.left
            .iter()
            .try_for_each(|left| write!(f, "\n  {left}"))
    }
}
