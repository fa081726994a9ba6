//! Page tokens: sealed notes of where a page ended.
//!
//! A token tells nobody anything, and opens only for the tenant and the query that it was made for. It names the last item of its page and the one after, not a number of items: a
//! list goes on in the right place however many items come and go in the meantime.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use crate::world::table::Key;

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bookmark {
    /// The last item of the page.
    pub(crate) last: Key,
    /// The first item of the next page.
    pub(crate) next: Key,
}

const KEY: usize = 16;

impl Bookmark {
    /// The token for a query of a tenant.
    pub(crate) fn seal(self, secret: u64, query: &str) -> String {
        let mut note = [self.last.into_bytes(), self.next.into_bytes()].concat();
        let seal = seal(secret, query, &note);
        scramble(secret, seal, &mut note);
        URL_SAFE_NO_PAD.encode([&seal.to_be_bytes()[..], &note].concat())
    }

    /// Reads a token; `None` if it was not made for this query of this tenant.
    pub(crate) fn open(secret: u64, query: &str, token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (mark, note) = bytes.split_first_chunk::<KEY>()?;
        let mark = u128::from_be_bytes(*mark);
        let mut note = note.to_vec();
        scramble(secret, mark, &mut note);
        let (last, next) = note.split_first_chunk::<KEY>()?;
        let next: [u8; KEY] = next.try_into().ok()?;
        (seal(secret, query, &note) == mark).then(|| Self {
            last: Key::from_bytes(*last),
            next: Key::from_bytes(next),
        })
    }
}

/// What only this tenant can say of a query and a note.
fn seal(secret: u64, query: &str, note: &[u8]) -> u128 {
    let half = |which: u8| {
        let mut hasher = DefaultHasher::new();
        (which, secret, query, note, secret).hash(&mut hasher);
        hasher.finish()
    };
    u128::from(half(0)) << 64 | u128::from(half(1))
}

/// Makes a note unreadable, and readable again.
fn scramble(secret: u64, seal: u128, note: &mut [u8]) {
    let mut hasher = DefaultHasher::new();
    (secret, seal).hash(&mut hasher);
    let mut stream = vec![0; note.len()];
    ChaCha8Rng::seed_from_u64(hasher.finish()).fill_bytes(&mut stream);
    for (byte, noise) in note.iter_mut().zip(stream) {
        *byte ^= noise;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_where_it_was_made() {
        let bookmark = Bookmark {
            last: Key::from_u128(7),
            next: Key::from_u128(8),
        };
        let token = bookmark.seal(1, "groups?$top=2");
        assert_eq!(Bookmark::open(1, "groups?$top=2", &token), Some(bookmark));
        assert_eq!(Bookmark::open(2, "groups?$top=2", &token), None);
        assert_eq!(Bookmark::open(1, "groups?$top=3", &token), None);
        for place in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(
                Bookmark::open(1, "groups?$top=2", &forged),
                None,
                "{forged}"
            );
        }
        for forged in ["", "nonsense", "ä", &token[1..], &token.repeat(2)] {
            assert_eq!(Bookmark::open(1, "groups?$top=2", forged), None);
        }
    }
}
