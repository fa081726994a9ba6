//! People and groups.

use indexmap::IndexSet;

use super::{Context, Missing, Outcome, Reply};
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::directory::Group;
use crate::world::table::Key;

pub(crate) fn me(context: &mut Context<'_>) -> Outcome {
    let Some(person) = context.caller.user() else {
        let message = "/me request is only valid with delegated authentication flow.";
        return Err(Refusal::bad_request("BadRequest", message));
    };
    context.entity(Item::User(person))
}

pub(crate) fn list_users(context: &mut Context<'_>) -> Outcome {
    context.list(context.world.users.keys().map(Item::User))
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

fn user(context: &Context<'_>) -> Result<Key, Refusal> {
    context
        .world
        .find_user(context.text("user"))
        .ok_or_else(|| Missing::DirectoryObject.refusal())
}

pub(crate) fn list_groups(context: &mut Context<'_>) -> Outcome {
    context.list(context.world.groups.keys().map(Item::Group))
}

pub(crate) fn create_group(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let display_name = body.require_text("displayName")?;
    let mail_nickname = body.require_text("mailNickname")?;
    let require = |value: Option<bool>, name: &str| {
        value.ok_or_else(|| bad_group(format!("{name} is required")))
    };
    let mail_enabled = require(body.take("mailEnabled")?, "mailEnabled")?;
    let security_enabled = require(body.take("securityEnabled")?, "securityEnabled")?;
    let description = body.take("description")?;
    let group_types: Vec<String> = body.take("groupTypes")?.unwrap_or_default();
    let is_assignable_to_role: Option<bool> = body.take("isAssignableToRole")?;
    let owners = people(context, body.take("owners@odata.bind")?)?;
    let members = people(context, body.take("members@odata.bind")?)?;
    body.finish()?;
    if mail_enabled && !group_types.iter().any(|kind| kind == "Unified") {
        return Err(bad_group(
            "only Microsoft 365 groups can be mail-enabled through Graph",
        ));
    }
    if is_assignable_to_role == Some(true) && !security_enabled {
        return Err(bad_group(
            "only groups that are security-enabled can be assigned to roles",
        ));
    }
    if mail_nickname.len() > 64 || !mail_nickname.is_ascii() || mail_nickname.contains(['@', ' ']) {
        return Err(bad_group(
            "mailNickname must be at most 64 ASCII characters without @ and blanks",
        ));
    }
    let key = context.world.ids.next();
    context.world.groups.insert(
        key,
        Group {
            display_name,
            description,
            mail_nickname,
            mail_enabled,
            security_enabled,
            types: group_types,
            is_assignable_to_role,
            created: context.now,
            members,
            owners,
        },
    );
    context.made(Item::Group(key))
}

fn bad_group(why: impl Into<String>) -> Refusal {
    let message = "One or more property values specified are invalid.";
    Refusal::bad_request("Request_BadRequest", message).because(why)
}

/// The people that links point to; Graph reads the id at the end and cares little about the rest.
fn people(context: &Context<'_>, links: Option<Vec<String>>) -> Result<IndexSet<Key>, Refusal> {
    links
        .unwrap_or_default()
        .iter()
        .map(|link| person(context, link))
        .collect()
}

fn person(context: &Context<'_>, link: &str) -> Result<Key, Refusal> {
    let id = link.rsplit('/').next().unwrap_or(link);
    context
        .world
        .find_user(id)
        .ok_or_else(|| Missing::DirectoryObject.refusal())
}

pub(crate) fn get_group(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Group(group(context)?))
}

pub(crate) fn delete_group(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    context.world.groups.remove(key);
    Ok(Reply::no_content())
}

fn group(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("group", |world| &world.groups, Missing::DirectoryObject)
}

pub(crate) fn list_members(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    match context.answers().view.follow(Item::Group(key), "members") {
        Some(Link::Many(members)) => context.list(members),
        _ => Err(Missing::DirectoryObject.refusal()),
    }
}

pub(crate) fn add_member(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    let mut body = context.body()?;
    let link: Option<String> = body.take("@odata.id")?;
    let member = person(context, &link.unwrap_or_default())?;
    body.finish()?;
    let group = context
        .world
        .groups
        .get_mut(key)
        .ok_or_else(|| Missing::DirectoryObject.refusal())?;
    if !group.members.insert(member) {
        let message = "One or more added object references already exist for the following modified properties: 'members'.";
        return Err(Refusal::bad_request("Request_BadRequest", message));
    }
    Ok(Reply::no_content())
}

pub(crate) fn remove_member(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    let member = context.key("member")?;
    let group = context
        .world
        .groups
        .get_mut(key)
        .ok_or_else(|| Missing::DirectoryObject.refusal())?;
    if !group.members.shift_remove(&member) {
        return Err(Missing::DirectoryObject.refusal());
    }
    Ok(Reply::no_content())
}
