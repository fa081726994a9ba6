//! How fast an installer goes through encryption and blocks, and how much memory that takes.
//!
//! A file of 256 MiB is uploaded to a storage in memory that forgets it, and the same bytes are encrypted and digested by
//! hand in one thread, in turns; the ratio of the best of each is what counts. Then a file of 1 GiB is uploaded and the
//! peak of the process's memory read. The file is made up while it is read.

use std::future::ready;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aes::Aes256;
use async_trait::async_trait;
use cbc::cipher::{Array, BlockModeEncrypt, KeyIvInit};
use entitlement_graph::GraphClient;
use entitlement_graph::intune::content::source::{ContentFile, ContentSource};
use entitlement_graph::testing::{InstantClock, answer};
use entitlement_graph::transport::{Request, Response, Transport, TransportError};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::runtime::Builder;

const MIB: u64 = 1 << 20;
const ROUNDS: usize = 3;
/// How fast the upload is to be at least, beside the bare work.
const GOAL: f64 = 0.8;
/// How much memory 1 GiB may take, in KiB.
const BUDGET: u64 = 64 * 1024;
const CHUNK: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Builder::new_current_thread().build()?;
    let size = 256 * MIB;
    let (mut bare, mut whole) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        bare = bare.min(timed(|| by_hand(size))?);
        whole = whole.min(timed(|| runtime.block_on(upload(size)))?);
    }
    let ratio = bare.as_secs_f64() / whole.as_secs_f64();
    let speed = |time: Duration| 256.0 / time.as_secs_f64();
    println!(
        "upload/256 MiB: {:.0} MiB/s, by hand {:.0} MiB/s: ratio {ratio:.2}, of {GOAL}",
        speed(whole),
        speed(bare)
    );
    let before = peak_memory();
    runtime.block_on(upload(1024 * MIB))?;
    match (before, peak_memory()) {
        (Some(before), Some(peak)) => {
            println!("upload/1 GiB: peak {peak} KiB of {BUDGET}, {before} KiB before");
            assert!(peak <= BUDGET, "the upload takes too much memory");
        }
        _ => println!("upload/1 GiB: this system does not tell how much memory it took"),
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark asks how long it takes on the wall's clock"
)]
fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// The same bytes through AES-256-CBC and SHA-256, and nothing else.
fn by_hand(size: u64) -> io::Result<[u8; 32]> {
    let mut cipher = cbc::Encryptor::<Aes256>::new(&[1; 32].into(), &[2; 16].into());
    let (mut digest, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    let mut file = MadeUp(size).open()?;
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(digest.finalize().into());
        }
        digest.update(&chunk[..read]);
        let (blocks, _rest) = Array::slice_as_chunks_mut(&mut chunk[..read]);
        cipher.encrypt_blocks(blocks);
        std::hint::black_box(&chunk);
    }
}

async fn upload(size: u64) -> Result<(), Box<dyn std::error::Error>> {
    let client = GraphClient::builder(Forgetful::default())
        .clock(InstantClock::default())
        .build();
    let app = client.intune().app(&"a1".parse()?);
    let file = ContentFile::win32("made-up.zip", MadeUp(size));
    app.upload(&file).run().await?;
    Ok(())
}

/// So many bytes that are made up.
#[derive(Debug)]
struct MadeUp(u64);

impl ContentSource for MadeUp {
    fn size(&self) -> io::Result<u64> {
        Ok(self.0)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(io::repeat(0xA5).take(self.0)))
    }
}

/// Intune and the storage, at once done with everything.
#[derive(Debug, Default)]
struct Forgetful {
    is_committed: AtomicBool,
}

#[async_trait]
impl Transport for Forgetful {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        ready(()).await;
        let path = request.uri().path();
        let app = json!({"@odata.type": "#microsoft.graph.win32LobApp", "id": "a1", "publishingState": "published",
            "committedContentVersion": "1"});
        if path.ends_with("/commit") {
            self.is_committed.store(true, Ordering::SeqCst);
        }
        let is_committed = self.is_committed.load(Ordering::SeqCst);
        let state = if is_committed {
            "commitFileSuccess"
        } else {
            "azureStorageUriRequestSuccess"
        };
        let body: Value = if request.uri().host() == Some("storage.example") {
            return Ok(answer(StatusCode::CREATED, ""));
        } else if path.ends_with("/f1") {
            json!({"id": "f1", "uploadState": state, "isCommitted": is_committed,
                "azureStorageUri": "https://storage.example/f?sig=s"})
        } else if path.ends_with("/files") {
            json!({"id": "f1"})
        } else if path.ends_with("/contentVersions") {
            json!({"id": "1"})
        } else if path.ends_with("/commit") || request.method() == Method::PATCH {
            Value::Null
        } else {
            app
        };
        Ok(answer(StatusCode::OK, body.to_string()))
    }
}

/// The most memory this process has had so far, in KiB.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
