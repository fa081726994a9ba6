//! The operations of Intune.

use entitlement_graph::GraphClient;
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::intune::assignment::{
    InstallIntent, MobileAppAssignmentDraft, MobileAppAssignments,
};
use entitlement_graph::core::intune::binary::Binary;
use entitlement_graph::core::intune::configuration::{
    DeviceConfigurationAssignmentDraft, DeviceConfigurationAssignments,
    Windows10CustomConfigurationPatch,
};
use entitlement_graph::core::intune::content::{
    EncryptionProfile1, MobileAppContentDraft, MobileAppContentFileCommit,
    MobileAppContentFileDraft,
};
use entitlement_graph::core::intune::lob::AppDetails;
use entitlement_graph::core::intune::local_groups::{LocalGroup, LocalGroupPolicy, LocalMember};
use entitlement_graph::core::intune::msi::{WindowsMobileMsiDraft, WindowsMobileMsiPatch};
use entitlement_graph::core::intune::target::AssignmentTarget;
use entitlement_graph::intune::{ContentHandle, ContentKind, FileHandle};
use serde::Serialize;
use serde_json::{Value, json};

use super::Operation;

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn body(body: &impl Serialize) -> Value {
    serde_json::to_value(body).unwrap()
}

fn msi() -> WindowsMobileMsiDraft {
    let details = AppDetails::builder("MIP client", "Contoso").build();
    let code = "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}";
    WindowsMobileMsiDraft::builder(details, "MIP.msi", code, "3.1.310.0")
        .build()
        .unwrap()
}

fn msi_patch() -> WindowsMobileMsiPatch {
    WindowsMobileMsiPatch {
        command_line: "/quiet".into(),
        ..WindowsMobileMsiPatch::default()
    }
}

fn everybody() -> MobileAppAssignmentDraft {
    MobileAppAssignmentDraft::new(
        InstallIntent::Available,
        AssignmentTarget::all_licensed_users(),
    )
}

fn all_rows() -> MobileAppAssignments {
    MobileAppAssignments::builder()
        .assign(everybody())
        .build()
        .unwrap()
}

fn file() -> MobileAppContentFileDraft {
    MobileAppContentFileDraft::msi("MIP.msi", 3, Binary::encode("<MobileMsiData/>")).unwrap()
}

fn commit() -> MobileAppContentFileCommit {
    MobileAppContentFileCommit::new(&EncryptionProfile1 {
        encryption_key: [1; 32],
        mac_key: [2; 32],
        initialization_vector: [3; 16],
        mac: [4; 32],
        file_digest: [5; 32],
    })
}

fn contents(client: &GraphClient) -> ContentHandle {
    client
        .intune()
        .app(&id("app-1"))
        .contents(ContentKind::WindowsMobileMsi)
}

fn content_file(client: &GraphClient) -> FileHandle {
    contents(client)
        .version(&id("version-1"))
        .file(&id("file-1"))
}

fn local_admins() -> LocalGroupPolicy {
    let group = id("21d05557-b7b6-418f-86fa-a3118d751be4");
    LocalGroupPolicy::builder("Local administrators")
        .add(
            LocalGroup::Administrators,
            LocalMember::entra_group(&group).unwrap(),
        )
        .build()
        .unwrap()
}

fn configuration_patch() -> Windows10CustomConfigurationPatch {
    Windows10CustomConfigurationPatch {
        description: "Clients".into(),
        ..Windows10CustomConfigurationPatch::default()
    }
}

fn devices() -> DeviceConfigurationAssignmentDraft {
    AssignmentTarget::all_devices().into()
}

fn all_devices() -> DeviceConfigurationAssignments {
    let all = DeviceConfigurationAssignments::builder();
    all.assign(AssignmentTarget::all_devices()).build().unwrap()
}

pub(super) fn operations() -> Vec<Operation> {
    let mut all = apps();
    all.extend(configurations_and_devices());
    all
}

fn apps() -> Vec<Operation> {
    operations! {
        "GET deviceAppManagement/mobileApps" => |c| c.intune().apps().list().next();
        "POST deviceAppManagement/mobileApps", msi() => |c| c.intune().apps().create(&msi().into());
        "PATCH deviceAppManagement/mobileApps/app-1", msi_patch()
            => |c| c.intune().apps().update(&id("app-1"), &msi_patch().into());
        "DELETE deviceAppManagement/mobileApps/app-1" => |c| c.intune().apps().delete(&id("app-1"));
        "GET deviceAppManagement/mobileApps/app-1/assignments"
            => |c| c.intune().app(&id("app-1")).assignments().list().next();
        "POST deviceAppManagement/mobileApps/app-1/assign", all_rows()
            => |c| c.intune().app(&id("app-1")).assign(&all_rows());
        "DELETE deviceAppManagement/mobileApps/app-1/assignments/row-1"
            => |c| c.intune().app(&id("app-1")).assignments().delete(&id("row-1"));
        "GET deviceAppManagement/mobileApps/app-1/microsoft.graph.win32LobApp/contentVersions"
            => |c| c.intune().app(&id("app-1")).contents(ContentKind::Win32Lob).versions().list().next();
        "POST deviceAppManagement/mobileApps/app-1/microsoft.graph.windowsMobileMSI/contentVersions", json!({})
            => |c| contents(&c).versions().create(&MobileAppContentDraft::default());
        "GET deviceAppManagement/mobileApps/app-1/microsoft.graph.windowsMobileMSI/contentVersions/version-1/files"
            => |c| contents(&c).version(&id("version-1")).files().list().next();
        "POST deviceAppManagement/mobileApps/app-1/microsoft.graph.windowsMobileMSI/contentVersions/version-1/files",
            file() => |c| contents(&c).version(&id("version-1")).files().create(&file());
        "GET deviceAppManagement/mobileApps/app-1/microsoft.graph.windowsMobileMSI/contentVersions/version-1/files/file-1"
            => |c| content_file(&c).get();
        "POST deviceAppManagement/mobileApps/app-1/microsoft.graph.windowsMobileMSI/contentVersions/version-1/files/file-1/commit",
            commit() => |c| content_file(&c).commit(&commit());
        "POST deviceAppManagement/mobileApps/app-1/microsoft.graph.windowsMobileMSI/contentVersions/version-1/files/file-1/renewUpload"
            => |c| content_file(&c).renew_upload();
        "POST deviceManagement/reports/retrieveDeviceAppInstallationStatusReport", json!({
            "name": "DeviceInstallStatusByApp", "filter": "(ApplicationId eq 'app-1')",
            "select": ["DeviceId", "DeviceName", "UserPrincipalName", "AppInstallState", "AppInstallStateDetails",
                "HexErrorCode", "AppVersion", "LastModifiedDateTime"],
            "search": "", "groupBy": [], "orderBy": [], "skip": 0, "top": 50, "sessionId": ""
        }) => |c| c.intune().app(&id("app-1")).install_statuses();
    }
}

fn configurations_and_devices() -> Vec<Operation> {
    operations! {
        "GET deviceManagement/deviceConfigurations" => |c| c.intune().configurations().list().next();
        "POST deviceManagement/deviceConfigurations", json!({
            "@odata.type": "#microsoft.graph.windows10CustomConfiguration", "displayName": "Local administrators",
            "omaSettings": [{"@odata.type": "#microsoft.graph.omaSettingString", "displayName": "LocalUsersAndGroups",
                "omaUri": "./Device/Vendor/MSFT/Policy/Config/LocalUsersAndGroups/Configure",
                "value": local_admins().to_xml()}]
        }) => |c| c.intune().configurations().create(&local_admins().to_configuration().unwrap());
        "PATCH deviceManagement/deviceConfigurations/configuration-1", configuration_patch()
            => |c| c.intune().configurations().update(&id("configuration-1"), &configuration_patch());
        "DELETE deviceManagement/deviceConfigurations/configuration-1"
            => |c| c.intune().configurations().delete(&id("configuration-1"));
        "GET deviceManagement/deviceConfigurations/configuration-1/assignments"
            => |c| c.intune().configuration(&id("configuration-1")).assignments().list().next();
        "POST deviceManagement/deviceConfigurations/configuration-1/assignments", devices()
            => |c| c.intune().configuration(&id("configuration-1")).assignments().create(&devices());
        "POST deviceManagement/deviceConfigurations/configuration-1/assign", all_devices()
            => |c| c.intune().configuration(&id("configuration-1")).assign(&all_devices());
        "GET deviceManagement/deviceConfigurations/configuration-1/deviceStatuses"
            => |c| c.intune().configuration(&id("configuration-1")).device_statuses().list().next();
        "GET deviceManagement/deviceConfigurations/configuration-1/deviceStatusOverview"
            => |c| c.intune().configuration(&id("configuration-1")).device_status_overview();
        "GET deviceManagement/deviceConfigurations/configuration-1/getOmaSettingPlainTextValue(secretReferenceValueId='s-1')"
            => |c| c.intune().configuration(&id("configuration-1")).plain_text_value("s-1");
        "GET deviceManagement/managedDevices" => |c| c.intune().managed_devices().list().next();
        "GET deviceManagement/managedDevices/device-1" => |c| c.intune().managed_device(&id("device-1")).get();
        "POST deviceManagement/managedDevices/device-1/syncDevice"
            => |c| c.intune().managed_device(&id("device-1")).sync();
        "GET deviceManagement/managedDevices/device-1/deviceConfigurationStates"
            => |c| c.intune().managed_device(&id("device-1")).configuration_states().list().next();
        "GET users/user-1/managedDevices" => |c| c.intune().devices_of(&id("user-1")).list().next();
    }
}
