//! How far an upload is, for going on after a break.

use std::collections::BTreeMap;
use std::fmt;

use entitlement_core::entity::Id;
use entitlement_core::intune::app::MobileApp;
use entitlement_core::intune::content::{MobileAppContent, MobileAppContentFile};
use serde::{Deserialize, Serialize};

use super::encrypt::ContentKeys;

/// The smallest block: the first has room for what stands in front of the encrypted bytes.
pub(super) const SMALLEST_BLOCK: usize = 64;
/// The largest block, as several are in memory.
pub(super) const LARGEST_BLOCK: usize = 100 << 20;

/// How far an upload is. Keep it as you would keep the installer: the keys of the encryption are in it.
///
/// It can be written down as JSON and read by another process. It belongs to one app and one file; if the file has
/// changed since, what is not as it was is sent again.
///
/// ```
/// use entitlement_graph::intune::AppHandle;
/// use entitlement_graph::intune::content::checkpoint::UploadCheckpoint;
/// use entitlement_graph::intune::content::source::ContentFile;
///
/// # async fn example(app: AppHandle, file: ContentFile, saved: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let saved: UploadCheckpoint = serde_json::from_str(saved)?;
/// app.upload(&file).resume(saved).run().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadCheckpoint {
    pub(super) app: Id<MobileApp>,
    pub(super) version: Id<MobileAppContent>,
    pub(super) file: Id<MobileAppContentFile>,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) block_size: usize,
    pub(super) keys: ContentKeys,
    /// The blocks that the storage has.
    pub(super) staged: BTreeMap<u32, Mark>,
}

impl UploadCheckpoint {
    /// The app.
    pub fn app(&self) -> &Id<MobileApp> {
        &self.app
    }

    /// The version of its content that is on its way.
    pub fn version(&self) -> &Id<MobileAppContent> {
        &self.version
    }

    /// The file of that version.
    pub fn file(&self) -> &Id<MobileAppContentFile> {
        &self.file
    }

    /// How many blocks the storage has.
    pub fn staged_blocks(&self) -> usize {
        self.staged.len()
    }

    /// Whether it could have been written by an upload.
    pub(super) fn is_sound(&self) -> bool {
        self.block_size >= SMALLEST_BLOCK && self.block_size.is_multiple_of(16)
    }

    pub(super) fn has(&self, index: u32, mark: Mark) -> bool {
        self.staged.get(&index) == Some(&mark)
    }
}

impl fmt::Debug for UploadCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadCheckpoint")
            .field("app", &self.app)
            .field("version", &self.version)
            .field("file", &self.file)
            .field("staged_blocks", &self.staged.len())
            .finish_non_exhaustive()
    }
}

/// What tells one block from another in its place.
///
/// Each block of the cipher depends on all that came before it, so the last bytes stand for the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark(u64);

impl Mark {
    /// The mark of a block with this ending.
    pub(super) fn of_end(bytes: &[u8]) -> Self {
        let end = bytes.last_chunk::<8>().copied().unwrap_or_default();
        Self(u64::from_le_bytes(end))
    }

    /// The mark of the first block, which the HMAC of everything tells from others.
    pub(super) fn of(mac: &[u8; 32]) -> Self {
        Self::of_end(mac)
    }
}
