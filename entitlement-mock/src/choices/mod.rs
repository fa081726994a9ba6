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
//! choices.limits.catalogs = 3;
//! choices.resources.eligible_group_roles = true;
//! let tenant = Tenant::builder().choices(choices).build();
//! ```

mod catalogs;
mod extensions;
mod intune;
mod limits;
mod queries;
mod requests;
mod resources;
mod reviews;

use serde::{Deserialize, Serialize};

pub use catalogs::{CatalogChoices, RolesShownTo};
pub use extensions::{ExtensionChoices, UnansweredExtension};
pub use intune::IntuneChoices;
pub use limits::Limits;
pub use queries::UndocumentedQueries;
pub use requests::RequestChoices;
pub use resources::{PrivilegedRoles, ResourceChoices, UnusedRoles};
pub use reviews::ReviewChoices;

/// How the tenant answers the questions that the documentation leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Choices {
    /// For how many days after its completion a failed request may be reprocessed: 14, or 7 as another page has it
    /// (U-28, REQ-52).
    pub reprocess_window_days: u32,
    /// For how many hours the service keeps trying to write to a place that refuses: "several" (DEL-2), here 8.
    pub delivery_retry_hours: u32,
    /// For how many days a deleted account can be restored; so long its assignments count as active (OBJ-44, DEL-8).
    /// With 0 they end when the account is deleted.
    pub deleted_user_days: u32,
    /// Whether the decisions of a review that a policy asks for are carried out as soon as it closes, or wait for
    /// somebody to apply them (U-43, REV-12).
    pub policy_reviews_apply_themselves: bool,
    /// Catalogs and packages.
    pub catalogs: CatalogChoices,
    /// Resources and their roles.
    pub resources: ResourceChoices,
    /// What becomes of queries that are not documented for the list they are sent to.
    pub undocumented_queries: UndocumentedQueries,
    /// Requests.
    pub requests: RequestChoices,
    /// Access reviews.
    pub reviews: ReviewChoices,
    /// Custom extensions.
    pub extensions: ExtensionChoices,
    /// Intune.
    pub intune: IntuneChoices,
    /// How much the tenant has room for (7.1).
    pub limits: Limits,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            reprocess_window_days: 14,
            delivery_retry_hours: 8,
            deleted_user_days: 30,
            policy_reviews_apply_themselves: true,
            catalogs: CatalogChoices::default(),
            resources: ResourceChoices::default(),
            undocumented_queries: UndocumentedQueries::default(),
            requests: RequestChoices::default(),
            reviews: ReviewChoices::default(),
            extensions: ExtensionChoices::default(),
            intune: IntuneChoices::default(),
            limits: Limits::default(),
        }
    }
}
