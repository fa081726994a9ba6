//! Every violation at once, each with the path of the field it is about.
//!
//! Builders of drafts collect what the service would refuse and report it together, before anything is sent: an
//! [`Invalid`] lists one [`Violation`] a broken rule, with the field's path in wire names, what is wrong and what is
//! allowed. Patches are held against the same rules by [`Patch::validate`](crate::entity::Patch::validate).
//!
//! ```
//! use entitlement_core::catalog::CatalogDraft;
//!
//! let refused = CatalogDraft::builder(" ").build().unwrap_err();
//! assert_eq!(refused.violations()[0].path(), "displayName");
//! assert!(refused.to_string().contains("displayName: is blank"));
//! ```

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};

use crate::wire::Field;

/// One broken rule: where, what is wrong, and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: String,
    problem: Cow<'static, str>,
    allowed: Cow<'static, str>,
    rule: &'static str,
}

impl Violation {
    /// The field, in wire names: `requestApprovalSettings.stages[1].escalationApprovers`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with the value.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// What would be accepted instead.
    pub fn allowed(&self) -> &str {
        &self.allowed
    }

    /// The id of the rule that was broken, such as `APV-2`.
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

impl Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}; {} [{}]",
            self.path, self.problem, self.allowed, self.rule
        )
    }
}

/// A value that the service would refuse, with all the reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    subject: &'static str,
    violations: Vec<Violation>,
}

impl Invalid {
    /// What was being built or changed, by its name in Graph: `accessPackageAssignmentPolicy`.
    pub fn subject(&self) -> &'static str {
        self.subject
    }

    /// The broken rules, in the order of the fields; never empty.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.violations.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        write!(f, "{} has {count} {noun}", self.subject)?;
        for violation in &self.violations {
            write!(f, "\n  {violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// Walks a value and notes what is wrong with it; builders end with [`Checker::finish`].
#[derive(Debug, Default)]
pub(crate) struct Checker {
    path: String,
    violations: Vec<Violation>,
}

impl Checker {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Runs `check` one field deeper.
    pub(crate) fn field(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        let outer = self.path.len();
        if outer > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        check(self);
        self.path.truncate(outer);
    }

    /// Runs `check` on every item of a list field.
    pub(crate) fn each<T>(
        &mut self,
        name: &str,
        items: &[T],
        mut check: impl FnMut(&mut Self, &T),
    ) {
        self.field(name, |c| {
            let outer = c.path.len();
            for (index, item) in items.iter().enumerate() {
                let _ = write!(c.path, "[{index}]");
                check(c, item);
                c.path.truncate(outer);
            }
        });
    }

    /// Notes that the current field breaks `rule`.
    pub(crate) fn refuse(
        &mut self,
        rule: &'static str,
        problem: impl Into<Cow<'static, str>>,
        allowed: impl Into<Cow<'static, str>>,
    ) {
        self.violations.push(Violation {
            path: self.path.clone(),
            problem: problem.into(),
            allowed: allowed.into(),
            rule,
        });
    }

    /// Notes a violation of field `name` unless `fine`.
    pub(crate) fn ensure(
        &mut self,
        name: &str,
        fine: bool,
        rule: &'static str,
        problem: impl Into<Cow<'static, str>>,
        allowed: impl Into<Cow<'static, str>>,
    ) {
        if !fine {
            self.field(name, |c| c.refuse(rule, problem, allowed));
        }
    }

    /// Notes a violation of field `name` if `broken`.
    pub(crate) fn forbid(
        &mut self,
        name: &str,
        broken: bool,
        rule: &'static str,
        problem: impl Into<Cow<'static, str>>,
        allowed: impl Into<Cow<'static, str>>,
    ) {
        self.ensure(name, !broken, rule, problem, allowed);
    }

    /// Every named thing needs a name that a person can read.
    pub(crate) fn name(&mut self, field: &str, text: &str, rule: &'static str) {
        self.ensure(
            field,
            !text.trim().is_empty(),
            rule,
            "is blank",
            "give a text that people will recognise",
        );
    }

    /// What every one of them has can be changed, and not be taken away.
    pub(crate) fn kept<T>(&mut self, field: &str, change: &Field<T>, rule: &'static str) {
        self.forbid(
            field,
            matches!(change, Field::Clear),
            rule,
            "is taken away",
            "leave it as it is, or set another",
        );
    }

    /// The same for a name.
    pub(crate) fn kept_name(&mut self, field: &str, change: &Field<String>, rule: &'static str) {
        self.kept(field, change, rule);
        if let Field::Set(name) = change {
            self.name(field, name, rule);
        }
    }

    /// The verdict over everything that was noted.
    pub(crate) fn finish(self, subject: &'static str) -> Result<(), Invalid> {
        if self.violations.is_empty() {
            Ok(())
        } else {
            Err(Invalid {
                subject,
                violations: self.violations,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_nest_and_unwind() {
        let mut checker = Checker::new();
        checker.field("settings", |c| {
            c.each("stages", &[1, 2], |c, number| {
                c.ensure(
                    "approvers",
                    *number == 1,
                    "APV-8",
                    "is empty",
                    "name somebody",
                );
            });
            c.ensure("isOn", false, "X-1", "is off", "turn it on");
        });
        checker.name("displayName", "", "X-2");
        let invalid = checker.finish("thing").unwrap_err();
        let paths: Vec<_> = invalid.violations().iter().map(Violation::path).collect();
        assert_eq!(
            paths,
            [
                "settings.stages[1].approvers",
                "settings.isOn",
                "displayName"
            ]
        );
    }
}
