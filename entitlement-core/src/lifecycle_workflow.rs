//! Whom a lifecycle workflow is about.
//!
//! Lifecycle workflows are a neighbour of entitlement management and name people in the same slots, with their own kinds
//! of [`SubjectSet`](crate::subject_set::SubjectSet). Access packages do not take them: their policies name people with
//! the other kinds.
//!
//! ```
//! use entitlement_core::subject_set::SubjectSet;
//!
//! let sales: SubjectSet = serde_json::from_str(
//!     r##"{"@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet", "rule": "department eq 'Sales'"}"##,
//! )?;
//! let SubjectSet::RuleBased(sales) = sales else { panic!("goes by a rule") };
//! assert_eq!(sales.rule.as_deref(), Some("department eq 'Sales'"));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::directory::Group;
use crate::wire::{Expandable, RawObject};

/// Everybody a rule matches
/// ([ruleBasedSubjectSet](https://learn.microsoft.com/graph/api/resources/identitygovernance-rulebasedsubjectset)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RuleBasedSubjectSet {
    /// The rule, in the syntax of filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// Whoever is in some groups
/// ([groupBasedSubjectSet](https://learn.microsoft.com/graph/api/resources/identitygovernance-groupbasedsubjectset)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupBasedSubjectSet {
    /// The groups.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub groups: Expandable<Vec<Group>>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}
