//! Plain HTTP calls to a tenant that is served.

use entitlement_mock::Tenant;
use entitlement_mock::server::Server;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A tenant and its server.
pub(crate) struct Served {
    pub(crate) tenant: Tenant,
    pub(crate) server: Server,
    client: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body, if it is JSON.
    pub(crate) json: Value,
}

impl Answer {
    /// A text in the body, by its JSON pointer.
    pub(crate) fn text_at(&self, pointer: &str) -> &str {
        let value = self.json.pointer(pointer);
        let text = value.and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("{pointer} is no text in {self:?}"))
    }

    pub(crate) fn id(&self) -> &str {
        self.text_at("/id")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("there is no {name} in {self:?}"))
            .to_str()
            .unwrap()
    }

    /// The same, if it was a success.
    pub(crate) fn fine(self) -> Self {
        assert!(self.status.is_success(), "{self:?}");
        self
    }
}

pub(crate) const EM: &str = "/v1.0/identityGovernance/entitlementManagement";

impl Served {
    pub(crate) async fn start() -> Self {
        Self::serve(Tenant::new()).await
    }

    pub(crate) async fn serve(tenant: Tenant) -> Self {
        Self {
            server: Server::start(&tenant).await,
            tenant,
            client: client(),
        }
    }

    /// A call that is not sent yet, by the application.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.server.uri());
        self.client.request(method, url).bearer_auth("app")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.write(Method::POST, path, body).await
    }

    pub(crate) async fn write(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self.request(method, path);
        let request = request.header("content-type", "application/json");
        send(request.body(body.to_string())).await
    }

    /// Calls as somebody else.
    pub(crate) async fn call_as(
        &self,
        who: &str,
        method: Method,
        path: &str,
        body: Value,
    ) -> Answer {
        let url = format!("{}{path}", self.server.uri());
        let request = self.client.request(method, url).bearer_auth(who);
        let request = request.header("content-type", "application/json");
        send(request.body(body.to_string())).await
    }

    /// A catalog, by its id.
    pub(crate) async fn catalog(&self, name: &str) -> String {
        let path = format!("{EM}/catalogs");
        let made = self.post(&path, json!({"displayName": name})).await;
        made.fine().id().to_owned()
    }

    /// A package for everybody, by its id.
    pub(crate) async fn package(&self, catalog: &str, name: &str) -> String {
        let body = json!({"displayName": name, "catalog": {"id": catalog}});
        let made = self.post(&format!("{EM}/accessPackages"), body).await;
        let package = made.fine().id().to_owned();
        let policy = json!({
            "displayName": "Everybody",
            "description": "",
            "accessPackage": {"id": package},
            "allowedTargetScope": "allMemberUsers",
            "expiration": {"type": "noExpiration"},
            "requestorSettings": {
                "enableTargetsToSelfAddAccess": true,
                "allowCustomAssignmentSchedule": true,
            },
        });
        let made = self.post(&format!("{EM}/assignmentPolicies"), policy).await;
        made.fine();
        package
    }
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer {
        json: serde_json::from_str(&text).unwrap_or_default(),
        status,
        headers,
        text,
    }
}

/// Sends some bytes and returns all that comes back until the connection is closed.
pub(crate) async fn raw(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // Who is hung up on cannot send the rest.
    let _sent = stream.write_all(bytes).await;
    let mut said = Vec::new();
    let _broken = stream.read_to_end(&mut said).await;
    String::from_utf8_lossy(&said).into_owned()
}
