//! Going on after a break.

use entitlement_graph::intune::content::checkpoint::UploadCheckpoint;
use entitlement_graph::intune::content::progress::{UploadError, UploadStep};
use entitlement_graph::intune::content::source::ContentFile;
use serde_json::json;

use crate::fake::{Fake, Fault, bytes, encrypted, zip};

const REFUSAL: &str = r#"{"error": {"code": "BadRequest", "message": "no"}}"#;

/// The checkpoint, as another process reads it.
fn saved(error: UploadError) -> UploadCheckpoint {
    let checkpoint = error.checkpoint.unwrap();
    let json = serde_json::to_string(&checkpoint).unwrap();
    let read: UploadCheckpoint = serde_json::from_str(&json).unwrap();
    assert_eq!(read, *checkpoint);
    let shown = format!("{checkpoint:?}");
    assert!(
        shown.contains("staged_blocks") && !shown.contains("keys"),
        "{shown}"
    );
    read
}

#[tokio::test]
async fn blocks_that_are_there_are_not_sent_again() {
    let fake = Fake::new("win32LobApp");
    fake.fail("blob block", 6, 1, Fault::Status(400, REFUSAL));
    let error = fake
        .upload(&zip(10_000))
        .parallel(1)
        .run()
        .await
        .unwrap_err();
    assert_eq!(error.step, UploadStep::Blocks);
    let checkpoint = saved(error);
    assert_eq!(checkpoint.staged_blocks(), 6);
    let sent = fake.count("blob block");

    // Other keys would not fit what is there: those of the checkpoint count.
    let app = fake.app();
    app.upload(&zip(10_000))
        .resume(checkpoint)
        .run()
        .await
        .unwrap();
    assert_eq!(fake.count("blob block") - sent, 10 - 6);
    assert_eq!(
        (
            fake.count("POST mobileApps/a1/T/contentVersions"),
            fake.state().files
        ),
        (3, 1)
    );
    assert_eq!(
        fake.state().blob.as_deref(),
        Some(&*encrypted(&bytes(10_000)))
    );
}

#[tokio::test]
async fn what_has_changed_in_the_file_is_sent_again() {
    let fake = Fake::new("win32LobApp");
    fake.fail("blob list", 0, 1, Fault::Status(409, ""));
    let error = fake.upload(&zip(10_000)).run().await.unwrap_err();
    let checkpoint = saved(error);
    assert_eq!(checkpoint.staged_blocks(), 10);
    let mut changed = bytes(10_000).to_vec();
    changed[7000] ^= 1;
    let file = ContentFile::win32("MIP.zip", bytes::Bytes::from(changed.clone()));
    let before = fake.count("blob block");
    fake.upload(&file).resume(checkpoint).run().await.unwrap();
    assert_eq!(
        fake.count("blob block") - before,
        10 - 6 + 1,
        "the first has the HMAC of all"
    );
    assert_eq!(fake.state().blob.as_deref(), Some(&*encrypted(&changed)));
}

#[tokio::test]
async fn a_break_after_the_blocks_goes_on_there() {
    for (call, after) in [("files/f1", 3), ("PATCH", 0)] {
        let fake = Fake::new("win32LobApp");
        fake.fail(call, after, 1, Fault::Status(400, REFUSAL));
        let error = fake.upload(&zip(5000)).run().await.unwrap_err();
        let before = fake.count("blob");
        let checkpoint = saved(error);
        fake.upload(&zip(5000))
            .resume(checkpoint)
            .run()
            .await
            .unwrap();
        assert_eq!(
            (
                fake.count("blob") - before,
                fake.count("POST mobileApps/a1/T/contentVersions/1/files/f1/commit")
            ),
            (0, 1)
        );
        assert_eq!(fake.state().committed.as_deref(), Some("1"));
    }
}

#[tokio::test]
async fn what_is_published_is_left_alone() {
    let fake = Fake::new("win32LobApp");
    fake.fail("GET mobileApps/a1", 5, 9, Fault::Status(400, REFUSAL));
    let error = fake.upload(&zip(50)).run().await.unwrap_err();
    assert_eq!(error.step, UploadStep::Publication, "{error}");
    let fresh = Fake::new("win32LobApp");
    let checkpoint = saved(error);
    {
        let mut state = fresh.state();
        (state.files, state.progress) = (1, "commitFileSuccess".to_owned());
        (state.committed, state.publishing) = (Some("1".to_owned()), "published");
    }
    fresh
        .upload(&zip(50))
        .resume(checkpoint)
        .run()
        .await
        .unwrap();
    assert!(
        fresh
            .state()
            .lines
            .iter()
            .all(|line| line.starts_with("GET"))
    );
}

#[tokio::test]
async fn what_was_given_up_is_begun_anew_in_its_version() {
    let fake = Fake::new("win32LobApp");
    fake.state().final_commit = "commitFileFailed";
    let error = fake.upload(&zip(5000)).run().await.unwrap_err();
    fake.state().final_commit = "commitFileSuccess";
    let checkpoint = saved(error);
    let done = fake
        .upload(&zip(5000))
        .resume(checkpoint)
        .run()
        .await
        .unwrap();
    assert_eq!(
        (done.version.to_string(), done.file.to_string()),
        ("1".into(), "f2".into())
    );
    assert_eq!(
        fake.count("DELETE mobileApps/a1/T/contentVersions/1/files/f1"),
        1
    );
}

#[tokio::test]
async fn without_a_checkpoint_a_version_that_was_begun_is_gone_on_with() {
    let fake = Fake::new("win32LobApp");
    fake.state().versions = 1;
    fake.state().left_over =
        Some(json!({"id": "f0", "uploadState": "commitFileFailed", "isCommitted": false}));
    fake.upload(&zip(5000)).run().await.unwrap();
    assert_eq!(
        fake.count("DELETE mobileApps/a1/T/contentVersions/1/files/f0"),
        1
    );
    assert_eq!(fake.state().committed.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_checkpoint_of_something_else_is_of_no_use() {
    let fake = Fake::new("win32LobApp");
    fake.fail("blob block", 2, 1, Fault::Status(400, REFUSAL));
    let error = fake.upload(&zip(5000)).run().await.unwrap_err();
    let checkpoint = saved(error);
    assert_eq!(checkpoint.app().to_string(), "a1");
    let (version, file) = (
        checkpoint.version().to_string(),
        checkpoint.file().to_string(),
    );
    assert_eq!((&*version, &*file), ("1", "f1"));
    for other in [zip(4999), ContentFile::win32("other.zip", bytes(5000))] {
        let fresh = Fake::new("win32LobApp");
        fresh
            .upload(&other)
            .resume(checkpoint.clone())
            .run()
            .await
            .unwrap();
        assert_eq!(fresh.count("POST mobileApps/a1/T/contentVersions"), 3);
    }
    for size in [0, 63, 70] {
        let mut forged = serde_json::to_value(&checkpoint).unwrap();
        forged["block_size"] = size.into();
        let forged = serde_json::from_value(forged).unwrap();
        let fresh = Fake::new("win32LobApp");
        fresh.upload(&zip(5000)).resume(forged).run().await.unwrap();
        assert_eq!(fresh.state().files, 1);
    }
    let gone = Fake::new("win32LobApp");
    gone.upload(&zip(5000))
        .resume(checkpoint)
        .run()
        .await
        .unwrap();
    assert_eq!(gone.state().files, 1, "the file was not there and is made");
}
