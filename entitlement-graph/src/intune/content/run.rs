//! The steps of an upload around the sending of blocks: from the app to the file, and from the file to devices.

use std::collections::BTreeMap;
use std::sync::Arc;

use entitlement_core::entity::Id;
use entitlement_core::intune::app::{MobileApp, MobileAppPublishingState};
use entitlement_core::intune::content::{
    MobileAppContent, MobileAppContentDraft, MobileAppContentFile, MobileAppContentFileCommit,
    MobileAppContentFileDraft, UploadOutcome, UploadStage, UploadState, encrypted_size,
};
use http::StatusCode;

use super::super::app::{AppHandle, ContentHandle, ContentKind, FileHandle};
use super::blob::{Address, MOST_BLOCKS};
use super::checkpoint::UploadCheckpoint;
use super::encrypt::ContentKeys;
use super::progress::{UploadFault, UploadProgress, UploadStep, Uploaded};
use super::source::ContentFile;
use crate::error::Error;
use crate::wait::{Sight, Wait, if_found};

pub(super) type Tell = dyn Fn(&UploadProgress<'_>) + Send + Sync;

/// What is to be done, and how.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) app: AppHandle,
    pub(super) file: ContentFile,
    pub(super) block_size: usize,
    pub(super) parallel: usize,
    pub(super) wait: Wait,
    pub(super) keys: Option<ContentKeys>,
    pub(super) resume: Option<UploadCheckpoint>,
    pub(super) tell: Option<Arc<Tell>>,
}

/// An upload under way.
pub(super) struct Run {
    pub(super) plan: Plan,
    pub(super) step: UploadStep,
    pub(super) sent: u64,
    pub(super) total: u64,
    pub(super) checkpoint: Option<UploadCheckpoint>,
}

/// How far a file is that was announced before.
enum Standing {
    /// Its blocks are to be sent there.
    Open(Address),
    /// It was committed, and is being looked at.
    Committed,
    /// The service took it.
    Taken,
}

impl Run {
    pub(super) async fn all(&mut self) -> Result<Uploaded, UploadFault> {
        self.enter(UploadStep::Prepare);
        let app = self.plan.app.get().await?;
        let kind = ContentKind::of(&app).ok_or_else(|| {
            let kind = app.kind_name();
            UploadFault::Refused(format!("nothing is known about the content of a {kind}"))
        })?;
        if kind == ContentKind::WindowsMobileMsi && self.plan.file.manifest().is_none() {
            let reason = "an MSI app wants a manifest: make the file with `MsiPackage::content`";
            return Err(UploadFault::Refused(reason.to_owned()));
        }
        let size = self
            .plan
            .file
            .source()
            .size()
            .map_err(UploadFault::Source)?;
        let announced = i64::try_from(size).map_err(|_too_large| too_large())?;
        self.total = u64::try_from(encrypted_size(announced)).map_err(|_negative| too_large())?;
        let content = self.plan.app.contents(kind);
        let standing = self.stand(&app, &content, size, announced).await?;
        let checkpoint = self.checkpoint()?;
        let (version, file) = (checkpoint.version.clone(), checkpoint.file.clone());
        let handle = content.version(&version).file(&file);
        match standing {
            Standing::Open(address) => {
                let profile = self.send(&handle, address).await?;
                self.enter(UploadStep::Commit);
                let commit = MobileAppContentFileCommit::new(&profile);
                handle.commit(&commit).await?;
                self.inspect(&handle).await?;
            }
            Standing::Committed => self.inspect(&handle).await?,
            Standing::Taken => {}
        }
        let app = self.publish(&app, &version).await?;
        Ok(Uploaded { app, version, file })
    }

    /// Where the file of the checkpoint stands; a new file if there is none, or if it is of no use.
    async fn stand(
        &mut self,
        app: &MobileApp,
        content: &ContentHandle,
        size: u64,
        announced: i64,
    ) -> Result<Standing, UploadFault> {
        if let Some(checkpoint) = self.plan.resume.take()
            && checkpoint.is_sound()
            && checkpoint.app == app.id
            && checkpoint.name == self.plan.file.name()
            && checkpoint.size == size
        {
            let version = content.version(&checkpoint.version);
            let handle = version.file(&checkpoint.file);
            if let Some(file) = if_found(handle.get().await)? {
                let id = file.id.clone();
                self.checkpoint = Some(checkpoint);
                if let Some(standing) = self.standing(&handle, file).await? {
                    return Ok(standing);
                }
                // A version is published only if all its files were taken.
                self.checkpoint = None;
                if_found(version.files().delete(&id).await)?;
            }
        }
        self.begin(app, content, size, announced).await
    }

    async fn standing(
        &mut self,
        handle: &FileHandle,
        file: MobileAppContentFile,
    ) -> Result<Option<Standing>, UploadFault> {
        use UploadState as S;
        Ok(match file.upload_state {
            _ if file.is_committed == Some(true) => Some(Standing::Taken),
            Some(S::CommitFileSuccess) => Some(Standing::Taken),
            Some(S::CommitFilePending) => Some(Standing::Committed),
            Some(S::AzureStorageUriRequestPending) => {
                Some(Standing::Open(self.first_address(handle).await?))
            }
            Some(
                S::AzureStorageUriRequestSuccess
                | S::AzureStorageUriRenewalSuccess
                | S::AzureStorageUriRenewalPending,
            ) => address(file).map(Standing::Open),
            _ => None,
        })
    }

    /// Begins a version and announces the file in it.
    async fn begin(
        &mut self,
        app: &MobileApp,
        content: &ContentHandle,
        size: u64,
        announced: i64,
    ) -> Result<Standing, UploadFault> {
        let keys = match self.plan.keys.take() {
            Some(keys) => keys,
            None => ContentKeys::random().map_err(UploadFault::Source)?,
        };
        self.enter(UploadStep::Version);
        let version = self.version(app, content).await?;

        self.enter(UploadStep::Announce);
        let name = self.plan.file.name().to_owned();
        let draft = match self.plan.file.manifest() {
            Some(manifest) => MobileAppContentFileDraft::msi(&name, announced, manifest.clone()),
            None => MobileAppContentFileDraft::win32(&name, announced),
        };
        let draft = draft.map_err(Error::from)?;
        let files = content.version(&version).files();
        let file = files.create(&draft).await?;
        let handle = content.version(&version).file(&file.id);
        self.checkpoint = Some(UploadCheckpoint {
            app: app.id.clone(),
            version,
            file: file.id,
            name,
            size,
            block_size: self.roomy_block_size()?,
            keys,
            staged: BTreeMap::new(),
        });
        Ok(Standing::Open(self.first_address(&handle).await?))
    }

    /// A new version; the one that was begun before, if the service wants that to be finished first.
    async fn version(
        &self,
        app: &MobileApp,
        content: &ContentHandle,
    ) -> Result<Id<MobileAppContent>, UploadFault> {
        let versions = content.versions();
        let refused = match versions.create(&MobileAppContentDraft::default()).await {
            Ok(version) => return Ok(version.id),
            Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => error,
            Err(error) => return Err(error.into()),
        };
        let committed = app
            .lob()
            .and_then(|lob| lob.committed_content_version.as_ref());
        let known = versions.list().try_collect().await?;
        let Some(open) = known
            .into_iter()
            .rev()
            .find(|one| Some(&one.id) != committed)
        else {
            return Err(refused.into());
        };
        // What was left there would keep the version from being published.
        let files = content.version(&open.id).files();
        for left in files.list().try_collect().await? {
            if left.is_committed != Some(true) {
                if_found(files.delete(&left.id).await)?;
            }
        }
        Ok(open.id)
    }

    /// The chosen size of blocks, or a larger one where there would be too many.
    fn roomy_block_size(&self) -> Result<usize, UploadFault> {
        let least = self.total.div_ceil(MOST_BLOCKS);
        let least = usize::try_from(least).map_err(|_too_large| too_large())?;
        Ok(self.plan.block_size.max(least.next_multiple_of(16)))
    }

    /// Waits for the address of a file that was announced.
    async fn first_address(&mut self, handle: &FileHandle) -> Result<Address, UploadFault> {
        self.enter(UploadStep::Address);
        self.await_file(handle, UploadStage::UriRequest, address)
            .await
    }

    async fn inspect(&mut self, handle: &FileHandle) -> Result<(), UploadFault> {
        self.enter(UploadStep::Inspection);
        self.await_file(handle, UploadStage::Commit, |_file| Some(()))
            .await
    }

    /// Reads the file until the goal is reached and what it should give is there.
    pub(super) async fn await_file<T>(
        &self,
        handle: &FileHandle,
        goal: UploadStage,
        give: impl Fn(MobileAppContentFile) -> Option<T>,
    ) -> Result<T, UploadFault> {
        let judge = |file: MobileAppContentFile| {
            let Some(state) = file.upload_state.clone() else {
                return Sight::NotYet("no state".to_owned());
            };
            match goal.outcome(&state) {
                UploadOutcome::Done => match give(file) {
                    Some(given) => Sight::Done(Ok(given)),
                    None => Sight::NotYet(format!("state {state}, and nothing new")),
                },
                UploadOutcome::Waiting => Sight::NotYet(format!("state {state}")),
                UploadOutcome::Failed => Sight::Done(Err(UploadFault::GivenUp(state))),
            }
        };
        let client = self.plan.app.client();
        let what = self.step.to_string();
        let read = || handle.get();
        client.wait(&self.plan.wait, what, read, judge).await?
    }

    /// Chooses the version and waits until devices can get it.
    async fn publish(
        &mut self,
        app: &MobileApp,
        version: &Id<MobileAppContent>,
    ) -> Result<MobileApp, UploadFault> {
        let is_chosen = |app: &MobileApp| {
            let chosen = app
                .lob()
                .and_then(|lob| lob.committed_content_version.as_ref());
            chosen == Some(version)
        };
        if !is_chosen(app) {
            self.enter(UploadStep::Publish);
            self.plan.app.publish(app, version).await?;
        }
        self.enter(UploadStep::Publication);
        let judge = |app: MobileApp| match &app.publishing_state {
            Some(MobileAppPublishingState::Published) if is_chosen(&app) => Sight::Done(app),
            Some(MobileAppPublishingState::Published) => {
                Sight::NotYet("published with another version".to_owned())
            }
            other => Sight::NotYet(format!("publishing state {other:?}")),
        };
        let what = self.step.to_string();
        let client = self.plan.app.client();
        let read = || self.plan.app.get();
        Ok(client.wait(&self.plan.wait, what, read, judge).await?)
    }

    pub(super) fn checkpoint(&self) -> Result<&UploadCheckpoint, UploadFault> {
        let missing = || UploadFault::Refused("the file was not announced".to_owned());
        self.checkpoint.as_ref().ok_or_else(missing)
    }

    pub(super) fn enter(&mut self, step: UploadStep) {
        self.step = step;
        tracing::debug!(step = %step, "upload");
        self.tell();
    }

    pub(super) fn tell(&self) {
        if let Some(tell) = &self.plan.tell {
            tell(&UploadProgress {
                step: self.step,
                sent: self.sent,
                total: self.total,
                checkpoint: self.checkpoint.as_ref(),
            });
        }
    }
}

/// Where a file is to be sent, if it says so.
pub(super) fn address(file: MobileAppContentFile) -> Option<Address> {
    Some(Address {
        uri: file.azure_storage_uri?,
        expires: file.azure_storage_uri_expiration_date_time,
    })
}

pub(super) fn too_large() -> UploadFault {
    UploadFault::Refused("the file is too large".to_owned())
}
