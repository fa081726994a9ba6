//! Filters, expansions, selections, orders and pages.

use entitlement_core::catalog::CatalogDraft;
use entitlement_core::odata::{Expand, Filter, OrderBy, Query};
use entitlement_graph::Error;
use entitlement_graph::request::{Call, ResourcePath};
use serde_json::Value;

use super::backend::Backend;
use super::fixture::{Shelf, ask, code, new_group, nothing, open_policy};

/// Pages hold what was asked for and lead to each other until all is said.
pub async fn pages_follow_each_other(backend: &impl Backend) {
    let admin = backend.admin();
    for number in 0..7 {
        new_group(&admin, &format!("group{number}")).await;
    }
    let mut pager = admin.groups().list_with(Query::new().top(3).count());
    let mut sizes = Vec::new();
    while let Some(page) = pager.next_page().await.expect("a page") {
        sizes.push(page.items.len());
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert_eq!(pager.count(), Some(7));
    let late = admin
        .groups()
        .list_with(Query::new().skip(5))
        .try_collect()
        .await
        .expect("the groups");
    let names: Vec<_> = late
        .iter()
        .filter_map(|group| group.display_name.as_deref())
        .collect();
    assert_eq!(names, ["group5", "group6"]);
    let forged = admin
        .groups()
        .list_with(Query::new().skip_token("nonsense"))
        .next()
        .await;
    assert_eq!(code(forged), "DirectoryPageTokenNotFoundException");
}

/// P40: what one client has begun to read, another reads on, and nothing is missing or there twice.
pub async fn p40_a_list_is_read_on_by_somebody_else(backend: &impl Backend) {
    let admin = backend.admin();
    for number in 0..7 {
        new_group(&admin, &format!("group{number}")).await;
    }
    let query = Query::new().filter(Filter::field("displayName").ne("group0"));
    let mut pager = admin.groups().list_with(query.top(2));
    let mut names = Vec::new();
    loop {
        let page = pager.next_page().await.expect("a page").expect("an item");
        names.extend(
            page.items
                .into_iter()
                .filter_map(|group| group.display_name),
        );
        let Some(token) = pager.resume_token() else {
            break;
        };
        let token = token.to_string().parse().expect("a token");
        let list = backend.admin().groups().list();
        pager = list.resume(&token).expect("the same list");
    }
    let expected: Vec<_> = (1..7).map(|number| format!("group{number}")).collect();
    assert_eq!(names, expected);
}

/// ASG-5, ASG-6, OBJ-5: comparisons over links, in any case.
pub async fn filters_select(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    let policy = shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    for person in [&ada, &bob] {
        ask(&backend.sign_in(person), &shelf.package.id)
            .await
            .expect("a request");
    }
    let assignments = shelf.admin.entitlement().assignments().unchecked();
    let count = async |filter: Filter| {
        let found = assignments
            .list_with(Query::new().filter(filter))
            .try_collect()
            .await;
        found.map(|found| found.len())
    };
    let field = Filter::field;
    assert_eq!(
        count(field("state").eq("Delivered")).await.expect("some"),
        2
    );
    assert_eq!(count(field("state").eq("expired")).await.expect("some"), 0);
    assert_eq!(
        count(field("target/objectid").eq(&ada))
            .await
            .expect("some"),
        1
    );
    let both = field("accessPackage/id")
        .eq(&shelf.package.id)
        .and(field("target/objectId").eq(&bob));
    assert_eq!(count(both).await.expect("some"), 1);
    assert_eq!(
        count(field("assignmentPolicy/id").eq(&policy.id))
            .await
            .expect("some"),
        2
    );
    assert_eq!(
        count(field("accessPackage/id").eq(&nothing::<entitlement_core::package::AccessPackage>()))
            .await
            .expect("some"),
        0
    );
    let either = field("target/objectId")
        .eq(&ada)
        .or(field("target/objectId").eq(&bob));
    assert_eq!(count(either).await.expect("some"), 2);
    assert_eq!(
        code(count(field("accessPackage/id").eq("not-a-guid")).await),
        "InvalidFilter",
        "ASG-6"
    );
    assert_eq!(code(count(field("colour").eq("red")).await), "BadRequest");
}

/// Links are there when they are asked for, and say so when they are not.
pub async fn expansions_nest(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    let request = ask(&backend.sign_in(&ada), &shelf.package.id)
        .await
        .expect("a request");
    let requests = shelf.admin.entitlement().requests();

    let plain = requests.get(&request.id).await.expect("the request");
    assert!(
        plain.access_package.is_not_loaded() && plain.assignment.is_not_loaded(),
        "REQ-13"
    );
    let query = Query::new()
        .expand("accessPackage")
        .expand("requestor")
        .expand(
            Expand::new("assignment")
                .expand("target")
                .expand("assignmentPolicy"),
        );
    let whole = requests
        .get_with(&request.id, query)
        .await
        .expect("the request");
    assert_eq!(
        whole.access_package.loaded().map(|package| &package.id),
        Some(&shelf.package.id)
    );
    let assignment = whole.assignment.loaded().expect("the assignment");
    let target = assignment.target.loaded().expect("the target");
    assert_eq!(target.object_id.as_ref(), Some(&ada));
    assert_eq!(whole.requestor.loaded().map(Box::as_ref), Some(target));
    assert!(assignment.assignment_policy.loaded().is_some());

    let query = Query::new().expand(
        Expand::new("resourceRoleScopes")
            .expand("role")
            .expand("scope"),
    );
    let package = shelf
        .admin
        .entitlement()
        .packages()
        .get_with(&shelf.package.id, query)
        .await
        .expect("the package");
    let pair = &package.resource_role_scopes.items()[0];
    let role = pair.role.loaded().expect("the role");
    assert_eq!(role.origin_id, Some(format!("Member_{}", shelf.group.id)));
    let scope = pair.scope.loaded().expect("the scope");
    assert_eq!(scope.is_root_scope, Some(true), "OBJ-33");
    assert_eq!(
        pair.id.to_string(),
        format!("{}_{}", role.id, scope.id),
        "OBJ-47"
    );
    let wrong = requests
        .unchecked()
        .get_with(&request.id, Query::new().expand("colour"))
        .await;
    assert_eq!(code(wrong), "BadRequest");
}

/// `$select` and `$orderby`.
pub async fn selections_and_orders(backend: &impl Backend) {
    let admin = backend.admin();
    for name in ["Beta", "alpha", "Gamma"] {
        let draft = CatalogDraft::builder(name).build().expect("a draft");
        admin
            .entitlement()
            .catalogs()
            .create(&draft)
            .await
            .expect("a catalog");
    }
    let names = async |query: Query| {
        let catalogs = admin
            .entitlement()
            .catalogs()
            .unchecked()
            .list_with(query)
            .try_collect()
            .await
            .expect("the catalogs");
        catalogs
            .into_iter()
            .filter_map(|catalog| catalog.display_name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(Query::new()).await,
        ["General", "Beta", "alpha", "Gamma"],
        "U-42"
    );
    let mut sorted = admin
        .entitlement()
        .catalogs()
        .unchecked()
        .list_with(Query::new().order_by("displayName"));
    assert_eq!(
        code(sorted.next().await),
        "BadRequest",
        "no order is documented for catalogs"
    );
    for name in ["Beta", "alpha", "Gamma"] {
        new_group(&admin, name).await;
    }
    let groups = async |query: Query| {
        let groups = admin.groups().list_with(query).try_collect().await;
        let groups = groups.expect("the groups").into_iter();
        groups
            .filter_map(|group| group.display_name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        groups(Query::new().order_by("displayName")).await,
        ["alpha", "Beta", "Gamma"]
    );
    let reverse = Query::new().order_by(OrderBy::desc("displayName")).top(2);
    assert_eq!(groups(reverse).await, ["Gamma", "Beta", "alpha"]);

    let selected = admin
        .entitlement()
        .catalogs()
        .list_with(Query::new().select(["id", "displayName"]));
    let selected = selected.try_collect().await.expect("the catalogs");
    assert!(
        selected
            .iter()
            .all(|catalog| catalog.display_name.is_some() && catalog.state.is_none())
    );
}

/// OBJ-2, ERR-10: paths that lead nowhere, ids that are none.
pub async fn what_is_not_there_is_said(backend: &impl Backend) {
    let admin = backend.admin();
    let get =
        async |path: ResourcePath| -> Result<Value, Error> { admin.fetch(Call::get(path)).await };
    let unrouted = get(ResourcePath::new(
        "identityGovernance/entitlementManagement/nonsense",
    ))
    .await;
    let error = unrouted.expect_err("a refusal");
    assert!(error.is_not_found());
    let service = error.service().expect("an answer of the service");
    assert_eq!(service.code(), "", "OBJ-2: the code is empty");
    assert!(service.message().starts_with("No HTTP resource was found"));
    assert!(service.request_id().is_some() && service.client_request_id().is_some());

    let packages = admin.entitlement().packages();
    assert_eq!(
        code(packages.get(&nothing()).await),
        "AccessPackageNotFound"
    );
    let malformed = "not-a-guid".parse().expect("an id");
    assert_eq!(
        packages
            .get(&malformed)
            .await
            .expect_err("a refusal")
            .status()
            .map(|s| s.as_u16()),
        Some(400)
    );
    let dots = "..".parse().expect("an id");
    assert!(
        packages.get(&dots).await.is_err(),
        "an id never becomes another resource"
    );
}
