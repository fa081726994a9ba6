//! Files of an app's content, on their way to Intune.

use entitlement_core::intune::binary::Binary;
use entitlement_core::intune::content::{FileEncryptionInfo, UploadState};
use indexmap::IndexMap;
use roxmltree::Document;

use super::super::{Context, Missing, Outcome, Reply};
use super::apps::refused;
use super::versions::{of_path, place};
use crate::router::refusal::Refusal;
use crate::storage;
use crate::view::Item;
use crate::world::agenda::Event;
use crate::world::intune::app::AppKind;
use crate::world::intune::content::{AppFile, Stored};
use crate::world::table::Key;

/// The file of the path, if it belongs to the version and the app of the path.
fn file(context: &Context<'_>) -> Result<Key, Refusal> {
    let (_, app) = of_path(context)?;
    let version = app.versions.get(place(context, app)?);
    let key = context.key("file")?;
    version
        .is_some_and(|version| version.files.contains(&key))
        .then_some(key)
        .ok_or_else(|| Missing::Managed.refusal())
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let (_, app) = of_path(context)?;
    let version = app.versions.get(place(context, app)?);
    let files = version.map(|version| version.files.clone());
    context.list(files.unwrap_or_default().into_iter().map(Item::AppFile))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::AppFile(file(context)?))
}

/// Announces a file. The storage's address comes after a while.
pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let (app, row) = of_path(context)?;
    let (version, kind) = (place(context, row)?, row.kind);
    let file = read(context, app, kind).map_err(Refusal::in_intune)?;
    let world = &mut *context.world;
    let key = world.ids.next();
    world.app_files.insert(key, file);
    let row = world.apps.get_mut(app);
    if let Some(version) = row.and_then(|row| row.versions.get_mut(version)) {
        version.files.push(key);
    }
    plan_address(context, key);
    context.made(Item::AppFile(key))
}

fn read(context: &Context<'_>, app: Key, kind: AppKind) -> Result<AppFile, Refusal> {
    let mut body = context.body()?;
    let name = body.require_text("name")?;
    let size: Option<i64> = body.take("size")?;
    let size_encrypted: Option<i64> = body.take("sizeEncrypted")?;
    let manifest: Option<Binary> = body.take("manifest")?;
    let is_dependency: Option<bool> = body.take("isDependency")?;
    body.finish()?;
    let (Some(size), Some(size_encrypted)) = (size, size_encrypted) else {
        return Err(Refusal::invalid_model("size and sizeEncrypted are needed"));
    };
    match &manifest {
        None if kind == AppKind::WindowsMobileMsi => {
            return Err(refused(
                "Invalid manifest: must not be null for the current app type.",
            ));
        }
        Some(manifest) if kind == AppKind::WindowsMobileMsi => check_manifest(manifest)?,
        _ => {}
    }
    Ok(AppFile {
        app,
        version: context.text("version").to_owned(),
        name,
        size,
        size_encrypted,
        manifest,
        is_dependency: is_dependency.unwrap_or(false),
        state: UploadState::AzureStorageUriRequestPending,
        is_committed: false,
        created: context.now,
        storage: storage::place(context.root, &context.world.settings.domain),
        addresses: Vec::new(),
        staged: IndexMap::new(),
        stored: Stored::Nothing,
        encryption: None,
        fault: None,
    })
}

/// What the portal makes of an MSI: an element with what Windows has to know of it.
fn check_manifest(manifest: &Binary) -> Result<(), Refusal> {
    let wrong = |why: String| refused("Invalid manifest.").because(why);
    let bytes = manifest
        .decode()
        .map_err(|error| wrong(error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    let document = Document::parse(&text).map_err(|error| wrong(error.to_string()))?;
    let root = document.root_element();
    if root.has_tag_name("MobileMsiData") && root.has_attribute("MsiExecutionContext") {
        Ok(())
    } else {
        Err(wrong(
            "the manifest of an MSI is a MobileMsiData with an MsiExecutionContext".to_owned(),
        ))
    }
}

fn plan_address(context: &mut Context<'_>, file: Key) {
    let lag = context.world.settings.lag.storage_addresses;
    let give = Event::GiveAddress { file };
    let agenda = &mut context.world.agenda;
    agenda.plan_after(lag, context.now, file, give);
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = file(context)?;
    let (app, row) = of_path(context)?;
    let version = place(context, row)?;
    if row.committed.as_deref() == Some(context.text("version")) {
        return Err(refused(
            "Files of the committed content version cannot be deleted.",
        ));
    }
    let world = &mut *context.world;
    world.app_files.remove(key);
    let row = world.apps.get_mut(app);
    if let Some(version) = row.and_then(|row| row.versions.get_mut(version)) {
        version.files.retain(|file| *file != key);
    }
    Ok(Reply::no_content())
}

/// Another address in place of one that runs out. What was sent stays.
pub(crate) fn renew_upload(context: &mut Context<'_>) -> Outcome {
    let key = file(context)?;
    let place = storage::place(context.root, &context.world.settings.domain);
    let row = context.world.app_files.get_mut(key);
    let row = row.ok_or_else(|| Missing::Managed.refusal())?;
    if !row.is_open() {
        let why = format!("the file is {}", row.state);
        return Err(refused("The upload cannot be renewed in this state.").because(why));
    }
    row.state = UploadState::AzureStorageUriRenewalPending;
    row.storage = place;
    plan_address(context, key);
    Ok(Reply::no_content())
}

/// Says that a file was sent, and how it was encrypted. Whether it is any good shows when Intune has looked at it.
pub(crate) fn commit(context: &mut Context<'_>) -> Outcome {
    let key = file(context)?;
    let info = read_encryption(context).map_err(Refusal::in_intune)?;
    let now = context.now;
    let world = &mut *context.world;
    let row = world.app_files.get_mut(key);
    let row = row.ok_or_else(|| Missing::Managed.refusal())?;
    if row.is_committed || row.state == UploadState::CommitFilePending {
        return Ok(Reply::no_content());
    }
    if row.addresses.is_empty() {
        let why = format!("the file is {}", row.state);
        return Err(refused("The file cannot be committed in this state.").because(why));
    }
    row.encryption = Some(info);
    row.state = UploadState::CommitFilePending;
    let lag = world.settings.lag.file_commits;
    let inspect = Event::InspectFile { file: key };
    world.agenda.plan_after(lag, now, key, inspect);
    Ok(Reply::no_content())
}

fn read_encryption(context: &Context<'_>) -> Result<FileEncryptionInfo, Refusal> {
    let mut body = context.body()?;
    let info: Option<FileEncryptionInfo> = body.take("fileEncryptionInfo")?;
    body.finish()?;
    info.ok_or_else(|| Refusal::invalid_model("fileEncryptionInfo is missing"))
}
