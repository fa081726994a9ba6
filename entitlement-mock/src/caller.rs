//! On whose behalf a call is made, and what their token is good for.

use std::collections::BTreeSet;

use crate::world::World;
use crate::world::table::Key;

/// An identity of the tenant (D9): both work on the same state and see what they may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// An application with the permissions for what it does.
    App,
    /// An application without them, by its service principal: its roles in catalogs are what counts (ROLE-7).
    RoleHolder(Key),
    /// A person.
    User(Key),
}

impl Caller {
    pub(crate) fn user(self) -> Option<Key> {
        match self {
            Self::App | Self::RoleHolder(_) => None,
            Self::User(key) => Some(key),
        }
    }

    /// Whoever has to hold a role, or own something; applications with permissions need neither.
    pub(crate) fn principal(self) -> Option<Key> {
        match self {
            Self::App => None,
            Self::RoleHolder(key) | Self::User(key) => Some(key),
        }
    }

    /// Whether the caller may do everything in entitlement management (ROLE-1).
    pub(crate) fn is_administrator(self, world: &World) -> bool {
        match self {
            Self::App => true,
            Self::RoleHolder(_) => world.settings.is_permissive,
            Self::User(key) => world.settings.is_permissive || world.administers(key),
        }
    }
}

/// Who calls, and with which permissions.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) caller: Caller,
    /// The service principal of an application that is a particular one.
    pub(crate) application: Option<Key>,
    /// `app`, the name of an application, or a person's sign-in name.
    pub(crate) name: String,
    /// The permissions that were consented to; all of them unless said.
    pub(crate) permissions: Option<BTreeSet<String>>,
}

impl Token {
    /// Reads `app`, the id of a service principal, or a person's id or sign-in name, and after a colon the permissions with commas between them.
    pub(crate) fn read(world: &World, text: &str) -> Option<Self> {
        let (who, permissions) = match text.split_once(':') {
            Some((who, list)) => (who, Some(list)),
            None => (text, None),
        };
        let permissions = permissions.map(|list| {
            let names = list.split(',').map(str::trim);
            let names = names.filter(|name| !name.is_empty());
            names.map(ToOwned::to_owned).collect()
        });
        let application = Key::try_parse(who).ok();
        let application = application.filter(|key| world.service_principals.contains(*key));
        let known = application.and_then(|key| world.service_principals.get(key));
        let (caller, name) = match known {
            Some(known) if known.is_enabled => (Caller::App, known.display_name.clone()),
            Some(_) => return None,
            None if who == "app" => (Caller::App, "app".to_owned()),
            None => {
                let key = world.find_user(who)?;
                let user = world.users.get(key)?;
                (Caller::User(key), user.principal_name.clone())
            }
        };
        Some(Self {
            caller,
            application,
            name,
            permissions,
        })
    }

    /// Whether any of some permissions was consented to.
    pub(crate) fn has_one_of(&self, permissions: &[&str]) -> bool {
        self.permissions.as_ref().is_none_or(|own| {
            let mut wanted = permissions.iter();
            wanted.any(|wanted| own.contains(*wanted))
        })
    }
}
