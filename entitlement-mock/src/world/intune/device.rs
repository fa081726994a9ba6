//! Devices under Intune's management: what is on them, and who signed in there.

use std::collections::{BTreeMap, BTreeSet};

use entitlement_core::intune::device::ComplianceStatus;
use entitlement_core::intune::report::AppInstallState;
use entitlement_core::time::{IsoDuration, Timestamp};
use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};

use crate::world::table::Key;

/// A Windows device.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Device {
    pub(crate) name: String,
    /// Whose device it is: who enrolled it.
    pub(crate) user: Option<Key>,
    /// The device's own object in the directory.
    pub(crate) object: Key,
    pub(crate) os_version: String,
    pub(crate) join: Join,
    pub(crate) enrolled: Timestamp,
    pub(crate) last_sync: Option<Timestamp>,
    /// How long it waits before it looks for news again.
    pub(crate) interval: IsoDuration,
    /// When it looks for news next.
    pub(crate) next_check_in: Option<Timestamp>,
    /// Switched off, it does not look for news.
    pub(crate) is_off: bool,
    /// The groups that have the device as a member.
    pub(crate) groups: BTreeSet<Key>,
    pub(crate) installed: Vec<Installed>,
    /// The apps whose installation fails there.
    pub(crate) failing: BTreeSet<Key>,
    /// What the device reported of apps.
    pub(crate) app_reports: IndexMap<Key, AppReport>,
    /// Who is in its local groups, by SIDs.
    pub(crate) local_groups: BTreeMap<String, IndexSet<String>>,
    /// What the device reported of configurations.
    pub(crate) configuration_reports: IndexMap<Key, ConfigurationReport>,
    /// The tokens of those who signed in, by person.
    pub(crate) tokens: BTreeMap<Key, Token>,
}

/// How a device belongs to the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Join {
    /// It is joined to Entra.
    Joined,
    /// It is joined to a domain of its own, too.
    HybridJoined,
    /// It is somebody's own device.
    Registered,
}

/// Something that is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Installed {
    /// The app in Intune that it came from; nothing if it came some other way.
    pub(crate) app: Option<Key>,
    pub(crate) product_code: Option<String>,
    pub(crate) version: Option<String>,
    /// Whether it was installed because it was required, and not because somebody wanted it.
    pub(crate) was_required: bool,
}

/// What a device reported of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppReport {
    pub(crate) state: AppInstallState,
    pub(crate) error: Option<u32>,
    pub(crate) version: Option<String>,
    pub(crate) at: Timestamp,
}

/// What a device reported of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigurationReport {
    pub(crate) status: ComplianceStatus,
    /// What is wrong.
    pub(crate) problem: Option<String>,
    pub(crate) at: Timestamp,
}

/// What a device knows of a person since they signed in with a new token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    pub(crate) taken: Timestamp,
    /// The groups and directory roles that the person had then.
    pub(crate) principals: BTreeSet<Key>,
}

impl Device {
    /// The first build of Windows 10 20H2, which knows the policy about local groups.
    const KNOWS_LOCAL_GROUPS: u32 = 19042;

    /// Whether the device can carry out the policy about local groups.
    pub(crate) fn knows_local_groups(&self) -> bool {
        let mut numbers = self.os_version.split('.').map(str::parse::<u32>);
        let [Some(Ok(major)), _, Some(Ok(build))] =
            [numbers.next(), numbers.next(), numbers.next()]
        else {
            return false;
        };
        major > 10 || major == 10 && build >= Self::KNOWS_LOCAL_GROUPS
    }
}
