//! Those who come from elsewhere: partner organisations, other tenants, and what is known of guests.

use entitlement_core::connected_organization::{ConnectedOrganizationState, IdentitySource};
use entitlement_core::settings::ExternalUserLifecycleAction;
use entitlement_core::subject::SubjectLifecycle;
use entitlement_core::time::{IsoDuration, Timestamp};
use indexmap::IndexSet;
use serde::{Deserialize, Serialize};

use super::table::Key;

/// A partner organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Organization {
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) state: ConnectedOrganizationState,
    pub(crate) sources: Vec<IdentitySource>,
    pub(crate) internal_sponsors: IndexSet<Key>,
    pub(crate) external_sponsors: IndexSet<Key>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

/// Another tenant of the same cloud, by its id.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Partner {
    pub(crate) display_name: String,
    /// The domains that the tenant has verified, in lower case.
    pub(crate) domains: Vec<String>,
}

/// What is known of somebody who comes from elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outsider {
    /// Where they sign in.
    pub(crate) home: Option<IdentitySource>,
    pub(crate) lifecycle: SubjectLifecycle,
    /// They have no account here yet: they get one when something is delivered to them (REQ-5).
    pub(crate) is_expected: bool,
    /// When entitlement management blocked them (ORG-9).
    pub(crate) blocked: Option<Timestamp>,
}

/// What becomes of governed guests without access (ORG-9); the defaults are the portal's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GuestSettings {
    pub(crate) action: ExternalUserLifecycleAction,
    pub(crate) delete_after: IsoDuration,
}

impl Default for GuestSettings {
    fn default() -> Self {
        Self {
            action: ExternalUserLifecycleAction::BlockSignInAndDelete,
            delete_after: IsoDuration::days(30),
        }
    }
}

/// From where people may be invited; it overrides everything else (ORG-12).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Invitations {
    #[default]
    FromEverywhere,
    /// Domains in lower case.
    OnlyFrom(Vec<String>),
    NotFrom(Vec<String>),
}
