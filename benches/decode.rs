//! How fast a page of assignments becomes typed values, and back.
//!
//! The page holds 1,000 assignments expanded with target, package and policy, about 1 KB each. The typed decode is
//! shown beside `serde_json::Value` and beside plain structs whose every text is a `String`, in the same run.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use entitlement_benches::page::{self, Plain};
use entitlement_core::assignment::Assignment;
use entitlement_core::wire;
use entitlement_graph::paging::Page;
use serde_json::Value;

fn decode(criterion: &mut Criterion) {
    let json = page::of_assignments(1_000);
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function(BenchmarkId::new("typed", 1_000), |bencher| {
        bencher.iter(|| wire::decode::<Page<Assignment>>(black_box(&json)).expect("a page"));
    });
    group.bench_function(BenchmarkId::new("plain", 1_000), |bencher| {
        bencher.iter(|| serde_json::from_slice::<Plain>(black_box(&json)).expect("a page"));
    });
    group.bench_function(BenchmarkId::new("value", 1_000), |bencher| {
        bencher.iter(|| serde_json::from_slice::<Value>(black_box(&json)).expect("a page"));
    });
    group.finish();
}

fn encode(criterion: &mut Criterion) {
    let json = page::of_assignments(1_000);
    let typed: Page<Assignment> = serde_json::from_slice(&json).expect("a page");
    let value: Value = serde_json::from_slice(&json).expect("a page");
    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function(BenchmarkId::new("typed", 1_000), |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&typed.items)).expect("JSON"));
    });
    group.bench_function(BenchmarkId::new("value", 1_000), |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&value["value"])).expect("JSON"));
    });
    group.finish();
}

criterion_group!(benches, decode, encode);
criterion_main!(benches);
