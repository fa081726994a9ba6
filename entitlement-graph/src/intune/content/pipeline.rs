//! Reading and encrypting, on threads of their own, into blocks that are ready to be sent.
//!
//! One thread reads, encrypts and computes the HMAC, another the digest. The first 48 bytes are known last, so the first
//! block comes at the end; the storage takes blocks in any order.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc as threads;
use std::task::{Context, Poll};
use std::thread;

use bytes::Bytes;
use entitlement_core::intune::content::EncryptionProfile1;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::checkpoint::Mark;
use super::encrypt::{CHUNK, ContentKeys, HEADER, Sealer};
use super::source::ContentSource;

/// How many finished blocks may wait to be sent.
const WAITING: usize = 1;
/// How many pieces may wait for the digest.
const PIECES: usize = 8;

/// A piece of the encrypted file.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) index: u32,
    pub(super) bytes: Bytes,
    /// Depends on all that was encrypted up to its end.
    pub(super) mark: Mark,
}

/// What comes out.
pub(super) enum Made {
    Block(Block),
    /// The first block, and how all was encrypted: there is no more.
    Last(Block, Box<EncryptionProfile1>),
}

/// A file that is being encrypted. Dropping it ends that.
pub(super) struct Encrypting {
    blocks: mpsc::Receiver<io::Result<Made>>,
}

impl Encrypting {
    /// Begins to encrypt `size` bytes into blocks of `block_size`, which is a multiple of 16 and no less than 64.
    pub(super) fn start(
        source: Arc<dyn ContentSource>,
        size: u64,
        keys: ContentKeys,
        block_size: usize,
    ) -> io::Result<Self> {
        let (sender, blocks) = mpsc::channel(WAITING);
        let work = Work {
            sender,
            block_size,
            out: Vec::with_capacity(block_size + CHUNK + 16),
            first: None,
            next: 0,
        };
        thread::Builder::new()
            .name("entitlement-encrypt".to_owned())
            .spawn(move || {
                let failures = work.sender.clone();
                if let Err(error) = work.run(&*source, size, &keys) {
                    // Nobody listening is no reason to fail.
                    let _ = failures.blocking_send(Err(error));
                }
            })?;
        Ok(Self { blocks })
    }

    /// The next block; an error ends it.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Made>> {
        let died = || Err(io::Error::other("the thread that encrypts has died"));
        self.blocks
            .poll_recv(context)
            .map(|made| made.unwrap_or_else(died))
    }
}

struct Work {
    sender: mpsc::Sender<io::Result<Made>>,
    block_size: usize,
    /// What has been encrypted and not been sent; begins where a block begins.
    out: Vec<u8>,
    /// The first block, which waits for its first 48 bytes.
    first: Option<Vec<u8>>,
    next: u32,
}

impl Work {
    fn run(mut self, source: &dyn ContentSource, size: u64, keys: &ContentKeys) -> io::Result<()> {
        let (full, empty, digest) = digesting()?;
        let mut sealer = Sealer::new(keys);
        let mut reader = source.open()?.take(size.saturating_add(1));
        self.out.resize(HEADER, 0);
        let mut read = 0_u64;
        loop {
            let mut piece = empty
                .try_recv()
                .unwrap_or_else(|_none| Vec::with_capacity(CHUNK));
            piece.clear();
            let limit = u64::try_from(CHUNK).map_err(io::Error::other)?;
            let got = reader.by_ref().take(limit).read_to_end(&mut piece)?;
            if got == 0 {
                break;
            }
            read += u64::try_from(got).map_err(io::Error::other)?;
            sealer.update(&piece, &mut self.out);
            full.send(piece).map_err(io::Error::other)?;
            if !self.give_blocks() {
                return Ok(());
            }
        }
        if read != size {
            let problem = format!("the file has not the {size} bytes that it had");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        drop(full);
        let mac = sealer.finish(&mut self.out);
        if !self.give_blocks() || !self.give_rest() {
            return Ok(());
        }
        let died = |_panic| io::Error::other("the thread that computes the digest has died");
        let profile = keys.profile(mac, digest.join().map_err(died)?);
        let mut first = self.first.take().unwrap_or_default();
        first[..HEADER].copy_from_slice(&keys.header(&mac));
        let first = Block {
            index: 0,
            mark: Mark::of(&mac),
            bytes: first.into(),
        };
        // Whoever has stopped listening needs no answer.
        let _ = self
            .sender
            .blocking_send(Ok(Made::Last(first, Box::new(profile))));
        Ok(())
    }

    /// Gives away every whole block; `false` if nobody wants them.
    fn give_blocks(&mut self) -> bool {
        while self.out.len() >= self.block_size {
            let mut block = Vec::with_capacity(self.block_size + CHUNK + 16);
            block.extend_from_slice(&self.out[self.block_size..]);
            std::mem::swap(&mut block, &mut self.out);
            block.truncate(self.block_size);
            if !self.give(block) {
                return false;
            }
        }
        true
    }

    fn give_rest(&mut self) -> bool {
        let rest = std::mem::take(&mut self.out);
        rest.is_empty() || self.give(rest)
    }

    fn give(&mut self, bytes: Vec<u8>) -> bool {
        let index = self.next;
        self.next += 1;
        if index == 0 {
            self.first = Some(bytes);
            return !self.sender.is_closed();
        }
        let block = Block {
            index,
            mark: Mark::of_end(&bytes),
            bytes: bytes.into(),
        };
        self.sender.blocking_send(Ok(Made::Block(block))).is_ok()
    }
}

type Digesting = (
    threads::SyncSender<Vec<u8>>,
    threads::Receiver<Vec<u8>>,
    thread::JoinHandle<[u8; 32]>,
);

/// A thread that computes the digest of pieces and gives the emptied pieces back.
fn digesting() -> io::Result<Digesting> {
    let (full, pieces) = threads::sync_channel::<Vec<u8>>(PIECES);
    let (back, empty) = threads::channel();
    let thread = thread::Builder::new()
        .name("entitlement-digest".to_owned())
        .spawn(move || {
            let mut digest = Sha256::new();
            for piece in pieces {
                digest.update(&piece);
                // At the end nobody takes them.
                let _ = back.send(piece);
            }
            digest.finalize().into()
        })?;
    Ok((full, empty, thread))
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Cursor;

    use super::*;
    use crate::intune::content::encrypt::encrypt;

    fn keys() -> ContentKeys {
        ContentKeys::from_bytes([1; 32], [2; 32], [3; 16])
    }

    async fn blocks(
        plain: &[u8],
        block_size: usize,
    ) -> io::Result<(Vec<Block>, EncryptionProfile1)> {
        let source = Arc::new(Bytes::copy_from_slice(plain));
        let size = source.size()?;
        let mut encrypting = Encrypting::start(source, size, keys(), block_size)?;
        let mut blocks = Vec::new();
        loop {
            match poll_fn(|context| encrypting.poll_next(context)).await? {
                Made::Block(block) => blocks.push(block),
                Made::Last(block, profile) => {
                    blocks.push(block);
                    blocks.sort_by_key(|block| block.index);
                    return Ok((blocks, *profile));
                }
            }
        }
    }

    #[tokio::test]
    async fn the_blocks_are_the_encrypted_file() {
        for size in [
            0,
            1,
            15,
            16,
            63,
            64,
            65,
            80,
            1000,
            CHUNK - 1,
            CHUNK,
            3 * CHUNK + 7,
        ] {
            let plain: Vec<u8> = (0..size)
                .map(|byte| (byte % 251).to_le_bytes()[0])
                .collect();
            let mut whole = Cursor::new(Vec::new());
            let expected = encrypt(&plain[..], &mut whole, &keys()).unwrap();
            for block_size in [64, 80, 4096, CHUNK, 1 << 20] {
                let (blocks, profile) = blocks(&plain, block_size).await.unwrap();
                assert_eq!(profile, expected);
                let numbers: Vec<_> = blocks.iter().map(|block| block.index).collect();
                assert!(numbers.iter().zip(0..).all(|(a, b)| *a == b), "{numbers:?}");
                assert!(
                    blocks
                        .iter()
                        .rev()
                        .skip(1)
                        .all(|block| block.bytes.len() == block_size)
                );
                let joined: Vec<u8> = blocks
                    .iter()
                    .flat_map(|block| block.bytes.to_vec())
                    .collect();
                assert_eq!(&joined, whole.get_ref(), "{size} in blocks of {block_size}");
            }
        }
    }

    #[tokio::test]
    async fn a_mark_depends_on_all_that_came_before() {
        let (before, _) = blocks(&[7; 1000], 64).await.unwrap();
        let mut changed = [7; 1000];
        changed[500] = 8;
        let (after, _) = blocks(&changed, 64).await.unwrap();
        let same: Vec<bool> = before
            .iter()
            .zip(&after)
            .map(|(a, b)| a.mark == b.mark)
            .collect();
        let first_changed = (500 + HEADER) / 64;
        for (index, same) in same.iter().enumerate().skip(1) {
            assert_eq!(*same, index < first_changed, "block {index}");
        }
    }

    #[tokio::test]
    async fn a_file_that_grows_or_shrinks_is_refused() {
        for size in [2, 4] {
            let source = Arc::new(Bytes::from_static(b"abc"));
            let mut encrypting = Encrypting::start(source, size, keys(), 64).unwrap();
            let outcome = poll_fn(|context| encrypting.poll_next(context)).await;
            let Err(error) = outcome else {
                panic!("{size}")
            };
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }
}
