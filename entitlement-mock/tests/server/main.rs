//! The tenant behind HTTP: what official clients send and insist on, the control plane, and callers who mean no good.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod answers;
mod batches;
mod bodies;
mod control;
mod strangers;
mod urls;
mod wire;
