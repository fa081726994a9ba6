//! Ids that are random to look at and the same in every run.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::table::Key;

/// Makes the ids of one tenant, from its seed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(into = "Progress", from = "Progress")]
pub(crate) struct Ids {
    source: ChaCha8Rng,
    progress: Progress,
}

/// All there is to know about a source of ids.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Progress {
    seed: u64,
    made: u64,
}

impl Ids {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Progress { seed, made: 0 }.into()
    }

    /// A source for the ids of calls, which is another one for every seed.
    pub(crate) fn for_calls(&self) -> Self {
        Self::from_seed(!self.progress.seed)
    }

    /// The seed, for other things that are left to chance.
    pub(crate) fn seed(&self) -> u64 {
        self.progress.seed
    }

    /// What only this tenant knows; it stays the same.
    pub(crate) fn secret(&self) -> u64 {
        ChaCha8Rng::seed_from_u64(self.progress.seed.rotate_left(32)).next_u64()
    }

    pub(crate) fn next(&mut self) -> Key {
        let mut bytes = [0; BYTES];
        self.source.fill_bytes(&mut bytes);
        self.progress.made += 1;
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

impl Clone for Ids {
    fn clone(&self) -> Self {
        self.progress.into()
    }
}

/// How much randomness an id takes.
const BYTES: usize = 16;

impl From<Ids> for Progress {
    fn from(ids: Ids) -> Self {
        ids.progress
    }
}

impl From<Progress> for Ids {
    fn from(progress: Progress) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(progress.seed);
        // The source counts in words of four bytes.
        source.set_word_pos(u128::from(progress.made) * (BYTES as u128 / 4));
        Self { source, progress }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_goes_on_where_it_was_written_down() {
        let mut ids = Ids::from_seed(7);
        for _ in 0..3 {
            ids.next();
        }
        let text = serde_json::to_string(&ids).unwrap();
        assert_eq!(text, r#"{"seed":7,"made":3}"#);
        let mut again: Ids = serde_json::from_str(&text).unwrap();
        assert_eq!(again.next(), ids.next());
    }
}
