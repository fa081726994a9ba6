//! What can be done with an app.

use entitlement_core::entity::Id;
use entitlement_core::intune::app::{MobileApp, MobileAppKind, MobileAppPatch};
use entitlement_core::intune::assignment::{MobileAppAssignment, MobileAppAssignments};
use entitlement_core::intune::assignment_change::AssignmentChange;
use entitlement_core::intune::content::{
    MobileAppContent, MobileAppContentFile, MobileAppContentFileCommit,
};
use entitlement_core::intune::msi::WindowsMobileMsi;
use entitlement_core::intune::report::{AppInstallStatus, Report, ReportRequest};
use entitlement_core::intune::win32::Win32LobApp;
use entitlement_core::odata::Query;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::error::Error;
use crate::place::Place;
use crate::request::{Call, ResourcePath};
use crate::transport::Replay;

/// More rows than any report has: whoever gets here is being led in circles.
const MOST_ROWS: u64 = 1_000_000;

/// One app. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct AppHandle {
    place: Place,
    id: Id<MobileApp>,
}

/// The kinds of app that have content of one's own. The path to the content names the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentKind {
    /// One MSI.
    WindowsMobileMsi,
    /// A folder with a setup program.
    Win32Lob,
}

impl ContentKind {
    /// The kind of an app; `None` if this version does not know how it gets its content.
    pub fn of(app: &MobileApp) -> Option<Self> {
        match app.kind {
            MobileAppKind::WindowsMobileMsi(_) => Some(Self::WindowsMobileMsi),
            MobileAppKind::Win32Lob(_) => Some(Self::Win32Lob),
            _ => None,
        }
    }

    fn type_name(self) -> &'static str {
        match self {
            Self::WindowsMobileMsi => WindowsMobileMsi::TYPE,
            Self::Win32Lob => Win32LobApp::TYPE,
        }
    }
}

impl AppHandle {
    pub(super) fn new(place: Place, id: Id<MobileApp>) -> Self {
        Self { place, id }
    }

    pub(crate) fn client(&self) -> &GraphClient {
        self.place.client()
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get(&self) -> Result<MobileApp, Error> {
        self.place.get(Query::new()).await
    }

    /// Whom it is for
    /// ([list mobileAppAssignments](https://learn.microsoft.com/graph/api/intune-apps-mobileappassignment-list)).
    /// Single rows can be made and removed here.
    pub fn assignments(&self) -> Collection<MobileAppAssignment> {
        self.place.collection("assignments")
    }

    /// Says for whom it is, and that it is for nobody else
    /// ([assign](https://learn.microsoft.com/graph/api/intune-apps-mobileapp-assign)).
    ///
    /// What others assigned and is not in the list ends: see [`change_assignments`](Self::change_assignments).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 until the app is published.
    pub async fn assign(&self, all: &MobileAppAssignments) -> Result<(), Error> {
        self.place.act_with("assign", all).await
    }

    /// Adds rows to its assignments and takes rows away, and keeps all others as they are; says whether anything had to
    /// be changed.
    ///
    /// The service takes the whole list and does not notice who else changes it. Calls of one client take turns; so
    /// should programs.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if somebody included a wanted group under another intent (INT-10); otherwise as
    /// [`assign`](Self::assign).
    pub async fn change_assignments(&self, change: &AssignmentChange) -> Result<bool, Error> {
        let client = self.client();
        let turn = format!("assignments of app {}", self.id);
        let _ours = client.turns().take(&turn).await;
        let before = self.assignments().list().try_collect().await?;
        let Some(all) = change.apply(before)? else {
            return Ok(false);
        };
        self.assign(&all).await?;
        Ok(true)
    }

    /// What became of it on each device and for each person
    /// ([report](https://learn.microsoft.com/graph/api/intune-reporting-devicemanagementreports-retrievedeviceappinstallationstatusreport)).
    ///
    /// A row appears once the device has reported, which takes hours.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`].
    pub async fn install_statuses(&self) -> Result<Vec<AppInstallStatus>, Error> {
        let path = "deviceManagement/reports/retrieveDeviceAppInstallationStatusReport";
        let mut found: Vec<AppInstallStatus> = Vec::new();
        loop {
            let seen = u64::try_from(found.len()).unwrap_or(MOST_ROWS);
            let body = ReportRequest::app_install_status(&self.id, seen);
            let call = Call::post(ResourcePath::new(path)).json(&body)?;
            let report: Report = self.client().fetch(call.replay(Replay::Safe)).await?;
            let rows = report.rows().len();
            found.extend(report.rows().map(AppInstallStatus::from));
            let seen = u64::try_from(found.len()).unwrap_or(MOST_ROWS);
            if rows == 0 || seen >= report.total_row_count.min(MOST_ROWS) {
                return Ok(found);
            }
        }
    }

    /// Its content, which is of this kind.
    pub fn contents(&self, kind: ContentKind) -> ContentHandle {
        ContentHandle(self.place.cast(kind.type_name()))
    }

    /// From now on devices get this version of the content; `app` says of which kind it is.
    ///
    /// The first time it publishes the app, which takes a while.
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 unless all files of the version are committed.
    pub async fn publish(
        &self,
        app: &MobileApp,
        version: &Id<MobileAppContent>,
    ) -> Result<(), Error> {
        let patch = MobileAppPatch::publish(app, version);
        self.client().intune().apps().update(&self.id, &patch).await
    }
}

/// An app's content. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct ContentHandle(Place);

impl ContentHandle {
    /// Its versions
    /// ([create mobileAppContent](https://learn.microsoft.com/graph/api/intune-apps-mobileappcontent-create)).
    pub fn versions(&self) -> Collection<MobileAppContent> {
        self.0.collection("contentVersions")
    }

    /// One version, for its files.
    pub fn version(&self, id: &Id<MobileAppContent>) -> ContentVersionHandle {
        ContentVersionHandle(self.0.item("contentVersions", id))
    }
}

/// One version of an app's content. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct ContentVersionHandle(Place);

impl ContentVersionHandle {
    /// Its files
    /// ([create mobileAppContentFile](https://learn.microsoft.com/graph/api/intune-apps-mobileappcontentfile-create)).
    pub fn files(&self) -> Collection<MobileAppContentFile> {
        self.0.collection("files")
    }

    /// One file, for its way to Intune.
    pub fn file(&self, id: &Id<MobileAppContentFile>) -> FileHandle {
        FileHandle(self.0.item("files", id))
    }
}

/// One file of an app. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct FileHandle(Place);

impl FileHandle {
    /// Reads it: how far it is, and where it is to be sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get(&self) -> Result<MobileAppContentFile, Error> {
        self.0.get(Query::new()).await
    }

    /// Says that it was sent, and how it was encrypted
    /// ([commit](https://learn.microsoft.com/graph/api/intune-apps-mobileappcontentfile-commit)).
    ///
    /// The service looks at it afterwards: read it until it is committed, or refused.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`].
    pub async fn commit(&self, commit: &MobileAppContentFileCommit) -> Result<(), Error> {
        self.0.act_with("commit", commit).await
    }

    /// Asks for another storage address, as the one there is runs out
    /// ([renewUpload](https://learn.microsoft.com/graph/api/intune-apps-mobileappcontentfile-renewupload)).
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`].
    pub async fn renew_upload(&self) -> Result<(), Error> {
        self.0.act("renewUpload", Replay::Safe).await
    }
}
