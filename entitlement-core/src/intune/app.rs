//! Apps that Intune hands out.
//!
//! A [`MobileApp`] is of some [`kind`](MobileApp::kind): an [MSI](super::msi), a [Win32 app](super::win32), or one that
//! this version knows no more of than what all apps have. It is made with a draft of its kind, gets its
//! [content](super::content), and is [published](MobileAppPatch::publish); only then can it be
//! [assigned](super::assignment).
//!
//! ```
//! use entitlement_core::intune::app::{MobileApp, MobileAppKind, MobileAppPublishingState};
//!
//! let app: MobileApp = serde_json::from_str(
//!     r##"{"@odata.type": "#microsoft.graph.windowsMobileMSI", "id": "a1", "displayName": "MIP client",
//!          "publishingState": "notPublished", "committedContentVersion": null, "commandLine": "/quiet"}"##,
//! )?;
//! assert_eq!(app.display_name.as_deref(), Some("MIP client"));
//! assert_ne!(app.publishing_state, Some(MobileAppPublishingState::Published));
//! assert!(app.lob().is_some_and(|lob| lob.committed_content_version.is_none()));
//! assert!(matches!(app.kind, MobileAppKind::WindowsMobileMsi(msi) if msi.command_line.is_some()));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use super::assignment::MobileAppAssignment;
use super::content::MobileAppContent;
use super::lob::{MimeContent, MobileLobApp};
use super::msi::{WindowsMobileMsi, WindowsMobileMsiDraft, WindowsMobileMsiPatch};
use super::win32::{Win32LobApp, Win32LobAppDraft, Win32LobAppPatch};
use crate::entity::{Creatable, Deletable, Entity, Id, Listable, Patch, Patchable};
use crate::time::Timestamp;
use crate::validate::Invalid;
use crate::wire::Expandable;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;

open_enum! {
    /// Whether devices can get an app (`mobileAppPublishingState`); the service works it out.
    MobileAppPublishingState = "mobileAppPublishingState" {
        /// It has no content yet.
        NotPublished = "notPublished",
        /// Its content is being looked at.
        Processing = "processing",
        /// They can.
        Published = "published",
    }
}

union! {
    /// What is special about an app of some kind.
    MobileAppKind = "mobileApp" {
        /// One MSI, installed by Windows itself.
        WindowsMobileMsi(WindowsMobileMsi) = "#microsoft.graph.windowsMobileMSI",
        /// A folder with a setup program, installed by Intune's own agent.
        Win32Lob(Box<Win32LobApp>) = "#microsoft.graph.win32LobApp",
    }
}

/// An app ([mobileApp](https://learn.microsoft.com/graph/api/resources/intune-apps-mobileapp)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileApp {
    /// The app's id.
    pub id: Id<MobileApp>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The picture beside its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub large_icon: Option<MimeContent>,
    /// Whether the Company Portal shows it in front.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_featured: Option<bool>,
    /// Where there is more about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub information_url: Option<String>,
    /// Where its maker says what it does with data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy_information_url: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub developer: Option<String>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Notes for administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Whether devices can get it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publishing_state: Option<MobileAppPublishingState>,
    /// When it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_modified_date_time: Option<Timestamp>,
    /// Who gets it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub assignments: Expandable<Vec<MobileAppAssignment>>,
    /// What is special about its kind.
    #[serde(flatten)]
    pub kind: MobileAppKind,
}

impl MobileApp {
    /// Its content, if it is an app of one's own of a kind that this version knows.
    pub fn lob(&self) -> Option<&MobileLobApp> {
        match &self.kind {
            MobileAppKind::WindowsMobileMsi(app) => Some(&app.lob),
            MobileAppKind::Win32Lob(app) => Some(&app.lob),
            MobileAppKind::Unknown(_) => None,
        }
    }

    /// The kind's name in the Graph schema: `windowsMobileMSI`. Behind `microsoft.graph.` it stands in the path to the
    /// app's content.
    pub fn kind_name(&self) -> &str {
        match &self.kind {
            MobileAppKind::WindowsMobileMsi(_) => WindowsMobileMsi::TYPE,
            MobileAppKind::Win32Lob(_) => Win32LobApp::TYPE,
            MobileAppKind::Unknown(app) => app.type_name().unwrap_or(MobileAppKind::TYPE),
        }
    }
}

impl Entity for MobileApp {
    const TYPE: &'static str = "mobileApp";
    const COLLECTION: &'static str = "deviceAppManagement/mobileApps";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for MobileApp {}

impl Creatable for MobileApp {
    type Draft = MobileAppDraft;
}

impl Patchable for MobileApp {
    type Patch = MobileAppPatch;
}

impl Deletable for MobileApp {}

/// An app to be made, of whatever kind; a draft of a kind turns into one with `into()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MobileAppDraft {
    /// One MSI.
    WindowsMobileMsi(Box<WindowsMobileMsiDraft>),
    /// A folder with a setup program.
    Win32Lob(Box<Win32LobAppDraft>),
}

impl From<WindowsMobileMsiDraft> for MobileAppDraft {
    fn from(draft: WindowsMobileMsiDraft) -> Self {
        Self::WindowsMobileMsi(Box::new(draft))
    }
}

impl From<Win32LobAppDraft> for MobileAppDraft {
    fn from(draft: Win32LobAppDraft) -> Self {
        Self::Win32Lob(Box::new(draft))
    }
}

/// What changes about an app; a patch of a kind turns into one with `into()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MobileAppPatch {
    /// Of an MSI.
    WindowsMobileMsi(Box<WindowsMobileMsiPatch>),
    /// Of a Win32 app.
    Win32Lob(Box<Win32LobAppPatch>),
    /// Which version of the content devices get, and nothing else.
    Publish(PublishContent),
}

impl MobileAppPatch {
    /// From now on devices get this version of the app's content.
    ///
    /// The first time it publishes the app, which takes a while; the service would drop whatever else was sent along.
    ///
    /// ```
    /// # use entitlement_core::intune::app::{MobileApp, MobileAppPatch};
    /// # let json = r##"{"@odata.type": "#microsoft.graph.windowsMobileMSI", "id": "a1"}"##;
    /// let app: MobileApp = serde_json::from_str(json)?;
    /// assert_eq!(
    ///     serde_json::to_string(&MobileAppPatch::publish(&app, &"1".parse()?))?,
    ///     r##"{"@odata.type":"#microsoft.graph.windowsMobileMSI","committedContentVersion":"1"}"##
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn publish(app: &MobileApp, version: &Id<MobileAppContent>) -> Self {
        Self::Publish(PublishContent {
            kind: format!("#microsoft.graph.{}", app.kind_name()),
            committed_content_version: version.clone(),
        })
    }
}

impl From<WindowsMobileMsiPatch> for MobileAppPatch {
    fn from(patch: WindowsMobileMsiPatch) -> Self {
        Self::WindowsMobileMsi(Box::new(patch))
    }
}

impl From<Win32LobAppPatch> for MobileAppPatch {
    fn from(patch: Win32LobAppPatch) -> Self {
        Self::Win32Lob(Box::new(patch))
    }
}

impl Patch for MobileAppPatch {
    fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::WindowsMobileMsi(patch) => patch.validate(),
            Self::Win32Lob(patch) => patch.validate(),
            Self::Publish(_) => Ok(()),
        }
    }
}

/// Which version of its content devices get of an app; see [`MobileAppPatch::publish`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishContent {
    #[serde(rename = "@odata.type")]
    kind: String,
    committed_content_version: Id<MobileAppContent>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::wire::{self, Field, TYPE_TAG};

    fn base(kind: &str) -> Value {
        json!({
            TYPE_TAG: format!("#microsoft.graph.{kind}"), "id": "a1", "displayName": "Display Name value",
            "largeIcon": {"type": "Type value", "value": "dmFsdWU="}, "isFeatured": true,
            "createdDateTime": "2017-01-01T08:02:43.5775965Z", "publishingState": "processing",
            "committedContentVersion": "1", "fileName": "File Name value", "size": 4,
        })
    }

    fn and(mut app: Value, more: Value) -> Value {
        let (Value::Object(app_members), Value::Object(more)) = (&mut app, more) else {
            panic!("objects");
        };
        app_members.extend(more);
        app
    }

    #[test]
    fn documented_apps_of_both_kinds_come_back_equal() {
        let msi = and(
            base("windowsMobileMSI"),
            json!({"commandLine": "c", "productCode": "p", "productVersion": "v", "ignoreVersionDetection": true}),
        );
        let win32 = and(
            base("win32LobApp"),
            json!({
                "installCommandLine": "i", "uninstallCommandLine": "u", "applicableArchitectures": "x86",
                "minimumFreeDiskSpaceInMB": 8, "minimumMemoryInMB": 1, "minimumNumberOfProcessors": 9,
                "minimumCpuSpeedInMHz": 4, "setupFilePath": "s", "minimumSupportedWindowsRelease": "m",
                "rules": [
                    {"@odata.type": "#microsoft.graph.win32LobAppRegistryRule", "ruleType": "requirement",
                     "check32BitOn64System": true, "keyPath": "k", "valueName": "v", "operationType": "exists",
                     "operator": "equal", "comparisonValue": "c"},
                    {"@odata.type": "#microsoft.graph.win32LobAppCrystalBallRule", "colour": "green"},
                ],
                "installExperience": {"runAsAccount": "user", "deviceRestartBehavior": "allow"},
                "returnCodes": [{"returnCode": 10, "type": "success"}],
                "msiInformation": {"productCode": "p", "requiresReboot": true, "packageType": "perUser"},
            }),
        );
        for documented in [msi, win32] {
            let app: MobileApp = wire::decode_value(documented.clone()).unwrap();
            assert!(app.lob().is_some());
            assert_eq!(serde_json::to_value(&app).unwrap(), documented);
        }
    }

    #[test]
    fn a_kind_of_the_future_has_what_all_apps_have_and_keeps_the_rest() {
        let robot = and(base("robotApp"), json!({"limbs": 4}));
        let app: MobileApp = wire::decode_value(robot.clone()).unwrap();
        assert_eq!(app.kind_name(), "robotApp");
        assert_eq!(
            app.publishing_state,
            Some(MobileAppPublishingState::Processing)
        );
        assert_eq!(serde_json::to_value(&app).unwrap(), robot);
    }

    #[test]
    fn a_known_kind_does_not_hide_its_error() {
        let broken = and(
            base("win32LobApp"),
            json!({"rules": [{"@odata.type": "#microsoft.graph.win32LobAppRegistryRule", "ruleType": 1}]}),
        );
        let error = wire::decode_value::<MobileApp>(broken).unwrap_err();
        assert!(error.problem().contains("rules[0]: ruleType"), "{error}");
        let broken = and(base("windowsMobileMSI"), json!({"size": "huge"}));
        let error = wire::decode_value::<MobileApp>(broken).unwrap_err();
        assert!(error.problem().contains("size: "), "{error}");
        let broken = and(base("windowsMobileMSI"), json!({"largeIcon": {"value": 1}}));
        let error = wire::decode_value::<MobileApp>(broken).unwrap_err();
        assert_eq!(error.path(), "largeIcon.value");
    }

    #[test]
    fn patches_name_their_kind() {
        let mut patch = Win32LobAppPatch::default();
        patch.details.notes = Field::Clear;
        patch.minimum_memory_in_mb = Field::Set(1);
        assert_eq!(
            serde_json::to_value(MobileAppPatch::from(patch)).unwrap(),
            json!({TYPE_TAG: "#microsoft.graph.win32LobApp", "notes": null, "minimumMemoryInMB": 1})
        );
    }
}
