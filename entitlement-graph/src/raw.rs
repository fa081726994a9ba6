//! Calls to whatever has no typed method: any path, any body, any answer.
//!
//! [`GraphClient::raw`] checks the path, so that a call stays below the client's own service root; signing in, retrying,
//! throttling and errors are those of every other call.
//!
//! ```
//! use entitlement_core::directory::User;
//! use entitlement_graph::GraphClient;
//! use http::Method;
//! use serde_json::{Value, json};
//!
//! # async fn example(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
//! let drive: Value = client.raw(Method::GET, "me/drive")?.fetch().await?;
//! let reports: Vec<User> = client.raw(Method::GET, "me/directReports")?.pages().try_collect().await?;
//! let mail = json!({"message": {"subject": "Access granted"}});
//! client.raw(Method::POST, "me/sendMail")?.json(&mail)?.done().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Where a path holds an id that came from elsewhere, build it with
//! [`ResourcePath::id`](crate::request::ResourcePath::id) and send a [`Call`].

use bytes::Bytes;
use entitlement_core::odata::Query;
use http::{HeaderName, HeaderValue, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::GraphClient;
use crate::error::{Error, Operation};
use crate::paging::Pager;
use crate::request::{Call, ResourcePath};
use crate::transport::{Replay, Response};

impl GraphClient {
    /// Begins a call to any path below the service root, ids in it already encoded.
    ///
    /// Queries of such calls are sent as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] for a path with empty or dot segments, with a host, query or fragment.
    pub fn raw(&self, method: Method, path: &str) -> Result<RawCall, Error> {
        match path.parse::<ResourcePath>() {
            Ok(path) => Ok(RawCall {
                client: self.clone(),
                call: Call::with_method(method, path),
            }),
            Err(invalid) => Err(Error::Refused {
                operation: Operation::new(method, path),
                reason: invalid.to_string(),
            }),
        }
    }
}

/// A call to any path, from [`GraphClient::raw`].
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until `send`, `fetch`, `pages` or `done`"]
pub struct RawCall {
    client: GraphClient,
    call: Call,
}

impl RawCall {
    fn with(mut self, change: impl FnOnce(Call) -> Call) -> Self {
        self.call = change(self.call);
        self
    }

    /// With query options.
    pub fn query(self, query: impl Into<Query>) -> Self {
        self.with(|call| call.query(query.into()))
    }

    /// With an option that [`Query`] does not know: `$deltatoken`.
    pub fn option(self, name: &'static str, value: &str) -> Self {
        self.with(|call| call.option(name, value))
    }

    /// With a header, such as `ConsistencyLevel: eventual`.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.with(|call| call.header(name, value))
    }

    /// With a JSON body: a draft, a patch, or any [`Value`](serde_json::Value). It is sent as it is: patches are held
    /// against the rules only where they have a method of their own.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] if the value cannot be written as JSON.
    pub fn json<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error> {
        let call = self.call.json(body)?;
        Ok(Self { call, ..self })
    }

    /// With a body that is not JSON.
    pub fn bytes(self, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        self.with(|call| call.bytes(content_type, body))
    }

    /// With another answer to whether it may be sent twice.
    pub fn replay(self, replay: Replay) -> Self {
        self.with(|call| call.replay(replay))
    }

    /// Sends it and returns the answer as it came.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`].
    pub async fn send(self) -> Result<Response, Error> {
        self.client.send(self.call).await
    }

    /// Sends it and reads the answer.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::fetch`].
    pub async fn fetch<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.client.fetch(self.call).await
    }

    /// Sends it and lets the answer be, which is empty as a rule.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`].
    pub async fn done(self) -> Result<(), Error> {
        self.send().await?;
        Ok(())
    }

    /// Reads a list, page by page.
    pub fn pages<T: DeserializeOwned>(self) -> Pager<T> {
        Pager::new(self.client, self.call)
    }
}
