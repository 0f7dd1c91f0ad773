//! Owner, group and mode of files.

use crate::domain::database::Ownership;
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use rustix::fs::{Gid, Mode, Uid};
use rustix::process::geteuid;
use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Who a file belongs to, with the bits of its mode that `mask` lets through.
pub(crate) fn owner_of(file: &Metadata, mask: u32) -> Ownership {
    Ownership {
        uid: file.uid(),
        gid: file.gid(),
        mode: file.mode() & mask,
    }
}

/// Gives an open file owner, group and mode, and looks whether it has them; `path` is for people.
pub(crate) fn own(file: &File, path: &Path, wanted: Ownership) -> PortResult<()> {
    let is_so = |file: &File| {
        file.metadata()
            .is_ok_and(|found| owner_of(&found, 0o7777) == wanted)
    };
    // Nobody needs a right to what is so already.
    if is_so(file) {
        return Ok(());
    }
    if !is_ours(file, wanted) {
        return Err(not_kept(path, wanted).because("it is not the file that was written for this"));
    }
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

/// Whoever owns the folder may have put something else under the name: another's file, which it would
/// give away. What was made here is this program's, or has its owner already, and has one name.
fn is_ours(file: &File, wanted: Ownership) -> bool {
    file.metadata().is_ok_and(|found| {
        let owner = found.uid() == geteuid().as_raw() || found.uid() == wanted.uid;
        owner && (found.is_dir() || found.nlink() == 1)
    })
}

fn not_kept(path: &Path, wanted: Ownership) -> PortError {
    let Ownership { uid, gid, mode } = wanted;
    PortError::new(FailureCode::OwnerNotKept)
        .with("path", path.display().to_string())
        .with("owner", format!("{uid}:{gid} {mode:04o}"))
}
