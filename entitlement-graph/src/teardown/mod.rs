//! Taking an access package down, with all that stands in the way, in the order that the service insists on (P39).
//!
//! A package cannot be removed while somebody holds it (OBJ-43), nor a policy while somebody holds the package through
//! it (OBJ-46), nor a resource while a package grants it (OBJ-24), nor a catalog while a package is in it (OBJ-17).
//! [`Entitlement::plan_teardown`] says first whom and what it would hit; [`Teardown::run`] then
//!
//! 1. closes the policies, so that nobody asks anew, and withdraws open requests where the caller may;
//! 2. ends every assignment and waits until access is taken away;
//! 3. removes the policies, what the package grants, and the package;
//! 4. if wanted, takes the resources that no other package grants out of the catalog, and removes the catalog.
//!
//! ```
//! use std::time::Duration;
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::core::entity::Id;
//! use entitlement_graph::core::package::AccessPackage;
//! use entitlement_graph::teardown::TeardownExtent;
//! use entitlement_graph::wait::Wait;
//!
//! # fn confirmed(plan: &str) -> bool { true }
//! # async fn example(client: &GraphClient, package: &Id<AccessPackage>) -> Result<(), entitlement_graph::Error> {
//! let entitlement = client.entitlement();
//! let plan = entitlement.plan_teardown(package, TeardownExtent::Resources).await?;
//! if confirmed(&plan.to_string()) {
//!     let report = entitlement
//!         .teardown(&plan)
//!         .wait(Wait::default().limit(Duration::from_secs(3600)))
//!         .on_event(|event| println!("{event}"))
//!         .run()
//!         .await?;
//!     for left in &report.left {
//!         println!("still there: {left}");
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! It is safe to run a plan again, whatever became of the last run: what is gone is gone, and the rest is gone on with.
//! Keep the plan for that ([it is JSON](TeardownPlan)): what a package granted is known only as long as it is there.

mod assignments;
mod close;
mod plan;
mod report;
mod run;

pub use plan::{PlannedResource, TeardownExtent, TeardownPlan};
pub use report::{Left, TeardownEvent, TeardownItem, TeardownReport};
pub use run::Teardown;

#[cfg(doc)]
use crate::entitlement::Entitlement;
