//! What each list takes in queries, so that what the service would refuse is refused here too (M3).

mod advanced;
mod check;
mod endpoint;
mod table;

pub(crate) use check::{Terms, check};
pub(crate) use endpoint::Asked;
