//! Putting the database aside with its sidecars.
//!
//! The main file goes first: from then on nothing can open the database by mistake, and a call that
//! is cut off between two files leaves an absent main file, which nobody takes for a database. A
//! main file left behind without its write-ahead log would look healthy and lack rows.

use super::manifest::{self, Mark};
use super::{members, name_of, plain};
use crate::adapters::common::fs::{file_error, parent, rename_new, shown, sync_folder};
use crate::adapters::common::own_folder::OwnFolder;
use crate::adapters::common::ownership::owner_of;
use crate::domain::database::{Ownership, Quarantine, QuarantinedFile};
use crate::domain::failure::FailureCode;
use crate::ports::database::Layout;
use crate::ports::{PortError, PortResult};
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Moves what is there. A complete set is left alone; one that was cut off is completed.
pub(super) fn put_aside(layout: &Layout) -> PortResult<Quarantine> {
    let own = OwnFolder::make(&layout.quarantine)?;
    let held = &through(layout, &own);
    if let Some(set) = whole(held)? {
        return Ok(set);
    }
    let ownership = ownership(held)?;
    for path in members(&held.database) {
        let aside = held.quarantine.join(name_of(&path));
        match (plain(&path)?, plain(&aside)?) {
            (Some(_), None) => move_file(&path, &aside)?,
            (Some(old), Some(new)) if same_file(&old, &new) => move_file(&path, &aside)?,
            // Something new stands where a file was taken from: a person must look.
            (Some(_), Some(_)) => return Err(inconsistent(&held.quarantine)),
            (None, _) => {}
        }
    }
    sync_folder(&held.quarantine)?;
    sync_folder(&parent(&held.database))?;
    let set = Quarantine {
        folder: layout.quarantine.clone(),
        files: files(held)?,
        ownership,
    };
    manifest::complete(&held.quarantine, &set)?;
    Ok(set)
}

/// The complete set, each file with the size it was put aside with.
pub(super) fn complete(layout: &Layout) -> PortResult<Option<Quarantine>> {
    match OwnFolder::find(&layout.quarantine)? {
        Some(own) => whole(&through(layout, &own)),
        None => Ok(None),
    }
}

/// The same layout, with the quarantine reached through its handle.
pub(super) fn through(layout: &Layout, own: &OwnFolder) -> Layout {
    Layout {
        quarantine: own.path(),
        ..layout.clone()
    }
}

fn whole(held: &Layout) -> PortResult<Option<Quarantine>> {
    match manifest::read(&held.quarantine)? {
        Mark::Complete(set) if files(held)? == set.files => Ok(Some(set)),
        Mark::Complete(_) => Err(inconsistent(&held.quarantine)),
        Mark::None | Mark::Returned(_) => Ok(None),
    }
}

fn files(layout: &Layout) -> PortResult<Vec<QuarantinedFile>> {
    let mut found = Vec::new();
    for path in members(&layout.database) {
        let name = name_of(&path);
        if let Some(metadata) = plain(&layout.quarantine.join(&name))? {
            let size = metadata.len();
            found.push(QuarantinedFile { name, size });
        }
    }
    Ok(found)
}

/// Of the main file, wherever it is by now; else of a sidecar, which SQLite gives the same; else of
/// the folder, without the bits that make sense for folders only.
fn ownership(layout: &Layout) -> PortResult<Ownership> {
    for path in members(&layout.database) {
        let aside = layout.quarantine.join(name_of(&path));
        if let Some(file) = plain(&path)?.or(plain(&aside)?) {
            // A database is never run: set-id bits would come from somebody who means harm.
            return Ok(owner_of(&file, 0o777));
        }
    }
    let folder = parent(&layout.database);
    let metadata = std::fs::metadata(&folder).map_err(|e| file_error(&folder, &e, 0))?;
    Ok(owner_of(&metadata, 0o666))
}

/// Renames a file to a name that is free; another file there is `place-taken`.
pub(super) fn move_file(from: &Path, to: &Path) -> PortResult<()> {
    match rename_new(from, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => finish_link(from, to),
        moved => moved.map_err(|error| file_error(from, &error, 0)),
    }
}

/// A name that is taken by the file itself was cut off between linking and removing.
fn finish_link(from: &Path, to: &Path) -> PortResult<()> {
    match (plain(from)?, plain(to)?) {
        (Some(old), Some(new)) if same_file(&old, &new) => {
            std::fs::remove_file(from).map_err(|e| file_error(from, &e, 0))
        }
        _ => Err(taken(to)),
    }
}

fn same_file(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

pub(super) fn taken(path: &Path) -> PortError {
    PortError::new(FailureCode::PlaceTaken).with("path", shown(path))
}

pub(super) fn inconsistent(path: &Path) -> PortError {
    PortError::new(FailureCode::QuarantineInconsistent).with("path", shown(path))
}

/// Order in which a set goes back: the main file last, for the reason it went first.
pub(super) fn return_order(database: &Path) -> Vec<PathBuf> {
    let mut paths = members(database);
    paths.rotate_left(1);
    paths
}
