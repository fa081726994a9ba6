//! Licences and sensitivity labels that a group hands to its members.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A sensitivity label of a Microsoft 365 group
/// ([assignedLabel](https://learn.microsoft.com/graph/api/resources/assignedlabel)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignedLabel {
    /// The label's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_id: Option<String>,
    /// The label's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// A licence that members get through their group
/// ([assignedLicense](https://learn.microsoft.com/graph/api/resources/assignedlicense)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignedLicense {
    /// The service plans of the product that stay off.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub disabled_plans: Vec<Uuid>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku_id: Option<Uuid>,
}

/// How far the service is with handing out a group's licences
/// ([licenseProcessingState](https://learn.microsoft.com/graph/api/resources/licenseprocessingstate)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LicenseProcessingState {
    /// The step: `QueuedForProcessing`, `ProcessingInProgress`, `ProcessingComplete`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}
