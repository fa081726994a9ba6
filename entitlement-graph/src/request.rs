//! Calls as values: what will be sent, before anything is sent.
//!
//! A [`Call`] has a path whose ids are each one encoded segment, a query and a body; [`GraphClient::send`] carries it
//! out. Typed methods make their calls here; for whatever has no typed method yet, make your own.
//!
//! [`GraphClient::send`]: crate::client::GraphClient::send
//!
//! ```
//! use entitlement_graph::request::{Call, ResourcePath};
//!
//! let path = ResourcePath::new("groups").id(&"a/b".parse::<entitlement_core::entity::Id<()>>()?).segment("owners");
//! let call = Call::get(path);
//! assert_eq!(call.operation().to_string(), "GET groups/a%2Fb/owners");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt::{self, Display, Write as _};
use std::str::FromStr;

use bytes::Bytes;
use entitlement_core::entity::{Id, Patch};
use entitlement_core::odata::Query;
use entitlement_core::wire;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::{Error, Operation, ServiceError};
use crate::transport::{Replay, Request, Response};

/// Asks the directory's index, which knows more questions and lags behind.
pub(crate) const CONSISTENCY_LEVEL: HeaderName = HeaderName::from_static("consistencylevel");

/// What may stand in a path segment as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'@');

/// A path below the service root, built segment by segment so that no id can reach into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePath(String);

impl ResourcePath {
    /// A path written out in the program, such as `identityGovernance/entitlementManagement/catalogs`.
    pub fn new(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// The path of a call that was made before.
    pub(crate) fn of(operation: &Operation) -> Self {
        Self(operation.path().to_owned())
    }

    /// One segment deeper.
    pub fn segment(mut self, name: &'static str) -> Self {
        self.0.push('/');
        self.0.push_str(name);
        self
    }

    /// One segment deeper, to the items of one type only: `members/microsoft.graph.user`.
    pub(crate) fn cast(mut self, type_name: &'static str) -> Self {
        let _ = write!(self.0, "/microsoft.graph.{type_name}");
        self
    }

    /// One segment deeper, named by an id.
    pub fn id<E: ?Sized>(mut self, id: &Id<E>) -> Self {
        let text = id.to_string();
        self.0.push('/');
        if matches!(text.as_str(), "." | "..") {
            // A dot segment would walk up the path; encoded dots are decoded before that, so it is quoted as a key.
            let _ = write!(self.0, "'{text}'");
        } else {
            self.0.extend(utf8_percent_encode(&text, SEGMENT));
        }
        self
    }

    /// A function with its arguments, each quoted as OData text.
    pub fn function(mut self, name: &'static str, arguments: &[(&'static str, &str)]) -> Self {
        self.0.push('/');
        self.0.push_str(name);
        self.0.push('(');
        for (index, (argument, value)) in arguments.iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            let quoted = value.replace('\'', "''");
            let encoded = utf8_percent_encode(&quoted, SEGMENT).to_string();
            let _ = write!(self.0, "{argument}='{}'", encoded.replace("%27", "'"));
        }
        self.0.push(')');
        self
    }

    /// The path, encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for ResourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a path that was put together while the program runs: plain segments with `/` between them.
///
/// ```
/// use entitlement_graph::request::ResourcePath;
///
/// assert_eq!("me/drive".parse::<ResourcePath>()?.as_str(), "me/drive");
/// for wrong in ["", "/me", "me//drive", "https://evil.example/me", "users/../me", "me?$top=1", "me#top", "a b"] {
///     assert!(wrong.parse::<ResourcePath>().is_err(), "{wrong}");
/// }
/// # Ok::<(), entitlement_graph::request::InvalidPath>(())
/// ```
impl FromStr for ResourcePath {
    type Err = InvalidPath;

    fn from_str(path: &str) -> Result<Self, InvalidPath> {
        if path.split('/').all(is_segment) {
            Ok(Self(path.to_owned()))
        } else {
            Err(InvalidPath(path.into()))
        }
    }
}

/// A segment that neither ends the path nor walks up it, in whatever way a server decodes it.
fn is_segment(segment: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~@$()',=%!*+:".contains(&byte);
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
    let dots = matches!(&*decoded, "." | "..");
    !segment.is_empty() && segment.bytes().all(allowed) && !dots
}

/// A text that is no path below the service root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a path below the service root: write segments with `/` between them, and ids encoded"
)]
pub struct InvalidPath(Box<str>);

/// A call that has not been sent yet.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    path: ResourcePath,
    query: Query,
    /// Options that are not OData's, encoded.
    options: String,
    headers: HeaderMap,
    body: Bytes,
    replay: Replay,
    /// Whether only the beta endpoint has it.
    is_beta: bool,
}

impl Call {
    fn new(method: Method, path: ResourcePath) -> Self {
        Self {
            method,
            path,
            query: Query::new(),
            options: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            replay: Replay::ByMethod,
            is_beta: false,
        }
    }

    /// The same at the beta endpoint, beside the configured one.
    #[cfg(feature = "beta")]
    pub(crate) fn beta(mut self) -> Self {
        self.is_beta = true;
        self
    }

    /// Any method, for what none of the others does.
    pub fn with_method(method: Method, path: ResourcePath) -> Self {
        Self::new(method, path)
    }

    /// Reads something.
    pub fn get(path: ResourcePath) -> Self {
        Self::new(Method::GET, path)
    }

    /// Makes something, or runs an action.
    pub fn post(path: ResourcePath) -> Self {
        Self::new(Method::POST, path)
    }

    /// Changes single properties.
    pub fn patch(path: ResourcePath) -> Self {
        Self::new(Method::PATCH, path)
    }

    /// Writes something whole.
    pub fn put(path: ResourcePath) -> Self {
        Self::new(Method::PUT, path)
    }

    /// Removes something.
    pub fn delete(path: ResourcePath) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// The same with query options.
    pub fn query(mut self, query: Query) -> Self {
        self.query = query;
        self
    }

    /// The same with an option in the URL that [`Query`] does not know: `$deltatoken`.
    pub fn option(mut self, name: &'static str, value: &str) -> Self {
        let value = utf8_percent_encode(value, SEGMENT);
        let _ = write!(self.options, "&{name}={value}");
        self
    }

    /// The same with another header, such as `ConsistencyLevel: eventual`.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The same with a body that is not JSON, such as a file.
    pub fn bytes(mut self, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE, content_type)
    }

    /// The same with a JSON body.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] if the value cannot be written as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Result<Self, Error> {
        let json = serde_json::to_vec(body).map_err(|error| Error::Refused {
            operation: self.operation(),
            reason: format!("its body cannot be written as JSON: {error}"),
        })?;
        self.body = json.into();
        Ok(self)
    }

    /// The same with a patch as its body, unless the patch breaks a rule of the service.
    pub(crate) fn changing(self, patch: &impl Patch) -> Result<Self, Error> {
        patch.validate()?;
        self.json(patch)
    }

    /// The same, with another answer to whether it may be sent twice.
    pub fn replay(mut self, replay: Replay) -> Self {
        self.replay = replay;
        self
    }

    /// Which call this is.
    pub fn operation(&self) -> Operation {
        Operation::new(self.method.clone(), self.path.as_str())
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The URL below a service root that ends without slash.
    pub(crate) fn url(&self, root: &str) -> String {
        let beside = root.strip_suffix("/v1.0").filter(|_| self.is_beta);
        let mut url = match beside {
            Some(root) => format!("{root}/beta/{}", self.path),
            None => format!("{root}/{}", self.path),
        };
        let query = self.query.to_string();
        let options = if query.is_empty() {
            self.options.trim_start_matches('&')
        } else {
            &self.options
        };
        if !query.is_empty() || !options.is_empty() {
            let _ = write!(url, "?{query}{options}");
        }
        url
    }

    /// The request as it goes out, to `url`.
    pub(crate) fn into_request(self, url: &str, client_request_id: Uuid) -> Result<Request, Error> {
        let operation = self.operation();
        let builder = http::Request::builder()
            .method(self.method.clone())
            .uri(url)
            .header(ACCEPT, "application/json")
            .header("prefer", "include-unknown-enum-members")
            .header("client-request-id", client_request_id.to_string());
        let mut request = builder.body(self.body).map_err(|error| Error::Refused {
            operation,
            reason: format!("its URL is not valid: {error}"),
        })?;
        if !request.body().is_empty() {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
        } else if self.method == Method::POST {
            request
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for (name, value) in &self.headers {
            if name == "prefer" {
                // Preferences add up, other headers are replaced.
                request.headers_mut().append(name, value.clone());
            } else {
                request.headers_mut().insert(name, value.clone());
            }
        }
        request.extensions_mut().insert(self.replay);
        Ok(request)
    }
}

/// Turns an error status of the answer to a call with this body into an [`Error`].
pub(crate) fn check(
    operation: &Operation,
    sent: &[u8],
    response: Response,
) -> Result<Response, Error> {
    if response.status().is_success() {
        return Ok(response);
    }
    Err(Error::Service(Box::new(ServiceError::read(
        operation.clone(),
        sent,
        &response,
    ))))
}

/// Reads the body of an answer.
pub(crate) fn read<T: DeserializeOwned>(
    operation: &Operation,
    response: &Response,
) -> Result<T, Error> {
    wire::decode(response.body()).map_err(|source| Error::Decode {
        operation: operation.clone(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Id<()> {
        text.parse().unwrap()
    }

    #[test]
    fn an_id_is_one_segment_whatever_it_holds() {
        for (text, encoded) in [
            ("ada@contoso.com", "users/ada@contoso.com"),
            ("a/b?c#d", "users/a%2Fb%3Fc%23d"),
            (
                "guest_x.com#EXT#@contoso.com",
                "users/guest_x.com%23EXT%23@contoso.com",
            ),
            ("..", "users/'..'"),
            ("ü", "users/%C3%BC"),
        ] {
            assert_eq!(ResourcePath::new("users").id(&id(text)).as_str(), encoded);
        }
    }

    #[test]
    fn function_arguments_are_quoted() {
        let path = ResourcePath::new("things")
            .function("find", &[("on", "target"), ("name", "O'Neil & co")]);
        assert_eq!(
            path.as_str(),
            "things/find(on='target',name='O''Neil%20%26%20co')"
        );
    }

    #[test]
    fn a_post_without_body_says_that_it_has_none() {
        let call = Call::post(ResourcePath::new("things/cancel"));
        let request = call
            .into_request(
                "https://graph.microsoft.com/v1.0/things/cancel",
                Uuid::nil(),
            )
            .unwrap();
        assert_eq!(request.headers()["content-length"], "0");
        assert!(!request.headers().contains_key("content-type"));
    }
}
