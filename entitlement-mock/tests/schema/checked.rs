//! A tenant whose every answer is looked at.

use async_trait::async_trait;
use entitlement_core::directory::{Group, ServicePrincipal, User};
use entitlement_core::entity::Id;
use entitlement_core::resource::{Resource, RoleOrigin};
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Request, Response, Transport, TransportError};
use entitlement_mock::conformance::Backend;
use entitlement_mock::{Session, Tenant};
use http::Method;
use serde_json::{Value, json};

use crate::body::{faults, faults_of_error};
use crate::declared::{SCHEMA, Schema};
use crate::place::Place;

/// A backend of the conformance suite.
pub(crate) struct Checked(Tenant);

impl Checked {
    pub(crate) fn new() -> Self {
        Self(Tenant::new())
    }

    fn client(&self, session: Session) -> GraphClient {
        GraphClient::builder(Looking(session))
            .clock(self.0.clock().clone())
            .retry(RetryPolicy::default().seed(0))
            .seed(0)
            .build()
    }
}

/// Looks at each answer as it comes.
#[derive(Debug)]
struct Looking(Session);

#[async_trait]
impl Transport for Looking {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let (method, url) = (request.method().clone(), request.uri().clone());
        let batch = request.body().clone();
        let response = self.0.send(request).await?;
        if let Some(schema) = &*SCHEMA {
            let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
            let found = if url.path().ends_with("/$batch") {
                in_batch(schema, &batch, &body)
            } else {
                in_answer(
                    schema,
                    &method,
                    url.path(),
                    response.status().as_u16(),
                    &body,
                )
            };
            assert!(
                found.is_empty(),
                "{method} {url}:\n{}\n{body:#}",
                found.join("\n")
            );
        }
        Ok(response)
    }
}

fn in_answer(
    schema: &Schema,
    method: &Method,
    path: &str,
    status: u16,
    body: &Value,
) -> Vec<String> {
    if body.is_null() {
        return Vec::new();
    }
    if status >= 400 {
        return faults_of_error(body);
    }
    let path = path.strip_prefix("/v1.0").unwrap_or(path);
    let place = Place::of(schema, path);
    let expected_list = method == Method::GET && matches!(place, Place::Many(_));
    let mut found = faults(schema, &place, body);
    if expected_list && body.get("value").is_none() {
        found.push("a list is due".to_owned());
    }
    found
}

fn in_batch(schema: &Schema, sent: &[u8], body: &Value) -> Vec<String> {
    let sent: Value = serde_json::from_slice(sent).unwrap_or_default();
    let calls = sent["requests"].as_array().cloned().unwrap_or_default();
    let answers = body["responses"].as_array().into_iter().flatten();
    let found = answers.flat_map(|answer| {
        let call = calls.iter().find(|call| call["id"] == answer["id"]);
        let call = call.cloned().unwrap_or(json!({}));
        let method = call["method"].as_str().unwrap_or_default();
        let method = method.parse().unwrap_or(Method::GET);
        let url = call["url"].as_str().unwrap_or_default();
        let path = url.split('?').next().unwrap_or_default();
        let status = answer["status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok());
        in_answer(schema, &method, path, status.unwrap_or(0), &answer["body"])
    });
    found.collect()
}

impl Backend for Checked {
    fn admin(&self) -> GraphClient {
        self.client(self.0.app())
    }

    fn sign_in(&self, person: &Id<User>) -> GraphClient {
        self.client(self.0.user(person))
    }

    fn join(&self, name: &str, manager: Option<&Id<User>>) -> Id<User> {
        self.0.join(name, manager)
    }

    fn join_guest(&self, name: &str) -> Id<User> {
        self.0.join_guest(name)
    }

    fn join_administrator(&self, name: &str) -> Id<User> {
        self.0.join_administrator(name)
    }

    fn application(&self, name: &str, roles: &[&str]) -> Id<ServicePrincipal> {
        Backend::application(&self.0, name, roles)
    }

    fn site(&self, name: &str, roles: &[&str]) -> String {
        Backend::site(&self.0, name, roles)
    }

    fn directory_role(&self, name: &str, is_privileged: bool) -> String {
        Backend::directory_role(&self.0, name, is_privileged)
    }

    fn dynamic_group(&self, name: &str) -> Id<Group> {
        self.0.dynamic_group(name)
    }

    fn take_down(&self, resource: &Id<Resource>) {
        self.0.take_down(resource);
    }

    fn bring_up(&self, resource: &Id<Resource>) {
        self.0.bring_up(resource);
    }

    fn holds(&self, person: &Id<User>, resource: &Id<Resource>, role: &RoleOrigin) -> bool {
        self.0.holds(person, resource, role)
    }

    fn advance(&self, by: IsoDuration) {
        self.0.clock().advance(by);
    }
}
