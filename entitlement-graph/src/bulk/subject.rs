//! Who something is done to, and what came of it.

use std::fmt::{self, Display};

use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::subject::Subject;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Somebody who is to get or lose a package.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum BulkSubject {
    /// Somebody in the directory.
    User(Id<User>),
    /// A guest who may not be in the directory yet, by e-mail address (REQ-5).
    Email(String),
}

impl BulkSubject {
    /// A guest, by e-mail address.
    pub fn email(address: impl Into<String>) -> Self {
        Self::Email(address.into())
    }

    /// Whether this is who the service says.
    pub(super) fn is(&self, found: Option<&Subject>) -> bool {
        let same = |found: &str, own: &str| found.eq_ignore_ascii_case(own);
        found.is_some_and(|found| match self {
            Self::User(id) => {
                let object = found.object_id.as_ref();
                object.is_some_and(|object| same(&object.to_string(), &id.to_string()))
            }
            Self::Email(address) => {
                let email = found.email.as_ref();
                email.is_some_and(|email| same(email, address))
            }
        })
    }
}

impl From<Id<User>> for BulkSubject {
    fn from(id: Id<User>) -> Self {
        Self::User(id)
    }
}

impl From<&Id<User>> for BulkSubject {
    fn from(id: &Id<User>) -> Self {
        Self::User(id.clone())
    }
}

impl Display for BulkSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => Display::fmt(id, f),
            Self::Email(address) => f.pad(address),
        }
    }
}

/// What came of one subject (P8).
#[derive(Debug)]
#[non_exhaustive]
pub enum BulkOutcome {
    /// The service took the request; delivery goes on from here.
    Submitted(Id<AssignmentRequest>),
    /// They hold the package already.
    AlreadyAssigned,
    /// A request of theirs for the package is still open and has to be over first.
    OpenRequest,
    /// They do not hold the package, so there is nothing to remove.
    NotAssigned,
    /// The directory knows nobody of this id.
    NotFound,
    /// Anything else. An error that leaves open whether the request was made was looked into, without result.
    Failed(Error),
}

impl BulkOutcome {
    /// What an error of the request means for the subject.
    pub(super) fn of(error: Error) -> Self {
        // Package and policy are the same for all: that they are missing says nothing about the subject.
        let about_subject = error
            .service()
            .is_some_and(|error| !error.code().starts_with("AccessPackage"));
        if error.is_already_assigned() {
            Self::AlreadyAssigned
        } else if error.is_open_request() {
            Self::OpenRequest
        } else if error.is_not_assigned() {
            Self::NotAssigned
        } else if error.is_not_found() && about_subject {
            Self::NotFound
        } else {
            Self::Failed(error)
        }
    }
}

impl Display for BulkOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submitted(request) => write!(f, "submitted as request {request}"),
            Self::AlreadyAssigned => f.write_str("holds the package already"),
            Self::OpenRequest => f.write_str("a request is still open"),
            Self::NotAssigned => f.write_str("does not hold the package"),
            Self::NotFound => f.write_str("is not in the directory"),
            Self::Failed(error) => write!(f, "failed: {error}"),
        }
    }
}

/// Whether the service may have made the request although it did not say so.
pub(super) fn leaves_it_open(error: &Error) -> bool {
    match error {
        Error::Transport { source, .. } => source.may_have_been_carried_out(),
        Error::Decode { .. } => true,
        Error::Service(error) => {
            error.status().is_server_error() || error.status() == StatusCode::REQUEST_TIMEOUT
        }
        _ => false,
    }
}
