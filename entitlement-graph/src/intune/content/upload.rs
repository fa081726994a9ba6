//! The way of a file into an app, step by step, with waits, renewals and a way back in.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use super::super::app::AppHandle;
use super::checkpoint::{LARGEST_BLOCK, SMALLEST_BLOCK, UploadCheckpoint};
use super::encrypt::ContentKeys;
use super::progress::{UploadError, UploadProgress, UploadStep, Uploaded};
use super::run::{Plan, Run};
use super::source::ContentFile;
use crate::wait::Wait;

impl AppHandle {
    /// Sends a file as the app's content, and publishes it
    /// ([content files](https://learn.microsoft.com/graph/api/resources/intune-apps-mobileappcontentfile)).
    pub fn upload(&self, file: &ContentFile) -> Upload {
        Upload(Plan {
            app: self.clone(),
            file: file.clone(),
            block_size: 4 << 20,
            parallel: 4,
            wait: Wait::default().limit(Duration::from_secs(1800)),
            keys: None,
            resume: None,
            tell: None,
        })
    }
}

/// A file that is to become an app's content. Nothing is sent until [`run`](Self::run).
#[derive(Clone)]
#[must_use = "nothing is sent until `run`"]
pub struct Upload(Plan);

impl Upload {
    /// How many bytes a block has: 64 to 100 MiB, rounded up to a multiple of 16, and more where the file would have more
    /// than 50,000 blocks otherwise. Default 4 MiB.
    pub fn block_size(mut self, bytes: usize) -> Self {
        self.0.block_size = bytes
            .clamp(SMALLEST_BLOCK, LARGEST_BLOCK)
            .next_multiple_of(16);
        self
    }

    /// How many blocks are sent at a time. Default 4. About twice as many are in memory.
    pub fn parallel(mut self, blocks: usize) -> Self {
        self.0.parallel = blocks.max(1);
        self
    }

    /// How long to wait for the service, at each step. Default half an hour, with looks 2 s to 30 s apart.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.0.wait = wait;
        self
    }

    /// Encrypts with these keys. By default with fresh ones.
    pub fn keys(mut self, keys: ContentKeys) -> Self {
        self.0.keys = Some(keys);
        self
    }

    /// Goes on where another upload of this file broke off. What is of no use any more is begun anew.
    pub fn resume(mut self, checkpoint: UploadCheckpoint) -> Self {
        self.0.resume = Some(checkpoint);
        self
    }

    /// Is told at each step, and after each block. To survive a crash, write the checkpoint down that comes along.
    pub fn on_progress(
        mut self,
        tell: impl Fn(&UploadProgress<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.0.tell = Some(Arc::new(tell));
        self
    }

    /// Does it all: begins a version, announces the file, sends it, commits it, and publishes the app.
    ///
    /// # Errors
    ///
    /// [`UploadError`], which says at which step it broke off and why, and with which checkpoint it can go on.
    pub async fn run(self) -> Result<Uploaded, UploadError> {
        let mut run = Run {
            step: UploadStep::Prepare,
            sent: 0,
            total: 0,
            checkpoint: None,
            plan: self.0,
        };
        match run.all().await {
            Ok(done) => Ok(done),
            Err(fault) => Err(UploadError {
                step: run.step,
                fault,
                checkpoint: run.checkpoint.map(Box::new),
            }),
        }
    }
}

impl Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("app", &self.0.app)
            .field("file", &self.0.file)
            .field("block_size", &self.0.block_size)
            .field("parallel", &self.0.parallel)
            .finish_non_exhaustive()
    }
}
