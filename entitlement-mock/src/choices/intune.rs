//! Intune and the devices under its management.

use serde::{Deserialize, Serialize};

/// Open questions about Intune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct IntuneChoices {
    /// For how many minutes an address of the storage is good: 15. Nobody has published it; clients renew theirs after
    /// seven and a half minutes, or shortly before the end that is said.
    pub storage_address_minutes: u32,
    /// After how many minutes the next sign-in on a device gets a new token, and with it the groups that a person has
    /// by then: 240, "up to 4 hours".
    pub token_minutes: u32,
}

impl Default for IntuneChoices {
    fn default() -> Self {
        Self {
            storage_address_minutes: 15,
            token_minutes: 240,
        }
    }
}
