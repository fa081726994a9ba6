//! Separation of duties: who may not get a package because of what they have (SOD-1 to SOD-7).

use crate::world::World;
use crate::world::table::Key;

/// What stands between a person and a package, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Conflicts {
    pub(crate) packages: Vec<String>,
    pub(crate) groups: Vec<String>,
}

impl Conflicts {
    pub(crate) fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.groups.is_empty()
    }
}

/// What a person has that the package does not go with. It is asked when a request is made, and never again: who has
/// both keeps both (SOD-4, SOD-5).
pub(crate) fn conflicts(world: &World, package: Key, person: Key) -> Conflicts {
    let Some(row) = world.packages.get(package) else {
        return Conflicts::default();
    };
    let packages = row.incompatible_packages.iter().filter_map(|other| {
        // SOD-7: whoever is getting it counts as having it.
        world.current_assignment(person, *other)?;
        Some(world.packages.get(*other)?.display_name.clone())
    });
    let groups = row.incompatible_groups.iter().filter_map(|group| {
        let group = world.groups.get(*group)?;
        let is_in = group.members.contains(&person);
        is_in.then(|| group.display_name.clone())
    });
    Conflicts {
        packages: packages.collect(),
        groups: groups.collect(),
    }
}

/// The assignments of people who hold an incompatible package as well (SOD-8); without `package` those of every
/// package, without `other` besides any that is incompatible.
pub(crate) fn additional_access(
    world: &World,
    package: Option<Key>,
    other: Option<Key>,
) -> Vec<Key> {
    let packages: Vec<Key> = match package {
        Some(package) => vec![package],
        None => world.packages.keys().collect(),
    };
    let mut found = Vec::new();
    for package in packages {
        let Some(row) = world.packages.get(package) else {
            continue;
        };
        let named = &row.incompatible_packages;
        let others = other
            .as_ref()
            .map_or(named.as_slice(), std::slice::from_ref);
        if others.is_empty() {
            continue;
        }
        for key in world.links.assignments_of_package.of(package) {
            let assignment = world.assignments.get(*key);
            let Some(assignment) = assignment.filter(|row| row.state.is_current()) else {
                continue;
            };
            let has = |other: &Key| {
                world
                    .current_assignment(assignment.target, *other)
                    .is_some()
            };
            if others.iter().any(has) {
                found.push(*key);
            }
        }
    }
    found
}
