//! The transport that puts a token on each request.

use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::{Origin, Url};

use super::cached::Cached;
use super::challenge;
use super::token::{AccessToken, Rejection, TokenError, TokenProvider};
use crate::clock::Clock;
use crate::transport::{
    Presigned, Request, Response, Transport, TransportError, TransportErrorKind, safe_url,
};

/// A transport that authorizes requests to one origin and refuses all others.
///
/// * The origin is scheme, host and port of the service. A request that goes elsewhere, over plain http to another
///   machine, or with a user in its URL is refused before anything is sent: links in answers are data.
/// * The token is kept and replaced ahead of its expiry, as [`Cached`] says.
/// * On `401` the token is dropped and the request sent once more with another one, which is asked for with the claims
///   that the answer names, if any. A second `401` is the answer, and so is the first if the provider has no other
///   token.
/// * A request that is [`Presigned`] goes wherever it says, without a token.
/// * A request that already has an `Authorization` header is sent with that one, and once.
#[derive(Debug)]
pub struct Authorize<T> {
    inner: T,
    /// Keeps what it gives.
    tokens: Arc<dyn TokenProvider>,
    origin: Origin,
}

/// Among a request's extensions: the answer's are to say with which token it was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TellToken;

/// The token that the request of an answer was sent with.
#[derive(Clone, Debug)]
pub(crate) struct SentWith(pub(crate) AccessToken);

impl<T: Transport> Authorize<T> {
    /// Authorizes what `inner` sends to the origin of `root` with tokens of `provider`, which expire on `clock`.
    pub fn new(
        inner: T,
        provider: Arc<dyn TokenProvider>,
        root: &Url,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::keeping(inner, Arc::new(Cached::new(provider, clock)), root)
    }

    /// The same with a provider that keeps its tokens itself.
    pub(crate) fn keeping(inner: T, tokens: Arc<dyn TokenProvider>, root: &Url) -> Self {
        Self {
            inner,
            tokens,
            origin: root.origin(),
        }
    }

    async fn send_with(
        &self,
        request: &Request,
        token: &AccessToken,
    ) -> Result<Response, TransportError> {
        let mut answer = self.inner.send(with_token(request, token)?).await?;
        if request.extensions().get::<TellToken>().is_some() {
            answer.extensions_mut().insert(SentWith(token.clone()));
        }
        Ok(answer)
    }
}

#[async_trait]
impl<T: Transport> Transport for Authorize<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let origin = safe_url(request.uri())?.origin();
        if request.extensions().get::<Presigned>().is_some() {
            return if request.headers().contains_key(header::AUTHORIZATION) {
                Err(TransportError::not_sent(TransportErrorKind::Refused)
                    .with_message("its URL is the permission, and it has a token besides"))
            } else {
                self.inner.send(request).await
            };
        }
        if origin != self.origin {
            return Err(TransportError::not_sent(TransportErrorKind::Refused)
                .with_message("its URL is outside of the configured origin"));
        }
        if request.headers().contains_key(header::AUTHORIZATION) {
            return self.inner.send(request).await;
        }
        let token = self.tokens.token(None).await.map_err(no_token)?;
        let answer = self.send_with(&request, &token).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let rejection = rejection(token, answer.headers());
        let fresh = self.tokens.token(Some(&rejection)).await;
        let fresh = fresh.map_err(no_token)?;
        if fresh.secret() == rejection.token().secret() {
            return Ok(answer);
        }
        self.send_with(&request, &fresh).await
    }
}

/// What a `401` with these headers says about the token.
pub(crate) fn rejection(token: AccessToken, headers: &HeaderMap) -> Rejection {
    let rejection = Rejection::new(token);
    match challenge::claims(headers) {
        Some(claims) => rejection.with_claims(claims),
        None => rejection,
    }
}

fn with_token(request: &Request, token: &AccessToken) -> Result<Request, TransportError> {
    let mut value =
        HeaderValue::try_from(format!("Bearer {}", token.secret())).map_err(|error| {
            TransportError::not_sent(TransportErrorKind::Token)
                .with_message("it holds characters that no header can carry")
                .with_source(error)
        })?;
    value.set_sensitive(true);
    let mut request = request.clone();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    Ok(request)
}

pub(crate) fn no_token(error: TokenError) -> TransportError {
    TransportError::not_sent(TransportErrorKind::Token).with_source(error)
}
