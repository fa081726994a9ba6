//! Where randomness comes from when nobody names a seed.

use std::hash::{BuildHasher, RandomState};

/// A seed that differs from call to call: the keys of a hasher, which the standard library draws at random.
///
/// Good enough to spread retries and to tell calls apart; not for secrets.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that draws on ambient randomness"
)]
pub(crate) fn ambient() -> u64 {
    RandomState::new().hash_one(())
}
