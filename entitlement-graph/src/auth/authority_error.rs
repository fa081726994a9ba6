//! Why an authority issues no token, and what to do about it.

use std::error::Error;
use std::fmt::{self, Debug, Display};

use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::transport::Response;

/// The kind of refusal that passes, with whatever status it comes.
pub(super) const TEMPORARILY_UNAVAILABLE: &str = "temporarily_unavailable";

/// The authority refused.
///
/// Its text says what to do, as far as that is known, and holds neither secrets nor names of people.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorityError {
    status: StatusCode,
    error: String,
    codes: Vec<u64>,
    description: String,
    trace_id: Option<Uuid>,
    correlation_id: Option<Uuid>,
}

impl AuthorityError {
    /// The authority's refusal among the causes of an error, whichever layer it came through.
    ///
    /// ```
    /// use entitlement_graph::Error;
    /// use entitlement_graph::auth::authority::AuthorityError;
    ///
    /// fn explain(error: &Error) -> String {
    ///     AuthorityError::of(error).map_or_else(|| error.to_string(), |refusal| format!("cannot sign in: {refusal}"))
    /// }
    /// ```
    pub fn of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        let mut causes = std::iter::successors(Some(error), |&error| error.source());
        causes.find_map(|error| error.downcast_ref())
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The kind of refusal, `invalid_client` for instance; the one thing to decide by. Empty if there was none.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// The numbers after `AADSTS`; they say more than the kind, and change.
    pub fn codes(&self) -> &[u64] {
        &self.codes
    }

    /// The authority's words. They may name people, so they are not in the text of the error.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The authority's id of the request, for Microsoft's support.
    pub fn trace_id(&self) -> Option<Uuid> {
        self.trace_id
    }

    /// The authority's id of the sign-in, for its logs in the tenant.
    pub fn correlation_id(&self) -> Option<Uuid> {
        self.correlation_id
    }

    /// Whether the same request may fare better in a moment.
    pub fn is_transient(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            || self.status.is_server_error()
            || self.error == TEMPORARILY_UNAVAILABLE
    }

    /// Whether a person has to sign in, or to consent, before this can work.
    pub fn needs_interaction(&self) -> bool {
        const KINDS: [&str; 4] = [
            "invalid_grant",
            "interaction_required",
            "login_required",
            "consent_required",
        ];
        KINDS.contains(&self.error.as_str())
    }

    /// What to do about it, where that is known.
    pub fn advice(&self) -> Option<&'static str> {
        let by_code = |code: &u64| find(CODE_ADVICE, code);
        self.codes
            .iter()
            .find_map(by_code)
            .or_else(|| find(ERROR_ADVICE, &self.error.as_str()))
    }

    pub(super) fn read(answer: &Response) -> Self {
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let id = |name: &str| text(name).parse().ok();
        let codes = body["error_codes"].as_array();
        // The rest of the description repeats ids and the time.
        let description = text("error_description").lines().next();
        Self {
            status: answer.status(),
            error: text("error").to_owned(),
            codes: codes
                .into_iter()
                .flatten()
                .filter_map(Value::as_u64)
                .collect(),
            description: description.unwrap_or_default().to_owned(),
            trace_id: id("trace_id"),
            correlation_id: id("correlation_id"),
        }
    }
}

impl Display for AuthorityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A kind is one word; whatever else stands there was not written by the authority.
        let is_word = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
        let error = Some(&self.error)
            .filter(|error| !error.is_empty() && error.len() <= 64 && error.chars().all(is_word));
        match error {
            Some(error) => write!(f, "{error}")?,
            None => write!(f, "status {}", self.status.as_u16())?,
        }
        for code in &self.codes {
            write!(f, " AADSTS{code}")?;
        }
        if let Some(advice) = self.advice() {
            write!(f, ": {advice}")?;
        }
        if let Some(id) = self.correlation_id {
            write!(f, " (correlation id {id})")?;
        }
        Ok(())
    }
}

impl Debug for AuthorityError {
    /// Leaves the description out, as `Display` does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthorityError({}, {self})", self.status.as_u16())
    }
}

impl Error for AuthorityError {}

fn find<K: PartialEq>(table: &[(K, &'static str)], key: &K) -> Option<&'static str> {
    let (_, advice) = table.iter().find(|(known, _)| known == key)?;
    Some(advice)
}

/// By the numbers after `AADSTS`
/// ([codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)).
const CODE_ADVICE: &[(u64, &str)] = &[
    (
        50_076,
        "the tenant wants a second factor: the person has to sign in again",
    ),
    (
        53_003,
        "a Conditional Access policy forbids this sign-in: ask the tenant's administrator which one",
    ),
    (
        65_001,
        "nobody has consented: grant the application its permissions on Microsoft Graph",
    ),
    (
        70_011,
        "the scope is not valid: ask for one resource, with the scope of the cloud that the tenant is in",
    ),
    (
        90_002,
        "there is no such tenant: check its name, and whether it is in this cloud",
    ),
    (
        90_055,
        "the tenant asks for too many tokens: wait, and share tokens between clients",
    ),
    (
        500_011,
        "the tenant does not know the service under this name: check the scope, and which cloud the tenant is in",
    ),
    (
        700_016,
        "the tenant does not know the application: check the client id and the tenant, or consent to the application",
    ),
    (
        700_027,
        "the assertion was not accepted: check that the certificate is on the application and has not expired",
    ),
    (
        700_082,
        "the refresh token was unused for too long: the person has to sign in again",
    ),
    (
        900_382,
        "the application belongs to another cloud: use the cloud that it is registered in",
    ),
    (
        7_000_215,
        "the client secret is wrong: pass the secret's value, not its id",
    ),
    (
        7_000_218,
        "the application is not a public client: allow public client flows, or send a secret",
    ),
    (
        7_000_222,
        "the client secret has expired: add a new one to the application",
    ),
];

/// By the kind, where no number is known.
const ERROR_ADVICE: &[(&str, &str)] = &[
    (
        "authorization_declined",
        "the person said no: ask them, and start again",
    ),
    (
        "bad_verification_code",
        "the device code is not known: start again",
    ),
    (
        "expired_token",
        "nobody signed in while the code was valid: start again",
    ),
    (
        "invalid_client",
        "the application did not prove who it is: check its id and its secret or certificate",
    ),
    (
        "invalid_grant",
        "what was presented is worth nothing any more: the person has to sign in again",
    ),
    (
        "interaction_required",
        "the person has to sign in again, and to answer what they are asked",
    ),
    (
        "consent_required",
        "nobody has consented: grant the application its permissions on Microsoft Graph",
    ),
    (
        "unauthorized_client",
        "the application may not sign in this way: check its settings",
    ),
    (
        "invalid_scope",
        "the scope is not valid: ask for one resource, with the scope of the cloud that the tenant is in",
    ),
    (TEMPORARILY_UNAVAILABLE, "try again in a while"),
];
