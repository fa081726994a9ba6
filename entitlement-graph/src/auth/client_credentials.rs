//! An application signs in as itself.
//!
//! It acts with the *application* permissions that it was granted. A token is issued even if there are none; the
//! service then answers `403`.
//!
//! ```
//! use http::StatusCode;
//! use entitlement_graph::auth::TokenProvider;
//! use entitlement_graph::auth::authority::Authority;
//! use entitlement_graph::auth::client_credentials::ClientCredentials;
//! use entitlement_graph::cloud::Cloud;
//! use entitlement_graph::testing::{ScriptedTransport, answer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let issued = r#"{"token_type": "Bearer", "expires_in": 3599, "access_token": "eyJ0…"}"#;
//! let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, issued))]);
//! let authority = Authority::new(network, &Cloud::global(), "contoso.onmicrosoft.com")?;
//! let app = ClientCredentials::with_secret(&authority, "11111111-1111-1111-1111-111111111111", "a secret");
//! assert_eq!(app.token(None).await?.secret(), "eyJ0…");
//! # Ok(())
//! # }
//! ```

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::authority::Authority;
use super::token::{AccessToken, Rejection, Secret, TokenError, TokenProvider};

/// An application and its proof that it is the one.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    authority: Authority,
    client_id: String,
    proof: Proof,
}

#[derive(Clone, Debug)]
enum Proof {
    Secret(Secret),
    Assertion(Arc<dyn Assertion>),
}

impl ClientCredentials {
    /// An application that knows a secret: its value, not its id.
    pub fn with_secret(
        authority: &Authority,
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Self {
        Self {
            authority: authority.clone(),
            client_id: client_id.into(),
            proof: Proof::Secret(secret.into()),
        }
    }

    /// An application for which an assertion speaks, such as one signed with its certificate.
    pub fn with_assertion(
        authority: &Authority,
        client_id: impl Into<String>,
        assertion: impl Assertion + 'static,
    ) -> Self {
        Self {
            authority: authority.clone(),
            client_id: client_id.into(),
            proof: Proof::Assertion(Arc::new(assertion)),
        }
    }
}

#[async_trait]
impl TokenProvider for ClientCredentials {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("scope", self.authority.cloud().scope()),
        ];
        let assertion;
        match &self.proof {
            Proof::Secret(secret) => form.push(("client_secret", secret.expose())),
            Proof::Assertion(source) => {
                let about = AssertionRequest {
                    client_id: &self.client_id,
                    audience: self.authority.token_url(),
                    now: self.authority.clock().now(),
                };
                assertion = source.assertion(about).await?;
                form.push((
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ));
                form.push(("client_assertion", assertion.expose()));
            }
        }
        let claims = rejected.and_then(Rejection::claims);
        let grant = self.authority.redeem(&form, claims).await?;
        Ok(grant.access_token().clone())
    }
}

/// What an assertion has to say.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AssertionRequest<'a> {
    /// Whom it speaks for.
    pub client_id: &'a str,
    /// Whom it speaks to: the token endpoint.
    pub audience: &'a str,
    /// When it is made.
    pub now: Timestamp,
}

/// A source of signed statements that an application is the one it says.
///
/// One with a certificate is in the module `certificate`. Where another issuer vouches for a workload
/// ([federation](https://learn.microsoft.com/entra/workload-id/workload-identity-federation)), its token is the
/// assertion:
///
/// ```
/// use async_trait::async_trait;
/// use entitlement_graph::auth::{Secret, TokenError};
/// use entitlement_graph::auth::client_credentials::{Assertion, AssertionRequest};
///
/// /// The token that Kubernetes keeps up to date in a file.
/// #[derive(Debug)]
/// struct ServiceAccount;
///
/// #[async_trait]
/// impl Assertion for ServiceAccount {
///     async fn assertion(&self, _about: AssertionRequest<'_>) -> Result<Secret, TokenError> {
///         let unreadable = |error| TokenError::new("the service account's token cannot be read").with_source(error);
///         let file = "/var/run/secrets/azure/tokens/azure-identity-token";
///         std::fs::read_to_string(file).map(Secret::from).map_err(|error| unreadable(error))
///     }
/// }
/// ```
#[async_trait]
pub trait Assertion: Send + Sync + Debug {
    /// Makes an assertion for one request.
    ///
    /// # Errors
    ///
    /// When there is none to be had.
    async fn assertion(&self, about: AssertionRequest<'_>) -> Result<Secret, TokenError>;
}
