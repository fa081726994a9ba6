//! What the client can tell about a body that the service refuses without naming a property.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_graph::core::access_review::definition::ScheduleDefinitionDraft;
use entitlement_graph::core::access_review::reviewer::ReviewerScope;
use entitlement_graph::core::access_review::scope::Scope;
use entitlement_graph::core::access_review::settings::ScheduleSettings;
use entitlement_graph::core::assignment_request::AssignmentRequestDraft;
use entitlement_graph::core::catalog::CatalogDraft;
use entitlement_graph::core::custom_extension::CustomExtensionDraft;
use entitlement_graph::core::custom_extension::configuration::{
    AuthenticationConfiguration, EndpointConfiguration,
};
use entitlement_graph::core::directory::Group;
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::package::AccessPackageDraft;
use entitlement_graph::core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_graph::core::policy::question::TextInputQuestion;
use entitlement_graph::core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_graph::core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_graph::core::resource::ResourceRequestDraft;
use entitlement_graph::core::schedule::Expiration;
use entitlement_graph::core::subject_set::SubjectSet;
use entitlement_graph::core::time::IsoDuration;
use entitlement_graph::error::ServiceError;
use entitlement_graph::testing::{ScriptedTransport, answer};
use entitlement_graph::transport::Response;
use entitlement_graph::{Error, GraphClient};
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

const EM: &str = "identityGovernance/entitlementManagement";

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn refusal(code: &str, message: &str) -> Response {
    let body =
        json!({"error": {"code": code, "message": message, "innerError": {"request-id": "r1"}}});
    answer(StatusCode::BAD_REQUEST, body.to_string())
}

fn invalid_model() -> Response {
    refusal("InvalidModel", "The model is invalid.")
}

/// The error of a call that is answered like this.
async fn error_of(
    method: Method,
    path: &str,
    body: &impl Serialize,
    answer: Response,
) -> ServiceError {
    let client = GraphClient::new(ScriptedTransport::new([Ok(answer)]));
    let call = client.raw(method, path).unwrap().json(body).unwrap();
    call.send().await.unwrap_err().service().unwrap().clone()
}

/// Path and rule of every suspect, when the service says that the model is invalid.
async fn suspects(method: Method, path: &str, body: &impl Serialize) -> Vec<(String, String)> {
    let error = error_of(method, path, body, invalid_model()).await;
    let suspects = error.suspects().iter();
    suspects
        .map(|one| (one.path().to_owned(), one.rule().to_owned()))
        .collect()
}

async fn post(path: &str, body: &impl Serialize) -> Vec<(String, String)> {
    suspects(Method::POST, &format!("{EM}/{path}"), body).await
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(path, rule): &(&str, &str)| ((*path).to_owned(), (*rule).to_owned());
    expected.iter().map(own).collect()
}

fn policy() -> AssignmentPolicyDraft {
    AssignmentPolicyDraft::builder(id("p1"), "Members")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service())
        .request_approval_settings(ApprovalSettings::in_stages([ApprovalStage::builder()
            .primary_approver(SubjectSet::manager())
            .fallback_primary_approver(SubjectSet::user(id("u1")))
            .duration_before_automatic_denial(IsoDuration::days(14))
            .build()]))
        .question(TextInputQuestion::new("Which device?"))
        .expiration(Expiration::after_days(30))
        .build()
        .unwrap()
}

fn json(body: &impl Serialize) -> Value {
    serde_json::to_value(body).unwrap()
}

/// Where a body goes, the body, and what of it is suspect.
type Case = (&'static str, Value, &'static [(&'static str, &'static str)]);

async fn check<const N: usize>(cases: [Case; N]) {
    for (path, body, expected) in cases {
        assert_eq!(post(path, &body).await, pairs(expected), "{path}: {body}");
    }
}

#[tokio::test]
async fn p11_known_traps_of_packages_and_requests_are_named() {
    check([
        (
            "accessPackages",
            json!({"displayName": "A", "catalogId": "c1"}),
            &[("catalog.id", "OBJ-40"), ("catalogId", "OBJ-4")],
        ),
        (
            "accessPackages",
            json!({"displayName": "A", "catalog": {"id": ""}}),
            &[("catalog.id", "OBJ-40")],
        ),
        (
            "assignmentRequests",
            json!({
                "requestType": "userAdd",
                "assignment": {"accessPackageId": "p1"},
                "answers": [
                    {"value": "x", "answeredQuestion": {"id": "q1"}},
                    {"Value": "x", "AnsweredQuestion": {"id": "q2"}},
                ],
            }),
            &[
                ("answers[1].AnsweredQuestion", "OBJ-6"),
                ("answers[1].Value", "OBJ-6"),
            ],
        ),
        (
            "assignmentRequests",
            json!({"requestType": "AdminAdd", "assignment": {"accessPackageId": "p1"}}),
            &[
                ("assignment.assignmentPolicyId", "REQ-2"),
                ("assignment.targetId", "REQ-2"),
            ],
        ),
        (
            "assignmentRequests",
            json!({"requestType": "UserExtend", "accessPackageAssignment": {"id": "a1"}}),
            &[
                ("requestType", "REQ-1"),
                ("accessPackageAssignment", "OBJ-4"),
            ],
        ),
        (
            "assignmentRequests",
            json!({"requestType": "adminRemove", "assignment": {"targetId": "u1"}}),
            &[("assignment.id", "REQ-2")],
        ),
        (
            "resourceRequests",
            json!({"requestType": "adminAdd", "catalogId": "c1", "accessPackageResource": {"originId": "g1"}}),
            &[("catalog.id", "OBJ-20"), ("accessPackageResource", "OBJ-4")],
        ),
    ])
    .await;
}

#[tokio::test]
async fn p11_known_traps_of_policies_are_named() {
    let policy = |change: fn(&mut Value)| {
        let mut body = json(&policy());
        change(&mut body);
        body
    };
    check([
        (
            "assignmentPolicies",
            policy(|body| {
                body["accessPackage"] = Value::Null;
                body["specificAllowedTargets"] = Value::Null;
            }),
            &[
                ("accessPackage.id", "POL-2"),
                ("specificAllowedTargets", "POL-20"),
            ],
        ),
        (
            "assignmentPolicies",
            policy(|body| {
                body["questions@odata.context"] = "…".into();
                let stage = &mut body["requestApprovalSettings"]["stages"][0];
                stage["escalationApprovers"] = Value::Null;
            }),
            &[
                ("questions@odata.context", "POL-6"),
                (
                    "requestApprovalSettings.stages[0].escalationApprovers",
                    "POL-6",
                ),
            ],
        ),
        (
            "assignmentPolicies",
            policy(|body| {
                body["allowedTargetScope"] = "NoSubjects".into();
                body["requestApprovalSettings"]["isApprovalRequiredForAdd"] = "true".into();
                let approvers =
                    &mut body["requestApprovalSettings"]["stages"][0]["primaryApprovers"];
                approvers[0]["managerLevel"] = "1".into();
                body["questions"][0]["text"] = "true".into();
            }),
            &[
                ("allowedTargetScope", "POL-21"),
                ("requestApprovalSettings.isApprovalRequiredForAdd", "POL-7"),
                (
                    "requestApprovalSettings.stages[0].primaryApprovers[0].managerLevel",
                    "POL-7",
                ),
            ],
        ),
        (
            "assignmentPolicies",
            policy(|body| body["requestorSetting"] = json!({})),
            &[("requestorSetting", "OBJ-4")],
        ),
        // Beyond the known traps: the rules of the model.
        (
            "assignmentPolicies",
            policy(|body| {
                body["requestApprovalSettings"]["stages"] = json!([]);
                body["expiration"]["endDateTime"] = "2030-01-01T00:00:00Z".into();
            }),
            &[
                ("expiration.endDateTime", "EXP-1"),
                ("requestApprovalSettings.stages", "APV-2"),
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn p11_known_traps_of_reviews_and_extensions_are_named() {
    let definitions = "identityGovernance/accessReviews/definitions";
    let mut review = json(&review());
    review["scope"]["query"] =
        format!("/{EM}/accessPackageAssignments?$filter=accessPackageId eq 'p1'").into();
    assert_eq!(
        suspects(Method::POST, definitions, &review).await,
        pairs(&[("scope.query", "REV-13")])
    );
    let mut extension = json(&extension());
    extension["displayName"] = " ".into();
    assert_eq!(
        post("catalogs/c1/customWorkflowExtensions", &extension)
            .await
            .len(),
        1
    );
}

fn review() -> ScheduleDefinitionDraft {
    let monthly = ScheduleSettings::every_months(1, "2026-01-01".parse().unwrap(), 14);
    let scope = Scope::members_of(&id::<Group>("g1"));
    ScheduleDefinitionDraft::builder("Administrators", scope, monthly)
        .reviewer(ReviewerScope::user(&id("u1")))
        .build()
        .unwrap()
}

fn extension() -> CustomExtensionDraft {
    let endpoint = EndpointConfiguration::logic_app("subscription", "group", "check");
    CustomExtensionDraft::for_requests("Check", endpoint, AuthenticationConfiguration::pop_token())
        .build()
        .unwrap()
}

/// Drafts keep every rule, so there is nothing to suspect.
#[tokio::test]
async fn nothing_is_suspect_without_reason() {
    let package = AccessPackageDraft::builder(id("c1"), "Administrators").build();
    let administrators = AssignmentPolicyDraft::builder(id("p1"), "Direct").build();
    let (package_id, policy_id, user) = (id("p1"), id("pol1"), id("u1"));
    let requests = [
        AssignmentRequestDraft::user_add(&package_id).build(),
        AssignmentRequestDraft::admin_add(&package_id, &policy_id, &user).build(),
        AssignmentRequestDraft::admin_add_by_email(&package_id, &policy_id, "a@fabrikam.com")
            .build(),
        AssignmentRequestDraft::admin_remove(&id("a1")).build(),
    ];
    let mut bodies = vec![
        ("accessPackages", json(&package.unwrap())),
        ("assignmentPolicies", json(&administrators.unwrap())),
        ("assignmentPolicies", json(&policy())),
        (
            "catalogs",
            json(&CatalogDraft::builder("Devices").build().unwrap()),
        ),
        ("catalogs/c1/customWorkflowExtensions", json(&extension())),
        (
            "resourceRequests",
            json(&ResourceRequestDraft::add_group(&id("c1"), &id("g1"))),
        ),
        (
            "accessPackages/p1/incompatibleGroups/$ref",
            json!({"@odata.id": "https://graph.microsoft.com/v1.0/groups/g1"}),
        ),
    ];
    bodies.extend(requests.map(|request| ("assignmentRequests", json(&request.unwrap()))));
    for (path, body) in bodies {
        assert_eq!(post(path, &body).await, [], "{path}: {body}");
    }
    let definitions = "identityGovernance/accessReviews/definitions";
    assert_eq!(suspects(Method::POST, definitions, &review()).await, []);
    for (path, body) in [
        (
            "groups",
            json!({"isAssignableToRole": "true", "x@odata.context": "…"}),
        ),
        ("identityGovernance", json!({"catalogId": "c1"})),
    ] {
        assert_eq!(suspects(Method::POST, path, &body).await, [], "{path}");
    }
    // What is no JSON object is not looked at.
    for body in [json!([1]), json!("NoSubjects"), Value::Null] {
        assert_eq!(post("accessPackages", &body).await, []);
    }
}

/// Where the service itself says what is wrong, nothing is suspected beside it.
#[tokio::test]
async fn what_the_service_explains_is_not_guessed_at() {
    let path = format!("{EM}/accessPackages");
    let body = json!({"displayName": "A"});
    let suspected = async |answer: Response| {
        let error = error_of(Method::POST, &path, &body, answer).await;
        !error.suspects().is_empty()
    };
    for code in [
        "InvalidModel",
        "ArgumentException",
        "UnknownError",
        "",
        "FromTheFuture",
    ] {
        assert!(suspected(refusal(code, "…")).await, "{code}");
    }
    for code in [
        "ResourceAlreadyOnboarded",
        "CallerNotResourceOwner",
        "UnAuthorized",
    ] {
        assert!(!suspected(refusal(code, "…")).await, "{code}");
    }
    let detailed = json!({"error": {"code": "InvalidModel", "message": "…",
        "details": [{"code": "MissingAnswer", "target": "answers"}]}});
    assert!(!suspected(answer(StatusCode::BAD_REQUEST, detailed.to_string())).await);
    let wrapped = json!({"error": {"code": "BadRequest", "message": "…",
        "innerError": {"code": "AccessPackageNotFound"}}});
    assert!(!suspected(answer(StatusCode::BAD_REQUEST, wrapped.to_string())).await);
    for status in [403, 404, 409, 500] {
        let mut other = invalid_model();
        *other.status_mut() = StatusCode::from_u16(status).unwrap();
        assert!(!suspected(other).await, "{status}");
    }
}

#[tokio::test]
async fn a_value_that_the_service_quotes_is_found_in_the_body() {
    let body = json!({
        "requestType": "adminAdd",
        "catalog": {"id": "c1"},
        "resource": {"originId": "g1", "originSystem": "AadGruppe"},
    });
    let path = format!("{EM}/resourceRequests");
    let quoting = refusal(
        "ArgumentException",
        "Requested value 'AadGruppe' was not found.",
    );
    let error = error_of(Method::POST, &path, &body, quoting).await;
    let found: Vec<_> = error.suspects().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        ["resource.originSystem: is the value that the service does not know [OBJ-5]"]
    );
}

#[tokio::test]
async fn p11_advice_names_the_suspects_and_no_values() {
    let path = format!("{EM}/accessPackages");
    let body = json!({
        "displayName": "s3cret", "steps": "s3cret", "requestState": "s3cret",
        "x@odata.context": "s3cret", "accessPackageCatalog": {"id": "s3cret"},
    });
    let error = error_of(Method::POST, &path, &body, invalid_model()).await;
    let advice = error.advice().unwrap();
    assert!(
        advice.contains("check the spelling")
            && advice.contains(
                "suspect in the body: catalog.id: does not say which catalog it is in [OBJ-40]; "
            )
            && advice.ends_with("; and 2 more"),
        "{advice}"
    );
    assert_eq!(error.suspects().len(), 5);
    let shown = format!("{advice} {error} {error:?}");
    assert!(!shown.contains("s3cret"), "{shown}");

    let fine = json!({"displayName": "A", "catalog": {"id": "c1"}});
    let error = error_of(Method::POST, &path, &fine, invalid_model()).await;
    assert!(!error.advice().unwrap().contains("suspect"));
    let error = error_of(Method::POST, &path, &body, refusal("FromTheFuture", "…")).await;
    assert!(error.advice().unwrap().starts_with("suspect in the body: "));
}

/// A policy that came with a flaw, and is written back with it: the rule that was broken before is named now.
#[tokio::test]
async fn p11_an_edit_and_a_batch_name_suspects_too() {
    let stored = json!({
        "id": "pol1", "displayName": "Members", "allowedTargetScope": "allMemberUsers",
        "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.singleUser", "userId": "u1"}],
        "accessPackage": {"id": "p1"}, "questions": [], "customExtensionStageSettings": [],
    });
    let read = || Ok(answer(StatusCode::OK, stored.to_string()));
    let client = GraphClient::new(ScriptedTransport::new([
        read(),
        read(),
        Ok(invalid_model()),
    ]));
    let rename = |policy: &mut AssignmentPolicy| policy.display_name = Some("All".to_owned());
    let policies = client.entitlement().policies();
    let refused = policies.edit(&id("pol1"), rename).await.unwrap_err();
    let suspects = refused.service().unwrap().suspects();
    assert_eq!(suspects[0].path(), "specificAllowedTargets");
    assert_eq!(suspects[0].rule(), "POL-20");

    let body = invalid_model().into_body();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let answers = json!({"responses": [{"id": "1", "status": 400, "body": body}]});
    let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, answers.to_string()))]);
    let client = GraphClient::new(network);
    let mut batch = client.batch();
    let path = format!("{EM}/accessPackages").parse().unwrap();
    let call = entitlement_graph::request::Call::post(path)
        .json(&json!({"displayName": "A"}))
        .unwrap();
    let ticket = batch.action(call);
    let refused: Error = batch.send().await.take(ticket).unwrap_err();
    assert_eq!(
        refused.service().unwrap().suspects()[0].path(),
        "catalog.id"
    );
}
