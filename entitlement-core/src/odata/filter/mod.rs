//! Filters: the expression tree, how it is built, and how it is read from text.

mod field;
mod parse;
mod paths;
#[cfg(test)]
pub(super) mod tests;
mod tree;

pub use field::Field;
pub use parse::ParseFilterError;
pub use tree::{Comparison, Filter, Function, Lambda, Operand, Quantifier, TextTest};
