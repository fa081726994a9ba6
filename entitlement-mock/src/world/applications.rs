//! Applications, as they are registered and as the tenant knows them.

use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::Key;

/// The registration of an application in its home tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Application {
    pub(crate) app_id: Key,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) sign_in_audience: String,
    pub(crate) identifier_uris: Vec<String>,
    pub(crate) app_roles: Vec<AppRole>,
    pub(crate) created: Timestamp,
}

/// An application in this tenant: whom its roles are given to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServicePrincipal {
    pub(crate) app_id: Key,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) kind: String,
    pub(crate) is_enabled: bool,
    /// Whether only those with a role may sign in.
    pub(crate) requires_assignment: bool,
    pub(crate) sign_in_audience: String,
    pub(crate) app_roles: Vec<AppRole>,
    pub(crate) owners: Vec<Key>,
    pub(crate) created: Timestamp,
}

/// A role that an application defines, in the shape of Graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AppRole {
    pub(crate) id: Key,
    pub(crate) display_name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) value: Option<String>,
    #[serde(default = "yes")]
    pub(crate) is_enabled: bool,
    #[serde(default = "people")]
    pub(crate) allowed_member_types: Vec<String>,
    /// Always `Application`; the service writes it.
    #[serde(default, skip_serializing)]
    pub(crate) origin: Option<String>,
}

fn yes() -> bool {
    true
}

fn people() -> Vec<String> {
    vec!["User".to_owned()]
}

impl AppRole {
    /// Whether people can hold it, as opposed to applications only.
    pub(crate) fn is_for_people(&self) -> bool {
        self.is_enabled && self.allowed_member_types.iter().any(|kind| kind == "User")
    }
}

/// Somebody has a role of an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppRoleAssignment {
    pub(crate) principal: Key,
    /// The service principal.
    pub(crate) application: Key,
    /// All zeros is the access that an application without roles gives.
    pub(crate) role: Key,
    pub(crate) created: Timestamp,
}

impl ServicePrincipal {
    /// The roles that people can be given: those of the application, or the one that is there when it has none.
    pub(crate) fn roles_for_people(&self) -> Vec<(Key, String, Option<String>)> {
        let roles: Vec<_> = self
            .app_roles
            .iter()
            .filter(|role| role.is_for_people())
            .map(|role| (role.id, role.display_name.clone(), role.description.clone()))
            .collect();
        if roles.is_empty() {
            vec![(Key::nil(), "Default Access".to_owned(), None)]
        } else {
            roles
        }
    }
}
