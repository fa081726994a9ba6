//! The installer of an app, on its way to Intune.
//!
//! An app has versions of its content ([`MobileAppContent`]), a version has files ([`MobileAppContentFile`]). A file is
//! announced with a [`MobileAppContentFileDraft`], encrypted and sent to the storage address that the service then
//! names, and committed with a [`FileEncryptionInfo`]. The service works on each of these steps for a while: see
//! [`UploadStage::outcome`].
//!
//! ```
//! use entitlement_core::intune::binary::Binary;
//! use entitlement_core::intune::content::{
//!     MobileAppContentFileDraft, UploadOutcome, UploadStage, UploadState, encrypted_size,
//! };
//!
//! let file = MobileAppContentFileDraft::msi("MIP.msi", 12_345, Binary::encode("<MobileMsiData …/>"))?;
//! assert_eq!(serde_json::to_value(&file)?["sizeEncrypted"], 12_400);
//! assert_eq!(encrypted_size(16), 80);
//!
//! let committing = UploadStage::Commit;
//! assert_eq!(committing.outcome(&UploadState::CommitFilePending), UploadOutcome::Waiting);
//! assert_eq!(committing.outcome(&UploadState::CommitFileFailed), UploadOutcome::Failed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use super::binary::Binary;
use crate::entity::{Creatable, Deletable, Entity, Id, Listable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::open_enum::open_enum;
use crate::wire::{Expandable, RawObject};

open_enum! {
    /// How far a file is (`mobileAppContentFileUploadState`).
    UploadState = "mobileAppContentFileUploadState" {
        /// Done.
        Success = "success",
        /// Something went wrong that may pass.
        TransientError = "transientError",
        /// Something went wrong.
        Error = "error",
        /// Nobody knows.
        UnknownState = "unknown",
        /// The storage address is there.
        AzureStorageUriRequestSuccess = "azureStorageUriRequestSuccess",
        /// The storage address is being made.
        AzureStorageUriRequestPending = "azureStorageUriRequestPending",
        /// There will be no storage address.
        AzureStorageUriRequestFailed = "azureStorageUriRequestFailed",
        /// There was no storage address in time.
        AzureStorageUriRequestTimedOut = "azureStorageUriRequestTimedOut",
        /// The new storage address is there.
        AzureStorageUriRenewalSuccess = "azureStorageUriRenewalSuccess",
        /// The new storage address is being made.
        AzureStorageUriRenewalPending = "azureStorageUriRenewalPending",
        /// There will be no new storage address.
        AzureStorageUriRenewalFailed = "azureStorageUriRenewalFailed",
        /// There was no new storage address in time.
        AzureStorageUriRenewalTimedOut = "azureStorageUriRenewalTimedOut",
        /// The file was taken.
        CommitFileSuccess = "commitFileSuccess",
        /// The file is being looked at.
        CommitFilePending = "commitFilePending",
        /// The file was refused: it is not what the encryption data say.
        CommitFileFailed = "commitFileFailed",
        /// The file was not looked at in time.
        CommitFileTimedOut = "commitFileTimedOut",
    }
}

/// What one waits for while a file is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadStage {
    /// A storage address for the new file.
    UriRequest,
    /// A new storage address, as the old one runs out.
    UriRenewal,
    /// That the service takes the file.
    Commit,
}

/// Whether what one waits for is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "it is there, not yet there, or will never be"
)]
pub enum UploadOutcome {
    /// It is there.
    Done,
    /// Ask again in some seconds.
    Waiting,
    /// It will not come.
    Failed,
}

impl UploadStage {
    /// What a state means for whoever waits in this stage.
    ///
    /// The state may lag behind: the success of the stage before is no failure of this one.
    pub fn outcome(self, state: &UploadState) -> UploadOutcome {
        use UploadState as S;
        let (done, pending) = match self {
            Self::UriRequest => (
                S::AzureStorageUriRequestSuccess,
                S::AzureStorageUriRequestPending,
            ),
            Self::UriRenewal => (
                S::AzureStorageUriRenewalSuccess,
                S::AzureStorageUriRenewalPending,
            ),
            Self::Commit => (S::CommitFileSuccess, S::CommitFilePending),
        };
        let address = matches!(
            state,
            S::AzureStorageUriRequestSuccess | S::AzureStorageUriRenewalSuccess
        );
        if *state == done {
            UploadOutcome::Done
        } else if *state == pending || address && self != Self::UriRequest {
            UploadOutcome::Waiting
        } else {
            UploadOutcome::Failed
        }
    }
}

/// A version of an app's content
/// ([mobileAppContent](https://learn.microsoft.com/graph/api/resources/intune-apps-mobileappcontent)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAppContent {
    /// The version: `1` until it is committed, then 2, 3 and so on.
    pub id: Id<MobileAppContent>,
    /// Its files.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub files: Expandable<Vec<MobileAppContentFile>>,
    /// The apps in a package of several.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub contained_apps: Expandable<Vec<MobileContainedApp>>,
}

/// Versions belong to one app: their path has its id and kind in the middle.
impl Entity for MobileAppContent {
    const TYPE: &'static str = "mobileAppContent";
    const COLLECTION: &'static str = "deviceAppManagement/mobileApps/contentVersions";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for MobileAppContent {}

impl Creatable for MobileAppContent {
    type Draft = MobileAppContentDraft;
}

impl Deletable for MobileAppContent {}

/// A version to be begun
/// ([create mobileAppContent](https://learn.microsoft.com/graph/api/intune-apps-mobileappcontent-create)); there is
/// nothing to say about it. The service refuses a second one before the first is committed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MobileAppContentDraft {}

/// An app in a package of several
/// ([mobileContainedApp](https://learn.microsoft.com/graph/api/resources/intune-apps-mobilecontainedapp)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileContainedApp {
    /// The app's id.
    pub id: Id<MobileContainedApp>,
    /// What this kind of app has beyond that, with its `@odata.type`.
    #[serde(flatten)]
    pub details: RawObject,
}

/// A file of a version
/// ([mobileAppContentFile](https://learn.microsoft.com/graph/api/resources/intune-apps-mobileappcontentfile)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAppContentFile {
    /// The file's id.
    pub id: Id<MobileAppContentFile>,
    /// The file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many bytes it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// How many bytes it has when it is encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_encrypted: Option<i64>,
    /// What is in the installer, for an MSI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Binary>,
    /// Whether another file needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_dependency: Option<bool>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_state: Option<UploadState>,
    /// Where it is to be sent; whoever has the address may write there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azure_storage_uri: Option<StorageUri>,
    /// Until when.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub azure_storage_uri_expiration_date_time: Option<Timestamp>,
    /// Whether the service has taken it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_committed: Option<bool>,
    /// When it was announced.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
}

/// Files belong to one version of one app: their path has the ids of both in the middle.
impl Entity for MobileAppContentFile {
    const TYPE: &'static str = "mobileAppContentFile";
    const COLLECTION: &'static str = "deviceAppManagement/mobileApps/contentVersions/files";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for MobileAppContentFile {}

impl Creatable for MobileAppContentFile {
    type Draft = MobileAppContentFileDraft;
}

impl Deletable for MobileAppContentFile {}

/// A storage address, which is also the permission to write there; `Debug` hides that half of it.
///
/// ```
/// use entitlement_core::intune::content::StorageUri;
///
/// let address: StorageUri = serde_json::from_str(r#""https://x.blob.core.windows.net/f?sig=s3cret""#)?;
/// assert_eq!(format!("{address:?}"), "StorageUri(https://x.blob.core.windows.net/f?redacted)");
/// assert!(address.as_str().ends_with("sig=s3cret"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StorageUri(String);

impl StorageUri {
    /// The whole address, permission included. Keep it out of logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StorageUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once('?') {
            Some((place, _)) => write!(f, "StorageUri({place}?redacted)"),
            None => write!(f, "StorageUri({})", self.0),
        }
    }
}

/// How long a file of this many bytes is once it is encrypted: a MAC and an initialisation vector come in front, and
/// the last block is filled up.
pub fn encrypted_size(size: i64) -> i64 {
    const MAC_AND_IV: i64 = 32 + 16;
    const BLOCK: i64 = 16;
    MAC_AND_IV + BLOCK * (size / BLOCK + 1)
}

/// A file to be announced
/// ([create mobileAppContentFile](https://learn.microsoft.com/graph/api/intune-apps-mobileappcontentfile-create)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(
    tag = "@odata.type",
    rename = "#microsoft.graph.mobileAppContentFile",
    rename_all = "camelCase"
)]
pub struct MobileAppContentFileDraft {
    name: String,
    size: i64,
    size_encrypted: i64,
    manifest: Option<Binary>,
    is_dependency: bool,
}

impl MobileAppContentFileDraft {
    /// An MSI of this many bytes, with the manifest that the service asks for.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name or a negative size (INT-9).
    pub fn msi(name: impl Into<String>, size: i64, manifest: Binary) -> Result<Self, Invalid> {
        Self::checked(name.into(), size, Some(manifest))
    }

    /// The package of a Win32 app, of this many bytes.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name or a negative size (INT-9).
    pub fn win32(name: impl Into<String>, size: i64) -> Result<Self, Invalid> {
        Self::checked(name.into(), size, None)
    }

    /// The same, for a file that another one needs.
    pub fn as_dependency(mut self) -> Self {
        self.is_dependency = true;
        self
    }

    fn checked(name: String, size: i64, manifest: Option<Binary>) -> Result<Self, Invalid> {
        let mut checker = Checker::new();
        checker.name("name", &name, "INT-9");
        checker.ensure(
            "size",
            (0..i64::MAX - 64).contains(&size),
            "INT-9",
            "is not the size of a file",
            "count the bytes before they are encrypted",
        );
        checker.finish(MobileAppContentFile::TYPE)?;
        Ok(Self {
            name,
            size,
            size_encrypted: encrypted_size(size),
            manifest,
            is_dependency: false,
        })
    }
}

/// How a file was encrypted
/// ([fileEncryptionInfo](https://learn.microsoft.com/graph/api/resources/intune-apps-fileencryptioninfo)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FileEncryptionInfo {
    /// The key, 32 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_key: Option<Binary>,
    /// The key of the MAC, 32 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac_key: Option<Binary>,
    /// The initialisation vector, 16 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initialization_vector: Option<Binary>,
    /// The MAC over initialisation vector and encrypted bytes, 32 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<Binary>,
    /// The way it was done; there is only `ProfileVersion1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_identifier: Option<String>,
    /// The digest of the file before it was encrypted, 32 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_digest: Option<Binary>,
    /// The kind of digest; there is only `SHA256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_digest_algorithm: Option<String>,
}

/// The key and the numbers that encrypting a file used and gave.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a new profile would be another struct"
)]
pub struct EncryptionProfile1 {
    /// The AES-256 key.
    pub encryption_key: [u8; 32],
    /// The HMAC-SHA256 key, another one.
    pub mac_key: [u8; 32],
    /// The initialisation vector of the cipher.
    pub initialization_vector: [u8; 16],
    /// The HMAC over initialisation vector and encrypted bytes.
    pub mac: [u8; 32],
    /// The SHA-256 of the file before it was encrypted.
    pub file_digest: [u8; 32],
}

impl fmt::Debug for EncryptionProfile1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionProfile1(redacted)")
    }
}

impl From<&EncryptionProfile1> for FileEncryptionInfo {
    fn from(profile: &EncryptionProfile1) -> Self {
        Self {
            encryption_key: Some(Binary::encode(profile.encryption_key)),
            mac_key: Some(Binary::encode(profile.mac_key)),
            initialization_vector: Some(Binary::encode(profile.initialization_vector)),
            mac: Some(Binary::encode(profile.mac)),
            profile_identifier: Some("ProfileVersion1".to_owned()),
            file_digest: Some(Binary::encode(profile.file_digest)),
            file_digest_algorithm: Some("SHA256".to_owned()),
        }
    }
}

/// That a file was sent
/// ([commit](https://learn.microsoft.com/graph/api/intune-apps-mobileappcontentfile-commit)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MobileAppContentFileCommit {
    file_encryption_info: FileEncryptionInfo,
}

impl MobileAppContentFileCommit {
    /// With what the service needs to open it.
    pub fn new(file_encryption_info: impl Into<FileEncryptionInfo>) -> Self {
        Self {
            file_encryption_info: file_encryption_info.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_documented_file_comes_back_equal() {
        let documented = json!({
            "id": "f1", "azureStorageUri": "https://x/?sig=1", "isCommitted": true,
            "createdDateTime": "2017-01-01T08:02:43.5775965Z", "name": "Name value", "size": 4,
            "sizeEncrypted": 13, "azureStorageUriExpirationDateTime": "2017-01-01T08:00:08.4940464Z",
            "manifest": "bWFuaWZlc3Q=", "uploadState": "transientError", "isDependency": false,
        });
        let file: MobileAppContentFile = serde_json::from_value(documented.clone()).unwrap();
        assert_eq!(serde_json::to_value(&file).unwrap(), documented);
        assert!(!format!("{file:?}").contains("sig"), "{file:?}");
    }

    #[test]
    fn states_mean_different_things_to_different_stages() {
        use UploadOutcome::{Done, Failed, Waiting};
        use UploadStage::{Commit, UriRenewal, UriRequest};
        for (state, outcomes) in [
            ("azureStorageUriRequestPending", [Waiting, Failed, Failed]),
            ("azureStorageUriRequestSuccess", [Done, Waiting, Waiting]),
            ("azureStorageUriRenewalSuccess", [Failed, Done, Waiting]),
            ("commitFilePending", [Failed, Failed, Waiting]),
            ("commitFileSuccess", [Failed, Failed, Done]),
            ("commitFileTimedOut", [Failed; 3]),
            ("unknown", [Failed; 3]),
            ("askAgainTomorrow", [Failed; 3]),
        ] {
            let state = UploadState::from(state);
            let found = [UriRequest, UriRenewal, Commit].map(|stage| stage.outcome(&state));
            assert_eq!(found, outcomes, "{state}");
        }
    }

    #[test]
    fn keys_are_sent_and_not_shown() {
        let profile = EncryptionProfile1 {
            encryption_key: [1; 32],
            mac_key: [2; 32],
            initialization_vector: [3; 16],
            mac: [4; 32],
            file_digest: [5; 32],
        };
        let commit = MobileAppContentFileCommit::new(&profile);
        let sent = &serde_json::to_value(&commit).unwrap()["fileEncryptionInfo"];
        assert_eq!(sent["profileIdentifier"], "ProfileVersion1");
        assert_eq!(sent["fileDigestAlgorithm"], "SHA256");
        assert_eq!(sent["initializationVector"], "AwMDAwMDAwMDAwMDAwMDAw==");
        let key = sent["encryptionKey"].as_str().unwrap();
        assert!(!format!("{commit:?} {profile:?}").contains(&key[..8]));
    }

    #[test]
    fn sizes_are_counted_before_encryption() {
        assert_eq!([0, 3, 16].map(encrypted_size), [64, 64, 80]);
        assert!(MobileAppContentFileDraft::win32(" ", -1).is_err());
        let draft = MobileAppContentFileDraft::win32("a.intunewin", 3).unwrap();
        assert_eq!(
            serde_json::to_value(&draft).unwrap()["manifest"],
            json!(null)
        );
    }
}
