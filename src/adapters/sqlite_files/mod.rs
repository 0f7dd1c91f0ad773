//! The patient's database files: staging a backup, putting the old set aside, and the swap.
//!
//! A database is its main file with `-wal`, `-shm` and `-journal` beside it; they are moved
//! together or not at all. A symbolic link at the database's path is refused: SQLite keeps the
//! sidecars beside the file that it leads to, so `REI_DB` must name that file.

mod give_back;
mod install;
mod manifest;
mod quarantine;
mod restore;

pub use restore::needed as room_needed;

use super::common::fs::{
    blocking, create_new, disk_full, file_error, free_bytes, parent, remove_if_there, sync_folder,
};
use crate::domain::backup::Backup;
use crate::domain::database::{FileIdentity, Ownership, Quarantine};
use crate::domain::failure::FailureCode;
use crate::ports::backups::{BackupPlace, Fetched, Work};
use crate::ports::database::{DatabaseFiles, Layout};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What SQLite puts beside a database, in no particular order.
const SIDECARS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Files on the local machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalFiles;

#[async_trait]
impl DatabaseFiles for LocalFiles {
    async fn identity(&self, database: &Path) -> PortResult<FileIdentity> {
        let path = database.to_owned();
        blocking(move || {
            let inode = plain(&path)?.map(|file| (file.dev(), file.ino()));
            Ok(FileIdentity { path, inode })
        })
        .await
    }

    async fn stage(
        &self,
        layout: &Layout,
        from: Arc<dyn BackupPlace>,
        backup: &Backup,
        work: &Work,
    ) -> PortResult<Fetched> {
        self.discard(layout).await?;
        if backup.size == 0 {
            let empty = PortError::new(FailureCode::BackupEmpty);
            return Err(empty.with("backup", backup.time.to_string()));
        }
        let needed = restore::needed(from.as_ref(), backup).await?;
        let stream = from.open(backup).await?;
        let path = layout.staging.clone();
        let file = blocking(move || {
            check_room(&path, needed)?;
            create_new(&path, 0o600).map_err(|e| file_error(&path, &e, needed))
        })
        .await?;
        let job = restore::Job {
            backup: backup.clone(),
            file,
            path: layout.staging.clone(),
            needed,
        };
        let staged = restore::run(stream, job, work).await;
        if staged.is_err() {
            // Half a backup is of no use and may fill the disk; what is left is removed again
            // before the next attempt.
            let _ = self.discard(layout).await;
        }
        let fetched = staged?;
        let folder = parent(&layout.staging);
        blocking(move || sync_folder(&folder)).await?;
        Ok(fetched)
    }

    async fn discard(&self, layout: &Layout) -> PortResult<()> {
        let path = layout.staging.clone();
        blocking(move || remove_if_there(&path).map_err(|e| file_error(&path, &e, 0))).await
    }

    async fn quarantine(&self, layout: &Layout) -> PortResult<Quarantine> {
        let layout = layout.clone();
        blocking(move || quarantine::put_aside(&layout)).await
    }

    async fn quarantined(&self, layout: &Layout) -> PortResult<Option<Quarantine>> {
        let layout = layout.clone();
        blocking(move || quarantine::complete(&layout)).await
    }

    async fn give_back(&self, layout: &Layout) -> PortResult<u64> {
        let layout = layout.clone();
        blocking(move || give_back::run(&layout)).await
    }

    async fn install(&self, layout: &Layout, ownership: Ownership) -> PortResult<()> {
        let layout = layout.clone();
        blocking(move || install::run(&layout, ownership)).await
    }

    async fn present(&self, database: &Path) -> PortResult<Vec<PathBuf>> {
        let database = database.to_owned();
        blocking(move || present(&database)).await
    }
}

/// Paths of the database and of every sidecar it may have, the database first.
fn members(database: &Path) -> Vec<PathBuf> {
    let mut paths = vec![database.to_owned()];
    for sidecar in SIDECARS {
        let mut name = database.as_os_str().to_owned();
        name.push(sidecar);
        paths.push(PathBuf::from(name));
    }
    paths
}

/// Those of them that are there.
fn present(database: &Path) -> PortResult<Vec<PathBuf>> {
    let mut there = Vec::new();
    for path in members(database) {
        if plain(&path)?.is_some() {
            there.push(path);
        }
    }
    Ok(there)
}

/// A plain file's metadata, or nothing when there is no file. Links, folders and the like are errors.
fn plain(path: &Path) -> PortResult<Option<Metadata>> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(metadata) if metadata.is_symlink() => Err(odd(
            path,
            "a symbolic link: name the file that it leads to instead",
        )),
        Ok(_) => Err(odd(path, "not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_error(path, &error, 0)),
    }
}

fn odd(path: &Path, what: &str) -> PortError {
    PortError::new(FailureCode::FileError)
        .with("path", path.display().to_string())
        .because(what)
}

/// The last part of a path.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn check_room(path: &Path, needed: u64) -> PortResult<()> {
    match free_bytes(path) {
        Some(free) if free < needed => Err(disk_full(path, needed, Some(free))),
        _ => Ok(()),
    }
}
