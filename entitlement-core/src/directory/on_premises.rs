//! What a synchronised directory on the premises knows of a group, and what went wrong between the two.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use crate::wire::RawObject;

/// The fifteen free attributes of the on-premises directory
/// ([onPremisesExtensionAttributes](https://learn.microsoft.com/graph/api/resources/onpremisesextensionattributes)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OnPremisesExtensionAttributes {
    /// Attribute 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute1: Option<String>,
    /// Attribute 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute2: Option<String>,
    /// Attribute 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute3: Option<String>,
    /// Attribute 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute4: Option<String>,
    /// Attribute 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute5: Option<String>,
    /// Attribute 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute6: Option<String>,
    /// Attribute 7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute7: Option<String>,
    /// Attribute 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute8: Option<String>,
    /// Attribute 9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute9: Option<String>,
    /// Attribute 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute10: Option<String>,
    /// Attribute 11.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute11: Option<String>,
    /// Attribute 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute12: Option<String>,
    /// Attribute 13.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute13: Option<String>,
    /// Attribute 14.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute14: Option<String>,
    /// Attribute 15.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_attribute15: Option<String>,
}

/// Why an object could not be synchronised
/// ([onPremisesProvisioningError](https://learn.microsoft.com/graph/api/resources/onpremisesprovisioningerror)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OnPremisesProvisioningError {
    /// The kind of error: `PropertyConflict`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// When it happened.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub occurred_date_time: Option<Timestamp>,
    /// The property at fault: `UserPrincipalName`, `ProxyAddress`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_causing_error: Option<String>,
    /// The value at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Why a service could not take an object over
/// ([serviceProvisioningError](https://learn.microsoft.com/graph/api/resources/serviceprovisioningerror)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServiceProvisioningError {
    /// When it happened.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// Whether somebody has seen to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_resolved: Option<bool>,
    /// The service that reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_instance: Option<String>,
    /// What this kind of error says beyond that, with its `@odata.type`.
    #[serde(flatten)]
    pub details: RawObject,
}
