//! Copies of the program's own state, in a folder of their own in the folder of backups.

use super::{BackupDir, file_names, not_found, place_error};
use crate::adapters::common::fs::{
    create_new, file_error, open_plain, remove_if_there, sync_folder, unfinished,
};
use crate::adapters::own_copies::room;
use crate::domain::backup::{BackupTime, Place};
use crate::domain::failure::FailureCode;
use crate::domain::own_copy::{self, FOLDER, OwnCopy};
use crate::ports::own_copies::OwnCopies;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// People's names, the audit trail and REI's users are in it.
const MODE: u32 = 0o600;

#[async_trait]
impl OwnCopies for BackupDir {
    fn place(&self) -> Place {
        Place::Folder
    }

    fn describe(&self) -> String {
        self.folder.join(FOLDER).display().to_string()
    }

    async fn list(&self) -> PortResult<Vec<OwnCopy>> {
        self.bounded(list).await
    }

    async fn put(&self, time: BackupTime, file: &Path) -> PortResult<()> {
        let file = file.to_owned();
        self.bounded(move |folder| put(folder, &own_copy::name(time), &file))
            .await
    }

    async fn fetch(&self, time: BackupTime, to: &Path) -> PortResult<()> {
        let to = to.to_owned();
        self.bounded(move |folder| {
            let name = own_copy::name(time);
            let from = folder.join(FOLDER).join(&name);
            let from = open_plain(&from).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => not_found(&folder.join(FOLDER), &name),
                _ => place_error(folder, &error),
            })?;
            let size = from.metadata().map_or(0, |found| found.len());
            // A file that is no copy must not take the room that the state needs.
            room(&to, size)?;
            copy(from, &to)
        })
        .await
    }

    async fn remove(&self, time: BackupTime) -> PortResult<()> {
        self.bounded(move |folder| {
            let path = folder.join(FOLDER).join(own_copy::name(time));
            remove_if_there(&path).map_err(|error| place_error(folder, &error))
        })
        .await
    }
}

fn list(folder: &Path) -> PortResult<Vec<OwnCopy>> {
    let own = folder.join(FOLDER);
    let names = match file_names(&own) {
        Ok(names) => names,
        Err(error) if error.code() == FailureCode::BackupPlaceMissing && folder.is_dir() => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let copy = |name: String| {
        let time = own_copy::parse(&name)?;
        let found = fs::symlink_metadata(own.join(&name)).ok()?;
        found.is_file().then_some(OwnCopy {
            time,
            place: Place::Folder,
            size: found.len(),
        })
    };
    Ok(names.into_iter().filter_map(copy).collect())
}

fn put(folder: &Path, name: &str, file: &Path) -> PortResult<()> {
    let own = folder_of(folder)?;
    let to = own.join(name);
    let new = unfinished(&to);
    let read = open_plain(file).map_err(|error| file_error(file, &error, 0))?;
    remove_if_there(&new).map_err(|error| file_error(&new, &error, 0))?;
    let moved = copy(read, &new).and_then(|()| {
        fs::rename(&new, &to).map_err(|error| file_error(&to, &error, 0))?;
        sync_folder(&own)
    });
    if moved.is_err() {
        let _ = remove_if_there(&new);
    }
    moved
}

/// The folder of the copies. A link in its place could lead anywhere.
fn folder_of(folder: &Path) -> PortResult<PathBuf> {
    let own = folder.join(FOLDER);
    let made = DirBuilder::new().mode(0o700).create(&own);
    match made {
        Ok(()) => sync_folder(folder)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(place_error(folder, &error));
        }
        Err(error) => return Err(file_error(&own, &error, 0)),
    }
    match fs::symlink_metadata(&own) {
        Ok(found) if found.is_dir() => Ok(own),
        _ => Err(PortError::new(FailureCode::FileError)
            .with("path", own.display().to_string())
            .because("not a folder")),
    }
}

fn copy(mut from: fs::File, to: &Path) -> PortResult<()> {
    let size = from.metadata().map_or(0, |found| found.len());
    let failed = |error: io::Error| file_error(to, &error, size);
    let mut file = create_new(to, MODE).map_err(failed)?;
    io::copy(&mut from, &mut file).map_err(failed)?;
    file.sync_all().map_err(failed)
}
