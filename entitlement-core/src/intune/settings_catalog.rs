//! Policies out of Intune's settings catalog, which only the beta endpoint has (feature `beta`).
//!
//! The portal keeps under *account protection* what a [`LocalGroupPolicy`] says as one of these. A
//! [`ConfigurationPolicy`] is written back whole.
//!
//! ```
//! use entitlement_core::intune::local_groups::{LocalGroup, LocalGroupPolicy, LocalMember};
//! use entitlement_core::intune::settings_catalog::ConfigurationPolicyDraft;
//!
//! let group = "21d05557-b7b6-418f-86fa-a3118d751be4".parse()?;
//! let policy = LocalGroupPolicy::builder("Local administrators")
//!     .add(LocalGroup::Administrators, LocalMember::entra_group(&group)?)
//!     .build()?;
//! let draft = ConfigurationPolicyDraft::from(&policy);
//! assert_eq!(serde_json::to_value(&draft)?["technologies"], "mdm");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::local_groups::{LocalGroup, LocalGroupPolicy, LocalGroupRule, LocalMember};
use super::target::AssignmentTarget;
use crate::entity::Id;
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::RawObject;

/// The template behind the portal's *Local user group membership*.
const TEMPLATE: &str = "22968f54-45fa-486c-848e-f8224aa69772_1";
const ROOT_TEMPLATE: &str = "de06bec1-4852-48a0-9799-cf7b85992d45";
const GROUP_TEMPLATE: &str = "76fa254e-cbdb-4718-8bdd-cd41e57caa02";
const ROOT: &str = "device_vendor_msft_policy_config_localusersandgroups_configure";

/// A policy out of the settings catalog
/// ([deviceManagementConfigurationPolicy](https://learn.microsoft.com/graph/api/resources/intune-deviceconfigv2-devicemanagementconfigurationpolicy?view=graph-rest-beta)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConfigurationPolicy {
    /// The policy's id.
    pub id: Id<ConfigurationPolicy>,
    /// The name administrators see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is for anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_assigned: Option<bool>,
    /// How many settings it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting_count: Option<i32>,
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
    /// Properties this version has no name for, the settings among them where they were asked for.
    #[serde(flatten, deserialize_with = "crate::wire::without_annotations")]
    pub unknown: RawObject,
}

impl ConfigurationPolicy {
    /// The type's name in the Graph schema.
    pub const TYPE: &'static str = "deviceManagementConfigurationPolicy";
    /// The path of its collection below the root of the beta endpoint.
    pub const COLLECTION: &'static str = "deviceManagement/configurationPolicies";
}

/// A policy out of the settings catalog to be made, or to take the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationPolicyDraft {
    name: String,
    description: String,
    platforms: &'static str,
    technologies: &'static str,
    role_scope_tag_ids: Vec<String>,
    template_reference: Value,
    settings: Vec<Value>,
}

impl From<&LocalGroupPolicy> for ConfigurationPolicyDraft {
    fn from(policy: &LocalGroupPolicy) -> Self {
        let rules: Vec<Value> = policy.rules().iter().flat_map(groups).collect();
        let mut root = instance("GroupSettingCollection", ROOT);
        root["settingInstanceTemplateReference"] =
            json!({"settingInstanceTemplateId": ROOT_TEMPLATE});
        root["groupSettingCollectionValue"] = rules.into();
        Self {
            name: policy.display_name().to_owned(),
            description: policy.description().unwrap_or_default().to_owned(),
            platforms: "windows10",
            technologies: "mdm",
            role_scope_tag_ids: vec!["0".to_owned()],
            template_reference: json!({"templateId": TEMPLATE}),
            settings: vec![json!({
                "@odata.type": "#microsoft.graph.deviceManagementConfigurationSetting",
                "settingInstance": root,
            })],
        }
    }
}

fn instance(kind: &str, definition: &str) -> Value {
    json!({
        "@odata.type": format!("#microsoft.graph.deviceManagementConfiguration{kind}Instance"),
        "settingDefinitionId": definition,
    })
}

fn part(name: &str) -> String {
    format!("{ROOT}_groupconfiguration_accessgroup{name}")
}

/// What becomes of a local group takes one row for each action; the last of them counts for restrictions.
fn groups(rule: &LocalGroupRule) -> Vec<Value> {
    let incoming = if rule.is_restriction() {
        // Not `add_replace`, which is also listed and which the service refuses.
        "add_restrict"
    } else {
        "add_update"
    };
    let actions = [(incoming, rule.incoming()), ("remove_update", &rule.remove)];
    let meant = actions
        .into_iter()
        .filter(|(_, members)| !members.is_empty());
    meant
        .map(|(action, members)| row(rule.group, action, members))
        .collect()
}

fn row(group: LocalGroup, action: &str, members: &[LocalMember]) -> Value {
    let mut desc = instance("ChoiceSettingCollection", &part("_desc"));
    desc["choiceSettingCollectionValue"] = json!([
        {"value": part(&format!("_desc_{}", option(group))), "children": []}
    ]);

    let mut doing = instance("ChoiceSetting", &part("_action"));
    doing["choiceSettingValue"] =
        json!({"value": part(&format!("_action_{action}")), "children": []});

    let values: Vec<Value> = members
        .iter()
        .map(|member| {
            json!({
                "@odata.type": "#microsoft.graph.deviceManagementConfigurationStringSettingValue",
                "value": member.as_str(),
            })
        })
        .collect();
    let mut users = instance("SimpleSettingCollection", &part("_users"));
    users["simpleSettingCollectionValue"] = values.into();
    // Names are resolved by the device; the portal offers a list of people and groups where all are SIDs.
    let only_sids = members
        .iter()
        .all(|member| member.as_str().starts_with("S-1-12-1-"));
    let selection = if only_sids { "users" } else { "manual" };
    let mut who = instance("ChoiceSetting", &part("_userselectiontype"));
    who["choiceSettingValue"] = json!({
        "value": part(&format!("_userselectiontype_{selection}")),
        "children": [users],
    });

    let mut access = instance("GroupSettingCollection", &part(""));
    access["settingInstanceTemplateReference"] =
        json!({"settingInstanceTemplateId": GROUP_TEMPLATE});
    access["groupSettingCollectionValue"] = json!([{"children": [desc, doing, who]}]);
    json!({"children": [access]})
}

fn option(group: LocalGroup) -> &'static str {
    match group {
        LocalGroup::Administrators => "administrators",
        LocalGroup::Users => "users",
        LocalGroup::Guests => "guests",
        LocalGroup::PowerUsers => "powerusers",
        LocalGroup::RemoteDesktopUsers => "remotedesktopusers",
        LocalGroup::RemoteManagementUsers => "remotemanagementusers",
    }
}

/// A row of a policy's assignments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConfigurationPolicyAssignment {
    /// The row's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id<ConfigurationPolicyAssignment>>,
    /// For whom.
    pub target: AssignmentTarget,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// All assignments of a policy; what is not among them ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfigurationPolicyAssignments {
    assignments: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Row {
    target: AssignmentTarget,
}

impl ConfigurationPolicyAssignments {
    /// These targets and no others. A policy about the groups of devices is for groups of devices, or for all of them.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a target named twice (INT-11).
    pub fn new(targets: impl IntoIterator<Item = AssignmentTarget>) -> Result<Self, Invalid> {
        let targets = targets.into_iter().map(|target| Row { target });
        let assignments: Vec<Row> = targets.collect();
        let mut checker = Checker::new();
        checker.each("assignments", &assignments, |c, row| {
            let alike = assignments
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
        checker.finish("deviceManagementConfigurationPolicyAssignment")?;
        Ok(Self { assignments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SID: &str = "S-1-12-1-567301463-1099937718-295959174-3827004813";

    fn entra() -> LocalMember {
        let group = "21d05557-b7b6-418f-86fa-a3118d751be4".parse().unwrap();
        LocalMember::entra_group(&group).unwrap()
    }

    #[test]
    fn the_draft_is_what_the_portal_makes() {
        let policy = LocalGroupPolicy::builder("Local administrators")
            .add(LocalGroup::Administrators, entra())
            .build()
            .unwrap();
        let p = "device_vendor_msft_policy_config_localusersandgroups_configure";
        let q = format!("{p}_groupconfiguration_accessgroup");
        let graph = |name: &str| format!("#microsoft.graph.deviceManagementConfiguration{name}");
        let children = json!([
            {"@odata.type": graph("ChoiceSettingCollectionInstance"), "settingDefinitionId": format!("{q}_desc"),
             "choiceSettingCollectionValue": [{"value": format!("{q}_desc_administrators"), "children": []}]},
            {"@odata.type": graph("ChoiceSettingInstance"), "settingDefinitionId": format!("{q}_action"),
             "choiceSettingValue": {"value": format!("{q}_action_add_update"), "children": []}},
            {"@odata.type": graph("ChoiceSettingInstance"), "settingDefinitionId": format!("{q}_userselectiontype"),
             "choiceSettingValue": {"value": format!("{q}_userselectiontype_users"), "children": [
                {"@odata.type": graph("SimpleSettingCollectionInstance"), "settingDefinitionId": format!("{q}_users"),
                 "simpleSettingCollectionValue": [{"@odata.type": graph("StringSettingValue"), "value": SID}]}]}},
        ]);
        let access = json!({
            "@odata.type": graph("GroupSettingCollectionInstance"), "settingDefinitionId": q,
            "settingInstanceTemplateReference": {"settingInstanceTemplateId": "76fa254e-cbdb-4718-8bdd-cd41e57caa02"},
            "groupSettingCollectionValue": [{"children": children}],
        });
        assert_eq!(
            serde_json::to_value(ConfigurationPolicyDraft::from(&policy)).unwrap(),
            json!({
                "name": "Local administrators", "description": "", "platforms": "windows10", "technologies": "mdm",
                "roleScopeTagIds": ["0"], "templateReference": {"templateId": "22968f54-45fa-486c-848e-f8224aa69772_1"},
                "settings": [{"@odata.type": graph("Setting"), "settingInstance": {
                    "@odata.type": graph("GroupSettingCollectionInstance"), "settingDefinitionId": p,
                    "settingInstanceTemplateReference":
                        {"settingInstanceTemplateId": "de06bec1-4852-48a0-9799-cf7b85992d45"},
                    "groupSettingCollectionValue": [{"children": [access]}],
                }}],
            })
        );
    }

    #[test]
    fn each_action_has_a_row_and_names_are_typed_in() {
        let account = || LocalMember::account("Administrator");
        let policy = LocalGroupPolicy::builder("x")
            .restrict_to(LocalGroup::Administrators, account())
            .add(LocalGroup::Users, entra())
            .remove(LocalGroup::Users, account())
            .build()
            .unwrap();
        let text = serde_json::to_string(&ConfigurationPolicyDraft::from(&policy)).unwrap();
        let actions: Vec<&str> = text
            .split("accessgroup_action_")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(actions, ["add_restrict", "add_update", "remove_update"]);
        assert_eq!(text.matches("userselectiontype_manual").count(), 2);
        assert_eq!(text.matches("userselectiontype_users").count(), 1);
    }

    #[test]
    fn a_policy_is_read_and_assigned() {
        let stored = json!({"id": "p1", "name": "x", "settingCount": 1, "isAssigned": false, "platforms": "windows10"});
        let policy: ConfigurationPolicy = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&policy).unwrap(), stored);
        let devices = AssignmentTarget::all_devices;
        let all = ConfigurationPolicyAssignments::new([devices()]).unwrap();
        assert_eq!(
            serde_json::to_value(&all).unwrap(),
            json!({"assignments": [{"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}}]})
        );
        assert!(ConfigurationPolicyAssignments::new([devices(), devices()]).is_err());
    }
}
