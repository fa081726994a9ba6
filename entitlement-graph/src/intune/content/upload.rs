//! The way of a file into an app, step by step, with waits, renewals and a way back in.

use std::fmt::{self, Debug};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use entitlement_core::entity::Id;
use entitlement_core::intune::app::{MobileApp, MobileAppPublishingState};
use entitlement_core::intune::content::{
    EncryptionProfile1, MobileAppContent, MobileAppContentDraft, MobileAppContentFile,
    MobileAppContentFileCommit, MobileAppContentFileDraft, UploadOutcome, UploadStage, UploadState,
    encrypted_size,
};
use http::StatusCode;

use super::super::app::{AppHandle, ContentHandle, ContentKind, FileHandle};
use super::blob::{Address, MOST_BLOCKS, is_expired, put_block, put_block_list};
use super::checkpoint::{Mark, UploadCheckpoint};
use super::encrypt::ContentKeys;
use super::lanes::Lanes;
use super::pipeline::{Block, Encrypting, Made};
use super::progress::{UploadError, UploadFault, UploadProgress, UploadStep};
use super::source::ContentFile;
use crate::clock::time_until;
use crate::error::Error;
use crate::wait::{Sight, Wait, if_found};

/// How long before its end an address is not used any more.
const MARGIN: Duration = Duration::from_secs(180);
/// How often a block is sent to another address before it counts as refused.
const MOST_ADDRESSES: u32 = 3;

impl AppHandle {
    /// Sends a file as the app's content, and publishes it
    /// ([content files](https://learn.microsoft.com/graph/api/resources/intune-apps-mobileappcontentfile)).
    pub fn upload(&self, file: &ContentFile) -> Upload {
        Upload {
            app: self.clone(),
            file: file.clone(),
            block_size: 4 << 20,
            parallel: 4,
            wait: Wait::default().limit(Duration::from_secs(1800)),
            keys: None,
            resume: None,
            tell: None,
        }
    }
}

type Tell = dyn Fn(&UploadProgress<'_>) + Send + Sync;

/// A file that is to become an app's content. Nothing is sent until [`run`](Self::run).
#[derive(Clone)]
#[must_use = "nothing is sent until `run`"]
pub struct Upload {
    app: AppHandle,
    file: ContentFile,
    block_size: usize,
    parallel: usize,
    wait: Wait,
    keys: Option<ContentKeys>,
    resume: Option<UploadCheckpoint>,
    tell: Option<Arc<Tell>>,
}

/// An upload that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uploaded {
    /// The app, which is published.
    pub app: MobileApp,
    /// The version that devices get.
    pub version: Id<MobileAppContent>,
    /// The file in it.
    pub file: Id<MobileAppContentFile>,
}

impl Upload {
    /// How many bytes a block has; rounded up to a multiple of 16, and larger where the file would have more than 50,000
    /// blocks otherwise. Default 4 MiB.
    pub fn block_size(mut self, bytes: usize) -> Self {
        self.block_size = bytes.max(64).next_multiple_of(16);
        self
    }

    /// How many blocks are sent at a time. Default 4. About twice as many are in memory.
    pub fn parallel(mut self, blocks: usize) -> Self {
        self.parallel = blocks.max(1);
        self
    }

    /// How long to wait for the service, at each step. Default half an hour, with looks 2 s to 30 s apart.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Encrypts with these keys. By default with fresh ones.
    pub fn keys(mut self, keys: ContentKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Goes on where another upload of this file broke off. What is of no use any more is begun anew.
    pub fn resume(mut self, checkpoint: UploadCheckpoint) -> Self {
        self.resume = Some(checkpoint);
        self
    }

    /// Is told at each step, and after each block. To survive a crash, write the checkpoint down that comes along.
    pub fn on_progress(
        mut self,
        tell: impl Fn(&UploadProgress<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.tell = Some(Arc::new(tell));
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
            upload: self,
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
            .field("app", &self.app)
            .field("file", &self.file)
            .field("block_size", &self.block_size)
            .field("parallel", &self.parallel)
            .finish_non_exhaustive()
    }
}

struct Run {
    upload: Upload,
    step: UploadStep,
    sent: u64,
    total: u64,
    checkpoint: Option<UploadCheckpoint>,
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

/// What came of sending a block.
struct Landed {
    block: Block,
    /// How many addresses there had been when it was sent.
    generation: u32,
    tries: u32,
    outcome: Result<(), UploadFault>,
}

/// What happened while blocks are sent.
enum Event {
    Made(std::io::Result<Made>),
    Landed(Box<Landed>),
}

impl Run {
    async fn all(&mut self) -> Result<Uploaded, UploadFault> {
        self.enter(UploadStep::Prepare);
        let app = self.upload.app.get().await?;
        let kind = ContentKind::of(&app).ok_or_else(|| {
            let kind = app.kind_name();
            UploadFault::Refused(format!("nothing is known about the content of a {kind}"))
        })?;
        if kind == ContentKind::WindowsMobileMsi && self.upload.file.manifest().is_none() {
            let reason = "an MSI app wants a manifest: make the file with `MsiPackage::content`";
            return Err(UploadFault::Refused(reason.to_owned()));
        }
        let size = self
            .upload
            .file
            .source()
            .size()
            .map_err(UploadFault::Source)?;
        let announced = i64::try_from(size).map_err(|_too_large| too_large())?;
        self.total = u64::try_from(encrypted_size(announced)).map_err(|_negative| too_large())?;
        let content = self.upload.app.contents(kind);
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
        if let Some(checkpoint) = self.upload.resume.take()
            && checkpoint.app == app.id
            && checkpoint.name == self.upload.file.name()
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
        let keys = match self.upload.keys.take() {
            Some(keys) => keys,
            None => ContentKeys::random().map_err(UploadFault::Source)?,
        };
        self.enter(UploadStep::Version);
        let version = self.version(app, content).await?;

        self.enter(UploadStep::Announce);
        let name = self.upload.file.name().to_owned();
        let draft = match self.upload.file.manifest() {
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
            staged: std::collections::BTreeMap::new(),
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
        Ok(self.upload.block_size.max(least.next_multiple_of(16)))
    }

    /// Waits for the address of a file that was announced.
    async fn first_address(&mut self, handle: &FileHandle) -> Result<Address, UploadFault> {
        self.enter(UploadStep::Address);
        self.await_file(handle, UploadStage::UriRequest, address)
            .await
    }

    /// Another address in place of one that runs out. What the storage has stays there.
    async fn renewed(
        &mut self,
        handle: &FileHandle,
        old: &Address,
    ) -> Result<Address, UploadFault> {
        self.enter(UploadStep::Renewal);
        handle.renew_upload().await?;
        // The state may still speak of the renewal before this one.
        let fresh = |file| address(file).filter(|found| found != old);
        let found = self
            .await_file(handle, UploadStage::UriRenewal, fresh)
            .await?;
        self.step = UploadStep::Blocks;
        Ok(found)
    }

    async fn inspect(&mut self, handle: &FileHandle) -> Result<(), UploadFault> {
        self.enter(UploadStep::Inspection);
        self.await_file(handle, UploadStage::Commit, |_file| Some(()))
            .await
    }

    /// Reads the file until the goal is reached and what it should give is there.
    async fn await_file<T>(
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
        let client = self.upload.app.client();
        let what = self.step.to_string();
        let read = || handle.get();
        client.wait(&self.upload.wait, what, read, judge).await?
    }

    /// Sends every block that the storage does not have, and says that they are the file.
    async fn send(
        &mut self,
        handle: &FileHandle,
        mut address: Address,
    ) -> Result<EncryptionProfile1, UploadFault> {
        self.enter(UploadStep::Blocks);
        let checkpoint = self.checkpoint()?;
        let (keys, size) = (checkpoint.keys.clone(), checkpoint.size);
        let block_size = checkpoint.block_size;
        let source = Arc::clone(self.upload.file.source());
        let mut encrypting =
            Encrypting::start(source, size, keys, block_size).map_err(UploadFault::Source)?;
        let (mut lanes, mut profile) = (Lanes::new(), None);
        let (mut generation, mut blocks) = (0, 0);
        while profile.is_none() || !lanes.is_empty() {
            let room = profile.is_none() && lanes.len() < self.upload.parallel;
            let event = poll_fn(|context| {
                if room && let Poll::Ready(made) = encrypting.poll_next(context) {
                    return Poll::Ready(Event::Made(made));
                }
                lanes
                    .poll_next(context)
                    .map(|one| Event::Landed(Box::new(one)))
            });
            let (block, tries) = match event.await {
                Event::Made(made) => {
                    let block = match made.map_err(UploadFault::Source)? {
                        Made::Block(block) => block,
                        Made::Last(block, how) => {
                            profile = Some(*how);
                            block
                        }
                    };
                    blocks = blocks.max(block.index.saturating_add(1));
                    if self.checkpoint()?.has(block.index, block.mark) {
                        self.count(&block);
                        continue;
                    }
                    if self.runs_out(&address) {
                        address = self.renewed(handle, &address).await?;
                        generation += 1;
                    }
                    (block, 0)
                }
                Event::Landed(landed) => {
                    let landed = *landed;
                    match landed.outcome {
                        Ok(()) => {
                            self.stage(landed.block.index, landed.block.mark)?;
                            self.count(&landed.block);
                            continue;
                        }
                        Err(fault) if !is_expired(&fault) || landed.tries >= MOST_ADDRESSES => {
                            return Err(fault);
                        }
                        Err(_expired) => {}
                    }
                    if landed.generation == generation {
                        address = self.renewed(handle, &address).await?;
                        generation += 1;
                    }
                    (landed.block, landed.tries)
                }
            };
            lanes.push(self.lane(&address, generation, block, tries + 1));
        }
        let Some(profile) = profile else {
            return Err(too_large());
        };
        self.list(handle, address, blocks).await?;
        Ok(profile)
    }

    /// The sending of one block.
    fn lane(
        &self,
        address: &Address,
        generation: u32,
        block: Block,
        tries: u32,
    ) -> impl Future<Output = Landed> + Send + 'static {
        let (client, address) = (self.upload.app.client().clone(), address.clone());
        async move {
            let bytes = block.bytes.clone();
            let outcome = put_block(&client, &address, block.index, bytes).await;
            Landed {
                block,
                generation,
                tries,
                outcome,
            }
        }
    }

    /// Says in which order the blocks are the file.
    async fn list(
        &mut self,
        handle: &FileHandle,
        mut address: Address,
        blocks: u32,
    ) -> Result<(), UploadFault> {
        self.enter(UploadStep::BlockList);
        if self.runs_out(&address) {
            address = self.renewed(handle, &address).await?;
        }
        let client = self.upload.app.client().clone();
        let mut outcome = put_block_list(&client, &address, blocks).await;
        if outcome.as_ref().is_err_and(is_expired) {
            address = self.renewed(handle, &address).await?;
            outcome = put_block_list(&client, &address, blocks).await;
        }
        self.step = UploadStep::BlockList;
        if let (Err(UploadFault::Storage(StatusCode::BAD_REQUEST, _)), Some(checkpoint)) =
            (&outcome, &mut self.checkpoint)
        {
            // The storage does not have what it had: next time all is sent again.
            checkpoint.staged.clear();
        }
        outcome
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
            self.upload.app.publish(app, version).await?;
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
        let client = self.upload.app.client();
        let read = || self.upload.app.get();
        Ok(client.wait(&self.upload.wait, what, read, judge).await?)
    }

    fn runs_out(&self, address: &Address) -> bool {
        let now = self.upload.app.client().clock().now();
        let expires = address.expires;
        expires.is_some_and(|expires| time_until(now, expires) <= MARGIN)
    }

    fn checkpoint(&self) -> Result<&UploadCheckpoint, UploadFault> {
        let missing = || UploadFault::Refused("the file was not announced".to_owned());
        self.checkpoint.as_ref().ok_or_else(missing)
    }

    fn stage(&mut self, index: u32, mark: Mark) -> Result<(), UploadFault> {
        let missing = || UploadFault::Refused("the file was not announced".to_owned());
        let checkpoint = self.checkpoint.as_mut().ok_or_else(missing)?;
        checkpoint.staged.insert(index, mark);
        Ok(())
    }

    fn count(&mut self, block: &Block) {
        let length = u64::try_from(block.bytes.len()).unwrap_or_default();
        self.sent = self.sent.saturating_add(length).min(self.total);
        self.tell();
    }

    fn enter(&mut self, step: UploadStep) {
        self.step = step;
        tracing::debug!(step = %step, "upload");
        self.tell();
    }

    fn tell(&self) {
        if let Some(tell) = &self.upload.tell {
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
fn address(file: MobileAppContentFile) -> Option<Address> {
    Some(Address {
        uri: file.azure_storage_uri?,
        expires: file.azure_storage_uri_expiration_date_time,
    })
}

fn too_large() -> UploadFault {
    UploadFault::Refused("the file is too large".to_owned())
}
