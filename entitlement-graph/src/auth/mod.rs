//! Puts an access token on each request, and on no request that leaves the configured origin.
//!
//! A [`TokenProvider`] knows how to get a token; [`Authorize`] is the transport that keeps it, renews it and
//! attaches it:
//!
//! ```
//! use std::sync::Arc;
//! use bytes::Bytes;
//! use http::{Request, StatusCode};
//! use entitlement_graph::auth::{Authorize, StaticToken};
//! use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
//! use entitlement_graph::transport::{Transport, TransportErrorKind};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, "{}"))]);
//! let transport = Authorize::new(
//!     network.clone(),
//!     Arc::new(StaticToken::new("eyJ0…")),
//!     &"https://graph.microsoft.com/v1.0".parse()?,
//!     Arc::new(InstantClock::default()),
//! );
//!
//! let own = Request::get("https://graph.microsoft.com/v1.0/me").body(Bytes::new())?;
//! transport.send(own).await?;
//! assert!(network.requests()[0].headers().contains_key("authorization"));
//!
//! let foreign = Request::get("https://graph.microsoft.com.evil.example/").body(Bytes::new())?;
//! let error = transport.send(foreign).await.unwrap_err();
//! assert_eq!(error.kind(), TransportErrorKind::Refused);
//! # Ok(())
//! # }
//! ```

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use tokio::sync::Mutex;
use url::{Origin, Url};

use crate::clock::{Clock, moment_after, time_until};
use crate::transport::{
    Request, Response, Transport, TransportError, TransportErrorKind, safe_url,
};

/// A token is replaced when it has less than this to live.
const REFRESH_AHEAD: Duration = Duration::from_secs(300);

/// How long a token that could not be replaced ahead of time is used before the next try.
const REFRESH_PAUSE: Duration = Duration::from_secs(30);

/// A bearer token and the moment it expires.
///
/// Cloning is cheap. `Debug` never shows the secret.
#[derive(Clone)]
pub struct AccessToken {
    secret: Arc<str>,
    expires_at: Option<Timestamp>,
}

impl AccessToken {
    /// A token that is used until the service rejects it.
    pub fn new(secret: impl Into<Arc<str>>) -> Self {
        Self {
            secret: secret.into(),
            expires_at: None,
        }
    }

    /// The same token, known to expire at that moment.
    #[must_use]
    pub fn expiring_at(mut self, moment: Timestamp) -> Self {
        self.expires_at = Some(moment);
        self
    }

    /// The secret itself, to be put into a request and nowhere else.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// When the token expires, if that is known.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    fn time_left(&self, now: Timestamp) -> Duration {
        self.expires_at
            .map_or(Duration::MAX, |moment| time_until(now, moment))
    }
}

impl Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(redacted)")
    }
}

/// No token could be had.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct TokenError {
    message: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl TokenError {
    /// An error that says why. The text ends up in logs: it must hold no secret.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Gets access tokens for one service.
///
/// # Contract
///
/// * A provider need not cache: [`Authorize`] asks only when it has no token, or one that is about to expire.
/// * One that does cache must let go of a token it is told was rejected, and of none else.
/// * A provider does its own retries. Its error is final for the request that needed the token.
#[async_trait]
pub trait TokenProvider: Send + Sync + Debug {
    /// Gets a token. `rejected` is the one that the service has just answered with `401`, if any.
    ///
    /// # Errors
    ///
    /// When no token could be had.
    async fn token(&self, rejected: Option<&AccessToken>) -> Result<AccessToken, TokenError>;
}

/// A token that somebody else got; it is never renewed.
#[derive(Clone, Debug)]
pub struct StaticToken(AccessToken);

impl StaticToken {
    /// Always gives this token.
    pub fn new(secret: impl Into<Arc<str>>) -> Self {
        Self(AccessToken::new(secret))
    }
}

#[async_trait]
impl TokenProvider for StaticToken {
    async fn token(&self, _rejected: Option<&AccessToken>) -> Result<AccessToken, TokenError> {
        Ok(self.0.clone())
    }
}

/// A transport that authorizes requests to one origin and refuses all others.
///
/// * The origin is scheme, host and port of the service. A request that goes elsewhere, over plain http to another
///   machine, or with a user in its URL is refused before anything is sent: links in answers are data.
/// * The token is kept and replaced 5 minutes before it expires. If that fails, it is used as long as it lives.
///   Requests that need a new token at the same time share one call to the provider.
/// * On `401` the token is dropped and the request sent once more with another one. A second `401` is the answer,
///   and so is the first if the provider has no other token.
/// * A request that already has an `Authorization` header is sent with that one, and once.
#[derive(Debug)]
pub struct Authorize<T> {
    inner: T,
    provider: Arc<dyn TokenProvider>,
    origin: Origin,
    clock: Arc<dyn Clock>,
    // Held while the provider works, which is what makes concurrent requests share its answer.
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    token: Option<AccessToken>,
    no_refresh_before: Timestamp,
}

impl<T: Transport> Authorize<T> {
    /// Authorizes what `inner` sends to the origin of `root`, with tokens of `provider`.
    pub fn new(
        inner: T,
        provider: Arc<dyn TokenProvider>,
        root: &Url,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let kept = Mutex::new(Kept {
            token: None,
            no_refresh_before: Timestamp::MIN,
        });
        Self {
            inner,
            provider,
            origin: root.origin(),
            clock,
            kept,
        }
    }

    /// The kept token if it has time left, else a new one.
    async fn token(&self) -> Result<AccessToken, TransportError> {
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        let alive = kept
            .token
            .clone()
            .filter(|token| !token.time_left(now).is_zero());
        if let Some(token) = &alive
            && (token.time_left(now) > REFRESH_AHEAD || now < kept.no_refresh_before)
        {
            return Ok(token.clone());
        }
        match (self.provider.token(None).await, alive) {
            (Ok(fresh), _) => Ok(kept.token.insert(fresh).clone()),
            (Err(error), Some(token)) => {
                tracing::debug!(%error, "the token could not be renewed ahead of time");
                kept.no_refresh_before = moment_after(now, REFRESH_PAUSE);
                Ok(token)
            }
            (Err(error), None) => Err(no_token(error)),
        }
    }

    /// Another token than the rejected one, if the provider has any.
    async fn replacement(
        &self,
        rejected: &AccessToken,
    ) -> Result<Option<AccessToken>, TransportError> {
        let other = |token: &AccessToken| token.secret != rejected.secret;
        let mut kept = self.kept.lock().await;
        // Another request may have been rejected too, and been faster.
        if let Some(token) = kept.token.take().filter(other) {
            return Ok(Some(kept.token.insert(token).clone()));
        }
        kept.token = Some(
            self.provider
                .token(Some(rejected))
                .await
                .map_err(no_token)?,
        )
        .filter(other);
        Ok(kept.token.clone())
    }
}

#[async_trait]
impl<T: Transport> Transport for Authorize<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        if safe_url(request.uri())?.origin() != self.origin {
            return Err(TransportError::not_sent(TransportErrorKind::Refused)
                .with_message("its URL is outside of the configured origin"));
        }
        if request.headers().contains_key(header::AUTHORIZATION) {
            return self.inner.send(request).await;
        }
        let token = self.token().await?;
        let answer = self.inner.send(with_token(&request, &token)?).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        match self.replacement(&token).await? {
            Some(fresh) => self.inner.send(with_token(&request, &fresh)?).await,
            None => Ok(answer),
        }
    }
}

fn with_token(request: &Request, token: &AccessToken) -> Result<Request, TransportError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.secret)).map_err(|error| {
        TransportError::not_sent(TransportErrorKind::Token)
            .with_message("it holds characters that no header can carry")
            .with_source(error)
    })?;
    value.set_sensitive(true);
    let mut request = request.clone();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    Ok(request)
}

fn no_token(error: TokenError) -> TransportError {
    TransportError::not_sent(TransportErrorKind::Token).with_source(error)
}
