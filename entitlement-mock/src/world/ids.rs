//! Ids that are random to look at and the same in every run.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::table::Key;

/// Makes the ids of one tenant, from its seed.
#[derive(Debug)]
pub(crate) struct Ids(ChaCha8Rng);

impl Ids {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub(crate) fn next(&mut self) -> Key {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
