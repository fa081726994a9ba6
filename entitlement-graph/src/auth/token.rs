//! Tokens, and who gives them.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::clock::time_until;

/// A text that must not be shown: a client secret, a refresh token, an assertion.
///
/// Cloning is cheap. `Debug` is the same for all of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Keeps this text.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text itself, to be sent where it belongs and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

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

    pub(super) fn time_left(&self, now: Timestamp) -> Duration {
        self.expires_at
            .map_or(Duration::MAX, |moment| time_until(now, moment))
    }
}

impl Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(redacted)")
    }
}

/// A token that the service has just answered with `401`, and what it said about the next one.
#[derive(Clone, Debug)]
pub struct Rejection {
    token: AccessToken,
    claims: Option<String>,
}

impl Rejection {
    /// This token was rejected.
    pub fn new(token: AccessToken) -> Self {
        Self {
            token,
            claims: None,
        }
    }

    /// The service wants a token with these claims, a JSON object
    /// ([claims challenges](https://learn.microsoft.com/entra/identity-platform/claims-challenge)).
    #[must_use]
    pub fn with_claims(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into());
        self
    }

    /// The rejected token.
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    /// The claims that the next token has to be asked for with, as JSON.
    pub fn claims(&self) -> Option<&str> {
        self.claims.as_deref()
    }
}

/// No token could be had.
///
/// Clones share the cause: everybody who waited for the same token learns why there is none.
#[derive(Clone, Debug)]
pub struct TokenError {
    message: Cow<'static, str>,
    source: Option<Arc<dyn Error + Send + Sync>>,
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
        self.source = Some(Arc::from(source.into()));
        self
    }
}

impl Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Gets access tokens for one service.
///
/// # Contract
///
/// * A provider need not cache: [`Authorize`](super::Authorize) and [`Cached`](super::Cached) ask only when they have
///   no token, or one that is about to expire, and never twice at a time.
/// * One that does cache must let go of a token it is told was rejected, and of none else.
/// * A provider does its own retries. Its error is final for the request that needed the token.
#[async_trait]
pub trait TokenProvider: Send + Sync + Debug {
    /// Gets a token. `rejected` is the one that the service has just answered with `401`, if any.
    ///
    /// # Errors
    ///
    /// When no token could be had.
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError>;
}

#[async_trait]
impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        (**self).token(rejected).await
    }
}

#[async_trait]
impl<P: TokenProvider + ?Sized> TokenProvider for Box<P> {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        (**self).token(rejected).await
    }
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
    async fn token(&self, _rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        Ok(self.0.clone())
    }
}
