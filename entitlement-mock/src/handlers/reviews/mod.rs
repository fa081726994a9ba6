//! Access reviews (section 5 of the rules).

pub(crate) mod actions;
pub(crate) mod decisions;
pub(crate) mod definitions;
pub(crate) mod history;
pub(crate) mod instances;
mod sight;
pub(crate) mod stages;
