//! A person who has signed in before.
//!
//! ```
//! use http::StatusCode;
//! use entitlement_graph::auth::TokenProvider;
//! use entitlement_graph::auth::authority::Authority;
//! use entitlement_graph::auth::refresh_token::RefreshToken;
//! use entitlement_graph::cloud::Cloud;
//! use entitlement_graph::testing::{ScriptedTransport, answer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let issued = r#"{"token_type": "Bearer", "expires_in": 3599, "access_token": "eyJ0…", "refresh_token": "next"}"#;
//! let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, issued))]);
//! let authority = Authority::new(network, &Cloud::global(), "contoso.onmicrosoft.com")?;
//! let person = RefreshToken::new(&authority, "11111111-1111-1111-1111-111111111111", "kept in a safe place");
//! assert_eq!(person.token(None).await?.secret(), "eyJ0…");
//! assert_eq!(person.newest().expose(), "next");
//! # Ok(())
//! # }
//! ```

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::authority::{Authority, Grant};
use super::token::{AccessToken, Rejection, Secret, TokenError, TokenProvider};

/// Gets tokens with a refresh token of a public client, and keeps each newer one that it is given.
///
/// Clones share the newest one.
#[derive(Clone, Debug)]
pub struct RefreshToken {
    person: Person,
    newest: Arc<Mutex<Secret>>,
}

impl RefreshToken {
    /// Goes on with this refresh token, which the application `client_id` was given.
    pub fn new(
        authority: &Authority,
        client_id: impl Into<String>,
        refresh_token: impl Into<Secret>,
    ) -> Self {
        Self {
            person: Person::new(authority, client_id.into()),
            newest: Arc::new(Mutex::new(refresh_token.into())),
        }
    }

    /// Asks for these permissions on Microsoft Graph, in place of all that were consented to.
    #[must_use]
    pub fn scopes<'a>(mut self, scopes: impl IntoIterator<Item = &'a str>) -> Self {
        self.person = self.person.asking_for(scopes);
        self
    }

    /// The newest refresh token, to be kept in a safe place for the next start.
    pub fn newest(&self) -> Secret {
        let newest = self.newest.lock();
        newest.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl TokenProvider for RefreshToken {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        let claims = rejected.and_then(Rejection::claims);
        let grant = self.person.renew(&self.newest(), claims).await?;
        if let Some(newer) = grant.refresh_token() {
            let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
            *newest = newer.clone();
        }
        Ok(grant.access_token().clone())
    }
}

/// Whoever sits at a public client, and what is asked for in their name.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) authority: Authority,
    pub(super) client_id: String,
    /// The permissions that were consented to, and a refresh token.
    pub(super) scope: String,
}

impl Person {
    pub(super) fn new(authority: &Authority, client_id: String) -> Self {
        Self {
            scope: format!("{} offline_access", authority.cloud().scope()),
            authority: authority.clone(),
            client_id,
        }
    }

    pub(super) fn asking_for<'a>(mut self, scopes: impl IntoIterator<Item = &'a str>) -> Self {
        self.scope = scopes.into_iter().collect::<Vec<_>>().join(" ");
        self
    }

    /// Exchanges a refresh token.
    pub(super) async fn renew(
        &self,
        token: &Secret,
        claims: Option<&str>,
    ) -> Result<Grant, TokenError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("scope", &self.scope),
            ("refresh_token", token.expose()),
        ];
        self.authority.redeem(&form, claims).await
    }
}
