//! Groups.

use super::body::Body;
use super::{Context, Missing, Outcome, Reply};
use crate::odata::plan::Rows;
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::directory::Group;
use crate::world::roster::Roster;
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.list_rows(Rows::Groups)
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let display_name = body.require_text("displayName")?;
    let mail_nickname = body.require_text("mailNickname")?;
    let require = |value: Option<bool>, name: &str| {
        value.ok_or_else(|| bad_group(format!("{name} is required")))
    };
    let group = Group {
        display_name,
        description: body.take("description")?,
        mail_nickname,
        mail_enabled: require(body.take("mailEnabled")?, "mailEnabled")?,
        security_enabled: require(body.take("securityEnabled")?, "securityEnabled")?,
        types: body.take("groupTypes")?.unwrap_or_default(),
        is_assignable_to_role: body.take("isAssignableToRole")?,
        created: context.now,
        members: people(context, body.take("members@odata.bind")?)?,
        owners: people(context, body.take("owners@odata.bind")?)?,
        eligible: None,
        membership_rule: body.take("membershipRule")?,
        visibility: body.take("visibility")?,
        provisioned: Vec::new(),
        is_synchronized: false,
    };
    let _state: Option<String> = body.take("membershipRuleProcessingState")?;
    body.finish()?;
    check(&group)?;
    let key = context.world.insert_group(group);
    context.made(Item::Group(key))
}

fn check(group: &Group) -> Result<(), Refusal> {
    let wrong = |why: &str| Err(bad_group(why));
    if group.mail_enabled && !group.is_microsoft_365() {
        return wrong("only Microsoft 365 groups can be mail-enabled through Graph");
    }
    if group.is_assignable_to_role == Some(true) && !group.security_enabled {
        return wrong("only groups that are security-enabled can be assigned to roles");
    }
    if group.is_assignable_to_role == Some(true) && group.is_dynamic() {
        return wrong("groups whose members a rule chooses cannot be assigned to roles");
    }
    if group.is_dynamic() != group.membership_rule.is_some() {
        return wrong("membershipRule and the type DynamicMembership go together");
    }
    if group.is_dynamic() && group.members.iter().next().is_some() {
        return wrong("a rule chooses the members of this group");
    }
    let alias = &group.mail_nickname;
    if alias.is_empty() || alias.len() > 64 || !alias.is_ascii() || alias.contains(['@', ' ']) {
        return wrong("mailNickname must be 1 to 64 ASCII characters without @ and blanks");
    }
    Ok(())
}

fn bad_group(why: impl Into<String>) -> Refusal {
    let message = "One or more property values specified are invalid.";
    Refusal::bad_request("Request_BadRequest", message).because(why)
}

/// The people that links point to; Graph reads the id at the end and cares little about the rest.
fn people(context: &Context<'_>, links: Option<Vec<String>>) -> Result<Roster, Refusal> {
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

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Group(group(context)?))
}

/// Changes what is said about a group; members that are named come in besides those who are in already, all or none.
pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let description = body.take_field("description")?;
    let mail_nickname = body.take_name("mailNickname")?;
    let security_enabled = body.take("securityEnabled")?;
    let mail_enabled = body.take("mailEnabled")?;
    let types: Option<Vec<String>> = body.take("groupTypes")?;
    let visibility = body.take_field("visibility")?;
    let membership_rule = body.take_field("membershipRule")?;
    let members = people(context, body.take("members@odata.bind")?)?;
    context.finish_patch(body, Item::Group(key))?;
    let before = writable(context, key)?;
    let mut row = before.clone();
    if let Some(name) = display_name {
        row.display_name = name;
    }
    if let Some(alias) = mail_nickname {
        row.mail_nickname = alias;
    }
    if let Some(enabled) = security_enabled {
        row.security_enabled = enabled;
    }
    if let Some(enabled) = mail_enabled {
        row.mail_enabled = enabled;
    }
    if let Some(types) = types {
        row.types = types;
    }
    description.apply_to(&mut row.description);
    visibility.apply_to(&mut row.visibility);
    membership_rule.apply_to(&mut row.membership_rule);
    for member in members.iter() {
        if !row.members.insert(*member) {
            return Err(known_already("members"));
        }
    }
    check(&row)?;
    context.world.change_group(key, |group| *group = row);
    Ok(Reply::no_content())
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    writable(context, key)?;
    context.world.remove_group(key);
    Ok(Reply::no_content())
}

pub(super) fn group(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("group", |world| &world.groups, Missing::DirectoryObject)
}

/// A group that does not come from an on-premises directory, whose groups are changed there.
fn writable<'c>(context: &'c Context<'_>, key: Key) -> Result<&'c Group, Refusal> {
    let row = context.world.groups.get(key);
    let row = row.ok_or_else(|| Missing::DirectoryObject.refusal())?;
    if row.is_synchronized {
        return Err(Refusal::bad_request(
            "Request_BadRequest",
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects \
             currently undergoing migration.",
        ));
    }
    Ok(row)
}

fn known_already(property: &str) -> Refusal {
    let message = format!(
        "One or more added object references already exist for the following modified properties: '{property}'."
    );
    Refusal::bad_request("Request_BadRequest", message)
}

pub(crate) fn list_members(context: &mut Context<'_>) -> Outcome {
    list_people(context, "members")
}

pub(crate) fn list_owners(context: &mut Context<'_>) -> Outcome {
    list_people(context, "owners")
}

fn list_people(context: &Context<'_>, link: &str) -> Outcome {
    let key = group(context)?;
    match context.answers().view.follow(Item::Group(key), link) {
        Some(Link::Many(people)) => context.list(people),
        _ => Err(Missing::DirectoryObject.refusal()),
    }
}

pub(crate) fn add_member(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    let member = linked_person(context, context.body()?)?;
    if writable(context, key)?.is_dynamic() {
        return Err(bad_group("a rule chooses the members of this group"));
    }
    add(context, key, "members", |group| {
        group.members.insert(member)
    })
}

pub(crate) fn add_owner(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    let owner = linked_person(context, context.body()?)?;
    writable(context, key)?;
    add(context, key, "owners", |group| group.owners.insert(owner))
}

pub(super) fn linked_person(context: &Context<'_>, mut body: Body) -> Result<Key, Refusal> {
    let link: Option<String> = body.take("@odata.id")?;
    let person = person(context, &link.unwrap_or_default())?;
    body.finish()?;
    Ok(person)
}

fn add(
    context: &mut Context<'_>,
    key: Key,
    property: &str,
    insert: impl FnOnce(&mut Group) -> bool,
) -> Outcome {
    let row = context.world.groups.get_mut(key);
    let row = row.ok_or_else(|| Missing::DirectoryObject.refusal())?;
    if insert(row) {
        Ok(Reply::no_content())
    } else {
        Err(known_already(property))
    }
}

pub(crate) fn remove_member(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    let member = context.key("member")?;
    if writable(context, key)?.is_dynamic() {
        return Err(bad_group("a rule chooses the members of this group"));
    }
    remove(context, key, |group| group.members.remove(&member))
}

pub(crate) fn remove_owner(context: &mut Context<'_>) -> Outcome {
    let key = group(context)?;
    let owner = context.key("owner")?;
    writable(context, key)?;
    remove(context, key, |group| group.owners.remove(&owner))
}

fn remove(context: &mut Context<'_>, key: Key, take: impl FnOnce(&mut Group) -> bool) -> Outcome {
    let row = context.world.groups.get_mut(key);
    if row.is_some_and(take) {
        Ok(Reply::no_content())
    } else {
        Err(Missing::DirectoryObject.refusal())
    }
}
