//! Navigation: which items an item is linked to.

use super::item::{Item, View};
use crate::world::table::Key;

/// What a navigation property leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Link {
    One(Option<Item>),
    Many(Vec<Item>),
}

impl View<'_> {
    /// Follows a navigation property, in any case; `None` if the type has none of that name.
    pub(crate) fn follow(self, item: Item, name: &str) -> Option<Link> {
        match item {
            Item::User(_) | Item::DirectoryUser(_) | Item::Group(_) => {
                self.follow_in_directory(item, name)
            }
            Item::Request(_) | Item::Assignment(_) | Item::Approval(_) | Item::Subject(_) => {
                self.follow_request(item, name)
            }
            Item::Package(key) => self.follow_package(key, name),
            Item::Policy(key) => self.follow_policy(key, name),
            _ => self.follow_in_catalog(item, name),
        }
    }

    fn follow_in_directory(self, item: Item, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let one = |item: Option<Item>| Some(Link::One(item));
        match item {
            Item::User(key) | Item::DirectoryUser(key) if is("manager") => one(world
                .users
                .get(key)
                .and_then(|user| user.manager)
                .map(Item::DirectoryUser)),
            Item::Group(key) if is("members") || is("owners") => {
                let group = world.groups.get(key)?;
                let people = if is("members") {
                    &group.members
                } else {
                    &group.owners
                };
                Some(Link::Many(
                    people.iter().copied().map(Item::DirectoryUser).collect(),
                ))
            }
            _ => None,
        }
    }

    fn follow_in_catalog(self, item: Item, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let one = |item: Option<Item>| Some(Link::One(item));
        match item {
            Item::Catalog(key) if is("accessPackages") => Some(Link::Many(
                world
                    .links
                    .packages_of_catalog
                    .of(key)
                    .iter()
                    .copied()
                    .map(Item::Package)
                    .collect(),
            )),
            Item::Catalog(key) if is("resources") => Some(Link::Many(
                world
                    .links
                    .resources_of_catalog
                    .of(key)
                    .iter()
                    .copied()
                    .map(Item::Resource)
                    .collect(),
            )),
            Item::Resource(key) if is("roles") => {
                let roles = &world.resources.get(key)?.roles;
                Some(Link::Many(
                    (0..roles.len())
                        .map(|place| Item::Role(key, place))
                        .collect(),
                ))
            }
            Item::Resource(key) if is("scopes") => Some(Link::Many(vec![Item::Scope(key)])),
            Item::Role(resource, _) | Item::Scope(resource) if is("resource") => {
                one(Some(Item::Resource(resource)))
            }
            Item::RoleScope(package, place) if is("role") => {
                let role_scope = world.packages.get(package)?.role_scopes.get(place)?;
                let roles = &world.resources.get(role_scope.resource)?.roles;
                let place = roles.iter().position(|role| role.id == role_scope.role)?;
                one(Some(Item::Role(role_scope.resource, place)))
            }
            Item::RoleScope(package, place) if is("scope") => {
                let role_scope = world.packages.get(package)?.role_scopes.get(place)?;
                one(Some(Item::Scope(role_scope.resource)))
            }
            Item::ResourceRequest(key) if is("catalog") => one(world
                .resource_requests
                .get(key)
                .map(|request| Item::Catalog(request.catalog))),
            Item::ResourceRequest(key) if is("resource") => {
                let resource = world.resource_requests.get(key)?.resource;
                one(world
                    .resources
                    .contains(resource)
                    .then_some(Item::Resource(resource)))
            }
            _ => None,
        }
    }

    fn follow_request(self, item: Item, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let one = |item: Option<Item>| Some(Link::One(item));
        match item {
            Item::Subject(_) if is("connectedOrganization") => one(None),
            Item::Request(key) if is("accessPackage") => {
                one(self.existing_package(world.requests.get(key)?.package))
            }
            Item::Request(key) if is("assignment") => {
                one(world.requests.get(key)?.assignment.map(Item::Assignment))
            }
            Item::Request(key) if is("requestor") => {
                one(world.requests.get(key)?.requestor.map(Item::Subject))
            }
            Item::Assignment(key) if is("accessPackage") => {
                one(self.existing_package(world.assignments.get(key)?.package))
            }
            Item::Assignment(key) if is("assignmentPolicy") => {
                let policy = world.assignments.get(key)?.policy;
                one(world
                    .policies
                    .contains(policy)
                    .then_some(Item::Policy(policy)))
            }
            Item::Assignment(key) if is("target") => one(world
                .assignments
                .get(key)
                .map(|assignment| Item::Subject(assignment.target))),
            Item::Approval(key) if is("stages") => {
                let stages = world.requests.get(key)?.stages.len();
                Some(Link::Many(
                    (0..stages).map(|place| Item::Stage(key, place)).collect(),
                ))
            }
            _ => None,
        }
    }

    /// Requests and assignments outlive their package.
    fn existing_package(self, key: Key) -> Option<Item> {
        let exists = self.world.packages.contains(key);
        exists.then_some(Item::Package(key))
    }

    fn follow_policy(self, key: Key, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let one = |item: Option<Item>| Some(Link::One(item));
        let policy = world.policies.get(key)?;
        if is("accessPackage") {
            return one(Some(Item::Package(policy.package)));
        }
        if is("catalog") {
            return one(world
                .packages
                .get(policy.package)
                .map(|package| Item::Catalog(package.catalog)));
        }
        if is("questions") {
            let places = 0..policy.settings.questions.items().len();
            return Some(Link::Many(
                places.map(|place| Item::Question(key, place)).collect(),
            ));
        }
        // There are no extensions here; saying so is better than an error for an expand that is always legal.
        is("customExtensionStageSettings").then(|| Link::Many(Vec::new()))
    }

    fn follow_package(self, key: Key, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let package = world.packages.get(key)?;
        if is("catalog") {
            return Some(Link::One(Some(Item::Catalog(package.catalog))));
        }
        if is("resourceRoleScopes") {
            let places = 0..package.role_scopes.len();
            return Some(Link::Many(
                places.map(|place| Item::RoleScope(key, place)).collect(),
            ));
        }
        if is("assignmentPolicies") {
            let policies = world.links.policies_of_package.of(key).iter().copied();
            return Some(Link::Many(policies.map(Item::Policy).collect()));
        }
        None
    }
}
