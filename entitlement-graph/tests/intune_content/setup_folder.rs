//! Folders that are zipped on the way.

use std::io::{self, Cursor, Read};
use std::path::PathBuf;

use bytes::Bytes;
use entitlement_graph::intune::content::msi::MsiPackage;
use entitlement_graph::intune::content::setup_folder::SetupFolder;
use entitlement_graph::intune::content::source::{ContentFile, ContentSource};
use zip::ZipArchive;

use crate::fake::{Fake, bytes, encrypted};
use crate::package::{TWO_KINDS, fixture};

fn zipped(source: &dyn ContentSource) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    source.open()?.read_to_end(&mut all)?;
    Ok(all)
}

fn unzipped(zip: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(zip)).unwrap();
    let read = |number| {
        let mut file = zip.by_index(number).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..2).map(read).collect()
}

#[test]
fn what_goes_in_comes_out_and_has_the_size_that_was_said() {
    let folder = SetupFolder::new()
        .file("setup.exe", bytes(100_000))
        .file("data/empty.txt", Bytes::new());
    let zip = zipped(&folder).unwrap();
    assert_eq!(folder.size().unwrap(), u64::try_from(zip.len()).unwrap());
    assert_eq!(zip, zipped(&folder).unwrap(), "the same every time");
    let expected = [
        ("data/empty.txt".to_owned(), Vec::new()),
        ("setup.exe".to_owned(), bytes(100_000).to_vec()),
    ];
    assert_eq!(unzipped(zip), expected);
}

#[test]
fn a_folder_of_the_disk_is_read_with_what_is_in_it() {
    let root = std::env::temp_dir().join(format!("entitlement-folder-{}", std::process::id()));
    std::fs::create_dir_all(root.join("data")).unwrap();
    std::fs::write(root.join("setup.exe"), "setup").unwrap();
    std::fs::write(root.join("data/a.txt"), "a").unwrap();
    let zip = SetupFolder::read(&root).and_then(|folder| zipped(&folder));
    std::fs::remove_dir_all(&root).unwrap();
    let names: Vec<_> = unzipped(zip.unwrap())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["data/a.txt", "setup.exe"]);
    assert!(SetupFolder::read("/nowhere").is_err());
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_and_no_shorter_zip() {
    let folder = SetupFolder::new()
        .file("a.txt", Bytes::from_static(b"a"))
        .file("b.txt", PathBuf::from("/nowhere/b.txt"));
    assert_eq!(folder.size().unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(zipped(&folder).unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn whoever_stops_reading_stops_the_zipping() {
    let folder = SetupFolder::new().file("setup.exe", bytes(1_000_000));
    let mut begun = folder.open().unwrap();
    let mut few = [0; 10];
    begun.read_exact(&mut few).unwrap();
    drop(begun);
}

#[tokio::test]
async fn an_msi_becomes_a_win32_app() {
    let package = MsiPackage::from_bytes("MIP.msi", fixture(TWO_KINDS)).unwrap();
    let content: ContentFile = package.zipped_content("MIP.zip");
    assert_eq!((content.name(), content.manifest()), ("MIP.zip", None));
    let fake = Fake::new("win32LobApp");
    fake.upload(&content).run().await.unwrap();
    let zip = zipped(&**content.source()).unwrap();
    assert_eq!(fake.state().blob.as_deref(), Some(&*encrypted(&zip)));
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut msi = Vec::new();
    archive
        .by_name("MIP.msi")
        .unwrap()
        .read_to_end(&mut msi)
        .unwrap();
    assert_eq!(msi, fixture(TWO_KINDS));
}
