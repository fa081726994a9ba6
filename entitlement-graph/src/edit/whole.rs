//! How each thing that is written whole is read whole and checked.

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::control_configuration::EndUserSettings;
use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::custom_extension::stage::CustomExtensionStageSetting;
use entitlement_core::entity::Replaceable;
use entitlement_core::odata::Query;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::query::QueryOf;
use entitlement_core::validate::Invalid;

/// The parts of a thing that is written whole.
pub trait Whole: Replaceable + Clone {
    /// What a read has to ask for, so that nothing is missing when it is written back.
    fn query() -> Query {
        Query::new()
    }

    /// What else must not be written meanwhile: parallel writes inside of one package collide (P6).
    fn turn(&self) -> Option<String> {
        None
    }

    /// Checks what would be written.
    fn check(&self) -> Result<(), Invalid>;
}

impl Whole for AssignmentPolicy {
    fn query() -> Query {
        let extensions = AssignmentPolicy::CUSTOM_EXTENSION_STAGE_SETTINGS
            .expand(CustomExtensionStageSetting::CUSTOM_EXTENSION);
        QueryOf::new()
            .expand(AssignmentPolicy::ACCESS_PACKAGE)
            .expand(AssignmentPolicy::QUESTIONS)
            .expand(extensions)
            .into()
    }

    fn turn(&self) -> Option<String> {
        let package = self.access_package.loaded()?;
        Some(format!("package {}", package.id))
    }

    fn check(&self) -> Result<(), Invalid> {
        self.validate()
    }
}

impl Whole for ScheduleDefinition {
    fn check(&self) -> Result<(), Invalid> {
        self.validate()
    }
}

impl Whole for CustomExtension {
    fn check(&self) -> Result<(), Invalid> {
        self.validate()
    }
}

impl Whole for EndUserSettings {
    fn check(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
