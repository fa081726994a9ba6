//! Resources, their roles and scopes, and what packages grant of them.

use serde_json::json;

use super::item::{Item, View};
use super::links::Link;
use super::object::{Object, object};
use crate::choices::UnusedRoles;
use crate::world::origin::Origin;
use crate::world::resource::Resource;
use crate::world::table::Key;

impl View<'_> {
    pub(super) fn render_resource(self, item: Item) -> Option<Object> {
        match item {
            Item::Resource(key) => self.resource(key),
            Item::Role(resource, place) => self.role(resource, place),
            Item::Scope(resource, place) => self.scope(resource, place),
            Item::RoleScope(package, place) => self.role_scope(package, place),
            Item::ResourceRequest(key) => self.resource_request(key),
            Item::Environment(key) => self.environment(key),
            Item::AvailablePackage(key) => self.available_package(key),
            _ => None,
        }
    }

    fn resource(self, key: Key) -> Option<Object> {
        let resource = self.world.resources.get(key)?;
        Some(object! {
            "id": key,
            "displayName": self.name_of(resource),
            "description": resource.description,
            "originId": resource.origin_id,
            "originSystem": resource.origin.system(),
            "createdDateTime": resource.created,
            "modifiedDateTime": resource.modified,
            "attributes": resource.attributes,
        })
    }

    /// The name it came with, or the one it has now where names keep up (P27).
    fn name_of(self, resource: &Resource) -> String {
        let world = self.world;
        let current = match resource.origin {
            Origin::Group(key) => world.groups.get(key).map(|row| &row.display_name),
            Origin::Application(key) => {
                let row = world.service_principals.get(key);
                row.map(|row| &row.display_name)
            }
            Origin::Site(key) => world.sites.get(key).map(|row| &row.display_name),
            Origin::DirectoryRole(key) => {
                let row = world.directory_roles.get(key);
                row.map(|row| &row.display_name)
            }
        };
        let keeps_up = world.settings.choices.resources.names_keep_up;
        let current = current.filter(|_| keeps_up);
        current.unwrap_or(&resource.display_name).clone()
    }

    fn role(self, key: Key, place: usize) -> Option<Object> {
        let resource = self.world.resources.get(key)?;
        let role = resource.roles.get(place)?;
        let unused = self.world.settings.choices.resources.unused_roles;
        let is_known = unused == UnusedRoles::HaveIds || self.is_granted(resource.catalog, role.id);
        Some(object! {
            "id": if is_known { role.id } else { Key::nil() },
            "displayName": role.display_name,
            "description": role.description,
            "originId": role.kind.origin_id(resource.origin.key()),
            "originSystem": resource.origin.system(),
            "type": role.kind.held(),
        })
    }

    /// Whether a package of a catalog grants a role.
    fn is_granted(self, catalog: Key, role: Key) -> bool {
        let packages = self.world.links.packages_of_catalog.of(catalog).iter();
        let mut granted = packages
            .filter_map(|key| self.world.packages.get(*key))
            .flat_map(|package| &package.role_scopes);
        granted.any(|role_scope| role_scope.role == role)
    }

    fn scope(self, resource: Key, place: usize) -> Option<Object> {
        let resource = self.world.resources.get(resource)?;
        let scope = resource.scopes.get(place)?;
        let description = if scope.is_root {
            "Root Scope"
        } else {
            &scope.display_name
        };
        Some(object! {
            "id": scope.id,
            "displayName": scope.display_name,
            "description": description,
            "originId": scope.origin_id,
            "originSystem": resource.origin.system(),
            "isRootScope": scope.is_root,
        })
    }

    fn role_scope(self, package: Key, place: usize) -> Option<Object> {
        let role_scope = self.world.packages.get(package)?.role_scopes.get(place)?;
        Some(object! {
            "id": role_scope.id(),
            "createdDateTime": role_scope.created,
        })
    }

    fn resource_request(self, key: Key) -> Option<Object> {
        let request = self.world.resource_requests.get(key)?;
        Some(object! {
            "id": key,
            "requestType": request.kind,
            "state": "delivered",
            "createdDateTime": request.created,
        })
    }

    fn environment(self, key: Key) -> Option<Object> {
        let environment = self.world.environments.get(key)?;
        Some(object! {
            "id": key,
            "displayName": environment.display_name,
            "description": environment.description,
            "originId": environment.url,
            "originSystem": "SharePointOnline",
            "isDefaultEnvironment": environment.is_default,
            "connectionInfo": json!({"url": environment.url}),
            "createdDateTime": environment.created,
            "modifiedDateTime": environment.created,
        })
    }

    fn available_package(self, key: Key) -> Option<Object> {
        let package = self.world.packages.get(key)?;
        Some(object! {
            "id": key,
            "displayName": package.display_name,
            "description": package.description,
        })
    }

    pub(super) fn follow_resource(self, item: Item, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let one = |item: Option<Item>| Some(Link::One(item));
        match item {
            Item::Resource(key) if is("roles") => {
                let row = world.resources.get(key)?;
                let choices = &world.settings.choices.resources;
                // P4: the catalog's list of roles is right all the same.
                let hidden = choices.application_roles_expand_empty
                    && matches!(row.origin, Origin::Application(_));
                let places = 0..if hidden { 0 } else { row.roles.len() };
                Some(Link::Many(
                    places.map(|place| Item::Role(key, place)).collect(),
                ))
            }
            Item::Resource(key) if is("scopes") => {
                let places = 0..world.resources.get(key)?.scopes.len();
                Some(Link::Many(
                    places.map(|place| Item::Scope(key, place)).collect(),
                ))
            }
            Item::Resource(key) if is("environment") => {
                let environment = world.resources.get(key)?.environment;
                one(environment.map(Item::Environment))
            }
            // Nothing is uploaded here; saying so is better than an error for an expand that is always legal.
            Item::Resource(_) if is("uploadSessions") => Some(Link::Many(Vec::new())),
            Item::Role(resource, _) | Item::Scope(resource, _) if is("resource") => {
                one(Some(Item::Resource(resource)))
            }
            Item::RoleScope(package, place) if is("role") => {
                let role_scope = world.packages.get(package)?.role_scopes.get(place)?;
                let mut roles = world.resources.get(role_scope.resource)?.roles.iter();
                let place = roles.position(|role| role.id == role_scope.role)?;
                one(Some(Item::Role(role_scope.resource, place)))
            }
            Item::RoleScope(package, place) if is("scope") => {
                let role_scope = world.packages.get(package)?.role_scopes.get(place)?;
                let mut scopes = world.resources.get(role_scope.resource)?.scopes.iter();
                let place = scopes.position(|scope| scope.id == role_scope.scope)?;
                one(Some(Item::Scope(role_scope.resource, place)))
            }
            Item::ResourceRequest(key) if is("catalog") => {
                let request = world.resource_requests.get(key)?;
                let there = world.catalogs.contains(request.catalog);
                one(there.then_some(Item::Catalog(request.catalog)))
            }
            Item::ResourceRequest(key) if is("resource") => {
                let resource = world.resource_requests.get(key)?.resource;
                let there = world.resources.contains(resource);
                one(there.then_some(Item::Resource(resource)))
            }
            Item::Environment(key) if is("resources") => {
                let resources = world.resources.iter();
                let there = resources.filter(|(_, row)| row.environment == Some(key));
                let there = there.map(|(key, _)| Item::Resource(key));
                Some(Link::Many(there.collect()))
            }
            _ => None,
        }
    }
}
