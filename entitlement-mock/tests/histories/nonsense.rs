//! Nothing that anybody sends makes the tenant panic, or leaves it unable to go on.

use entitlement_core::time::IsoDuration;
use entitlement_graph::transport::Request;
use entitlement_mock::snapshot::Snapshot;
use entitlement_mock::{Outcome, Tenant};
use http::Method;
use http::header::AUTHORIZATION;
use proptest::prelude::*;
use serde_json::Value;

use crate::stage::Stage;
use crate::step::Step;

/// A tenant in which a few things have happened.
fn tenant() -> Tenant {
    let stage = Stage::set(0);
    for person in 0..2 {
        for package in 0..2 {
            stage.play(&Step::Ask {
                person,
                package,
                start: None,
            });
        }
    }
    stage.play(&Step::Decide {
        person: 4,
        approve: true,
    });
    stage.play(&Step::Leave {
        person: 1,
        package: 0,
    });
    stage.tenant
}

/// The status of the answer.
fn send(tenant: &Tenant, method: &Method, url: &str, body: &[u8]) -> u16 {
    let mut request = Request::default();
    *request.method_mut() = method.clone();
    let Ok(uri) = url.parse() else { return 0 };
    *request.uri_mut() = uri;
    let bearer = "Bearer app".parse().expect("a header");
    request.headers_mut().insert(AUTHORIZATION, bearer);
    *request.body_mut() = body.to_vec().into();
    match tenant.handle(&request) {
        Outcome::Answered(answer) => answer.status().as_u16(),
        _ => 0,
    }
}

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![
        Method::GET,
        Method::POST,
        Method::PATCH,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ])
}

/// Paths that are nearly right.
fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        prop::sample::select(vec![
            "users",
            "groups",
            "me",
            "$batch",
            "$count",
            "$ref",
            "members",
            "manager",
            "identityGovernance",
            "entitlementManagement",
            "catalogs",
            "accessPackages",
            "assignmentPolicies",
            "assignmentRequests",
            "assignments",
            "resourceRequests",
            "resources",
            "accessReviews",
            "definitions",
            "filterByCurrentUser(on='target')",
            "b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1",
            "roleManagement",
            "roleAssignments",
            "connectedOrganizations",
            "settings",
            "subjects(objectId='x')",
        ])
        .prop_map(ToOwned::to_owned),
        "[!-~]{0,12}",
    ];
    let query = prop_oneof![
        Just(String::new()),
        "[?][$](filter|expand|select|orderby|top|skip|count|search|skiptoken)=[!-~]{0,30}",
    ];
    (prop::collection::vec(segment, 0..6), query).prop_map(|(segments, query)| {
        format!(
            "https://graph.microsoft.com/v1.0/{}{query}",
            segments.join("/")
        )
    })
}

/// JSON of all kinds with the names that the tenant looks at.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "userAdd",
            "adminAdd",
            "P10D",
            "9999-12-31T23:59:59Z",
            "AadGroup",
            "#microsoft.graph.singleUser",
            "afterDuration",
            "/groups/x/members",
            "GET",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        let name = prop::sample::select(vec![
            "id",
            "displayName",
            "catalog",
            "resource",
            "originId",
            "originSystem",
            "requestType",
            "assignment",
            "schedule",
            "expiration",
            "type",
            "duration",
            "requests",
            "url",
            "method",
            "body",
            "accessPackage",
            "stages",
            "requestApprovalSettings",
            "reviewSettings",
            "scope",
            "settings",
            "@odata.type",
            "questions",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<Value>()
            }),
        ]
    })
}

/// Puts something else in one place of a value.
fn change(value: &mut Value, place: &[usize], other: Value) {
    let Some((step, rest)) = place.split_first() else {
        *value = other;
        return;
    };
    let inner = match value {
        Value::Array(items) => {
            let count = items.len().max(1);
            items.get_mut(step % count)
        }
        Value::Object(members) => {
            let count = members.len().max(1);
            members.values_mut().nth(step % count)
        }
        _ => None,
    };
    match inner {
        Some(inner) => change(inner, rest, other),
        None => *value = other,
    }
}

proptest! {
    #[test]
    fn any_call_is_answered(method in method(), path in path(), body in json(), broken in any::<bool>()) {
        let tenant = tenant();
        let mut body = body.to_string().into_bytes();
        if broken {
            body.truncate(body.len() / 2);
        }
        let status = send(&tenant, &method, &path, &body);
        prop_assert!(status < 500, "{method} {path} answers {status}");
        tenant.clock().advance(IsoDuration::days(400));
        prop_assert_eq!(send(&tenant, &Method::GET, "https://graph.microsoft.com/v1.0/users", b""), 200);
    }

    #[test]
    fn any_text_is_a_snapshot_or_is_refused(text in "\\PC{0,200}") {
        prop_assert!(Snapshot::from_json(&text).is_err());
    }

    #[test]
    fn a_snapshot_that_was_tampered_with_is_refused_or_works(
        place in prop::collection::vec(any::<usize>(), 1..8),
        other in json(),
    ) {
        let mut whole: Value = serde_json::from_str(&tenant().snapshot().to_json()).expect("JSON");
        change(&mut whole, &place, other);
        let text = whole.to_string();
        if let Ok(snapshot) = Snapshot::from_json(&text) {
            let tenant = Tenant::restore(&snapshot);
            tenant.clock().advance(IsoDuration::days(1));
            for path in ["users", "groups", "identityGovernance/entitlementManagement/catalogs"] {
                let status = send(&tenant, &Method::GET, &format!("https://graph.microsoft.com/v1.0/{path}"), b"");
                prop_assert!(status < 500, "{path} answers {status}");
            }
            Snapshot::from_json(&tenant.snapshot().to_json()).expect("what was read can be read again");
        }
    }
}
