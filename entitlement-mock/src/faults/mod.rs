//! What goes wrong between a client and the service, on purpose and in the same way every time.
//!
//! A [`Fault`] says what happens to which calls. Faults add up: the first one that fits a call decides about it, in the
//! order in which they were added. Nothing goes wrong unless it is asked for.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), entitlement_graph::Error> {
//! use entitlement_core::catalog::CatalogDraft;
//! use entitlement_mock::Tenant;
//! use entitlement_mock::faults::Fault;
//!
//! let tenant = Tenant::new();
//! tenant.inject(Fault::throttled(30).on("GET", "catalogs/*").times(2));
//! tenant.inject(Fault::lost_answer().on("POST", "accessPackages").nth(1));
//!
//! let catalogs = tenant.app().client().entitlement().catalogs();
//! let made = catalogs.create(&CatalogDraft::builder("Devices").build()?).await?;
//! let began = tenant.clock().now();
//! assert_eq!(catalogs.get(&made.id).await?, made);
//! assert_eq!(tenant.clock().now().duration_since(began).as_secs(), 60);
//! tenant.assert_clients_waited();
//! # Ok(())
//! # }
//! ```

mod call_limit;
mod fault;
mod injector;
mod patience;

pub use call_limit::CallLimit;
pub use fault::Fault;
pub(crate) use fault::{Effect, Failure};
pub(crate) use injector::Injector;
pub use patience::EarlyCall;
