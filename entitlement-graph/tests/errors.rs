//! What a failed call tells, and what it keeps to itself.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::error::Error as _;

use async_trait::async_trait;
use entitlement_graph::auth::{AccessToken, Rejection, StaticToken, TokenError, TokenProvider};
use entitlement_graph::core::catalog::CatalogDraft;
use entitlement_graph::core::odata::{Filter, Query};
use entitlement_graph::error::ServiceError;
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Response, TransportError, TransportErrorKind};
use entitlement_graph::{Error, GraphClient};
use http::StatusCode;
use serde_json::{Value, json};

type Outcome = Result<Response, TransportError>;

fn client(network: &ScriptedTransport) -> GraphClient {
    GraphClient::builder(network.clone())
        .clock(InstantClock::default())
        .retry(RetryPolicy::never())
        .token_provider(StaticToken::new("s3cret-token"))
        .build()
}

/// The error of reading a thing when this comes instead.
async fn failure(outcome: Outcome) -> Error {
    let network = ScriptedTransport::new([outcome]);
    let call = Call::get(ResourcePath::new("things"));
    client(&network).fetch::<Value>(call).await.unwrap_err()
}

async fn refused(code: u16, body: impl ToString) -> Error {
    failure(Ok(answer(
        StatusCode::from_u16(code).unwrap(),
        body.to_string(),
    )))
    .await
}

async fn service_error(body: impl ToString) -> ServiceError {
    refused(400, body).await.service().unwrap().clone()
}

fn with_code(code: &str) -> Value {
    json!({"error": {"code": code, "message": "…"}})
}

fn with_detail(code: &str) -> Value {
    json!({"error": {"code": "InvalidRequest", "message": "…", "details": [{"code": "Other"}, {"code": code}]}})
}

#[tokio::test]
async fn an_error_answer_is_read_as_documented() {
    let error = service_error(json!({"error": {
        "code": "InvalidModel",
        "message": "The model is invalid.",
        "target": null,
        "details": [
            {"code": "MissingAnswer", "message": "Which device?", "target": "answers"},
            {"code": "MissingJustification", "message": "", "target": null},
        ],
        "innerError": {"date": "2025-02-13T10:17:05", "request-id": "r1", "client-request-id": "c1", "innerError": {"code": "deep"}},
    }}))
    .await;
    assert_eq!(error.operation().to_string(), "GET things");
    assert_eq!(error.operation().method(), "GET");
    assert_eq!(error.operation().path(), "things");
    assert_eq!(error.status(), 400);
    assert_eq!(error.code(), "InvalidModel");
    assert_eq!(error.message(), "The model is invalid.");
    assert_eq!(error.request_id(), Some("r1"));
    assert_eq!(error.client_request_id(), Some("c1"));
    let details: Vec<_> = error
        .details()
        .iter()
        .map(|d| (d.code.as_str(), d.target.as_deref()))
        .collect();
    assert_eq!(
        details,
        [
            ("MissingAnswer", Some("answers")),
            ("MissingJustification", None)
        ]
    );
    assert_eq!(
        error.to_string(),
        "GET things: 400 InvalidModel The model is invalid.; MissingAnswer at answers: Which device?; \
         MissingJustification (request-id r1)"
    );
}

#[tokio::test]
async fn an_error_answer_is_understood_in_all_its_odd_shapes() {
    for (body, shown) in [
        ("", "400"),
        ("<html><body>Bad Request</body></html>", "400"),
        ("\u{feff}oops", "400"),
        ("null", "400"),
        ("[]", "400"),
        ("7", "400"),
        ("{}", "400"),
        (r#"{"error": null}"#, "400"),
        (r#"{"error": {}}"#, "400"),
        (r#"{"error": {"code": "", "message": ""}}"#, "400"),
        (
            r#"{"error": {"code": "", "message": "No HTTP resource was found"}}"#,
            "400 No HTTP resource was found",
        ),
        (
            r#"{"error": {"code": "UnknownError", "message": ""}}"#,
            "400 UnknownError",
        ),
        (
            r#"{"error": {"code": "X", "innererror": {"request-id": "r1"}}}"#,
            "400 X (request-id r1)",
        ),
        (
            r#"{"error": {"code": "X", "innerError": null, "details": null}}"#,
            "400 X",
        ),
        (
            r#"{"error": {"code": "X", "innerError": {"request-id": 7}}}"#,
            "400 X",
        ),
        (r#"{"error": {"code": "X", "message": null}}"#, "400 X"),
        (r#"{"error": {"code": null, "message": "m"}}"#, "400 m"),
        (
            r#"{"error": {"code": "X", "message": {"lang": "en-US", "value": "m"}}}"#,
            "400 X m",
        ),
        (
            r#"{"error": {"code": "X", "details": {"code": "Y", "message": "m"}}}"#,
            "400 X; Y: m",
        ),
        (
            r#"{"error": {"code": "X", "details": [{"code": "Y", "target": "t", "message": null}]}}"#,
            "400 X; Y at t",
        ),
        (
            r#"{"odata.error": {"code": "X", "message": {"lang": "en", "value": "m"}}}"#,
            "400 X m",
        ),
    ] {
        assert_eq!(
            service_error(body).await.to_string(),
            format!("GET things: {shown}"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn the_ids_of_a_call_come_from_the_body_or_the_headers() {
    let ids = async |body: Value| {
        let mut response = answer(StatusCode::BAD_REQUEST, body.to_string());
        for (name, value) in [
            ("request-id", "header-r"),
            ("client-request-id", "header-c"),
        ] {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        let error = failure(Ok(response)).await.service().unwrap().clone();
        [error.request_id(), error.client_request_id()].map(|id| id.unwrap().to_owned())
    };
    let inner = json!({"error": {"innerError": {"request-id": "r", "client-request-id": "c"}}});
    assert_eq!(ids(inner).await, ["r", "c"]);
    let half = json!({"error": {"innerError": {"request-id": "r"}}});
    assert_eq!(ids(half).await, ["r", "header-c"]);
    assert_eq!(
        ids(json!({"error": {"code": "X"}})).await,
        ["header-r", "header-c"]
    );
    assert_eq!(
        ids(json!("no error at all")).await,
        ["header-r", "header-c"]
    );
}

#[tokio::test]
async fn predicates_answer_the_usual_questions() {
    type Predicate = fn(&Error) -> bool;
    let predicates: [(&str, Predicate); 8] = [
        ("not found", Error::is_not_found),
        ("conflict", Error::is_conflict),
        ("throttled", Error::is_throttled),
        ("permission", Error::is_permission),
        ("unauthenticated", Error::is_unauthenticated),
        ("already assigned", Error::is_already_assigned),
        ("open request", Error::is_open_request),
        ("not assigned", Error::is_not_assigned),
    ];
    for (status, body, expected) in [
        (404, with_code("AccessPackageNotFound"), &["not found"][..]),
        (404, json!(""), &["not found"]),
        (409, with_code("DuplicateKey"), &["conflict"]),
        (412, with_code("resourceModified"), &["conflict"]),
        (429, with_code("TooManyRequests"), &["throttled"]),
        (403, with_code("UnAuthorized"), &["permission"]),
        (400, with_code("CallerNotResourceOwner"), &["permission"]),
        (
            401,
            with_code("InvalidAuthenticationToken"),
            &["unauthenticated"],
        ),
        (
            409,
            with_code("InvalidRequestExistingGrant"),
            &["conflict", "already assigned"],
        ),
        (
            404,
            with_code("InvalidRequestNoActiveGrant"),
            &["not found", "not assigned"],
        ),
        (400, with_code("ExistingOpenRequest"), &["open request"]),
        (400, with_detail("ExistingOpenRequest"), &["open request"]),
        (400, with_code("InvalidModel"), &[]),
        (500, with_code("UnknownError"), &[]),
        (503, json!(""), &[]),
    ] {
        let error = refused(status, &body).await;
        assert_eq!(error.status().unwrap().as_u16(), status);
        let found: Vec<_> = predicates
            .iter()
            .filter(|(_, holds)| holds(&error))
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(found, expected, "{status} {body}");
    }
    let lost = failure(Err(TransportError::not_sent(TransportErrorKind::Connect))).await;
    assert!(lost.status().is_none() && lost.service().is_none());
    assert!(predicates.iter().all(|(_, holds)| !holds(&lost)));
}

#[tokio::test]
async fn advice_is_given_for_what_is_known() {
    for (code, word) in [
        ("ExistingOpenRequest", "cancel"),
        ("InvalidRequestExistingGrant", "extend"),
        ("InvalidRequestNoActiveGrant", "no assignment"),
        ("MissingAnswer", "getApplicablePolicyRequirements"),
        ("MissingJustification", "justification"),
        ("InvalidModel", "spelling"),
        ("InvalidApprovalStages", "stages"),
        ("ResourceAlreadyOnboarded", "already"),
        ("ResourceNotFoundInOriginSystem", "later"),
        ("CallerNotResourceOwner", "Group.ReadWrite.All"),
        ("InvalidDeleteResourceHasEntitlements", "role scopes"),
        ("RoleNotFound", "originId"),
        ("Authorization_RequestDenied", "consented"),
        ("NoGovernanceSku", "licence"),
        ("DuplicateKey", "look it up"),
        ("AccessPackageNotFound", "id"),
        ("InvalidFilter", "GUID"),
        ("UnAuthorized", "role"),
    ] {
        for body in [with_code(code), with_detail(code)] {
            let error = service_error(&body).await;
            assert!(
                error.advice().is_some_and(|advice| advice.contains(word)),
                "{body}"
            );
        }
    }
    for body in [with_code("FromTheFuture"), with_code(""), json!("")] {
        assert_eq!(service_error(&body).await.advice(), None);
    }
}

#[tokio::test]
async fn p28_a_refusal_names_the_permission_that_would_do() {
    let body = with_code("Authorization_RequestDenied");
    let network = ScriptedTransport::new([Ok(answer(StatusCode::FORBIDDEN, body.to_string()))]);
    let draft = CatalogDraft::builder("Devices").build().unwrap();
    let refused = client(&network)
        .entitlement()
        .catalogs()
        .create(&draft)
        .await;
    let advice = refused.unwrap_err().service().unwrap().advice().unwrap();
    assert!(
        advice.contains("this POST needs EntitlementManagement.ReadWrite.All"),
        "{advice}"
    );
}

#[tokio::test]
async fn the_deepest_code_counts() {
    let error = service_error(json!({"error": {"code": "BadRequest", "innerError": {
        "code": "Wrapped", "innererror": {"code": "ResourceNotFoundInOriginSystem", "innerError": {}},
    }}}))
    .await;
    assert_eq!(error.code(), "BadRequest");
    assert_eq!(error.innermost_code(), "ResourceNotFoundInOriginSystem");
    assert!(error.advice().unwrap().contains("later"));
    assert_eq!(service_error(with_code("X")).await.innermost_code(), "X");
}

#[tokio::test]
async fn what_cannot_be_read_is_named_by_operation_and_path() {
    let body = r#"{"value": [{"id": "c1"}, {"id": "c2", "isExternallyVisible": "maybe"}]}"#;
    let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, body))]);
    let error = client(&network)
        .entitlement()
        .catalogs()
        .list()
        .try_collect()
        .await
        .unwrap_err();
    let Error::Decode { operation, source } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(
        operation.to_string(),
        "GET identityGovernance/entitlementManagement/catalogs"
    );
    assert_eq!(source.path(), "value[1].isExternallyVisible");
    assert_eq!(
        error.to_string(),
        format!("{operation}: the answer could not be read")
    );
    assert!(
        error
            .source()
            .unwrap()
            .to_string()
            .starts_with("value[1].isExternallyVisible: invalid type")
    );

    for body in ["", "<html>", "[]", r#"{"id": ""}"#] {
        let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, body))]);
        let catalogs = client(&network).entitlement().catalogs();
        let error = catalogs.get(&"c1".parse().unwrap()).await.unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_keeps_its_cause() {
    let lost = TransportError::maybe_sent(TransportErrorKind::Interrupted)
        .with_message("after 12 bytes")
        .with_source("connection reset by peer");
    let error = failure(Err(lost)).await;
    assert_eq!(error.to_string(), "GET things: no answer came");
    let cause = error.source().unwrap();
    assert_eq!(
        cause.to_string(),
        "the connection broke before the answer was complete: after 12 bytes"
    );
    assert_eq!(
        cause.source().unwrap().to_string(),
        "connection reset by peer"
    );
    let Error::Transport { source, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(source.kind(), TransportErrorKind::Interrupted);
    assert!(source.may_have_been_carried_out());
}

#[tokio::test]
async fn what_breaks_the_rules_is_not_sent() {
    let network = ScriptedTransport::new([]);
    let create = async |name: &str| -> Result<(), Error> {
        let draft = CatalogDraft::builder(name).build()?;
        client(&network)
            .entitlement()
            .catalogs()
            .create(&draft)
            .await?;
        Ok(())
    };
    let error = create(" ").await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)));
    assert!(
        error.to_string().contains("displayName: is blank"),
        "{error}"
    );
    assert!(network.requests().is_empty());
}

#[tokio::test]
async fn what_cannot_be_written_is_refused() {
    let broken = std::collections::BTreeMap::from([(vec![1], "a list is no name of a property")]);
    let error = Call::post(ResourcePath::new("things"))
        .json(&broken)
        .unwrap_err();
    assert!(matches!(error, Error::Refused { .. }));
    assert!(
        error
            .to_string()
            .starts_with("POST things: not sent, because "),
        "{error}"
    );
}

#[derive(Debug)]
struct NoToken;

#[async_trait]
impl TokenProvider for NoToken {
    async fn token(&self, _rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        Err(TokenError::new("the certificate has expired"))
    }
}

#[tokio::test]
async fn a_missing_token_is_the_cause() {
    let network = ScriptedTransport::new([]);
    let client = GraphClient::builder(network.clone())
        .token_provider(NoToken)
        .build();
    let error = client.me().await.unwrap_err();
    let cause = error.source().unwrap();
    assert_eq!(
        cause.to_string(),
        "there is no access token for the request"
    );
    assert_eq!(
        cause.source().unwrap().to_string(),
        "the certificate has expired"
    );
    assert!(network.requests().is_empty());
}

/// Everything an error shows, its causes included.
fn shown(error: &Error) -> Vec<String> {
    let first: &dyn std::error::Error = error;
    let causes = std::iter::successors(Some(first), |&error| error.source());
    causes.map(|error| format!("{error} {error:?}")).collect()
}

#[tokio::test]
async fn no_error_shows_a_secret_or_a_query() {
    let ok = |body: Value| -> Outcome { Ok(answer(StatusCode::OK, body.to_string())) };
    let next = |link: &str| {
        ok(json!({"value": [], "@odata.nextLink": format!("{link}?$skiptoken=s3cret-link")}))
    };
    let own = "https://graph.microsoft.com/v1.0/x";
    let script = |last: Outcome| [next(own), last];
    let lost = || Err(TransportError::maybe_sent(TransportErrorKind::Timeout));
    let status =
        |code: u16| -> Outcome { Ok(answer(StatusCode::from_u16(code).unwrap(), "<html>")) };
    for outcomes in [
        vec![status(500)],
        vec![status(401), status(401)],
        vec![lost()],
        vec![ok(json!({"value": 7}))],
        vec![],
        vec![next("https://evil.example/")],
        vec![next("https://s3cret-user:s3cret-word@graph.microsoft.com/")],
        vec![next("::")],
        script(status(404)).into(),
        script(lost()).into(),
        script(ok(json!({"value": [{"id": 7}]}))).into(),
        script(next(own)).into(),
    ] {
        let network = ScriptedTransport::new(outcomes);
        let client = client(&network);
        let query = Query::new()
            .filter(Filter::field("displayName").eq("s3cret-filter"))
            .search("s3cret-search");
        let error = client
            .entitlement()
            .catalogs()
            .unchecked()
            .list_with(query)
            .try_collect()
            .await
            .unwrap_err();
        for text in shown(&error) {
            assert!(
                !text.contains("s3cret") && !text.contains("Bearer"),
                "{text}"
            );
        }
        assert!(
            !format!("{client:?}").contains("s3cret-token"),
            "{client:?}"
        );
    }
}
