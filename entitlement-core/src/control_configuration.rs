//! What the tenant lets people see while they look for packages and wait for approval.
//!
//! A [`ControlConfiguration`] switches one such thing; so far there are only the [`EndUserSettings`], which are read
//! and replaced under their own fixed id.
//!
//! ```
//! use entitlement_core::control_configuration::{EndUserSettings, RelatedPeopleInsightLevel};
//!
//! let mut settings: EndUserSettings =
//!     serde_json::from_str(r#"{"relatedPeopleInsightLevel": "count", "showApproverDetailsToMembers": false}"#)?;
//! assert_eq!(settings.id.to_string(), "endUserSettings");
//! settings.related_people_insight_level = Some(RelatedPeopleInsightLevel::CountAndNames);
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, Id, NotLoaded, Replaceable};
use crate::time::Timestamp;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;
use crate::wire::{self, RawObject};

union! {
    /// One thing that a tenant switches
    /// ([controlConfiguration](https://learn.microsoft.com/graph/api/resources/controlconfiguration)).
    ControlConfiguration = "controlConfiguration" {
        /// What requestors see.
        EndUserSettings(EndUserSettings) = "#microsoft.graph.endUserSettings",
    }
}

open_enum! {
    /// What a person learns about those whose access suggests a package to them
    /// (`accessPackageSuggestionRelatedPeopleInsightLevel`).
    RelatedPeopleInsightLevel = "accessPackageSuggestionRelatedPeopleInsightLevel" {
        /// Nothing.
        Disabled = "disabled",
        /// How many they are.
        Count = "count",
        /// How many, and who.
        CountAndNames = "countAndNames",
    }
}

/// What requestors see
/// ([endUserSettings](https://learn.microsoft.com/graph/api/resources/endusersettings)).
///
/// The service replaces the settings whole, so whatever this version has no name for is kept in `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EndUserSettings {
    /// The settings' id, the same in every tenant; answers may leave it out.
    #[serde(default = "EndUserSettings::key")]
    pub id: Id<EndUserSettings>,
    /// What a person learns about those whose access suggests a package to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_people_insight_level: Option<RelatedPeopleInsightLevel>,
    /// Whether members see who approves, where the stage leaves it to the tenant (APV-15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_approver_details_to_members: Option<bool>,
    /// Whether any of this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_enabled: Option<bool>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// When it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// Who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_by: Option<String>,
    /// When it was last changed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub modified_date_time: Option<Timestamp>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl EndUserSettings {
    /// The id under which every tenant keeps its settings: `endUserSettings`.
    #[expect(clippy::missing_panics_doc, reason = "the text is not empty")]
    pub fn key() -> Id<Self> {
        Self::TYPE.parse().expect("not empty")
    }
}

impl Entity for EndUserSettings {
    const TYPE: &'static str = "endUserSettings";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/controlConfigurations";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Replaceable for EndUserSettings {
    fn replacement(&self) -> Result<RawObject, NotLoaded> {
        let written_by_the_service = [
            "createdBy",
            "createdDateTime",
            "modifiedBy",
            "modifiedDateTime",
        ];
        Ok(wire::whole::written(self, &written_by_the_service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_documented_settings_are_written_back_with_all_they_hold() {
        let documented = json!({
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#settings",
            "relatedPeopleInsightLevel": "countAndNames",
            "showApproverDetailsToMembers": true,
            "mood": "sunny",
        });
        let settings: EndUserSettings = wire::decode_value(documented.clone()).unwrap();
        let mut expected = documented;
        expected["id"] = "endUserSettings".into();
        assert_eq!(serde_json::to_value(&settings).unwrap(), expected);
    }

    #[test]
    fn other_configurations_are_kept() {
        let future = json!({"@odata.type": "#microsoft.graph.lunchSettings", "id": "lunch", "isEnabled": true});
        let configuration: ControlConfiguration = wire::decode_value(future.clone()).unwrap();
        assert!(matches!(configuration, ControlConfiguration::Unknown(_)));
        assert_eq!(serde_json::to_value(&configuration).unwrap(), future);

        let broken = json!({"@odata.type": "#microsoft.graph.endUserSettings", "isEnabled": "yes"});
        let error = wire::decode_value::<ControlConfiguration>(broken).unwrap_err();
        assert!(error.problem().starts_with("isEnabled"), "{error}");
    }
}
