//! What is wrong with a rule.

use std::fmt;

/// What is wrong with a rule, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RuleError {
    /// Which character, counted from 1.
    at: usize,
    problem: String,
}

impl RuleError {
    pub(super) fn new(at: usize, problem: impl Into<String>) -> Self {
        Self {
            at: at + 1,
            problem: problem.into(),
        }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at, self.problem)
    }
}
