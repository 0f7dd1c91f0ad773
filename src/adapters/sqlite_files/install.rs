//! Renaming the staged file into place.

use super::plain;
use super::present;
use super::quarantine::{move_file, taken};
use crate::adapters::common::fs::{file_error, open_plain, parent, sync_folder};
use crate::domain::database::Ownership;
use crate::domain::failure::FailureCode;
use crate::ports::database::Layout;
use crate::ports::{PortError, PortResult};
use rustix::fs::{Gid, Mode, Uid};
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Owner and mode first, on the file under its temporary name: a reader never sees it otherwise.
pub(super) fn run(layout: &Layout, ownership: Ownership) -> PortResult<()> {
    if let Some(path) = present(&layout.database)?.first() {
        return Err(taken(path));
    }
    let staging = layout.staging.as_path();
    plain(staging)?;
    let failed = |error| file_error(staging, &error, 0);
    let file = open_plain(staging).map_err(failed)?;
    own(&file, &layout.database, ownership)?;
    file.sync_all().map_err(failed)?;
    move_file(staging, &layout.database)?;
    // It is in place, though a power cut could still undo that.
    sync_folder(&parent(&layout.database)).map_err(PortError::unknown)
}

fn own(file: &File, path: &Path, wanted: Ownership) -> PortResult<()> {
    let is_so = |file: &File| {
        file.metadata().is_ok_and(|found| {
            found.uid() == wanted.uid
                && found.gid() == wanted.gid
                && found.mode() & 0o7777 == wanted.mode
        })
    };
    // Changing the owner clears set-id bits, so the mode comes after it.
    let changed = rustix::fs::fchown(
        file,
        Some(Uid::from_raw(wanted.uid)),
        Some(Gid::from_raw(wanted.gid)),
    )
    .and_then(|()| rustix::fs::fchmod(file, Mode::from_raw_mode(wanted.mode)));
    match changed {
        Ok(()) if is_so(file) => Ok(()),
        Ok(()) => Err(not_kept(path, wanted)),
        Err(error) => Err(not_kept(path, wanted).because(error)),
    }
}

fn not_kept(path: &Path, wanted: Ownership) -> PortError {
    let Ownership { uid, gid, mode } = wanted;
    PortError::new(FailureCode::OwnerNotKept)
        .with("path", path.display().to_string())
        .with("owner", format!("{uid}:{gid} {mode:04o}"))
}
