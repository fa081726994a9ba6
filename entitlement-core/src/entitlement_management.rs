//! The root that all of entitlement management hangs from.
//!
//! [`EntitlementManagement`] is at `identityGovernance/entitlementManagement`; every collection is a property of it and
//! is usually read on its own, as a tenant may have many of everything. The types of the items have their own pages.
//!
//! ```
//! use entitlement_core::entitlement_management::EntitlementManagement;
//!
//! let root: EntitlementManagement =
//!     serde_json::from_str(r#"{"id": "em", "catalogs": [{"id": "c1", "displayName": "Devices"}]}"#)?;
//! assert_eq!(root.catalogs.items()[0].display_name.as_deref(), Some("Devices"));
//! assert!(root.assignments.is_not_loaded());
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::approval::Approval;
use crate::assignment::Assignment;
use crate::assignment_request::AssignmentRequest;
use crate::available_package::AvailableAccessPackage;
use crate::catalog::Catalog;
use crate::connected_organization::ConnectedOrganization;
use crate::control_configuration::ControlConfiguration;
use crate::entity::Id;
use crate::package::AccessPackage;
use crate::policy::AssignmentPolicy;
use crate::resource::{Resource, ResourceEnvironment, ResourceRequest, RoleScope};
use crate::settings::EntitlementManagementSettings;
use crate::subject::Subject;
use crate::suggestion::Suggestion;
use crate::wire::Expandable;

/// All of entitlement management in a tenant
/// ([entitlementManagement](https://learn.microsoft.com/graph/api/resources/entitlementmanagement)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EntitlementManagement {
    /// The root's id.
    pub id: Id<EntitlementManagement>,
    /// The approvals of requests.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub access_package_assignment_approvals: Expandable<Vec<Approval>>,
    /// What people can ask for.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub access_packages: Expandable<Vec<AccessPackage>>,
    /// What the service suggests to the person who is signed in.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub access_package_suggestions: Expandable<Vec<Suggestion>>,
    /// Who may ask, under which conditions.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub assignment_policies: Expandable<Vec<AssignmentPolicy>>,
    /// Who asked for what.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub assignment_requests: Expandable<Vec<AssignmentRequest>>,
    /// Who has what.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub assignments: Expandable<Vec<Assignment>>,
    /// What the person who is signed in can ask for.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub available_access_packages: Expandable<Vec<AvailableAccessPackage>>,
    /// Where packages and resources are kept.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub catalogs: Expandable<Vec<Catalog>>,
    /// The partner organisations.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub connected_organizations: Expandable<Vec<ConnectedOrganization>>,
    /// What holds for the portal in the whole tenant.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub control_configurations: Expandable<Vec<ControlConfiguration>>,
    /// Where resources live.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource_environments: Expandable<Vec<ResourceEnvironment>>,
    /// Who brought resources into catalogs or took them out.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource_requests: Expandable<Vec<ResourceRequest>>,
    /// What packages grant.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource_role_scopes: Expandable<Vec<RoleScope>>,
    /// What there is to grant.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resources: Expandable<Vec<Resource>>,
    /// Whoever asked or was assigned.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub subjects: Expandable<Vec<Subject>>,
    /// What holds in the whole tenant.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub settings: Expandable<EntitlementManagementSettings>,
}
