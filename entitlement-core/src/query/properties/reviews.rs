//! Access reviews.

use crate::access_review::decision::{ApplyResult, Decision, DecisionItem, Recommendation};
use crate::access_review::definition::ScheduleDefinition;
use crate::access_review::history::{
    HistoryDecisionFilter, HistoryDefinition, HistoryInstance, HistoryStatus,
};
use crate::access_review::insight::Insight;
use crate::access_review::instance::Instance;
use crate::access_review::reviewer::Reviewer;
use crate::access_review::stage::Stage;
use crate::access_review::status::Status;
use crate::entity::Id;
use crate::query::declared::{Declared, properties};
use crate::query::property::{Property, Structure, ToMany};
use crate::time::Timestamp;

properties! {
    ScheduleDefinition = "accessReviewScheduleDefinition" {
        ID: Id<ScheduleDefinition> = "id";
        ADDITIONAL_NOTIFICATION_RECIPIENTS: Structure = "additionalNotificationRecipients";
        CREATED_BY: Structure = "createdBy";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION_FOR_ADMINS: String = "descriptionForAdmins";
        DESCRIPTION_FOR_REVIEWERS: String = "descriptionForReviewers";
        DISPLAY_NAME: String = "displayName";
        FALLBACK_REVIEWERS: Structure = "fallbackReviewers";
        INSTANCE_ENUMERATION_SCOPE: Structure = "instanceEnumerationScope";
        LAST_MODIFIED_DATE_TIME: Timestamp = "lastModifiedDateTime";
        REVIEWERS: Structure = "reviewers";
        SCOPE: Structure = "scope";
        SETTINGS: Structure = "settings";
        STAGE_SETTINGS: Structure = "stageSettings";
        STATUS: Status = "status";
        INSTANCES => Instance = "instances";
        SCOPE_QUERY: String = "scope/microsoft.graph.accessReviewQueryScope/query";
    }

    Instance = "accessReviewInstance" {
        ID: Id<Instance> = "id";
        END_DATE_TIME: Timestamp = "endDateTime";
        FALLBACK_REVIEWERS: Structure = "fallbackReviewers";
        REVIEWERS: Structure = "reviewers";
        SCOPE: Structure = "scope";
        START_DATE_TIME: Timestamp = "startDateTime";
        STATUS: Status = "status";
        CONTACTED_REVIEWERS => Reviewer = "contactedReviewers";
        DECISIONS => DecisionItem = "decisions";
        STAGES => Stage = "stages";
    }

    DecisionItem = "accessReviewInstanceDecisionItem" {
        ID: Id<DecisionItem> = "id";
        ACCESS_REVIEW_ID: String = "accessReviewId";
        APPLIED_BY: Structure = "appliedBy";
        APPLIED_DATE_TIME: Timestamp = "appliedDateTime";
        APPLY_RESULT: ApplyResult = "applyResult";
        DECISION: Decision = "decision";
        JUSTIFICATION: String = "justification";
        PRINCIPAL: Structure = "principal";
        PRINCIPAL_LINK: String = "principalLink";
        RECOMMENDATION: Recommendation = "recommendation";
        RESOURCE: Structure = "resource";
        RESOURCE_LINK: String = "resourceLink";
        REVIEWED_BY: Structure = "reviewedBy";
        REVIEWED_DATE_TIME: Timestamp = "reviewedDateTime";
        INSIGHTS => Insight = "insights";
    }

    Reviewer = "accessReviewReviewer" {
        ID: Id<Reviewer> = "id";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DISPLAY_NAME: String = "displayName";
        USER_PRINCIPAL_NAME: String = "userPrincipalName";
    }

    Stage = "accessReviewStage" {
        ID: Id<Stage> = "id";
        END_DATE_TIME: Timestamp = "endDateTime";
        FALLBACK_REVIEWERS: Structure = "fallbackReviewers";
        REVIEWERS: Structure = "reviewers";
        START_DATE_TIME: Timestamp = "startDateTime";
        STATUS: Status = "status";
        DECISIONS => DecisionItem = "decisions";
    }

    HistoryDefinition = "accessReviewHistoryDefinition" {
        ID: Id<HistoryDefinition> = "id";
        CREATED_BY: Structure = "createdBy";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DECISIONS: Vec<HistoryDecisionFilter> = "decisions";
        DISPLAY_NAME: String = "displayName";
        REVIEW_HISTORY_PERIOD_END_DATE_TIME: Timestamp = "reviewHistoryPeriodEndDateTime";
        REVIEW_HISTORY_PERIOD_START_DATE_TIME: Timestamp = "reviewHistoryPeriodStartDateTime";
        SCHEDULE_SETTINGS: Structure = "scheduleSettings";
        SCOPES: Structure = "scopes";
        STATUS: HistoryStatus = "status";
        INSTANCES => HistoryInstance = "instances";
    }

    HistoryInstance = "accessReviewHistoryInstance" {
        ID: Id<HistoryInstance> = "id";
        DOWNLOAD_URI: String = "downloadUri";
        EXPIRATION_DATE_TIME: Timestamp = "expirationDateTime";
        FULFILLED_DATE_TIME: Timestamp = "fulfilledDateTime";
        REVIEW_HISTORY_PERIOD_END_DATE_TIME: Timestamp = "reviewHistoryPeriodEndDateTime";
        REVIEW_HISTORY_PERIOD_START_DATE_TIME: Timestamp = "reviewHistoryPeriodStartDateTime";
        RUN_DATE_TIME: Timestamp = "runDateTime";
        STATUS: HistoryStatus = "status";
    }
}
