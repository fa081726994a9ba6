//! The model, held against the reference material in `$ENTITLEMENT_SHARED`: the schema, and the bodies that Microsoft's
//! pages show. Without the variable the tests say that they are skipped, and pass.

#![expect(clippy::expect_used, reason = "a panic is how a test fails")]

mod declared;
mod documented_examples;
mod gaps;
mod meaning;
mod schema;

use std::io::Write;
use std::path::PathBuf;

/// The folder with the reference material; `None`, and said aloud, if nobody says where it is.
pub(crate) fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("ENTITLEMENT_SHARED");
    if shared.is_none() {
        say(
            "SKIPPED: ENTITLEMENT_SHARED is not set, so there is nothing to hold the model against",
        );
    }
    Some(PathBuf::from(shared?).join("graph"))
}

/// Says something that is heard although the test passes: only what the print macros write is held back.
pub(crate) fn say(line: &str) {
    // Nobody listening is no reason to fail.
    let _ = writeln!(std::io::stderr(), "\n{line}");
}
