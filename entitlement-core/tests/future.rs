//! What the service may add later survives; what it gets wrong is found.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fmt::Debug;

use entitlement_core::approval::{Approval, ReviewResult, StageStatus};
use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::catalog::{Catalog, CatalogState, CatalogType};
use entitlement_core::connected_organization::ConnectedOrganizationState;
use entitlement_core::directory::UserType;
use entitlement_core::identity::collaboration::{
    TeamworkApplicationIdentityType, TeamworkConversationIdentityType, TeamworkUserIdentityType,
};
use entitlement_core::identity::provisioning::InitiatorType;
use entitlement_core::intune::app::MobileApp;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::approval::ApproverInformationVisibility;
use entitlement_core::policy::question::{Answer, Question};
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::policy::requirements::PolicyRequirements;
use entitlement_core::policy::review::ExpirationBehavior;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::resource::{OriginSystem, RoleType};
use entitlement_core::schedule::{
    DayOfWeek, ExpirationType, RecurrencePatternType, RecurrenceRangeType, WeekIndex,
};
use entitlement_core::subject::{SubjectLifecycle, SubjectType};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::wire;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn decoded<T: DeserializeOwned>(json: &Value) -> T {
    wire::decode(json.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn encoded(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn swapped_case(text: &str) -> String {
    let swap = |c: char| {
        if c.is_lowercase() {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        }
    };
    text.chars().map(swap).collect()
}

fn is_open<E>(name: &str, members: &[&str])
where
    E: DeserializeOwned + Serialize + PartialEq + Debug,
{
    let read = |text: &str| decoded::<E>(&json!(text));
    for member in members {
        let known = read(member);
        assert_eq!(encoded(&known), *member, "{name}");
        for odd in [
            member.to_uppercase(),
            member.to_lowercase(),
            swapped_case(member),
        ] {
            assert_eq!(read(&odd), known, "{odd} of {name}");
        }
        let others = members.iter().filter(|other| *other != member);
        assert!(
            others.into_iter().all(|other| read(other) != known),
            "{member} of {name}"
        );
    }
    for invented in [
        "fromTheFuture",
        "FROMTHEFUTURE",
        "unknownFutureValue",
        "",
        "von später",
    ] {
        let unknown = read(invented);
        assert_eq!(encoded(&unknown), invented, "{name}");
        assert!(
            members.iter().all(|member| read(member) != unknown),
            "{invented} of {name}"
        );
    }
    for malformed in ["7", "null", "{}", "[]"] {
        let error = wire::decode::<E>(malformed.as_bytes()).unwrap_err();
        assert!(error.problem().contains(name), "{error}");
    }
}

macro_rules! are_open {
    ($($name:ty),+ $(,)?) => {
        $(is_open::<$name>(<$name>::TYPE, <$name>::MEMBERS);)+
    };
}

#[test]
fn enums_keep_members_from_the_future_and_read_any_case() {
    are_open!(
        AllowedTargetScope,
        ApproverInformationVisibility,
        AssignmentState,
        CatalogState,
        CatalogType,
        ConnectedOrganizationState,
        DayOfWeek,
        ExpirationBehavior,
        ExpirationType,
        InitiatorType,
        OriginSystem,
        RecurrencePatternType,
        RecurrenceRangeType,
        RequestState,
        RequestType,
        ReviewResult,
        RoleType,
        StageStatus,
        SubjectLifecycle,
        SubjectType,
        TeamworkApplicationIdentityType,
        TeamworkConversationIdentityType,
        TeamworkUserIdentityType,
        UserType,
        WeekIndex,
    );
}

#[test]
fn a_review_result_is_read_in_both_of_its_spellings() {
    for (read, written) in [("Approved", "Approve"), ("denied", "Deny")] {
        assert_eq!(encoded(&decoded::<ReviewResult>(&json!(read))), written);
    }
}

#[test]
fn unions_keep_kinds_from_the_future() {
    for tag in [
        "#microsoft.graph.fromTheFuture",
        "microsoft.graph.fromTheFuture",
        "#contoso.thing",
        "",
    ] {
        let json =
            json!({"@odata.type": tag, "id": "7", "text": null, "deep": [{"er": [1, 2.5, null]}]});
        let set: SubjectSet = decoded(&json);
        assert!(matches!(set, SubjectSet::Unknown(_)));
        assert_eq!(encoded(&set), json);
        let question: Question = decoded(&json);
        assert!(matches!(question, Question::Unknown(_)));
        assert_eq!(encoded(&question), json);
        let answer: Answer = decoded(&json);
        assert!(matches!(answer, Answer::Unknown(_)));
        assert_eq!(encoded(&answer), json);
    }
}

#[test]
fn a_kind_is_known_with_and_without_its_hash_and_written_with_it() {
    for (kind, rest) in [
        ("singleUser", json!({"userId": "u"})),
        ("groupMembers", json!({"groupId": "g"})),
        (
            "connectedOrganizationMembers",
            json!({"connectedOrganizationId": "o"}),
        ),
        ("singleServicePrincipal", json!({"servicePrincipalId": "s"})),
        ("attributeRuleMembers", json!({"membershipRule": "true"})),
        ("requestorManager", json!({"managerLevel": 2})),
        ("targetManager", json!({})),
        ("internalSponsors", json!({})),
        ("externalSponsors", json!({})),
        ("targetUserSponsors", json!({})),
        ("targetApplicationOwners", json!({})),
        ("targetAgentIdentitySponsorsOrOwners", json!({})),
        (
            "identityGovernance.ruleBasedSubjectSet",
            json!({"rule": "department eq 'Sales'"}),
        ),
        (
            "identityGovernance.groupBasedSubjectSet",
            json!({"groups": null}),
        ),
    ] {
        let tagged = |tag: String| {
            let mut json = rest.clone();
            json["@odata.type"] = json!(tag);
            json
        };
        let canonical = tagged(format!("#microsoft.graph.{kind}"));
        for json in [tagged(format!("microsoft.graph.{kind}")), canonical.clone()] {
            let set: SubjectSet = decoded(&json);
            assert!(!matches!(set, SubjectSet::Unknown(_)), "{kind}");
            assert_eq!(encoded(&set), canonical);
        }
    }
}

fn policy() -> Value {
    json!({
        "id": "p1",
        "specificAllowedTargets": [
            {"@odata.type": "#microsoft.graph.singleUser", "userId": "ada"},
            {"@odata.type": "#microsoft.graph.groupMembers", "groupId": "devices"},
            {"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": "fabrikam"},
            {"@odata.type": "#microsoft.graph.singleServicePrincipal", "servicePrincipalId": "robot"},
            {"@odata.type": "#microsoft.graph.attributeRuleMembers", "membershipRule": "true"},
            {"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1},
            {"@odata.type": "#microsoft.graph.targetManager", "managerLevel": 1},
            {"@odata.type": "#microsoft.graph.internalSponsors"},
        ],
        "expiration": {"type": "afterDuration", "duration": "P30D"},
        "requestorSettings": {"onBehalfRequestors": []},
        "requestApprovalSettings": {
            "stages": [
                {"primaryApprovers": [], "fallbackPrimaryApprovers": [], "escalationApprovers": [], "fallbackEscalationApprovers": []},
            ],
        },
        "reviewSettings": {
            "primaryReviewers": [],
            "fallbackReviewers": [],
            "schedule": {
                "expiration": {"type": "afterDuration", "duration": "P14D"},
                "recurrence": {
                    "pattern": {"type": "absoluteMonthly", "interval": 3, "month": 0, "dayOfMonth": 0, "daysOfWeek": []},
                    "range": {"type": "noEnd", "numberOfOccurrences": 0},
                },
            },
        },
        "automaticRequestSettings": {},
        "notificationSettings": {"isAssignmentNotificationDisabled": false},
        "questions": [
            {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": "q0", "localizations": [{"languageCode": "de"}]},
            {"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": "q1", "choices": [{"text": "A", "localizations": [{"languageCode": "de"}]}]},
        ],
    })
}

/// The places of all objects in a JSON value.
fn objects(json: &Value, place: String, places: &mut Vec<String>) {
    match json {
        Value::Object(members) => {
            for (name, member) in members {
                objects(member, format!("{place}/{name}"), places);
            }
            places.push(place);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, format!("{place}/{index}"), places);
            }
        }
        _ => {}
    }
}

#[test]
fn a_policy_keeps_properties_from_the_future() {
    let whole = policy();
    assert_eq!(encoded(&decoded::<AssignmentPolicy>(&whole)), whole);
    let mut places = Vec::new();
    objects(&whole, String::new(), &mut places);
    for place in &places {
        let mut newer = whole.clone();
        let object = newer.pointer_mut(place).unwrap();
        object["fromTheFuture"] = json!({"deep": [1, null, {"er": 2.5}]});
        object["nothingFromTheFuture"] = json!(null);
        object["note@contoso.annotation"] = json!("kept");
        let policy: AssignmentPolicy = decoded(&newer);
        assert_eq!(encoded(&policy), newer, "at {place:?}");
    }
}

#[test]
fn properties_from_the_future_never_fail_a_reading() {
    fn reads<T: DeserializeOwned>(mut json: Value) {
        json["fromTheFuture"] = json!([{}]);
        decoded::<T>(&json);
    }
    reads::<Approval>(json!({"id": "r1", "stages": [{"id": "s1", "fromTheFuture": 1}]}));
    reads::<Assignment>(json!({"id": "a1", "schedule": {"fromTheFuture": 1}}));
    reads::<AssignmentRequest>(json!({"id": "r1", "requestor": {"id": "s1", "fromTheFuture": 1}}));
    reads::<Catalog>(json!({"id": "c1"}));
    reads::<SubjectSet>(json!({"@odata.type": "#microsoft.graph.internalSponsors"}));
}

#[test]
fn a_policy_that_asks_for_nothing_may_say_so_with_nulls() {
    let silent: PolicyRequirements = decoded(&json!({
        "policyId": "p1", "policyDisplayName": null, "policyDescription": null, "isApprovalRequiredForAdd": false,
        "isApprovalRequiredForUpdate": null, "isRequestorJustificationRequired": null,
        "allowCustomAssignmentSchedule": null, "schedule": null, "questions": null,
    }));
    assert!(silent.questions.is_empty());
}

#[test]
fn what_is_malformed_is_found_by_its_path() {
    #[track_caller]
    fn fails<T: DeserializeOwned + Debug>(json: &Value, path: &str, problem: &str) {
        let error = wire::decode::<T>(json.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.path(), path);
        assert!(error.problem().starts_with(problem), "{error}");
        let again = wire::decode_value::<T>(json.clone()).unwrap_err();
        assert_eq!(again.path(), path);
    }
    let user = |id: Value| json!({"@odata.type": "#microsoft.graph.singleUser", "userId": id});
    let text = |name: &str, value: Value| json!({"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", name: value});
    let choice = json!({"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "choices": [{}, {"text": 7}]});
    let answer = json!({"@odata.type": "#microsoft.graph.accessPackageAnswerString", "answeredQuestion": choice});
    let of_policy = |part: Value| {
        let mut policy = policy();
        policy
            .as_object_mut()
            .unwrap()
            .extend(part.as_object().unwrap().clone());
        policy
    };
    #[rustfmt::skip]
    let policies = [
        (json!({"id": 7}), "id", "invalid type"),
        (json!({"id": ""}), "id", "an id must not be empty"),
        (json!({"createdDateTime": "yesterday"}), "createdDateTime", ""),
        (json!({"allowedTargetScope": 7}), "allowedTargetScope", "invalid type: integer `7`, expected a member of allowedTargetScope"),
        (json!({"expiration": {"type": "afterDuration", "duration": "30 days"}}), "expiration.duration", "\"30 days\" is not an ISO 8601"),
        (json!({"requestApprovalSettings": {"stages": [{}, {"isEscalationEnabled": "yes"}]}}),
            "requestApprovalSettings.stages[1].isEscalationEnabled", "invalid type"),
        // In a union the rest of the way is part of what is wrong.
        (json!({"specificAllowedTargets": [user(json!("ada")), user(json!(7))]}), "specificAllowedTargets[1]", "userId: invalid type"),
        (json!({"id": ""}), "id", "an id must not be empty"),
        (json!({"specificAllowedTargets": [{"userId": "ada"}]}), "specificAllowedTargets[0]", "@odata.type is missing"),
        (json!({"requestApprovalSettings": {"stages": [{"primaryApprovers": [user(json!(7))]}]}}),
            "requestApprovalSettings.stages[0].primaryApprovers[0]", "userId: invalid type"),
        (json!({"questions": [choice.clone()]}), "questions[0]", "choices[1].text: invalid type"),
        (json!({"questions": [text("isSingleLineQuestion", json!("yes"))]}), "questions[0]", "isSingleLineQuestion: invalid type"),
    ];
    for (part, path, problem) in policies {
        fails::<AssignmentPolicy>(&of_policy(part), path, problem);
    }
    let request = json!({"id": "r1", "answers": [answer]});
    let problem = "answeredQuestion: choices[1].text: invalid type";
    fails::<AssignmentRequest>(&request, "answers[0]", problem);
    let list = json!([user(json!("ada")), {"@odata.type": "#microsoft.graph.groupMembers", "groupId": {}}]);
    fails::<Vec<SubjectSet>>(&list, "[1]", "groupId: invalid type");
}

#[test]
fn what_all_questions_have_is_named_when_malformed() {
    for (name, value) in [
        ("id", json!(7)),
        ("sequence", json!("first")),
        ("isRequired", json!("yes")),
        ("localizations", json!([{"languageCode": 7}])),
    ] {
        for kind in ["TextInput", "MultipleChoice"] {
            let tag = format!("#microsoft.graph.accessPackage{kind}Question");
            let policy = json!({"id": "p1", "questions": [{"@odata.type": tag, name: value}]});
            let error = wire::decode_value::<AssignmentPolicy>(policy).unwrap_err();
            assert_eq!(error.path(), "questions[0]");
            assert!(error.problem().contains(name), "{name}: {error}");
        }
    }
}

#[test]
fn what_is_malformed_in_a_flat_kind_is_named_without_an_empty_path() {
    let app = json!({"@odata.type": "#microsoft.graph.win32LobApp", "id": "a", "size": "12"});
    let error = wire::decode_value::<MobileApp>(app).unwrap_err();
    assert!(error.to_string().starts_with("size: "), "{error}");
}

#[test]
fn what_is_no_json_at_all_is_an_error() {
    for text in ["", "{", "<html>", r#"{"id": "c1"} and more"#, "null", "7"] {
        let error = wire::decode::<Catalog>(text.as_bytes()).unwrap_err();
        assert!(
            !error.problem().is_empty() && !error.path().is_empty(),
            "{text}"
        );
    }
}

#[test]
fn a_list_that_is_null_is_empty() {
    let policy = json!({
        "id": "p1",
        "specificAllowedTargets": null,
        "requestorSettings": {"onBehalfRequestors": null},
        "requestApprovalSettings": {"stages": null},
        "reviewSettings": {"primaryReviewers": null, "fallbackReviewers": null},
    });
    let policy: AssignmentPolicy = wire::decode_value(policy).unwrap();
    let written = serde_json::to_value(&policy).unwrap();
    assert_eq!(
        written["specificAllowedTargets"],
        json!([]),
        "PUT wants empty lists (P10)"
    );
    assert_eq!(
        written["requestorSettings"]["onBehalfRequestors"],
        json!([])
    );
    assert_eq!(written["requestApprovalSettings"]["stages"], json!([]));
    assert_eq!(written["reviewSettings"]["primaryReviewers"], json!([]));
    let wrong = json!({"id": "p1", "specificAllowedTargets": {}});
    let error = wire::decode_value::<AssignmentPolicy>(wrong).unwrap_err();
    assert_eq!(error.path(), "specificAllowedTargets");
}
