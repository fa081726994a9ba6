//! The seam to the network: one asynchronous method, and decorators over it.
//!
//! A [`Transport`] takes an [`http::Request`] and brings back an [`http::Response`]. Any HTTP stack becomes one with
//! a few lines, and so does anything that can answer without a network:
//!
//! ```
//! use async_trait::async_trait;
//! use bytes::Bytes;
//! use entitlement_graph::transport::{Request, Response, Transport, TransportError};
//!
//! #[derive(Debug)]
//! struct Echo;
//!
//! #[async_trait]
//! impl Transport for Echo {
//!     async fn send(&self, request: Request) -> Result<Response, TransportError> {
//!         Ok(Response::new(request.into_body()))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), TransportError> {
//! let answer = Echo.send(Request::new(Bytes::from_static(b"hello"))).await?;
//! assert_eq!(answer.body(), "hello");
//! # Ok(())
//! # }
//! ```
//!
//! What every call to the service needs beyond that is added by decorators, which are transports too:
//!
//! | decorator | adds |
//! |---|---|
//! | [`Retry`](retry::Retry) | sends again what failed for a passing reason and cannot be done twice by that |
//! | [`Throttle`](throttle::Throttle) | a limit on concurrent requests, and one pause for all once the service asks for it |
//! | [`Authorize`](crate::auth::Authorize) | the bearer token, for the configured origin only |
//!
//! They stack as `Retry(Throttle(Authorize(network)))`: each try waits its turn and carries a token that is valid by then.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use jiff::Timestamp;
use url::{Host, Url};

use crate::clock::time_until;

#[cfg(feature = "reqwest")]
pub mod reqwest;
pub mod retry;
pub mod throttle;

/// A request with its whole body in memory, addressed by an absolute URL.
pub type Request = http::Request<Bytes>;

/// An answer with its whole body in memory.
pub type Response = http::Response<Bytes>;

/// Sends a request and brings back the answer.
///
/// # Contract
///
/// * Every status code is an answer: `404` and `503` are `Ok`. An `Err` means that no answer came.
/// * A [`TransportError`] claims that the request was not sent only if that is certain.
/// * The request is sent as it is and once: an implementation that reaches a network follows no redirect and keeps
///   headers it does not know. Deciding to send again is the business of decorators.
/// * Dropping the future gives the answer up; the service may have done the work all the same.
#[async_trait]
pub trait Transport: Send + Sync + Debug {
    /// Sends `request` and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// When no answer came, or not all of it. See [`TransportError`].
    async fn send(&self, request: Request) -> Result<Response, TransportError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        (**self).send(request).await
    }
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Box<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        (**self).send(request).await
    }
}

/// May a request be sent again when nobody knows whether it was carried out?
///
/// Put it into the extensions of a [`Request`] to overrule what the method says. It matters after a lost connection
/// or a `503`; what certainly was not carried out (a `429`, say) may always be sent again.
///
/// ```
/// use bytes::Bytes;
/// use entitlement_graph::transport::{Replay, Request};
///
/// // Stopping what has stopped changes nothing, so this POST may be repeated.
/// let mut request = Request::new(Bytes::new());
/// *request.method_mut() = http::Method::POST;
/// assert!(!Replay::is_safe(&request));
/// request.extensions_mut().insert(Replay::Safe);
/// assert!(Replay::is_safe(&request));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Replay {
    /// The method decides: idempotent ones (`GET`, `HEAD`, `PUT`, `DELETE`) are safe, `POST` and `PATCH` are not.
    #[default]
    ByMethod,
    /// Doing it twice has the effect of doing it once.
    Safe,
    /// Never send it again unless it certainly was not carried out.
    Never,
}

impl Replay {
    /// Whether `request` may be sent again without knowing if it was carried out.
    pub fn is_safe(request: &Request) -> bool {
        match request.extensions().get().copied().unwrap_or_default() {
            Self::ByMethod => Method::is_idempotent(request.method()),
            Self::Safe => true,
            Self::Never => false,
        }
    }
}

/// Says that a request's URL is the permission to do what it asks, so that it goes out without a token.
///
/// Put it into the extensions of a [`Request`]: [`Authorize`](crate::auth::Authorize) then lets it pass to whatever origin,
/// over https or to this very machine, and adds nothing. This is how files are put into a storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Presigned;

/// No answer came.
///
/// The text names this layer only and never a URL or a header; the cause is [`source`](Error::source).
#[derive(Debug, thiserror::Error)]
pub struct TransportError {
    kind: TransportErrorKind,
    maybe_sent: bool,
    message: Option<Cow<'static, str>>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection could be made: name resolution, TCP or TLS failed.
    Connect,
    /// The answer took too long.
    Timeout,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// The answer is larger than the transport accepts.
    TooLarge,
    /// The request must not be sent: its URL is not a safe place for it, or it is no valid request.
    Refused,
    /// The token provider had no access token.
    Token,
    /// Anything else.
    Other,
}

impl TransportError {
    /// An error of a request that certainly did not reach the service.
    pub fn not_sent(kind: TransportErrorKind) -> Self {
        Self {
            kind,
            maybe_sent: false,
            message: None,
            source: None,
        }
    }

    /// An error of a request that may have been carried out, although no answer came.
    pub fn maybe_sent(kind: TransportErrorKind) -> Self {
        Self {
            maybe_sent: true,
            ..Self::not_sent(kind)
        }
    }

    /// Adds what is known beyond the kind. The text ends up in logs: no URL, no header, no secret.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Why no answer came.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the service may have done what was asked. `false` only if that is certain.
    pub fn may_have_been_carried_out(&self) -> bool {
        self.maybe_sent
    }

    /// Whether the same request may fare better in a moment.
    pub fn is_transient(&self) -> bool {
        use TransportErrorKind::{Connect, Interrupted, Other, Timeout};
        matches!(self.kind, Connect | Timeout | Interrupted | Other)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, f)?;
        self.message
            .iter()
            .try_for_each(|message| write!(f, ": {message}"))
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "no connection could be made",
            Self::Timeout => "the answer did not come in time",
            Self::Interrupted => "the connection broke before the answer was complete",
            Self::TooLarge => "the answer is larger than accepted",
            Self::Refused => "the request was refused before it was sent",
            Self::Token => "there is no access token for the request",
            Self::Other => "the request got no answer",
        })
    }
}

/// The request's URL, if it is a place where a secret may go: https, or plain http to this very machine.
pub(crate) fn safe_url(uri: &Uri) -> Result<Url, TransportError> {
    let refused =
        |why: &'static str| TransportError::not_sent(TransportErrorKind::Refused).with_message(why);
    let url = Url::parse(&uri.to_string())
        .map_err(|error| refused("its URL is not absolute").with_source(error))?;
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return Err(refused("its URL names a user"));
    }
    // Some HTTP stacks connect to what `Uri` says and some to what `Url` says: they have to agree.
    let host = url.host_str().unwrap_or_default();
    if !uri.host().is_some_and(|raw| raw.eq_ignore_ascii_case(host)) {
        return Err(refused("the host in its URL is not in its plain form"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if url.host().is_some_and(|host| is_loopback(&host)) => Ok(url),
        _ => Err(refused("its URL is neither https nor on this machine")),
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// The wait that the header `Retry-After` asks for, in seconds or until a date.
///
/// Fractions of a second are rounded up, because coming early prolongs the throttling.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim();
    if value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        let seconds: f64 = value.parse().ok()?;
        // What no `Duration` can hold is longer than anybody waits.
        return Some(Duration::try_from_secs_f64(seconds.ceil()).unwrap_or(Duration::MAX));
    }
    let date: SystemTime = httpdate::parse_http_date(value).ok()?;
    Some(time_until(now, Timestamp::try_from(date).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn asked(value: &'static str) -> Option<Duration> {
        let now = "2025-03-01T10:00:00.5Z".parse().unwrap();
        let headers =
            HeaderMap::from_iter([(http::header::RETRY_AFTER, HeaderValue::from_static(value))]);
        retry_after(&headers, now)
    }

    #[test]
    fn retry_after_reads_seconds_decimals_and_dates() {
        let cases = [
            ("0", Some(0)),
            ("17", Some(17_000)),
            (" 3 ", Some(3_000)),
            ("0.249", Some(1_000)),
            ("2.128", Some(3_000)),
            ("Sat, 01 Mar 2025 10:00:30 GMT", Some(29_500)),
            ("Saturday, 01-Mar-25 10:00:30 GMT", Some(29_500)),
            ("Sat, 01 Mar 2025 09:00:00 GMT", Some(0)),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("-5", None),
            ("NaN", None),
            ("inf", None),
            ("1e3", None),
            ("soon", None),
        ];
        for (value, millis) in cases {
            assert_eq!(
                asked(value),
                millis.map(Duration::from_millis),
                "Retry-After: {value}"
            );
        }
        assert_eq!(asked("99999999999999999999999"), Some(Duration::MAX));
        assert_eq!(retry_after(&HeaderMap::new(), Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn a_secret_goes_over_tls_or_stays_on_this_machine() {
        let safe = [
            "https://graph.microsoft.com/v1.0/me?$top=1",
            "https://GRAPH.microsoft.com/",
            "http://localhost:8080/",
            "http://127.0.0.1:1/",
            "http://127.8.9.10/",
            "http://[::1]:5000/",
        ];
        for uri in safe {
            assert!(safe_url(&uri.parse().unwrap()).is_ok(), "{uri}");
        }
        let unsafe_ones = [
            "/v1.0/me",
            "graph.microsoft.com:443",
            "http://graph.microsoft.com/",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://[::ffff:127.0.0.1]/",
            "http://127.1/",
            "ftp://localhost/",
            "https://user:secret@graph.microsoft.com/",
            "https://@graph.microsoft.com/",
            "http://localhost@evil.example/",
            "https://graph%2emicrosoft.com/",
        ];
        for uri in unsafe_ones {
            let Ok(parsed) = uri.parse() else { continue };
            let error = safe_url(&parsed).expect_err(uri);
            assert_eq!(error.kind(), TransportErrorKind::Refused, "{uri}");
            assert!(!error.may_have_been_carried_out(), "{uri}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn an_error_shows_its_own_layer_and_keeps_the_cause() {
        let error = TransportError::maybe_sent(TransportErrorKind::Timeout)
            .with_message("100 s have passed")
            .with_source("deep down");
        assert_eq!(
            error.to_string(),
            "the answer did not come in time: 100 s have passed"
        );
        assert_eq!(error.source().unwrap().to_string(), "deep down");
        assert!(error.may_have_been_carried_out() && error.is_transient());
    }
}
