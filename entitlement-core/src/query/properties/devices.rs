//! Apps, configurations, and who gets them.

use crate::entity::Id;
use crate::intune::app::{MobileApp, MobileAppPublishingState};
use crate::intune::assignment::{InstallIntent, MobileAppAssignment};
use crate::intune::configuration::{DeviceConfiguration, DeviceConfigurationAssignment};
use crate::intune::content::{MobileAppContent, MobileAppContentFile, UploadState};
use crate::query::declared::{Declared, properties};
use crate::query::property::{Property, Structure, ToMany};
use crate::time::Timestamp;

properties! {
    MobileApp = "mobileApp" {
        ID: Id<MobileApp> = "id";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION: String = "description";
        DEVELOPER: String = "developer";
        DISPLAY_NAME: String = "displayName";
        INFORMATION_URL: String = "informationUrl";
        IS_FEATURED: bool = "isFeatured";
        LARGE_ICON: Structure = "largeIcon";
        LAST_MODIFIED_DATE_TIME: Timestamp = "lastModifiedDateTime";
        NOTES: String = "notes";
        OWNER: String = "owner";
        PRIVACY_INFORMATION_URL: String = "privacyInformationUrl";
        PUBLISHER: String = "publisher";
        PUBLISHING_STATE: MobileAppPublishingState = "publishingState";
        ASSIGNMENTS => MobileAppAssignment = "assignments";
    }

    MobileAppAssignment = "mobileAppAssignment" {
        ID: Id<MobileAppAssignment> = "id";
        INTENT: InstallIntent = "intent";
        SETTINGS: Structure = "settings";
        TARGET: Structure = "target";
    }

    MobileAppContent = "mobileAppContent" {
        ID: Id<MobileAppContent> = "id";
        FILES => MobileAppContentFile = "files";
    }

    MobileAppContentFile = "mobileAppContentFile" {
        ID: Id<MobileAppContentFile> = "id";
        AZURE_STORAGE_URI: String = "azureStorageUri";
        AZURE_STORAGE_URI_EXPIRATION_DATE_TIME: Timestamp = "azureStorageUriExpirationDateTime";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        IS_COMMITTED: bool = "isCommitted";
        IS_DEPENDENCY: bool = "isDependency";
        MANIFEST: Structure = "manifest";
        NAME: String = "name";
        SIZE: i64 = "size";
        SIZE_ENCRYPTED: i64 = "sizeEncrypted";
        UPLOAD_STATE: UploadState = "uploadState";
    }

    DeviceConfiguration = "deviceConfiguration" {
        ID: Id<DeviceConfiguration> = "id";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        LAST_MODIFIED_DATE_TIME: Timestamp = "lastModifiedDateTime";
        VERSION: i32 = "version";
        ASSIGNMENTS => DeviceConfigurationAssignment = "assignments";
    }

    DeviceConfigurationAssignment = "deviceConfigurationAssignment" {
        ID: Id<DeviceConfigurationAssignment> = "id";
        TARGET: Structure = "target";
    }
}
