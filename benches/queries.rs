//! What a list with an equality filter costs in tenants of 1,000, 100,000 and 1,000,000 assignments: its time must grow
//! with the answer only.
//!
//! `ESTATE=1000,100000` measures other sizes.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use entitlement_benches::estate::{EXPIRED, Estate, OF_A_PACKAGE, OF_A_PERSON};
use entitlement_graph::transport::{Request, Transport};
use entitlement_mock::Session;
use tokio::runtime::{Builder, Runtime};

const SIZES: &str = "1000,100000,1000000";

fn request(collection: &str, query: &str) -> Request {
    let root = "https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement";
    let root = match collection {
        "users" => "https://graph.microsoft.com/v1.0",
        _ => root,
    };
    let uri = format!("{root}/{collection}?{}", query.replace(' ', "%20"));
    let mut request = Request::default();
    *request.uri_mut() = uri.parse().expect("a URI");
    request
}

fn items(runtime: &Runtime, session: &Session, request: Request) -> usize {
    let answer = runtime.block_on(session.send(request)).expect("an answer");
    let body: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
    body["value"].as_array().map_or(0, Vec::len)
}

fn lists(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let sizes = std::env::var("ESTATE").unwrap_or_else(|_unset| SIZES.to_owned());
    for size in sizes.split(',').filter_map(|size| size.trim().parse().ok()) {
        let estate = runtime.block_on(Estate::for_assignments(size));
        let estate = estate.expect("an estate");
        assert_eq!(estate.hand_out(), size, "everybody has what is theirs");
        let person = &estate.people[estate.people.len() / 2];
        let (package, policy) = &estate.packages[estate.packages.len() / 2];
        let by_package = format!("$filter=accessPackage/id eq '{package}'");
        let cases = [
            (
                "target",
                "assignments",
                format!("$filter=target/objectId eq '{person}'"),
                OF_A_PERSON,
            ),
            ("package", "assignments", by_package.clone(), OF_A_PACKAGE),
            (
                "policy",
                "assignments",
                format!("$filter=assignmentPolicy/id eq '{policy}'"),
                OF_A_PACKAGE,
            ),
            (
                "package_and_state",
                "assignments",
                format!("$filter=state eq 'Delivered' and accessPackage/id eq '{package}'"),
                OF_A_PACKAGE,
            ),
            (
                "rare_state",
                "assignments",
                "$filter=state eq 'expired'".to_owned(),
                EXPIRED,
            ),
            (
                "page_of_state",
                "assignments",
                "$filter=state eq 'delivered'".to_owned(),
                100,
            ),
            ("page_of_all", "assignments", "$top=50".to_owned(), 50),
            (
                "nobody",
                "assignments",
                "$filter=target/id eq '00000000-0000-4000-8000-000000000000'".to_owned(),
                0,
            ),
            (
                "user_by_name",
                "users",
                "$filter=displayName eq 'person7'".to_owned(),
                1,
            ),
        ];
        for (name, collection, query, expected) in cases {
            let session = estate.tenant.app();
            let found = items(&runtime, &session, request(collection, &query));
            assert_eq!(found, expected, "{query}");
            criterion.bench_function(&format!("list/{name}/{size}"), |bencher| {
                bencher.iter(|| {
                    runtime
                        .block_on(session.send(black_box(request(collection, &query))))
                        .expect("an answer")
                });
            });
        }
    }
}

criterion_group!(benches, lists);
criterion_main!(benches);
