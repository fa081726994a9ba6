//! States of a tenant in files.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use entitlement_mock::snapshot::Snapshot;

/// Reads a saved state.
pub(crate) fn read(file: &Path) -> Result<Snapshot, String> {
    let wrong = |why: String| format!("cannot load {}: {why}", file.display());
    let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    Snapshot::from_json(&text).map_err(|error| wrong(error.to_string()))
}

/// Saves a state; whoever reads the file meanwhile sees the old one or the new one.
pub(crate) fn write(file: &Path, state: &Snapshot) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("cannot save {}: {error}", file.display());
    let mut beside = OsString::from(file);
    beside.push(".new");
    fs::write(&beside, state.to_json()).map_err(wrong)?;
    fs::rename(&beside, file).map_err(wrong)
}
