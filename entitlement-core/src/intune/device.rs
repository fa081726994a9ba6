//! Devices under Intune's management, and how they take configurations.
//!
//! A [`ManagedDevice`] belongs to whoever enrolled it. What came of a [configuration](super::configuration) on each
//! device is a [`DeviceConfigurationDeviceStatus`], and over all of them a [`DeviceConfigurationDeviceOverview`].
//!
//! ```
//! use entitlement_core::intune::device::{ComplianceStatus, DeviceConfigurationDeviceStatus};
//!
//! let row: DeviceConfigurationDeviceStatus = serde_json::from_str(
//!     r#"{"id": "s1", "deviceDisplayName": "CLIENT-7", "status": "conflict"}"#,
//! )?;
//! assert_eq!(row.status, Some(ComplianceStatus::Conflict));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::directory::User;
use crate::entity::{Entity, Id, Listable};
use crate::time::Timestamp;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// Whether a device is as its policies want it (`complianceState`).
    ComplianceState = "complianceState" {
        /// Nobody knows.
        UnknownState = "unknown",
        /// It is.
        Compliant = "compliant",
        /// It is not.
        Noncompliant = "noncompliant",
        /// Its policies contradict each other.
        Conflict = "conflict",
        /// It could not be found out.
        Error = "error",
        /// It is not, and still has time to become so.
        InGracePeriod = "inGracePeriod",
        /// Configuration Manager takes care of it.
        ConfigManager = "configManager",
    }
}

open_enum! {
    /// What came of a configuration (`complianceStatus`).
    ComplianceStatus = "complianceStatus" {
        /// Nobody knows.
        UnknownStatus = "unknown",
        /// It does not concern the device.
        NotApplicable = "notApplicable",
        /// The device is as wished.
        Compliant = "compliant",
        /// The device was made as wished.
        Remediated = "remediated",
        /// The device is not as wished.
        NonCompliant = "nonCompliant",
        /// It did not work.
        Error = "error",
        /// Another one says something else, so that neither was sent.
        Conflict = "conflict",
        /// It is not for this device.
        NotAssigned = "notAssigned",
    }
}

/// A device under Intune's management
/// ([managedDevice](https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ManagedDevice {
    /// The device's id in Intune.
    pub id: Id<ManagedDevice>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// Whose it is; none for devices that several people share.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub user_id: Option<Id<User>>,
    /// Their sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_display_name: Option<String>,
    /// The device's id in Entra.
    #[serde(
        rename = "azureADDeviceId",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub azure_ad_device_id: Option<String>,
    /// What it runs: `Windows`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_system: Option<String>,
    /// And of that: `10.0.22631.3007`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// Whether it is as its policies want it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compliance_state: Option<ComplianceState>,
    /// When it was enrolled.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub enrolled_date_time: Option<Timestamp>,
    /// When it was last heard of.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_sync_date_time: Option<Timestamp>,
    /// Properties this version has no name for.
    #[serde(flatten, deserialize_with = "crate::wire::without_annotations")]
    pub unknown: RawObject,
}

impl Entity for ManagedDevice {
    const TYPE: &'static str = "managedDevice";
    const COLLECTION: &'static str = "deviceManagement/managedDevices";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ManagedDevice {}

/// What came of a configuration on one device
/// ([deviceConfigurationDeviceStatus](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-deviceconfigurationdevicestatus)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeviceConfigurationDeviceStatus {
    /// The row's id.
    pub id: Id<DeviceConfigurationDeviceStatus>,
    /// The device's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_display_name: Option<String>,
    /// The name of whoever uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Their sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ComplianceStatus>,
    /// When the device said so.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_reported_date_time: Option<Timestamp>,
    /// Properties this version has no name for.
    #[serde(flatten, deserialize_with = "crate::wire::without_annotations")]
    pub unknown: RawObject,
}

/// Rows belong to one configuration: their path has its id in the middle.
impl Entity for DeviceConfigurationDeviceStatus {
    const TYPE: &'static str = "deviceConfigurationDeviceStatus";
    const COLLECTION: &'static str = "deviceManagement/deviceConfigurations/deviceStatuses";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for DeviceConfigurationDeviceStatus {}

/// What came of a configuration on all devices
/// ([deviceConfigurationDeviceOverview](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-deviceconfigurationdeviceoverview)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DeviceConfigurationDeviceOverview {
    /// On how many it is still to come.
    #[serde(deserialize_with = "crate::wire::null_as_default")]
    pub pending_count: i32,
    /// How many it does not concern.
    #[serde(deserialize_with = "crate::wire::null_as_default")]
    pub not_applicable_count: i32,
    /// How many are as wished.
    #[serde(deserialize_with = "crate::wire::null_as_default")]
    pub success_count: i32,
    /// On how many it did not work.
    #[serde(deserialize_with = "crate::wire::null_as_default")]
    pub error_count: i32,
    /// How many are not as wished.
    #[serde(deserialize_with = "crate::wire::null_as_default")]
    pub failed_count: i32,
    /// Properties this version has no name for.
    #[serde(flatten, deserialize_with = "crate::wire::without_annotations")]
    pub unknown: RawObject,
}

/// What came of one of a device's configurations
/// ([deviceConfigurationState](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-deviceconfigurationstate)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeviceConfigurationState {
    /// The row's id.
    pub id: Id<DeviceConfigurationState>,
    /// The configuration's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ComplianceStatus>,
    /// How many settings it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting_count: Option<i32>,
    /// Properties this version has no name for.
    #[serde(flatten, deserialize_with = "crate::wire::without_annotations")]
    pub unknown: RawObject,
}

/// Rows belong to one device: their path has its id in the middle.
impl Entity for DeviceConfigurationState {
    const TYPE: &'static str = "deviceConfigurationState";
    const COLLECTION: &'static str = "deviceManagement/managedDevices/deviceConfigurationStates";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for DeviceConfigurationState {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_device_comes_back_with_what_has_no_name() {
        let documented = json!({
            "id": "d1", "deviceName": "CLIENT-7", "userId": "21d05557-b7b6-418f-86fa-a3118d751be4",
            "azureADDeviceId": "e1", "operatingSystem": "Windows", "osVersion": "10.0.22631.3007",
            "complianceState": "inGracePeriod", "lastSyncDateTime": "2017-01-01T08:02:43.5775965Z",
            "serialNumber": "7", "jailBroken": "Unknown",
        });
        let device: ManagedDevice = serde_json::from_value(documented.clone()).unwrap();
        assert_eq!(
            device.compliance_state,
            Some(ComplianceState::InGracePeriod)
        );
        assert_eq!(serde_json::to_value(&device).unwrap(), documented);
        let shared = json!({"id": "d2", "userId": "", "complianceState": "puzzled"});
        let device: ManagedDevice = serde_json::from_value(shared).unwrap();
        assert_eq!(device.user_id, None);
    }

    #[test]
    fn counts_that_are_missing_are_none() {
        let overview: DeviceConfigurationDeviceOverview =
            serde_json::from_value(json!({"id": "o1", "successCount": 3, "errorCount": null}))
                .unwrap();
        assert_eq!((overview.success_count, overview.error_count), (3, 0));
    }
}
