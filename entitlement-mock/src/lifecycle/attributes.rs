//! Attributes that resources require of whoever gets them: asked for, written, cleared (OBJ-31, OBJ-32).

use entitlement_core::policy::question::{Answer, Question};
use entitlement_core::resource::{ResourceAttribute, ResourceAttributeSource};

use crate::world::World;
use crate::world::table::Key;

/// The attributes that the resources of a package require, each name once.
pub(crate) fn required(world: &World, package: Key) -> Vec<&ResourceAttribute> {
    let role_scopes = world.packages.get(package).map(|row| &row.role_scopes);
    let resources = role_scopes
        .into_iter()
        .flatten()
        .filter_map(|role_scope| world.resources.get(role_scope.resource));
    let mut required: Vec<&ResourceAttribute> = Vec::new();
    for attribute in resources.flat_map(|resource| &resource.attributes) {
        if !required.iter().any(|known| known.name == attribute.name) {
            required.push(attribute);
        }
    }
    required
}

/// The question that asks for an attribute.
pub(crate) fn question(attribute: &ResourceAttribute) -> Option<&Question> {
    match attribute.source.as_ref()? {
        ResourceAttributeSource::Question(source) => source.question.loaded(),
        _ => None,
    }
}

/// What somebody answered to the question for an attribute.
pub(crate) fn answer<'a>(attribute: &ResourceAttribute, answers: &'a [Answer]) -> Option<&'a str> {
    let asked = question(attribute)?.id()?;
    let answer = answers
        .iter()
        .find(|answer| answer.question_id() == Some(asked));
    answer?.value().filter(|value| !value.trim().is_empty())
}

/// The value that somebody has already.
pub(crate) fn value<'w>(
    world: &'w World,
    person: Key,
    attribute: &ResourceAttribute,
) -> Option<&'w str> {
    world.users.get(person)?.attribute(attribute.name.as_ref()?)
}

/// Writes what was answered in a request to the person's account.
pub(super) fn write(world: &mut World, request: Key) {
    let Some(row) = world.requests.get(request) else {
        return;
    };
    let target = row.target;
    let values: Vec<(String, String)> = required(world, row.package)
        .into_iter()
        .filter_map(|attribute| {
            let answer = answer(attribute, &row.answers)?;
            Some((attribute.name.clone()?, answer.to_owned()))
        })
        .collect();
    if let Some(user) = world.users.get_mut(target) {
        for (name, value) in values {
            user.set_attribute(&name, Some(value));
        }
    }
}

/// Clears the attributes of a package that was lost, but for those that stay or that another package requires (DEL-9).
pub(super) fn clear(world: &mut World, target: Key, package: Key) {
    let lost: Vec<String> = required(world, package)
        .into_iter()
        .filter(|attribute| attribute.is_persisted_on_assignment_removal != Some(true))
        .filter_map(|attribute| attribute.name.clone())
        .collect();
    clear_names(world, target, lost);
}

/// The same for what one resource requires, which a package does not grant any more.
pub(crate) fn clear_of_resource(world: &mut World, target: Key, resource: Key) {
    let attributes = world.resources.get(resource).map(|row| &row.attributes);
    let lost = attributes
        .into_iter()
        .flatten()
        .filter(|attribute| attribute.is_persisted_on_assignment_removal != Some(true))
        .filter_map(|attribute| attribute.name.clone())
        .collect();
    clear_names(world, target, lost);
}

fn clear_names(world: &mut World, target: Key, mut names: Vec<String>) {
    if names.is_empty() {
        return;
    }
    let assignments = world.links.assignments_of_target.of(target);
    let current = assignments
        .iter()
        .filter_map(|key| world.assignments.get(*key))
        .filter(|assignment| assignment.state.is_current());
    for assignment in current {
        let still = required(world, assignment.package);
        names.retain(|name| {
            !still
                .iter()
                .any(|attribute| attribute.name.as_ref() == Some(name))
        });
    }
    if let Some(user) = world.users.get_mut(target) {
        for name in names {
            user.set_attribute(&name, None);
        }
    }
}
