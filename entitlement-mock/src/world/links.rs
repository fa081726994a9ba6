//! Which rows belong to which, so that nobody has to look through a table.

use std::collections::HashMap;

use super::applications::AppRoleAssignment;
use super::directory::User;
use super::package::{Package, Policy};
use super::request::{Assignment, Request};
use super::resource::Resource;
use super::review::Instance;
use super::roster::Roster;
use super::table::{Index, Key};

/// What can be found out from the rows alone, kept in step with them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    /// Sign-in names in lower case.
    users_by_name: HashMap<String, Key>,
    pub(crate) resources_of_catalog: Index,
    pub(crate) packages_of_catalog: Index,
    pub(crate) policies_of_package: Index,
    pub(crate) requests_of_package: Index,
    pub(crate) requests_of_target: Index,
    pub(crate) assignments_of_package: Index,
    pub(crate) assignments_of_policy: Index,
    pub(crate) assignments_of_target: Index,
    /// The packages that name a package as incompatible (SOD-1).
    pub(crate) packages_incompatible_with: Index,
    pub(crate) app_roles_of_principal: Index,
    /// An application may have very many of them.
    pub(crate) app_roles_of_application: HashMap<Key, Roster>,
    pub(crate) instances_of_review: Index,
}

impl Links {
    pub(super) fn user(&mut self, key: Key, user: &User) {
        let name = user.principal_name.to_lowercase();
        self.users_by_name.insert(name, key);
    }

    pub(super) fn user_named(&self, name: &str) -> Option<Key> {
        self.users_by_name.get(&name.to_lowercase()).copied()
    }

    pub(super) fn resource(&mut self, key: Key, resource: &Resource) {
        self.resources_of_catalog.add(resource.catalog, key);
    }

    pub(super) fn package(&mut self, key: Key, package: &Package) {
        self.packages_of_catalog.add(package.catalog, key);
        for other in &package.incompatible_packages {
            self.packages_incompatible_with.add(*other, key);
        }
    }

    pub(super) fn policy(&mut self, key: Key, policy: &Policy) {
        self.policies_of_package.add(policy.package, key);
    }

    pub(super) fn request(&mut self, key: Key, request: &Request) {
        self.requests_of_package.add(request.package, key);
        self.requests_of_target.add(request.target, key);
    }

    pub(super) fn instance(&mut self, key: Key, instance: &Instance) {
        self.instances_of_review.add(instance.review, key);
    }

    pub(super) fn assignment(&mut self, key: Key, assignment: &Assignment) {
        self.assignments_of_package.add(assignment.package, key);
        self.assignments_of_policy.add(assignment.policy, key);
        self.assignments_of_target.add(assignment.target, key);
    }

    pub(super) fn app_role_assignment(&mut self, key: Key, row: &AppRoleAssignment) {
        self.app_roles_of_principal.add(row.principal, key);
        let holders = self.app_roles_of_application.entry(row.application);
        holders.or_default().insert(key);
    }
}
