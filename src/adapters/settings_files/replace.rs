//! Putting new bytes in a settings file's place, with a copy of the old ones kept first.

use super::failed;
use crate::adapters::common::fs::{
    create_new, file_error, open_plain, parent, remove_if_there, sync_folder, write_durably,
};
use crate::adapters::common::own_folder::OwnFolder;
use crate::adapters::common::ownership::{own, owner_of};
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use rustix::fs::Access;
use std::fs::{DirBuilder, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Far more than a settings file has; a larger one is something else.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Copies of one file in one folder. Each run has a folder of its own, so there are hardly two.
const MOST_COPIES: u32 = 1000;

/// A settings file as it was read.
#[derive(Debug)]
pub(super) struct Original {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
    metadata: Metadata,
}

impl Original {
    /// Reads it whole; nothing where it is not there.
    pub(super) fn read(path: &Path) -> PortResult<Option<Self>> {
        let read = open_plain(path).and_then(|file| {
            let metadata = file.metadata()?;
            let mut bytes = Vec::new();
            file.take(LARGEST + 1).read_to_end(&mut bytes)?;
            Ok((metadata, bytes))
        });
        match read {
            Ok((_, bytes)) if bytes.len() as u64 > LARGEST => Err(failed(
                path,
                &io::Error::other("too large for a settings file"),
            )),
            Ok((metadata, bytes)) => Ok(Some(Self {
                path: path.to_owned(),
                bytes,
                metadata,
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(path, &error)),
        }
    }

    /// Replaces it whole: a new file beside it, with the same owner, group and mode, is renamed over
    /// it. Whoever reads meanwhile reads the old one or the new one.
    pub(super) fn replace(&self, bytes: &[u8]) -> PortResult<()> {
        let error_at = |error: &io::Error| file_error(&self.path, error, bytes.len() as u64);
        // A rename asks for the folder's rights only, so a file that its owner locked is asked first.
        rustix::fs::access(&self.path, Access::WRITE_OK).map_err(|e| error_at(&e.into()))?;
        let temporary = temporary(&self.path);
        let written = create_new(&temporary, 0o600)
            .and_then(|mut file| file.write_all(bytes).map(|()| file))
            .map_err(|e| error_at(&e))
            .and_then(|file| {
                own(&file, &self.path, owner_of(&self.metadata, 0o7777))?;
                file.sync_all().map_err(|e| error_at(&e))?;
                self.check_unchanged()?;
                std::fs::rename(&temporary, &self.path).map_err(|e| error_at(&e))
            });
        if written.is_err() {
            let _ = remove_if_there(&temporary);
        }
        written?;
        sync_folder(&parent(&self.path))
    }

    /// Somebody may have written to it since it was read; their change must not be lost.
    fn check_unchanged(&self) -> PortResult<()> {
        let mark = |file: &Metadata| {
            let written = (file.mtime(), file.mtime_nsec());
            (file.dev(), file.ino(), file.len(), written)
        };
        match std::fs::symlink_metadata(&self.path) {
            Ok(now) if mark(&now) == mark(&self.metadata) => Ok(()),
            Ok(_) => Err(PortError::new(FailureCode::FileError)
                .with("path", self.path.display().to_string())
                .because("somebody else wrote to it at the same moment; it was not changed")
                .transient()),
            Err(error) => Err(failed(&self.path, &error)),
        }
    }
}

/// The name under which a new file is written beside the old one. Always the same, so that what a
/// dead attempt left is found.
pub(super) fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.rei-recovery"))
}

/// Keeps these bytes in a folder under the file's name, or the next free one like it; a copy with
/// the same bytes is taken as it is. Durable when it returns.
pub(super) fn keep_copy(original: &Original, folder: &Path) -> PortResult<PathBuf> {
    let own = OwnFolder::make(&parent(folder))?;
    let inside = within(&own, folder);
    make_folder(&inside)?;
    for (path, held) in copies(&inside, &original.path) {
        let name = path.file_name().unwrap_or_default();
        match held {
            Some(bytes) if bytes == original.bytes => return Ok(folder.join(name)),
            Some(_) => {}
            None => {
                // It may hold secrets, and nobody but this program needs it.
                write_durably(&path, &original.bytes, 0o600)?;
                return Ok(folder.join(name));
            }
        }
    }
    Err(PortError::new(FailureCode::PlaceTaken).with("path", folder.display().to_string()))
}

/// The copies there are.
pub(super) fn kept(folder: &Path, file: &Path) -> PortResult<Vec<(PathBuf, Vec<u8>)>> {
    let Some(own) = OwnFolder::find(&parent(folder))? else {
        return Ok(Vec::new());
    };
    let inside = within(&own, folder);
    let there = copies(&inside, file).map_while(|(path, held)| {
        let name = path.file_name().unwrap_or_default();
        Some((folder.join(name), held?))
    });
    Ok(there.collect())
}

/// The folder for copies, by way of the run's own folder.
fn within(own: &OwnFolder, folder: &Path) -> PathBuf {
    own.path().join(folder.file_name().unwrap_or_default())
}

/// Names for copies of a file and what they hold; the first that holds nothing is free.
fn copies(folder: &Path, file: &Path) -> impl Iterator<Item = (PathBuf, Option<Vec<u8>>)> {
    let name = file.file_name().unwrap_or_default().to_owned();
    (1..=MOST_COPIES).map({
        let folder = folder.to_owned();
        move |number| {
            let mut name = name.clone();
            if number > 1 {
                name.push(format!(".{number}"));
            }
            let path = folder.join(name);
            let held = match std::fs::symlink_metadata(&path) {
                Ok(_) => Some(std::fs::read(&path).unwrap_or_default()),
                Err(_) => None,
            };
            (path, held)
        }
    })
}

fn make_folder(folder: &Path) -> PortResult<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(file_error(folder, &error, 0))
        }
        _ => sync_folder(&parent(folder)),
    }
}
