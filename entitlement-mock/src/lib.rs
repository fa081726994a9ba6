//! A Microsoft Entra tenant in memory that behaves: what you post changes what you get, as time passes.
//!
//! A [`Tenant`] is a plain value with a [virtual clock](clock::VirtualClock). Sign in to it as an application or as a
//! person, and use the same [`GraphClient`](entitlement_graph::GraphClient) as against the real service:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), entitlement_graph::Error> {
//! use entitlement_core::catalog::CatalogDraft;
//! use entitlement_mock::Tenant;
//!
//! let tenant = Tenant::new();
//! let admin = tenant.app().client();
//! let devices = admin.entitlement().catalogs().create(&CatalogDraft::builder("Devices").build()?).await?;
//! assert_eq!(admin.entitlement().catalogs().get(&devices.id).await?, devices);
//! # Ok(())
//! # }
//! ```
//!
//! | I want to … | item |
//! |---|---|
//! | make a tenant, let people join and hold packages, sign in | [`Tenant`], [`Person`], [`Holding`], [`Session`] |
//! | have groups, applications, sites and directory roles | [`Tenant::group`], [`Tenant::application`], [`Tenant::site`], [`Tenant::directory_role`] |
//! | have managed devices, sign people in there | [`Tenant::device`], [`Tenant::sign_in_on`] |
//! | let deliveries fail | [`Tenant::take_down`] |
//! | begin with a tenant that is furnished | [`scenarios`] |
//! | let time pass | [`clock`] |
//! | ask what would happen, keep and compare states | [`Tenant::fork`], [`snapshot`] |
//! | see whom the service wrote to, and its audit log | [`outbox`], [`audit`] |
//! | give people and applications roles, see which permissions were needed | [`Tenant::delegate`], [`Tenant::delegate_to_application`], [`permissions_used`] |
//! | say what a test expects | [`assertions`] |
//! | know why somebody may not ask for a package | [`explanation`] |
//! | play the systems that custom extensions call | [`callouts`] |
//! | choose where the documentation leaves a question open | [`choices`] |
//! | let the service take its time | [`lag`] |
//! | let calls fail, get lost or be throttled | [`faults`] |
//! | see what was asked, why it was refused, and what may have been meant | [`journal`] |
//! | check a transport or backend of my own | [`conformance`] |
//! | use the tenant from another language | `server`, with the feature `server`; the program `entitlement-mock` |
//! | know which operations there are | [`coverage`] |
//!
//! What the tenant does follows the documented behaviour of the service; where nobody documents it, the choice made is
//! named by its rule id (`U-…`) in the code.

pub mod assertions;
pub mod audit;
mod authorization;
mod builder;
mod caller;
pub mod callouts;
pub mod choices;
pub mod clock;
pub mod conformance;
pub mod coverage;
mod device_assertions;
pub mod explanation;
pub mod faults;
mod handlers;
mod hints;
pub mod journal;
pub mod lag;
mod licence;
mod lifecycle;
mod membership_rule;
mod odata;
pub mod outbox;
pub mod permissions_used;
mod report;
mod router;
pub mod scenarios;
mod seed;
#[cfg(feature = "server")]
pub mod server;
mod session;
pub mod snapshot;
mod storage;
mod tenant;
mod view;
mod world;

pub use builder::TenantBuilder;
pub use licence::Licence;
pub use seed::{Application, Device, DirectoryRole, Environment, Group, Holding, Person, Site};
pub use session::Session;
pub use tenant::{Outcome, Tenant};

/// The programs of the README, compiled and run with the other examples in the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
