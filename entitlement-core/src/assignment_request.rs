//! Requests for access: asking, assigning, extending, giving back.
//!
//! An [`AssignmentRequest`] is how every assignment begins, changes and ends. [`AssignmentRequestDraft`] has one
//! constructor for each kind of request a client may send; requests of the service itself, and those made on behalf of
//! others in the portal, can only be read.
//!
//! | who | asks for access | for other dates | to end it |
//! |---|---|---|---|
//! | the person | [`user_add`] | [`user_update`] | [`user_remove`] |
//! | an administrator | [`admin_add`], [`admin_add_by_email`] | [`admin_update`] | [`admin_remove`] |
//! | an approver | | | [`approver_remove`] |
//!
//! [`user_add`]: AssignmentRequestDraft::user_add
//! [`user_update`]: AssignmentRequestDraft::user_update
//! [`user_remove`]: AssignmentRequestDraft::user_remove
//! [`admin_add`]: AssignmentRequestDraft::admin_add
//! [`admin_add_by_email`]: AssignmentRequestDraft::admin_add_by_email
//! [`admin_update`]: AssignmentRequestDraft::admin_update
//! [`admin_remove`]: AssignmentRequestDraft::admin_remove
//! [`approver_remove`]: AssignmentRequestDraft::approver_remove
//!
//! ```
//! use entitlement_core::assignment_request::AssignmentRequestDraft;
//! use entitlement_core::entity::Id;
//! use entitlement_core::package::AccessPackage;
//! use entitlement_core::schedule::{Expiration, Schedule};
//!
//! let package: Id<AccessPackage> = "a914b616-e04e-476b-aa37-91038f0b165b".parse()?;
//! let request = AssignmentRequestDraft::user_add(&package)
//!     .justification("Rolling out the new VPN client")
//!     .schedule(Schedule::lasting(Expiration::after_days(7)))
//!     .build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::approval::Approval;
use crate::assignment::Assignment;
use crate::custom_extension::stage::CustomExtensionCalloutInstance;
use crate::directory::User;
use crate::entity::{Creatable, Deletable, Entity, Id, Listable};
use crate::package::AccessPackage;
use crate::policy::AssignmentPolicy;
use crate::policy::question::{Answer, Question};
use crate::policy::requirements::PolicyRequirements;
use crate::request::{RequestState, RequestType};
use crate::schedule::{Expiration, ExpirationType, Schedule};
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::Expandable;

/// A request for access
/// ([accessPackageAssignmentRequest](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequest)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignmentRequest {
    /// The request's id.
    pub id: Id<AssignmentRequest>,
    /// Who asks for what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_type: Option<RequestType>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RequestState>,
    /// The same in finer words that belong to the service; `state` is the contract (REQ-20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When it was made; missing in the answer to its creation (REQ-10).
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// When the service was done with it.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub completed_date_time: Option<Timestamp>,
    /// Why the person asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
    /// The answers to the policy's questions.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub answers: Vec<Answer>,
    /// The period that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// The calls of custom extensions on its way (EXT-3).
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub custom_extension_callout_instances: Vec<CustomExtensionCalloutInstance>,
    /// The package.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub access_package: Expandable<Box<AccessPackage>>,
    /// The assignment that the request makes, changes or ends.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub assignment: Expandable<Box<Assignment>>,
    /// Who asks.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub requestor: Expandable<Box<Subject>>,
}

impl AssignmentRequest {
    /// The id of the request's approval, which is the request's own (APR-1).
    pub fn approval_id(&self) -> Id<Approval> {
        self.id.cast()
    }
}

impl Entity for AssignmentRequest {
    const TYPE: &'static str = "accessPackageAssignmentRequest";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/assignmentRequests";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for AssignmentRequest {}

impl Creatable for AssignmentRequest {
    type Draft = AssignmentRequestDraft;
}

impl Deletable for AssignmentRequest {}

/// An approval has the id of its request (APR-1).
impl From<&Id<Approval>> for Id<AssignmentRequest> {
    fn from(id: &Id<Approval>) -> Self {
        id.cast()
    }
}

/// A request has the id of its approval (APR-1).
impl From<&Id<AssignmentRequest>> for Id<Approval> {
    fn from(id: &Id<AssignmentRequest>) -> Self {
        id.cast()
    }
}

/// A request to be made
/// ([create assignmentRequest](https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentrequests)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct AssignmentRequestDraft {
    #[builder(start_fn)]
    request_type: RequestType,
    #[builder(field = AssignmentPart::default())]
    assignment: AssignmentPart,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[builder(field)]
    answers: Vec<Answer>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
    /// The period: for an addition the start and end wished for, for an update the new end.
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<Schedule>,
}

/// The assignment as the service takes it on writing; three of these are in no schema (REQ-2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct AssignmentPart {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id<Assignment>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_package_id: Option<Id<AccessPackage>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment_policy_id: Option<Id<AssignmentPolicy>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_id: Option<Id<User>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<TargetPart>,
}

/// Somebody who is not in the directory yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct TargetPart {
    email: String,
}

impl AssignmentRequestDraft {
    /// The person who is signed in asks for a package; name the policy if several apply.
    pub fn user_add(package: &Id<AccessPackage>) -> AssignmentRequestDraftBuilder {
        let mut draft = Self::start(RequestType::UserAdd);
        draft.assignment.access_package_id = Some(package.clone());
        draft
    }

    /// The person who is signed in asks to extend or change their assignment.
    pub fn user_update(assignment: &Id<Assignment>) -> AssignmentRequestDraftBuilder {
        Self::about(RequestType::UserUpdate, assignment)
    }

    /// The person who is signed in gives their assignment back.
    pub fn user_remove(assignment: &Id<Assignment>) -> AssignmentRequestDraftBuilder {
        Self::about(RequestType::UserRemove, assignment)
    }

    /// An administrator assigns a package to somebody under one of its policies.
    pub fn admin_add(
        package: &Id<AccessPackage>,
        policy: &Id<AssignmentPolicy>,
        target: &Id<User>,
    ) -> AssignmentRequestDraftBuilder {
        let mut draft = Self::start(RequestType::AdminAdd).policy(policy);
        draft.assignment.access_package_id = Some(package.clone());
        draft.assignment.target_id = Some(target.clone());
        draft
    }

    /// An administrator assigns a package to somebody who is not in the directory yet (REQ-5).
    pub fn admin_add_by_email(
        package: &Id<AccessPackage>,
        policy: &Id<AssignmentPolicy>,
        email: impl Into<String>,
    ) -> AssignmentRequestDraftBuilder {
        let mut draft = Self::start(RequestType::AdminAdd).policy(policy);
        draft.assignment.access_package_id = Some(package.clone());
        draft.assignment.target = Some(TargetPart {
            email: email.into(),
        });
        draft
    }

    /// An administrator changes the dates of somebody's assignment.
    pub fn admin_update(assignment: &Id<Assignment>) -> AssignmentRequestDraftBuilder {
        Self::about(RequestType::AdminUpdate, assignment)
    }

    /// An administrator ends somebody's assignment.
    pub fn admin_remove(assignment: &Id<Assignment>) -> AssignmentRequestDraftBuilder {
        Self::about(RequestType::AdminRemove, assignment)
    }

    /// An approver takes back the access that a request gave.
    pub fn approver_remove(assignment: &Id<Assignment>) -> AssignmentRequestDraftBuilder {
        Self::about(RequestType::ApproverRemove, assignment)
    }

    fn about(kind: RequestType, assignment: &Id<Assignment>) -> AssignmentRequestDraftBuilder {
        let mut draft = Self::start(kind);
        draft.assignment.id = Some(assignment.clone());
        draft
    }

    /// Checks the request against what the policy asks of the requestor, before it is sent.
    ///
    /// ```
    /// # use entitlement_core::assignment_request::AssignmentRequestDraft;
    /// # use entitlement_core::policy::requirements::PolicyRequirements;
    /// let requirements: PolicyRequirements =
    ///     serde_json::from_str(r#"{"policyId": "p1", "isRequestorJustificationRequired": true}"#)?;
    /// let silent = AssignmentRequestDraft::user_add(&"a1".parse()?).build()?;
    /// let refused = silent.check_against(&requirements).unwrap_err();
    /// assert_eq!(refused.violations()[0].path(), "justification");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a missing justification (APV-14), a question unanswered or answered outside its choices
    /// (QST-8), or a period where none may be chosen or that ends after the policy's own (EXP-6). Patterns are left to the service.
    pub fn check_against(&self, requirements: &PolicyRequirements) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        let silent = self
            .justification
            .as_deref()
            .is_none_or(|text| text.trim().is_empty());
        checker.forbid(
            "justification",
            silent && requirements.is_requestor_justification_required == Some(true),
            "APV-14",
            "is missing",
            "say why access is needed; the policy asks for it",
        );
        checker.ensure(
            "schedule",
            self.schedule.is_none() || requirements.allow_custom_assignment_schedule != Some(false),
            "EXP-6",
            "chooses a period",
            "leave it out: the policy decides how long access lasts",
        );
        let policy_end = requirements
            .schedule
            .as_ref()
            .and_then(|schedule| schedule.expiration.as_ref());
        if let (Some(asked), Some(most)) = (&self.schedule, policy_end) {
            checker.forbid(
                "schedule.expiration",
                self.request_type == RequestType::UserAdd && outlasts(asked, most),
                "EXP-6",
                "ends later than the policy lets access end",
                "ask for a shorter period, or leave the end to the policy",
            );
        }
        for question in &requirements.questions {
            let id = question.id();
            let answer = self
                .answers
                .iter()
                .find(|answer| id.is_some() && answer.question_id() == id);
            if let Some(objection) =
                question.objection_to(answer.and_then(Answer::value).unwrap_or(""))
            {
                let asked = question.text().unwrap_or("a question");
                checker.ensure(
                    "answers",
                    false,
                    "QST-8",
                    objection,
                    format!("answer {asked:?}"),
                );
            }
        }
        checker.finish(AssignmentRequest::TYPE)
    }
}

/// Whether a period ends after the end that a policy sets, as far as the two can be compared.
fn outlasts(asked: &Schedule, most: &Expiration) -> bool {
    let Some(end) = &asked.expiration else {
        return false;
    };
    if end.kind == Some(ExpirationType::NoExpiration) {
        return most.end_date_time.is_some() || most.duration.is_some();
    }
    if let Some(start) = asked.start_date_time {
        let ends = (end.end_from(start), most.end_from(start));
        return matches!(ends, (Some(end), Some(most)) if end > most);
    }
    let seconds = |end: &Expiration| end.duration.and_then(|length| length.total_seconds());
    matches!((end.end_date_time, most.end_date_time), (Some(end), Some(most)) if end > most)
        || matches!((seconds(end), seconds(most)), (Some(end), Some(most)) if end > most)
}

impl<S: assignment_request_draft_builder::State> AssignmentRequestDraftBuilder<S> {
    /// The policy under which access is asked for.
    pub fn policy(mut self, policy: &Id<AssignmentPolicy>) -> Self {
        self.assignment.assignment_policy_id = Some(policy.clone());
        self
    }

    /// One more answer: the text, or the `actualValue` of a choice.
    pub fn answer(mut self, question: &Question, value: impl Into<String>) -> Self {
        self.answers.push(question.answer(value));
        self
    }

    /// Checks the request.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a period that contradicts itself (EXP-1) or recurs (EXP-12), a question answered twice or without an id, and for
    /// what the kind of request does not take: answers to a removal, a period for a removal, an extension without a
    /// new end.
    pub fn build(self) -> Result<AssignmentRequestDraft, Invalid>
    where
        S: assignment_request_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        if let Some(schedule) = &draft.schedule {
            checker.field("schedule", |c| schedule.check(c));
            checker.ensure(
                "schedule.recurrence",
                schedule.recurrence.is_none(),
                "EXP-12",
                "makes access come round again, which only reviews do",
                "leave it out, and ask again when access is needed again",
            );
        }
        checker.each("answers", &draft.answers, |c, answer| {
            let id = answer.question_id();
            c.ensure(
                "answeredQuestion.id",
                id.is_some(),
                "QST-7",
                "is missing",
                "use a question read from the service",
            );
            let uses = draft
                .answers
                .iter()
                .filter(|other| other.question_id() == id)
                .count();
            c.ensure(
                "answeredQuestion.id",
                id.is_none() || uses == 1,
                "QST-6",
                "is answered twice",
                "answer it once",
            );
        });
        let kind = &draft.request_type;
        let removal = matches!(
            kind,
            RequestType::UserRemove | RequestType::AdminRemove | RequestType::ApproverRemove
        );
        checker.forbid(
            "schedule",
            removal && draft.schedule.is_some(),
            "REQ-30",
            "goes with no removal",
            "leave it out",
        );
        checker.forbid(
            "answers",
            removal && !draft.answers.is_empty(),
            "REQ-30",
            "go with no removal",
            "leave them out",
        );
        let unchanged = draft.schedule.is_none() && draft.answers.is_empty();
        checker.forbid(
            "schedule",
            matches!(kind, RequestType::UserUpdate | RequestType::AdminUpdate) && unchanged,
            "REQ-31",
            "is missing, so nothing would change",
            "say until when access is needed",
        );
        if let Some(target) = &draft.assignment.target {
            let (name, domain) = target.email.split_once('@').unwrap_or_default();
            checker.ensure(
                "assignment.target.email",
                !name.is_empty() && domain.contains('.'),
                "REQ-5",
                "is not an e-mail address",
                "write it like ada@contoso.com",
            );
        }
        checker.finish(AssignmentRequest::TYPE)?;
        Ok(draft)
    }
}
