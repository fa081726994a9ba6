//! What Intune and the devices under its management do by themselves.

pub(crate) mod check_in;
pub(crate) mod content;
mod inspection;
pub(crate) mod intent;
mod local_groups;
pub(crate) mod tokens;
