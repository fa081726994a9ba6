//! People.

use super::{Context, Missing, Outcome};
use crate::odata::plan::Rows;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::table::Key;

pub(crate) fn me(context: &mut Context<'_>) -> Outcome {
    let Some(person) = context.caller.user() else {
        let message = "/me request is only valid with delegated authentication flow.";
        return Err(Refusal::bad_request("BadRequest", message));
    };
    context.entity(Item::User(person))
}

pub(crate) fn list_users(context: &mut Context<'_>) -> Outcome {
    context.list_rows(Rows::Users)
}

pub(crate) fn get_user(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::User(user(context)?))
}

pub(crate) fn get_manager(context: &mut Context<'_>) -> Outcome {
    let person = user(context)?;
    match context.world.manager_of(person, 1) {
        Some(manager) => context.entity(Item::DirectoryUser(manager)),
        None => Err(Missing::DirectoryObject.refusal()),
    }
}

pub(super) fn user(context: &Context<'_>) -> Result<Key, Refusal> {
    context
        .world
        .find_user(context.text("user"))
        .ok_or_else(|| Missing::DirectoryObject.refusal())
}
