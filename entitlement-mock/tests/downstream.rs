//! The conformance suite as another crate runs it: over a transport of its own, which here takes every request and
//! every answer apart into bytes and puts them together again.

use async_trait::async_trait;
use bytes::Bytes;
use entitlement_core::directory::{Group, ServicePrincipal, User};
use entitlement_core::entity::Id;
use entitlement_core::resource::{Resource, RoleOrigin};
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Request, Response, Transport, TransportError};
use entitlement_mock::conformance::Backend;
use entitlement_mock::{Session, Tenant};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode, Uri};

/// What comes between the head of a message and its body.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// Carries messages as bytes.
#[derive(Debug)]
struct Wire<T>(T);

#[async_trait]
impl<T: Transport> Transport for Wire<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let first = format!("{} {}", request.method(), request.uri());
        let sent = written(&first, request.headers(), request.body());
        let (first, headers, body) = read(&sent);
        let (method, uri) = first.split_once(' ').expect("a method and a URL");
        let mut request = Request::new(body);
        *request.method_mut() = Method::try_from(method).expect("a method");
        *request.uri_mut() = Uri::try_from(uri).expect("a URL");
        *request.headers_mut() = headers;

        let answer = self.0.send(request).await?;
        let first = answer.status().as_u16().to_string();
        let answered = written(&first, answer.headers(), answer.body());
        let (status, headers, body) = read(&answered);
        let mut answer = Response::new(body);
        *answer.status_mut() = StatusCode::try_from(status.as_str()).expect("a status");
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

fn written(first: &str, headers: &HeaderMap, body: &[u8]) -> Vec<u8> {
    let mut message = first.as_bytes().to_vec();
    for (name, value) in headers {
        message.extend(format!("\r\n{name}: ").as_bytes());
        message.extend(value.as_bytes());
    }
    message.extend(END_OF_HEAD);
    message.extend(body);
    message
}

/// The first line, the headers and the body of a message.
fn read(message: &[u8]) -> (String, HeaderMap, Bytes) {
    let mut places = message.windows(END_OF_HEAD.len());
    let end = places.position(|bytes| bytes == END_OF_HEAD);
    let (head, rest) = message.split_at(end.expect("an end of the head"));
    let head = std::str::from_utf8(head).expect("a head of text");
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").expect("a header");
        let name = HeaderName::try_from(name).expect("a name");
        (name, HeaderValue::try_from(value).expect("a value"))
    });
    let body = rest.get(END_OF_HEAD.len()..).unwrap_or_default();
    (first, headers.collect(), Bytes::copy_from_slice(body))
}

/// A tenant that is far away, as it were.
struct Remote {
    tenant: Tenant,
}

impl Remote {
    fn open() -> Self {
        let tenant = Tenant::new();
        Self { tenant }
    }

    fn client(&self, session: Session) -> GraphClient {
        GraphClient::builder(Wire(session))
            .clock(self.tenant.clock().clone())
            .retry(RetryPolicy::default().seed(0))
            .seed(0)
            .build()
    }
}

impl Backend for Remote {
    fn admin(&self) -> GraphClient {
        self.client(self.tenant.app())
    }

    fn join(&self, name: &str, manager: Option<&Id<User>>) -> Id<User> {
        self.tenant.join(name, manager)
    }

    fn join_guest(&self, name: &str) -> Id<User> {
        self.tenant.join_guest(name)
    }

    fn join_administrator(&self, name: &str) -> Id<User> {
        self.tenant.join_administrator(name)
    }

    fn application(&self, name: &str, roles: &[&str]) -> Id<ServicePrincipal> {
        Backend::application(&self.tenant, name, roles)
    }

    fn site(&self, name: &str, roles: &[&str]) -> String {
        Backend::site(&self.tenant, name, roles)
    }

    fn directory_role(&self, name: &str, is_privileged: bool) -> String {
        Backend::directory_role(&self.tenant, name, is_privileged)
    }

    fn dynamic_group(&self, name: &str) -> Id<Group> {
        self.tenant.dynamic_group(name)
    }

    fn take_down(&self, resource: &Id<Resource>) {
        self.tenant.take_down(resource);
    }

    fn bring_up(&self, resource: &Id<Resource>) {
        self.tenant.bring_up(resource);
    }

    fn holds(&self, person: &Id<User>, resource: &Id<Resource>, role: &RoleOrigin) -> bool {
        self.tenant.holds(person, resource, role)
    }

    fn sign_in(&self, person: &Id<User>) -> GraphClient {
        self.client(self.tenant.user(person))
    }

    fn advance(&self, by: IsoDuration) {
        self.tenant.clock().advance(by);
    }
}

entitlement_mock::conformance_tests!(Remote::open());
