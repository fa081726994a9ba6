//! What the client costs on top of the network: one page of 1,000 assignments over loopback.
//!
//! The same page, from the same server in the same run: through the client, and through bare `reqwest` with the same
//! typed values.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use entitlement_benches::page;
use entitlement_benches::server::Server;
use entitlement_core::assignment::Assignment;
use entitlement_graph::GraphClient;
use entitlement_graph::paging::Page;
use entitlement_graph::transport::reqwest::ReqwestTransport;
use tokio::runtime::Runtime;

fn pages(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let json = page::of_assignments(1_000);
    let length = json.len() as u64;
    let server = runtime.block_on(Server::answering(json));
    let mut group = criterion.benchmark_group("page");
    group.throughput(Throughput::Bytes(length));

    let network = ReqwestTransport::new().expect("a transport");
    let client = GraphClient::builder(network).root(server.root()).build();
    let through_client = || async {
        let mut pages = client.entitlement().assignments().list();
        let page = pages.next_page().await.expect("an answer");
        assert_eq!(page.map(|page| page.items.len()), Some(1_000));
    };
    group.bench_function("client", |bencher| {
        bencher.iter(|| runtime.block_on(through_client()));
    });

    let bare = reqwest::Client::new();
    let url = server.root();
    let through_reqwest = || async {
        let answer = bare.get(url.clone()).send().await.expect("an answer");
        let body = answer.bytes().await.expect("a body");
        let page: Page<Assignment> = serde_json::from_slice(&body).expect("a page");
        assert_eq!(page.items.len(), 1_000);
    };
    group.bench_function("reqwest", |bencher| {
        bencher.iter(|| runtime.block_on(through_reqwest()));
    });
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
