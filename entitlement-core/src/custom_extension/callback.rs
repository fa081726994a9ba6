//! What a called system answers to let a waiting request go on.
//!
//! A request that waits for an extension goes on with a [`ResumeRequest`]
//! ([resume](https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-resume), EXT-4): it names the stage
//! and the call, says what was found, and may deny the request or say who must approve.
//!
//! ```
//! use entitlement_core::custom_extension::callback::ResumeRequest;
//! use entitlement_core::custom_extension::stage::CustomExtensionStage;
//!
//! let call = "957d0c50-466b-4840-bb5b-c92cea7141ff";
//! let go_on = ResumeRequest::builder("Contoso.SodCheck", CustomExtensionStage::AssignmentRequestCreated, call)
//!     .detail("No conflicting duties")
//!     .build()?;
//! assert_eq!(
//!     serde_json::to_value(&go_on)?["type"],
//!     "microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated"
//! );
//! let too_late = ResumeRequest::builder("Contoso.SodCheck", CustomExtensionStage::AssignmentRequestGranted, call)
//!     .deny()
//!     .build();
//! assert!(too_late.is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::stage::CustomExtensionStage;
use crate::policy::approval::ApprovalStage;
use crate::validate::{Checker, Invalid};
use crate::wire::union::{flattened, union};

union! {
    /// What a callback carries
    /// ([customExtensionData](https://learn.microsoft.com/graph/api/resources/customextensiondata)).
    CustomExtensionData = "customExtensionData" {
        /// What was found out about a request.
        AssignmentRequest(AssignmentRequestCallbackData) = "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
        /// The same, with the stage of approval that the request needs (APV-21).
        AssignmentRequestApprovalStage(AssignmentRequestApprovalStageCallbackData) =
            "#microsoft.graph.assignmentRequestApprovalStageCallbackData",
    }
}

/// What was found out about a request
/// ([accessPackageAssignmentRequestCallbackData](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestcallbackdata)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignmentRequestCallbackData {
    /// The stage in which the extension was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<CustomExtensionStage>,
    /// The call that is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_extension_stage_instance_id: Option<String>,
    /// What was found; approvers see it (EXT-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_extension_stage_instance_detail: Option<String>,
    /// `denied` ends the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// What was found out about a request, and who must approve it
/// ([assignmentRequestApprovalStageCallbackData](https://learn.microsoft.com/graph/api/resources/assignmentrequestapprovalstagecallbackdata)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignmentRequestApprovalStageCallbackData {
    /// What was found out.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: AssignmentRequestCallbackData,
    /// The stage that takes the place of the dynamic one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_stage: Option<Box<ApprovalStage>>,
}

impl CustomExtensionData {
    /// What was found out; `None` for a kind this version does not know.
    pub fn base(&self) -> Option<&AssignmentRequestCallbackData> {
        match self {
            Self::AssignmentRequest(data) => Some(data),
            Self::AssignmentRequestApprovalStage(data) => Some(&data.base),
            Self::Unknown(_) => None,
        }
    }

    fn base_mut(&mut self) -> Option<&mut AssignmentRequestCallbackData> {
        match self {
            Self::AssignmentRequest(data) => Some(data),
            Self::AssignmentRequestApprovalStage(data) => Some(&mut data.base),
            Self::Unknown(_) => None,
        }
    }
}

impl Default for CustomExtensionData {
    fn default() -> Self {
        Self::AssignmentRequest(AssignmentRequestCallbackData::default())
    }
}

/// Lets a waiting request go on (EXT-4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[builder(start_fn(name = start, vis = ""), finish_fn(name = assemble, vis = ""))]
pub struct ResumeRequest {
    #[builder(start_fn)]
    source: String,
    #[serde(rename = "type")]
    #[builder(start_fn)]
    stage_type: String,
    #[builder(field = CustomExtensionData::default())]
    data: CustomExtensionData,
}

impl ResumeRequest {
    /// Lets a request go on that waits for the extension called in `stage` as `instance_id`; `source` names the called
    /// system for those who look into it later.
    pub fn builder(
        source: impl Into<String>,
        stage: CustomExtensionStage,
        instance_id: impl Into<String>,
    ) -> ResumeRequestBuilder {
        let stage_type = format!("microsoft.graph.{}.{stage}", CustomExtensionStage::TYPE);
        Self::start(source.into(), stage_type).note(|data| {
            data.stage = Some(stage);
            data.custom_extension_stage_instance_id = Some(instance_id.into());
        })
    }

    /// Answers a dynamic stage: this stage of approval takes its place (APV-21).
    pub fn with_approval_stage(
        source: impl Into<String>,
        instance_id: impl Into<String>,
        approval_stage: ApprovalStage,
    ) -> ResumeRequestBuilder {
        let stage = CustomExtensionStage::determining_approval_requirements();
        let mut request = Self::builder(source, stage, instance_id);
        let base = request.data.base().cloned().unwrap_or_default();
        request.data = CustomExtensionData::AssignmentRequestApprovalStage(
            AssignmentRequestApprovalStageCallbackData {
                base,
                approval_stage: Some(Box::new(approval_stage)),
            },
        );
        request
    }
}

impl<S: resume_request_builder::State> ResumeRequestBuilder<S> {
    /// What was found; approvers see it (EXT-6).
    pub fn detail(self, detail: impl Into<String>) -> Self {
        self.note(|data| data.custom_extension_stage_instance_detail = Some(detail.into()))
    }

    /// Ends the request as denied (EXT-5).
    pub fn deny(self) -> Self {
        self.note(|data| data.state = Some("denied".to_owned()))
    }

    fn note(mut self, change: impl FnOnce(&mut AssignmentRequestCallbackData)) -> Self {
        if let Some(data) = self.data.base_mut() {
            change(data);
        }
        self
    }

    /// Checks the answer.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank source or call, a stage in which the service does not wait (EXT-1), or a denial that
    /// comes too late (EXT-5).
    pub fn build(self) -> Result<ResumeRequest, Invalid>
    where
        S: resume_request_builder::IsComplete,
    {
        let request = self.assemble();
        let mut checker = Checker::new();
        checker.name("source", &request.source, "EXT-4");
        if let Some(data) = request.data.base() {
            checker.field("data", |c| data.check(c));
        }
        checker.finish(CustomExtensionData::TYPE)?;
        Ok(request)
    }
}

impl AssignmentRequestCallbackData {
    fn check(&self, checker: &mut Checker) {
        let instance = self.custom_extension_stage_instance_id.as_deref();
        checker.forbid(
            "customExtensionStageInstanceId",
            instance.is_none_or(|id| id.trim().is_empty()),
            "EXT-4",
            "is blank",
            "take it from the call that is answered",
        );
        let Some(stage) = &self.stage else { return };
        checker.ensure(
            "stage",
            stage.can_wait(),
            "EXT-1",
            format!("is {stage}, in which no request waits"),
            "answer calls about requests only",
        );
        checker.forbid(
            "state",
            self.state.is_some() && stage.can_wait() && !stage.can_be_denied(),
            "EXT-5",
            format!("denies in the stage {stage}, when access has been given or taken already"),
            "deny when the request has been made or approved",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_documented_answer_is_what_is_sent() {
        let stage = CustomExtensionStage::AssignmentRequestCreated;
        let denial = ResumeRequest::builder("Contoso.SodCheck", stage, "call-1")
            .detail("Conflicts with purchasing")
            .deny()
            .build()
            .unwrap();
        let expected = json!({
            "source": "Contoso.SodCheck",
            "type": "microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated",
            "data": {
                "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
                "stage": "assignmentRequestCreated",
                "customExtensionStageInstanceId": "call-1",
                "customExtensionStageInstanceDetail": "Conflicts with purchasing",
                "state": "denied",
            }
        });
        assert_eq!(serde_json::to_value(&denial).unwrap(), expected);
        let read: CustomExtensionData =
            crate::wire::decode_value(expected["data"].clone()).unwrap();
        assert_eq!(read, denial.data);
    }

    #[test]
    fn a_dynamic_stage_is_answered_with_a_stage() {
        let stage = ApprovalStage::builder()
            .primary_approver(crate::subject_set::SubjectSet::manager())
            .build();
        let answer = ResumeRequest::with_approval_stage("Contoso.Rules", "call-1", stage)
            .build()
            .unwrap();
        let sent = serde_json::to_value(&answer).unwrap();
        let data = &sent["data"];
        assert_eq!(
            data["@odata.type"],
            "#microsoft.graph.assignmentRequestApprovalStageCallbackData"
        );
        assert_eq!(
            data["stage"],
            "assignmentRequestDeterminingApprovalRequirements"
        );
        assert_eq!(
            data["approvalStage"]["primaryApprovers"][0]["managerLevel"],
            1
        );
        let read: CustomExtensionData = crate::wire::decode_value(data.clone()).unwrap();
        assert_eq!(read, answer.data);
    }

    #[test]
    fn what_comes_too_late_or_for_nobody_is_refused() {
        use CustomExtensionStage as S;
        let paths = |stage, instance: &str| {
            let refused = ResumeRequest::builder("Contoso", stage, instance)
                .deny()
                .build()
                .unwrap_err();
            refused
                .violations()
                .iter()
                .map(|v| v.path().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(paths(S::AssignmentRequestGranted, "call-1"), ["data.state"]);
        assert_eq!(
            paths(S::AssignmentOneDayBeforeExpiration, "call-1"),
            ["data.stage"]
        );
        assert_eq!(
            paths(S::AssignmentRequestCreated, ""),
            ["data.customExtensionStageInstanceId"]
        );
    }
}
