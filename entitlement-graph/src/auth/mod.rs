//! Signs in, and puts an access token on each request that goes to the service and on no other.
//!
//! A [`TokenProvider`] knows how to get a token. Hand one to a [`GraphClient`](crate::GraphClient), which keeps its
//! token, renews it ahead of time and attaches it:
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::auth::authority::Authority;
//! use entitlement_graph::auth::client_credentials::ClientCredentials;
//! use entitlement_graph::cloud::Cloud;
//! # use entitlement_graph::Transport;
//! # fn sign_in(network: impl Transport + Clone + 'static) -> Result<GraphClient, Box<dyn std::error::Error>> {
//!
//! let cloud = Cloud::global();
//! let authority = Authority::new(network.clone(), &cloud, "contoso.onmicrosoft.com")?;
//! let secret = std::env::var("CLIENT_SECRET")?;
//! let app = ClientCredentials::with_secret(&authority, "11111111-1111-1111-1111-111111111111", secret);
//! let client = GraphClient::builder(network).cloud(&cloud).token_provider(app).build();
//! # Ok(client)
//! # }
//! ```
//!
//! | who signs in | with |
//! |---|---|
//! | an application with a secret | [`ClientCredentials::with_secret`](client_credentials::ClientCredentials::with_secret) |
//! | an application with a certificate | `certificate::Certificate` (feature `client-certificate`) |
//! | a workload that another issuer vouches for | an [`Assertion`](client_credentials::Assertion) of your own |
//! | a person at another screen | [`DeviceCode`](device_code::DeviceCode) |
//! | a person who has signed in before | [`RefreshToken`](refresh_token::RefreshToken) |
//! | a managed identity, a developer's `az login`, … | `azure::AzureCredential` (feature `azure-identity`) |
//! | somebody else, who hands out tokens | [`StaticToken`], or a [`TokenProvider`] of your own |
//!
//! Below the client it is [`Authorize`] that guards the origin:
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

pub mod authority;
mod authority_error;
mod authorize;
#[cfg(feature = "azure-identity")]
pub mod azure;
mod cached;
#[cfg(feature = "client-certificate")]
pub mod certificate;
mod challenge;
mod claims;
pub mod client_credentials;
pub mod device_code;
pub mod refresh_token;
mod token;

pub use authorize::Authorize;
pub(crate) use authorize::{SentWith, TellToken, no_token, rejection};
pub use cached::Cached;
pub use claims::TokenClaims;
pub use token::{AccessToken, Rejection, Secret, StaticToken, TokenError, TokenProvider};
