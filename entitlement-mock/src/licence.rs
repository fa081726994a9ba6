//! What the tenant has paid for.

use serde::{Deserialize, Serialize};

/// The licence of a tenant, which some features need (7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Licence {
    /// None that covers access packages: what was assigned stays, and nothing new is processed (LIC-3).
    None,
    /// Microsoft Entra ID P2: packages, policies, requests, approvals and reviews (LIC-1).
    P2,
    /// Microsoft Entra ID Governance: everything, automatic assignment and custom extensions included (LIC-2).
    #[default]
    Governance,
}
