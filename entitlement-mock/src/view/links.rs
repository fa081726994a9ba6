//! Navigation: which items an item is linked to.

use super::item::{Item, View};
use crate::lifecycle::eligibility::sees_roles;
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
            Item::Review(_)
            | Item::ReviewInstance(_)
            | Item::ReviewStage(..)
            | Item::ReviewDecision(..)
            | Item::StageDecision(..)
            | Item::History(_) => self.follow_review(item, name),
            Item::Catalog(key) => self.follow_catalog(key, name),
            Item::Organization(key) => self.follow_organization(key, name),
            Item::StageSetting(policy, place) => self.follow_stage_setting(policy, place, name),
            Item::AvailablePackage(key) | Item::Suggestion(key, _) => {
                self.follow_offer(item, key, name)
            }
            _ => self
                .follow_resource(item, name)
                .or_else(|| self.follow_origin(item, name))
                .or_else(|| self.follow_intune(item, name)),
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
            Item::User(key) | Item::DirectoryUser(key) if is("sponsors") => {
                let sponsors = world.users.get(key)?.sponsors.iter().copied();
                let sponsors = sponsors.filter(|person| world.is_person(*person));
                Some(Link::Many(sponsors.map(Item::DirectoryUser).collect()))
            }
            Item::Group(key) if is("members") || is("owners") => {
                let group = world.groups.get(key)?;
                let people = if is("members") {
                    &group.members
                } else {
                    &group.owners
                };
                let people = people.iter().copied();
                let people = people.filter(|person| world.is_person(*person));
                Some(Link::Many(people.map(Item::DirectoryUser).collect()))
            }
            Item::User(key) | Item::DirectoryUser(key) | Item::Group(key)
                if is("appRoleAssignments") =>
            {
                let rows = world.links.app_roles_of_principal.of(key).iter().copied();
                Some(Link::Many(rows.map(Item::AppRoleAssignment).collect()))
            }
            Item::User(_) | Item::DirectoryUser(_) => self.follow_intune(item, name),
            _ => None,
        }
    }

    fn follow_catalog(self, key: Key, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let many = |items: Vec<Item>| Some(Link::Many(items));
        if is("accessPackages") {
            let packages = world.links.packages_of_catalog.of(key).iter().copied();
            return many(packages.map(Item::Package).collect());
        }
        let resources = world.links.resources_of_catalog.of(key).iter().copied();
        if is("customWorkflowExtensions") {
            let extensions = world.links.extensions_of_catalog.of(key).iter().copied();
            return many(extensions.map(Item::Extension).collect());
        }
        if is("resources") {
            return many(resources.map(Item::Resource).collect());
        }
        let rows = resources.filter_map(|key| Some((key, world.resources.get(key)?)));
        if is("resourceRoles") {
            let roles = rows.flat_map(|(key, row)| {
                (0..row.roles.len()).map(move |place| Item::Role(key, place))
            });
            return many(roles.collect());
        }
        if is("resourceScopes") {
            let scopes = rows.flat_map(|(key, row)| {
                (0..row.scopes.len()).map(move |place| Item::Scope(key, place))
            });
            return many(scopes.collect());
        }
        None
    }

    fn follow_offer(self, item: Item, package: Key, name: &str) -> Option<Link> {
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        match item {
            Item::Suggestion(..) if is("accessPackage") => {
                Some(Link::One(Some(Item::AvailablePackage(package))))
            }
            Item::AvailablePackage(_) if is("resourceRoleScopes") => {
                let role_scopes = &self.world.packages.get(package)?.role_scopes;
                let person = self.caller.user();
                let sees = person.is_some_and(|person| sees_roles(self.world, person));
                let places = 0..if sees { role_scopes.len() } else { 0 };
                Some(Link::Many(
                    places
                        .map(|place| Item::RoleScope(package, place))
                        .collect(),
                ))
            }
            _ => None,
        }
    }

    fn follow_request(self, item: Item, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let one = |item: Option<Item>| Some(Link::One(item));
        match item {
            Item::Subject(key) if is("connectedOrganization") => {
                one(world.organization_of(key).map(Item::Organization))
            }
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
        if is("customExtensionStageSettings") {
            let places = 0..policy
                .settings
                .custom_extension_stage_settings
                .items()
                .len();
            return Some(Link::Many(
                places.map(|place| Item::StageSetting(key, place)).collect(),
            ));
        }
        None
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
        if is("incompatibleAccessPackages") {
            let others = package.incompatible_packages.iter().copied();
            return Some(Link::Many(others.map(Item::Package).collect()));
        }
        if is("accessPackagesIncompatibleWith") {
            let naming = world.links.packages_incompatible_with.of(key).iter();
            return Some(Link::Many(naming.copied().map(Item::Package).collect()));
        }
        if is("incompatibleGroups") {
            let groups = package.incompatible_groups.iter().copied();
            let groups = groups.filter(|group| world.groups.contains(*group));
            return Some(Link::Many(groups.map(Item::Group).collect()));
        }
        None
    }
}
