//! An upload that goes well.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use entitlement_core::intune::app::MobileAppPublishingState;
use entitlement_graph::intune::content::checkpoint::UploadCheckpoint;
use entitlement_graph::intune::content::msi::MsiPackage;
use entitlement_graph::intune::content::progress::UploadStep;
use serde_json::json;

use crate::fake::{Fake, bytes, encrypted, zip};
use crate::package::{TWO_KINDS, fixture};

#[tokio::test]
async fn every_step_is_taken_in_its_order() {
    let fake = Fake::new("win32LobApp");
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    let upload = fake
        .upload(&zip(2000))
        .parallel(1)
        .on_progress(move |progress| {
            let staged = progress
                .checkpoint
                .map_or(0, UploadCheckpoint::staged_blocks);
            notes.lock().unwrap().push((
                progress.step,
                progress.sent,
                staged,
                progress.to_string(),
            ));
        });
    let done = upload.run().await.unwrap();
    assert_eq!(
        done.app.publishing_state,
        Some(MobileAppPublishingState::Published)
    );
    assert_eq!(
        (done.version.to_string(), done.file.to_string()),
        ("1".into(), "f1".into())
    );
    let f = "mobileApps/a1/T/contentVersions/1/files";
    assert_eq!(
        fake.state().lines,
        [
            "GET mobileApps/a1".to_owned(),
            "POST mobileApps/a1/T/contentVersions".to_owned(),
            format!("POST {f}"),
            format!("GET {f}/f1"),
            format!("GET {f}/f1"),
            "PUT blob block MDAwMDAx".to_owned(),
            "PUT blob block MDAwMDAy".to_owned(),
            "PUT blob block MDAwMDAw".to_owned(),
            "PUT blob list".to_owned(),
            format!("POST {f}/f1/commit"),
            format!("GET {f}/f1"),
            format!("GET {f}/f1"),
            "PATCH mobileApps/a1".to_owned(),
            "GET mobileApps/a1".to_owned(),
            "GET mobileApps/a1".to_owned(),
        ]
    );
    assert_eq!(
        fake.state().blob.as_deref(),
        Some(&*encrypted(&bytes(2000)))
    );
    let waits = fake.clock.waits();
    assert_eq!(waits.len(), 3, "one for each thing that takes time");
    assert!(
        waits.iter().all(|wait| *wait >= Duration::from_secs(2)),
        "{waits:?}"
    );

    let told = told.lock().unwrap();
    let mut steps: Vec<UploadStep> = told.iter().map(|(step, ..)| *step).collect();
    assert!(steps.is_sorted(), "{steps:?}");
    steps.dedup();
    assert!(
        !steps.contains(&UploadStep::Renewal) && steps.len() == 10,
        "{steps:?}"
    );
    let last_block = told
        .iter()
        .rfind(|(step, ..)| *step == UploadStep::Blocks)
        .unwrap();
    let (_, sent, staged, text) = last_block;
    assert_eq!((*sent, *staged), (2064, 3));
    assert_eq!(text, "sending blocks: 2064 of 2064 bytes");
}

#[tokio::test]
async fn the_bodies_say_what_the_service_asks_for() {
    let fake = Fake::new("win32LobApp");
    fake.upload(&zip(3)).run().await.unwrap();
    let bodies = fake.state().bodies.clone();
    let body = |end: &str| {
        bodies
            .iter()
            .find(|(line, _)| line.ends_with(end))
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(body("contentVersions"), json!({}));
    assert_eq!(
        body("files"),
        json!({"@odata.type": "#microsoft.graph.mobileAppContentFile", "name": "MIP.zip", "size": 3,
            "sizeEncrypted": 64, "manifest": null, "isDependency": false})
    );
    let info = &body("commit")["fileEncryptionInfo"];
    assert_eq!(info["profileIdentifier"], "ProfileVersion1");
    assert_eq!(info["fileDigestAlgorithm"], "SHA256");
    assert_eq!(info["initializationVector"], "AwMDAwMDAwMDAwMDAwMDAw==");
    assert_eq!(
        body("PATCH mobileApps/a1"),
        json!({"@odata.type": "#microsoft.graph.win32LobApp", "committedContentVersion": "1"})
    );
}

#[tokio::test]
async fn an_msi_brings_its_manifest() {
    let fake = Fake::new("windowsMobileMSI");
    let package = MsiPackage::from_bytes("MIP.msi", fixture(TWO_KINDS)).unwrap();
    fake.upload(&package.content()).run().await.unwrap();
    let bodies = fake.state().bodies.clone();
    let (_, announced) = bodies
        .iter()
        .find(|(line, _)| line.ends_with("/files"))
        .unwrap();
    assert_eq!(announced["manifest"], package.manifest().as_str());
    assert_eq!(announced["size"], fixture(TWO_KINDS).len());
}

#[tokio::test]
async fn blocks_go_side_by_side_in_any_size() {
    for (size, block_size, parallel) in [
        (0, 64, 1),
        (1, 64, 4),
        (100_000, 4096, 8),
        (100_000, 1 << 20, 3),
        (5000, 70, 5),
    ] {
        let fake = Fake::new("win32LobApp");
        let upload = fake
            .upload(&zip(size))
            .block_size(block_size)
            .parallel(parallel);
        upload.run().await.unwrap();
        assert_eq!(
            fake.state().blob.as_deref(),
            Some(&*encrypted(&bytes(size))),
            "{size}"
        );
    }
}

#[tokio::test]
async fn ten_thousand_blocks_and_one() {
    let fake = Fake::new("win32LobApp");
    let size = 64 * 10_001 - 48 - 16;
    fake.upload(&zip(size)).block_size(64).run().await.unwrap();
    assert_eq!(fake.state().blocks.len(), 10_001);
    assert_eq!(
        fake.state().blob.as_deref(),
        Some(&*encrypted(&bytes(size)))
    );
}

#[tokio::test]
async fn what_would_be_too_many_blocks_are_larger_ones() {
    let fake = Fake::new("win32LobApp");
    fake.upload(&zip(64 * 50_000))
        .block_size(64)
        .run()
        .await
        .unwrap();
    assert!(fake.state().blocks.len() <= 50_000);
}

#[tokio::test]
async fn an_address_that_runs_out_is_renewed_in_time() {
    let fake = Fake::new("win32LobApp");
    fake.state().valid_for = Duration::from_secs(600);
    fake.state().block_takes = Duration::from_secs(100);
    fake.upload(&zip(10_000)).parallel(1).run().await.unwrap();
    assert_eq!(
        fake.state().blob.as_deref(),
        Some(&*encrypted(&bytes(10_000)))
    );
    assert_eq!(fake.count("renewUpload"), 2);
    assert_eq!(fake.count("blob block"), 10, "nothing was refused");
}
