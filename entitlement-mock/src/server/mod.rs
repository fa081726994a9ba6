//! The tenant behind HTTP, for whatever is not Rust and for transports of your own (feature `server`).
//!
//! A test starts a [`Server`] around its tenant and shares the tenant with whoever calls:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use entitlement_core::catalog::CatalogDraft;
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::auth::StaticToken;
//! use entitlement_graph::transport::reqwest::ReqwestTransport;
//! use entitlement_mock::Tenant;
//! use entitlement_mock::server::Server;
//!
//! let tenant = Tenant::new();
//! let server = Server::start(&tenant).await;
//! let client = GraphClient::builder(ReqwestTransport::new()?)
//!     .root(server.root())
//!     .token_provider(StaticToken::new("app"))
//!     .build();
//! let devices = client.entitlement().catalogs().create(&CatalogDraft::builder("Devices").build()?).await?;
//!
//! let inside = tenant.app().client().entitlement().catalogs();
//! assert_eq!(inside.get(&devices.id).await?, devices);
//! # Ok(())
//! # }
//! ```
//!
//! # Who calls
//!
//! `Authorization: Bearer app` is an application with every permission, `Bearer` and the id or the sign-in name of a
//! person is that person. After a colon there may be the permissions that the token has, with commas between them:
//! `Bearer app:EntitlementManagement.Read.All`. Any other token is refused with 401.
//!
//! # The control plane
//!
//! What a Rust test does with the [`Tenant`](crate::Tenant) itself, others do under `/mock`, in JSON and without a token:
//!
//! | call | what it does |
//! |---|---|
//! | `GET /mock/clock` | says what the clock shows: `{"now": "2026-01-01T00:00:00Z"}` |
//! | `POST /mock/clock/advance` | turns it: `{"by": "P30D"}` |
//! | `POST /mock/reset` | goes back to the state at the start: journal, faults and time too |
//! | `GET /mock/state` | the whole state, as in [`snapshot`](crate::snapshot) |
//! | `PUT /mock/state` | goes to such a state |
//! | `GET /mock/journal` | every call so far, with the reason for every refusal, and how often the tenant panicked |
//! | `GET /mock/outbox` | every mail so far |
//! | `POST /mock/faults` | lets something go wrong, as in [`faults`](crate::faults) |
//! | `DELETE /mock/faults` | nothing goes wrong any more |
//!
//! A fault is its effect — `"lose"`, `"truncate"`, `"html"`, `"losePageToken"`, `{"delay": "PT30S"}` or
//! `{"fail": {"status": 429, "code": "TooManyRequests", "retryAfter": 1}}` — and which calls it hits, all of them unless
//! said: `method`, `path` (its end, where `*` is any one segment), `by`, `skip`, `every`, `times`, `chance` and
//! `afterEffect`, if the call is carried out all the same.
//!
//! # Two ways to listen
//!
//! A [`Server`] is `wiremock`, on a free port of this machine: as good as anything for the callers that a test has in
//! hand. `wiremock` shows no peer, reads bodies of any length, keeps every request and stops for good when it cannot
//! accept a connection, so what is left to strangers, such as the program `entitlement-mock`, is a [`Listener`]: the same
//! [`Front`] on `hyper`, which is what `wiremock` is made of, with [`Limits`].

mod control;
mod decoding;
mod front;
mod listener;
mod responder;
mod running;

pub use front::{Front, Reach};
pub use listener::{Limits, Listener};
pub use running::Server;
