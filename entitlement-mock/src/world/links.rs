//! Which rows belong to which, so that nobody has to look through a table.

use std::collections::HashMap;

use super::applications::AppRoleAssignment;
use super::directory::{Group, User};
use super::extension::Extension;
use super::package::{Package, Policy};
use super::request::{Assignment, Request};
use super::resource::Resource;
use super::review::Instance;
use super::roster::Roster;
use super::table::{Index, Key, Place, WordIndex};

/// What can be found out from the rows alone, kept in step with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Links {
    /// Sign-in names in lower case.
    users_by_name: HashMap<String, Key>,
    users_by_subject: HashMap<Key, Key>,
    pub(crate) users_by_mail: WordIndex,
    pub(crate) users_by_display_name: WordIndex,
    pub(crate) groups_by_display_name: WordIndex,
    pub(crate) resources_of_catalog: Index,
    pub(crate) packages_of_catalog: Index,
    pub(crate) extensions_of_catalog: Index,
    pub(crate) policies_of_package: Index,
    /// The policies that assign by rule.
    pub(crate) automatic_policies: Vec<Key>,
    pub(crate) requests_of_package: Index,
    pub(crate) requests_of_target: Index,
    pub(crate) requests_of_requestor: Index,
    pub(crate) requests_by_state: WordIndex,
    pub(crate) assignments_of_package: Index,
    pub(crate) assignments_of_policy: Index,
    pub(crate) assignments_of_target: Index,
    pub(crate) assignments_by_state: WordIndex,
    /// The packages that name a package as incompatible (SOD-1).
    pub(crate) packages_incompatible_with: Index,
    pub(crate) app_roles_of_principal: Index,
    /// An application may have very many of them.
    pub(crate) app_roles_of_application: HashMap<Key, Roster>,
    pub(crate) instances_of_review: Index,
}

impl Links {
    pub(super) fn user(&mut self, key: Key, place: Place, user: &User) {
        self.note_user_name(key, &user.principal_name);
        self.users_by_subject.insert(user.subject, key);
        self.users_by_display_name.add(&user.display_name, place);
        if let Some(mail) = &user.mail {
            self.users_by_mail.add(mail, place);
        }
    }

    pub(crate) fn user_named(&self, name: &str) -> Option<Key> {
        self.users_by_name.get(&name.to_lowercase()).copied()
    }

    /// The person of whom entitlement management keeps a record under an id.
    pub(crate) fn user_of_subject(&self, subject: Key) -> Option<Key> {
        self.users_by_subject.get(&subject).copied()
    }

    pub(super) fn group(&mut self, place: Place, group: &Group) {
        self.groups_by_display_name.add(&group.display_name, place);
    }

    pub(super) fn forget_group(&mut self, place: Place, name: &str) {
        self.groups_by_display_name.remove(name, place);
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
        self.note_automatic(key, policy);
    }

    /// Takes note of whether a policy assigns by rule now.
    pub(super) fn note_automatic(&mut self, key: Key, policy: &Policy) {
        self.automatic_policies.retain(|other| *other != key);
        if policy.settings.automatic_request_settings.is_some() {
            self.automatic_policies.push(key);
        }
    }

    pub(super) fn note_user_name(&mut self, key: Key, name: &str) {
        self.users_by_name.insert(name.to_lowercase(), key);
    }

    pub(super) fn forget_user_name(&mut self, key: Key, name: &str) {
        let name = name.to_lowercase();
        if self.users_by_name.get(&name) == Some(&key) {
            self.users_by_name.remove(&name);
        }
    }

    pub(super) fn extension(&mut self, key: Key, extension: &Extension) {
        self.extensions_of_catalog.add(extension.catalog, key);
    }

    pub(super) fn request(&mut self, key: Key, place: Place, request: &Request) {
        self.requests_of_package.add(request.package, key);
        self.requests_of_target.add(request.target, key);
        if let Some(requestor) = request.requestor {
            self.requests_of_requestor.add(requestor, key);
        }
        self.requests_by_state.add(request.state.as_str(), place);
    }

    pub(super) fn instance(&mut self, key: Key, instance: &Instance) {
        self.instances_of_review.add(instance.review, key);
    }

    pub(super) fn forget_request(&mut self, key: Key, place: Place, request: &Request) {
        self.requests_of_package.remove(request.package, key);
        self.requests_of_target.remove(request.target, key);
        if let Some(requestor) = request.requestor {
            self.requests_of_requestor.remove(requestor, key);
        }
        self.requests_by_state.remove(request.state.as_str(), place);
    }

    pub(super) fn assignment(&mut self, key: Key, place: Place, assignment: &Assignment) {
        self.assignments_of_package.add(assignment.package, key);
        self.assignments_of_policy.add(assignment.policy, key);
        self.assignments_of_target.add(assignment.target, key);
        self.assignments_by_state
            .add(assignment.state.as_str(), place);
    }

    pub(super) fn app_role_assignment(&mut self, key: Key, row: &AppRoleAssignment) {
        self.app_roles_of_principal.add(row.principal, key);
        let holders = self.app_roles_of_application.entry(row.application);
        holders.or_default().insert(key);
    }
}

/// Files a row under its new word, if it is another one.
pub(super) fn refile(index: &mut WordIndex, place: Place, before: &str, after: &str) {
    if before != after {
        index.remove(before, place);
        index.add(after, place);
    }
}
