//! What the service takes in queries, endpoint by endpoint, so that a query it would refuse or silently ignore is not
//! sent.

mod check;
mod endpoint;
mod table;

pub(crate) use check::{Shape, check};
