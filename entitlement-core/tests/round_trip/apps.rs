//! Apps of Intune, with content and assignments.

use entitlement_core::intune::app::{MobileApp, MobileAppPublishingState};
use entitlement_core::intune::assignment::{InstallIntent, MobileAppAssignment};
use entitlement_core::intune::content::{
    FileEncryptionInfo, MobileAppContent, MobileAppContentFile, UploadState,
};
use entitlement_core::intune::settings::{
    Win32LobAppDeliveryOptimizationPriority, Win32LobAppNotification,
    Win32LobAutoUpdateSupersededAppsState,
};
use entitlement_core::intune::win32::{
    Win32LobAppMsiPackageType, Win32LobAppRestartBehavior, Win32LobAppReturnCodeType,
};
use entitlement_core::intune::win32_rule::{
    RunAsAccountType, Win32LobAppFileSystemOperationType,
    Win32LobAppPowerShellScriptRuleOperationType, Win32LobAppRegistryRuleOperationType,
    Win32LobAppRuleOperator, Win32LobAppRuleType,
};
use proptest::prelude::*;

use crate::parts::{
    Json, any_of, binary, flag, from_the_future, id, instant, list, long, member, number, object,
    one_of, round_trip, tagged, text, unknown,
};

fn mime_content() -> Json {
    object! { "type?": text(), "value?": binary() }
}

fn win32_lob_app_auto_update_settings() -> Json {
    object! {
        "autoUpdateSupersededAppsState": member(Win32LobAutoUpdateSupersededAppsState::MEMBERS), "later?": unknown(),
    }
}

fn mobile_app_install_time_settings() -> Json {
    object! {
        "deadlineDateTime?": instant(), "startDateTime?": instant(), "useLocalTime": flag(), "later?": unknown(),
    }
}

fn win32_lob_app_restart_settings() -> Json {
    object! {
        "countdownDisplayBeforeRestartInMinutes": number(), "gracePeriodInMinutes": number(),
        "restartNotificationSnoozeDurationInMinutes?": number(), "later?": unknown(),
    }
}

fn mobile_app_assignment_settings() -> Json {
    one_of(vec![
        tagged(
            "iosLobAppAssignmentSettings",
            object! {
                "isRemovable?": flag(), "uninstallOnDeviceRemoval?": flag(), "vpnConfigurationId?": id(),
                "later?": unknown(),
            },
        ),
        tagged(
            "iosStoreAppAssignmentSettings",
            object! {
                "isRemovable?": flag(), "uninstallOnDeviceRemoval?": flag(), "vpnConfigurationId?": id(),
                "later?": unknown(),
            },
        ),
        tagged(
            "iosVppAppAssignmentSettings",
            object! {
                "useDeviceLicensing": flag(), "vpnConfigurationId?": id(), "later?": unknown(),
            },
        ),
        tagged(
            "macOsLobAppAssignmentSettings",
            object! { "uninstallOnDeviceRemoval?": flag(), "later?": unknown() },
        ),
        tagged(
            "microsoftStoreForBusinessAppAssignmentSettings",
            object! { "useDeviceContext": flag(), "later?": unknown() },
        ),
        tagged(
            "win32LobAppAssignmentSettings",
            object! {
                "autoUpdateSettings?": win32_lob_app_auto_update_settings(),
                "deliveryOptimizationPriority": member(Win32LobAppDeliveryOptimizationPriority::MEMBERS),
                "installTimeSettings?": mobile_app_install_time_settings(),
                "notifications": member(Win32LobAppNotification::MEMBERS),
                "restartSettings?": win32_lob_app_restart_settings(), "later?": unknown(),
            },
        ),
        tagged(
            "windowsAppXAppAssignmentSettings",
            object! { "useDeviceContext": flag(), "later?": unknown() },
        ),
        tagged(
            "windowsUniversalAppXAppAssignmentSettings",
            object! { "useDeviceContext": flag(), "later?": unknown() },
        ),
        from_the_future(),
    ])
}

pub(crate) fn device_and_app_management_assignment_target() -> Json {
    one_of(vec![
        tagged(
            "allDevicesAssignmentTarget",
            object! { "later?": unknown() },
        ),
        tagged(
            "allLicensedUsersAssignmentTarget",
            object! { "later?": unknown() },
        ),
        tagged(
            "configurationManagerCollectionAssignmentTarget",
            object! { "collectionId?": id(), "later?": unknown() },
        ),
        tagged(
            "exclusionGroupAssignmentTarget",
            object! { "groupId?": id(), "later?": unknown() },
        ),
        tagged(
            "groupAssignmentTarget",
            object! { "groupId?": id(), "later?": unknown() },
        ),
        from_the_future(),
    ])
}

fn mobile_app_assignment() -> Json {
    object! {
        "id": id(), "intent": member(InstallIntent::MEMBERS), "settings?": mobile_app_assignment_settings(),
        "target?": device_and_app_management_assignment_target(), "later?": unknown(),
    }
}

fn mobile_contained_app() -> Json {
    object! { "id": id() }
}

fn mobile_app_content_file() -> Json {
    object! {
        "id": id(), "azureStorageUri?": text(), "azureStorageUriExpirationDateTime?": instant(),
        "createdDateTime": instant(), "isCommitted": flag(), "isDependency": flag(), "manifest?": binary(),
        "name?": text(), "size": long(), "sizeEncrypted": long(), "uploadState": member(UploadState::MEMBERS),
    }
}

fn mobile_app_content() -> Json {
    object! {
        "id": id(), "containedApps?": list(mobile_contained_app()), "files?": list(mobile_app_content_file()),
    }
}

fn win32_lob_app_install_experience() -> Json {
    object! {
        "deviceRestartBehavior": member(Win32LobAppRestartBehavior::MEMBERS),
        "runAsAccount": member(RunAsAccountType::MEMBERS), "later?": unknown(),
    }
}

fn win32_lob_app_msi_information() -> Json {
    object! {
        "packageType": member(Win32LobAppMsiPackageType::MEMBERS), "productCode?": text(), "productName?": text(),
        "productVersion?": text(), "publisher?": text(), "requiresReboot": flag(), "upgradeCode?": text(),
        "later?": unknown(),
    }
}

fn win32_lob_app_return_code() -> Json {
    object! { "returnCode": number(), "type": member(Win32LobAppReturnCodeType::MEMBERS) }
}

fn win32_lob_app_rule() -> Json {
    one_of(vec![
        tagged(
            "win32LobAppFileSystemRule",
            object! {
                "ruleType": member(Win32LobAppRuleType::MEMBERS), "check32BitOn64System": flag(),
                "comparisonValue?": text(), "fileOrFolderName?": text(),
                "operationType": member(Win32LobAppFileSystemOperationType::MEMBERS),
                "operator": member(Win32LobAppRuleOperator::MEMBERS), "path?": text(), "later?": unknown(),
            },
        ),
        tagged(
            "win32LobAppPowerShellScriptRule",
            object! {
                "ruleType": member(Win32LobAppRuleType::MEMBERS), "comparisonValue?": text(), "displayName?": text(),
                "enforceSignatureCheck": flag(),
                "operationType": member(Win32LobAppPowerShellScriptRuleOperationType::MEMBERS),
                "operator": member(Win32LobAppRuleOperator::MEMBERS), "runAs32Bit": flag(),
                "runAsAccount?": member(RunAsAccountType::MEMBERS), "scriptContent?": text(), "later?": unknown(),
            },
        ),
        tagged(
            "win32LobAppProductCodeRule",
            object! {
                "ruleType": member(Win32LobAppRuleType::MEMBERS), "productCode?": text(), "productVersion?": text(),
                "productVersionOperator": member(Win32LobAppRuleOperator::MEMBERS), "later?": unknown(),
            },
        ),
        tagged(
            "win32LobAppRegistryRule",
            object! {
                "ruleType": member(Win32LobAppRuleType::MEMBERS), "check32BitOn64System": flag(),
                "comparisonValue?": text(), "keyPath?": text(),
                "operationType": member(Win32LobAppRegistryRuleOperationType::MEMBERS),
                "operator": member(Win32LobAppRuleOperator::MEMBERS), "valueName?": text(), "later?": unknown(),
            },
        ),
        from_the_future(),
    ])
}

fn mobile_app() -> Json {
    one_of(vec![
        tagged(
            "win32LobApp",
            object! {
                "id": id(), "createdDateTime": instant(), "description?": text(), "developer?": text(),
                "displayName?": text(), "informationUrl?": text(), "isFeatured": flag(),
                "largeIcon?": mime_content(), "lastModifiedDateTime": instant(), "notes?": text(), "owner?": text(),
                "privacyInformationUrl?": text(), "publisher?": text(),
                "publishingState": member(MobileAppPublishingState::MEMBERS),
                "assignments?": list(mobile_app_assignment()), "committedContentVersion?": id(), "fileName?": text(),
                "size": long(), "contentVersions?": list(mobile_app_content()),
                "allowedArchitectures?": any_of(&["none", "x64", "x64,x86"]),
                "applicableArchitectures": any_of(&["none", "x64", "x64,x86"]), "installCommandLine?": text(),
                "installExperience?": win32_lob_app_install_experience(), "minimumCpuSpeedInMHz?": number(),
                "minimumFreeDiskSpaceInMB?": number(), "minimumMemoryInMB?": number(),
                "minimumNumberOfProcessors?": number(), "minimumSupportedWindowsRelease?": text(),
                "msiInformation?": win32_lob_app_msi_information(),
                "returnCodes?": list(win32_lob_app_return_code()), "rules?": list(win32_lob_app_rule()),
                "setupFilePath?": text(), "uninstallCommandLine?": text(),
            },
        ),
        tagged(
            "windowsMobileMSI",
            object! {
                "id": id(), "createdDateTime": instant(), "description?": text(), "developer?": text(),
                "displayName?": text(), "informationUrl?": text(), "isFeatured": flag(),
                "largeIcon?": mime_content(), "lastModifiedDateTime": instant(), "notes?": text(), "owner?": text(),
                "privacyInformationUrl?": text(), "publisher?": text(),
                "publishingState": member(MobileAppPublishingState::MEMBERS),
                "assignments?": list(mobile_app_assignment()), "committedContentVersion?": id(), "fileName?": text(),
                "size": long(), "contentVersions?": list(mobile_app_content()), "commandLine?": text(),
                "ignoreVersionDetection": flag(), "productCode?": text(), "productVersion?": text(),
            },
        ),
        from_the_future(),
    ])
}

fn file_encryption_info() -> Json {
    object! {
        "encryptionKey?": binary(), "fileDigest?": binary(), "fileDigestAlgorithm?": text(),
        "initializationVector?": binary(), "mac?": binary(), "macKey?": binary(), "profileIdentifier?": text(),
    }
}

proptest! {
    #[test]
    fn mobile_app_survives(json in mobile_app()) {
        round_trip::<MobileApp>(json)?;
    }

    #[test]
    fn mobile_app_assignment_survives(json in mobile_app_assignment()) {
        round_trip::<MobileAppAssignment>(json)?;
    }

    #[test]
    fn mobile_app_content_survives(json in mobile_app_content()) {
        round_trip::<MobileAppContent>(json)?;
    }

    #[test]
    fn mobile_app_content_file_survives(json in mobile_app_content_file()) {
        round_trip::<MobileAppContentFile>(json)?;
    }

    #[test]
    fn file_encryption_info_survives(json in file_encryption_info()) {
        round_trip::<FileEncryptionInfo>(json)?;
    }
}
