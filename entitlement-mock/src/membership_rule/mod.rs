//! The language of dynamic membership rules: `user.department -eq "Sales" -and (user.accountEnabled -eq true)`
//! ([rules](https://learn.microsoft.com/entra/identity/users/groups-dynamic-membership), AUTO-8).
//!
//! Texts are compared without regard to case, and so are operators and names, which may have their hyphen or not.

mod condition;
mod error;
mod parse;
mod property;
mod token;

use condition::Condition;
use error::RuleError;
pub(crate) use property::{Fact, Facts, Property};

/// A rule that was read.
#[derive(Debug, Clone)]
pub(crate) struct Rule(Condition);

impl Rule {
    /// Reads a rule.
    pub(crate) fn parse(text: &str) -> Result<Self, RuleError> {
        parse::rule(text).map(Self)
    }

    /// Whether somebody matches.
    pub(crate) fn matches(&self, person: &impl Facts) -> bool {
        self.0.holds(person, None)
    }
}

#[cfg(test)]
mod tests;
