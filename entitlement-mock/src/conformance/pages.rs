//! Pages: where they lead, and what their tokens are good for.

use entitlement_core::directory::Group;
use entitlement_core::odata::{OrderBy, Query};
use entitlement_graph::paging::Pager;

use super::asking::{get, names};
use super::backend::Backend;
use super::fixture::{code, new_group};

/// A page token opens the next page of its own list only.
pub async fn tokens_are_good_for_one_list(backend: &impl Backend) {
    let admin = backend.admin();
    for number in 0..5 {
        new_group(&admin, &format!("group{number}")).await;
        backend.join(&format!("person{number}"), None);
    }
    let first = get(&admin, "groups", "$top=2", false)
        .await
        .expect("a page");
    let link = first["@odata.nextLink"]
        .as_str()
        .expect("a link")
        .to_owned();
    let (_, query) = link.split_once('?').expect("a query");
    let second = get(&admin, "groups", query, false).await.expect("a page");
    assert_eq!(names(&second), ["group2", "group3"]);
    let again = get(&admin, "groups", query, false).await.expect("a page");
    assert_eq!(again, second, "a page can be asked for again");
    let token = Query::parse(query)
        .expect("a query")
        .skip_token
        .expect("a token");
    for (path, query) in [
        ("users", format!("$top=2&$skiptoken={token}")),
        ("groups", format!("$top=3&$skiptoken={token}")),
        ("groups", format!("$skiptoken={token}")),
        (
            "groups",
            format!("$top=2&$orderby=displayName&$skiptoken={token}"),
        ),
        (
            "groups",
            format!("$top=2&$filter=mail eq null&$skiptoken={token}"),
        ),
        ("groups", format!("$top=2&$skip=1&$skiptoken={token}")),
        ("groups", format!("$top=2&$skiptoken={}", &token[1..])),
        ("groups", "$top=2&$skiptoken=2".to_owned()),
    ] {
        let misused = get(&admin, path, &query, false).await;
        assert_eq!(
            code(misused),
            "DirectoryPageTokenNotFoundException",
            "{path}?{query}"
        );
    }
}

/// Nothing is missed and nothing comes twice, whatever comes and goes between two pages.
pub async fn lists_go_on_while_items_come_and_go(backend: &impl Backend) {
    let admin = backend.admin();
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(new_group(&admin, &format!("group{number}")).await.id);
    }
    let mut plain = admin.groups().list_with(Query::new().top(2));
    let mut sorted = admin
        .groups()
        .list_with(Query::new().top(2).order_by(OrderBy::desc("displayName")));
    let mut seen = Vec::new();
    for pager in [&mut plain, &mut sorted] {
        let page = pager.next_page().await.expect("a page").expect("a page");
        seen.push(
            page.items
                .into_iter()
                .filter_map(|group| group.display_name)
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(seen, [["group0", "group1"], ["group5", "group4"]]);
    // The last item of the first page goes, one before it, and new ones come.
    for gone in [0, 1, 4] {
        admin.groups().delete(&ids[gone]).await.expect("a deletion");
    }
    new_group(&admin, "group6").await;
    let rest = async |pager: Pager<Group>| {
        let items = pager.try_collect().await.expect("the rest");
        items
            .into_iter()
            .filter_map(|group| group.display_name)
            .collect::<Vec<_>>()
    };
    assert_eq!(rest(plain).await, ["group2", "group3", "group5", "group6"]);
    assert_eq!(rest(sorted).await, ["group3", "group2"]);
}
