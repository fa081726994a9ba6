//! Intune: apps with their contents, configurations, devices.

pub(crate) mod app_assignments;
mod app_properties;
pub(crate) mod apps;
pub(crate) mod configuration_assignments;
pub(crate) mod configurations;
pub(crate) mod devices;
pub(crate) mod files;
pub(crate) mod report;
mod targets;
pub(crate) mod versions;
