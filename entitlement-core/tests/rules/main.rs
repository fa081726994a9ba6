//! Each rule that builders carry out: a value that breaks it and nothing else, and the nearest that is legal.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod fixture;
mod names;
mod patches;
mod policies;
mod requests;
mod resources;
mod reviews;
mod surroundings;
