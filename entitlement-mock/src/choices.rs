//! What the tenant does where nobody has published what the service does.
//!
//! Each choice is a field, named after the question; the default is what most of the evidence points to.
//!
//! ```
//! use entitlement_mock::Tenant;
//! use entitlement_mock::choices::Choices;
//!
//! let mut choices = Choices::default();
//! choices.reprocess_window_days = 7;
//! let tenant = Tenant::builder().choices(choices).build();
//! ```

use serde::{Deserialize, Serialize};

/// How the tenant answers the questions that the documentation leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Choices {
    /// For how many days after its completion a failed request may be reprocessed: 14, or 7 as another page has it
    /// (U-28, REQ-52).
    pub reprocess_window_days: u32,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            reprocess_window_days: 14,
        }
    }
}
