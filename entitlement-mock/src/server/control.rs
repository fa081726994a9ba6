//! The control plane: what a test does with the tenant itself, for callers that have nothing but HTTP.

use bytes::Bytes;
use entitlement_core::time::IsoDuration;
use entitlement_core::wire;
use entitlement_graph::transport::{Request, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::handlers::JSON;
use crate::journal::Exchange;
use crate::router::refusal::Refusal;
use crate::snapshot::Snapshot;
use crate::tenant::Tenant;

/// The longest body of a call to the control plane, which may be the state of a large tenant: 256 MiB.
pub(super) const MOST: usize = 256 << 20;

/// The calls, as they are listed to whoever makes none of them.
const CALLS: &str = "GET clock, POST clock/advance, POST reset, GET state, PUT state, GET journal, GET outbox, POST faults and \
                     DELETE faults";

/// What the control plane works on.
pub(super) struct Control<'c> {
    pub(super) tenant: &'c Tenant,
    pub(super) start: &'c Snapshot,
    /// How often the tenant has panicked.
    pub(super) panics: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    by: IsoDuration,
}

/// The path below that of the control plane, for calls that are to it.
pub(super) fn below(path: &str) -> Option<&str> {
    let below = path.strip_prefix("/mock")?;
    (below.is_empty() || below.starts_with('/')).then(|| below.trim_matches('/'))
}

/// The answer to those who may not.
pub(super) fn refused() -> Refusal {
    let message = "The control plane is for callers on the tenant's own machine.";
    Refusal::new(StatusCode::FORBIDDEN, "accessDenied", message)
}

impl Control<'_> {
    /// Carries out a call.
    pub(super) fn answer(&self, path: &str, request: &Request) -> Result<Response, Refusal> {
        let tenant = self.tenant;
        Ok(match (request.method().as_str(), path) {
            ("GET", "clock") => self.clock(),
            ("POST", "clock/advance") => {
                let Advance { by } = read(request)?;
                let now = tenant.clock().now();
                if by.after(now).is_none_or(|later| later < now) {
                    let why =
                        format!("by: {by} is no length of time; years and months are not, P30D is");
                    return Err(bad(why));
                }
                tenant.clock().advance(by);
                self.clock()
            }
            ("POST", "reset") => {
                tenant.reset_to(self.start);
                self.clock()
            }
            ("GET", "state") => json_text(tenant.snapshot().to_json()),
            ("PUT", "state") => {
                let text = std::str::from_utf8(request.body());
                let text = text.map_err(|error| bad(error.to_string()))?;
                let snapshot = Snapshot::from_json(text).map_err(|error| bad(error.to_string()))?;
                tenant.reset_to(&snapshot);
                self.clock()
            }
            ("GET", "journal") => {
                let calls: Vec<Value> = tenant.journal().iter().map(shown).collect();
                json_text(json!({"value": calls, "panics": self.panics}).to_string())
            }
            ("GET", "outbox") => json_text(json!({"value": tenant.outbox()}).to_string()),
            ("POST", "faults") => {
                tenant.inject(read::<Fault>(request)?);
                empty()
            }
            ("DELETE", "faults") => {
                tenant.clear_faults();
                empty()
            }
            (method, path) => {
                let message =
                    format!("{method} {path} is no call of the control plane. There are: {CALLS}.");
                return Err(Refusal::not_found("ResourceNotFound", message));
            }
        })
    }

    fn clock(&self) -> Response {
        json_text(json!({"now": self.tenant.clock().now()}).to_string())
    }
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("BadRequest", message)
}

fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    wire::decode(request.body()).map_err(|error| bad(error.to_string()))
}

fn json_text(text: String) -> Response {
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    response
}

fn empty() -> Response {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// A call as the journal of the control plane has it.
fn shown(exchange: &Exchange) -> Value {
    json!({
        "at": exchange.at(),
        "who": exchange.who(),
        "batchId": exchange.batch_id(),
        "method": exchange.method().as_str(),
        "url": exchange.url(),
        "requestBody": body(exchange.request_body()),
        "status": exchange.status().as_u16(),
        "answerBody": body(exchange.answer_body()),
        "explanation": exchange.explanation(),
        "hints": exchange.hints(),
    })
}

/// JSON as it is, anything else as text.
fn body(bytes: &Bytes) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    let json = serde_json::from_slice(bytes).ok();
    json.unwrap_or_else(|| String::from_utf8_lossy(bytes).into())
}
