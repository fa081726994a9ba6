//! SharePoint sites and the environments they live in.

use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::roster::Roster;
use super::table::Key;

/// A site, or a part of one with permissions of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Site {
    pub(crate) url: String,
    pub(crate) display_name: String,
    pub(crate) environment: Key,
    /// The site that this is a part of.
    pub(crate) parent: Option<Key>,
    pub(crate) roles: Vec<SiteRole>,
    /// Who manages its permissions.
    pub(crate) owners: Vec<Key>,
    pub(crate) created: Timestamp,
}

/// A permission level of a site, and who has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SiteRole {
    pub(crate) number: u32,
    pub(crate) display_name: String,
    pub(crate) holders: Roster,
}

impl Site {
    pub(crate) fn role(&self, number: u32) -> Option<&SiteRole> {
        self.roles.iter().find(|role| role.number == number)
    }

    pub(crate) fn role_mut(&mut self, number: u32) -> Option<&mut SiteRole> {
        self.roles.iter_mut().find(|role| role.number == number)
    }
}

/// A region of SharePoint Online (OBJ-37).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Environment {
    /// The URL of its root site.
    pub(crate) url: String,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) is_default: bool,
    pub(crate) created: Timestamp,
}

impl Environment {
    /// The id of the environment that every tenant has.
    pub(crate) const DEFAULT: Key = Key::from_u128(0x5a3e_0c1d_7f0b_4c1e_9a57_0d8e_53f2_0001);

    /// Whether a site of this URL lives here.
    pub(crate) fn is_home_of(&self, url: &str) -> bool {
        let rest = url.to_ascii_lowercase();
        let rest = rest.strip_prefix(&self.url.to_ascii_lowercase());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
