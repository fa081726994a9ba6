//! Policies, and what they ask of whoever wants access.

use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::approval::ApproverInformationVisibility;
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::policy::requirements::PolicyRequirements;
use entitlement_core::policy::review::ExpirationBehavior;
use proptest::prelude::*;

use crate::custom_extensions::custom_extension_stage_setting;
use crate::parts::{
    Json, duration, flag, from_the_future, id, instant, list, member, named, object, one_of,
    round_trip, tagged, text, unknown,
};
use crate::shared::{entitlement_management_schedule, expiration_pattern, question, subject_set};

fn automatic_request_settings() -> Json {
    object! {
        "gracePeriodBeforeAccessRemoval?": duration(), "removeAccessWhenTargetLeavesAllowedTargets?": flag(),
        "requestAccessForAllowedTargets?": flag(), "later?": unknown(),
    }
}

fn notification_settings() -> Json {
    object! { "isAssignmentNotificationDisabled": flag(), "later?": unknown() }
}

pub(crate) fn policy_stage() -> Json {
    one_of(vec![
        object! {
            "approverInformationVisibility": member(ApproverInformationVisibility::MEMBERS),
            "durationBeforeAutomaticDenial?": duration(), "durationBeforeEscalation?": duration(),
            "escalationApprovers?": list(subject_set()), "fallbackEscalationApprovers?": list(subject_set()),
            "fallbackPrimaryApprovers?": list(subject_set()), "isApproverJustificationRequired?": flag(),
            "isEscalationEnabled?": flag(), "primaryApprovers?": list(subject_set()), "later?": unknown(),
        },
        tagged(
            "accessPackageDynamicApprovalStage",
            object! {
                "approverInformationVisibility": member(ApproverInformationVisibility::MEMBERS),
                "durationBeforeAutomaticDenial?": duration(), "durationBeforeEscalation?": duration(),
                "escalationApprovers?": list(subject_set()), "fallbackEscalationApprovers?": list(subject_set()),
                "fallbackPrimaryApprovers?": list(subject_set()), "isApproverJustificationRequired?": flag(),
                "isEscalationEnabled?": flag(), "primaryApprovers?": list(subject_set()), "later?": unknown(),
            },
        ),
        from_the_future(),
    ])
}

fn approval_settings() -> Json {
    object! {
        "isApprovalRequiredForAdd?": flag(), "isApprovalRequiredForUpdate?": flag(),
        "isRequestorJustificationRequired?": flag(), "stages?": list(policy_stage()), "later?": unknown(),
    }
}

fn requestor_settings() -> Json {
    object! {
        "allowCustomAssignmentSchedule?": flag(), "enableOnBehalfRequestorsToAddAccess?": flag(),
        "enableOnBehalfRequestorsToRemoveAccess?": flag(), "enableOnBehalfRequestorsToUpdateAccess?": flag(),
        "enableTargetsToSelfAddAccess?": flag(), "enableTargetsToSelfRemoveAccess?": flag(),
        "enableTargetsToSelfUpdateAccess?": flag(), "onBehalfRequestors?": list(subject_set()), "later?": unknown(),
    }
}

fn review_settings() -> Json {
    object! {
        "expirationBehavior?": member(ExpirationBehavior::MEMBERS), "fallbackReviewers?": list(subject_set()),
        "isEnabled?": flag(), "isRecommendationEnabled?": flag(), "isReviewerJustificationRequired?": flag(),
        "isSelfReview?": flag(), "primaryReviewers?": list(subject_set()),
        "schedule?": entitlement_management_schedule(), "later?": unknown(),
    }
}

fn policy() -> Json {
    object! {
        "id": id(), "allowedTargetScope?": member(AllowedTargetScope::MEMBERS),
        "automaticRequestSettings?": automatic_request_settings(), "createdDateTime?": instant(),
        "description?": text(), "displayName?": text(), "expiration?": expiration_pattern(),
        "modifiedDateTime?": instant(), "notificationSettings?": notification_settings(),
        "requestApprovalSettings?": approval_settings(), "requestorSettings?": requestor_settings(),
        "reviewSettings?": review_settings(), "specificAllowedTargets?": list(subject_set()),
        "accessPackage?": named(), "catalog?": named(),
        "customExtensionStageSettings?": list(custom_extension_stage_setting()), "questions?": list(question()),
        "later?": unknown(),
    }
}

fn request_requirements() -> Json {
    object! {
        "allowCustomAssignmentSchedule?": flag(), "isApprovalRequiredForAdd?": flag(),
        "isApprovalRequiredForUpdate?": flag(), "isRequestorJustificationRequired?": flag(),
        "policyDescription?": text(), "policyDisplayName?": text(), "policyId?": id(),
        "schedule?": entitlement_management_schedule(), "questions?": list(question()),
    }
}

proptest! {
    #[test]
    fn policy_survives(json in policy()) {
        round_trip::<AssignmentPolicy>(json)?;
    }

    #[test]
    fn request_requirements_survives(json in request_requirements()) {
        round_trip::<PolicyRequirements>(json)?;
    }
}
