//! Versions of an app's content.

use super::super::{Context, Missing, Outcome, Reply};
use super::apps::{refused, row};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::intune::app::{App, AppKind, Version};
use crate::world::table::Key;

/// The app whose content the path is about, which has to name its kind.
pub(super) fn of_path<'c>(context: &'c Context<'_>) -> Result<(Key, &'c App), Refusal> {
    let (key, row) = row(context)?;
    let named = AppKind::named(context.text("type"));
    if named == Some(row.kind) {
        return Ok((key, row));
    }
    let kind = row.kind.type_name();
    let why = format!("the app is a {kind}, and the path has to say so");
    Err(Missing::Managed.refusal().because(why))
}

/// The place of the version that the path names.
pub(super) fn place(context: &Context<'_>, app: &App) -> Result<usize, Refusal> {
    let id = context.text("version");
    let mut versions = app.versions.iter();
    versions
        .position(|version| version.id == id)
        .ok_or_else(|| Missing::Managed.refusal())
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let (key, row) = of_path(context)?;
    let versions = 0..row.versions.len();
    context.list(versions.map(|place| Item::AppVersion(key, place)))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let (key, row) = of_path(context)?;
    context.entity(Item::AppVersion(key, place(context, row)?))
}

/// Begins a version. The first one has to be chosen before there can be another.
pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let (key, row) = of_path(context)?;
    context
        .body()
        .and_then(super::super::body::Body::finish)
        .map_err(Refusal::in_intune)?;
    if row.committed.is_none() && !row.versions.is_empty() {
        return Err(refused(
            "The mobile app content cannot be updated before the first content version is committed.",
        ));
    }
    let place = row.versions.len();
    if let Some(row) = context.world.apps.get_mut(key) {
        row.last_version += 1;
        row.versions.push(Version {
            id: row.last_version.to_string(),
            files: Vec::new(),
        });
    }
    context.made(Item::AppVersion(key, place))
}

/// Deletes a version that devices do not get.
pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let (key, row) = of_path(context)?;
    let place = place(context, row)?;
    if row.committed.as_deref() == Some(context.text("version")) {
        return Err(refused("The committed content version cannot be deleted."));
    }
    let world = &mut *context.world;
    let version = world
        .apps
        .get_mut(key)
        .map(|row| row.versions.remove(place));
    for file in version.into_iter().flat_map(|version| version.files) {
        world.app_files.remove(file);
    }
    Ok(Reply::no_content())
}
