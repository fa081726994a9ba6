//! Accounts that are deleted, and can be restored for a while (DEL-8).

use super::directory::user;
use super::{Context, Missing, Outcome, Reply};
use crate::lifecycle::{automatic, departure};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::table::Key;

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = user(context)?;
    departure::delete(context.world, context.now, key);
    Ok(Reply::no_content())
}

fn is_restorable(context: &Context<'_>, key: Key) -> bool {
    let user = context.world.users.get(key);
    user.is_some_and(|user| user.deleted.is_some() && !user.is_purged)
}

fn deleted(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = context.key("user")?;
    if is_restorable(context, key) {
        Ok(key)
    } else {
        Err(Missing::DirectoryObject.refusal())
    }
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let users = context.world.users.keys();
    let deleted = users.filter(|key| is_restorable(context, *key));
    context.list(deleted.map(Item::DirectoryUser))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::DirectoryUser(deleted(context)?))
}

pub(crate) fn restore(context: &mut Context<'_>) -> Outcome {
    let key = deleted(context)?;
    if let Some(user) = context.world.users.get_mut(key) {
        user.deleted = None;
    }
    automatic::person_changed(context.world, context.now, key);
    context.entity(Item::DirectoryUser(key))
}

/// Deletes for good, without waiting.
pub(crate) fn purge(context: &mut Context<'_>) -> Outcome {
    let key = deleted(context)?;
    departure::purge_now(context.world, context.now, key);
    Ok(Reply::no_content())
}
