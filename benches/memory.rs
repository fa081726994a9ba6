//! How much memory an assignment of the in-memory tenant takes, with all that finds it.
//!
//! A count, not a time: the same on every machine.

use dhat::{Alloc, HeapStats, Profiler};
use entitlement_benches::estate::Estate;
use tokio::runtime::Builder;

#[global_allocator]
static ALLOCATOR: Alloc = Alloc;

const ASSIGNMENTS: u32 = 100_000;

/// What an assignment may take at most.
const BUDGET: f64 = 1024.0;

fn main() {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let estate = runtime.block_on(Estate::for_assignments(ASSIGNMENTS as usize));
    let estate = estate.expect("an estate");
    let _counting = Profiler::builder().testing().build();
    let before = HeapStats::get();
    let made = estate.hand_out();
    let after = HeapStats::get();
    assert_eq!(made, ASSIGNMENTS as usize);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let bytes = (after.curr_bytes - before.curr_bytes) as f64 / f64::from(ASSIGNMENTS);
    println!("memory/assignment: {bytes:.0} bytes, of {BUDGET:.0}");
    assert!(bytes <= BUDGET, "an assignment takes too much");
}
