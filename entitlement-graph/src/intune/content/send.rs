//! Sending the blocks of a file, several at a time, to an address that may have to be renewed on the way.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use entitlement_core::intune::content::{EncryptionProfile1, UploadStage};
use http::StatusCode;

use super::super::app::FileHandle;
use super::blob::{Address, is_expired, put_block, put_block_list};
use super::checkpoint::Mark;
use super::lanes::Lanes;
use super::pipeline::{Block, Encrypting, Made};
use super::progress::{UploadFault, UploadStep};
use super::run::{Run, address, too_large};
use crate::clock::time_until;

/// How long before its end an address is not used any more.
const MARGIN: Duration = Duration::from_secs(180);
/// How often a block is sent to another address before it counts as refused.
const MOST_ADDRESSES: u32 = 3;

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
    /// Sends every block that the storage does not have, and says that they are the file.
    pub(super) async fn send(
        &mut self,
        handle: &FileHandle,
        mut address: Address,
    ) -> Result<EncryptionProfile1, UploadFault> {
        self.enter(UploadStep::Blocks);
        let checkpoint = self.checkpoint()?;
        let (keys, size) = (checkpoint.keys.clone(), checkpoint.size);
        let block_size = checkpoint.block_size;
        let source = Arc::clone(self.plan.file.source());
        let mut encrypting =
            Encrypting::start(source, size, keys, block_size).map_err(UploadFault::Source)?;
        let (mut lanes, mut profile) = (Lanes::new(), None);
        let (mut generation, mut blocks) = (0, 0);
        while profile.is_none() || !lanes.is_empty() {
            let room = profile.is_none() && lanes.len() < self.plan.parallel;
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
        let (client, address) = (self.plan.app.client().clone(), address.clone());
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
        let client = self.plan.app.client().clone();
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

    fn runs_out(&self, address: &Address) -> bool {
        let now = self.plan.app.client().clock().now();
        let expires = address.expires;
        expires.is_some_and(|expires| time_until(now, expires) <= MARGIN)
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
}
