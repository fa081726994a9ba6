//! Custom extensions that do not answer, or deny.

use serde::{Deserialize, Serialize};

/// What custom extensions can do to requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ExtensionChoices {
    /// What becomes of a request that waits for an extension which does not answer in time (U-14, EXT-2).
    pub unanswered: UnansweredExtension,
    /// Whether an extension may deny a request that was just made, as the guide has it, or only one that was approved,
    /// as the reference has it (U-15, EXT-5).
    pub deny_new_requests: bool,
}

impl Default for ExtensionChoices {
    fn default() -> Self {
        Self {
            unanswered: UnansweredExtension::default(),
            deny_new_requests: true,
        }
    }
}

/// What becomes of a request that waits for a custom extension which does not answer in time (U-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum UnansweredExtension {
    /// It ends: denied before access is given, and with a failed delivery once it is. Access that was given or taken away
    /// stays so.
    #[default]
    EndsRequest,
    /// It stays as it is until an administrator cancels it or lets it go on.
    PausesRequest,
}
