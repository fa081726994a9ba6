//! Refusals in the service's words, with what the service does not say kept for the journal.
//!
//! Codes that nobody has published are ours, made after the pattern of those that are: `PolicyRequirementNotMet`,
//! `IncompatibleAccess` (U-4), `InvalidRequestState`, `InvalidDeleteCatalogHasEntitlements`,
//! `InvalidDeleteCatalogIsBuiltIn`, `InvalidDeletePolicyHasGrants`, `InvalidDeleteCustomExtensionInUse`,
//! `InvalidDeleteConnectedOrganizationHasUsers`, `ResourceTypeNotSupported` (OBJ-28), `LimitExceeded` (U-26),
//! `InvalidReviewState`, `InvalidReviewCriteria` and `BusinessFlowNotFound` of access reviews (U-22), the details
//! `MissingAnswer`, `MissingJustification`, `UnknownQuestion` (U-10) and `AttributeNotEditable` (OBJ-32), and most of
//! the `…NotFound` family (ERR-11), Intune's `ResourceNotFound` included.

use std::borrow::Cow;
use std::fmt::Display;

use http::StatusCode;
use serde_json::{Value, json};

use crate::faults::Failure;
use crate::hints::nearest::suggest;
use crate::odata::types;

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
    details: Vec<Detail>,
    /// What exactly is wrong, for the person who reads the journal.
    pub(crate) why: Box<str>,
    /// What may have been meant, or would have worked, for the same person.
    pub(crate) hints: Box<[String]>,
    /// When to come back, in seconds.
    pub(crate) retry_after: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Detail {
    code: &'static str,
    target: String,
    message: String,
}

impl Refusal {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            details: Vec::new(),
            why: Box::default(),
            hints: Box::default(),
            retry_after: None,
        }
    }

    pub(crate) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// A body that is not what the service takes; the service says no more than that (P11).
    pub(crate) fn invalid_model(why: impl Into<String>) -> Self {
        Self::bad_request("InvalidModel", "The model is invalid.").because(why)
    }

    /// The caller may not do this (4.2).
    pub(crate) fn unauthorized(why: impl Into<String>) -> Self {
        let message = "User is not authorized to perform the operation. Reason: Unauthorized";
        Self::new(StatusCode::FORBIDDEN, "UnAuthorized", message).because(why)
    }

    /// A review whose scope or reviewers cannot be (4.3).
    pub(crate) fn invalid_criteria(why: impl Into<String>) -> Self {
        let message = "Policy is invalid due to invalid criteria";
        Self::bad_request("InvalidReviewCriteria", message).because(why)
    }

    /// A review that is not there, or not any more, in the service's own word for it (REV-10).
    pub(crate) fn no_business_flow(review: impl Display) -> Self {
        let message = format!("BusinessFlow not found for id {review}");
        Self::not_found("BusinessFlowNotFound", message)
    }

    /// A refusal of Intune, whose message is JSON in a text.
    pub(crate) fn intune(status: StatusCode, code: &'static str, what: &str) -> Self {
        let nothing = uuid::Uuid::nil();
        let message = json!({
            "_version": 3,
            "Message": format!(
                "{what} - Operation ID (for customer support): {nothing} - Activity ID: {nothing} - Url: \
                 https://fef.msua01.manage.microsoft.com/StatelessAppMetadataFEService"
            ),
            "CustomApiErrorPhrase": "",
            "RetryAfter": null,
            "ErrorSourceService": "",
            "HttpHeaders": "{}",
        });
        Self::new(status, code, format!("{message:#}")).because(what)
    }

    /// The same as Intune words it, if it is about a body that cannot be taken.
    pub(crate) fn in_intune(self) -> Self {
        if self.code != "InvalidModel" {
            return self;
        }
        let status = StatusCode::BAD_REQUEST;
        let worded = Self::intune(status, "ModelValidationFailure", &self.why);
        worded.hints(self.hints.into_vec())
    }

    /// A path that leads nowhere; the code is empty, as it is in the service (OBJ-2).
    pub(crate) fn no_route(uri: &str) -> Self {
        Self::not_found(
            "",
            format!("No HTTP resource was found that matches the request URI '{uri}'."),
        )
        .because("the tenant answers no such call (OBJ-2)")
    }

    /// A property that a type does not have.
    pub(crate) fn no_property(name: &str, kind: &'static str) -> Self {
        Self::bad_request(
            "BadRequest",
            format!("Could not find a property named '{name}' on type 'microsoft.graph.{kind}'."),
        )
        .hint(suggest(name, types::names(kind)))
    }

    /// The same with one of the things that are wrong.
    pub(crate) fn detail(
        mut self,
        code: &'static str,
        target: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        self.details.push(Detail {
            code,
            target: target.into(),
            message: message.into(),
        });
        self
    }

    /// The same with an explanation for the journal.
    pub(crate) fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into().into_boxed_str();
        self
    }

    /// The same with something that may have been meant, or would have worked.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        self.hints([hint.into()])
    }

    /// The same with several such hints.
    pub(crate) fn hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        let mut all = self.hints.into_vec();
        all.extend(hints);
        self.hints = all.into_boxed_slice();
        self
    }

    /// The body, in Graph's shape (4.1).
    pub(crate) fn body(&self, date: &str, request_id: &str, client_request_id: &str) -> Value {
        let mut error = json!({
            "code": self.code,
            "message": self.message,
            "innerError": {"date": date, "request-id": request_id, "client-request-id": client_request_id},
        });
        if !self.details.is_empty() {
            error["details"] = self
                .details
                .iter()
                .map(|detail| json!({"code": detail.code, "target": detail.target, "message": detail.message}))
                .collect();
        }
        json!({ "error": error })
    }

    /// What is wrong, in one line.
    pub(crate) fn explanation(&self) -> String {
        let mut parts: Vec<&str> = self
            .details
            .iter()
            .map(|detail| detail.message.as_str())
            .collect();
        if !self.why.is_empty() {
            parts.push(&self.why);
        }
        if parts.is_empty() {
            parts.push(&self.message);
        }
        parts.join("; ")
    }
}

/// A failure that was asked for.
pub(crate) fn injected(failure: Failure) -> Refusal {
    let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut refusal =
        Refusal::new(status, failure.code, failure.message).because("an injected fault");
    refusal.retry_after = failure.retry_after;
    refusal
}

/// The answer that a caller in a batch gets where a lone caller gets none.
pub(crate) fn lost() -> Refusal {
    let message = "The service did not answer in time.";
    Refusal::new(StatusCode::GATEWAY_TIMEOUT, "GatewayTimeout", message)
        .because("an injected fault")
}

/// A page token that nobody knows.
pub(crate) fn unknown_page_token() -> Refusal {
    Refusal::bad_request(
        "DirectoryPageTokenNotFoundException",
        "The specified page token value is invalid.",
    )
}
