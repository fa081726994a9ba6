//! For whom an app is.

use entitlement_core::intune::assignment::InstallIntent;
use entitlement_core::intune::settings::MobileAppAssignmentSettings;
use entitlement_core::intune::target::AssignmentTarget;
use serde_json::json;

use super::super::body::Body;
use super::super::{Context, Missing, Outcome, Reply};
use super::apps::{app, refused, require_published, row};
use super::targets;
use crate::lifecycle::intune::{check_in, intent};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::World;
use crate::world::intune::app::AppAssignment;
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let (key, row) = row(context)?;
    let rows = 0..row.assignments.len();
    context.list(rows.map(|place| Item::AppAssignment(key, place)))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = app(context)?;
    context.entity(Item::AppAssignment(key, place(context)?))
}

/// Where the row of the path is among those of its app.
fn place(context: &Context<'_>) -> Result<usize, Refusal> {
    let (_, app) = row(context)?;
    let id = context.text("row");
    let mut rows = app.assignments.iter();
    rows.position(|row| row.id().eq_ignore_ascii_case(id))
        .ok_or_else(|| Missing::Managed.refusal())
}

/// Takes the place of all assignments that there are.
pub(crate) fn assign(context: &mut Context<'_>) -> Outcome {
    let (key, row) = row(context)?;
    require_published(row)?;
    let rows = read_all(context).map_err(Refusal::in_intune)?;
    put(context, key, rows);
    Ok(Reply::no_content())
}

fn read_all(context: &Context<'_>) -> Result<Vec<AppAssignment>, Refusal> {
    let mut body = context.body()?;
    let rows = body.take_objects("mobileAppAssignments")?;
    body.finish()?;
    let rows = rows.into_iter().map(|row| read(context.world, row));
    let rows: Vec<AppAssignment> = rows.collect::<Result<_, _>>()?;
    for (place, row) in rows.iter().enumerate() {
        check_beside(row, rows.iter().take(place))?;
    }
    Ok(rows)
}

fn read(world: &World, mut body: Body) -> Result<AppAssignment, Refusal> {
    let intent: Option<InstallIntent> = body.take("intent")?;
    let intent = intent.ok_or_else(|| Refusal::invalid_model("intent is missing"))?;
    if !matches!(
        intent,
        InstallIntent::Available | InstallIntent::Required | InstallIntent::Uninstall
    ) {
        let why = format!("{intent} is no intent for Windows apps");
        return Err(Refusal::invalid_model(why));
    }
    let target = targets::take(world, &mut body)?;
    let settings: Option<MobileAppAssignmentSettings> = body.take("settings")?;
    body.finish()?;
    Ok(AppAssignment {
        intent,
        target,
        settings: settings.map(|settings| json!(settings)),
    })
}

/// A target is named once for each intent, and a group is included under one intent only.
fn check_beside<'r>(
    row: &AppAssignment,
    mut others: impl Iterator<Item = &'r AppAssignment>,
) -> Result<(), Refusal> {
    let rival = others.find(|other| {
        let is_group = matches!(row.target, AssignmentTarget::Group(_));
        targets::is_same(&row.target, &other.target) && (is_group || row.intent == other.intent)
    });
    match rival {
        None => Ok(()),
        Some(other) if other.intent == row.intent => {
            Err(refused("The request contains duplicate assignments.").because(row.id()))
        }
        Some(other) => {
            let what = "The MobileApp Assignment exist already.";
            let why = format!("the group is included as {} already", other.intent);
            Err(refused(what).because(why))
        }
    }
}

/// Adds one assignment.
pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let (key, app) = row(context)?;
    require_published(app)?;
    let row = context.body().and_then(|body| read(context.world, body));
    let row = row.map_err(Refusal::in_intune)?;
    check_beside(&row, app.assignments.iter())?;
    let mut rows = app.assignments.clone();
    rows.push(row);
    let place = rows.len().saturating_sub(1);
    put(context, key, rows);
    context.made(Item::AppAssignment(key, place))
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let place = place(context)?;
    let (key, app) = row(context)?;
    let mut rows = app.assignments.clone();
    rows.remove(place);
    put(context, key, rows);
    Ok(Reply::no_content())
}

/// Sets the assignments, and has the devices look for news that one of them is about, or was.
fn put(context: &mut Context<'_>, key: Key, rows: Vec<AppAssignment>) {
    let now = context.now;
    let world = &mut *context.world;
    let Some(app) = world.apps.get_mut(key) else {
        return;
    };
    let before = std::mem::replace(&mut app.assignments, rows);
    let after = app.assignments.clone();
    check_in::push_to(world, now, |world, device| {
        // Exclusions count under their own intent only, so each row is looked at by itself.
        let mut all = before.iter().chain(&after);
        all.any(|row| intent::reaches(world, device, std::iter::once(&row.target)))
    });
}
