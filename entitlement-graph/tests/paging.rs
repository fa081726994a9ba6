//! Collections arrive page by page, by links that are data and are treated as such.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_graph::auth::StaticToken;
use entitlement_graph::core::catalog::Catalog;
use entitlement_graph::core::odata::{Filter, Query};
use entitlement_graph::paging::{Page, Pager};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Response, TransportError, TransportErrorKind};
use entitlement_graph::{Error, GraphClient};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;

type Outcome = Result<Response, TransportError>;

const CATALOGS: &str =
    "https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/catalogs";

fn link(token: &str) -> String {
    format!("{CATALOGS}?$skiptoken={token}")
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside errors in scripts")]
fn page(ids: &[&str], next: Option<&str>) -> Outcome {
    let items: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
    let mut page = json!({"@odata.count": 7, "value": items});
    if let Some(next) = next {
        page["@odata.nextLink"] = json!(next);
    }
    Ok(answer(StatusCode::OK, page.to_string()))
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside errors in scripts")]
fn status(code: u16) -> Outcome {
    Ok(answer(StatusCode::from_u16(code).unwrap(), ""))
}

fn lost() -> Outcome {
    Err(TransportError::maybe_sent(TransportErrorKind::Interrupted))
}

/// The catalogs of a service that gives these answers, each call being tried once.
fn catalogs<const N: usize>(script: [Outcome; N]) -> (ScriptedTransport, Pager<Catalog>) {
    let network = ScriptedTransport::new(script);
    let client = GraphClient::builder(network.clone())
        .clock(InstantClock::default())
        .retry(RetryPolicy::never())
        .token_provider(StaticToken::new("token"))
        .build();
    (network, client.entitlement().catalogs().list())
}

fn urls(network: &ScriptedTransport) -> Vec<String> {
    let requests = network.requests();
    requests
        .iter()
        .map(|request| request.uri().to_string())
        .collect()
}

fn ids(items: &[Catalog]) -> Vec<String> {
    items.iter().map(|item| item.id.to_string()).collect()
}

async fn next(pager: &mut Pager<Catalog>) -> Option<String> {
    pager.next().await.unwrap().map(|item| item.id.to_string())
}

#[tokio::test]
async fn items_come_one_by_one_across_pages() {
    let (network, mut pager) = catalogs([
        page(&["a", "b"], Some(&link("2"))),
        page(&["c"], Some(&link("3"))),
        page(&["d"], None),
    ]);
    assert_eq!(
        urls(&network),
        [""; 0],
        "nothing is read before it is asked for"
    );
    for (id, pages) in [("a", 1), ("b", 1), ("c", 2), ("d", 3)] {
        assert_eq!(next(&mut pager).await.as_deref(), Some(id));
        assert_eq!(network.requests().len(), pages, "at {id}");
    }
    assert_eq!(next(&mut pager).await, None);
    assert_eq!(next(&mut pager).await, None, "the end stays the end");
    assert_eq!(urls(&network), [CATALOGS.to_owned(), link("2"), link("3")]);
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    let (_, pager) = catalogs([
        page(&[], Some(&link("2"))),
        page(&[], Some(&link("3"))),
        page(&["a"], None),
    ]);
    assert_eq!(ids(&pager.try_collect().await.unwrap()), ["a"]);
    let (_, pager) = catalogs([page(&[], None)]);
    assert!(pager.try_collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_link_is_followed_as_it_is() {
    for good in [
        link("RFNwdAIAAQAAACc6R3JvdXBfYWJj%2B%3D%3D&$top=2&$filter=displayName%20eq%20%27a%26b%27"),
        format!("{CATALOGS}?$skip=100"),
        "https://graph.microsoft.com/v2/identityGovernance/other?$skiptoken=x".to_owned(),
    ] {
        let (network, pager) = catalogs([page(&["a"], Some(&good)), page(&["b"], None)]);
        assert_eq!(ids(&pager.try_collect().await.unwrap()), ["a", "b"]);
        assert_eq!(urls(&network)[1], good);
    }
    // These are the same place, written differently.
    for (odd, sent) in [
        (
            "https://GRAPH.microsoft.com:443/v1.0/x?$skip=1",
            "https://graph.microsoft.com/v1.0/x?$skip=1",
        ),
        (
            "https://graph.microsoft.com/v1.0/x?$skiptoken=a b",
            "https://graph.microsoft.com/v1.0/x?$skiptoken=a%20b",
        ),
        (
            "/v1.0/x?$skip=1",
            "https://graph.microsoft.com/v1.0/x?$skip=1",
        ),
    ] {
        let (network, pager) = catalogs([page(&["a"], Some(odd)), page(&[], None)]);
        pager.try_collect().await.unwrap();
        assert_eq!(urls(&network)[1], sent);
    }
}

#[tokio::test]
async fn a_link_elsewhere_is_refused_and_nothing_is_sent() {
    for bad in [
        "https://evil.example/v1.0/catalogs?$skiptoken=2",
        "https://graph.microsoft.com.evil.example/v1.0/catalogs",
        "https://graph.microsoft.com@evil.example/v1.0/catalogs",
        "https://ada@graph.microsoft.com/v1.0/catalogs",
        "https://ada:pass@graph.microsoft.com/v1.0/catalogs",
        "https://:pass@graph.microsoft.com/v1.0/catalogs",
        "http://graph.microsoft.com/v1.0/catalogs",
        "https://graph.microsoft.com:8443/v1.0/catalogs",
        "https://graph.microsoft.us/v1.0/catalogs",
        "//evil.example/v1.0/catalogs",
        "\\\\evil.example\\v1.0\\catalogs",
        "ftp://graph.microsoft.com/v1.0/catalogs",
        "file:///etc/passwd",
        "data:,x",
        "https://",
    ] {
        let (network, mut pager) = catalogs([page(&["a"], Some(bad)), page(&["b"], None)]);
        assert_eq!(next(&mut pager).await.as_deref(), Some("a"), "{bad}");
        for _ in 0..2 {
            let refused = pager.next().await.unwrap_err();
            assert!(
                matches!(refused, Error::Refused { .. }),
                "{bad}: {refused:?}"
            );
        }
        assert_eq!(network.requests().len(), 1, "{bad}");
    }
}

#[tokio::test]
async fn links_in_a_circle_are_refused() {
    let (network, pager) = catalogs([
        page(&["a"], Some(&link("2"))),
        page(&["b"], Some(&link("2"))),
    ]);
    let refused = pager.try_collect().await.unwrap_err();
    assert!(matches!(refused, Error::Refused { .. }), "{refused:?}");
    assert_eq!(network.requests().len(), 2);

    let (network, pager) = catalogs([
        page(&["a"], Some(&link("2"))),
        page(&["b"], Some(&link("3"))),
        page(&["c"], Some(&link("2"))),
    ]);
    let refused = pager.try_collect().await.unwrap_err();
    assert!(matches!(refused, Error::Refused { .. }), "{refused:?}");
    assert_eq!(network.requests().len(), 3);
}

#[tokio::test]
async fn every_page_is_asked_for_in_the_same_way() {
    let (network, pager) = catalogs([page(&["a"], Some(&link("2"))), page(&["b"], None)]);
    pager.try_collect().await.unwrap();
    let [first, second] = network.requests().try_into().unwrap();
    assert_eq!(second.method(), "GET");
    for name in ["accept", "prefer", "authorization"] {
        assert_eq!(
            first.headers().get(name),
            second.headers().get(name),
            "{name}"
        );
        assert!(first.headers().contains_key(name), "{name}");
    }
    let id = |request: &http::Request<_>| request.headers()["client-request-id"].clone();
    assert_ne!(id(&first), id(&second), "each page is a call of its own");
}

#[tokio::test]
async fn an_action_is_posted_once_and_its_further_pages_are_read() {
    let network = ScriptedTransport::new([page(&[], Some(&link("2"))), page(&[], None)]);
    let client = GraphClient::new(network.clone());
    let package = client.entitlement().package(&"p1".parse().unwrap());
    let requirements = package.applicable_policy_requirements().await.unwrap();
    assert!(requirements.is_empty());
    let methods: Vec<_> = network
        .requests()
        .iter()
        .map(|r| r.method().to_string())
        .collect();
    assert_eq!(methods, ["POST", "GET"]);
}

#[tokio::test]
async fn the_count_is_the_first_pages() {
    let counted = |count: Option<u32>, next: Option<String>| -> Outcome {
        let page = json!({"@odata.count": count, "@odata.nextLink": next, "value": [{"id": "a"}]});
        Ok(answer(StatusCode::OK, page.to_string()))
    };
    for (first, second, expected) in [
        (Some(7), None, Some(7)),
        (Some(7), Some(1), Some(7)),
        (None, None, None),
    ] {
        let (_, mut pager) = catalogs([counted(first, Some(link("2"))), counted(second, None)]);
        assert_eq!(
            pager.count(),
            None,
            "nothing is known before the first page"
        );
        while next(&mut pager).await.is_some() {
            assert_eq!(pager.count(), expected);
        }
    }
}

#[tokio::test]
async fn after_an_error_the_same_page_can_be_asked_for_again() {
    let unreadable = || -> Outcome { Ok(answer(StatusCode::OK, r#"{"value": [{"id": 7}]}"#)) };
    for failure in [status(500), lost(), unreadable()] {
        let (network, mut pager) = catalogs([
            page(&["a"], Some(&link("2"))),
            failure,
            page(&["b"], Some(&link("3"))),
            page(&["c"], None),
        ]);
        assert_eq!(next(&mut pager).await.as_deref(), Some("a"));
        pager.next().await.unwrap_err();
        assert_eq!(ids(&pager.try_collect().await.unwrap()), ["b", "c"]);
        assert_eq!(
            urls(&network),
            [CATALOGS.to_owned(), link("2"), link("2"), link("3")]
        );
    }
    let (network, mut pager) = catalogs([status(500), page(&["a"], None)]);
    pager.next().await.unwrap_err();
    assert_eq!(next(&mut pager).await.as_deref(), Some("a"));
    assert_eq!(urls(&network), [CATALOGS, CATALOGS]);
}

#[tokio::test]
async fn an_error_on_a_later_page_names_the_collection() {
    for failure in [status(500), lost(), page(&[], Some(&link("2")))] {
        let (_, pager) = catalogs([page(&["a"], Some(&link("2"))), failure]);
        let error = pager.try_collect().await.unwrap_err().to_string();
        let operation = "GET identityGovernance/entitlementManagement/catalogs: ";
        assert!(error.starts_with(operation), "{error}");
    }
}

#[tokio::test]
async fn pages_come_whole() {
    let (_, mut pager) = catalogs([page(&["a", "b"], Some(&link("2"))), page(&["c"], None)]);
    let shape = |page: Page<Catalog>| (ids(&page.items), page.count, page.next_link);
    let first = pager.next_page().await.unwrap().map(shape);
    assert_eq!(
        first,
        Some((vec!["a".into(), "b".into()], Some(7), Some(link("2"))))
    );
    let second = pager.next_page().await.unwrap().map(shape);
    assert_eq!(second, Some((vec!["c".into()], Some(7), None)));
    assert!(pager.next_page().await.unwrap().is_none());
}

#[tokio::test]
async fn what_was_fetched_and_not_given_is_not_lost() {
    let script = || [page(&["a", "b", "c"], Some(&link("2"))), page(&["d"], None)];
    let (network, mut pager) = catalogs(script());
    assert_eq!(next(&mut pager).await.as_deref(), Some("a"));
    let rest = pager.next_page().await.unwrap().unwrap();
    assert_eq!(ids(&rest.items), ["b", "c"]);
    assert_eq!((rest.count, rest.next_link), (Some(7), Some(link("2"))));
    assert_eq!(network.requests().len(), 1);
    assert_eq!(ids(&pager.try_collect().await.unwrap()), ["d"]);

    let (_, mut pager) = catalogs(script());
    assert_eq!(next(&mut pager).await.as_deref(), Some("a"));
    assert_eq!(ids(&pager.try_collect().await.unwrap()), ["b", "c", "d"]);
}

#[tokio::test]
async fn the_query_is_for_the_first_page_and_stays_out_of_debug_output() {
    let network = ScriptedTransport::new([page(&["a"], Some(&link("s3cret"))), page(&["b"], None)]);
    let client = GraphClient::new(network.clone());
    let query = Query::new()
        .filter(Filter::field("displayName").eq("s3cret"))
        .top(1);
    let mut pager = client.entitlement().catalogs().list_with(query);
    next(&mut pager).await.unwrap();
    assert!(!format!("{pager:?}").contains("s3cret"), "{pager:?}");
    pager.try_collect().await.unwrap();
    let filtered = format!("{CATALOGS}?$filter=displayName%20eq%20's3cret'&$top=1");
    assert_eq!(urls(&network), [filtered, link("s3cret")]);
}

#[tokio::test]
async fn the_consistency_level_is_sent_again_on_every_page() {
    let next = "https://graph.microsoft.com/v1.0/users?$skiptoken=2";
    let first = format!(r#"{{"value": [], "@odata.nextLink": "{next}"}}"#);
    let pages = [first.as_str(), r#"{"value": []}"#];
    let network =
        ScriptedTransport::new(pages.map(|page| Ok(answer(StatusCode::OK, page.to_owned()))));
    let client = GraphClient::new(network.clone());
    let query = Query::new().search("\"displayName:Ada\"").count();
    let level = HeaderName::from_static("consistencylevel");
    let users = client
        .users()
        .list_with(query)
        .header(level.clone(), HeaderValue::from_static("eventual"));
    assert!(users.try_collect().await.unwrap().is_empty());
    let levels: Vec<_> = network
        .requests()
        .iter()
        .map(|request| request.headers()[&level].clone())
        .collect();
    assert_eq!(levels, ["eventual", "eventual"]);
}
