//! The one who issues tokens.
//!
//! An [`Authority`] is a tenant's sign-in service in one [`Cloud`]. Credentials are made from it, and so is the client
//! for the same cloud. It speaks over any [`Transport`], so that signing in can be tried without a network:
//!
//! ```
//! use http::StatusCode;
//! use entitlement_graph::auth::TokenProvider;
//! use entitlement_graph::auth::authority::{Authority, AuthorityError};
//! use entitlement_graph::auth::client_credentials::ClientCredentials;
//! use entitlement_graph::cloud::Cloud;
//! use entitlement_graph::testing::{ScriptedTransport, answer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let refusal = r#"{"error": "invalid_client", "error_codes": [7000222]}"#;
//! let network = ScriptedTransport::new([Ok(answer(StatusCode::UNAUTHORIZED, refusal))]);
//! let authority = Authority::new(network, &Cloud::global(), "contoso.onmicrosoft.com")?;
//!
//! let app = ClientCredentials::with_secret(&authority, "11111111-1111-1111-1111-111111111111", "an old secret");
//! let error = app.token(None).await.unwrap_err();
//! let refusal = AuthorityError::of(&error).expect("the authority said no");
//! assert_eq!(refusal.error(), "invalid_client");
//! assert!(refusal.advice().unwrap().contains("expired"));
//! # Ok(())
//! # }
//! ```

use std::error::Error;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, Uri, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::Url;
use url::form_urlencoded::Serializer;

pub use super::authority_error::AuthorityError;
use super::authority_error::TEMPORARILY_UNAVAILABLE;
use super::token::{AccessToken, Secret, TokenError};
use crate::clock::{Clock, SystemClock, moment_after};
use crate::cloud::Cloud;
use crate::transport::retry::{Retry, RetryPolicy};
use crate::transport::{Replay, Request, Response, Transport, TransportError, safe_url};

/// A tenant's sign-in service. Clones share everything.
#[derive(Clone)]
pub struct Authority {
    shared: Arc<Shared>,
}

struct Shared {
    transport: Box<dyn Transport>,
    cloud: Cloud,
    clock: Arc<dyn Clock>,
    token_url: Url,
    device_code_url: Url,
    revocable: bool,
}

impl Authority {
    /// The authority of a tenant, named by its id or one of its domains, with the defaults.
    ///
    /// # Errors
    ///
    /// When `tenant` cannot be the name of one.
    pub fn new(
        transport: impl Transport + 'static,
        cloud: &Cloud,
        tenant: &str,
    ) -> Result<Self, TokenError> {
        Self::builder(transport, cloud, tenant).build()
    }

    /// An authority to be set up.
    pub fn builder(
        transport: impl Transport + 'static,
        cloud: &Cloud,
        tenant: &str,
    ) -> AuthorityBuilder {
        AuthorityBuilder {
            transport: Box::new(transport),
            cloud: cloud.clone(),
            tenant: tenant.to_owned(),
            clock: Arc::new(SystemClock),
            retry: RetryPolicy::default(),
            revocable: false,
        }
    }

    /// The cloud it is in.
    pub fn cloud(&self) -> &Cloud {
        &self.shared.cloud
    }

    /// Exchanges a grant for a token, for whatever has no credential here.
    ///
    /// The form goes to the token endpoint as it is; `claims` are those of a [`Rejection`](super::Rejection), if any.
    ///
    /// ```
    /// # use entitlement_graph::auth::{AccessToken, TokenError, authority::Authority};
    /// # async fn example(authority: &Authority, their_token: &str, secret: &str) -> Result<AccessToken, TokenError> {
    /// let on_behalf_of = [
    ///     ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
    ///     ("requested_token_use", "on_behalf_of"),
    ///     ("client_id", "11111111-1111-1111-1111-111111111111"),
    ///     ("client_secret", secret),
    ///     ("assertion", their_token),
    ///     ("scope", authority.cloud().scope()),
    /// ];
    /// Ok(authority.redeem(&on_behalf_of, None).await?.access_token().clone())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the authority refuses, or cannot be reached; see [`AuthorityError::of`].
    pub async fn redeem(
        &self,
        form: &[(&str, &str)],
        claims: Option<&str>,
    ) -> Result<Grant, TokenError> {
        // The token lives from when it is issued, which is after this moment.
        let before = self.shared.clock.now();
        let answer = self.post(&self.shared.token_url, form, claims).await?;
        let answer: TokenAnswer = read(&answer)?;
        if !answer.token_type.eq_ignore_ascii_case("bearer") {
            return Err(TokenError::new(
                "the authority's token is not a bearer token",
            ));
        }
        let mut access_token = AccessToken::new(answer.access_token);
        if let Some(lifetime) = answer.expires_in.and_then(seconds) {
            access_token = access_token.expiring_at(moment_after(before, lifetime));
        }
        Ok(Grant {
            access_token,
            refresh_token: answer.refresh_token.map(Secret::from),
        })
    }

    /// Starts a sign-in at another screen.
    pub(super) async fn start_device_code(
        &self,
        form: &[(&str, &str)],
        claims: Option<&str>,
    ) -> Result<DeviceCodeAnswer, TokenError> {
        let url = &self.shared.device_code_url;
        read(&self.post(url, form, claims).await?)
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// Where tokens are issued, which is whom an assertion is made for.
    pub(super) fn token_url(&self) -> &str {
        self.shared.token_url.as_str()
    }

    async fn post(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        claims: Option<&str>,
    ) -> Result<Response, TokenError> {
        let request = self.request(url, form, claims)?;
        let answer = self.shared.transport.send(request).await;
        let answer = answer.map_err(unreachable)?;
        if answer.status() == StatusCode::OK {
            return Ok(answer);
        }
        Err(TokenError::new("the authority issued no token")
            .with_source(AuthorityError::read(&answer)))
    }

    fn request(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        claims: Option<&str>,
    ) -> Result<Request, TokenError> {
        let mut body = Serializer::new(String::new());
        body.extend_pairs(form);
        if let Some(claims) = self.all_claims(claims) {
            body.append_pair("claims", &claims);
        }
        let mut request = Request::new(Bytes::from(body.finish()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.as_str().parse::<Uri>().map_err(unreachable)?;
        let headers = request.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        // A token that was issued and lost harms nobody.
        request.extensions_mut().insert(Replay::Safe);
        Ok(request)
    }

    /// The claims to ask for, together with what this client can do.
    fn all_claims(&self, claims: Option<&str>) -> Option<String> {
        if !self.shared.revocable {
            return claims.map(str::to_owned);
        }
        let mut all: Map<String, Value> = claims
            .and_then(|claims| serde_json::from_str(claims).ok())
            .unwrap_or_default();
        let token = all.entry("access_token").or_insert_with(|| json!({}));
        if !token.is_object() {
            *token = json!({});
        }
        token["xms_cc"] = json!({"values": ["cp1"]});
        Some(Value::Object(all).to_string())
    }
}

impl Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("token_url", &self.shared.token_url.as_str())
            .finish_non_exhaustive()
    }
}

fn unreachable(error: impl Error + Send + Sync + 'static) -> TokenError {
    TokenError::new("the authority could not be asked for a token").with_source(error)
}

/// Sets up an [`Authority`].
#[derive(Debug)]
#[must_use = "nothing happens until `build`"]
pub struct AuthorityBuilder {
    transport: Box<dyn Transport>,
    cloud: Cloud,
    tenant: String,
    clock: Arc<dyn Clock>,
    retry: RetryPolicy,
    revocable: bool,
}

impl AuthorityBuilder {
    /// What time it is and how waiting is done; the system's clock unless said.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// When a request for a token is sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Asks for tokens that can be revoked at any time and live the longer for it
    /// ([continuous access evaluation](https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation)).
    ///
    /// It declares the capability `cp1`: the service may then answer `401` with claims, which
    /// [`Authorize`](super::Authorize) passes on.
    pub fn revocable_tokens(mut self) -> Self {
        self.revocable = true;
        self
    }

    /// Builds the authority.
    ///
    /// # Errors
    ///
    /// When the tenant's name is not an id or a domain.
    pub fn build(self) -> Result<Authority, TokenError> {
        let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_');
        let tenant = &self.tenant;
        if tenant.trim_matches('.').is_empty() || !tenant.chars().all(plain) {
            return Err(TokenError::new(
                "the tenant is not named by an id or a domain",
            ));
        }
        let endpoint = |name: &str| {
            let mut url = self.cloud.authority().clone();
            url.set_path(&format!("{tenant}/oauth2/v2.0/{name}"));
            url
        };
        let (token_url, device_code_url) = (endpoint("token"), endpoint("devicecode"));
        let guarded = Guard {
            inner: self.transport,
        };
        let retry = Retry::new(guarded, self.retry, Arc::clone(&self.clock));
        Ok(Authority {
            shared: Arc::new(Shared {
                transport: Box::new(retry),
                cloud: self.cloud,
                clock: self.clock,
                token_url,
                device_code_url,
                revocable: self.revocable,
            }),
        })
    }
}

/// Lets secrets out to safe places only, and tells [`Retry`] about refusals that pass.
#[derive(Debug)]
struct Guard<T> {
    inner: T,
}

#[async_trait]
impl<T: Transport> Transport for Guard<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        safe_url(request.uri())?;
        let mut answer = self.inner.send(request).await?;
        if answer.status().is_client_error()
            && AuthorityError::read(&answer).error() == TEMPORARILY_UNAVAILABLE
        {
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        }
        Ok(answer)
    }
}

/// What a grant was exchanged for.
#[derive(Clone, Debug)]
pub struct Grant {
    access_token: AccessToken,
    refresh_token: Option<Secret>,
}

impl Grant {
    /// The token for the service.
    pub fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    /// What gets the next token without asking the person again, where the scope `offline_access` was granted.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    token_type: String,
    access_token: String,
    expires_in: Option<Value>,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct DeviceCodeAnswer {
    pub(super) device_code: String,
    pub(super) user_code: String,
    #[serde(alias = "verification_url")]
    pub(super) verification_uri: String,
    #[serde(default)]
    pub(super) message: String,
    expires_in: Option<Value>,
    interval: Option<Value>,
}

impl DeviceCodeAnswer {
    pub(super) fn lifetime(&self) -> Duration {
        let lifetime = self.expires_in.clone().and_then(seconds);
        lifetime.unwrap_or(Duration::from_secs(900))
    }

    pub(super) fn interval(&self) -> Duration {
        let interval = self.interval.clone().and_then(seconds);
        interval.map_or(Duration::from_secs(5), |interval| {
            interval.max(Duration::from_secs(1))
        })
    }
}

/// Some endpoints write numbers as texts.
fn seconds(value: Value) -> Option<Duration> {
    let seconds = match value {
        Value::String(text) => text.parse().ok()?,
        number => number.as_u64()?,
    };
    Some(Duration::from_secs(seconds))
}

/// The error of the parser is left out: it may quote the answer, and with it a token.
fn read<T: DeserializeOwned>(answer: &Response) -> Result<T, TokenError> {
    serde_json::from_slice(answer.body()).map_err(|_quotes_the_answer| {
        TokenError::new("the authority's answer is not what OAuth 2.0 says it should be")
    })
}
