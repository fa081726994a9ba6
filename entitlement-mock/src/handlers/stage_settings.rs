//! Which extensions a policy has called, and when (OTH-3).

use entitlement_core::custom_extension::stage::{
    CustomExtensionStage, CustomExtensionStageSetting,
};
use entitlement_core::policy::AssignmentPolicy;

use super::Context;
use super::body::Body;
use crate::router::refusal::Refusal;
use crate::world::World;
use crate::world::table::Key;

/// Reads the stage settings of a policy of a package: every extension must be one of the package's catalog.
pub(super) fn read(
    context: &Context<'_>,
    body: &mut Body,
    package: Key,
) -> Result<Vec<CustomExtensionStageSetting>, Refusal> {
    let world = &*context.world;
    let catalog = world.packages.get(package).map(|package| package.catalog);
    let mut settings = Vec::new();
    for mut part in body.take_objects("customExtensionStageSettings")? {
        let id = part.take("id")?;
        let stage: Option<CustomExtensionStage> = part.take("stage")?;
        let stage = stage.ok_or_else(|| {
            Refusal::invalid_model("customExtensionStageSettings.stage is missing")
        })?;
        if matches!(stage, CustomExtensionStage::Unknown(_))
            && stage != CustomExtensionStage::determining_approval_requirements()
        {
            return Err(super::catalogs::unknown_member(
                stage.as_str(),
                CustomExtensionStage::MEMBERS,
            ));
        }
        let extension = part.take_link("customExtension")?;
        part.finish()?;
        let row = extension.and_then(|key| world.extensions.get(key));
        let row = row.filter(|row| Some(row.catalog) == catalog).ok_or_else(|| {
            Refusal::invalid_model(
                "customExtensionStageSettings.customExtension.id names no extension of the package's catalog (OTH-3)",
            )
        })?;
        let mut setting = CustomExtensionStageSetting::new(stage, &row.settings);
        setting.id = id;
        settings.push(setting);
    }
    Ok(settings)
}

/// APV-21: a dynamic stage needs an extension that says who decides, and for which the service waits.
pub(super) fn check_dynamic_stages(
    world: &World,
    settings: &AssignmentPolicy,
) -> Result<(), Refusal> {
    let approval = settings.request_approval_settings.as_ref();
    let is_dynamic = approval.is_some_and(|approval| {
        let mut stages = approval.stages.iter();
        stages.any(entitlement_core::policy::approval::ApprovalStage::is_dynamic)
    });
    let determining = CustomExtensionStage::determining_approval_requirements();
    let mut called = settings
        .custom_extension_stage_settings
        .items()
        .iter()
        .filter(|setting| setting.stage.as_ref() == Some(&determining))
        .filter_map(|setting| setting.custom_extension.loaded()?.id.as_uuid())
        .filter_map(|key| world.extensions.get(key));
    if is_dynamic && !called.any(|row| row.settings.callback_configuration.is_some()) {
        return Err(Refusal::invalid_model(
            "requestApprovalSettings.stages: a dynamic stage needs an extension in the stage assignmentRequestDeterminingApprovalRequirements that is waited for (APV-21)",
        ));
    }
    Ok(())
}

/// The service gives each setting an id.
pub(super) fn give_ids(context: &mut Context<'_>, settings: &mut AssignmentPolicy) {
    let mut stages = std::mem::take(&mut settings.custom_extension_stage_settings)
        .into_loaded()
        .unwrap_or_default();
    for setting in &mut stages {
        setting
            .id
            .get_or_insert_with(|| context.world.ids.next().into());
    }
    settings.custom_extension_stage_settings = stages.into();
}
