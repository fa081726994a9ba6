//! When a custom extension is called, and what became of the calls.
//!
//! A policy holds a [`CustomExtensionStageSetting`] for every extension and stage (OTH-3); requests and assignments
//! list the calls that were made for them as [`CustomExtensionCalloutInstance`]s (EXT-3).
//!
//! ```
//! use entitlement_core::custom_extension::stage::CustomExtensionStage;
//!
//! assert!(CustomExtensionStage::AssignmentRequestCreated.can_be_denied());
//! assert!(!CustomExtensionStage::AssignmentOneDayBeforeExpiration.can_wait());
//! ```

use serde::{Deserialize, Serialize};

use super::{CustomExtension, CustomExtensionKind};
use crate::entity::Id;
use crate::validate::Checker;
use crate::wire::open_enum::open_enum;
use crate::wire::{Expandable, RawObject};

open_enum! {
    /// When an extension is called (`accessPackageCustomExtensionStage`).
    CustomExtensionStage = "accessPackageCustomExtensionStage" {
        /// A request was accepted; nobody has approved yet.
        AssignmentRequestCreated = "assignmentRequestCreated",
        /// A request was approved, or needed no approval.
        AssignmentRequestApproved = "assignmentRequestApproved",
        /// Access was given.
        AssignmentRequestGranted = "assignmentRequestGranted",
        /// Access was taken away.
        AssignmentRequestRemoved = "assignmentRequestRemoved",
        /// Access ends in 14 days.
        AssignmentFourteenDaysBeforeExpiration = "assignmentFourteenDaysBeforeExpiration",
        /// Access ends in one day.
        AssignmentOneDayBeforeExpiration = "assignmentOneDayBeforeExpiration",
    }
}

impl CustomExtensionStage {
    /// The stage in which an extension says who must approve (APV-21); the v1.0 schema has no member for it.
    pub fn determining_approval_requirements() -> Self {
        Self::from("assignmentRequestDeterminingApprovalRequirements")
    }

    /// Whether the service waits for a callback if the extension asks it to (EXT-1).
    pub fn can_wait(&self) -> bool {
        self.kind() != Some(CustomExtensionKind::Assignment)
    }

    /// Whether a callback may end the request as denied (EXT-5); the reference doubts it for
    /// `assignmentRequestCreated`, the guide and the examples do it.
    pub fn can_be_denied(&self) -> bool {
        matches!(
            self,
            Self::AssignmentRequestCreated | Self::AssignmentRequestApproved | Self::Unknown(_)
        )
    }

    /// The kind of extension that is called in this stage; `None` for a stage this version does not know.
    pub fn kind(&self) -> Option<CustomExtensionKind> {
        match self {
            Self::AssignmentRequestCreated
            | Self::AssignmentRequestApproved
            | Self::AssignmentRequestGranted
            | Self::AssignmentRequestRemoved => Some(CustomExtensionKind::AssignmentRequest),
            Self::AssignmentFourteenDaysBeforeExpiration
            | Self::AssignmentOneDayBeforeExpiration => Some(CustomExtensionKind::Assignment),
            Self::Unknown(_) => None,
        }
    }
}

/// Which extension a policy has called in which stage
/// ([customExtensionStageSetting](https://learn.microsoft.com/graph/api/resources/customextensionstagesetting)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomExtensionStageSetting {
    /// The setting's id; the service gives it.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<Id<CustomExtensionStageSetting>>,
    /// When; missing where only other properties were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<CustomExtensionStage>,
    /// What; it must live in the catalog of the policy's package (OTH-3).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub custom_extension: Expandable<CustomExtension>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl CustomExtensionStageSetting {
    /// Has an extension called in a stage.
    pub fn new(stage: CustomExtensionStage, extension: &CustomExtension) -> Self {
        Self {
            id: None,
            stage: Some(stage),
            custom_extension: extension.reference().into(),
            unknown: RawObject::default(),
        }
    }

    /// OTH-3: extensions for requests in the stages of requests, those for assignments before their end.
    pub(crate) fn check(&self, checker: &mut Checker) {
        let extension = self.custom_extension.loaded();
        let kind = extension.and_then(|extension| extension.kind.as_ref());
        let (Some(stage), Some(kind)) = (&self.stage, kind) else {
            return;
        };
        let Some(due) = stage.kind() else {
            return;
        };
        let known = !matches!(kind, CustomExtensionKind::Unknown(_));
        checker.forbid(
            "customExtension",
            known && *kind != due,
            "OTH-3",
            format!("is not of the kind that is called in the stage {stage}"),
            format!("use one of the kind {due}"),
        );
    }
}

open_enum! {
    /// What became of a call (`customExtensionCalloutInstanceStatus`, EXT-3).
    CustomExtensionCalloutInstanceStatus = "customExtensionCalloutInstanceStatus" {
        /// The extension was called.
        CalloutSent = "calloutSent",
        /// It has answered.
        CallbackReceived = "callbackReceived",
        /// It could not be called.
        CalloutFailed = "calloutFailed",
        /// It did not answer in time.
        CallbackTimedOut = "callbackTimedOut",
        /// Its answer is awaited.
        WaitingForCallback = "waitingForCallback",
    }
}

/// One call of an extension
/// ([customExtensionCalloutInstance](https://learn.microsoft.com/graph/api/resources/customextensioncalloutinstance)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomExtensionCalloutInstance {
    /// The call's id; a callback names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The extension that was called.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub custom_extension_id: Option<Id<CustomExtension>>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<CustomExtensionCalloutInstanceStatus>,
    /// What the callback said; approvers see it (EXT-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The run in the called system, such as that of the Logic App.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_correlation_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::CustomExtensionStage as S;
    use super::*;
    use serde_json::json;

    fn extension(kind: &str) -> CustomExtension {
        crate::wire::decode_value(json!({
            "@odata.type": format!("#microsoft.graph.{kind}"),
            "id": "bebe7873-1f0d-4db9-b6c3-01f7ebfe8476",
            "displayName": "Ask the works council",
        }))
        .unwrap()
    }

    #[test]
    fn a_setting_names_its_extension_by_kind_and_id_alone() {
        let extension = extension("accessPackageAssignmentRequestWorkflowExtension");
        let stage = CustomExtensionStage::AssignmentRequestCreated;
        let setting = CustomExtensionStageSetting::new(stage, &extension);
        let expected = json!({
            "stage": "assignmentRequestCreated",
            "customExtension": {
                "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
                "id": "bebe7873-1f0d-4db9-b6c3-01f7ebfe8476",
            }
        });
        assert_eq!(serde_json::to_value(&setting).unwrap(), expected);
        assert_eq!(crate::wire::decode_value(expected), Ok(setting));
    }

    #[test]
    fn a_setting_of_which_only_the_id_was_asked_for_is_read() {
        for part in [
            json!({"id": "s1"}),
            json!({"id": "s1", "customExtension": {"id": "e1"}}),
            json!({}),
        ] {
            let setting: CustomExtensionStageSetting =
                crate::wire::decode_value(part.clone()).unwrap();
            assert_eq!(setting.stage, None);
            assert_eq!(serde_json::to_value(&setting).unwrap(), part);
        }
    }

    #[test]
    fn stage_and_kind_go_together() {
        let verdict = |stage, kind| {
            let mut checker = Checker::new();
            CustomExtensionStageSetting::new(stage, &extension(kind)).check(&mut checker);
            checker.finish("x").is_ok()
        };
        let (requests, assignments) = (
            "accessPackageAssignmentRequestWorkflowExtension",
            "accessPackageAssignmentWorkflowExtension",
        );
        assert!(verdict(S::AssignmentRequestGranted, requests));
        assert!(!verdict(S::AssignmentRequestGranted, assignments));
        assert!(verdict(S::AssignmentOneDayBeforeExpiration, assignments));
        assert!(!verdict(S::AssignmentOneDayBeforeExpiration, requests));
        assert!(verdict(S::determining_approval_requirements(), requests));
        assert!(verdict(S::AssignmentRequestGranted, "somethingNew"));
    }
}
