//! A person signs in at another screen, for tools without a browser.
//!
//! The person opens a page on any device, types a short code and signs in there; the tool waits. Later tokens come
//! from the refresh token, and the person is asked again only when that is worth nothing any more. The application
//! must allow public client flows.
//!
//! ```
//! use http::StatusCode;
//! use entitlement_graph::auth::TokenProvider;
//! use entitlement_graph::auth::authority::Authority;
//! use entitlement_graph::auth::device_code::DeviceCode;
//! use entitlement_graph::cloud::Cloud;
//! use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let network = ScriptedTransport::new([
//!     Ok(answer(StatusCode::OK, r#"{"device_code": "d", "user_code": "GTHK-QPMN", "expires_in": 900, "interval": 5,
//!         "verification_uri": "https://microsoft.com/devicelogin", "message": "Open the page and enter GTHK-QPMN."}"#)),
//!     Ok(answer(StatusCode::BAD_REQUEST, r#"{"error": "authorization_pending"}"#)),
//!     Ok(answer(StatusCode::OK, r#"{"token_type": "Bearer", "expires_in": 3599, "access_token": "eyJ0…"}"#)),
//! ]);
//! let authority = Authority::builder(network, &Cloud::global(), "contoso.onmicrosoft.com")
//!     .clock(InstantClock::default())
//!     .build()?;
//! let person = DeviceCode::new(&authority, "11111111-1111-1111-1111-111111111111", |login| {
//!     println!("{}", login.message());
//! });
//! assert_eq!(person.token(None).await?.secret(), "eyJ0…");
//! # Ok(())
//! # }
//! ```

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::authority::{Authority, AuthorityError, DeviceCodeAnswer, Grant};
use super::refresh_token::Person;
use super::token::{AccessToken, Rejection, Secret, TokenError, TokenProvider};
use crate::clock::moment_after;
use crate::transport::TransportError;

/// How much more slowly to poll once the authority asks for it.
const SLOW_DOWN: Duration = Duration::from_secs(5);

/// Signs a person in by device code, and later by refresh token.
///
/// Clones share the sign-in. A [`GraphClient`](crate::GraphClient) asks for one token at a time, so that the person
/// is prompted once; so does [`Cached`](super::Cached), for several clients.
#[derive(Clone)]
pub struct DeviceCode {
    person: Person,
    prompt: Arc<dyn Fn(&DeviceLogin) + Send + Sync>,
    refresh_token: Arc<Mutex<Option<Secret>>>,
}

impl DeviceCode {
    /// Signs in with the application `client_id`; `prompt` shows the person what to do.
    pub fn new(
        authority: &Authority,
        client_id: impl Into<String>,
        prompt: impl Fn(&DeviceLogin) + Send + Sync + 'static,
    ) -> Self {
        Self {
            person: Person::new(authority, client_id.into()),
            prompt: Arc::new(prompt),
            refresh_token: Arc::default(),
        }
    }

    /// Asks for these permissions on Microsoft Graph, such as `EntitlementManagement.ReadWrite.All`, in place of all that
    /// were consented to.
    ///
    /// `offline_access` is among them if the person shall not have to sign in again every hour.
    #[must_use]
    pub fn scopes<'a>(mut self, scopes: impl IntoIterator<Item = &'a str>) -> Self {
        self.person = self.person.asking_for(scopes);
        self
    }

    /// Tries the refresh token of an earlier sign-in before it asks the person.
    #[must_use]
    pub fn resume(self, refresh_token: impl Into<Secret>) -> Self {
        *self.kept() = Some(refresh_token.into());
        self
    }

    /// The newest refresh token, to be kept in a safe place for the next start.
    pub fn refresh_token(&self) -> Option<Secret> {
        self.kept().clone()
    }

    fn kept(&self) -> MutexGuard<'_, Option<Secret>> {
        let kept = self.refresh_token.lock();
        kept.unwrap_or_else(PoisonError::into_inner)
    }

    async fn sign_in(&self, claims: Option<&str>) -> Result<Grant, TokenError> {
        let Person {
            authority,
            client_id,
            scope,
        } = &self.person;
        let clock = authority.clock();
        let started = clock.now();
        let form = [("client_id", client_id.as_str()), ("scope", scope)];
        let answer = authority.start_device_code(&form, claims).await?;
        let login = DeviceLogin::new(&answer, moment_after(started, answer.lifetime()));
        (self.prompt)(&login);

        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", client_id),
            ("device_code", &answer.device_code),
        ];
        let mut interval = answer.interval();
        loop {
            if moment_after(clock.now(), interval) >= login.expires_at {
                return Err(TokenError::new(
                    "nobody signed in while the device code was valid",
                ));
            }
            clock.sleep(interval).await;
            match authority.redeem(&form, claims).await {
                Ok(grant) => return Ok(grant),
                Err(error) => match Poll::after(&error) {
                    Poll::Again => {}
                    Poll::Slower => interval = interval.saturating_add(SLOW_DOWN),
                    Poll::Stop => return Err(error),
                },
            }
        }
    }
}

enum Poll {
    Again,
    Slower,
    Stop,
}

impl Poll {
    fn after(error: &TokenError) -> Self {
        if let Some(refusal) = AuthorityError::of(error) {
            return match refusal.error() {
                "authorization_pending" => Self::Again,
                "slow_down" => Self::Slower,
                _ if refusal.is_transient() => Self::Slower,
                _ => Self::Stop,
            };
        }
        // The person may be about to sign in; a lost connection is no reason to let them start again.
        let cause = std::error::Error::source(error);
        match cause.and_then(|cause| cause.downcast_ref::<TransportError>()) {
            Some(lost) if lost.is_transient() => Self::Slower,
            _ => Self::Stop,
        }
    }
}

#[async_trait]
impl TokenProvider for DeviceCode {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        let claims = rejected.and_then(Rejection::claims);
        let renewed = match self.refresh_token() {
            Some(token) => match self.person.renew(&token, claims).await {
                Ok(grant) => Some(grant),
                Err(error)
                    if AuthorityError::of(&error)
                        .is_some_and(AuthorityError::needs_interaction) =>
                {
                    None
                }
                Err(error) => return Err(error),
            },
            None => None,
        };
        let grant = match renewed {
            Some(grant) => grant,
            None => self.sign_in(claims).await?,
        };
        if let Some(newer) = grant.refresh_token() {
            *self.kept() = Some(newer.clone());
        }
        Ok(grant.access_token().clone())
    }
}

impl Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCode")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// What the person has to do.
pub struct DeviceLogin {
    user_code: String,
    verification_uri: String,
    message: String,
    expires_at: Timestamp,
}

impl DeviceLogin {
    fn new(answer: &DeviceCodeAnswer, expires_at: Timestamp) -> Self {
        let (page, code) = (&answer.verification_uri, &answer.user_code);
        let message = match answer.message.as_str() {
            "" => format!("Open {page} and enter the code {code}."),
            message => message.to_owned(),
        };
        Self {
            user_code: code.clone(),
            verification_uri: page.clone(),
            message,
            expires_at,
        }
    }

    /// The code to type in.
    pub fn user_code(&self) -> &str {
        &self.user_code
    }

    /// The page to open.
    pub fn verification_uri(&self) -> &str {
        &self.verification_uri
    }

    /// Both in a sentence, in the language of the authority.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Until when the code is valid.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl Debug for DeviceLogin {
    /// Leaves the code out, with which anybody could take part in the sign-in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceLogin")
            .field("verification_uri", &self.verification_uri)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
