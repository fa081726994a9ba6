//! What a package does not go with (SOD-1 to SOD-3, SOD-8).

use super::packages::package;
use super::{Context, Missing, Outcome, Reply};
use crate::lifecycle::separation;
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::table::Key;

pub(crate) fn list_packages(context: &mut Context<'_>) -> Outcome {
    list(context, "incompatibleAccessPackages")
}

pub(crate) fn list_groups(context: &mut Context<'_>) -> Outcome {
    list(context, "incompatibleGroups")
}

/// The packages that name this one; it is changed there (SOD-1).
pub(crate) fn list_reverse(context: &mut Context<'_>) -> Outcome {
    list(context, "accessPackagesIncompatibleWith")
}

fn list(context: &Context<'_>, link: &str) -> Outcome {
    let key = package(context)?;
    match context.answers().view.follow(Item::Package(key), link) {
        Some(Link::Many(items)) => context.list(items),
        _ => Err(Missing::Package.refusal()),
    }
}

/// The id at the end of `{"@odata.id": "…/accessPackages/{id}"}`; the link must lead to this collection.
fn linked(context: &Context<'_>, collection: &str) -> Result<Key, Refusal> {
    let mut body = context.body()?;
    let link = body.require_text("@odata.id")?;
    body.finish()?;
    let mut segments = link.trim_end_matches('/').rsplit('/');
    let id = segments.next().and_then(|id| Key::try_parse(id).ok());
    let fits = segments
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case(collection));
    id.filter(|_| fits).ok_or_else(|| {
        Refusal::invalid_model(format!(
            "@odata.id: {link} does not lead to an item of {collection}"
        ))
    })
}

fn linked_already() -> Refusal {
    let message = "One or more added object references already exist.";
    Refusal::bad_request("InvalidModel", message).because("it is linked already")
}

pub(crate) fn add_package(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let other = linked(context, "accessPackages")?;
    if !context.world.packages.contains(other) {
        return Err(Missing::Package.refusal());
    }
    if other == key {
        return Err(Refusal::invalid_model(
            "@odata.id: a package goes with itself",
        ));
    }
    if context.world.set_incompatible(key, other) {
        Ok(Reply::no_content())
    } else {
        Err(linked_already())
    }
}

pub(crate) fn remove_package(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let other = context.key("other")?;
    if context.world.let_be_compatible(key, other) {
        Ok(Reply::no_content())
    } else {
        Err(Missing::Package.refusal())
    }
}

pub(crate) fn add_group(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let group = linked(context, "groups")?;
    // Groups of an on-premises directory may be named too: they are read, not written.
    let is_secure = match context.world.groups.get(group) {
        Some(group) => group.security_enabled,
        None => return Err(Missing::DirectoryObject.refusal()),
    };
    if !is_secure {
        return Err(Refusal::invalid_model(
            "@odata.id: the group is not security-enabled (SOD-1)",
        ));
    }
    let row = context.world.packages.get_mut(key);
    let row = row.ok_or_else(|| Missing::Package.refusal())?;
    if row.incompatible_groups.contains(&group) {
        return Err(linked_already());
    }
    row.incompatible_groups.push(group);
    Ok(Reply::no_content())
}

pub(crate) fn remove_group(context: &mut Context<'_>) -> Outcome {
    let key = package(context)?;
    let group = context.key("group")?;
    let row = context.world.packages.get_mut(key);
    let row = row.ok_or_else(|| Missing::Package.refusal())?;
    if !row.incompatible_groups.contains(&group) {
        return Err(Missing::DirectoryObject.refusal());
    }
    row.incompatible_groups.retain(|known| *known != group);
    Ok(Reply::no_content())
}

/// Who has a package although they have one that does not go with it (SOD-8).
pub(crate) fn additional_access(context: &mut Context<'_>) -> Outcome {
    if !context.is_administrator() {
        return Err(Refusal::unauthorized(
            "only people who administer entitlement management see this",
        ));
    }
    let argument = |name: &str| -> Result<Option<Key>, Refusal> {
        let mut arguments = context.arguments.iter();
        let Some((_, text)) = arguments.find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let key = Key::try_parse(text).map_err(|_not_a_guid| {
            Refusal::invalid_model(format!("{name}: {text:?} is no GUID"))
        })?;
        if context.world.packages.contains(key) {
            Ok(Some(key))
        } else {
            Err(Missing::Package.refusal())
        }
    };
    let package = argument("accessPackageId")?;
    let other = argument("incompatibleAccessPackageId")?;
    if package.is_some() && package == other {
        return Err(Refusal::invalid_model(
            "accessPackageId and incompatibleAccessPackageId are the same package",
        ));
    }
    let found = separation::additional_access(context.world, package, other);
    context.list(found.into_iter().map(Item::Assignment))
}
