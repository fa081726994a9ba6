//! Queries: the options, and how they are read from the query string of a URL.

mod option;
mod options;
mod parse;
#[cfg(test)]
mod tests;

pub use option::QueryOption;
pub use options::{Direction, Expand, Levels, OrderBy, Query};
pub use parse::{ParseQueryError, QueryProblem};
