//! What can go wrong, and what to do about it.
//!
//! An [`Error`] says which operation failed and keeps its cause; predicates such as [`Error::is_not_found`] answer the
//! usual questions, and [`ServiceError::advice`] explains the codes that entitlement management is known to send.
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

use std::fmt::{self, Display};

use entitlement_core::validate::Invalid;
use entitlement_core::wire::DecodeError;
use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::transport::{Response, TransportError};

/// Which call an error is about: method and path, without query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    method: Method,
    path: Box<str>,
}

impl Operation {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.into(),
        }
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path below the service root.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

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
    /// A draft breaks rules of the service.
    #[error(transparent)]
    Invalid(#[from] Invalid),
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
        self.service()
            .is_some_and(|error| error.mentions("ExistingOpenRequest"))
    }

    /// The person does not hold the package, so there is nothing to change or end (P8).
    pub fn is_not_assigned(&self) -> bool {
        self.code_is("InvalidRequestNoActiveGrant")
    }

    fn code_is(&self, code: &str) -> bool {
        self.service().is_some_and(|error| error.code == code)
    }
}

/// An error answer of the service ([errors](https://learn.microsoft.com/graph/errors)).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    operation: Operation,
    status: StatusCode,
    code: String,
    message: String,
    details: Vec<ErrorDetail>,
    request_id: Option<String>,
    client_request_id: Option<String>,
}

/// One of several things that are wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The service's code for it.
    pub code: String,
    /// The service's words for it.
    pub message: String,
    /// The field it is about.
    pub target: Option<String>,
}

impl ServiceError {
    /// The call that failed.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The service's code; sometimes empty (ERR-1).
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The service's words; they change, so never decide by them.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The single things that are wrong, where the service lists them.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.details
    }

    /// The service's id of the call, for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Our id of the call, the same for all its tries.
    pub fn client_request_id(&self) -> Option<&str> {
        self.client_request_id.as_deref()
    }

    /// What to do about it, for the codes that are known.
    pub fn advice(&self) -> Option<&'static str> {
        ADVICE
            .iter()
            .find_map(|(code, advice)| self.mentions(code).then_some(*advice))
    }

    fn mentions(&self, code: &str) -> bool {
        self.code == code || self.details.iter().any(|detail| detail.code == code)
    }

    /// Reads an error answer; whatever it looks like, something useful comes out.
    pub(crate) fn read(operation: Operation, response: &Response) -> Self {
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let error = first(&body, &["error", "odata.error"]);
        let inner = first(error, &["innerError", "innererror"]);
        let id = |name: &str| {
            let noted = inner[name].as_str().map(str::to_owned);
            noted.or_else(|| text_header(response.headers(), name))
        };
        Self {
            operation,
            status: response.status(),
            code: text(&error["code"]),
            message: text(&error["message"]),
            details: match &error["details"] {
                Value::Array(details) => details.iter().map(ErrorDetail::read).collect(),
                Value::Null => Vec::new(),
                single => vec![ErrorDetail::read(single)],
            },
            request_id: id("request-id"),
            client_request_id: id("client-request-id"),
        }
    }
}

fn text_header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

impl Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.status.as_u16())?;
        for part in [&self.code, &self.message] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
        }
        for detail in &self.details {
            write!(f, "; {}", detail.code)?;
            if let Some(target) = &detail.target {
                write!(f, " at {target}")?;
            }
            if !detail.message.is_empty() {
                write!(f, ": {}", detail.message)?;
            }
        }
        match &self.request_id {
            Some(id) => write!(f, " (request-id {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ServiceError {}

impl ErrorDetail {
    fn read(json: &Value) -> Self {
        Self {
            code: text(&json["code"]),
            message: text(&json["message"]),
            target: json["target"].as_str().map(str::to_owned),
        }
    }
}

/// The member that is there; the service spells some names in two ways.
fn first<'a>(json: &'a Value, names: &[&str]) -> &'a Value {
    names
        .iter()
        .find_map(|name| json.get(name))
        .unwrap_or(&Value::Null)
}

/// A text, which is sometimes wrapped into `{"lang": …, "value": …}`.
fn text(json: &Value) -> String {
    let text = json.as_str().or_else(|| json["value"].as_str());
    text.unwrap_or_default().to_owned()
}

/// What to do about the codes that entitlement management is known to send.
const ADVICE: &[(&str, &str)] = &[
    (
        "ExistingOpenRequest",
        "a request of this person for this package is still open: wait for it, or cancel it",
    ),
    (
        "InvalidRequestExistingGrant",
        "the person holds the package already: extend the assignment instead of asking again",
    ),
    (
        "InvalidRequestNoActiveGrant",
        "the person does not hold the package: there is no assignment to change or end",
    ),
    (
        "MissingAnswer",
        "a question of the policy is not answered: read getApplicablePolicyRequirements and answer each required one",
    ),
    (
        "MissingJustification",
        "the policy wants to know why: add a justification",
    ),
    (
        "InvalidModel",
        "the body is not what the service takes: check the spelling of properties and the links it needs",
    ),
    (
        "InvalidApprovalStages",
        "approval is required but nobody is named who could give it: add one to three stages",
    ),
    (
        "ResourceAlreadyOnboarded",
        "the resource is in the catalog already: nothing is left to do",
    ),
    (
        "ResourceNotFoundInOriginSystem",
        "entitlement management does not know the object yet: new groups take minutes to arrive, so try again later",
    ),
    (
        "CallerNotResourceOwner",
        "the caller must own the resource, or an application needs Group.ReadWrite.All (groups), \
         Application.ReadWrite.All (applications) or Sites.FullControl.All (sites) besides EntitlementManagement.ReadWrite.All",
    ),
    (
        "InvalidDeleteResourceHasEntitlements",
        "an access package still grants the resource: remove its role scopes first",
    ),
    (
        "RoleNotFound",
        "the resource has no such role: list the catalog's resource roles and use an originId from there",
    ),
    (
        "Authorization_RequestDenied",
        "the token lacks a permission: EntitlementManagement.Read.All to read, EntitlementManagement.ReadWrite.All to write",
    ),
    (
        "UnAuthorized",
        "the caller lacks a role for this object; the service also says so of objects that do not exist",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn read(body: &'static str) -> ServiceError {
        let mut response = Response::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        ServiceError::read(Operation::new(Method::POST, "things"), &response)
    }

    #[test]
    fn any_body_becomes_an_error() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"error":null}"#,
            r#"{"error":{"code":7}}"#,
        ] {
            assert_eq!(read(body).to_string(), "POST things: 400", "{body}");
        }
    }

    #[test]
    fn details_and_ids_are_shown() {
        let error = read(
            r#"{"error":{"code":"InvalidModel","message":"The model is invalid.",
                "details":[{"code":"MissingAnswer","target":"answers","message":"Which device?"}],
                "innerError":{"request-id":"r1"}}}"#,
        );
        assert_eq!(
            error.to_string(),
            "POST things: 400 InvalidModel The model is invalid.; MissingAnswer at answers: Which device? (request-id r1)"
        );
        assert!(
            error
                .advice()
                .unwrap()
                .contains("getApplicablePolicyRequirements")
        );
    }
}
