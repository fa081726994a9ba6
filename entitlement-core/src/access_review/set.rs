//! The root that all reviews and reports hang from.
//!
//! An [`AccessReviewSet`] holds the [`definition`](super::definition)s of reviews and those of reports about them, which
//! are called [`history`](super::history).
//!
//! ```
//! use entitlement_core::access_review::set::AccessReviewSet;
//!
//! let set: AccessReviewSet = serde_json::from_str(r#"{"id": "s1", "definitions": [{"id": "d1"}]}"#)?;
//! assert_eq!(set.definitions.items().len(), 1);
//! assert!(set.history_definitions.is_not_loaded());
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use super::definition::ScheduleDefinition;
use super::history::HistoryDefinition;
use crate::entity::Id;
use crate::wire::Expandable;

/// All reviews and reports of a tenant, at `identityGovernance/accessReviews`
/// ([accessReviewSet](https://learn.microsoft.com/graph/api/resources/accessreviewset)).
///
/// Read its collections on their own: a tenant may have many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessReviewSet {
    /// The set's id.
    pub id: Id<AccessReviewSet>,
    /// The reviews.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub definitions: Expandable<Vec<ScheduleDefinition>>,
    /// The reports.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub history_definitions: Expandable<Vec<HistoryDefinition>>,
}
