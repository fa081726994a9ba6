//! A typed Microsoft Graph client for Microsoft Entra entitlement management.
//!
//! One [`GraphClient`] stands for one identity in one tenant. It speaks over any [`Transport`]: the network (feature
//! `reqwest`), the in-memory tenant of the crate `entitlement-mock`, or a few lines of your own.
//!
//! | I want to … | module |
//! |---|---|
//! | make a client | [`client`], [`transport`] |
//! | sign in, in any cloud | [`auth`], [`cloud`] |
//! | work with catalogs, packages, policies, requests, approvals | [`entitlement`] |
//! | work with access reviews | [`access_review`] |
//! | work with people and groups | [`directory`] |
//! | hand out apps, put settings on devices | [`intune`] |
//! | see only what concerns the caller | [`current_user`] |
//! | read, make, change, remove, link | [`collection`], [`paging`], [`links`] |
//! | choose what to read, with the compiler's help | [`core::query`] |
//! | know what an endpoint takes in queries | [`support`] |
//! | make many calls in few requests | [`batch`] |
//! | assign a package to many people, or take it away | [`bulk`] |
//! | change what is written whole | [`edit`] |
//! | make what is missing, once | [`ensure`], [`difference`] |
//! | find things by name | [`resolve`] |
//! | take a package down, with all that stands in the way | [`teardown`] |
//! | wait until it has happened | [`wait`] |
//! | understand what went wrong | [`error`] |
//! | know which permissions a call needs | [`permission`] |
//! | call what has no typed method | [`raw`], [`request`] |
//! | test code below HTTP | [`testing`], [`clock`] |
//!
//! The model is re-exported as [`core`].
//!
//! | feature | adds |
//! |---|---|
//! | `reqwest`, on by default | the network transport |
//! | `rustls`, on by default | TLS for it, with aws-lc |
//! | `rustls-ring` | TLS for it with ring, where `rustls` is off |
//! | `client-certificate` | applications that sign in with a certificate |
//! | `azure-identity` | tokens from credentials of the Azure SDK |
//! | `intune-content` | what is in an MSI, and the way of an installer to Intune |
//! | `beta` | what only the beta endpoint has: Intune's settings catalog |
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::testing::{ScriptedTransport, answer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), entitlement_graph::Error> {
//! let catalogs = r#"{"value": [{"id": "c1", "displayName": "Devices"}]}"#;
//! let client = GraphClient::new(ScriptedTransport::new([Ok(answer(http::StatusCode::OK, catalogs))]));
//! let all = client.entitlement().catalogs().list().try_collect().await?;
//! assert_eq!(all[0].display_name.as_deref(), Some("Devices"));
//! # Ok(())
//! # }
//! ```

pub mod access_review;
pub mod auth;
pub mod batch;
pub mod bulk;
pub mod client;
pub mod clock;
pub mod cloud;
pub mod collection;
pub mod current_user;
pub mod difference;
pub mod directory;
pub mod edit;
pub mod ensure;
pub mod entitlement;
pub mod error;
pub mod intune;
pub mod links;
pub mod paging;
pub mod permission;
mod place;
pub mod raw;
pub mod request;
pub mod resolve;
mod seed;
pub mod support;
pub mod teardown;
pub mod testing;
pub mod transport;
mod turns;
pub mod wait;

pub use entitlement_core as core;

pub use client::GraphClient;
pub use error::Error;
pub use transport::Transport;
