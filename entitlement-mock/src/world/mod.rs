//! Everything the tenant knows: one table a collection, and the links between them. No time, no HTTP.

pub(crate) mod agenda;
pub(crate) mod directory;
pub(crate) mod ids;
pub(crate) mod package;
pub(crate) mod request;
pub(crate) mod table;

use std::collections::HashMap;

use entitlement_core::catalog::{CatalogState, CatalogType};
use entitlement_core::time::Timestamp;

use agenda::Agenda;
use directory::{Group, GroupRole, User};
use ids::Ids;
use package::{Catalog, Package, Policy, Resource, ResourceRequest, RoleScope};
use request::{Assignment, Request};
use table::{Index, Key, Table};

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) ids: Ids,
    pub(crate) agenda: Agenda,
    pub(crate) users: Table<User>,
    pub(crate) groups: Table<Group>,
    pub(crate) catalogs: Table<Catalog>,
    pub(crate) resources: Table<Resource>,
    pub(crate) resource_requests: Table<ResourceRequest>,
    pub(crate) packages: Table<Package>,
    pub(crate) policies: Table<Policy>,
    pub(crate) requests: Table<Request>,
    pub(crate) assignments: Table<Assignment>,
    /// Sign-in names in lower case.
    users_by_name: HashMap<String, Key>,
    /// Entitlement management's own record of a person has its own id (ORG-7).
    subjects: HashMap<Key, Key>,
    pub(crate) resources_of_catalog: Index,
    pub(crate) packages_of_catalog: Index,
    pub(crate) policies_of_package: Index,
    pub(crate) requests_of_package: Index,
    pub(crate) requests_of_target: Index,
    pub(crate) assignments_of_package: Index,
    pub(crate) assignments_of_policy: Index,
    pub(crate) assignments_of_target: Index,
}

impl World {
    /// A tenant with nothing in it but the built-in catalog (OBJ-10).
    pub(crate) fn new(seed: u64, now: Timestamp) -> Self {
        let mut world = Self {
            ids: Ids::from_seed(seed),
            agenda: Agenda::default(),
            users: Table::default(),
            groups: Table::default(),
            catalogs: Table::default(),
            resources: Table::default(),
            resource_requests: Table::default(),
            packages: Table::default(),
            policies: Table::default(),
            requests: Table::default(),
            assignments: Table::default(),
            users_by_name: HashMap::new(),
            subjects: HashMap::new(),
            resources_of_catalog: Index::default(),
            packages_of_catalog: Index::default(),
            policies_of_package: Index::default(),
            requests_of_package: Index::default(),
            requests_of_target: Index::default(),
            assignments_of_package: Index::default(),
            assignments_of_policy: Index::default(),
            assignments_of_target: Index::default(),
        };
        let general = world.ids.next();
        world.catalogs.insert(
            general,
            Catalog {
                display_name: "General".to_owned(),
                description: Some("Built-in catalog.".to_owned()),
                kind: CatalogType::ServiceDefault,
                state: CatalogState::Published,
                is_externally_visible: true,
                created: now,
                modified: now,
            },
        );
        world
    }

    pub(crate) fn add_user(&mut self, user: User) -> Key {
        let key = self.ids.next();
        let subject = self.ids.next();
        self.users_by_name
            .insert(user.principal_name.to_lowercase(), key);
        self.subjects.insert(key, subject);
        self.users.insert(key, user);
        key
    }

    /// A person by object id or sign-in name.
    pub(crate) fn find_user(&self, id_or_name: &str) -> Option<Key> {
        match Key::try_parse(id_or_name) {
            Ok(key) => self.users.contains(key).then_some(key),
            Err(_) => self.users_by_name.get(&id_or_name.to_lowercase()).copied(),
        }
    }

    /// The id of entitlement management's record of a person.
    pub(crate) fn subject_of(&self, user: Key) -> Key {
        self.subjects.get(&user).copied().unwrap_or(user)
    }

    pub(crate) fn insert_request(&mut self, request: Request) -> Key {
        let key = self.ids.next();
        self.requests_of_package.add(request.package, key);
        self.requests_of_target.add(request.target, key);
        self.requests.insert(key, request);
        key
    }

    pub(crate) fn insert_assignment(&mut self, assignment: Assignment) -> Key {
        let key = self.ids.next();
        self.assignments_of_package.add(assignment.package, key);
        self.assignments_of_policy.add(assignment.policy, key);
        self.assignments_of_target.add(assignment.target, key);
        self.assignments.insert(key, assignment);
        key
    }

    /// The assignment that counts for a person and a package; there is at most one (REQ-42).
    pub(crate) fn current_assignment(&self, target: Key, package: Key) -> Option<Key> {
        let of_target = self.assignments_of_target.of(target);
        of_target.iter().copied().rev().find(|key| {
            self.assignments.get(*key).is_some_and(|assignment| {
                assignment.package == package && assignment.state.is_current()
            })
        })
    }

    /// The request about a person and a package that is still under way.
    pub(crate) fn open_request(&self, target: Key, package: Key) -> Option<Key> {
        let of_target = self.requests_of_target.of(target);
        of_target.iter().copied().rev().find(|key| {
            self.requests
                .get(*key)
                .is_some_and(|request| request.package == package && request.is_open())
        })
    }

    /// The group and the role in it that a role scope stands for.
    pub(crate) fn granted_role(&self, role_scope: &RoleScope) -> Option<(Key, GroupRole)> {
        let resource = self.resources.get(role_scope.resource)?;
        let role = resource
            .roles
            .iter()
            .find(|role| role.id == role_scope.role)?;
        Some((resource.origin, role.kind))
    }

    /// The manager `level` steps up; `None` if the chain ends before.
    pub(crate) fn manager_of(&self, user: Key, level: i32) -> Option<Key> {
        (0..level.max(1)).try_fold(user, |person, _| self.users.get(person)?.manager)
    }
}
