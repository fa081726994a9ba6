//! How many times the heap is asked for room to decode one item of a page of assignments.
//!
//! A count, not a time: the same on every machine.

use std::hint::black_box;

use dhat::{Alloc, HeapStats, Profiler};
use entitlement_benches::page::{self, Plain};
use entitlement_core::assignment::Assignment;
use entitlement_core::wire;
use entitlement_graph::paging::Page;
use serde_json::Value;

#[global_allocator]
static ALLOCATOR: Alloc = Alloc;

const ITEMS: u32 = 1_000;

fn main() {
    let json = page::of_assignments(ITEMS);
    let _counting = Profiler::builder().testing().build();
    report("typed", || {
        black_box(wire::decode::<Page<Assignment>>(&json).expect("a page"));
    });
    report("plain", || {
        black_box(serde_json::from_slice::<Plain>(&json).expect("a page"));
    });
    report("value", || {
        black_box(serde_json::from_slice::<Value>(&json).expect("a page"));
    });
}

/// The blocks and bytes that were asked for while `decode` ran.
fn report(name: &str, decode: impl FnOnce()) {
    let before = HeapStats::get();
    decode();
    let after = HeapStats::get();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let an_item = |total: u64| total as f64 / f64::from(ITEMS);
    let blocks = an_item(after.total_blocks - before.total_blocks);
    let bytes = an_item(after.total_bytes - before.total_bytes);
    println!("decode/{name}: {blocks:.1} allocations and {bytes:.0} bytes an item");
}
