//! Whatever the service says is written back with the same meaning.

use entitlement_core::approval::{Approval, ReviewResult, StageStatus};
use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::catalog::{Catalog, CatalogState, CatalogType};
use entitlement_core::connected_organization::ConnectedOrganizationState;
use entitlement_core::directory::{Group, User, UserType};
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::approval::ApproverInformationVisibility;
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::policy::requirements::PolicyRequirements;
use entitlement_core::policy::review::ExpirationBehavior;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::resource::{OriginSystem, Resource, ResourceRequest, RoleType};
use entitlement_core::schedule::{
    DayOfWeek, ExpirationType, RecurrencePatternType, RecurrenceRangeType, WeekIndex,
};
use entitlement_core::subject::{Subject, SubjectLifecycle, SubjectType};
use entitlement_core::wire::{self, Expandable};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

type Json = BoxedStrategy<Value>;

/// The JSON without what means nothing: nulls and empty lists.
fn meaning(json: Value) -> Value {
    let says_something = |json: &Value| !json.is_null() && *json != json!([]);
    match json {
        Value::Object(fields) => {
            let fields = fields
                .into_iter()
                .map(|(name, value)| (name, meaning(value)));
            fields.filter(|(_, value)| says_something(value)).collect()
        }
        Value::Array(items) => items.into_iter().map(meaning).collect(),
        other => other,
    }
}

fn round_trip<T>(json: Value) -> Result<(), TestCaseError>
where
    T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
{
    let decode = |json: &Value| -> Result<T, TestCaseError> {
        let text = json.to_string();
        wire::decode(text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))
    };
    let value = decode(&json)?;
    let again =
        serde_json::to_value(&value).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&decode(&again)?, &value);
    prop_assert_eq!(meaning(again), meaning(json));
    Ok(())
}

/// An object; a property whose name is followed by `?` may be missing or null.
macro_rules! object {
    ($($name:literal: $value:expr),* $(,)?) => { object(vec![$(($name, $value)),*]) };
}

fn object(fields: Vec<(&'static str, Json)>) -> Json {
    let (names, values): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .map(|(name, value)| match name.strip_suffix('?') {
            Some(name) => (name, maybe(value)),
            None => (name, value.prop_map(Some).boxed()),
        })
        .unzip();
    let object = move |values: Vec<Option<Value>>| {
        let fields = names.iter().zip(values);
        let present = fields.filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        Value::Object(present.collect())
    };
    values.prop_map(object).boxed()
}

fn maybe(value: Json) -> BoxedStrategy<Option<Value>> {
    prop_oneof![3 => value.prop_map(Some), 1 => Just(None), 1 => Just(Some(Value::Null))].boxed()
}

fn list(item: Json) -> Json {
    vec(item, 0..3).prop_map(Value::from).boxed()
}

fn any_of(values: &'static [&'static str]) -> Json {
    select(values).prop_map(Value::from).boxed()
}

/// A known member, or one from the future.
fn member(known: &'static [&'static str]) -> Json {
    prop_oneof![9 => any_of(known), 1 => any_of(&["fromTheFuture", "Später"])].boxed()
}

fn text() -> Json {
    any_of(&[
        "",
        "Ada",
        "O'Neil & co",
        "Zugriff für 30 Tage ✓",
        "line\nbreak \"quoted\"",
        "#microsoft.graph.user",
    ])
}

fn id() -> Json {
    any_of(&[
        "a914b616-e04e-476b-aa37-91038f0b165b",
        "A914B616-E04E-476B-AA37-91038F0B165B",
        "00000000-0000-0000-0000-000000000000",
        "r1_s1",
        "ada@contoso.com",
    ])
}

/// Another entity, of which little is known.
fn named() -> Json {
    object! { "id": id(), "displayName?": text() }
}

fn flag() -> Json {
    any::<bool>().prop_map(Value::from).boxed()
}

fn number() -> Json {
    any::<i32>().prop_map(Value::from).boxed()
}

fn instant() -> Json {
    any_of(&[
        "2026-05-01T08:00:00Z",
        "2024-02-29T23:59:59.1234567Z",
        "0001-01-01T00:00:00Z",
        "9999-12-30T00:00:00Z",
    ])
}

fn duration() -> Json {
    prop_oneof![
        (1..4_000_u32).prop_map(|days| json!(format!("P{days}D"))),
        (1..2_000_u32).prop_map(|hours| json!(format!("PT{hours}H"))),
        (1..10_u32, 1..24_u32).prop_map(|(days, hours)| json!(format!("P{days}DT{hours}H"))),
        any_of(&["PT0S", "P1M", "P2W", "PT45M", "-P1D"]),
    ]
    .boxed()
}

fn unknown() -> Json {
    any_of(&["from the future"])
        .prop_map(|value| json!({"deep": [value]}))
        .boxed()
}

fn expiration() -> Json {
    object! { "type?": member(ExpirationType::MEMBERS), "endDateTime?": instant(), "duration?": duration() }
}

fn recurrence() -> Json {
    let pattern = object! {
        "type?": member(RecurrencePatternType::MEMBERS), "interval": number(), "month": number(),
        "dayOfMonth": number(), "daysOfWeek": list(member(DayOfWeek::MEMBERS)),
        "firstDayOfWeek?": member(DayOfWeek::MEMBERS), "index?": member(WeekIndex::MEMBERS),
    };
    let range = object! {
        "type?": member(RecurrenceRangeType::MEMBERS), "numberOfOccurrences": number(),
        "startDate?": any_of(&["2026-05-01"]), "endDate?": any_of(&["2028-02-29"]), "recurrenceTimeZone?": text(),
    };
    object! { "pattern?": pattern, "range?": range }
}

fn schedule() -> Json {
    object! { "startDateTime?": instant(), "expiration?": expiration(), "recurrence?": recurrence() }
}

fn tagged(kind: &'static str, fields: Json) -> Json {
    let tag = json!(format!("#microsoft.graph.{kind}"));
    let with_tag = move |mut fields: Value| {
        fields["@odata.type"] = tag.clone();
        fields
    };
    fields.prop_map(with_tag).boxed()
}

fn subject_set() -> Json {
    prop_oneof![
        tagged(
            "singleUser",
            object! { "userId?": id(), "description?": text() }
        ),
        tagged(
            "groupMembers",
            object! { "groupId?": id(), "description?": text() }
        ),
        tagged(
            "connectedOrganizationMembers",
            object! { "connectedOrganizationId?": id(), "description?": text() }
        ),
        tagged(
            "singleServicePrincipal",
            object! { "servicePrincipalId?": id(), "description?": text() }
        ),
        tagged(
            "attributeRuleMembers",
            object! { "membershipRule?": text(), "description?": text() }
        ),
        tagged("requestorManager", object! { "managerLevel?": number() }),
        tagged("targetManager", object! { "managerLevel?": number() }),
        tagged("internalSponsors", object! {}),
        tagged("fromTheFuture", object! { "radius": number() }),
    ]
    .boxed()
}

fn question() -> Json {
    let localizations = || list(object! { "languageCode": text(), "text?": text() });
    let choice =
        object! { "actualValue?": text(), "text?": text(), "localizations": localizations() };
    let free = object! {
        "id?": id(), "sequence?": number(), "text?": text(), "localizations": localizations(), "isRequired?": flag(),
        "isAnswerEditable?": flag(), "isSingleLineQuestion?": flag(), "regexPattern?": text(), "later?": unknown(),
    };
    let choosing = object! {
        "id?": id(), "sequence?": number(), "text?": text(), "localizations": localizations(), "isRequired?": flag(),
        "isAnswerEditable?": flag(), "choices": list(choice), "isMultipleSelectionAllowed?": flag(), "later?": unknown(),
    };
    prop_oneof![
        4 => tagged("accessPackageTextInputQuestion", free),
        4 => tagged("accessPackageMultipleChoiceQuestion", choosing),
        1 => tagged("fromTheFuture", object! { "id": id() }),
    ]
    .boxed()
}

fn answer() -> Json {
    let text =
        object! { "value?": text(), "displayValue?": text(), "answeredQuestion?": question() };
    prop_oneof![
        4 => tagged("accessPackageAnswerString", text),
        1 => tagged("fromTheFuture", object! { "id": id() }),
    ]
    .boxed()
}

fn approval_settings() -> Json {
    let stage = object! {
        "primaryApprovers": list(subject_set()), "fallbackPrimaryApprovers": list(subject_set()),
        "escalationApprovers": list(subject_set()), "fallbackEscalationApprovers": list(subject_set()),
        "isEscalationEnabled?": flag(), "durationBeforeEscalation?": duration(),
        "durationBeforeAutomaticDenial?": duration(), "isApproverJustificationRequired?": flag(),
        "approverInformationVisibility?": member(ApproverInformationVisibility::MEMBERS), "later?": unknown(),
    };
    object! {
        "isApprovalRequiredForAdd?": flag(), "isApprovalRequiredForUpdate?": flag(),
        "isRequestorJustificationRequired?": flag(), "stages": list(stage), "later?": unknown(),
    }
}

fn requestor_settings() -> Json {
    object! {
        "enableTargetsToSelfAddAccess?": flag(), "enableTargetsToSelfUpdateAccess?": flag(),
        "enableTargetsToSelfRemoveAccess?": flag(), "allowCustomAssignmentSchedule?": flag(),
        "enableOnBehalfRequestorsToAddAccess?": flag(), "enableOnBehalfRequestorsToUpdateAccess?": flag(),
        "enableOnBehalfRequestorsToRemoveAccess?": flag(), "onBehalfRequestors": list(subject_set()),
        "later?": unknown(),
    }
}

fn review_settings() -> Json {
    object! {
        "isEnabled?": flag(), "schedule?": schedule(), "expirationBehavior?": member(ExpirationBehavior::MEMBERS),
        "isRecommendationEnabled?": flag(), "isReviewerJustificationRequired?": flag(), "isSelfReview?": flag(),
        "primaryReviewers": list(subject_set()), "fallbackReviewers": list(subject_set()), "later?": unknown(),
    }
}

fn policy() -> Json {
    let automatic = object! {
        "requestAccessForAllowedTargets?": flag(), "removeAccessWhenTargetLeavesAllowedTargets?": flag(),
        "gracePeriodBeforeAccessRemoval?": duration(), "later?": unknown(),
    };
    let notification = object! { "isAssignmentNotificationDisabled": flag(), "later?": unknown() };
    object! {
        "id": id(), "displayName?": text(), "description?": text(),
        "allowedTargetScope?": member(AllowedTargetScope::MEMBERS), "specificAllowedTargets": list(subject_set()),
        "expiration?": expiration(), "requestorSettings?": requestor_settings(),
        "requestApprovalSettings?": approval_settings(), "reviewSettings?": review_settings(),
        "automaticRequestSettings?": automatic, "notificationSettings?": notification, "createdDateTime?": instant(),
        "modifiedDateTime?": instant(), "questions?": list(question()), "accessPackage?": named(),
        "catalog?": named(), "later?": unknown(),
    }
}

fn catalog() -> Json {
    object! {
        "id": id(), "displayName?": text(), "description?": text(), "catalogType?": member(CatalogType::MEMBERS),
        "state?": member(CatalogState::MEMBERS), "isExternallyVisible?": flag(), "createdDateTime?": instant(),
        "modifiedDateTime?": instant(),
    }
}

fn role(more: Json) -> Json {
    object! {
        "id": id(), "displayName?": text(), "description?": text(), "originId?": text(),
        "originSystem?": member(OriginSystem::MEMBERS), "type?": member(RoleType::MEMBERS), "resource?": more,
    }
}

fn scope(more: Json) -> Json {
    object! {
        "id": id(), "displayName?": text(), "description?": text(), "originId?": text(),
        "originSystem?": member(OriginSystem::MEMBERS), "isRootScope?": flag(), "resource?": more,
    }
}

fn resource() -> Json {
    let bare = || object! { "id": id(), "originSystem?": member(OriginSystem::MEMBERS) };
    object! {
        "id": id(), "displayName?": text(), "description?": text(), "originId?": text(),
        "originSystem?": member(OriginSystem::MEMBERS), "createdDateTime?": instant(),
        "modifiedDateTime?": instant(), "roles?": list(role(bare())), "scopes?": list(scope(bare())),
    }
}

fn resource_request() -> Json {
    object! {
        "id": id(), "requestType?": member(RequestType::MEMBERS), "state?": member(RequestState::MEMBERS),
        "createdDateTime?": instant(), "catalog?": catalog(), "resource?": resource(),
    }
}

fn package() -> Json {
    let bare = || object! { "id": id(), "originId?": text() };
    let role_scope = object! {
        "id": id(), "createdDateTime?": instant(), "role?": role(bare()), "scope?": scope(bare()),
    };
    object! {
        "id": id(), "displayName?": text(), "description?": text(), "isHidden?": flag(), "createdDateTime?": instant(),
        "modifiedDateTime?": instant(), "catalog?": catalog(), "resourceRoleScopes?": list(role_scope),
    }
}

fn subject() -> Json {
    let organization = object! {
        "id": id(), "displayName?": text(), "description?": text(),
        "state?": member(ConnectedOrganizationState::MEMBERS), "createdDateTime?": instant(),
        "modifiedDateTime?": instant(),
    };
    object! {
        "id": id(), "objectId?": id(), "displayName?": text(), "email?": text(), "principalName?": text(),
        "onPremisesSecurityIdentifier?": text(), "subjectType?": member(SubjectType::MEMBERS),
        "subjectLifecycle?": member(SubjectLifecycle::MEMBERS), "connectedOrganization?": organization,
    }
}

fn assignment() -> Json {
    object! {
        "id": id(), "state?": member(AssignmentState::MEMBERS), "status?": text(), "schedule?": schedule(),
        "expiredDateTime?": instant(), "target?": subject(), "accessPackage?": named(),
        "assignmentPolicy?": object! { "id": id(), "displayName?": text(), "later?": unknown() },
    }
}

fn request() -> Json {
    object! {
        "id": id(), "requestType?": member(RequestType::MEMBERS), "state?": member(RequestState::MEMBERS),
        "status?": text(), "createdDateTime?": instant(), "completedDateTime?": instant(), "justification?": text(),
        "answers": list(answer()), "schedule?": schedule(), "accessPackage?": named(), "assignment?": assignment(),
        "requestor?": subject(),
    }
}

fn approval() -> Json {
    let identity = object! { "id?": text(), "displayName?": text(), "userPrincipalName?": text() };
    let stage = object! {
        "id": id(), "displayName?": text(), "assignedToMe?": flag(), "status?": member(StageStatus::MEMBERS),
        "reviewResult?": member(ReviewResult::MEMBERS), "justification?": text(), "reviewedBy?": identity,
        "reviewedDateTime?": instant(),
    };
    object! { "id": id(), "stages?": list(stage) }
}

fn requirements() -> Json {
    object! {
        "policyId?": id(), "policyDisplayName?": text(), "policyDescription?": text(),
        "isApprovalRequiredForAdd?": flag(), "isApprovalRequiredForUpdate?": flag(),
        "isRequestorJustificationRequired?": flag(), "allowCustomAssignmentSchedule?": flag(),
        "schedule?": schedule(), "questions": list(question()),
    }
}

fn user(manager: Json) -> Json {
    object! {
        "id": id(), "displayName?": text(), "userPrincipalName?": text(), "mail?": text(), "mailNickname?": text(),
        "givenName?": text(), "surname?": text(), "jobTitle?": text(), "department?": text(),
        "userType?": member(UserType::MEMBERS), "accountEnabled?": flag(), "createdDateTime?": instant(),
        "manager?": manager,
    }
}

fn group() -> Json {
    object! {
        "id": id(), "displayName?": text(), "description?": text(), "mailNickname?": text(), "mailEnabled?": flag(),
        "securityEnabled?": flag(), "groupTypes?": list(text()), "membershipRule?": text(),
        "createdDateTime?": instant(), "onPremisesSyncEnabled?": flag(), "securityIdentifier?": text(),
    }
}

#[test]
fn a_relation_that_is_empty_differs_from_one_that_was_not_read() {
    for (json, expected) in [
        (json!({"id": "u1"}), Expandable::NotLoaded),
        (json!({"id": "u1", "manager": null}), Expandable::Nothing),
    ] {
        let user: User = wire::decode(json.to_string().as_bytes()).unwrap();
        assert_eq!(user.manager, expected);
        assert_eq!(serde_json::to_value(&user).unwrap(), json);
    }
}

proptest! {
    #[test]
    fn policies(json in policy()) {
        round_trip::<AssignmentPolicy>(json)?;
    }

    #[test]
    fn requests(json in request()) {
        round_trip::<AssignmentRequest>(json)?;
    }

    #[test]
    fn assignments(json in assignment()) {
        round_trip::<Assignment>(json)?;
    }

    #[test]
    fn approvals(json in approval()) {
        round_trip::<Approval>(json)?;
    }

    #[test]
    fn catalogs(json in catalog()) {
        round_trip::<Catalog>(json)?;
    }

    #[test]
    fn packages(json in package()) {
        round_trip::<AccessPackage>(json)?;
    }

    #[test]
    fn resources(json in resource()) {
        round_trip::<Resource>(json)?;
    }

    #[test]
    fn resource_requests(json in resource_request()) {
        round_trip::<ResourceRequest>(json)?;
    }

    #[test]
    fn subjects(json in subject()) {
        round_trip::<Subject>(json)?;
    }

    #[test]
    fn policy_requirements(json in requirements()) {
        round_trip::<PolicyRequirements>(json)?;
    }

    #[test]
    fn users(json in user(user(object! { "id": id() }))) {
        round_trip::<User>(json)?;
    }

    #[test]
    fn groups(json in group()) {
        round_trip::<Group>(json)?;
    }
}
