//! Settings that Intune puts on devices.
//!
//! A [`DeviceConfiguration`] is of some [`kind`](DeviceConfiguration::kind), of which this version knows one: a list of
//! [settings by their address](super::oma). [`DeviceConfigurationAssignments`] is what the action `assign` takes: the
//! whole list, which replaces the one before.
//!
//! Intune hands the values on as they are: whether a device understands them shows only there.
//!
//! ```
//! use entitlement_core::intune::configuration::{DeviceConfigurationAssignments, Windows10CustomConfigurationDraft};
//! use entitlement_core::intune::oma::OmaSetting;
//! use entitlement_core::intune::target::AssignmentTarget;
//!
//! let configuration = Windows10CustomConfigurationDraft::builder("Local administrators")
//!     .oma_setting(OmaSetting::string(
//!         "LocalUsersAndGroups",
//!         "./Device/Vendor/MSFT/Policy/Config/LocalUsersAndGroups/Configure",
//!         "<GroupConfiguration/>",
//!     ))
//!     .build()?;
//! let everywhere = DeviceConfigurationAssignments::builder()
//!     .assign(AssignmentTarget::all_devices())
//!     .build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::oma::OmaSetting;
use super::target::AssignmentTarget;
use crate::entity::{Creatable, Deletable, Entity, Id, Listable, Patch, Patchable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::union::union;
use crate::wire::{Expandable, Field};

union! {
    /// What is special about a configuration of some kind.
    DeviceConfigurationKind = "deviceConfiguration" {
        /// A list of settings by their address.
        Windows10Custom(Windows10CustomConfiguration) = "#microsoft.graph.windows10CustomConfiguration",
    }
}

/// A configuration
/// ([deviceConfiguration](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-deviceconfiguration)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeviceConfiguration {
    /// The configuration's id.
    pub id: Id<DeviceConfiguration>,
    /// The name administrators see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How often it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// When it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_modified_date_time: Option<Timestamp>,
    /// For whom it is.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub assignments: Expandable<Vec<DeviceConfigurationAssignment>>,
    /// What is special about its kind.
    #[serde(flatten)]
    pub kind: DeviceConfigurationKind,
}

impl Entity for DeviceConfiguration {
    const TYPE: &'static str = "deviceConfiguration";
    const COLLECTION: &'static str = "deviceManagement/deviceConfigurations";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for DeviceConfiguration {}

impl Creatable for DeviceConfiguration {
    type Draft = Windows10CustomConfigurationDraft;
}

impl Patchable for DeviceConfiguration {
    type Patch = Windows10CustomConfigurationPatch;
}

impl Deletable for DeviceConfiguration {}

/// A list of settings by their address
/// ([windows10CustomConfiguration](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-windows10customconfiguration)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Windows10CustomConfiguration {
    /// The settings.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub oma_settings: Vec<OmaSetting>,
}

impl Windows10CustomConfiguration {
    /// The type's name in the Graph schema.
    pub const TYPE: &'static str = "windows10CustomConfiguration";
}

/// A list of settings to be made
/// ([create windows10CustomConfiguration](https://learn.microsoft.com/graph/api/intune-deviceconfig-windows10customconfiguration-create)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(
    tag = "@odata.type",
    rename = "#microsoft.graph.windows10CustomConfiguration",
    rename_all = "camelCase"
)]
#[builder(finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct Windows10CustomConfigurationDraft {
    #[builder(start_fn)]
    display_name: String,
    #[builder(field)]
    oma_settings: Vec<OmaSetting>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

impl<S: windows10_custom_configuration_draft_builder::State>
    Windows10CustomConfigurationDraftBuilder<S>
{
    /// One more setting.
    pub fn oma_setting(mut self, setting: OmaSetting) -> Self {
        self.oma_settings.push(setting);
        self
    }

    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name of the configuration or of a setting (INT-13), an address that is not one or is
    /// written to twice (INT-14), or a value that cannot be sent (INT-15).
    pub fn build(self) -> Result<Windows10CustomConfigurationDraft, Invalid>
    where
        S: windows10_custom_configuration_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        checker.name("displayName", &draft.display_name, "INT-13");
        check_settings(&mut checker, &draft.oma_settings);
        checker.finish(Windows10CustomConfiguration::TYPE)?;
        Ok(draft)
    }
}

fn check_settings(checker: &mut Checker, settings: &[OmaSetting]) {
    let address =
        |setting: &OmaSetting| setting.base().map(|base| base.oma_uri.to_ascii_lowercase());
    checker.each("omaSettings", settings, |c, setting| {
        setting.check(c);
        let ours = address(setting);
        let writers = settings.iter().filter(|other| address(other) == ours);
        c.ensure(
            "omaUri",
            ours.is_none() || writers.count() == 1,
            "INT-14",
            "is written to twice",
            "leave one of the settings out",
        );
    });
}

/// What changes about a list of settings
/// ([update windows10CustomConfiguration](https://learn.microsoft.com/graph/api/intune-deviceconfig-windows10customconfiguration-update)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(
    tag = "@odata.type",
    rename = "#microsoft.graph.windows10CustomConfiguration",
    rename_all = "camelCase"
)]
pub struct Windows10CustomConfigurationPatch {
    /// The name administrators see.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub display_name: Field<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub description: Field<String>,
    /// All settings.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub oma_settings: Field<Vec<OmaSetting>>,
}

impl Patch for Windows10CustomConfigurationPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        checker.kept_name("displayName", &self.display_name, "INT-13");
        checker.kept("omaSettings", &self.oma_settings, "INT-16");
        if let Field::Set(settings) = &self.oma_settings {
            check_settings(&mut checker, settings);
        }
        checker.finish(Windows10CustomConfiguration::TYPE)
    }
}

/// A row of a configuration's assignments
/// ([deviceConfigurationAssignment](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-deviceconfigurationassignment)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeviceConfigurationAssignment {
    /// The row's id.
    pub id: Id<DeviceConfigurationAssignment>,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<AssignmentTarget>,
}

/// Assignments belong to one configuration: their path has its id in the middle.
impl Entity for DeviceConfigurationAssignment {
    const TYPE: &'static str = "deviceConfigurationAssignment";
    const COLLECTION: &'static str = "deviceManagement/deviceConfigurations/assignments";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for DeviceConfigurationAssignment {}

impl Creatable for DeviceConfigurationAssignment {
    type Draft = DeviceConfigurationAssignmentDraft;
}

impl Deletable for DeviceConfigurationAssignment {}

/// An assignment to be made
/// ([create deviceConfigurationAssignment](https://learn.microsoft.com/graph/api/intune-deviceconfig-deviceconfigurationassignment-create)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceConfigurationAssignmentDraft {
    target: AssignmentTarget,
}

impl From<AssignmentTarget> for DeviceConfigurationAssignmentDraft {
    fn from(target: AssignmentTarget) -> Self {
        Self { target }
    }
}

/// All assignments of a configuration
/// ([assign](https://learn.microsoft.com/graph/api/intune-deviceconfig-deviceconfiguration-assign)); what is not among
/// them ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[builder(finish_fn(name = assemble, vis = ""))]
pub struct DeviceConfigurationAssignments {
    #[builder(field)]
    assignments: Vec<DeviceConfigurationAssignmentDraft>,
}

impl DeviceConfigurationAssignments {
    /// The list that is there, and some targets more; `None` if they are all in it.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a target named twice (INT-11).
    pub fn adding(
        before: Vec<DeviceConfigurationAssignment>,
        targets: impl IntoIterator<Item = AssignmentTarget>,
    ) -> Result<Option<Self>, Invalid> {
        let is_there = |target: &AssignmentTarget| {
            let mut known = before.iter().filter_map(|row| row.target.as_ref());
            known.any(|known| known.overlaps(target))
        };
        let missing: Vec<_> = targets.into_iter().filter(|one| !is_there(one)).collect();
        if missing.is_empty() {
            return Ok(None);
        }
        let mut list = Self::builder().keep(before);
        for target in missing {
            list = list.assign(target);
        }
        list.build().map(Some)
    }
}

impl<S: device_configuration_assignments_builder::State> DeviceConfigurationAssignmentsBuilder<S> {
    /// The rows that are there already, or those of them that shall stay.
    pub fn keep(mut self, rows: impl IntoIterator<Item = DeviceConfigurationAssignment>) -> Self {
        let targets = rows.into_iter().filter_map(|row| row.target);
        self.assignments.extend(targets.map(Into::into));
        self
    }

    /// One more target.
    pub fn assign(mut self, target: AssignmentTarget) -> Self {
        self.assignments.push(target.into());
        self
    }

    /// Checks the list.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a target named twice (INT-11).
    pub fn build(self) -> Result<DeviceConfigurationAssignments, Invalid>
    where
        S: device_configuration_assignments_builder::IsComplete,
    {
        let list = self.assemble();
        let rows = &list.assignments;
        let mut checker = Checker::new();
        checker.each("assignments", rows, |c, row| {
            let alike = rows
                .iter()
                .filter(|other| row.target.overlaps(&other.target));
            c.ensure(
                "target",
                alike.count() == 1,
                "INT-11",
                "is named twice",
                "leave one of the rows out",
            );
        });
        checker.finish(DeviceConfigurationAssignment::TYPE)?;
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire;

    #[test]
    fn settings_of_every_kind_come_back_equal() {
        let setting = |kind: &str, value: serde_json::Value| {
            json!({"@odata.type": format!("#microsoft.graph.omaSetting{kind}"), "displayName": kind,
                "omaUri": format!("./Vendor/{kind}"), "value": value, "isEncrypted": false})
        };
        let documented = json!({
            "@odata.type": "#microsoft.graph.windows10CustomConfiguration", "id": "c1", "displayName": "Local admins",
            "version": 7, "createdDateTime": "2017-01-01T08:02:43.5775965Z",
            "omaSettings": [
                setting("String", json!("<x/>")), setting("StringXml", json!("PHgvPg==")),
                setting("Base64", json!("dmFsdWU=")), setting("Integer", json!(4)),
                setting("FloatingPoint", json!(4.2)), setting("Boolean", json!(true)),
                setting("DateTime", json!("2017-01-01T08:02:43Z")), setting("Mood", json!({"colour": "green"})),
            ],
            "assignments": [{"id": "c1_g1", "target": {
                "@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "g1"}}],
        });
        let configuration: DeviceConfiguration = wire::decode_value(documented.clone()).unwrap();
        assert_eq!(serde_json::to_value(&configuration).unwrap(), documented);
        let broken = br##"{"@odata.type": "#microsoft.graph.omaSettingInteger", "displayName": "x", "omaUri": "./x", "value": "4"}"##;
        let error = wire::decode::<OmaSetting>(broken).unwrap_err();
        assert!(error.problem().contains("value"), "{error}");
    }

    #[test]
    fn other_kinds_of_configuration_keep_what_is_special_about_them() {
        let wifi = json!({"@odata.type": "#microsoft.graph.windowsWifiConfiguration", "id": "c2", "version": 1, "ssid": "x"});
        let configuration: DeviceConfiguration = wire::decode_value(wifi.clone()).unwrap();
        assert!(matches!(
            configuration.kind,
            DeviceConfigurationKind::Unknown(_)
        ));
        assert_eq!(serde_json::to_value(&configuration).unwrap(), wifi);
    }

    #[test]
    fn every_flaw_of_a_draft_is_named() {
        let refused = Windows10CustomConfigurationDraft::builder(" ")
            .oma_setting(OmaSetting::boolean("", "./Device/A", true))
            .oma_setting(OmaSetting::floating_point("b", "./device/a", f64::NAN))
            .oma_setting(OmaSetting::base64("c", "Device/C", "c.bin", [1, 2, 3]))
            .build()
            .unwrap_err();
        let found: Vec<_> = refused
            .violations()
            .iter()
            .map(|v| (v.rule(), v.path()))
            .collect();
        assert_eq!(
            found,
            [
                ("INT-13", "displayName"),
                ("INT-13", "omaSettings[0].displayName"),
                ("INT-14", "omaSettings[0].omaUri"),
                ("INT-15", "omaSettings[1].value"),
                ("INT-14", "omaSettings[1].omaUri"),
                ("INT-14", "omaSettings[2].omaUri"),
            ]
        );
    }

    #[test]
    fn a_configuration_is_assigned_as_a_whole() {
        let group = AssignmentTarget::group(&"g1".parse().unwrap());
        let row = DeviceConfigurationAssignment {
            id: "r1".parse().unwrap(),
            target: Some(AssignmentTarget::all_devices()),
        };
        let all = DeviceConfigurationAssignments::builder()
            .keep([row])
            .assign(group.clone());
        assert_eq!(
            serde_json::to_value(all.build().unwrap()).unwrap(),
            json!({"assignments": [
                {"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}},
                {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "g1"}},
            ]})
        );
        let there = || {
            vec![DeviceConfigurationAssignment {
                id: "r1".parse().unwrap(),
                target: Some(group.clone()),
            }]
        };
        let adding = |target| DeviceConfigurationAssignments::adding(there(), [target]).unwrap();
        assert_eq!(adding(group.clone()), None);
        let both = adding(AssignmentTarget::all_devices()).expect("a target is missing");
        assert_eq!(both.assignments.len(), 2);

        let twice = DeviceConfigurationAssignments::builder()
            .assign(group.clone())
            .assign(group);
        assert_eq!(twice.build().unwrap_err().violations().len(), 2);
    }
}
