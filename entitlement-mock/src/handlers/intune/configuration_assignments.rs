//! For whom a configuration is.

use entitlement_core::intune::target::AssignmentTarget;
use serde_json::{Value, json};

use super::super::body::Body;
use super::super::{Context, Missing, Outcome, Reply};
use super::apps::refused;
use super::configurations::{configuration, row};
use super::targets;
use crate::lifecycle::intune::{check_in, intent};
use crate::router::refusal::Refusal;
use crate::view::{Item, View};
use crate::world::World;
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let (key, row) = row(context)?;
    let rows = 0..row.targets.len();
    context.list(rows.map(|place| Item::ConfigurationAssignment(key, place)))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = configuration(context)?;
    context.entity(Item::ConfigurationAssignment(key, place(context)?))
}

/// Where the row of the path is among those of its configuration.
fn place(context: &Context<'_>) -> Result<usize, Refusal> {
    let (key, row) = row(context)?;
    let view = View::new(context.world, context.caller);
    let id = context.text("row");
    let mut places = 0..row.targets.len();
    let is_it = |place: &usize| {
        let own = view.id(Item::ConfigurationAssignment(key, *place));
        own.as_ref().and_then(Value::as_str) == Some(id)
    };
    places.find(is_it).ok_or_else(|| Missing::Managed.refusal())
}

/// Takes the place of all assignments that there are, and shows them.
pub(crate) fn assign(context: &mut Context<'_>) -> Outcome {
    let key = configuration(context)?;
    let rows = read_all(context).map_err(Refusal::in_intune)?;
    let count = rows.len();
    put(context, key, rows);
    let view = View::new(context.world, context.caller);
    let shown = (0..count).map(|place| view.render(Item::ConfigurationAssignment(key, place)));
    let shown: Vec<_> = shown.collect();
    Ok(Reply::ok(json!({ "value": shown })))
}

fn read_all(context: &Context<'_>) -> Result<Vec<AssignmentTarget>, Refusal> {
    let mut body = context.body()?;
    let rows = body.take_objects("assignments")?;
    body.finish()?;
    let rows = rows.into_iter().map(|row| read(context.world, row));
    let rows: Vec<AssignmentTarget> = rows.collect::<Result<_, _>>()?;
    for (place, row) in rows.iter().enumerate() {
        check_beside(row, rows.iter().take(place))?;
    }
    Ok(rows)
}

fn read(world: &World, mut body: Body) -> Result<AssignmentTarget, Refusal> {
    let target = targets::take(world, &mut body)?;
    body.finish()?;
    Ok(target)
}

fn check_beside<'r>(
    target: &AssignmentTarget,
    mut others: impl Iterator<Item = &'r AssignmentTarget>,
) -> Result<(), Refusal> {
    if others.any(|other| targets::is_same(target, other)) {
        return Err(refused("The request contains duplicate assignments."));
    }
    Ok(())
}

/// Adds one assignment.
pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let (key, before) = row(context)?;
    let target = context.body().and_then(|body| read(context.world, body));
    let target = target.map_err(Refusal::in_intune)?;
    check_beside(&target, before.targets.iter())?;
    let mut rows = before.targets.clone();
    rows.push(target);
    let place = rows.len().saturating_sub(1);
    put(context, key, rows);
    context.made(Item::ConfigurationAssignment(key, place))
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let place = place(context)?;
    let (key, before) = row(context)?;
    let mut rows = before.targets.clone();
    rows.remove(place);
    put(context, key, rows);
    Ok(Reply::no_content())
}

/// Sets the targets, and has the devices look for news that are among them, or were.
fn put(context: &mut Context<'_>, key: Key, rows: Vec<AssignmentTarget>) {
    let now = context.now;
    let world = &mut *context.world;
    let Some(row) = world.configurations.get_mut(key) else {
        return;
    };
    let before = std::mem::replace(&mut row.targets, rows);
    let after = row.targets.clone();
    check_in::push_to(world, now, |world, device| {
        let mut all = before.iter().chain(&after);
        all.any(|target| intent::reaches(world, device, std::iter::once(target)))
    });
}
