//! Partner organisations whose people may ask for access.
//!
//! Policies for external requestors name a [`ConnectedOrganization`] or mean all of them.
//!
//! ```
//! use entitlement_core::connected_organization::ConnectedOrganization;
//! use entitlement_core::subject_set::SubjectSet;
//! use entitlement_core::entity::Id;
//!
//! let fabrikam: Id<ConnectedOrganization> = "04e7fa5f-fa5f-04e7-5ffa-e7045ffae704".parse()?;
//! let its_people = SubjectSet::connected_organization(fabrikam);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, Id, Listable};
use crate::time::Timestamp;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// How far an organisation is trusted (`connectedOrganizationState`).
    ConnectedOrganizationState = "connectedOrganizationState" {
        /// Set up by an administrator; policies for all configured organisations apply to it (ORG-1).
        Configured = "configured",
        /// Noted by the service when somebody from there asked (ORG-2).
        Proposed = "proposed",
    }
}

/// A partner organisation
/// ([connectedOrganization](https://learn.microsoft.com/graph/api/resources/connectedorganization)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConnectedOrganization {
    /// The organisation's id.
    pub id: Id<ConnectedOrganization>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What ties us to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How far it is trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ConnectedOrganizationState>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_date_time: Option<Timestamp>,
}

impl Entity for ConnectedOrganization {
    const TYPE: &'static str = "connectedOrganization";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/connectedOrganizations";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ConnectedOrganization {}
