//! Content on its way: addresses of the storage, files that are looked at, apps that are published.

use entitlement_core::intune::app::MobileAppPublishingState;
use entitlement_core::intune::content::UploadState;
use entitlement_core::time::{IsoDuration, Timestamp};

use super::inspection::inspect;
use crate::world::World;
use crate::world::intune::content::{Address, Stored};
use crate::world::table::Key;

/// A file gets its first address, or another one.
pub(crate) fn give_address(world: &mut World, at: Timestamp, file: Key) {
    let minutes = world.settings.choices.intune.storage_address_minutes;
    let signature = world.ids.next();
    let Some(row) = world.app_files.get_mut(file) else {
        return;
    };
    row.state = match row.state {
        UploadState::AzureStorageUriRequestPending => UploadState::AzureStorageUriRequestSuccess,
        UploadState::AzureStorageUriRenewalPending => UploadState::AzureStorageUriRenewalSuccess,
        _ => return,
    };
    let expires = IsoDuration::minutes(minutes).after(at);
    row.addresses.push(Address {
        signature,
        expires: expires.unwrap_or(at),
    });
}

/// A file that was committed is looked at, and taken if it is what was announced.
pub(crate) fn inspect_file(world: &mut World, file: Key) {
    let Some(row) = world.app_files.get_mut(file) else {
        return;
    };
    if row.state != UploadState::CommitFilePending {
        return;
    }
    match inspect(row) {
        Ok(()) => {
            row.state = UploadState::CommitFileSuccess;
            row.is_committed = true;
            row.fault = None;
            row.staged.clear();
            row.stored = Stored::Taken;
        }
        Err(fault) => {
            row.state = UploadState::CommitFileFailed;
            row.fault = Some(fault);
        }
    }
}

/// An app can be assigned from now on.
pub(crate) fn publish(world: &mut World, app: Key) {
    if let Some(row) = world.apps.get_mut(app)
        && row.state == MobileAppPublishingState::Processing
    {
        row.state = MobileAppPublishingState::Published;
    }
}
