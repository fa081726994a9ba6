//! What goes wrong, at which step, and how that reads.

use std::error::Error as _;
use std::io::{self, Read};
use std::time::Duration;

use entitlement_core::intune::content::UploadState;
use entitlement_graph::Error;
use entitlement_graph::intune::content::progress::{UploadError, UploadFault, UploadStep};
use entitlement_graph::intune::content::source::{ContentFile, ContentSource};
use entitlement_graph::wait::Wait;
use http::StatusCode;

use crate::fake::{Fake, Fault, bytes, encrypted, zip};

async fn broken(fake: &Fake) -> UploadError {
    fake.upload(&zip(5000)).run().await.unwrap_err()
}

const REFUSAL: &str = r#"{"error": {"code": "BadRequest", "message": "no"}}"#;

#[tokio::test]
async fn every_step_says_that_it_was_the_one() {
    let f = "POST mobileApps/a1/T/contentVersions/1/files";
    for (call, after, step) in [
        ("GET mobileApps/a1", 0, UploadStep::Prepare),
        (
            "POST mobileApps/a1/T/contentVersions",
            0,
            UploadStep::Version,
        ),
        (f, 0, UploadStep::Announce),
        ("files/f1", 0, UploadStep::Address),
        ("blob block", 2, UploadStep::Blocks),
        ("blob list", 0, UploadStep::BlockList),
        ("commit", 0, UploadStep::Commit),
        ("files/f1", 3, UploadStep::Inspection),
        ("PATCH", 0, UploadStep::Publish),
    ] {
        let fake = Fake::new("win32LobApp");
        // A version that is refused with 400 may be there already, which is another story.
        let status = if step == UploadStep::Version {
            409
        } else {
            400
        };
        fake.fail(call, after, 9, Fault::Status(status, REFUSAL));
        let error = broken(&fake).await;
        assert_eq!(error.step, step, "{call}: {error}");
        assert!(error.to_string().contains(&step.to_string()), "{error}");
        let resumable = error.checkpoint.is_some();
        assert_eq!(resumable, step > UploadStep::Announce, "{step}");
    }
}

#[tokio::test]
async fn what_passes_is_sent_again() {
    let fake = Fake::new("win32LobApp");
    fake.fail(
        "blob block",
        1,
        2,
        Fault::Status(503, "<Error><Code>ServerBusy</Code></Error>"),
    );
    fake.fail("blob list", 0, 1, Fault::Lost);
    fake.fail("PATCH", 0, 1, Fault::Status(429, ""));
    fake.upload(&zip(5000)).run().await.unwrap();
    assert_eq!(
        fake.state().blob.as_deref(),
        Some(&*encrypted(&bytes(5000)))
    );
}

#[tokio::test]
async fn a_refused_file_is_told_from_a_slow_service() {
    let fake = Fake::new("win32LobApp");
    fake.state().final_commit = "commitFileFailed";
    let error = broken(&fake).await;
    assert_eq!(error.step, UploadStep::Inspection);
    assert!(matches!(
        &error.fault,
        UploadFault::GivenUp(UploadState::CommitFileFailed)
    ));
    assert_eq!(
        error.to_string(),
        "the upload broke off while waiting for the service to look at the file: \
         the service gave the file up, with state commitFileFailed"
    );

    let fake = Fake::new("win32LobApp");
    fake.state().pending = usize::MAX;
    let wait = Wait::default().limit(Duration::from_secs(60));
    let error = fake.upload(&zip(10)).wait(wait).run().await.unwrap_err();
    assert_eq!(error.step, UploadStep::Address);
    assert!(
        matches!(&error.fault, UploadFault::Graph(Error::TimedOut(_))),
        "{error}"
    );
    assert!(
        error.to_string().contains("azureStorageUriRequestPending"),
        "{error}"
    );
}

#[tokio::test]
async fn an_expired_address_is_renewed_and_a_refused_one_is_not_for_ever() {
    let expired = Fault::Status(403, "<Error><Code>AuthenticationFailed</Code></Error>");
    let fake = Fake::new("win32LobApp");
    fake.fail("blob block", 2, 1, expired.clone());
    fake.fail("blob list", 0, 1, expired.clone());
    fake.upload(&zip(5000)).run().await.unwrap();
    assert_eq!(fake.count("renewUpload"), 2);
    assert_eq!(
        fake.state().blob.as_deref(),
        Some(&*encrypted(&bytes(5000)))
    );

    let fake = Fake::new("win32LobApp");
    fake.fail("blob block", 0, usize::MAX, expired);
    let error = fake.upload(&zip(5000)).parallel(1).run().await.unwrap_err();
    let UploadFault::Storage(status, code) = &error.fault else {
        panic!("{error}")
    };
    assert_eq!(
        (*status, code.as_deref()),
        (StatusCode::FORBIDDEN, Some("AuthenticationFailed"))
    );
    assert_eq!(fake.count("renewUpload"), 2);
    assert!(!format!("{error:?}").contains("sig="), "{error:?}");
}

#[tokio::test]
async fn nothing_is_sent_in_vain() {
    let fake = Fake::new("windowsMobileMSI");
    let error = broken(&fake).await;
    assert!(error.to_string().contains("MsiPackage::content"), "{error}");
    assert_eq!(fake.state().lines.len(), 1);

    let fake = Fake::new("webApp");
    let error = broken(&fake).await;
    assert!(matches!(&error.fault, UploadFault::Refused(reason) if reason.contains("webApp")));
}

/// A disk that breaks half-way, or a file that grows while it is read.
#[derive(Debug)]
struct Flaky {
    says: u64,
    fails: bool,
}

impl ContentSource for Flaky {
    fn size(&self) -> io::Result<u64> {
        Ok(self.says)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let good = io::Cursor::new(bytes(4000));
        if !self.fails {
            return Ok(Box::new(good));
        }
        Ok(Box::new(good.chain(Broken)))
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _into: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_the_source_of_the_error() {
    for (says, fails) in [(5000, true), (3999, false), (4001, false)] {
        let fake = Fake::new("win32LobApp");
        let file = ContentFile::win32("x.zip", Flaky { says, fails });
        let error = fake.upload(&file).run().await.unwrap_err();
        assert!(matches!(&error.fault, UploadFault::Source(_)), "{error}");
        assert_eq!(error.step, UploadStep::Blocks);
        assert!(error.source().is_some());
        assert_eq!(fake.count("commit"), 0);
    }
    let fake = Fake::new("win32LobApp");
    let nowhere = ContentFile::win32_at("/nowhere/MIP.zip");
    assert_eq!(nowhere.name(), "MIP.zip");
    let error = fake.upload(&nowhere).run().await.unwrap_err();
    assert_eq!(error.step, UploadStep::Prepare);
}

#[tokio::test]
async fn an_address_elsewhere_than_on_tls_is_refused() {
    let fake = Fake::new("win32LobApp");
    let file = r#"{"id": "f1", "uploadState": "azureStorageUriRequestSuccess", "azureStorageUri": "http://evil.example/?sig=s3cret"}"#;
    fake.fail(
        "GET mobileApps/a1/T/contentVersions/1/files/f1",
        0,
        1,
        Fault::Status(200, file),
    );
    let error = broken(&fake).await;
    assert!(
        matches!(&error.fault, UploadFault::Unreachable(_)),
        "{error}"
    );
    assert!(!format!("{error:?} {error}").contains("s3cret"));
    assert_eq!(fake.count("blob"), 0);
}
