//! How an assigned app is installed: notifications, restarts, times.
//!
//! Every kind of app has its own settings; an app of kind [`msi`](super::msi) has none.
//!
//! ```
//! use entitlement_core::intune::settings::{
//!     MobileAppAssignmentSettings, Win32LobAppAssignmentSettings, Win32LobAppNotification,
//! };
//!
//! let quietly: MobileAppAssignmentSettings = Win32LobAppAssignmentSettings::builder()
//!     .notifications(Win32LobAppNotification::HideAll)
//!     .build()
//!     .into();
//! assert_eq!(serde_json::to_value(&quietly)?["notifications"], "hideAll");
//! # Ok::<(), serde_json::Error>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;

union! {
    /// How an assigned app is installed
    /// ([mobileAppAssignmentSettings](https://learn.microsoft.com/graph/api/resources/intune-shared-mobileappassignmentsettings)).
    MobileAppAssignmentSettings = "mobileAppAssignmentSettings" {
        /// A Win32 app.
        Win32LobApp(Win32LobAppAssignmentSettings) = "#microsoft.graph.win32LobAppAssignmentSettings",
        /// An iOS app of one's own.
        IosLobApp(IosAppAssignmentSettings) = "#microsoft.graph.iosLobAppAssignmentSettings",
        /// An app of the App Store.
        IosStoreApp(IosAppAssignmentSettings) = "#microsoft.graph.iosStoreAppAssignmentSettings",
        /// An app of Apple's volume purchase programme.
        IosVppApp(IosVppAppAssignmentSettings) = "#microsoft.graph.iosVppAppAssignmentSettings",
        /// A macOS app of one's own.
        MacOsLobApp(MacOsLobAppAssignmentSettings) = "#microsoft.graph.macOsLobAppAssignmentSettings",
        /// An app of the Microsoft Store for Business.
        MicrosoftStoreForBusinessApp(DeviceContextSettings) = "#microsoft.graph.microsoftStoreForBusinessAppAssignmentSettings",
        /// An APPX package.
        WindowsAppX(DeviceContextSettings) = "#microsoft.graph.windowsAppXAppAssignmentSettings",
        /// A universal APPX package.
        WindowsUniversalAppX(DeviceContextSettings) = "#microsoft.graph.windowsUniversalAppXAppAssignmentSettings",
    }
}

open_enum! {
    /// What people see of an installation (`win32LobAppNotification`).
    Win32LobAppNotification = "win32LobAppNotification" {
        /// Everything.
        ShowAll = "showAll",
        /// Only restarts.
        ShowReboot = "showReboot",
        /// Nothing.
        HideAll = "hideAll",
    }
}

open_enum! {
    /// How urgently the content is fetched (`win32LobAppDeliveryOptimizationPriority`).
    Win32LobAppDeliveryOptimizationPriority = "win32LobAppDeliveryOptimizationPriority" {
        /// In the background.
        NotConfigured = "notConfigured",
        /// At once.
        Foreground = "foreground",
    }
}

open_enum! {
    /// Whether the app takes the place of those it supersedes (`win32LobAutoUpdateSupersededAppsState`).
    Win32LobAutoUpdateSupersededAppsState = "win32LobAutoUpdateSupersededAppsState" {
        /// It does not.
        NotConfigured = "notConfigured",
        /// It does.
        Enabled = "enabled",
    }
}

/// How a Win32 app is installed
/// ([win32LobAppAssignmentSettings](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobappassignmentsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Win32LobAppAssignmentSettings {
    /// What people see of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<Win32LobAppNotification>,
    /// How urgently the content is fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_optimization_priority: Option<Win32LobAppDeliveryOptimizationPriority>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_time_settings: Option<MobileAppInstallTimeSettings>,
    /// What comes before a restart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_settings: Option<Win32LobAppRestartSettings>,
    /// Whether it takes the place of what it supersedes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_update_settings: Option<Win32LobAppAutoUpdateSettings>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

impl From<Win32LobAppAssignmentSettings> for MobileAppAssignmentSettings {
    fn from(settings: Win32LobAppAssignmentSettings) -> Self {
        Self::Win32LobApp(settings)
    }
}

/// When an app becomes available and when it must be there
/// ([mobileAppInstallTimeSettings](https://learn.microsoft.com/graph/api/resources/intune-apps-mobileappinstalltimesettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAppInstallTimeSettings {
    /// Whether both are in the device's own time, and not in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_local_time: Option<bool>,
    /// From when on it is available.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub start_date_time: Option<Timestamp>,
    /// By when it must be installed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub deadline_date_time: Option<Timestamp>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

/// What comes before a restart, in minutes
/// ([win32LobAppRestartSettings](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobapprestartsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Win32LobAppRestartSettings {
    /// How long after the installation the device is restarted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_period_in_minutes: Option<i32>,
    /// How long before it a countdown is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countdown_display_before_restart_in_minutes: Option<i32>,
    /// How long the notification can be put off; nothing if it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_notification_snooze_duration_in_minutes: Option<i32>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

/// Whether an app takes the place of those it supersedes (`win32LobAppAutoUpdateSettings`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Win32LobAppAutoUpdateSettings {
    /// Whether it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_update_superseded_apps_state: Option<Win32LobAutoUpdateSupersededAppsState>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

/// How an iOS app is installed
/// ([iosLobAppAssignmentSettings](https://learn.microsoft.com/graph/api/resources/intune-apps-ioslobappassignmentsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IosAppAssignmentSettings {
    /// Whether people may remove it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_removable: Option<bool>,
    /// Whether it goes when the device leaves Intune.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uninstall_on_device_removal: Option<bool>,
    /// The VPN configuration it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpn_configuration_id: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// How an app of Apple's volume purchase programme is installed
/// ([iosVppAppAssignmentSettings](https://learn.microsoft.com/graph/api/resources/intune-apps-iosvppappassignmentsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IosVppAppAssignmentSettings {
    /// Whether the device holds the licence, and not the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_device_licensing: Option<bool>,
    /// The VPN configuration it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpn_configuration_id: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// How a macOS app is installed (`macOsLobAppAssignmentSettings`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MacOsLobAppAssignmentSettings {
    /// Whether it goes when the device leaves Intune.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uninstall_on_device_removal: Option<bool>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// How a packaged Windows app is installed
/// ([windowsUniversalAppXAppAssignmentSettings](https://learn.microsoft.com/graph/api/resources/intune-apps-windowsuniversalappxappassignmentsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeviceContextSettings {
    /// Whether for the device, and not for one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_device_context: Option<bool>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}
