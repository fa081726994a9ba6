//! Files on their way to Intune, and what the storage has of them.

use entitlement_core::intune::binary::Binary;
use entitlement_core::intune::content::{FileEncryptionInfo, UploadState};
use entitlement_core::time::Timestamp;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::blob::Blob;
use crate::world::table::Key;

/// A file of a version of an app's content.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppFile {
    pub(crate) app: Key,
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) size: i64,
    pub(crate) size_encrypted: i64,
    pub(crate) manifest: Option<Binary>,
    pub(crate) is_dependency: bool,
    pub(crate) state: UploadState,
    pub(crate) is_committed: bool,
    pub(crate) created: Timestamp,
    /// Where the storage is, as seen from whoever announced the file.
    pub(crate) storage: String,
    /// The addresses that were given out, the newest last.
    pub(crate) addresses: Vec<Address>,
    /// What was sent and is no content yet, by the ids of the blocks.
    pub(crate) staged: IndexMap<String, Blob>,
    pub(crate) stored: Stored,
    /// How it was encrypted, as whoever committed it says.
    pub(crate) encryption: Option<FileEncryptionInfo>,
    /// Why it was not taken.
    pub(crate) fault: Option<String>,
}

/// An address of the storage, which is the permission to write there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Address {
    pub(crate) signature: Key,
    pub(crate) expires: Timestamp,
}

/// How the content of a file came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Stored {
    /// There is none.
    Nothing,
    /// It was put there in one piece, which Intune does not take.
    InOnePiece,
    /// A list of blocks, in their order.
    Blocks(Vec<Blob>),
    /// Intune has taken it out.
    Taken,
}

impl AppFile {
    /// The file's address with its secret, and until when it is good; nothing before there is one.
    pub(crate) fn address(&self, key: Key) -> Option<(String, Timestamp)> {
        let Address { signature, expires } = self.addresses.last()?;
        let end = expires.strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ");
        let place = &self.storage;
        let uri = format!(
            "{place}/{key}.bin?sv=2021-08-06&sr=b&sp=rw&se={end}&sig={}",
            signature.simple()
        );
        Some((uri, *expires))
    }

    /// Whether it waits for being sent, and an address is known or was.
    pub(crate) fn is_open(&self) -> bool {
        matches!(
            self.state,
            UploadState::AzureStorageUriRequestSuccess
                | UploadState::AzureStorageUriRenewalSuccess
                | UploadState::AzureStorageUriRenewalPending
                | UploadState::CommitFileFailed
        )
    }
}
