//! Puts an access token on each request that goes to the service and on no other.
//!
//! A [`TokenProvider`] knows how to get a token; [`Cached`] keeps it and renews it; [`Authorize`] is the transport that
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

mod authorize;
mod cached;
mod challenge;
mod token;

pub use authorize::Authorize;
pub use cached::Cached;
pub use token::{AccessToken, Rejection, Secret, StaticToken, TokenError, TokenProvider};
