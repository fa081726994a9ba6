//! What goes over the wire: the bodies of a self-service journey, letter by letter.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod fixture;
mod policies;
mod requests;
