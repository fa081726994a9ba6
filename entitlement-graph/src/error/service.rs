//! The error answers of the service.

use std::fmt::{self, Display};

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::advice;
use super::operation::Operation;
use super::suspect::{Suspect, suspects};
use crate::transport::Response;

/// An error answer of the service ([errors](https://learn.microsoft.com/graph/errors)).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    operation: Operation,
    status: StatusCode,
    code: String,
    message: String,
    details: Vec<ErrorDetail>,
    /// The codes inside `innerError`, the deepest first.
    inner_codes: Vec<String>,
    suspects: Vec<Suspect>,
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

    /// What in the body may be why, where the service refuses it with status 400 and does not say (P11): properties that
    /// it is known to refuse, and rules that the body breaks, the best known first. Empty where nothing is known
    /// against the body, or where the service itself says what is wrong.
    ///
    /// ```
    /// use entitlement_graph::GraphClient;
    /// use entitlement_graph::testing::{ScriptedTransport, answer};
    /// use http::{Method, StatusCode};
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), entitlement_graph::Error> {
    /// # let refusal = json!({"error": {"code": "InvalidModel", "message": "The model is invalid."}});
    /// # let service = ScriptedTransport::new([Ok(answer(StatusCode::BAD_REQUEST, refusal.to_string()))]);
    /// # let client = GraphClient::new(service);
    /// let packages = "identityGovernance/entitlementManagement/accessPackages";
    /// let body = json!({"displayName": "Administrators", "accessPackageCatalog": {"id": "c1"}});
    /// let error = client.raw(Method::POST, packages)?.json(&body)?.send().await.unwrap_err();
    /// let paths: Vec<_> = error.service().into_iter().flat_map(|error| error.suspects()).map(|one| one.path()).collect();
    /// assert_eq!(paths, ["catalog.id", "accessPackageCatalog"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn suspects(&self) -> &[Suspect] {
        &self.suspects
    }

    /// The service's id of the call, for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Our id of the call, the same for all its tries.
    pub fn client_request_id(&self) -> Option<&str> {
        self.client_request_id.as_deref()
    }

    /// The most exact code: the service wraps errors of its own servers, whose code is deep inside. The same as
    /// [`code`](Self::code) where nothing is wrapped.
    pub fn innermost_code(&self) -> &str {
        self.inner_codes.first().unwrap_or(&self.code)
    }

    /// What to do about it, where that is known; a refusal for lack of rights says which permission would do (P28), and
    /// one that names no property says which are [suspect](Self::suspects) (P11).
    pub fn advice(&self) -> Option<String> {
        let known = advice::of_known(|code| self.mentions(code));
        let may_lack_rights = self.status == StatusCode::FORBIDDEN
            || advice::is_about_rights(|code| self.mentions(code));
        let needed = self
            .operation
            .permissions()
            .filter(|_| may_lack_rights)
            .map(|permissions| format!("{} needs {permissions}", self.operation.method()));
        let parts = [
            known.map(str::to_owned),
            needed.map(|needed| format!("this {needed}")),
            self.suspicion(),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    fn suspicion(&self) -> Option<String> {
        const MOST: usize = 3;
        let shown: Vec<String> = self
            .suspects
            .iter()
            .take(MOST)
            .map(ToString::to_string)
            .collect();
        let more = match self.suspects.len().saturating_sub(MOST) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        (!shown.is_empty()).then(|| format!("suspect in the body: {}{more}", shown.join("; ")))
    }

    /// Whether a code is the error's own, or that of a detail or of what is wrapped.
    pub(super) fn mentions(&self, code: &str) -> bool {
        let details = self.details.iter().map(|detail| &detail.code);
        std::iter::once(&self.code)
            .chain(details)
            .chain(&self.inner_codes)
            .any(|known| known == code)
    }

    /// Reads the error answer to a call with this body; whatever it looks like, something useful comes out.
    pub(crate) fn read(operation: Operation, sent: &[u8], response: &Response) -> Self {
        let mut error = Self::answered(operation, response);
        let leaves_it_open = error.status == StatusCode::BAD_REQUEST
            && error.details.is_empty()
            && !advice::names_the_cause(|code| error.mentions(code));
        if leaves_it_open {
            error.suspects = suspects(&error.operation, sent, &error.message);
        }
        error
    }

    fn answered(operation: Operation, response: &Response) -> Self {
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let error = first(&body, &["error", "odata.error"]);
        let inner = first(error, &["innerError", "innererror"]);
        let id = |name: &str| {
            let noted = inner[name].as_str().map(str::to_owned);
            noted.or_else(|| text_header(response.headers(), name))
        };
        let (message, mut inner_codes) = unwrapped(text(&error["message"]));
        inner_codes.append(&mut self::inner_codes(inner));
        Self {
            operation,
            status: response.status(),
            code: text(&error["code"]),
            message,
            details: match &error["details"] {
                Value::Array(details) => details.iter().map(ErrorDetail::read).collect(),
                Value::Null => Vec::new(),
                single => vec![ErrorDetail::read(single)],
            },
            inner_codes,
            suspects: Vec::new(),
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

/// The codes of errors inside errors, the deepest first. Nobody wraps deeper than JSON itself may be nested.
fn inner_codes(mut inner: &Value) -> Vec<String> {
    let mut codes = Vec::new();
    while inner.is_object() {
        codes.extend(Some(text(&inner["code"])).filter(|code| !code.is_empty()));
        inner = first(inner, &["innerError", "innererror"]);
    }
    codes.reverse();
    codes
}

/// The deepest that messages are wrapped.
const MOST_WRAPPED: usize = 4;

/// Intune's messages are JSON as text, sometimes twice, with a tail for its support: the words for people, and the codes
/// that were found on the way, the deepest first.
fn unwrapped(mut message: String) -> (String, Vec<String>) {
    let mut codes = Vec::new();
    for _ in 0..MOST_WRAPPED {
        let Ok(Value::Object(wrapped)) = serde_json::from_str(&message) else {
            break;
        };
        let wrapped = Value::Object(wrapped);
        let inside = first(&wrapped, &["Message", "message"]).as_str();
        let Some(inside) = inside else { break };
        let code = text(first(&wrapped, &["ErrorCode", "errorCode"]));
        codes.extend(Some(code).filter(|code| !code.is_empty()));
        let tail = inside.find(" - Operation ID (for customer support)");
        let words = &inside[..tail.unwrap_or(inside.len())];
        message = String::from(words);
    }
    codes.reverse();
    (message, codes)
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

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::Method;

    fn read(body: &'static str) -> ServiceError {
        let mut response = Response::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        ServiceError::read(Operation::new(Method::POST, "things"), b"", &response)
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
    fn messages_within_messages_are_read() {
        let error = read(
            r#"{"error":{"code":"BadRequest","message":"{\"_version\":3,\"Message\":\"Invalid operation: app's PublishingState is not 'Published'. - Operation ID (for customer support): 0 - Activity ID: a - Url: https://fef.msua08.example/403\"}"}}"#,
        );
        assert_eq!(
            error.to_string(),
            "POST things: 400 BadRequest Invalid operation: app's PublishingState is not 'Published'."
        );
        let inner = r#"{"ErrorCode":"Forbidden","Message":"{\"Message\":\"No.\"}"}"#;
        let (message, codes) = unwrapped(inner.to_owned());
        assert_eq!((&*message, codes), ("No.", vec!["Forbidden".to_owned()]));
        for plain in ["no", "{", "{}", "[]", "{\"Message\":1}"] {
            assert_eq!(unwrapped(plain.to_owned()), (plain.to_owned(), Vec::new()));
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
