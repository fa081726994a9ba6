//! What can go wrong, and what to do about it.
//!
//! An [`Error`] says which operation failed and keeps its cause; predicates such as [`Error::is_not_found`] answer the
//! usual questions, and [`ServiceError::advice`] explains the codes that entitlement management is known to send. Where
//! those say too little, [`ServiceError::suspects`] names what in the body may be why.
//!
//! ```
//! use entitlement_graph::error::Error;
//!
//! fn explain(error: &Error) -> String {
//!     if error.is_not_found() {
//!         return "it is gone, or not there yet".to_owned();
//!     }
//!     match error.service().and_then(|service| service.advice()) {
//!         Some(advice) => format!("{error}\n{advice}"),
//!         None => error.to_string(),
//!     }
//! }
//! ```

mod advice;
mod operation;
mod service;
mod suspect;

use entitlement_core::validate::Invalid;
use entitlement_core::wire::DecodeError;
use http::StatusCode;

pub use operation::Operation;
pub use service::{ErrorDetail, ServiceError};
pub use suspect::Suspect;

use crate::edit::changed::Changed;
use crate::resolve::unresolved::Unresolved;
use crate::transport::TransportError;
use crate::wait::timed_out::TimedOut;

/// Why a call did not give what was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service answered with an error.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// No answer came.
    #[error("{operation}: no answer came")]
    Transport {
        /// The call.
        operation: Operation,
        /// Why.
        source: TransportError,
    },
    /// An answer came that is not what it should be.
    #[error("{operation}: the answer could not be read")]
    Decode {
        /// The call.
        operation: Operation,
        /// Where and why.
        source: DecodeError,
    },
    /// The client refused to send the call.
    #[error("{operation}: not sent, because {reason}")]
    Refused {
        /// The call.
        operation: Operation,
        /// Why.
        reason: String,
    },
    /// A draft or a patch breaks rules of the service.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it while it was being edited.
    #[error(transparent)]
    Changed(Box<Changed>),
    /// A name stands for nothing, or for several things.
    #[error(transparent)]
    Unresolved(Box<Unresolved>),
    /// It did not happen in time.
    #[error(transparent)]
    TimedOut(Box<TimedOut>),
}

impl Error {
    /// The service's answer, if there was one and it was an error.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    /// The HTTP status of the service's answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.service().map(ServiceError::status)
    }

    fn has(&self, status: StatusCode) -> bool {
        self.status() == Some(status)
    }

    /// What the call was about does not exist, or the service does not know it yet.
    pub fn is_not_found(&self) -> bool {
        self.has(StatusCode::NOT_FOUND)
    }

    /// Somebody was faster, or it exists already.
    pub fn is_conflict(&self) -> bool {
        self.has(StatusCode::CONFLICT) || self.has(StatusCode::PRECONDITION_FAILED)
    }

    /// Too many calls.
    pub fn is_throttled(&self) -> bool {
        self.has(StatusCode::TOO_MANY_REQUESTS)
    }

    /// The caller may not do this; entitlement management says so with 400 too where a resource is not the caller's.
    pub fn is_permission(&self) -> bool {
        self.has(StatusCode::FORBIDDEN) || self.code_is("CallerNotResourceOwner")
    }

    /// The token is missing, wrong or out of date.
    pub fn is_unauthenticated(&self) -> bool {
        self.has(StatusCode::UNAUTHORIZED)
    }

    /// The person holds the package already (P8).
    pub fn is_already_assigned(&self) -> bool {
        self.code_is("InvalidRequestExistingGrant")
    }

    /// A request of the person for the package is still open (P8).
    pub fn is_open_request(&self) -> bool {
        self.code_is("ExistingOpenRequest")
    }

    /// The person does not hold the package, so there is nothing to change or end (P8).
    pub fn is_not_assigned(&self) -> bool {
        self.code_is("InvalidRequestNoActiveGrant")
    }

    /// The tenant lacks the licence for a feature (P31).
    pub fn is_missing_licence(&self) -> bool {
        self.code_is("NoGovernanceSku")
    }

    fn code_is(&self, code: &str) -> bool {
        self.service().is_some_and(|error| error.mentions(code))
    }
}
