//! What is in an MSI, and the way of an installer to Intune: every step, and what can go wrong at each.

#![cfg(feature = "intune-content")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod fake;
mod faults;
mod package;
mod resume;
mod setup_folder;
mod steps;
