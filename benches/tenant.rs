//! How fast the in-memory tenant is: making one, one typed call, whole journeys.
//!
//! The typed call is shown beside its parts in the same run: the tenant alone, and reading the same answer as plain
//! JSON, so that noise of the machine cancels out.

use std::cell::Cell;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use entitlement_benches::Shop;
use entitlement_core::catalog::Catalog;
use entitlement_core::entity::{Entity, Id};
use entitlement_graph::transport::{Request, Transport};
use entitlement_mock::Tenant;
use http::Uri;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime")
}

fn create(criterion: &mut Criterion) {
    criterion.bench_function("tenant/create", |bencher| bencher.iter(Tenant::new));
}

fn get_by_id(criterion: &mut Criterion) {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open()).expect("a shop");
    let catalogs = shop.admin.entitlement().catalogs();
    let id: Id<Catalog> = runtime
        .block_on(catalogs.list().next())
        .expect("an answer")
        .expect("a catalog")
        .id;
    let uri: Uri = format!(
        "https://graph.microsoft.com/v1.0/{}/{id}",
        Catalog::COLLECTION
    )
    .parse()
    .expect("a URI");
    let request = || {
        let mut request = Request::default();
        *request.uri_mut() = uri.clone();
        request
    };
    let mut group = criterion.benchmark_group("get_by_id");
    group.bench_function("client+tenant", |bencher| {
        bencher.iter(|| {
            runtime
                .block_on(catalogs.get(black_box(&id)))
                .expect("the catalog")
        });
    });
    let session = shop.tenant.app();
    group.bench_function("tenant", |bencher| {
        bencher.iter(|| {
            runtime
                .block_on(session.send(request()))
                .expect("an answer")
        });
    });
    let answer = runtime
        .block_on(session.send(request()))
        .expect("an answer")
        .into_body();
    group.bench_function("json_value", |bencher| {
        bencher.iter(|| {
            serde_json::from_slice::<serde_json::Value>(black_box(&answer)).expect("JSON")
        });
    });
    group.finish();
}

fn journeys(criterion: &mut Criterion) {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open()).expect("a shop");
    let count = Cell::new(0);
    let mut group = criterion.benchmark_group("journey");
    group.throughput(Throughput::Elements(1));
    group.bench_function("request_to_delivered", |bencher| {
        bencher.iter_batched(
            || {
                count.set(count.get() + 1);
                shop.newcomer(count.get()).1
            },
            |person| {
                let delivered = runtime.block_on(shop.request_to_delivered(&person));
                assert!(delivered.expect("answers"), "the request is not delivered");
            },
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, create, get_by_id, journeys);
criterion_main!(benches);
