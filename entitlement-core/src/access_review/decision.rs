//! What reviewers decide about one person's access to one thing.
//!
//! Every [`instance`](super::instance) has a [`DecisionItem`] for each person and thing; a reviewer writes a
//! [`DecisionPatch`] into one, or a [`BatchRecordDecisions`] into many. Nothing happens to the access before the
//! decisions are applied (REV-58).
//!
//! ```
//! use entitlement_core::access_review::decision::{BatchRecordDecisions, DecisionPatch};
//!
//! let decision = DecisionPatch::deny("Left the project");
//! assert_eq!(
//!     serde_json::to_string(&decision)?,
//!     r#"{"decision":"Deny","justification":"Left the project"}"#
//! );
//! let everything = BatchRecordDecisions::approve("All still on the team");
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::insight::Insight;
use crate::directory::DirectoryObject;
use crate::entity::{Entity, Id, Listable, Patch, Patchable};
use crate::identity::{Principal, UserIdentity};
use crate::package::AccessPackage;
use crate::time::Timestamp;
use crate::validate::Invalid;
use crate::wire::Expandable;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;

open_enum! {
    /// What was decided (`decision`, REV-50).
    Decision = "accessReviewDecision" {
        /// The access stays.
        Approve = "Approve",
        /// The access ends once decisions are applied (REV-58).
        Deny = "Deny",
        /// Nothing yet.
        NotReviewed = "NotReviewed",
        /// The reviewer cannot tell: the access stays, and counts as reviewed (REV-54).
        DontKnow = "DontKnow",
    }
}

open_enum! {
    /// What the service recommends (`recommendation`, REV-9).
    Recommendation = "accessReviewRecommendation" {
        /// That the access stays.
        Approve = "Approve",
        /// That the access ends.
        Deny = "Deny",
        /// Nothing: it knows too little.
        NoInfoAvailable = "NoInfoAvailable",
    }
}

open_enum! {
    /// What became of a decision (`applyResult`, REV-50).
    ApplyResult = "accessReviewApplyResult" {
        /// It has not been applied.
        New = "New",
        /// It has been carried out.
        AppliedSuccessfully = "AppliedSuccessfully",
        /// It could not be carried out.
        AppliedWithUnknownFailure = "AppliedWithUnknownFailure",
        /// The access was gone already (REV-42).
        AppliedSuccessfullyButObjectNotFound = "AppliedSuccessfullyButObjectNotFound",
        /// The service cannot carry it out.
        ApplyNotSupported = "ApplyNotSupported",
    }
}

/// The decision about one person's access to one thing
/// ([accessReviewInstanceDecisionItem](https://learn.microsoft.com/graph/api/resources/accessreviewinstancedecisionitem)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DecisionItem {
    /// The decision's id.
    pub id: Id<DecisionItem>,
    /// The instance it belongs to; see [`instance_id`](Self::instance_id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_review_id: Option<String>,
    /// Whose access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<Principal>,
    /// The URL of whoever has access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_link: Option<String>,
    /// Access to what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<DecisionItemResource>,
    /// The URL of what there is access to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_link: Option<String>,
    /// What the service recommends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<Recommendation>,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
    /// Who decided; see [`reviewer`](Self::reviewer).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_by: Option<UserIdentity>,
    /// When.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub reviewed_date_time: Option<Timestamp>,
    /// What became of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_result: Option<ApplyResult>,
    /// Who had it applied; a placeholder until somebody has (REV-51).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_by: Option<UserIdentity>,
    /// When.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub applied_date_time: Option<Timestamp>,
    /// What the service noticed.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub insights: Expandable<Vec<Insight>>,
}

impl DecisionItem {
    /// Who decided, if somebody has: until then the service sends a placeholder (REV-51).
    pub fn reviewer(&self) -> Option<&UserIdentity> {
        let by = self.reviewed_by.as_ref()?;
        by.user_id().map(|_| by)
    }

    /// Whether nobody has decided yet.
    pub fn is_open(&self) -> bool {
        matches!(self.decision, None | Some(Decision::NotReviewed))
    }
}

impl Entity for DecisionItem {
    const TYPE: &'static str = "accessReviewInstanceDecisionItem";
    const COLLECTION: &'static str =
        "identityGovernance/accessReviews/definitions/instances/decisions";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for DecisionItem {}

impl Patchable for DecisionItem {
    type Patch = DecisionPatch;
}

union! {
    /// What there is access to
    /// ([accessReviewInstanceDecisionItemResource](https://learn.microsoft.com/graph/api/resources/accessreviewinstancedecisionitemresource)).
    DecisionItemResource = "accessReviewInstanceDecisionItemResource" {
        /// An access package, by one of its policies (REV-14).
        AccessPackageAssignmentPolicy(AccessPackageAssignmentPolicyResource) =
            "#microsoft.graph.accessReviewInstanceDecisionItemAccessPackageAssignmentPolicyResource",
        /// A role in Azure.
        AzureRole(AzureRoleResource) = "#microsoft.graph.accessReviewInstanceDecisionItemAzureRoleResource",
        /// An application.
        ServicePrincipal(ServicePrincipalResource) =
            "#microsoft.graph.accessReviewInstanceDecisionItemServicePrincipalResource",
    } else {
        /// Something that has no more than a name, such as a group.
        Plain(PlainResource),
    }
}

impl DecisionItemResource {
    /// The id of what there is access to.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::AccessPackageAssignmentPolicy(policy) => policy.id.as_deref(),
            Self::AzureRole(role) => role.id.as_deref(),
            Self::ServicePrincipal(application) => application.id.as_deref(),
            Self::Plain(plain) => plain.id.as_deref(),
            Self::Unknown(object) => object.get("id").and_then(Value::as_str),
        }
    }

    /// The name people see.
    pub fn display_name(&self) -> Option<&str> {
        match self {
            Self::AccessPackageAssignmentPolicy(policy) => policy.display_name.as_deref(),
            Self::AzureRole(role) => role.display_name.as_deref(),
            Self::ServicePrincipal(application) => application.display_name.as_deref(),
            Self::Plain(plain) => plain.display_name.as_deref(),
            Self::Unknown(object) => object.get("displayName").and_then(Value::as_str),
        }
    }
}

/// Something that has no more than a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlainResource {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The kind of thing: `Group`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// An access package, by one of its policies
/// ([accessReviewInstanceDecisionItemAccessPackageAssignmentPolicyResource](https://learn.microsoft.com/graph/api/resources/accessreviewinstancedecisionitemaccesspackageassignmentpolicyresource)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessPackageAssignmentPolicyResource {
    /// The policy's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The policy's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The kind of thing.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The package.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub access_package_id: Option<Id<AccessPackage>>,
    /// The package's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_package_display_name: Option<String>,
}

/// A role in Azure
/// ([accessReviewInstanceDecisionItemAzureRoleResource](https://learn.microsoft.com/graph/api/resources/accessreviewinstancedecisionitemazureroleresource)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AzureRoleResource {
    /// The role's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The role's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The kind of thing.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where the role holds: a subscription, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Box<DecisionItemResource>>,
}

/// An application
/// ([accessReviewInstanceDecisionItemServicePrincipalResource](https://learn.microsoft.com/graph/api/resources/accessreviewinstancedecisionitemserviceprincipalresource)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServicePrincipalResource {
    /// The id of the application's object in the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The application's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The kind of thing.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The application's own id, the same in every tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
}

/// What a reviewer decides (REV-52;
/// [update decision](https://learn.microsoft.com/graph/api/accessreviewinstancedecisionitem-update)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionPatch {
    decision: Decision,
    justification: String,
}

/// Whether a reason must be given is up to the review's settings, which a decision does not show.
impl Patch for DecisionPatch {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}

impl DecisionPatch {
    fn new(decision: Decision, justification: impl Into<String>) -> Self {
        Self {
            decision,
            justification: justification.into(),
        }
    }

    /// The access stays, and why.
    pub fn approve(justification: impl Into<String>) -> Self {
        Self::new(Decision::Approve, justification)
    }

    /// The access ends once decisions are applied, and why.
    pub fn deny(justification: impl Into<String>) -> Self {
        Self::new(Decision::Deny, justification)
    }

    /// The reviewer cannot tell, and why; the access stays (REV-54).
    pub fn dont_know(justification: impl Into<String>) -> Self {
        Self::new(Decision::DontKnow, justification)
    }
}

/// One decision about many (REV-56;
/// [batchRecordDecisions](https://learn.microsoft.com/graph/api/accessreviewinstance-batchrecorddecisions)): about
/// everything in the instance, unless it is narrowed to one principal, one resource, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchRecordDecisions {
    #[serde(flatten)]
    decision: DecisionPatch,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id: Option<Id<DirectoryObject>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<String>,
}

impl BatchRecordDecisions {
    /// All access stays, and why.
    pub fn approve(justification: impl Into<String>) -> Self {
        DecisionPatch::approve(justification).into()
    }

    /// All access ends once decisions are applied, and why.
    pub fn deny(justification: impl Into<String>) -> Self {
        DecisionPatch::deny(justification).into()
    }

    /// The reviewer cannot tell, and why; all access stays (REV-54).
    pub fn dont_know(justification: impl Into<String>) -> Self {
        DecisionPatch::dont_know(justification).into()
    }

    /// The same, about the access of one principal only.
    pub fn of(mut self, principal: impl Into<Id<DirectoryObject>>) -> Self {
        self.principal_id = Some(principal.into());
        self
    }

    /// The same, about access to one resource only, by the [id](DecisionItemResource::id) it has in decisions.
    pub fn to(mut self, resource_id: impl Into<String>) -> Self {
        self.resource_id = Some(resource_id.into());
        self
    }
}

/// The decision about everything in the instance.
impl From<DecisionPatch> for BatchRecordDecisions {
    fn from(decision: DecisionPatch) -> Self {
        Self {
            decision,
            principal_id: None,
            resource_id: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire;

    #[test]
    fn a_fresh_decision_has_no_reviewer() {
        let nobody = json!({"id": "00000000-0000-0000-0000-000000000000", "displayName": "", "userPrincipalName": ""});
        let mut json = json!({
            "id": "d1", "accessReviewId": "i1", "decision": "NotReviewed", "justification": "",
            "applyResult": "New", "recommendation": "Deny",
            "principalLink": "https://graph.microsoft.com/v1.0/users/u1",
            "reviewedBy": nobody, "appliedBy": nobody,
            "principal": {"@odata.type": "#microsoft.graph.userIdentity", "id": "u1", "displayName": "Ada"}
        });
        let item: DecisionItem = wire::decode_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&item).unwrap(), json);
        assert!(item.is_open());
        assert_eq!(item.reviewer(), None);
        assert_eq!(item.principal.as_ref().and_then(Principal::id), Some("u1"));

        json["reviewedBy"]["id"] = "u2".into();
        json["decision"] = "Postponed".into();
        let item: DecisionItem = wire::decode_value(json).unwrap();
        assert!(item.reviewer().is_some());
        assert_eq!(item.decision, Some(Decision::Unknown("Postponed".into())));

        let error = wire::decode_value::<DecisionItem>(
            json!({"id": "d1", "resource": {"id": "r1", "displayName": []}}),
        );
        assert_eq!(error.unwrap_err().path(), "resource");
    }

    #[test]
    fn resources_of_every_kind_survive() {
        const TYPE: &str = "#microsoft.graph.accessReviewInstanceDecisionItem";
        for json in [
            json!({"id": "r1", "displayName": "Devices", "type": "Group"}),
            json!({"@odata.type": format!("{TYPE}AccessPackageAssignmentPolicyResource"), "id": "r1",
                "displayName": "Devices", "accessPackageId": "p1", "accessPackageDisplayName": "Local admin"}),
            json!({"@odata.type": format!("{TYPE}AzureRoleResource"), "id": "r1", "displayName": "Devices",
                "scope": {"id": "s1", "type": "subscription"}}),
            json!({"@odata.type": format!("{TYPE}ServicePrincipalResource"), "id": "r1", "displayName": "Devices",
                "appId": "a1"}),
            json!({"@odata.type": format!("{TYPE}MailboxResource"), "id": "r1", "displayName": "Devices", "size": 3}),
        ] {
            let resource: DecisionItemResource = wire::decode_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&resource).unwrap(), json);
            assert_eq!(resource.id(), Some("r1"));
            assert_eq!(resource.display_name(), Some("Devices"));
        }
    }

    #[test]
    fn a_batch_is_narrowed_by_principal_and_resource() {
        let user: Id<crate::directory::User> = "u1".parse().unwrap();
        let batch = BatchRecordDecisions::dont_know("Ask the owner")
            .of(&user)
            .to("r1");
        assert_eq!(
            serde_json::to_value(&batch).unwrap(),
            json!({"decision": "DontKnow", "justification": "Ask the owner", "principalId": "u1", "resourceId": "r1"})
        );
    }
}
