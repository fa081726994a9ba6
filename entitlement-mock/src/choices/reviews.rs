//! Access reviews: oddities that have been seen and can be switched on.

use serde::{Deserialize, Serialize};

/// What has been seen of access reviews, and is hardly meant so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ReviewChoices {
    /// Whether the only instance of a review with stages says that it ends 30 days after its start, whatever its stages
    /// add up to; they say their own ends rightly, and it closes when the last one does (REV-46).
    pub staged_reviews_show_thirty_days: bool,
}
