//! Applications, and the roles people have in them and in the directory.

use serde_json::{Value, json};

use super::item::{Item, View};
use super::links::Link;
use super::object::{Object, none, object};
use crate::world::applications::AppRole;
use crate::world::table::Key;

impl View<'_> {
    pub(super) fn render_origin(self, item: Item) -> Option<Object> {
        match item {
            Item::Application(key) => self.application(key),
            Item::ServicePrincipal(key) => self.service_principal(key),
            Item::AppRoleAssignment(key) => self.app_role_assignment(key),
            Item::DirectoryRole(key) => self.directory_role(key),
            Item::DirectoryRoleAssignment { role, person, .. } => {
                self.role_assignment(role, person)
            }
            _ => None,
        }
    }

    fn application(self, key: Key) -> Option<Object> {
        let application = self.world.applications.get(key)?;
        Some(object! {
            "id": key,
            "deletedDateTime": Value::Null,
            "appId": application.app_id,
            "displayName": application.display_name,
            "description": application.description,
            "signInAudience": application.sign_in_audience,
            "identifierUris": application.identifier_uris,
            "appRoles": app_roles(&application.app_roles),
            "createdDateTime": application.created,
            "tags": none(),
        })
    }

    fn service_principal(self, key: Key) -> Option<Object> {
        let known = self.world.service_principals.get(key)?;
        Some(object! {
            "id": key,
            "deletedDateTime": Value::Null,
            "accountEnabled": known.is_enabled,
            "appDisplayName": known.display_name,
            "appId": known.app_id,
            "appRoleAssignmentRequired": known.requires_assignment,
            "appRoles": app_roles(&known.app_roles),
            "createdDateTime": known.created,
            "description": known.description,
            "displayName": known.display_name,
            "servicePrincipalType": known.kind,
            "signInAudience": known.sign_in_audience,
            "tags": none(),
        })
    }

    fn app_role_assignment(self, key: Key) -> Option<Object> {
        let world = self.world;
        let row = world.app_role_assignments.get(key)?;
        let person = world.users.get(row.principal);
        let group = || world.groups.get(row.principal);
        let (kind, name) = match person {
            Some(person) => ("User", Some(&person.display_name)),
            None => ("Group", group().map(|group| &group.display_name)),
        };
        let application = world.service_principals.get(row.application);
        Some(object! {
            "id": key,
            "deletedDateTime": Value::Null,
            "appRoleId": row.role,
            "createdDateTime": row.created,
            "principalDisplayName": name,
            "principalId": row.principal,
            "principalType": kind,
            "resourceDisplayName": application.map(|known| &known.display_name),
            "resourceId": row.application,
        })
    }

    fn directory_role(self, key: Key) -> Option<Object> {
        let role = self.world.directory_roles.get(key)?;
        Some(object! {
            "id": key,
            "templateId": key,
            "displayName": role.display_name,
            "description": role.description,
            "isBuiltIn": role.is_built_in,
            "isEnabled": true,
            "isPrivileged": role.is_privileged,
            "resourceScopes": json!(["/"]),
            "rolePermissions": none(),
        })
    }

    fn role_assignment(self, role: Key, person: Key) -> Option<Object> {
        self.world.directory_roles.get(role)?;
        Some(object! {
            "id": format!("{role}_{person}"),
            "principalId": person,
            "roleDefinitionId": role,
            "directoryScopeId": "/",
            "appScopeId": Value::Null,
        })
    }

    pub(super) fn follow_origin(self, item: Item, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let one = |item: Option<Item>| Some(Link::One(item));
        match item {
            Item::ServicePrincipal(key) if is("appRoleAssignedTo") => {
                let rows = world.links.app_roles_of_application.get(&key);
                let rows = rows.into_iter().flat_map(|rows| rows.iter().copied());
                Some(Link::Many(rows.map(Item::AppRoleAssignment).collect()))
            }
            Item::ServicePrincipal(key) if is("owners") => {
                let owners = world.service_principals.get(key)?.owners.iter().copied();
                let owners = owners.filter(|owner| world.is_person(*owner));
                Some(Link::Many(owners.map(Item::DirectoryUser).collect()))
            }
            Item::DirectoryRoleAssignment { role, .. } if is("roleDefinition") => {
                one(Some(Item::DirectoryRole(role)))
            }
            Item::DirectoryRoleAssignment { person, .. } if is("principal") => {
                one(Some(Item::DirectoryUser(person)))
            }
            _ => None,
        }
    }
}

fn app_roles(roles: &[AppRole]) -> Vec<Value> {
    let shown = roles.iter().map(|role| {
        json!({
            "id": role.id,
            "displayName": role.display_name,
            "description": role.description,
            "value": role.value,
            "isEnabled": role.is_enabled,
            "allowedMemberTypes": role.allowed_member_types,
            "origin": "Application",
        })
    });
    shown.collect()
}
