//! OData queries: which items of a collection, which of their properties, in which order.
//!
//! A [`Query`] is everything that may follow the `?` of a Microsoft Graph URL. Two of its options
//! are small languages of their own: the condition in `$filter` is a [`Filter`], and a navigation
//! in `$expand` is an [`Expand`], which holds options like a query does. Each is a plain value
//! that is rendered to text and parsed from it without loss, so one end of a connection reads
//! exactly what the other wrote.
//!
//! ```
//! use entitlement_core::odata::{Expand, Filter, OrderBy, Query};
//!
//! let delivered = Filter::field("state").eq("delivered");
//! let sales = Filter::field("accessPackage/displayName").starts_with("Sales");
//!
//! let query = Query::new()
//!     .filter(delivered.and(sales))
//!     .select(["id", "state"])
//!     .expand(Expand::new("target").select(["displayName"]))
//!     .order_by(OrderBy::desc("expiredDateTime"))
//!     .top(5);
//!
//! assert_eq!(
//!     query.to_string(),
//!     "$select=id,state\
//!      &$expand=target($select=displayName)\
//!      &$filter=state%20eq%20'delivered'%20and%20startswith(accessPackage/displayName,'Sales')\
//!      &$orderby=expiredDateTime%20desc\
//!      &$top=5"
//! );
//! assert_eq!(Query::parse(&query.to_string())?, query);
//! # Ok::<(), entitlement_core::odata::ParseQueryError>(())
//! ```
//!
//! Which options a collection takes is for the service to say: see [query parameters] in the
//! Graph documentation, and the [URL conventions] of OData for the grammar.
//!
//! [query parameters]: https://learn.microsoft.com/graph/query-parameters
//! [URL conventions]: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html

mod filter;
mod literal;
mod path;
mod query;
mod scan;

pub use filter::{
    Comparison, Field, Filter, Function, Lambda, Operand, ParseFilterError, Quantifier, TextTest,
};
pub use literal::{Decimal, InvalidDecimal, Literal};
pub use path::{InvalidPath, Path};
pub use query::{
    Direction, Expand, Levels, OrderBy, ParseQueryError, Query, QueryOption, QueryProblem,
};
