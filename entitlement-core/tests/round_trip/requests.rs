//! Requests, assignments and approvals.

use entitlement_core::approval::{Approval, ReviewResult, StageStatus};
use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::schedule::Schedule;
use entitlement_core::subject::{Subject, SubjectLifecycle, SubjectType};
use proptest::prelude::*;

use crate::custom_extensions::custom_extension_callout_instance;
use crate::parts::{
    Json, flag, from_the_future, id, instant, list, member, named, object, one_of, round_trip,
    tagged, text, unknown,
};
use crate::shared::{
    entitlement_management_schedule, expiration_pattern, identity, patterned_recurrence, question,
};

fn answer() -> Json {
    one_of(vec![
        tagged(
            "accessPackageAnswerString",
            object! { "displayValue?": text(), "answeredQuestion?": question(), "value?": text() },
        ),
        from_the_future(),
    ])
}

fn subject() -> Json {
    object! {
        "id": id(), "displayName?": text(), "email?": text(), "objectId?": id(),
        "onPremisesSecurityIdentifier?": text(), "principalName?": text(),
        "subjectLifecycle": member(SubjectLifecycle::MEMBERS), "subjectType?": member(SubjectType::MEMBERS),
        "connectedOrganization?": named(),
    }
}

fn request() -> Json {
    object! {
        "id": id(), "answers?": list(answer()), "completedDateTime?": instant(), "createdDateTime?": instant(),
        "customExtensionCalloutInstances?": list(custom_extension_callout_instance()), "justification?": text(),
        "requestType?": member(RequestType::MEMBERS), "schedule?": entitlement_management_schedule(),
        "state?": member(RequestState::MEMBERS), "status?": text(), "accessPackage?": named(), "assignment?": assignment(),
        "requestor?": subject(),
    }
}

fn assignment() -> Json {
    object! {
        "id": id(), "customExtensionCalloutInstances?": list(custom_extension_callout_instance()),
        "expiredDateTime?": instant(), "schedule?": entitlement_management_schedule(),
        "state?": member(AssignmentState::MEMBERS), "status?": text(), "accessPackage?": named(),
        "assignmentPolicy?": object! { "id": id(), "displayName?": text(), "later?": unknown() }, "target?": subject(),
    }
}

fn approval_stage() -> Json {
    object! {
        "id": id(), "assignedToMe?": flag(), "displayName?": text(), "justification?": text(),
        "reviewedBy?": identity(), "reviewedDateTime?": instant(), "reviewResult?": member(ReviewResult::MEMBERS),
        "status?": member(StageStatus::MEMBERS),
    }
}

fn approval() -> Json {
    object! { "id": id(), "stages?": list(approval_stage()) }
}

fn request_schedule() -> Json {
    object! {
        "expiration?": expiration_pattern(), "recurrence?": patterned_recurrence(), "startDateTime?": instant(),
    }
}

proptest! {
    #[test]
    fn request_survives(json in request()) {
        round_trip::<AssignmentRequest>(json)?;
    }

    #[test]
    fn assignment_survives(json in assignment()) {
        round_trip::<Assignment>(json)?;
    }

    #[test]
    fn subject_survives(json in subject()) {
        round_trip::<Subject>(json)?;
    }

    #[test]
    fn approval_survives(json in approval()) {
        round_trip::<Approval>(json)?;
    }

    #[test]
    fn request_schedule_survives(json in request_schedule()) {
        round_trip::<Schedule>(json)?;
    }
}
