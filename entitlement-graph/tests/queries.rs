//! Queries: typed, checked before they are sent, and done here where the service cannot.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_graph::core::assignment::{Assignment, AssignmentState};
use entitlement_graph::core::catalog::Catalog;
use entitlement_graph::core::custom_extension::CustomExtension;
use entitlement_graph::core::directory::{DirectoryObject, Group, User};
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::odata::{Expand, Filter, Query};
use entitlement_graph::core::package::AccessPackage;
use entitlement_graph::core::policy::AssignmentPolicy;
use entitlement_graph::core::query::{Property, QueryOf};
use entitlement_graph::core::resource::{ResourceRole, RoleScope};
use entitlement_graph::entitlement::AdditionalAccess;
use entitlement_graph::testing::{ScriptedTransport, answer};
use entitlement_graph::{Error, GraphClient};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

/// A property that this version has no constant for.
const RANK: Property<AccessPackage, i32> = Property::new("rank");

const ROOT: &str = "https://graph.microsoft.com/v1.0/";

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

/// A client whose service gives these answers, and the service's end of the line.
fn client<const N: usize>(answers: [Value; N]) -> (GraphClient, ScriptedTransport) {
    let network =
        ScriptedTransport::new(answers.map(|body| Ok(answer(StatusCode::OK, body.to_string()))));
    (GraphClient::new(network.clone()), network)
}

fn empty() -> Value {
    json!({"value": []})
}

/// The URLs asked, below the root.
fn urls(network: &ScriptedTransport) -> Vec<String> {
    let requests = network.requests();
    let urls = requests.iter().map(|request| request.uri().to_string());
    urls.map(|url| {
        url.replace(ROOT, "")
            .replace("identityGovernance/entitlementManagement/", "EM/")
            .replace("identityGovernance/accessReviews/", "AR/")
    })
    .collect()
}

#[tokio::test]
async fn p37_a_typed_query_is_what_is_sent() {
    let (client, network) = client([empty(), json!({"id": "p1"}), empty()]);
    let entitlement = client.entitlement();
    let holders = QueryOf::new()
        .filter(
            Assignment::STATE
                .is_in([AssignmentState::Delivered, AssignmentState::Delivering])
                .and(
                    Assignment::TARGET
                        .to(entitlement_graph::core::subject::Subject::OBJECT_ID)
                        .eq(&id::<User>("u1")),
                ),
        )
        .select(Assignment::SCHEDULE)
        .expand(Assignment::ACCESS_PACKAGE.select(AccessPackage::DISPLAY_NAME))
        .top(10);
    entitlement
        .assignments()
        .list_with(holders)
        .next()
        .await
        .unwrap();
    let grants = AccessPackage::RESOURCE_ROLE_SCOPES
        .expand(RoleScope::ROLE.expand(ResourceRole::RESOURCE))
        .expand(RoleScope::SCOPE);
    let packages = entitlement.packages();
    packages
        .get_with(&id("p1"), QueryOf::new().expand(grants))
        .await
        .unwrap();
    let named = AccessPackage::DISPLAY_NAME.to_lower().contains("admin");
    let recent = AccessPackage::CREATED_DATE_TIME.ge("2026-01-01T00:00:00Z"
        .parse::<entitlement_graph::core::time::Timestamp>()
        .unwrap());
    let either = named.or(recent).and(!AccessPackage::IS_HIDDEN.eq(true));
    packages
        .list_with(QueryOf::new().filter(either))
        .next()
        .await
        .unwrap();
    assert_eq!(
        urls(&network),
        [
            "EM/assignments?$select=schedule,id&$expand=accessPackage($select=displayName,id)\
             &$filter=state%20in%20('delivered','delivering')%20and%20target/objectId%20eq%20'u1'&$top=10",
            "EM/accessPackages/p1?$expand=resourceRoleScopes($expand=role($expand=resource),scope)",
            "EM/accessPackages?$filter=(contains(tolower(displayName),'admin')%20or%20\
             createdDateTime%20ge%202026-01-01T00:00:00Z)%20and%20not(isHidden%20eq%20true)",
        ]
    );
}

#[tokio::test]
async fn p37_what_an_endpoint_does_not_take_is_refused_before_anything_is_sent() {
    let (client, network) = client([]);
    let entitlement = client.entitlement();
    let packages = entitlement.packages();
    let shelf = entitlement.catalog(&id("c1"));
    let odd = |text: &str| Query::new().filter(text.parse::<Filter>().unwrap());
    let refusals = [
        packages
            .list_with(Query::new().order_by("displayName"))
            .next()
            .await
            .unwrap_err(),
        packages
            .list_with(Query::new().search("\"x\""))
            .next_page()
            .await
            .unwrap_err(),
        packages
            .list_with(Query::new().skip(1))
            .try_collect()
            .await
            .unwrap_err(),
        packages
            .list_with(odd("contains(description,'x')"))
            .next()
            .await
            .unwrap_err(),
        packages
            .get_with(
                &id("p1"),
                Query::new().expand("accessPackageResourceRoleScopes"),
            )
            .await
            .unwrap_err(),
        entitlement
            .assignments()
            .list_with(odd("target/displayName eq 'Ada'"))
            .next()
            .await
            .map(drop)
            .unwrap_err(),
        entitlement
            .package(&id("p1"))
            .incompatible_groups()
            .list_with(Query::new().top(1))
            .next()
            .await
            .map(drop)
            .unwrap_err(),
        entitlement
            .resource_environments()
            .list()
            .next()
            .await
            .map(drop)
            .unwrap_err(),
        shelf
            .custom_extensions()
            .list_with(Query::new().expand("catalog"))
            .next()
            .await
            .map(drop)
            .unwrap_err(),
        packages
            .count_with(Query::new().expand("catalog"))
            .await
            .map(drop)
            .unwrap_err(),
        client
            .groups()
            .list_with(Query::new().expand(Expand::new("members").expand("manager")))
            .next()
            .await
            .map(drop)
            .unwrap_err(),
        client
            .users()
            .list_with(Query::new().top(1000))
            .next()
            .await
            .map(drop)
            .unwrap_err(),
    ];
    for error in &refusals {
        let Error::Refused { operation, .. } = error else {
            panic!("{error:?}");
        };
        let text = error.to_string();
        assert!(text.starts_with(&operation.to_string()), "{text}");
        assert!(text.contains("`unchecked()`"), "{text}");
    }
    assert_eq!(
        refusals[0].to_string(),
        "GET identityGovernance/entitlementManagement/accessPackages: not sent, because $orderby is not supported \
         here, which takes only $select, $expand, $filter, $top, $count: sort here, with `Pager::sort_locally`, or, \
         where the service has learned it, ask through `unchecked()`"
    );
    assert!(network.requests().is_empty());
}

#[tokio::test]
async fn p37_there_is_a_way_around_the_table() {
    let (client, network) = client([empty(), json!({"id": "p1"}), empty(), empty()]);
    let packages = client.entitlement().packages().unchecked();
    let query = || {
        Query::new()
            .order_by("displayName")
            .skip(2)
            .select(["displayName"])
    };
    packages.list_with(query()).next().await.unwrap();
    let odd = Query::new().expand("somethingNew");
    packages.get_with(&id("p1"), odd).await.unwrap();
    let ranked = QueryOf::new().filter(RANK.gt(3)).order_by(RANK.desc());
    packages.list_with(ranked).next().await.unwrap();
    let path = "identityGovernance/entitlementManagement/accessPackages";
    let raw = client.raw(Method::GET, path).unwrap().query(query());
    raw.pages::<Value>().next().await.unwrap();
    assert_eq!(
        urls(&network),
        [
            "EM/accessPackages?$select=displayName,id&$orderby=displayName&$skip=2",
            "EM/accessPackages/p1?$expand=somethingNew",
            "EM/accessPackages?$filter=rank%20gt%203&$orderby=rank%20desc",
            "EM/accessPackages?$select=displayName&$orderby=displayName&$skip=2",
        ]
    );
}

#[tokio::test]
async fn p37_what_the_service_cannot_do_is_done_here() {
    let page = |names: &[&str], next: Option<u8>| {
        let items: Vec<_> = names
            .iter()
            .map(|name| json!({"id": name, "displayName": name}))
            .collect();
        let mut page = json!({"value": items});
        if let Some(number) = next {
            page["@odata.nextLink"] = format!("{ROOT}catalogs?$skiptoken={number}").into();
        }
        page
    };
    let pages = || {
        [
            page(&["d", "b"], Some(1)),
            page(&["x"], Some(2)),
            page(&["a", "c"], None),
        ]
    };
    let names = |catalogs: &[Catalog]| -> String {
        catalogs
            .iter()
            .filter_map(|catalog| catalog.display_name.as_deref())
            .collect()
    };
    let without_x = |catalog: &Catalog| catalog.display_name.as_deref() != Some("x");
    let list = |client: &GraphClient| client.entitlement().catalogs().list();

    let (all, _) = client(pages());
    let kept = list(&all).filter_locally(without_x);
    let sorted = kept
        .sort_locally(|a, b| a.display_name.cmp(&b.display_name))
        .await;
    assert_eq!(names(&sorted.unwrap()), "abcd");

    let (late, _) = client(pages());
    let mut rest = list(&late).skip_locally(1).filter_locally(without_x);
    assert_eq!(rest.next().await.unwrap().unwrap().id, id("b"));
    let page = rest.next_page().await.unwrap().unwrap();
    assert!(
        page.items.is_empty() && page.next_link.is_some(),
        "an empty page is not the end"
    );
    assert_eq!(names(&rest.try_collect().await.unwrap()), "ac");

    let (few, network) = client(pages());
    assert_eq!(names(&list(&few).try_take(2).await.unwrap()), "db");
    assert_eq!(
        network.requests().len(),
        1,
        "pages that nobody needs are not read"
    );
    let (few, _) = client(pages());
    assert_eq!(names(&list(&few).try_take(9).await.unwrap()), "dbxac");
}

#[tokio::test]
async fn the_directory_is_asked_as_it_wants_to_be_asked() {
    let (client, network) = client([empty(), empty(), empty(), empty()]);
    let group = client.group(&id("g1"));
    client
        .users()
        .list_with(QueryOf::new().filter(User::MAIL.ends_with("@contoso.com")))
        .next()
        .await
        .unwrap();
    let unified = Group::GROUP_TYPES.has("Unified");
    client
        .groups()
        .list_with(QueryOf::new().filter(unified))
        .next()
        .await
        .unwrap();
    let people = group.members().only::<User>();
    people
        .list_with(
            QueryOf::new()
                .search("\"displayName:Pr\"")
                .order_by(User::DISPLAY_NAME.asc()),
        )
        .next()
        .await
        .unwrap();
    let by_name = QueryOf::new().filter(DirectoryObject::ID.eq(&id("u1")));
    group.owners().list_with(by_name).next().await.unwrap();
    assert_eq!(
        urls(&network),
        [
            "users?$filter=endswith(mail,'@contoso.com')&$count=true",
            "groups?$filter=groupTypes/any(x:x%20eq%20'Unified')",
            "groups/g1/members/microsoft.graph.user?$orderby=displayName&$count=true&$search=%22displayName:Pr%22",
            "groups/g1/owners?$filter=id%20eq%20'u1'&$count=true",
        ]
    );
    let levels = network.requests();
    let levels: Vec<_> = levels
        .iter()
        .map(|request| request.headers().contains_key("consistencylevel"))
        .collect();
    assert_eq!(levels, [true, false, true, true]);
}

#[tokio::test]
async fn counts_are_plain_text() {
    let plain = ["12", "\u{feff}7", " 3\r\n", "many"];
    let network = ScriptedTransport::new(plain.map(|text| Ok(answer(StatusCode::OK, text))));
    let client = GraphClient::new(network.clone());
    assert_eq!(client.users().count().await.unwrap(), 12);
    let enabled = QueryOf::new().filter(User::ACCOUNT_ENABLED.eq(true));
    assert_eq!(client.users().count_with(enabled).await.unwrap(), 7);
    assert_eq!(client.group(&id("g1")).members().count().await.unwrap(), 3);
    assert!(matches!(
        client.groups().count().await,
        Err(Error::Decode { .. })
    ));
    assert_eq!(
        urls(&network)[..3],
        [
            "users/$count",
            "users/$count?$filter=accountEnabled%20eq%20true",
            "groups/g1/members/$count"
        ]
    );
    for request in network.requests() {
        assert_eq!(request.headers()["consistencylevel"], "eventual");
        assert_eq!(request.headers()["accept"], "text/plain");
    }
}

#[tokio::test]
async fn p9_what_was_not_read_is_not_written_back() {
    let (client, network) = client([]);
    let policy: AssignmentPolicy =
        serde_json::from_value(json!({"id": "a1", "displayName": "Direct", "questions": []}))
            .unwrap();
    let error = client
        .entitlement()
        .policies()
        .replace(&policy)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("accessPackage, customExtensionStageSettings would be lost"),
        "{error}"
    );
    assert!(network.requests().is_empty());
}

#[tokio::test]
async fn p35_from_a_request_to_the_stage_to_decide() {
    let approval = json!({"id": "r1", "stages": [
        {"id": "s1", "status": "Completed"}, {"id": "s2", "status": "InProgress"}
    ]});
    let (client, network) = client([
        approval.clone(),
        approval,
        json!({"id": "r1", "stages": []}),
    ]);
    let request = client.entitlement().request(&id("r1"));
    assert_eq!(
        request
            .approval()
            .await
            .unwrap()
            .pending_stage()
            .unwrap()
            .id,
        id("s2")
    );
    assert_eq!(request.pending_stage().await.unwrap().unwrap().id, id("s2"));
    assert_eq!(request.pending_stage().await.unwrap(), None);
    assert_eq!(
        urls(&network),
        ["EM/accessPackageAssignmentApprovals/r1?$expand=stages"; 3]
    );
}

#[tokio::test]
async fn wrapped_answers_are_unwrapped_and_broken_ones_say_where() {
    let extension = json!({"id": "x1", "displayName": "Check"});
    let (client, _) = client([
        json!({"value": extension}),
        json!({"id": "x1", "displayName": 7}),
    ]);
    let extensions = client.entitlement().catalog(&id("c1")).custom_extensions();
    let read: CustomExtension = extensions.get(&id("x1")).await.unwrap();
    assert_eq!(read.display_name.as_deref(), Some("Check"));
    let Err(Error::Decode { source, .. }) = extensions.get(&id("x1")).await else {
        panic!("a broken name was read");
    };
    assert_eq!(source.path(), "displayName");
}

#[tokio::test]
async fn impossible_questions_are_not_asked() {
    let (client, network) = client([]);
    let assignments = client.entitlement().assignments();
    for access in [
        AdditionalAccess::to(&id("p1")).despite(&id("p1")),
        AdditionalAccess::any().despite(&id("p1")),
    ] {
        let refused = assignments.additional_access(&access).next().await;
        assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
    }
    let crowd = (0..21).map(|number| id::<DirectoryObject>(&format!("u{number}")));
    let refused = client.group(&id("g1")).add_members(crowd).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    client.group(&id("g1")).add_members([]).await.unwrap();
    assert!(network.requests().is_empty());
}

#[tokio::test]
async fn raw_calls_stay_below_the_root() {
    let (client, network) = client([
        json!({"answer": 42}),
        json!({"id": "u1"}),
        json!({}),
        empty(),
    ]);
    for path in [
        "",
        "/me",
        "//evil.example",
        "https://evil.example/me",
        "me/../users",
        "me/%2e%2e/users",
        "me/.",
        "me?$top=1",
        "me#x",
        "me\\x",
        "me x",
        "me\n",
        "users//x",
        "me/",
        "ü",
    ] {
        let refused = client.raw(Method::GET, path);
        assert!(matches!(refused, Err(Error::Refused { .. })), "{path}");
    }
    assert!(network.requests().is_empty());

    let value: Value = client
        .raw(Method::GET, "me/drive")
        .unwrap()
        .fetch()
        .await
        .unwrap();
    assert_eq!(value["answer"], 42);
    let user: User = client
        .raw(Method::GET, "users/a%2Fb")
        .unwrap()
        .query(QueryOf::<User>::new().select(User::MAIL))
        .option("$deltatoken", "a&b")
        .fetch()
        .await
        .unwrap();
    assert_eq!(user.id, id("u1"));
    let photo = client.raw(Method::PUT, "me/photo/$value").unwrap();
    photo
        .bytes(HeaderValue::from_static("image/png"), vec![1, 2])
        .done()
        .await
        .unwrap();
    let delta = client
        .raw(Method::GET, "users/delta()")
        .unwrap()
        .option("$deltatoken", "latest");
    assert!(delta.pages::<User>().next().await.unwrap().is_none());
    let requests = network.requests();
    assert_eq!(
        urls(&network),
        [
            "me/drive",
            "users/a%2Fb?$select=mail&$deltatoken=a%26b",
            "me/photo/$value",
            "users/delta()?$deltatoken=latest"
        ]
    );
    assert_eq!(requests[2].headers()["content-type"], "image/png");
    assert_eq!(requests[2].body().as_ref(), [1, 2]);
}
