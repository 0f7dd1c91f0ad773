//! The manifest of a quarantine folder: written last, so its presence means that the set is complete.

use super::quarantine::inconsistent;
use crate::adapters::common::fs::{file_error, sync_folder, write_durably};
use crate::domain::database::Quarantine;
use crate::ports::PortResult;
use std::io;
use std::path::Path;

const COMPLETE: &str = "manifest.json";
const RETURNED: &str = "manifest.returned.json";

/// What a quarantine folder says of itself.
#[derive(Debug)]
pub(super) enum Mark {
    /// Not begun, or cut off.
    None,
    /// The whole set lies here.
    Complete(Quarantine),
    /// The whole set lay here and was given back.
    Returned(Quarantine),
}

/// Reads the mark of a folder.
pub(super) fn read(folder: &Path) -> PortResult<Mark> {
    if let Some(set) = read_file(&folder.join(COMPLETE))? {
        return Ok(Mark::Complete(set));
    }
    Ok(read_file(&folder.join(RETURNED))?.map_or(Mark::None, Mark::Returned))
}

fn read_file(path: &Path) -> PortResult<Option<Quarantine>> {
    match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|e| inconsistent(path).because(e)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_error(path, &error, 0)),
    }
}

/// Marks the set as complete. A mark of an earlier return no longer holds.
pub(super) fn complete(folder: &Path, set: &Quarantine) -> PortResult<()> {
    let path = folder.join(COMPLETE);
    let text = serde_json::to_vec_pretty(set).map_err(|e| inconsistent(&path).because(e))?;
    write_durably(&path, &text, 0o600)
}

/// Marks the set as given back.
pub(super) fn returned(folder: &Path) -> PortResult<()> {
    let path = folder.join(COMPLETE);
    std::fs::rename(&path, folder.join(RETURNED)).map_err(|e| file_error(&path, &e, 0))?;
    sync_folder(folder)
}
