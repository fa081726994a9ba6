//! Devices under Intune's management.

use super::super::directory::user;
use super::super::{Context, Missing, Outcome, Reply};
use crate::lifecycle::intune::check_in;
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::table::Key;

fn device(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("device", |world| &world.devices, Missing::Managed)
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.list(context.world.devices.keys().map(Item::Device))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Device(device(context)?))
}

pub(crate) fn list_of_user(context: &mut Context<'_>) -> Outcome {
    list_linked(context, Item::User(user(context)?), "managedDevices")
}

pub(crate) fn list_configuration_states(context: &mut Context<'_>) -> Outcome {
    let item = Item::Device(device(context)?);
    list_linked(context, item, "deviceConfigurationStates")
}

fn list_linked(context: &Context<'_>, item: Item, link: &str) -> Outcome {
    match context.answers().view.follow(item, link) {
        Some(Link::Many(items)) => context.list(items),
        _ => Err(Missing::Managed.refusal()),
    }
}

/// Has a device look for news now.
pub(crate) fn sync(context: &mut Context<'_>) -> Outcome {
    let key = device(context)?;
    check_in::push(context.world, context.now, key);
    Ok(Reply::no_content())
}
