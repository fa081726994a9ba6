//! How rows come, change and go, so that what follows from them stays in step.
//!
//! States and names change here only: filters find rows by them.

use entitlement_core::policy::AssignmentPolicy;

use super::World;
use super::directory::{Group, User};
use super::extension::{Callout, Extension, Occasion};
use super::links::refile;
use super::package::{Package, Policy};
use super::request::{Assignment, Request};
use super::resource::Resource;
use super::review::Instance;
use super::table::Key;

impl World {
    pub(crate) fn insert_user(&mut self, user: User) -> Key {
        let key = self.ids.next();
        self.links.user(key, self.users.places(), &user);
        self.users.insert(key, user);
        key
    }

    pub(crate) fn insert_group(&mut self, group: Group) -> Key {
        let key = self.ids.next();
        self.links.group(self.groups.places(), &group);
        self.groups.insert(key, group);
        key
    }

    pub(crate) fn insert_resource(&mut self, resource: Resource) -> Key {
        let key = self.ids.next();
        self.links.resource(key, &resource);
        self.resources.insert(key, resource);
        key
    }

    pub(crate) fn insert_package(&mut self, package: Package) -> Key {
        let key = self.ids.next();
        self.links.package(key, &package);
        self.packages.insert(key, package);
        key
    }

    pub(crate) fn insert_policy(&mut self, mut policy: Policy) -> Key {
        let key = self.ids.next();
        policy.settings.id = key.into();
        self.links.policy(key, &policy);
        self.policies.insert(key, policy);
        key
    }

    pub(crate) fn insert_request(&mut self, request: Request) -> Key {
        let key = self.ids.next();
        self.links.request(key, self.requests.places(), &request);
        self.requests.insert(key, request);
        key
    }

    pub(crate) fn insert_assignment(&mut self, assignment: Assignment) -> Key {
        let key = self.ids.next();
        let place = self.assignments.places();
        self.links.assignment(key, place, &assignment);
        self.assignments.insert(key, assignment);
        key
    }

    /// Under a given id: that of its review, if there will be no other (REV-36).
    pub(crate) fn insert_instance(&mut self, key: Key, instance: Instance) {
        self.links.instance(key, &instance);
        self.review_instances.insert(key, instance);
    }

    pub(crate) fn insert_extension(&mut self, mut extension: Extension) -> Key {
        let key = self.ids.next();
        extension.settings.id = key.into();
        self.links.extension(key, &extension);
        self.extensions.insert(key, extension);
        key
    }

    /// Notes a call with the request or assignment that it is about.
    pub(crate) fn insert_callout(&mut self, callout: Callout) -> Key {
        let key = self.ids.next();
        let noted = match callout.occasion {
            Occasion::Request(request) => {
                let row = self.requests.get_mut(request);
                row.map(|row| row.callouts.push(key))
            }
            Occasion::Assignment(assignment) => {
                let row = self.assignments.get_mut(assignment);
                row.map(|row| row.callouts.push(key))
            }
        };
        if noted.is_some() {
            self.callouts.insert(key, callout);
            self.unanswered.push(key);
        }
        key
    }

    /// Changes a person, their names included; `None` if there is none of that id.
    pub(crate) fn change_user<T>(
        &mut self,
        key: Key,
        change: impl FnOnce(&mut User) -> T,
    ) -> Option<T> {
        let place = self.users.place(key)?;
        let user = self.users.get_mut(key)?;
        let (sign_in, name) = (user.principal_name.clone(), user.display_name.clone());
        let outcome = change(user);
        let links = &mut self.links;
        refile(
            &mut links.users_by_display_name,
            place,
            &name,
            &user.display_name,
        );
        if sign_in != user.principal_name {
            links.forget_user_name(key, &sign_in);
            links.note_user_name(key, &user.principal_name);
        }
        Some(outcome)
    }

    /// Writes a policy anew.
    pub(crate) fn change_policy(&mut self, key: Key, settings: AssignmentPolicy) {
        if let Some(row) = self.policies.get_mut(key) {
            row.settings = settings;
            self.links.note_automatic(key, row);
        }
    }

    /// Changes a group, its name included; `None` if there is none of that id.
    pub(crate) fn change_group<T>(
        &mut self,
        key: Key,
        change: impl FnOnce(&mut Group) -> T,
    ) -> Option<T> {
        let place = self.groups.place(key)?;
        let group = self.groups.get_mut(key)?;
        let before = group.display_name.clone();
        let outcome = change(group);
        let names = &mut self.links.groups_by_display_name;
        refile(names, place, &before, &group.display_name);
        Some(outcome)
    }

    /// Changes a request, its state included; `None` if there is none of that id.
    pub(crate) fn change_request<T>(
        &mut self,
        key: Key,
        change: impl FnOnce(&mut Request) -> T,
    ) -> Option<T> {
        let place = self.requests.place(key)?;
        let row = self.requests.get_mut(key)?;
        let before = row.state.clone();
        let outcome = change(row);
        let states = &mut self.links.requests_by_state;
        refile(states, place, before.as_str(), row.state.as_str());
        Some(outcome)
    }

    /// Changes an assignment, its state included; `None` if there is none of that id.
    pub(crate) fn change_assignment<T>(
        &mut self,
        key: Key,
        change: impl FnOnce(&mut Assignment) -> T,
    ) -> Option<T> {
        let place = self.assignments.place(key)?;
        let row = self.assignments.get_mut(key)?;
        let before = row.state.clone();
        let outcome = change(row);
        let states = &mut self.links.assignments_by_state;
        refile(states, place, before.as_str(), row.state.as_str());
        Some(outcome)
    }

    pub(crate) fn remove_group(&mut self, key: Key) -> Option<Group> {
        let place = self.groups.place(key)?;
        let group = self.groups.remove(key)?;
        self.links.forget_group(place, &group.display_name);
        // The roles that it has in applications go with it.
        for row in self.links.app_roles_of_principal.of(key).to_vec() {
            self.remove_app_role_assignment(row);
        }
        Some(group)
    }

    pub(crate) fn remove_extension(&mut self, key: Key) {
        if let Some(extension) = self.extensions.remove(key) {
            let of_catalog = &mut self.links.extensions_of_catalog;
            of_catalog.remove(extension.catalog, key);
        }
    }

    pub(crate) fn remove_resource(&mut self, key: Key) {
        if let Some(resource) = self.resources.remove(key) {
            self.links
                .resources_of_catalog
                .remove(resource.catalog, key);
        }
    }

    pub(crate) fn remove_package(&mut self, key: Key) {
        let Some(package) = self.packages.remove(key) else {
            return;
        };
        self.links.packages_of_catalog.remove(package.catalog, key);
        for other in package.incompatible_packages {
            let named = &mut self.links.packages_incompatible_with;
            named.remove(other, key);
        }
        for naming in self.links.packages_incompatible_with.of(key).to_vec() {
            self.let_be_compatible(naming, key);
        }
    }

    /// Notes that holders of `other` may not ask for `package`; `false` if that is known.
    pub(crate) fn set_incompatible(&mut self, package: Key, other: Key) -> bool {
        let row = self.packages.get_mut(package);
        let Some(row) = row.filter(|row| !row.incompatible_packages.contains(&other)) else {
            return false;
        };
        row.incompatible_packages.push(other);
        let named = &mut self.links.packages_incompatible_with;
        named.add(other, package);
        true
    }

    /// Takes that back; `false` if it was not so.
    pub(crate) fn let_be_compatible(&mut self, package: Key, other: Key) -> bool {
        let row = self.packages.get_mut(package);
        let Some(row) = row.filter(|row| row.incompatible_packages.contains(&other)) else {
            return false;
        };
        row.incompatible_packages.retain(|key| *key != other);
        let named = &mut self.links.packages_incompatible_with;
        named.remove(other, package);
        true
    }

    pub(crate) fn remove_policy(&mut self, key: Key) {
        if let Some(policy) = self.policies.remove(key) {
            self.links.policies_of_package.remove(policy.package, key);
            self.links.automatic_policies.retain(|other| *other != key);
            // What is reviewed already goes on; there will be nothing to review next time.
            let review = policy
                .review
                .and_then(|review| self.reviews.get_mut(review));
            if let Some(review) = review {
                review.next = None;
            }
        }
    }

    /// Its instances vanish with it (REV-33).
    pub(crate) fn remove_review(&mut self, key: Key) {
        self.reviews.remove(key);
        for instance in self.links.instances_of_review.take(key) {
            self.review_instances.remove(instance);
        }
    }

    pub(crate) fn remove_request(&mut self, key: Key) {
        let Some(place) = self.requests.place(key) else {
            return;
        };
        if let Some(request) = self.requests.remove(key) {
            self.links.forget_request(key, place, &request);
            for callout in request.callouts {
                self.callouts.remove(callout);
            }
        }
    }
}
