//! Settings that Intune puts on devices.

use entitlement_core::intune::oma::OmaSetting;

use super::super::body::Body;
use super::super::{Context, Missing, Outcome, Reply};
use crate::lifecycle::intune::{check_in, intent};
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::intune::configuration::Configuration;
use crate::world::table::Key;

pub(super) fn configuration(context: &Context<'_>) -> Result<Key, Refusal> {
    let missing = Missing::Managed;
    context.row("configuration", |world| &world.configurations, missing)
}

pub(super) fn row<'c>(context: &'c Context<'_>) -> Result<(Key, &'c Configuration), Refusal> {
    let key = configuration(context)?;
    let row = context.world.configurations.get(key);
    row.map(|row| (key, row))
        .ok_or_else(|| Missing::Managed.refusal())
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.list(context.world.configurations.keys().map(Item::Configuration))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Configuration(configuration(context)?))
}

const TYPE: &str = "#microsoft.graph.windows10CustomConfiguration";

/// This tenant knows lists of settings by their address, and nothing else.
fn check_type(body: &mut Body) -> Result<(), Refusal> {
    match body.take::<String>("@odata.type")? {
        Some(kind) if kind == TYPE => Ok(()),
        other => Err(Refusal::invalid_model(format!(
            "@odata.type is {other:?}, and this tenant knows {TYPE} only"
        ))),
    }
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let row = read(context).map_err(Refusal::in_intune)?;
    let key = context.world.ids.next();
    context.world.configurations.insert(key, row);
    context.made(Item::Configuration(key))
}

fn read(context: &Context<'_>) -> Result<Configuration, Refusal> {
    let mut body = context.body()?;
    check_type(&mut body)?;
    let display_name = body.require_text("displayName")?;
    let description = body.take("description")?;
    let settings: Vec<OmaSetting> = body.take("omaSettings")?.unwrap_or_default();
    body.finish()?;
    check(&settings)?;
    Ok(Configuration {
        display_name,
        description,
        settings,
        version: 1,
        created: context.now,
        modified: context.now,
        targets: Vec::new(),
    })
}

/// Each setting is of a known type and has an address. What the values mean is for the devices to say.
fn check(settings: &[OmaSetting]) -> Result<(), Refusal> {
    for (place, setting) in settings.iter().enumerate() {
        let base = setting.base();
        if !base.is_some_and(|base| base.oma_uri.starts_with("./")) {
            return Err(Refusal::invalid_model(format!(
                "omaSettings[{place}] is of no known type, or has no omaUri that begins with ./"
            )));
        }
    }
    Ok(())
}

pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let (key, before) = row(context)?;
    let after = changed(context, key, before).map_err(Refusal::in_intune)?;
    let targets = after.targets.clone();
    let now = context.now;
    let world = &mut *context.world;
    if let Some(row) = world.configurations.get_mut(key) {
        *row = after;
    }
    check_in::push_to(world, now, |world, device| {
        intent::reaches(world, device, targets.iter())
    });
    Ok(Reply::no_content())
}

fn changed(
    context: &Context<'_>,
    key: Key,
    before: &Configuration,
) -> Result<Configuration, Refusal> {
    let mut body = context.body()?;
    check_type(&mut body)?;
    let mut row = before.clone();
    if let Some(name) = body.take_name("displayName")? {
        row.display_name = name;
    }
    body.take_field("description")?
        .apply_to(&mut row.description);
    if let Some(settings) = body.take::<Vec<OmaSetting>>("omaSettings")? {
        check(&settings)?;
        row.settings = settings;
    }
    context.finish_patch(body, Item::Configuration(key))?;
    row.version += 1;
    row.modified = context.now;
    Ok(row)
}

/// Deletes a configuration. What it did to devices stays.
pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = configuration(context)?;
    let world = &mut *context.world;
    world.configurations.remove(key);
    for (_, device) in world.devices.iter_mut() {
        device.configuration_reports.shift_remove(&key);
    }
    Ok(Reply::no_content())
}

pub(crate) fn list_statuses(context: &mut Context<'_>) -> Outcome {
    let item = Item::Configuration(configuration(context)?);
    match context.answers().view.follow(item, "deviceStatuses") {
        Some(Link::Many(statuses)) => context.list(statuses),
        _ => Err(Missing::Managed.refusal()),
    }
}

pub(crate) fn get_overview(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::ConfigurationOverview(configuration(context)?))
}
