//! What Intune knows: apps with their contents, configurations, devices.

pub(crate) mod app;
pub(crate) mod blob;
pub(crate) mod configuration;
pub(crate) mod content;
pub(crate) mod device;
