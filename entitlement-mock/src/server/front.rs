//! What stands between the wire and the tenant, whichever server speaks HTTP.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use entitlement_graph::transport::{Request, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, DATE, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, StatusCode, Uri};

use super::control::{self, Control};
use super::decoding;
use crate::handlers::JSON;
use crate::router::refusal::Refusal;
use crate::snapshot::Snapshot;
use crate::storage::is_beside_graph;
use crate::tenant::{Outcome, Tenant};

/// A tenant as callers over HTTP meet it: a function from requests to answers, for any server.
///
/// It takes bodies out of their compression, lets links follow the host that the caller wrote, carries out the calls of
/// the [control plane](crate::server), and makes Graph's error 500 of a panic. Clones are the same front.
#[derive(Debug, Clone)]
pub struct Front {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    tenant: Tenant,
    /// Where `POST /mock/reset` goes back to.
    start: Snapshot,
    panics: AtomicU64,
}

/// How far a caller gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// To Graph and to the control plane.
    Everything,
    /// To Graph only.
    Graph,
}

impl Front {
    /// A front of a tenant, whose present state is the one that a reset goes back to.
    pub fn new(tenant: &Tenant) -> Self {
        Self {
            shared: Arc::new(Shared {
                tenant: tenant.clone(),
                start: tenant.snapshot(),
                panics: AtomicU64::new(0),
            }),
        }
    }

    /// The tenant.
    pub fn tenant(&self) -> &Tenant {
        &self.shared.tenant
    }

    /// How often the tenant has panicked while it answered, which it never should. The answers say why, and so does the
    /// journal.
    pub fn panics(&self) -> u64 {
        self.shared.panics.load(Ordering::Relaxed)
    }

    /// Answers a call; `None` if nothing is to come back, because a fault was asked for: hang up.
    pub fn answer(&self, mut request: Request, reach: Reach) -> Option<Response> {
        let most = most_bytes(&request, reach);
        let readable = address(&mut request).and_then(|()| decoding::decode(&mut request, most));
        if let Err(refusal) = readable {
            return Some(self.refuse(&request, refusal));
        }
        let answered = catch_unwind(AssertUnwindSafe(|| self.call(&request, reach)));
        match answered {
            Ok(response) => response.map(|response| self.dress(response)),
            Err(panic) => Some(self.panicked(&request, panic.as_ref())),
        }
    }

    fn call(&self, request: &Request, reach: Reach) -> Option<Response> {
        if let Some(path) = control::below(request.uri().path()) {
            let Shared {
                tenant,
                start,
                panics,
            } = &*self.shared;
            let control = Control {
                tenant,
                start,
                panics: panics.load(Ordering::Relaxed),
            };
            let answered = match reach {
                Reach::Everything => control.answer(path, request),
                Reach::Graph => Err(control::refused()),
            };
            return Some(answered.unwrap_or_else(|refusal| tenant.refuse(request, refusal)));
        }
        match self.shared.tenant.handle(request) {
            Outcome::Answered(response) => Some(response),
            Outcome::Lost { .. } => None,
        }
    }

    /// Turns a call away.
    pub(super) fn refuse(&self, request: &Request, refusal: Refusal) -> Response {
        self.dress(self.shared.tenant.refuse(request, refusal))
    }

    fn panicked(&self, request: &Request, panic: &(dyn Any + Send)) -> Response {
        self.shared.panics.fetch_add(1, Ordering::Relaxed);
        let said = panic.downcast_ref::<&str>().copied();
        let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let message = format!(
            "The tenant panicked, which is a mistake of the tenant or of a callback: {}",
            said.unwrap_or("it did not say why")
        );
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        self.refuse(
            request,
            Refusal::new(status, "InternalServerError", message),
        )
    }

    /// Adds what the service sends with every answer.
    fn dress(&self, mut response: Response) -> Response {
        let is_success = response.status().is_success();
        let headers = response.headers_mut();
        let now = self.shared.tenant.clock().now();
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::try_from(date) {
            headers.insert(DATE, date);
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert("OData-Version", HeaderValue::from_static("4.0"));
        if is_success && headers.get(CONTENT_TYPE).is_some_and(|kind| kind == JSON) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(MINIMAL));
        }
        response
    }
}

/// How the service describes its answers.
const MINIMAL: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// The largest block that the storage takes.
const BLOCK: usize = 100 << 20;

/// How long the body of a call may be.
pub(super) fn most_bytes<B>(request: &http::Request<B>, reach: Reach) -> usize {
    match control::below(request.uri().path()) {
        Some(_) if reach == Reach::Everything => control::MOST,
        _ if is_beside_graph(request.uri().path()) => BLOCK,
        _ => decoding::MOST,
    }
}

/// Makes the address whole, so that links lead back to where the caller came from.
fn address(request: &mut Request) -> Result<(), Refusal> {
    let bad = |why: String| Refusal::bad_request("BadRequest", "Bad Request").because(why);
    let headers = request.headers();
    let host = headers.get(HOST).map(HeaderValue::as_bytes);
    let host = host.map(Authority::try_from).transpose();
    let host = host.map_err(|error| bad(format!("Host: {error}")))?;
    let own = request.uri().authority().cloned();
    // Who comes through a proxy that speaks https wants links that do, too.
    let proto = headers.get("x-forwarded-proto");
    let scheme = match proto {
        Some(proto) if proto.as_bytes().eq_ignore_ascii_case(b"https") => Scheme::HTTPS,
        _ => Scheme::HTTP,
    };
    let path = request.uri().path_and_query().cloned();
    let uri = Uri::builder()
        .scheme(scheme)
        .authority(own.or(host).unwrap_or(Authority::from_static("localhost")))
        .path_and_query(path.unwrap_or(PathAndQuery::from_static("/")));
    *request.uri_mut() = uri.build().map_err(|error| bad(error.to_string()))?;
    Ok(())
}
