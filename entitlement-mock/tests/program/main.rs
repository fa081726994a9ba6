//! The program `entitlement-mock`, as somebody starts it who writes tests in another language.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod official_client;
mod readme;
mod running;
mod starting;
