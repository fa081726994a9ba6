//! Assignment policies: who may have a package, who consents, for how long, and who reviews it.
//!
//! An [`AssignmentPolicy`] belongs to one access package, which may have several; each part has its own page:
//! [`requestor`], [`approval`], [`question`], [`review`]. What a particular person has to fulfil is in
//! [`requirements`].
//!
//! ```
//! use entitlement_core::directory::User;
//! use entitlement_core::entity::Id;
//! use entitlement_core::package::AccessPackage;
//! use entitlement_core::policy::AssignmentPolicyDraft;
//! use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
//! use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
//! use entitlement_core::schedule::Expiration;
//! use entitlement_core::subject_set::SubjectSet;
//! use entitlement_core::time::IsoDuration;
//!
//! let package: Id<AccessPackage> = "a2e1ca1e-4e56-47d2-9daa-e2ba8d12a82b".parse()?;
//! let approver: Id<User> = "46184453-e63b-4f20-86c2-c557ed5d5df9".parse()?;
//! let policy = AssignmentPolicyDraft::builder(&package, "Everybody, 30 days")
//!     .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
//!     .requestor_settings(RequestorSettings::self_service().with_extension())
//!     .request_approval_settings(ApprovalSettings::in_stages([ApprovalStage::builder()
//!         .primary_approver(SubjectSet::user(&approver))
//!         .duration_before_automatic_denial(IsoDuration::days(14))
//!         .build()]))
//!     .expiration(Expiration::after_days(30))
//!     .build()?;
//!
//! let refused = AssignmentPolicyDraft::builder(&package, "Nobody decides")
//!     .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
//!     .request_approval_settings(ApprovalSettings::in_stages([]))
//!     .build()
//!     .unwrap_err();
//! let paths: Vec<_> = refused.violations().iter().map(|violation| violation.path()).collect();
//! assert_eq!(paths, ["specificAllowedTargets", "requestApprovalSettings.stages"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A whole policy
//!
//! Everybody in the tenant may ask to be a local administrator: with a reason, answers to two questions and a period of
//! their own choice, for up to 30 days and longer if they ask again. One person approves, and every quarter the holders'
//! managers look whether it is still needed.
//!
//! ```
//! # use entitlement_core::directory::User;
//! # use entitlement_core::entity::Id;
//! # use entitlement_core::package::AccessPackage;
//! # use entitlement_core::policy::AssignmentPolicyDraft;
//! # use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
//! # use entitlement_core::policy::question::{MultipleChoiceQuestion, TextInputQuestion};
//! # use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
//! # use entitlement_core::policy::review::ReviewSettings;
//! # use entitlement_core::schedule::Expiration;
//! # use entitlement_core::subject_set::SubjectSet;
//! # use entitlement_core::time::{IsoDuration, Timestamp};
//! # let package: Id<AccessPackage> = "a2e1ca1e-4e56-47d2-9daa-e2ba8d12a82b".parse()?;
//! # let approver: Id<User> = "46184453-e63b-4f20-86c2-c557ed5d5df9".parse()?;
//! let first_review: Timestamp = "2026-01-01T00:00:00Z".parse()?;
//! let approval = ApprovalStage::builder()
//!     .primary_approver(SubjectSet::user(&approver))
//!     .duration_before_automatic_denial(IsoDuration::days(14))
//!     .is_approver_justification_required(true)
//!     .build();
//! let device = MultipleChoiceQuestion::new("Which kind of device?")
//!     .choice("laptop", "Laptop")
//!     .choice("desktop", "Desktop")
//!     .required();
//! let ticket = TextInputQuestion::new("Ticket number").single_line().required();
//! let review = ReviewSettings::every_months(3, first_review, IsoDuration::days(14));
//! let policy = AssignmentPolicyDraft::builder(&package, "All members, 30 days")
//!     .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
//!     .requestor_settings(RequestorSettings::self_service().with_custom_schedule().with_extension())
//!     .request_approval_settings(ApprovalSettings::in_stages([approval]).with_requestor_justification())
//!     .question(device)
//!     .question(ticket)
//!     .expiration(Expiration::after_days(30))
//!     .review_settings(review.by_manager(SubjectSet::user(&approver)))
//!     .build()?;
//! # assert_eq!(serde_json::to_value(&policy)?["expiration"]["duration"], "P30D");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod approval;
pub mod question;
pub mod requestor;
pub mod requirements;
pub mod review;

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::custom_extension::CustomExtension;
use crate::custom_extension::stage::{CustomExtensionStage, CustomExtensionStageSetting};
use crate::entity::{Creatable, Deletable, Entity, Id, Link, Listable, NotLoaded, Replaceable};
use crate::package::AccessPackage;
use crate::schedule::{Expiration, ExpirationType};
use crate::subject_set::SubjectSet;
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::{self, DecodeError, Expandable, RawObject};
use approval::ApprovalSettings;
use question::Question;
use requestor::{AllowedTargetScope, AutomaticRequestSettings, RequestorSettings};
use review::ReviewSettings;

/// Which mails are left out
/// ([accessPackageNotificationSettings](https://learn.microsoft.com/graph/api/resources/accesspackagenotificationsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotificationSettings {
    /// Requestors get no mail about their assignment (OTH-1).
    pub is_assignment_notification_disabled: bool,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// An assignment policy
/// ([accessPackageAssignmentPolicy](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentpolicy)).
///
/// The service replaces policies whole (POL-2), so whatever this version has no name for is kept in `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignmentPolicy {
    /// The policy's id.
    pub id: Id<AssignmentPolicy>,
    /// The name people see when several policies apply to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// For whom it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_target_scope: Option<AllowedTargetScope>,
    /// The targets, where the scope asks for names.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub specific_allowed_targets: Vec<SubjectSet>,
    /// How long access lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<Expiration>,
    /// What the people in scope may ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requestor_settings: Option<RequestorSettings>,
    /// Who must consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_approval_settings: Option<ApprovalSettings>,
    /// Who reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_settings: Option<Box<ReviewSettings>>,
    /// Assignment by rule; only in automatic policies (POL-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_request_settings: Option<Box<AutomaticRequestSettings>>,
    /// Which mails are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_settings: Option<NotificationSettings>,
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
    pub modified_date_time: Option<Timestamp>,
    /// What whoever asks has to answer.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub questions: Expandable<Vec<Question>>,
    /// Which custom extensions are called, and when; expand as
    /// `customExtensionStageSettings($expand=customExtension)`.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub custom_extension_stage_settings: Expandable<Vec<CustomExtensionStageSetting>>,
    /// The package it belongs to.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub access_package: Expandable<Box<AccessPackage>>,
    /// The catalog of that package.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub catalog: Expandable<Box<Catalog>>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl AssignmentPolicy {
    /// The policies of a package that was read with `$expand=assignmentPolicies`; `None` where they were not expanded.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with the JSON path in the package if one of them is not what it should be.
    pub fn expanded_in(package: &AccessPackage) -> Result<Option<Vec<Self>>, DecodeError> {
        package.unknown.expanded("assignmentPolicies")
    }

    /// Checks the policy as the service would.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with every rule the policy breaks.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        Parts {
            display_name: self.display_name.as_deref().unwrap_or(""),
            scope: self.allowed_target_scope.as_ref(),
            targets: &self.specific_allowed_targets,
            expiration: self.expiration.as_ref(),
            requestor: self.requestor_settings.as_ref(),
            approval: self.request_approval_settings.as_ref(),
            review: self.review_settings.as_deref(),
            automatic: self.automatic_request_settings.as_deref(),
            questions: self.questions.items(),
            extensions: self.custom_extension_stage_settings.items(),
        }
        .check(&mut checker);
        checker.finish(Self::TYPE)
    }
}

impl Entity for AssignmentPolicy {
    const TYPE: &'static str = "accessPackageAssignmentPolicy";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/assignmentPolicies";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for AssignmentPolicy {}

impl Creatable for AssignmentPolicy {
    type Draft = AssignmentPolicyDraft;
}

/// The service wants the package named, and drops questions and extensions that are not sent along (POL-2).
impl Replaceable for AssignmentPolicy {
    fn replacement(&self) -> Result<RawObject, NotLoaded> {
        let stages = self.custom_extension_stage_settings.items();
        let extension_is_missing =
            |stage: &CustomExtensionStageSetting| stage.custom_extension.loaded().is_none();
        let settings = &self.custom_extension_stage_settings;
        NotLoaded::check(&[
            ("accessPackage", self.access_package.loaded().is_none()),
            ("questions", self.questions.is_not_loaded()),
            ("customExtensionStageSettings", settings.is_not_loaded()),
            (
                "customExtensionStageSettings/customExtension",
                stages.iter().any(extension_is_missing),
            ),
            (
                "customExtensionStageSettings/stage",
                stages.iter().any(|setting| setting.stage.is_none()),
            ),
        ])?;
        let mut body =
            wire::whole::written(self, &["catalog", "createdDateTime", "modifiedDateTime"]);
        let package = self.access_package.loaded().map(|package| &package.id);
        body.insert("accessPackage", json!({"id": package}));
        body.insert("questions", json!(self.questions.items()));
        let stages: Vec<Value> = stages.iter().map(written_stage).collect();
        body.insert("customExtensionStageSettings", stages);
        Ok(body)
    }
}

/// A stage setting as it is written: the extension by its kind and id only.
fn written_stage(setting: &CustomExtensionStageSetting) -> Value {
    let mut stage = json!(wire::whole::written(setting, &[]));
    let extension = stage.get_mut("customExtension");
    if let Some(extension) = extension.and_then(Value::as_object_mut) {
        extension.retain(|name, _| matches!(name.as_str(), wire::TYPE_TAG | "id"));
    }
    stage
}

impl Deletable for AssignmentPolicy {}

/// An assignment policy to be made
/// ([create assignmentPolicy](https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentpolicies)).
///
/// What is not said is the careful choice: administrators only, no consent needed because nobody may ask, no end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct AssignmentPolicyDraft {
    #[builder(start_fn, into)]
    access_package: Link<AccessPackage>,
    #[builder(start_fn)]
    display_name: String,
    #[builder(field)]
    specific_allowed_targets: Vec<SubjectSet>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[builder(field)]
    questions: Vec<Question>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[builder(field)]
    custom_extension_stage_settings: Vec<CustomExtensionStageSetting>,
    /// What it is for.
    #[builder(default)]
    description: String,
    /// For whom it is.
    #[builder(default = AllowedTargetScope::NotSpecified)]
    allowed_target_scope: AllowedTargetScope,
    /// How long access lasts, from the moment it is given (EXP-4).
    #[builder(default = Expiration::never())]
    expiration: Expiration,
    /// What the people in scope may ask for.
    #[builder(default = RequestorSettings::administrators_only())]
    requestor_settings: RequestorSettings,
    /// Who must consent.
    #[builder(default = ApprovalSettings::none())]
    request_approval_settings: ApprovalSettings,
    /// Who reviews.
    #[serde(skip_serializing_if = "Option::is_none")]
    review_settings: Option<ReviewSettings>,
    /// Assignment by rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    automatic_request_settings: Option<AutomaticRequestSettings>,
    /// Which mails are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_settings: Option<NotificationSettings>,
}

impl<S: assignment_policy_draft_builder::State> AssignmentPolicyDraftBuilder<S> {
    /// One more target, where the scope asks for names.
    pub fn specific_allowed_target(mut self, target: SubjectSet) -> Self {
        self.specific_allowed_targets.push(target);
        self
    }

    /// One more question; unless it has a `sequence`, it comes after the questions before it.
    pub fn question(mut self, question: impl Into<Question>) -> Self {
        let mut question = question.into();
        let places = self.questions.iter().filter_map(|q| q.base()?.sequence);
        let after_last = places.max().map_or(0, |last| last.saturating_add(1));
        let next = after_last.max(i32::try_from(self.questions.len()).unwrap_or(i32::MAX));
        if let Some(base) = question.base_mut() {
            base.sequence.get_or_insert(next);
        }
        self.questions.push(question);
        self
    }

    /// Has a custom extension called in a stage; it must live in the package's catalog (OTH-3).
    pub fn custom_extension(
        mut self,
        stage: CustomExtensionStage,
        extension: &CustomExtension,
    ) -> Self {
        self.custom_extension_stage_settings
            .push(CustomExtensionStageSetting::new(stage, extension));
        self
    }

    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with every rule the policy breaks, from blank names to reviews that overlap.
    pub fn build(self) -> Result<AssignmentPolicyDraft, Invalid>
    where
        S: assignment_policy_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        draft.parts().check(&mut checker);
        checker.finish(AssignmentPolicy::TYPE)?;
        Ok(draft)
    }
}

impl AssignmentPolicyDraft {
    fn parts(&self) -> Parts<'_> {
        Parts {
            display_name: &self.display_name,
            scope: Some(&self.allowed_target_scope),
            targets: &self.specific_allowed_targets,
            expiration: Some(&self.expiration),
            requestor: Some(&self.requestor_settings),
            approval: Some(&self.request_approval_settings),
            review: self.review_settings.as_ref(),
            automatic: self.automatic_request_settings.as_ref(),
            questions: &self.questions,
            extensions: &self.custom_extension_stage_settings,
        }
    }
}

/// What a draft and a policy have in common, for the rules that hold for both.
struct Parts<'a> {
    display_name: &'a str,
    scope: Option<&'a AllowedTargetScope>,
    targets: &'a [SubjectSet],
    expiration: Option<&'a Expiration>,
    requestor: Option<&'a RequestorSettings>,
    approval: Option<&'a ApprovalSettings>,
    review: Option<&'a ReviewSettings>,
    automatic: Option<&'a AutomaticRequestSettings>,
    questions: &'a [Question],
    extensions: &'a [CustomExtensionStageSetting],
}

impl Parts<'_> {
    fn check(&self, checker: &mut Checker) {
        checker.name("displayName", self.display_name, "POL-8");
        if let Some(scope) = self.scope {
            scope.check_targets(self.targets, checker);
        }
        if let Some(expiration) = self.expiration {
            checker.field("expiration", |c| expiration.check(c));
        }
        if let Some(requestor) = self.requestor {
            checker.field("requestorSettings", |c| requestor.check(c));
        }
        if let Some(approval) = self.approval {
            checker.field("requestApprovalSettings", |c| approval.check(c));
        }
        if let Some(review) = self.review {
            checker.field("reviewSettings", |c| review.check(c));
        }
        self.check_questions(checker);
        checker.each(
            "customExtensionStageSettings",
            self.extensions,
            |c, setting| setting.check(c),
        );
        self.check_automatic(checker);
    }

    fn check_questions(&self, checker: &mut Checker) {
        let sequence = |question: &Question| question.base().and_then(|base| base.sequence);
        checker.each("questions", self.questions, |c, question| {
            question.check(c);
            let Some(place) = sequence(question) else {
                return;
            };
            let same = self
                .questions
                .iter()
                .filter(|other| sequence(other) == Some(place))
                .count();
            c.ensure(
                "sequence",
                same == 1,
                "QST-1",
                format!("{place} is used {same} times"),
                "give every question its own place",
            );
        });
    }

    /// AUTO-2, AUTO-4 and REV-15: a rule goes with automatic assignment, nobody is asked, and access lasts while the
    /// rule matches.
    fn check_automatic(&self, checker: &mut Checker) {
        let rules = self
            .targets
            .iter()
            .filter(|target| matches!(target, SubjectSet::AttributeRuleMembers(_)))
            .count();
        let Some(automatic) = self.automatic else {
            checker.ensure(
                "specificAllowedTargets",
                rules == 0,
                "AUTO-2",
                "has a membership rule in a policy that people request",
                "add automaticRequestSettings, or name users and groups",
            );
            return;
        };
        checker.field("automaticRequestSettings", |c| automatic.check(c));
        checker.ensure(
            "specificAllowedTargets",
            rules == 1 && self.targets.len() == 1,
            "AUTO-2",
            "is not exactly one membership rule, as automatic assignment needs",
            "name one rule and nothing else",
        );
        let consent = self
            .approval
            .is_some_and(|approval| approval.requires_approval() || !approval.stages.is_empty());
        checker.forbid(
            "requestApprovalSettings",
            consent,
            "AUTO-4",
            "asks for consent although nobody requests",
            "leave the stages out",
        );
        checker.ensure(
            "questions",
            self.questions.is_empty(),
            "AUTO-4",
            "asks although nobody requests",
            "leave the questions out",
        );
        let ends = self
            .expiration
            .and_then(|expiration| expiration.kind.as_ref());
        checker.forbid(
            "expiration.type",
            matches!(
                ends,
                Some(ExpirationType::AfterDateTime | ExpirationType::AfterDuration)
            ),
            "AUTO-4",
            "ends access although it lasts while the rule matches",
            "use noExpiration",
        );
        checker.forbid(
            "reviewSettings.isEnabled",
            self.review
                .is_some_and(|review| review.is_enabled == Some(true)),
            "REV-15",
            "has access reviewed that a rule gives",
            "leave reviews out; change the rule to take access away",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(questions: &Value, extensions: &Value) -> AssignmentPolicy {
        wire::decode_value(json!({
            "@odata.context": "…", "id": "a1", "displayName": "Members", "reviewSettings": null,
            "createdDateTime": "2026-01-01T00:00:00Z", "modifiedDateTime": "2026-01-01T00:00:00Z",
            "verifiedIdSettings": {"kind@odata.type": "#String", "kind": "x", "issuer": null},
            "accessPackage": {"id": "p1", "displayName": "Access"}, "catalog": {"id": "c1"},
            "questions@odata.context": "…", "questions": questions, "customExtensionStageSettings": extensions,
        }))
        .unwrap()
    }

    #[test]
    fn p10_links_and_empty_lists_are_written_and_the_rest_is_tidied() {
        let extension = json!([{"id": "s1", "stage": "assignmentRequestCreated", "customExtension": {
            "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
            "id": "x1", "displayName": "Ask the works council"}}]);
        let body = policy(&json!([]), &extension).replacement().unwrap();
        assert_eq!(
            json!(body),
            json!({
                "id": "a1", "displayName": "Members", "specificAllowedTargets": [],
                "verifiedIdSettings": {"kind": "x"}, "accessPackage": {"id": "p1"}, "questions": [],
                "customExtensionStageSettings": [{"id": "s1", "stage": "assignmentRequestCreated", "customExtension": {
                    "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension", "id": "x1"}}],
            })
        );
    }

    #[test]
    fn p9_what_was_not_read_whole_is_not_written() {
        let mut policy = policy(&Value::Null, &json!([]));
        assert_eq!(json!(policy.replacement().unwrap())["questions"], json!([]));
        policy.questions = Expandable::NotLoaded;
        policy.access_package = Expandable::NotLoaded;
        let missing = policy.replacement().unwrap_err();
        assert_eq!(missing.links(), ["accessPackage", "questions"]);
    }

    #[test]
    fn an_extension_without_its_stage_is_read_and_not_written() {
        let missing = policy(&json!([]), &json!([{"id": "s1"}]))
            .replacement()
            .unwrap_err();
        assert_eq!(
            missing.links(),
            [
                "customExtensionStageSettings/customExtension",
                "customExtensionStageSettings/stage"
            ]
        );
    }
}
