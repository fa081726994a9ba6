//! Queries that are checked while the program is compiled: the properties of each entity, by name and type.
//!
//! A [`QueryOf`] an entity is built from the constants declared on it, such as `Assignment::STATE`. What does not exist
//! cannot be named, and is not compared with what it can never be:
//!
//! ```
//! use entitlement_core::assignment::{Assignment, AssignmentState};
//! use entitlement_core::entity::Id;
//! use entitlement_core::package::AccessPackage;
//! use entitlement_core::query::QueryOf;
//!
//! let package: Id<AccessPackage> = "b15419bb-5ffc-ea11-b207-c8d9d21f4e9a".parse()?;
//! let holders = QueryOf::new()
//!     .filter(
//!         Assignment::STATE.eq(AssignmentState::Delivered)
//!             .and(Assignment::ACCESS_PACKAGE.to(AccessPackage::ID).eq(&package)),
//!     )
//!     .expand(Assignment::TARGET);
//! assert_eq!(
//!     holders.to_string(),
//!     "$expand=target&$filter=state%20eq%20'delivered'%20and%20\
//!      accessPackage/id%20eq%20'b15419bb-5ffc-ea11-b207-c8d9d21f4e9a'"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A misspelt name, a value of another type and a property of another entity do not compile:
//!
//! ```compile_fail,E0599
//! # use entitlement_core::assignment::Assignment;
//! let filter = Assignment::COLOUR.eq("red");
//! ```
//!
//! ```compile_fail,E0277
//! # use entitlement_core::assignment::Assignment;
//! let filter = Assignment::STATE.eq("delivred");
//! ```
//!
//! ```compile_fail,E0308
//! # use entitlement_core::{assignment::Assignment, catalog::Catalog, query::QueryOf};
//! let query = QueryOf::<Catalog>::new().filter(Assignment::STATUS.eq("Delivered"));
//! ```
//!
//! What has no constant yet is named with [`Property::new`]; a condition that cannot be said with properties is written
//! as a [`Filter`](crate::odata::Filter) and taken over with [`Condition::untyped`].

mod declared;
mod properties;
mod property;
mod selection;

pub use declared::Declared;
pub use properties::declared;
pub use property::{
    Condition, FilterValue, LowerCase, Many, Navigation, One, Order, Ordered, Property, Structure,
    ToMany, ToOne,
};
pub use selection::{ExpandOf, QueryOf};
