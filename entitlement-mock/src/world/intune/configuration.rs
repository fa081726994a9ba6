//! Settings that Intune puts on devices.

use entitlement_core::intune::oma::OmaSetting;
use entitlement_core::intune::target::AssignmentTarget;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A list of settings by their address (`windows10CustomConfiguration`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Configuration {
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) settings: Vec<OmaSetting>,
    /// Grows with each change.
    pub(crate) version: i32,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) targets: Vec<AssignmentTarget>,
}
