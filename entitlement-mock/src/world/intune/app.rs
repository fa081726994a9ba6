//! Apps that Intune hands out, and for whom they are.

use entitlement_core::intune::app::MobileAppPublishingState;
use entitlement_core::intune::assignment::InstallIntent;
use entitlement_core::intune::target::AssignmentTarget;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::world::table::Key;

/// An app.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct App {
    pub(crate) kind: AppKind,
    pub(crate) display_name: String,
    /// What else is said about it, under Graph's names.
    pub(crate) properties: Map<String, Value>,
    pub(crate) state: MobileAppPublishingState,
    /// The version of the content that devices get.
    pub(crate) committed: Option<String>,
    pub(crate) size: i64,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// The versions of its content; they count from 1.
    pub(crate) versions: Vec<Version>,
    /// The number of the last version there ever was.
    pub(crate) last_version: u32,
    pub(crate) assignments: Vec<AppAssignment>,
}

/// What an app is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AppKind {
    WindowsMobileMsi,
    Win32Lob,
}

/// A version of an app's content.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) files: Vec<Key>,
}

/// For whom an app is, and what is to become of it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppAssignment {
    pub(crate) intent: InstallIntent,
    pub(crate) target: AssignmentTarget,
    pub(crate) settings: Option<Value>,
}

impl AppKind {
    pub(crate) const ALL: [Self; 2] = [Self::WindowsMobileMsi, Self::Win32Lob];

    /// The type's name in the Graph schema.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::WindowsMobileMsi => "windowsMobileMSI",
            Self::Win32Lob => "win32LobApp",
        }
    }

    /// The kind that a type of the Graph schema names, with or without its namespace.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.strip_prefix('#').unwrap_or(name);
        let name = name.strip_prefix("microsoft.graph.").unwrap_or(name);
        let mut kinds = Self::ALL.into_iter();
        kinds.find(|kind| kind.type_name().eq_ignore_ascii_case(name))
    }
}

impl App {
    pub(crate) fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.id == id)
    }

    pub(crate) fn is_published(&self) -> bool {
        self.state == MobileAppPublishingState::Published
    }

    /// The code by which Windows knows what the app installs, if it is an MSI.
    pub(crate) fn product_code(&self) -> Option<&str> {
        self.of_msi("productCode").or_else(|| {
            let rules = self.properties.get("rules")?.as_array()?;
            rules.iter().find_map(|rule| rule["productCode"].as_str())
        })
    }

    pub(crate) fn product_version(&self) -> Option<&str> {
        self.of_msi("productVersion")
    }

    fn of_msi(&self, name: &str) -> Option<&str> {
        let place = match self.kind {
            AppKind::WindowsMobileMsi => self.properties.get(name),
            AppKind::Win32Lob => self.properties.get("msiInformation")?.get(name),
        };
        place?.as_str()
    }
}

impl AppAssignment {
    /// The id as it has been seen: the group, or what stands for everybody, the intent, and whether it excludes.
    pub(crate) fn id(&self) -> String {
        let (who, excludes) = match &self.target {
            AssignmentTarget::AllLicensedUsers(_) => {
                ("acacacac-9df4-4c7d-9d50-4ef0226f57a9".to_owned(), 0)
            }
            AssignmentTarget::AllDevices(_) => {
                ("adadadad-808e-44e2-905a-0b7873a8a531".to_owned(), 0)
            }
            target => {
                let excludes = matches!(target, AssignmentTarget::ExclusionGroup(_));
                let group = target.group_id().map(ToString::to_string);
                (group.unwrap_or_default(), u8::from(excludes))
            }
        };
        let intent = match self.intent {
            InstallIntent::Available => 0,
            InstallIntent::Required => 1,
            InstallIntent::Uninstall => 2,
            _ => 3,
        };
        format!("{who}_{intent}_{excludes}")
    }
}
