//! A list that is read in parts, by processes that know of each other only what is written down.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitlement_graph::core::catalog::Catalog;
use entitlement_graph::core::entity::{Entity, Id};
use entitlement_graph::core::odata::{Filter, Query};
use entitlement_graph::entitlement::PackagesOn;
use entitlement_graph::paging::{Pager, ResumeToken};
use entitlement_graph::testing::{ScriptedTransport, answer};
use entitlement_graph::transport::Response;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::{Error, GraphClient};
use http::{HeaderName, Method, StatusCode};
use serde_json::json;
use url::Url;

const ROOT: &str = "https://graph.microsoft.com/v1.0";
const CATALOGS: &str =
    "https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/catalogs";

fn page(ids: &[&str], next: Option<&str>) -> Response {
    let items: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
    let page = json!({"value": items, "@odata.nextLink": next});
    answer(StatusCode::OK, page.to_string())
}

/// A process of its own: a client that shares nothing with any other.
fn process<const N: usize>(script: [Response; N]) -> (ScriptedTransport, GraphClient) {
    let network = ScriptedTransport::new(script.map(Ok));
    let client = GraphClient::builder(network.clone()).retry(RetryPolicy::never());
    (network, client.build())
}

fn urls(network: &ScriptedTransport) -> Vec<String> {
    let requests = network.requests();
    requests.iter().map(|one| one.uri().to_string()).collect()
}

async fn ids<E: Entity>(pager: Pager<E>) -> Vec<String> {
    let all = pager.try_collect().await.unwrap();
    all.iter().map(|item| item.id().to_string()).collect()
}

/// Through a file, as it were.
fn handed_over(token: &ResumeToken) -> ResumeToken {
    let text = token.to_string();
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_".contains(char);
    assert!(text.chars().all(plain), "{text}");
    let json = serde_json::to_string(token).unwrap();
    assert_eq!(json, format!("{text:?}"));
    let read: ResumeToken = serde_json::from_str(&json).unwrap();
    assert_eq!(read, text.parse().unwrap());
    read
}

/// A token somebody made up.
fn forged(link: &str) -> ResumeToken {
    let json = json!({"link": link}).to_string();
    URL_SAFE_NO_PAD.encode(json).parse().unwrap()
}

#[tokio::test]
async fn p40_a_list_goes_on_in_another_process() {
    let second = format!("{CATALOGS}?$skiptoken=2%2B%3D");
    let third = format!("{CATALOGS}?$skiptoken=3");
    let (_, client) = process([page(&["a", "b"], Some(&second))]);
    let mut catalogs = client.entitlement().catalogs().list();
    catalogs.next_page().await.unwrap().unwrap();
    let token = handed_over(&catalogs.resume_token().unwrap());

    let (network, client) = process([page(&["c"], Some(&third)), page(&["d"], None)]);
    let catalogs = client.entitlement().catalogs().list();
    assert_eq!(ids(catalogs.resume(&token).unwrap()).await, ["c", "d"]);
    assert_eq!(urls(&network), [second, third]);
}

#[tokio::test]
async fn p40_the_token_stands_where_nothing_gets_lost() {
    let second = format!("{CATALOGS}?$skiptoken=2");
    let filter = Query::new().filter(Filter::field("displayName").eq("a"));
    let first = format!("{CATALOGS}?$filter=displayName%20eq%20%27a%27");
    let resumed = async |token: ResumeToken| {
        let (network, client) = process([page(&[], None)]);
        let all = client.entitlement().catalogs().list();
        assert!(ids(all.resume(&token).unwrap()).await.is_empty());
        urls(&network)
    };
    let (_, client) = process([
        page(&["a", "b"], Some(&second)),
        answer(StatusCode::SERVICE_UNAVAILABLE, ""),
        page(&["c", "d"], None),
    ]);
    let mut pager = client.entitlement().catalogs().list_with(filter);
    // Before anything is read, and within the first page: its beginning, with the query.
    assert_eq!(
        resumed(pager.resume_token().unwrap()).await,
        [first.as_str()]
    );
    pager.next().await.unwrap().unwrap();
    assert_eq!(
        resumed(pager.resume_token().unwrap()).await,
        [first.as_str()]
    );
    // Between two pages, after an error too.
    pager.next().await.unwrap().unwrap();
    assert_eq!(
        resumed(pager.resume_token().unwrap()).await,
        [second.as_str()]
    );
    pager.next().await.unwrap_err();
    assert_eq!(
        resumed(pager.resume_token().unwrap()).await,
        [second.as_str()]
    );
    // Within the last page, and after it.
    pager.next().await.unwrap().unwrap();
    assert_eq!(
        resumed(pager.resume_token().unwrap()).await,
        [second.as_str()]
    );
    pager.next().await.unwrap().unwrap();
    assert_eq!(pager.resume_token(), None);
}

#[tokio::test]
async fn the_consistency_level_comes_along() {
    let next = format!("{ROOT}/users?$skiptoken=2");
    let (_, client) = process([page(&[], Some(&next))]);
    let query = Query::new().search("\"displayName:Ada\"");
    let mut people = client.users().list_with(query);
    people.next_page().await.unwrap();
    let token = handed_over(&people.resume_token().unwrap());

    let (network, client) = process([page(&["a"], None)]);
    ids(client.users().list().resume(&token).unwrap()).await;
    let level = HeaderName::from_static("consistencylevel");
    assert_eq!(network.requests()[0].headers()[&level], "eventual");

    // What was not asked for in this way is not either later.
    let plain = client.users().list().resume_token().unwrap();
    let (network, client) = process([page(&["a"], None)]);
    ids(client.users().list().resume(&plain).unwrap()).await;
    assert!(!network.requests()[0].headers().contains_key(&level));
}

#[tokio::test]
async fn what_is_left_out_here_is_said_again() {
    let second = format!("{CATALOGS}?$skiptoken=2");
    let (_, client) = process([page(&["a"], Some(&second))]);
    let mut catalogs = client.entitlement().catalogs().list();
    catalogs.next().await.unwrap();
    let token = catalogs.resume_token().unwrap();
    let (_, client) = process([page(&["b", "c"], None)]);
    let wanted = |catalog: &Catalog| catalog.id.to_string() != "b";
    let catalogs = client
        .entitlement()
        .catalogs()
        .list()
        .filter_locally(wanted);
    assert_eq!(ids(catalogs.resume(&token).unwrap()).await, ["c"]);
}

#[tokio::test]
async fn functions_casts_and_actions_are_lists_like_any_other() {
    let (_, client) = process([]);
    let group: Id<_> = "g/1".parse().unwrap();
    let offered = client
        .entitlement()
        .packages()
        .filter_by_current_user(PackagesOn::AllowedRequestor);
    // Graph writes the same path in several ways.
    let on = "identitygovernance/entitlementManagement/accessPackages/filterByCurrentUser(on=%27allowedRequestor%27)";
    offered
        .resume(&forged(&format!("{ROOT}/{on}?$skiptoken=2")))
        .map(drop)
        .unwrap();
    for written in ["groups/g%2F1/members", "groups('g%2f1')/members"] {
        let token = forged(&format!("{ROOT}/{written}?$skiptoken=2"));
        client
            .group(&group)
            .members()
            .list()
            .resume(&token)
            .map(drop)
            .unwrap();
    }

    let action = "me/checkMemberObjects";
    let second = format!("{ROOT}/{action}?$skiptoken=2");
    let (_, client) = process([page(&["a", "b"], Some(&second))]);
    let posted = |client: &GraphClient| {
        let call = client.raw(Method::POST, action).unwrap();
        call.pages::<Catalog>()
    };
    let mut pager = posted(&client);
    assert_eq!(pager.resume_token(), None, "an action is not run again");
    pager.next().await.unwrap();
    assert_eq!(pager.resume_token(), None, "b would be lost");
    pager.next().await.unwrap();
    let token = pager.resume_token().unwrap();
    let (network, client) = process([page(&["c"], None)]);
    assert_eq!(ids(posted(&client).resume(&token).unwrap()).await, ["c"]);
    assert_eq!(network.requests()[0].method(), Method::GET);
}

#[tokio::test]
async fn p40_a_token_leads_nowhere_else() {
    let (network, client) = process([]);
    let catalogs = || client.entitlement().catalogs().list();
    for bad in [
        "https://evil.example/v1.0/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com.evil.example/v1.0/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com@evil.example/v1.0/identityGovernance/entitlementManagement/catalogs",
        "https://ada:pass@graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/catalogs",
        "http://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com:8443/v1.0/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.us/v1.0/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com/beta/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com/v1.0/v1.0/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/catalogs/c1/resources",
        "https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/catalogs/../assignments",
        "https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/catalogs/%2e%2e",
        "https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement",
        "https://graph.microsoft.com/v1.0/users?$skiptoken=2",
        "https://graph.microsoft.com/v1.0/users?/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com/v1.0/users#/identityGovernance/entitlementManagement/catalogs",
        "https://graph.microsoft.com",
        "//evil.example/v1.0/identityGovernance/entitlementManagement/catalogs",
        "\\\\evil.example\\v1.0\\identityGovernance\\entitlementManagement\\catalogs",
        "",
        "https://",
    ] {
        let refused = catalogs().resume(&forged(bad)).unwrap_err();
        assert!(matches!(refused, Error::Refused { .. }), "{bad}");
        let text = refused.to_string();
        assert!(
            !text.contains("skiptoken") && !text.contains("evil"),
            "{text}"
        );
    }
    assert!(network.requests().is_empty());

    // A token of one cloud is none of another.
    let token = catalogs().resume_token().unwrap();
    let root = Url::parse("https://graph.microsoft.us/v1.0").unwrap();
    let other = GraphClient::builder(network.clone()).root(root).build();
    let other = other.entitlement().catalogs().list();
    other.resume(&token).unwrap_err();
}

#[tokio::test]
async fn the_services_own_slip_of_version_is_put_right() {
    let slip = CATALOGS.replace("/v1.0/", "/v2/") + "?$skiptoken=2";
    let (_, client) = process([page(&["a"], Some(&slip))]);
    let mut catalogs = client.entitlement().catalogs().list();
    catalogs.next().await.unwrap();
    let token = catalogs.resume_token().unwrap();
    let (network, client) = process([page(&["b"], None)]);
    let catalogs = client.entitlement().catalogs().list();
    assert_eq!(ids(catalogs.resume(&token).unwrap()).await, ["b"]);
    assert_eq!(urls(&network), [format!("{CATALOGS}?$skiptoken=2")]);
    // Nobody else may write it.
    let catalogs = client.entitlement().catalogs().list();
    catalogs.resume(&forged(&slip)).unwrap_err();
}

#[tokio::test]
async fn a_resumed_list_is_not_led_in_circles_and_a_refused_one_stays_refused() {
    let second = format!("{CATALOGS}?$skiptoken=2");
    let (network, client) = process([page(&["b"], Some(&second))]);
    let resumed = client.entitlement().catalogs().list();
    let resumed = resumed.resume(&forged(&second)).unwrap();
    resumed.try_collect().await.unwrap_err();
    assert_eq!(network.requests().len(), 1);

    let by_nobody = Query::new().order_by("displayName");
    let refused = client.entitlement().catalogs().list_with(by_nobody);
    assert_eq!(refused.resume_token(), None);
    let refused = refused.resume(&forged(&second)).unwrap_err();
    assert!(refused.to_string().contains("$orderby"), "{refused}");
}

#[tokio::test]
async fn a_token_says_nothing_in_debug_output() {
    let second = format!("{CATALOGS}?$skiptoken=s3cret");
    let (_, client) = process([page(&["a"], Some(&second)), page(&[], Some(&second))]);
    let mut catalogs = client.entitlement().catalogs().list();
    let first = catalogs.next_page().await.unwrap().unwrap();
    let token = catalogs.resume_token().unwrap();
    let encoded = &token.to_string()[20..40];
    for shown in [
        format!("{token:?}"),
        format!("{first:?}"),
        format!("{catalogs:?}"),
    ] {
        assert!(
            !shown.contains("s3cret") && !shown.contains(encoded),
            "{shown}"
        );
    }
    for text in ["", "x", "e30", "https://graph.microsoft.com/v1.0/catalogs"] {
        let invalid = text.parse::<ResumeToken>().unwrap_err();
        assert_eq!(invalid.to_string(), "the text is no resume token", "{text}");
    }
}
