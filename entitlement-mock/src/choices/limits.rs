//! How much a tenant has room for
//! ([limits](https://learn.microsoft.com/entra/id-governance/governance-service-limits)).

use serde::{Deserialize, Serialize};

/// The most there can be of something; whatever goes beyond is refused with 400 `LimitExceeded` (7.1, U-26).
///
/// The defaults are those of today; limits that today's page does not give any more are not enforced unless set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Limits {
    /// Access packages: 20,000.
    pub packages: usize,
    /// Access packages in a catalog; none today, formerly 50.
    pub packages_per_catalog: Option<usize>,
    /// Assignments that have not ended: 300,000.
    pub assignments: usize,
    /// Such assignments of a package; none today, formerly 10,000.
    pub assignments_per_package: Option<usize>,
    /// Catalogs: 7,500.
    pub catalogs: usize,
    /// Resources in a catalog; none today, formerly 50.
    pub resources_per_catalog: Option<usize>,
    /// Attributes that the resources of a catalog require: 20.
    pub attributes_per_catalog: usize,
    /// Policies: 25,000.
    pub policies: usize,
    /// Policies of a package; none today, formerly 10.
    pub policies_per_package: Option<usize>,
    /// People and groups that a policy names: 500.
    pub subjects_per_policy: usize,
    /// Connected organisations that a policy names: 1,000.
    pub organizations_per_policy: usize,
    /// People whom one policy assigns by rule (AUTO-7).
    pub people_per_automatic_policy: usize,
    /// Partner organisations of the tenant.
    pub connected_organizations: usize,
    /// Custom extensions of the tenant (EXT-7).
    pub extensions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            packages: 20_000,
            packages_per_catalog: None,
            assignments: 300_000,
            assignments_per_package: None,
            catalogs: 7_500,
            resources_per_catalog: None,
            attributes_per_catalog: 20,
            policies: 25_000,
            policies_per_package: None,
            subjects_per_policy: 500,
            organizations_per_policy: 1_000,
            people_per_automatic_policy: 15_000,
            connected_organizations: 2_500,
            extensions: 500,
        }
    }
}
