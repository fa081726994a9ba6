//! Carries out queries: filter, order, count, page, expand, select — in that order.

pub(crate) mod answers;
mod datum;
pub(crate) mod eval;
mod page;
pub(crate) mod plan;
mod search;
mod shape;
mod sort;
pub(crate) mod takes;
mod token;
pub(crate) mod types;
