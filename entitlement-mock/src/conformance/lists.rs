//! What lists take: counts, casts, searches, advanced queries, linked items; and what they refuse.

use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::{Expand, Filter, OrderBy, Query};
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use http::header::CONTENT_TYPE;

use super::asking::{all, call, get, names};
use super::backend::Backend;
use super::fixture::{Pending, Shelf, ask, code, new_group, new_package, open_policy};

const EM: &str = "identityGovernance/entitlementManagement";

/// Names of groups found by a query.
async fn groups(client: &GraphClient, query: &str, eventual: bool) -> Vec<String> {
    let groups = all(client, "groups", query, eventual).await;
    let names = groups
        .iter()
        .filter_map(|group| group["displayName"].as_str());
    names.map(str::to_owned).collect()
}

async fn join_group(client: &GraphClient, group: &Id<Group>, person: &Id<User>) {
    let members = client.group(group).members();
    members.add(person).await.expect("a member");
}

/// `/$count` on every collection, and casts to a type.
pub async fn collections_are_counted_and_cast(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let admin = &shelf.admin;
    let ada = backend.join("ada", None);
    join_group(admin, &shelf.group.id, &ada).await;
    let members = format!("groups/{}/members", shelf.group.id);
    for (path, count) in [
        ("groups", 1),
        ("users", 1),
        (&members, 1),
        (&format!("{members}/microsoft.graph.user"), 1),
        (&format!("{members}/microsoft.graph.group"), 0),
        (&format!("{EM}/catalogs"), 2),
        (&format!("{EM}/catalogs/{}/resources", shelf.catalog.id), 1),
        (&format!("{EM}/accessPackages"), 1),
        (&format!("{EM}/assignments"), 0),
    ] {
        let counted = get(admin, &format!("{path}/$count"), "", true).await;
        assert_eq!(counted.expect("a number"), count, "{path}");
    }
    let named = "$filter=displayName eq 'General'";
    let call = call(admin, &format!("{EM}/catalogs/$count"), named, false).expect("a path");
    let answer = call.send().await.expect("an answer");
    assert_eq!(answer.body().as_ref(), b"1");
    let kind = answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    assert!(
        kind.is_some_and(|kind| kind.starts_with("text/plain")),
        "{kind:?}"
    );

    let plain = get(admin, "users/$count", "", false).await;
    assert_eq!(
        code(plain),
        "Request_BadRequest",
        "the directory counts only with the header"
    );
    let people = get(admin, &format!("{members}/microsoft.graph.user"), "", false).await;
    assert_eq!(names(&people.expect("the people")), ["ada"]);
    let others = get(
        admin,
        &format!("{members}/microsoft.graph.group"),
        "",
        false,
    )
    .await;
    assert!(names(&others.expect("nobody")).is_empty());
    for path in [
        format!("users/{ada}/$count"),
        format!("{EM}/accessPackages/{}/$count", shelf.package.id),
        format!("users/{ada}/microsoft.graph.group"),
    ] {
        let error = get(admin, &path, "", true).await.expect_err("a refusal");
        assert!(error.is_not_found(), "{path}");
    }
}

/// Keys in parentheses, people by their sign-in names, and links in place of what they lead to.
pub async fn things_are_found_by_every_key(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let admin = &shelf.admin;
    let ada = backend.join("ada", None);
    let bob = backend.join("bob", Some(&ada));
    join_group(admin, &shelf.group.id, &ada).await;
    let whole = get(admin, &format!("users/{ada}"), "", false).await;
    let whole = whole.expect("the person");
    let name = whole["userPrincipalName"].as_str().expect("a name");
    for path in [
        format!("users/{name}"),
        format!("users/{}", name.to_uppercase()),
        format!("users('{name}')"),
        format!("users('{ada}')"),
        format!("users({ada})"),
        format!("users('{bob}')/manager"),
    ] {
        let found = get(admin, &path, "", false).await;
        assert_eq!(found.expect("the person")["id"], whole["id"], "{path}");
    }
    let links = format!("groups/{}/members/$ref", shelf.group.id);
    let links = get(admin, &links, "", false).await.expect("the links");
    let items = links["value"].as_array().expect("a list");
    let [link] = items.as_slice() else {
        panic!("one link, not {items:?}");
    };
    let place = link["@odata.id"].as_str().expect("a link");
    assert!(
        place.ends_with(&format!("/directoryObjects/{ada}")),
        "{place}"
    );
    assert_eq!(link.get("displayName"), None);
    let unknown = get(admin, "users('nobody')", "", false).await;
    assert_eq!(code(unknown), "Request_ResourceNotFound");
    let nowhere = get(admin, "groups/$ref", "", false).await;
    assert!(nowhere.expect_err("a refusal").is_not_found());
}

/// `$search` finds words in names and beginnings of everything else.
pub async fn directory_objects_are_searched(backend: &impl Backend) {
    let admin = backend.admin();
    for name in ["Video Team", "OneVideo", "Audio"] {
        new_group(&admin, name).await;
    }
    for (search, found) in [
        (r#""displayName:video""#, &["Video Team", "OneVideo"][..]),
        (r#""displayName:one""#, &["OneVideo"]),
        (
            r#""displayName:aud" OR "displayName:team""#,
            &["Video Team", "Audio"],
        ),
        (
            r#""displayName:video" AND "displayName:team""#,
            &["Video Team"],
        ),
    ] {
        let query = Query::new().search(search).to_string();
        assert_eq!(groups(&admin, &query, true).await, found, "{search}");
    }
    let query = Query::new().search(r#""displayName:video""#).to_string();
    let without = get(&admin, "groups", &query, false).await;
    assert_eq!(code(without), "Request_UnsupportedQuery");
    let both = Query::new()
        .search(r#""displayName:video""#)
        .order_by("displayName")
        .count()
        .to_string();
    assert_eq!(
        groups(&admin, &both, true).await,
        ["OneVideo", "Video Team"]
    );
    let nonsense = Query::new().search("video").to_string();
    assert!(get(&admin, "groups", &nonsense, true).await.is_err());
    let catalogs = get(&admin, &format!("{EM}/catalogs"), &query, true).await;
    assert_eq!(
        code(catalogs),
        "BadRequest",
        "entitlement management does not search"
    );
}

/// What the directory answers only with `ConsistencyLevel: eventual` and `$count=true`.
pub async fn advanced_queries_need_their_header(backend: &impl Backend) {
    let admin = backend.admin();
    for name in ["alpha", "beta", "gamma"] {
        new_group(&admin, name).await;
    }
    for (filter, found) in [
        ("displayName ne 'beta'", &["alpha", "gamma"][..]),
        ("not(startswith(displayName,'a'))", &["beta", "gamma"]),
        ("endswith(displayName,'ta')", &["beta"]),
        ("groupTypes/$count eq 0", &["alpha", "beta", "gamma"]),
    ] {
        let query = format!("$filter={filter}");
        let counted = format!("{query}&$count=true");
        for (query, eventual) in [(&query, false), (&query, true), (&counted, false)] {
            let refused = get(&admin, "groups", query, eventual).await;
            assert_eq!(code(refused), "Request_UnsupportedQuery", "{query}");
        }
        assert_eq!(groups(&admin, &counted, true).await, found, "{filter}");
    }
    let sorted = "$filter=startswith(displayName,'a')&$orderby=displayName";
    let refused = get(&admin, "groups", sorted, false).await;
    assert_eq!(code(refused), "Request_UnsupportedQuery");
    let counted = get(&admin, "groups", "$count=true", false).await;
    let counted = counted.expect("the groups");
    assert_eq!(
        counted.get("@odata.count"),
        None,
        "passed over without the header"
    );
    let counted = get(&admin, "groups", "$count=true", true).await;
    assert_eq!(counted.expect("the groups")["@odata.count"], 3);
    assert_eq!(
        groups(&admin, "$filter=displayName in ('beta','x')", false).await,
        ["beta"]
    );
}

/// M3: what nobody documents for a list is refused, with what is wrong.
pub async fn undocumented_queries_are_refused(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    for (path, query) in [
        ("catalogs", "$orderby=displayName"),
        ("catalogs", "$skip=1"),
        (
            "assignments",
            "$filter=schedule/expiration/type eq 'noExpiration'",
        ),
        ("assignments", "$expand=catalog"),
        ("accessPackages", "$filter=description eq 'x'"),
        (&format!("accessPackages/{}", shelf.package.id), "$top=1"),
        (
            &format!("accessPackages/{}", shelf.package.id),
            "$filter=id eq 'x'",
        ),
    ] {
        let refused = get(&shelf.admin, &format!("{EM}/{path}"), query, false).await;
        let error = refused.expect_err("a refusal");
        assert_eq!(
            error.status().map(|status| status.as_u16()),
            Some(400),
            "{path}?{query}"
        );
        let message = error.service().map(|service| service.message().to_owned());
        assert!(message.is_some_and(|text| text.starts_with("OData query is invalid: ")));
    }
    let large = get(&shelf.admin, "groups", "$top=1000", false).await;
    assert_eq!(code(large), "Request_BadRequest");
}

/// A comparison of things that do not compare is refused, be there items or not.
pub async fn comparisons_are_of_one_kind(backend: &impl Backend) {
    let admin = backend.admin();
    let refused = async |path: &str, filter: &str| {
        let query = Query::new().filter(filter.parse().expect("a filter"));
        code(get(&admin, path, &query.to_string(), false).await)
    };
    let assignments = format!("{EM}/assignments");
    for filter in [
        "state eq 1",
        "expiredDateTime gt '2026-01-01'",
        "state eq true",
    ] {
        assert_eq!(
            refused(&assignments, filter).await,
            "InvalidFilter",
            "{filter}"
        );
    }
    assert_eq!(
        refused(&assignments, "id in ('x')").await,
        "InvalidFilter",
        "ASG-6"
    );
    assert_eq!(
        refused("groups", "mailEnabled eq 'true'").await,
        "BadRequest"
    );
    assert_eq!(
        refused("groups", "groupTypes eq 'Unified'").await,
        "BadRequest"
    );
    let none = get(
        &admin,
        &assignments,
        "$filter=expiredDateTime gt 2026-01-01",
        false,
    )
    .await;
    assert_eq!(none.expect("an empty list")["value"], serde_json::json!([]));
}

/// Filters by state find requests and assignments wherever they are on their way.
pub async fn states_are_found_as_they_change(backend: &impl Backend) {
    let Pending {
        shelf,
        client,
        requestor,
        ..
    } = Pending::start(backend).await;
    let free = new_package(&shelf.admin, &shelf.catalog.id, "Free").await;
    shelf.add_policy(open_policy(&free.id, "Free", [])).await;
    ask(&client, &free.id).await.expect("a request");
    let check = async || {
        for collection in ["assignments", "assignmentRequests"] {
            let path = format!("{EM}/{collection}");
            let rows = all(&shelf.admin, &path, "", false).await;
            for state in [
                "submitted",
                "pendingApproval",
                "delivering",
                "delivered",
                "denied",
                "expired",
                "canceled",
            ] {
                let shouted = state.to_uppercase();
                let query = format!("$filter=accessPackage/id ne null and STATE eq '{shouted}'");
                let found = all(&shelf.admin, &path, &query, false).await;
                let expected = rows.iter().filter(|row| row["state"] == state);
                assert!(found.iter().eq(expected), "{collection} {state}: {found:?}");
            }
        }
    };
    check().await;
    for _ in 0..4 {
        backend.advance(IsoDuration::days(9));
        check().await;
    }
    let query = format!(
        "$filter=target/objectid eq '{requestor}' and state eq 'expired'&$expand=accessPackage"
    );
    let mine = get(&shelf.admin, &format!("{EM}/assignments"), &query, false).await;
    let mine = mine.expect("the assignment");
    assert_eq!(mine["value"][0]["accessPackage"]["displayName"], "Free");
}

/// `$expand` with options of its own, in every depth.
pub async fn linked_items_are_filtered_sorted_and_counted(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    for name in ["Beta", "Alpha", "Gamma"] {
        let package = new_package(&shelf.admin, &shelf.catalog.id, name).await;
        let policy: AssignmentPolicy = shelf.add_policy(open_policy(&package.id, "Open", [])).await;
        assert_eq!(policy.display_name.as_deref(), Some("Open"));
    }
    let packages = Expand::new("accessPackages")
        .filter(Filter::field("displayName").ne("Gamma"))
        .select(["displayName"])
        .order_by(OrderBy::desc("displayName"))
        .top(2)
        .count()
        .expand(Expand::new("assignmentPolicies").select(["displayName"]))
        .expand("resourceRoleScopes");
    let query = Query::new().select(["id"]).expand(packages).to_string();
    let path = format!("{EM}/catalogs/{}", shelf.catalog.id);
    let catalog = get(&shelf.admin, &path, &query, false)
        .await
        .expect("the catalog");
    assert_eq!(catalog["accessPackages@odata.count"], 3);
    let packages = catalog["accessPackages"].as_array().expect("the packages");
    let shown: Vec<_> = packages
        .iter()
        .map(|package| &package["displayName"])
        .collect();
    assert_eq!(shown, ["Beta", "Alpha"]);
    assert_eq!(
        packages[0]["assignmentPolicies"][0],
        serde_json::json!({"displayName": "Open"})
    );
    assert_eq!(packages[0]["resourceRoleScopes"], serde_json::json!([]));
    assert_eq!(packages[0].get("id"), None);
    let shouted = get(&shelf.admin, &path, "$expand=ACCESSPACKAGES", false).await;
    assert!(
        shouted.expect("the catalog")["accessPackages"].is_array(),
        "names are spelled as the schema does"
    );
    let deep = get(
        &shelf.admin,
        "groups",
        "$expand=members($expand=manager)",
        false,
    )
    .await;
    assert_eq!(
        code(deep),
        "Request_UnsupportedQuery",
        "the directory follows one level"
    );
}
