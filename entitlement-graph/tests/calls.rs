//! What calls have in common: ids in paths, queries, ids of calls, tries. What each method sends is in `operations`.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;

use entitlement_graph::auth::StaticToken;
use entitlement_graph::core::approval::StageDecision;
use entitlement_graph::core::assignment_request::AssignmentRequestDraft;
use entitlement_graph::core::directory::{DirectoryObject, Group, User};
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::odata::{Expand, Filter, OrderBy, Query};
use entitlement_graph::entitlement::{ApprovalsOn, AssignmentsOn, PackagesOn, RequestsOn};
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::Request;
use entitlement_graph::{Error, GraphClient};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

const ROOT: &str = "https://graph.microsoft.com/v1.0/";

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

/// An answer that is an entity and an empty page.
fn anything() -> String {
    json!({"id": "x", "value": []}).to_string()
}

/// The one request that `call` sends, after a look at what all requests have in common.
async fn request_of<T>(call: impl AsyncFnOnce(GraphClient) -> Result<T, Error>) -> Request {
    let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, anything()))]);
    call(GraphClient::new(network.clone())).await.unwrap();
    let [request] = network.requests().try_into().unwrap();
    let headers = request.headers();
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["prefer"], "include-unknown-enum-members");
    headers["client-request-id"]
        .to_str()
        .unwrap()
        .parse::<Uuid>()
        .unwrap();
    let (has_body, is_post) = (!request.body().is_empty(), request.method() == Method::POST);
    let content_type = headers
        .get("content-type")
        .map(|value| value.to_str().unwrap());
    assert_eq!(content_type, has_body.then_some("application/json"));
    let length = headers
        .get("content-length")
        .map(|value| value.to_str().unwrap());
    assert_eq!(length, (is_post && !has_body).then_some("0"));
    request
}

/// Method and URL below the root, `EM` standing for entitlement management, and the body.
async fn sent<T>(call: impl AsyncFnOnce(GraphClient) -> Result<T, Error>) -> (String, Value) {
    let request = request_of(call).await;
    let url = request.uri().to_string();
    let path = url
        .strip_prefix(ROOT)
        .unwrap()
        .replace("identityGovernance/entitlementManagement/", "EM/");
    let body = match request.body().as_ref() {
        b"" => Value::Null,
        body => serde_json::from_slice(body).unwrap(),
    };
    (format!("{} {path}", request.method()), body)
}

async fn assert_sends<T>(
    line: &str,
    body: impl serde::Serialize,
    call: impl AsyncFnOnce(GraphClient) -> Result<T, Error>,
) {
    let expected = (line.to_owned(), serde_json::to_value(body).unwrap());
    assert_eq!(sent(call).await, expected);
}

/// Rows of `line => call` or `line, body => call`.
macro_rules! sends {
    ($($line:expr $(, $body:expr)? => |$client:ident| $call:expr;)+) => {
        $(assert_sends($line, sends!(@ $($body)?), async |$client: GraphClient| $call.await).await;)+
    };
    (@) => { () };
    (@ $body:expr) => { $body };
}

/// `filterByCurrentUser` with every option of a collection.
macro_rules! narrows {
    ($collection:ident at $path:literal by $options:ident { $($option:ident = $text:literal),+ $(,)? }) => {
        $(
            let line = concat!("GET EM/", $path, "/filterByCurrentUser(on='", $text, "')");
            sends! {
                line => |c| c.entitlement().$collection().filter_by_current_user($options::$option).next();
            }
        )+
    };
}

#[tokio::test]
async fn collections_are_narrowed_to_the_caller() {
    narrows!(packages at "accessPackages" by PackagesOn { AllowedRequestor = "allowedRequestor" });
    narrows!(assignments at "assignments" by AssignmentsOn {
        Target = "target", CreatedBy = "createdBy", TargetManager = "targetManager",
    });
    narrows!(requests at "assignmentRequests" by RequestsOn {
        Target = "target", CreatedBy = "createdBy", Approver = "approver", TargetOrRequestor = "targetOrRequestor",
        TargetManager = "targetManager", RequestForOthers = "requestForOthers",
    });
    narrows!(approvals at "accessPackageAssignmentApprovals" by ApprovalsOn {
        Target = "target", CreatedBy = "createdBy", Approver = "approver",
    });
    let pending = Filter::field("state").eq("pendingApproval");
    let query = Query::new().filter(pending).top(5);
    sends! {
        "GET EM/assignmentRequests/filterByCurrentUser(on='approver')?$filter=state%20eq%20'pendingApproval'&$top=5"
            => |c| c.entitlement().requests().filter_by_current_user_with(RequestsOn::Approver, query).next();
    }
}

#[tokio::test]
async fn a_query_arrives_as_it_was_meant() {
    let grants = Expand::new("resourceRoleScopes")
        .expand("role")
        .expand("scope");
    let query = Query::new().expand(grants).expand("catalog");
    sends! {
        "GET EM/accessPackages/p1?$expand=resourceRoleScopes($expand=role,scope),catalog"
            => |c| c.entitlement().packages().get_with(&id("p1"), query);
    }
    for text in [
        "O'Neil & Söhne",
        "100 % + more",
        "a=b?c#d/e;f",
        "\"quoted\" $top=1&$skip=2",
        "\u{1f600}\n\t",
        "%27",
    ] {
        let query = Query::new()
            .filter(
                Filter::field("displayName")
                    .eq(text)
                    .and(Filter::field("id").ne(text)),
            )
            .search(format!("\"displayName:{text}\""))
            .select(["id", "displayName"])
            .order_by(OrderBy::desc("createdDateTime"))
            .top(5)
            .skip(10)
            .count();
        let wanted = query.clone();
        let request = request_of(async |c| c.users().list_with(query).next().await).await;
        assert_eq!(request.uri().path(), "/v1.0/users");
        assert_eq!(
            Query::parse(request.uri().query().unwrap()),
            Ok(wanted),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_id_is_one_segment_whatever_it_holds() {
    for text in [
        "b1bf99ed-99ed-b1bf-ed99-bfb1ed99bfb1",
        "a/b",
        "a\\b",
        "a?b=c",
        "a#b",
        "../../me",
        "%2e%2e",
        "a%2Fb",
        "a b",
        "a+b",
        "ü✓",
        "x') or ('1' eq '1",
        "guest_x.com#EXT#@contoso.com",
        "$count",
        "@odata",
        ":",
        "a;b",
        "a,b",
        "…",
        "\u{0}\n",
        "...",
        " ",
    ] {
        let request = request_of(async |c| c.manager_of(&id(text)).await).await;
        let url: url::Url = request.uri().to_string().parse().unwrap();
        assert_eq!((url.query(), url.fragment()), (None, None), "{text}");
        let segments: Vec<_> = url.path_segments().unwrap().collect();
        let [version, users, segment, manager] = segments[..] else {
            panic!("{text}: {url}");
        };
        assert_eq!([version, users, manager], ["v1.0", "users", "manager"]);
        let decoded = percent_encoding::percent_decode_str(segment)
            .decode_utf8()
            .unwrap();
        assert_eq!(decoded, text);
        assert_eq!(url.path(), request.uri().path(), "nothing is resolved away");
    }
    // A dot segment would be resolved away even if it were encoded.
    for (dots, key) in [(".", "'.'"), ("..", "'..'")] {
        let request = request_of(async |c| c.manager_of(&id(dots)).await).await;
        let url: url::Url = request.uri().to_string().parse().unwrap();
        assert_eq!(url.path(), format!("/v1.0/users/{key}/manager"));
    }
    // The same holds for every id in a path, and for an id in a link.
    let (odd, sub) = ("a/../b?c", "a%2F..%2Fb%3Fc");
    let decision = StageDecision::deny("No");
    let link = json!({"@odata.id": format!("{ROOT}directoryObjects/{sub}")});
    sends! {
        &format!("PATCH EM/accessPackageAssignmentApprovals/{sub}/stages/{sub}"), &decision
            => |c| c.entitlement().approval(&id(odd)).decide(&id(odd), &decision);
        &format!("DELETE EM/accessPackages/{sub}/resourceRoleScopes/{sub}")
            => |c| c.entitlement().package(&id(odd)).role_scopes().delete(&id(odd));
        &format!("POST groups/{sub}/members/$ref"), link
            => |c| c.group(&id(odd)).add_member(id::<DirectoryObject>(odd));
        &format!("DELETE groups/{sub}/members/{sub}/$ref")
            => |c| c.group(&id(odd)).remove_member(id::<DirectoryObject>(odd));
    }
}

fn request_ids(network: &ScriptedTransport) -> Vec<String> {
    let requests = network.requests();
    let id = |request: &Request| {
        request.headers()["client-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    requests.iter().map(id).collect()
}

#[tokio::test]
async fn all_tries_of_a_call_share_one_id_and_no_two_calls_do() {
    let [unavailable, unauthorized, fine] = [
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::UNAUTHORIZED,
        StatusCode::OK,
    ]
    .map(|status| move || Ok(answer(status, anything())));
    let network = ScriptedTransport::new([
        unavailable(),
        unauthorized(),
        unavailable(),
        fine(),
        fine(),
        fine(),
    ]);
    let client = GraphClient::builder(network.clone())
        .clock(InstantClock::default())
        .token_provider(StaticToken::new("token"))
        .build();
    let catalogs = client.entitlement().catalogs();
    catalogs.get(&id("c1")).await.unwrap_err();
    catalogs.get(&id("c1")).await.unwrap();
    client.clone().users().get(&id("u1")).await.unwrap();
    catalogs.get(&id("c1")).await.unwrap();

    let ids = request_ids(&network);
    assert_eq!(ids.len(), 6);
    assert_eq!(ids[0], ids[1], "tries of the first call");
    assert_eq!(ids[2], ids[3], "tries of the second call");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 4, "{ids:?}");
    for id in &ids {
        assert_eq!(id.parse::<Uuid>().unwrap().to_string(), *id);
    }
    let tries: Vec<_> = network
        .requests()
        .iter()
        .map(|r| r.headers().get("retry-attempt").cloned())
        .collect();
    assert_eq!(tries.iter().filter(|retry| retry.is_some()).count(), 2);
}

#[tokio::test]
async fn ids_of_calls_are_the_same_in_every_run_only_if_wanted() {
    let first_id = async |seed: Option<u64>| {
        let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, anything()))]);
        let builder = GraphClient::builder(network.clone());
        let client = match seed {
            Some(seed) => builder.seed(seed).build(),
            None => builder.build(),
        };
        client.me().await.unwrap();
        request_ids(&network).remove(0)
    };
    assert_eq!(first_id(Some(7)).await, first_id(Some(7)).await);
    assert_ne!(first_id(Some(7)).await, first_id(Some(8)).await);
    assert_ne!(first_id(None).await, first_id(None).await);
}

/// How often a call is sent when the service is never available.
async fn tries<T>(call: impl AsyncFnOnce(GraphClient) -> Result<T, Error>) -> usize {
    let busy = || Ok(answer(StatusCode::SERVICE_UNAVAILABLE, ""));
    let network = ScriptedTransport::new([busy(), busy(), busy(), busy()]);
    let client = GraphClient::builder(network.clone())
        .clock(InstantClock::default())
        .build();
    assert!(call(client).await.is_err());
    network.requests().len()
}

#[tokio::test]
async fn only_what_does_no_harm_twice_is_sent_twice() {
    macro_rules! tried {
        ($($times:literal => |$client:ident| $call:expr;)+) => {
            $(assert_eq!(tries(async |$client: GraphClient| $call.await).await, $times, stringify!($call));)+
        };
    }
    let draft = AssignmentRequestDraft::user_add(&id("p1")).build().unwrap();
    let decision = StageDecision::approve("Needs it");
    tried! {
        4 => |c| c.me();
        4 => |c| c.entitlement().requests().list().next();
        4 => |c| c.entitlement().requests().delete(&id("r1"));
        4 => |c| c.entitlement().request(&id("r1")).reprocess();
        4 => |c| c.entitlement().assignment(&id("a1")).reprocess();
        4 => |c| c.entitlement().package(&id("p1")).applicable_policy_requirements();
        1 => |c| c.entitlement().requests().create(&draft);
        1 => |c| c.entitlement().request(&id("r1")).cancel();
        1 => |c| c.entitlement().approval(&id("r1")).decide(&id("s1"), &decision);
        1 => |c| c.group(&id("g1")).add_member(&id::<User>("u1"));
    }
}

#[tokio::test]
async fn what_has_no_method_is_sent_all_the_same() {
    let path = || {
        ResourcePath::new("groups")
            .id(&id::<Group>("g1"))
            .segment("owners")
    };
    let request = request_of(async |c| {
        let name = HeaderName::from_static("consistencylevel");
        let call = Call::get(path()).header(name, HeaderValue::from_static("eventual"));
        c.send(call.query(Query::new().count())).await
    })
    .await;
    assert_eq!(
        request.uri().to_string(),
        format!("{ROOT}groups/g1/owners?$count=true")
    );
    assert_eq!(request.headers()["consistencylevel"], "eventual");
    let body = json!({"a": [1]});
    sends! {
        "POST groups/g1/owners", &body => |c| c.fetch::<Value>(Call::post(path()).json(&body).unwrap());
        "PUT groups/g1/owners", &body => |c| c.send(Call::put(path()).json(&body).unwrap());
        "PATCH groups/g1/owners", &body => |c| c.send(Call::patch(path()).json(&body).unwrap());
        "DELETE groups/g1/owners" => |c| c.send(Call::delete(path()));
    }
    let mine = HeaderValue::from_static("6a5d8c60-2f6f-4b6e-9f5e-1c3a4f0f9c3e");
    let request = request_of(async |c| {
        let name = HeaderName::from_static("client-request-id");
        c.send(Call::get(path()).header(name, mine.clone())).await
    })
    .await;
    let ids: Vec<_> = request
        .headers()
        .get_all("client-request-id")
        .iter()
        .collect();
    assert_eq!(
        ids,
        [&mine],
        "an id of the caller's own takes the place of ours"
    );
}

#[tokio::test]
async fn the_service_may_be_elsewhere() {
    for root in [
        "https://graph.microsoft.us/v1.0",
        "https://graph.microsoft.us/v1.0/",
        "http://localhost:8080/",
        "http://127.0.0.1:1/a/b",
    ] {
        let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, anything()))]);
        let client = GraphClient::builder(network.clone())
            .root(root.parse().unwrap())
            .token_provider(StaticToken::new("token"))
            .build();
        client.me().await.unwrap();
        let [request] = network.requests().try_into().unwrap();
        assert_eq!(
            request.uri().to_string(),
            format!("{}/me", root.trim_end_matches('/'))
        );
        assert_eq!(request.headers()["authorization"], "Bearer token");
    }
}
