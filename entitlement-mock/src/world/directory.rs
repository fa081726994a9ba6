//! People and groups of the directory.

use std::collections::BTreeMap;

use entitlement_core::directory::UserType;
use entitlement_core::time::Timestamp;
use indexmap::IndexSet;
use serde::{Deserialize, Serialize};

use super::outside::Outsider;
use super::roster::Roster;
use super::table::Key;

/// A person's account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    /// Entitlement management's own record of the person has its own id (ORG-7).
    pub(crate) subject: Key,
    pub(crate) principal_name: String,
    pub(crate) display_name: String,
    pub(crate) mail: Option<String>,
    pub(crate) job_title: Option<String>,
    pub(crate) department: Option<String>,
    pub(crate) kind: UserType,
    pub(crate) is_enabled: bool,
    pub(crate) manager: Option<Key>,
    /// When the person last signed in; nothing if nobody knows.
    #[serde(default)]
    pub(crate) last_sign_in: Option<Timestamp>,
    pub(crate) created: Timestamp,
    /// Attributes that have no field of their own, as the resources that require them wrote them (OBJ-31).
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
    /// When the account was deleted; it can be restored for a while (DEL-8).
    #[serde(default)]
    pub(crate) deleted: Option<Timestamp>,
    /// The time to restore the account is over.
    #[serde(default)]
    pub(crate) is_purged: bool,
    /// What is known of somebody who comes from elsewhere.
    #[serde(default)]
    pub(crate) outside: Option<Outsider>,
    /// Further mail addresses.
    #[serde(default)]
    pub(crate) other_mails: Vec<String>,
    /// Who vouches for the person.
    #[serde(default)]
    pub(crate) sponsors: IndexSet<Key>,
}

impl User {
    /// A member of whom nothing else is known.
    pub(crate) fn new(
        subject: Key,
        principal_name: String,
        display_name: String,
        created: Timestamp,
    ) -> Self {
        Self {
            subject,
            mail: Some(principal_name.clone()),
            principal_name,
            display_name,
            job_title: None,
            department: None,
            kind: UserType::Member,
            is_enabled: true,
            manager: None,
            last_sign_in: None,
            created,
            attributes: BTreeMap::new(),
            deleted: None,
            is_purged: false,
            outside: None,
            other_mails: Vec::new(),
            sponsors: IndexSet::new(),
        }
    }

    /// Whether the person is to get an account, and has none yet (REQ-5).
    pub(crate) fn is_expected(&self) -> bool {
        let outside = self.outside.as_ref();
        outside.is_some_and(|outside| outside.is_expected)
    }

    /// The value of an attribute by Graph's name for it; blank is none.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let value = match name {
            "jobTitle" => self.job_title.as_deref(),
            "department" => self.department.as_deref(),
            _ => self.attributes.get(name).map(String::as_str),
        };
        value.filter(|value| !value.trim().is_empty())
    }

    pub(crate) fn set_attribute(&mut self, name: &str, value: Option<String>) {
        match (name, value) {
            ("jobTitle", value) => self.job_title = value,
            ("department", value) => self.department = value,
            (_, Some(value)) => {
                self.attributes.insert(name.to_owned(), value);
            }
            (_, None) => {
                self.attributes.remove(name);
            }
        }
    }
}

/// A group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Group {
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) mail_nickname: String,
    pub(crate) mail_enabled: bool,
    pub(crate) security_enabled: bool,
    pub(crate) types: Vec<String>,
    /// Fixed when the group is made.
    pub(crate) is_assignable_to_role: Option<bool>,
    pub(crate) created: Timestamp,
    pub(crate) members: Roster,
    pub(crate) owners: Roster,
    /// Who may become something in it by activating it; nobody can unless privileged identity management looks after it.
    #[serde(default)]
    pub(crate) eligible: Option<Eligible>,
    /// The rule of a group with dynamic membership; it is shown, not evaluated.
    #[serde(default)]
    pub(crate) membership_rule: Option<String>,
    #[serde(default)]
    pub(crate) visibility: Option<String>,
    /// What was made for it: `Team`.
    #[serde(default)]
    pub(crate) provisioned: Vec<String>,
    /// Comes from an on-premises directory, and cannot be written here (OBJ-28).
    #[serde(default)]
    pub(crate) is_synchronized: bool,
}

/// Who may become a member or owner of a group by activating it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Eligible {
    pub(crate) members: Roster,
    pub(crate) owners: Roster,
}

impl Group {
    /// Whether a rule says who is in it, so that nobody can be put in (OBJ-29).
    pub(crate) fn is_dynamic(&self) -> bool {
        self.types.iter().any(|kind| kind == "DynamicMembership")
    }

    pub(crate) fn is_microsoft_365(&self) -> bool {
        self.types.iter().any(|kind| kind == "Unified")
    }

    /// Whether packages can grant it: a security or Microsoft 365 group of the cloud (OBJ-28).
    pub(crate) fn can_be_granted(&self) -> bool {
        !self.is_synchronized && (self.security_enabled || self.is_microsoft_365())
    }
}
