//! Apps.

use entitlement_core::intune::app::MobileAppPublishingState;
use http::StatusCode;

use super::super::body::Body;
use super::super::{Context, Missing, Outcome, Reply};
use super::app_properties;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::agenda::Event;
use crate::world::intune::app::{App, AppKind};
use crate::world::intune::content::AppFile;
use crate::world::table::Key;

pub(super) fn app(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row("app", |world| &world.apps, Missing::Managed)
}

/// The app of the path, as a row.
pub(super) fn row<'c>(context: &'c Context<'_>) -> Result<(Key, &'c App), Refusal> {
    let key = app(context)?;
    let row = context.world.apps.get(key);
    row.map(|row| (key, row))
        .ok_or_else(|| Missing::Managed.refusal())
}

pub(super) fn refused(what: &str) -> Refusal {
    Refusal::intune(StatusCode::BAD_REQUEST, "BadRequest", what)
}

/// What cannot be done until the app is published.
pub(super) fn require_published(row: &App) -> Result<(), Refusal> {
    if row.is_published() {
        return Ok(());
    }
    let what = "Invalid operation: app's PublishingState is not 'Published'.";
    Err(refused(what).hint(format!(
        "{} is {}: commit all files of a version, choose it as committedContentVersion, and wait",
        row.display_name, row.state
    )))
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    if let Some(cast) = &context.cast {
        let why = format!("this tenant does not list apps by their type {cast}");
        return Err(refused("The request is invalid.").because(why));
    }
    context.list(context.world.apps.keys().map(Item::App))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::App(app(context)?))
}

/// The kind that a body says it is about.
fn kind_of(body: &mut Body) -> Result<Option<AppKind>, Refusal> {
    let Some(name) = body.take::<String>("@odata.type")? else {
        return Ok(None);
    };
    AppKind::named(&name).map(Some).ok_or_else(|| {
        let why = format!("this tenant knows no apps of type {name}");
        Refusal::invalid_model(why)
    })
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let row = read(context).map_err(Refusal::in_intune)?;
    let key = context.world.ids.next();
    context.world.apps.insert(key, row);
    context.made(Item::App(key))
}

fn read(context: &Context<'_>) -> Result<App, Refusal> {
    let mut body = context.body()?;
    let kind = kind_of(&mut body)?.ok_or_else(|| {
        Refusal::invalid_model("@odata.type is missing, which says what app it is")
    })?;
    let display_name = body.require_text("displayName")?;
    let properties = app_properties::of_new(&mut body, kind)?;
    body.finish()?;
    Ok(App {
        kind,
        display_name,
        properties,
        state: MobileAppPublishingState::NotPublished,
        committed: None,
        size: 0,
        created: context.now,
        modified: context.now,
        versions: Vec::new(),
        last_version: 0,
        assignments: Vec::new(),
    })
}

/// Changes an app, or chooses the content that devices get. What comes along with the first choice is passed over, as
/// has been seen.
pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let (key, before) = row(context)?;
    let changed = changed(context, key, before).map_err(Refusal::in_intune)?;
    let is_new = changed.state == MobileAppPublishingState::Processing;
    let world = &mut *context.world;
    if let Some(row) = world.apps.get_mut(key) {
        *row = changed;
    }
    if is_new {
        let lag = world.settings.lag.app_publishing;
        let publish = Event::PublishApp { app: key };
        world.agenda.plan_after(lag, context.now, key, publish);
    }
    Ok(Reply::no_content())
}

/// The app as it is to be.
fn changed(context: &Context<'_>, key: Key, before: &App) -> Result<App, Refusal> {
    let mut body = context.body()?;
    let kind = kind_of(&mut body)?;
    if kind.is_some_and(|kind| kind != before.kind) {
        let why = format!("the app is a {}", before.kind.type_name());
        return Err(Refusal::invalid_model(why));
    }
    let display_name = body.take_name("displayName")?;
    let version: Option<String> = body.take("committedContentVersion")?;
    let version = version.filter(|version| before.committed.as_ref() != Some(version));
    let mut row = before.clone();
    app_properties::change(&mut body, before.kind, &mut row.properties)?;
    context.finish_patch(body, Item::App(key))?;
    if let Some(name) = display_name {
        row.display_name = name;
    }
    if let Some(version) = version {
        let size = size_of(context, before, &version)?;
        if before.state == MobileAppPublishingState::NotPublished {
            row = before.clone();
            row.state = MobileAppPublishingState::Processing;
        }
        row.size = size;
        row.committed = Some(version);
    } else {
        require_published(before)?;
    }
    row.modified = context.now;
    Ok(row)
}

/// How large a version is that devices can get: all its files were taken.
fn size_of(context: &Context<'_>, app: &App, version: &str) -> Result<i64, Refusal> {
    let version = app.version(version).ok_or_else(|| {
        refused("The content version does not exist.")
            .because(format!("there is no version {version}"))
    })?;
    let files = version.files.iter();
    let files: Vec<&AppFile> = files
        .filter_map(|file| context.world.app_files.get(*file))
        .collect();
    let not_all = "All AppFiles must be committed before committing an application.";
    if files.is_empty() {
        return Err(refused(not_all).hint("the version has no files"));
    }
    if let Some(file) = files.iter().find(|file| !file.is_committed) {
        let fault = file.fault.as_deref().unwrap_or("it was not committed");
        let hint = format!("{} is {}: {fault}", file.name, file.state);
        return Err(refused(not_all).hint(hint));
    }
    Ok(files.iter().map(|file| file.size).sum())
}

/// Deletes an app with its content. Where it is installed it stays.
pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = app(context)?;
    let world = &mut *context.world;
    let row = world.apps.remove(key);
    for file in row
        .into_iter()
        .flat_map(|row| row.versions)
        .flat_map(|row| row.files)
    {
        world.app_files.remove(file);
    }
    for (_, device) in world.devices.iter_mut() {
        device.app_reports.shift_remove(&key);
    }
    Ok(Reply::no_content())
}
