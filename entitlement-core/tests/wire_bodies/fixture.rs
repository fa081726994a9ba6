//! The drafts whose bodies are looked at.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::entity::Id;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::{
    ApprovalSettings, ApprovalStage, ApproverInformationVisibility,
};
use entitlement_core::policy::question::{MultipleChoiceQuestion, Question, TextInputQuestion};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::review::{ExpirationBehavior, ReviewSettings};
use entitlement_core::resource::Resource;
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::{IsoDuration, Timestamp};
use serde::Serialize;
use serde_json::json;

pub(crate) fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn pretty(body: &impl Serialize) -> String {
    serde_json::to_string_pretty(body).unwrap()
}

pub(crate) fn compact(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap()
}

pub(crate) fn policy() -> AssignmentPolicyDraft {
    let by_manager = ApprovalStage::builder()
        .primary_approver(SubjectSet::manager())
        .fallback_primary_approver(SubjectSet::user(id("deputy")))
        .escalate_after(IsoDuration::days(8), SubjectSet::group(id("helpdesk")))
        .fallback_escalation_approver(SubjectSet::internal_sponsors())
        .duration_before_automatic_denial(IsoDuration::days(14))
        .is_approver_justification_required(true)
        .approver_information_visibility(ApproverInformationVisibility::Visible)
        .build();
    let by_security = ApprovalStage::builder()
        .primary_approver(SubjectSet::user(id("security")))
        .duration_before_automatic_denial(IsoDuration::days(3))
        .build();
    let quarterly =
        ReviewSettings::every_months(3, instant("2026-01-01T00:00:00Z"), IsoDuration::days(14));
    let device = MultipleChoiceQuestion::new("Which kind of device?")
        .choice("laptop", "Laptop")
        .choice("vm", "Virtual machine")
        .required()
        .localized("de", "Was für ein Gerät?");
    let ticket = TextInputQuestion::new("Ticket number")
        .single_line()
        .matching("^INC[0-9]+$");
    let no_mails = json!({"isAssignmentNotificationDisabled": true});
    AssignmentPolicyDraft::builder(id("package"), "All employees, 30 days")
        .description("Self-service with two approvals")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::group(id("employees")))
        .specific_allowed_target(SubjectSet::user(id("ada")))
        .requestor_settings(
            RequestorSettings::self_service()
                .with_extension()
                .with_custom_schedule(),
        )
        .request_approval_settings(
            ApprovalSettings::in_stages([by_manager, by_security])
                .for_extensions_too()
                .with_requestor_justification(),
        )
        .expiration(Expiration::after_days(30))
        .review_settings(
            quarterly
                .by_manager(SubjectSet::user(id("deputy")))
                .unreviewed(ExpirationBehavior::RemoveAccess),
        )
        .question(device)
        .question(ticket)
        .notification_settings(serde_json::from_value(no_mails).unwrap())
        .build()
        .unwrap()
}

pub(crate) fn automatic_policy() -> AssignmentPolicyDraft {
    let rule =
        json!({"requestAccessForAllowedTargets": true, "gracePeriodBeforeAccessRemoval": "P7D"});
    AssignmentPolicyDraft::builder(id("package"), "Sales")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::rule("user.department -eq \"Sales\""))
        .automatic_request_settings(serde_json::from_value(rule).unwrap())
        .build()
        .unwrap()
}

pub(crate) fn user_add() -> AssignmentRequestDraft {
    let [device, ticket] = [
        json!({
            "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": "q1",
            "text": "Which kind of device?", "choices": [{"actualValue": "vm", "text": "Virtual machine"}],
        }),
        json!({"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": "q2", "text": "Ticket number"}),
    ]
    .map(|question| serde_json::from_value::<Question>(question).unwrap());
    let end = Expiration::at(instant("2026-05-08T08:00:00Z"));
    AssignmentRequestDraft::user_add(&id("package"))
        .policy(&id("policy"))
        .answer(&device, "vm")
        .answer(&ticket, "INC42")
        .justification("Rolling out the new VPN client")
        .schedule(Schedule::starting(instant("2026-05-01T08:00:00Z")).until(end))
        .build()
        .unwrap()
}

pub(crate) fn group_resource() -> Resource {
    serde_json::from_value(json!({
        "id": "resource", "originId": "group", "originSystem": "AadGroup",
        "roles": [
            {"id": "role-0", "displayName": "Owner", "originId": "Owner_group"},
            {"id": "role-1", "displayName": "Member", "originId": "Member_group"},
        ],
        "scopes": [
            {"id": "scope-0", "originId": "elsewhere", "isRootScope": false},
            {"id": "scope-1", "originId": "group", "isRootScope": true},
        ],
    }))
    .unwrap()
}
