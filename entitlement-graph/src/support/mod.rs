//! What the service takes in queries, endpoint by endpoint.
//!
//! The client holds every query of a [`Collection`](crate::collection::Collection) against this table, so that one
//! which the service would refuse, or silently ignore, is not sent. The table holds what the
//! [reference](https://learn.microsoft.com/graph/api/resources/entitlementmanagement-overview) documents, and what
//! maintained clients rely on.
//!
//! ```
//! use entitlement_graph::core::odata::QueryOption;
//! use entitlement_graph::support::Endpoint;
//!
//! let path = ["identityGovernance", "entitlementManagement", "assignments"];
//! let assignments = Endpoint::at(&path).expect("a list that is documented");
//! assert!(assignments.options().contains(&QueryOption::Filter));
//! assert!(assignments.filterable().hold("target/objectId"));
//! assert!(!assignments.filterable().hold("schedule"));
//! ```

mod advanced;
mod check;
mod endpoint;
mod table;

pub use advanced::advanced;
pub(crate) use check::{Shape, check};
pub use endpoint::{Endpoint, Kind, Names};
