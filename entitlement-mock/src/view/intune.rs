//! Apps, configurations and devices of Intune.

use entitlement_core::intune::device::{ComplianceState, ComplianceStatus};
use serde_json::{Value, json};

use super::item::{Item, View};
use super::links::Link;
use super::object::{Object, none, object};
use crate::world::table::Key;

impl View<'_> {
    pub(super) fn render_intune(self, item: Item) -> Option<Object> {
        match item {
            Item::App(key) => self.app(key),
            Item::AppAssignment(app, place) => self.app_assignment(app, place),
            Item::AppVersion(app, place) => {
                let version = self.world.apps.get(app)?.versions.get(place)?;
                Some(object! { "id": version.id, })
            }
            Item::AppFile(key) => self.app_file(key),
            Item::Configuration(key) => self.configuration(key),
            Item::ConfigurationAssignment(configuration, place) => {
                let row = self.world.configurations.get(configuration)?;
                let target = row.targets.get(place)?;
                Some(object! {
                    "id": format!("{configuration}_{}", target_id(&json!(target))),
                    "target": target,
                })
            }
            Item::ConfigurationStatus(configuration, device) => {
                self.configuration_status(configuration, device)
            }
            Item::ConfigurationOverview(key) => self.configuration_overview(key),
            Item::Device(key) => self.device(key),
            Item::DeviceConfiguration(device, configuration) => {
                self.device_configuration(device, configuration)
            }
            _ => None,
        }
    }

    pub(super) fn follow_intune(self, item: Item, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let many = |items: Vec<Item>| Some(Link::Many(items));
        match item {
            Item::User(key) | Item::DirectoryUser(key) if is("managedDevices") => {
                let devices = world.devices.iter();
                let own = devices.filter(|(_, device)| device.user == Some(key));
                many(own.map(|(key, _)| Item::Device(key)).collect())
            }
            Item::App(key) if is("assignments") => {
                let rows = world.apps.get(key)?.assignments.len();
                many(
                    (0..rows)
                        .map(|place| Item::AppAssignment(key, place))
                        .collect(),
                )
            }
            Item::App(key) if is("contentVersions") => {
                let rows = world.apps.get(key)?.versions.len();
                many(
                    (0..rows)
                        .map(|place| Item::AppVersion(key, place))
                        .collect(),
                )
            }
            Item::App(_) if is("categories") => many(Vec::new()),
            Item::AppVersion(app, place) if is("files") => {
                let version = world.apps.get(app)?.versions.get(place)?;
                many(version.files.iter().copied().map(Item::AppFile).collect())
            }
            Item::AppVersion(..) if is("containedApps") => many(Vec::new()),
            Item::Configuration(key) if is("assignments") => {
                let rows = world.configurations.get(key)?.targets.len();
                many(
                    (0..rows)
                        .map(|place| Item::ConfigurationAssignment(key, place))
                        .collect(),
                )
            }
            Item::Configuration(key) if is("deviceStatuses") => {
                let devices = world.devices.iter();
                let told = devices.filter(|(_, row)| row.configuration_reports.contains_key(&key));
                many(
                    told.map(|(device, _)| Item::ConfigurationStatus(key, device))
                        .collect(),
                )
            }
            Item::Configuration(key) if is("deviceStatusOverview") => {
                Some(Link::One(Some(Item::ConfigurationOverview(key))))
            }
            Item::Device(key) if is("deviceConfigurationStates") => {
                let reports = world.devices.get(key)?.configuration_reports.keys();
                let known = reports.filter(|row| world.configurations.contains(**row));
                many(
                    known
                        .map(|row| Item::DeviceConfiguration(key, *row))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    fn app(self, key: Key) -> Option<Object> {
        let row = self.world.apps.get(key)?;
        let mut object = object! {
            "@odata.type": format!("#microsoft.graph.{}", row.kind.type_name()),
            "id": key,
            "displayName": row.display_name,
            "createdDateTime": row.created,
            "lastModifiedDateTime": row.modified,
            "publishingState": row.state,
            "committedContentVersion": row.committed,
            "size": row.size,
        };
        for (name, value) in &row.properties {
            object.insert(name.clone(), value.clone());
        }
        Some(object)
    }

    fn app_assignment(self, app: Key, place: usize) -> Option<Object> {
        let row = self.world.apps.get(app)?.assignments.get(place)?;
        Some(object! {
            "id": row.id(),
            "intent": row.intent,
            "target": row.target,
            "settings": row.settings,
        })
    }

    fn app_file(self, key: Key) -> Option<Object> {
        let row = self.world.app_files.get(key)?;
        let (address, end) = row.address(key).unzip();
        Some(object! {
            "id": key,
            "name": row.name,
            "size": row.size,
            "sizeEncrypted": row.size_encrypted,
            "manifest": row.manifest,
            "isDependency": row.is_dependency,
            "uploadState": row.state,
            "azureStorageUri": address,
            "azureStorageUriExpirationDateTime": end,
            "isCommitted": row.is_committed,
            "createdDateTime": row.created,
        })
    }

    fn configuration(self, key: Key) -> Option<Object> {
        let row = self.world.configurations.get(key)?;
        Some(object! {
            "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
            "id": key,
            "displayName": row.display_name,
            "description": row.description,
            "version": row.version,
            "createdDateTime": row.created,
            "lastModifiedDateTime": row.modified,
            "omaSettings": row.settings,
        })
    }

    fn configuration_status(self, configuration: Key, device: Key) -> Option<Object> {
        let row = self.world.devices.get(device)?;
        let report = row.configuration_reports.get(&configuration)?;
        let person = row.user.and_then(|key| self.world.users.get(key));
        Some(object! {
            "id": format!("{configuration}_{device}"),
            "deviceDisplayName": row.name,
            "userName": person.map(|person| &person.display_name),
            "userPrincipalName": person.map(|person| &person.principal_name),
            "deviceModel": "Virtual Machine",
            "platform": 0,
            "complianceGracePeriodExpirationDateTime": report.at,
            "status": report.status,
            "lastReportedDateTime": report.at,
        })
    }

    fn configuration_overview(self, key: Key) -> Option<Object> {
        let row = self.world.configurations.get(key)?;
        let reports = self.world.devices.iter();
        let reports: Vec<_> = reports
            .filter_map(|(_, device)| device.configuration_reports.get(&key))
            .collect();
        let count = |statuses: &[ComplianceStatus]| {
            let of_kind = reports
                .iter()
                .filter(|report| statuses.contains(&report.status));
            of_kind.count()
        };
        let last = reports.iter().map(|report| report.at).max();
        Some(object! {
            "id": key,
            "pendingCount": 0,
            "notApplicableCount": count(&[ComplianceStatus::NotApplicable]),
            "successCount": count(&[ComplianceStatus::Compliant, ComplianceStatus::Remediated]),
            "errorCount": count(&[ComplianceStatus::Error]),
            "failedCount": count(&[ComplianceStatus::NonCompliant, ComplianceStatus::Conflict]),
            "lastUpdateDateTime": last.unwrap_or(row.modified),
            "configurationVersion": row.version,
        })
    }

    fn device(self, key: Key) -> Option<Object> {
        let row = self.world.devices.get(key)?;
        let person = row.user.and_then(|key| self.world.users.get(key));
        Some(object! {
            "id": key,
            "userId": row.user.map_or_else(String::new, |key| key.to_string()),
            "deviceName": row.name,
            "managedDeviceOwnerType": "company",
            "enrolledDateTime": row.enrolled,
            "lastSyncDateTime": row.last_sync.unwrap_or(row.enrolled),
            "operatingSystem": "Windows",
            "osVersion": row.os_version,
            "complianceState": ComplianceState::Compliant,
            "managementAgent": "mdm",
            "azureADRegistered": true,
            "azureADDeviceId": row.object,
            "deviceRegistrationState": "registered",
            "emailAddress": person.and_then(|person| person.mail.as_deref()),
            "userPrincipalName": person.map(|person| &person.principal_name),
            "userDisplayName": person.map(|person| &person.display_name),
            "deviceActionResults": none(),
        })
    }

    fn device_configuration(self, device: Key, configuration: Key) -> Option<Object> {
        let report = self.world.devices.get(device)?;
        let report = report.configuration_reports.get(&configuration)?;
        let row = self.world.configurations.get(configuration)?;
        Some(object! {
            "id": configuration,
            "displayName": row.display_name,
            "version": row.version,
            "platformType": "windows10AndLater",
            "state": report.status,
            "settingCount": row.settings.len(),
            "settingStates": none(),
        })
    }
}

/// What tells the targets of a configuration apart: the group, or the kind.
fn target_id(target: &Value) -> String {
    let kind = target["@odata.type"].as_str().unwrap_or_default();
    let kind = kind.strip_prefix("#microsoft.graph.").unwrap_or(kind);
    match target["groupId"].as_str() {
        Some(group) if kind.starts_with("exclusion") => format!("{group}_1"),
        Some(group) => format!("{group}_0"),
        None => kind.to_owned(),
    }
}
