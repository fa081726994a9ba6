//! Access reviews: definitions, instances, stages, decisions and history.

use entitlement_core::access_review::decision::{
    ApplyResult, Decision, DecisionItem, Recommendation,
};
use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::history::{
    HistoryDecisionFilter, HistoryDefinition, HistoryStatus,
};
use entitlement_core::access_review::insight::{
    OutlierContainerType, OutlierMemberType, SignInScope,
};
use entitlement_core::access_review::instance::Instance;
use entitlement_core::access_review::scope::QueryType;
use entitlement_core::access_review::set::AccessReviewSet;
use entitlement_core::access_review::settings::DefaultDecision;
use entitlement_core::access_review::stage::Stage;
use entitlement_core::access_review::status::Status;
use proptest::prelude::*;

use crate::parts::{
    Json, duration, flag, from_the_future, id, instant, list, member, named, number, object,
    one_of, round_trip, tagged, text, unknown,
};
use crate::shared::{directory_object, identity, patterned_recurrence, user_identity};

fn notification_recipient_scope() -> Json {
    one_of(vec![
        tagged(
            "accessReviewNotificationRecipientQueryScope",
            object! {
                "query?": text(), "queryRoot?": text(), "queryType?": text(), "later?": unknown(),
            },
        ),
        from_the_future(),
    ])
}

fn notification_recipient_item() -> Json {
    object! {
        "notificationRecipientScope?": notification_recipient_scope(), "notificationTemplateType?": text(),
        "later?": unknown(),
    }
}

fn reviewer_scope() -> Json {
    object! { "query?": text(), "queryRoot?": text(), "queryType?": text(), "later?": unknown() }
}

fn query_scope() -> Json {
    tagged(
        "accessReviewQueryScope",
        object! {
            "query?": text(), "queryRoot?": text(), "queryType?": member(QueryType::MEMBERS), "later?": unknown(),
        },
    )
}

fn scope() -> Json {
    one_of(vec![
        object! {},
        tagged(
            "accessReviewInactiveUsersQueryScope",
            object! {
                "query?": text(), "queryRoot?": text(), "queryType?": member(QueryType::MEMBERS),
                "inactiveDuration?": duration(), "later?": unknown(),
            },
        ),
        query_scope(),
        tagged(
            "principalResourceMembershipsScope",
            object! {
                "principalScopes?": list(query_scope()), "resourceScopes?": list(query_scope()), "later?": unknown(),
            },
        ),
        from_the_future(),
    ])
}

fn apply_action() -> Json {
    one_of(vec![
        tagged("disableAndDeleteUserApplyAction", object! {}),
        tagged("removeAccessApplyAction", object! {}),
        from_the_future(),
    ])
}

fn recommendation_insight_setting() -> Json {
    one_of(vec![
        tagged(
            "groupPeerOutlierRecommendationInsightSettings",
            object! { "later?": unknown() },
        ),
        tagged(
            "userLastSignInRecommendationInsightSetting",
            object! {
                "recommendationLookBackDuration?": duration(), "signInScope?": member(SignInScope::MEMBERS),
                "later?": unknown(),
            },
        ),
        from_the_future(),
    ])
}

fn schedule_settings() -> Json {
    object! {
        "applyActions?": list(apply_action()), "autoApplyDecisionsEnabled": flag(),
        "decisionHistoriesForReviewersEnabled?": flag(), "defaultDecision?": member(DefaultDecision::MEMBERS),
        "defaultDecisionEnabled": flag(), "instanceDurationInDays": number(),
        "justificationRequiredOnApproval": flag(), "mailNotificationsEnabled": flag(),
        "recommendationInsightSettings?": list(recommendation_insight_setting()),
        "recommendationLookBackDuration?": duration(), "recommendationsEnabled": flag(),
        "recurrence?": patterned_recurrence(), "reminderNotificationsEnabled": flag(), "later?": unknown(),
    }
}

fn stage_settings() -> Json {
    object! {
        "decisionsThatWillMoveToNextStage?": list(text()), "dependsOn?": list(text()), "durationInDays": number(),
        "fallbackReviewers?": list(reviewer_scope()),
        "recommendationInsightSettings?": list(recommendation_insight_setting()), "recommendationsEnabled": flag(),
        "reviewers?": list(reviewer_scope()), "stageId": id(), "later?": unknown(),
    }
}

fn reviewer() -> Json {
    object! {
        "id": id(), "createdDateTime?": instant(), "displayName?": text(), "userPrincipalName?": text(),
    }
}

fn instance_decision_item_resource() -> Json {
    one_of(vec![
        object! { "displayName?": text(), "id": id(), "type?": text() },
        tagged(
            "accessReviewInstanceDecisionItemAccessPackageAssignmentPolicyResource",
            object! {
                "displayName?": text(), "id": id(), "type?": text(), "accessPackageDisplayName?": text(),
                "accessPackageId?": id(),
            },
        ),
        tagged(
            "accessReviewInstanceDecisionItemAzureRoleResource",
            object! { "displayName?": text(), "id": id(), "type?": text(), "scope?": named() },
        ),
        tagged(
            "accessReviewInstanceDecisionItemServicePrincipalResource",
            object! { "displayName?": text(), "id": id(), "type?": text(), "appId?": id() },
        ),
        from_the_future(),
    ])
}

fn governance_insight() -> Json {
    one_of(vec![
        tagged(
            "membershipOutlierInsight",
            object! {
                "id": id(), "insightCreatedDateTime?": instant(), "containerId": id(), "memberId": id(),
                "outlierContainerType": member(OutlierContainerType::MEMBERS),
                "outlierMemberType": member(OutlierMemberType::MEMBERS), "container?": directory_object(),
                "lastModifiedBy?": named(), "member?": directory_object(),
            },
        ),
        tagged(
            "userSignInInsight",
            object! {
                "id": id(), "insightCreatedDateTime?": instant(), "lastSignInDateTime?": instant(),
            },
        ),
        from_the_future(),
    ])
}

fn decision_item() -> Json {
    object! {
        "id": id(), "accessReviewId": id(), "appliedBy?": user_identity(), "appliedDateTime?": instant(),
        "applyResult?": member(ApplyResult::MEMBERS), "decision?": member(Decision::MEMBERS),
        "justification?": text(), "principal?": identity(), "principalLink?": text(),
        "recommendation?": member(Recommendation::MEMBERS), "resource?": instance_decision_item_resource(),
        "resourceLink?": text(), "reviewedBy?": user_identity(), "reviewedDateTime?": instant(),
        "insights?": list(governance_insight()),
    }
}

fn stage() -> Json {
    object! {
        "id": id(), "endDateTime?": instant(), "fallbackReviewers?": list(reviewer_scope()),
        "reviewers?": list(reviewer_scope()), "startDateTime?": instant(), "status?": member(Status::MEMBERS),
        "decisions?": list(decision_item()),
    }
}

fn instance() -> Json {
    object! {
        "id": id(), "endDateTime?": instant(), "fallbackReviewers?": list(reviewer_scope()),
        "reviewers?": list(reviewer_scope()), "scope?": scope(), "startDateTime?": instant(),
        "status?": member(Status::MEMBERS), "contactedReviewers?": list(reviewer()),
        "decisions?": list(decision_item()), "stages?": list(stage()),
    }
}

fn schedule_definition() -> Json {
    object! {
        "id": id(), "additionalNotificationRecipients?": list(notification_recipient_item()),
        "createdBy?": user_identity(), "createdDateTime?": instant(), "descriptionForAdmins?": text(),
        "descriptionForReviewers?": text(), "displayName?": text(), "fallbackReviewers?": list(reviewer_scope()),
        "instanceEnumerationScope?": scope(), "lastModifiedDateTime?": instant(),
        "reviewers?": list(reviewer_scope()), "scope?": scope(), "settings?": schedule_settings(),
        "stageSettings?": list(stage_settings()), "status?": member(Status::MEMBERS), "instances?": list(instance()),
        "later?": unknown(),
    }
}

fn history_schedule_settings() -> Json {
    object! { "recurrence": patterned_recurrence(), "reportRange": text() }
}

fn history_instance() -> Json {
    object! {
        "id": id(), "downloadUri?": text(), "expirationDateTime": instant(), "fulfilledDateTime?": instant(),
        "reviewHistoryPeriodEndDateTime?": instant(), "reviewHistoryPeriodStartDateTime?": instant(),
        "runDateTime": instant(), "status?": member(HistoryStatus::MEMBERS),
    }
}

fn history_definition() -> Json {
    object! {
        "id": id(), "createdBy": user_identity(), "createdDateTime": instant(),
        "decisions?": list(member(HistoryDecisionFilter::MEMBERS)), "displayName": text(),
        "reviewHistoryPeriodEndDateTime": instant(), "reviewHistoryPeriodStartDateTime": instant(),
        "scheduleSettings?": history_schedule_settings(), "scopes?": list(scope()),
        "status?": member(HistoryStatus::MEMBERS), "instances?": list(history_instance()),
    }
}

fn set() -> Json {
    object! {
        "id": id(), "definitions?": list(schedule_definition()), "historyDefinitions?": list(history_definition()),
    }
}

proptest! {
    #[test]
    fn schedule_definition_survives(json in schedule_definition()) {
        round_trip::<ScheduleDefinition>(json)?;
    }

    #[test]
    fn instance_survives(json in instance()) {
        round_trip::<Instance>(json)?;
    }

    #[test]
    fn stage_survives(json in stage()) {
        round_trip::<Stage>(json)?;
    }

    #[test]
    fn decision_item_survives(json in decision_item()) {
        round_trip::<DecisionItem>(json)?;
    }

    #[test]
    fn history_definition_survives(json in history_definition()) {
        round_trip::<HistoryDefinition>(json)?;
    }

    #[test]
    fn set_survives(json in set()) {
        round_trip::<AccessReviewSet>(json)?;
    }
}
