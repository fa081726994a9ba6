//! What each list takes in queries, so that what the service would refuse is refused here too (M3).

mod advanced;
mod asked;
mod check;

pub(crate) use asked::Asked;
pub(crate) use check::{Terms, check};
