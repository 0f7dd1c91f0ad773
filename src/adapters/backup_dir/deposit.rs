//! A backup on its way into the folder: written under a name that is no backup's, renamed when whole.

use super::{BackupDir, place_error};
use crate::adapters::common::fs::{
    blocking, create_new, file_error, remove_if_there, rename_new, sync_folder,
};
use crate::adapters::common::names;
use crate::domain::backup::BackupTime;
use crate::domain::failure::{Arg, FailureCode};
use crate::domain::manifest::Manifest;
use crate::ports::taking::Deposit;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use bytes::Bytes;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A backup holds everything that REI knows of people.
const MODE: u32 = 0o640;
/// What stands beside it holds numbers.
const MODE_BESIDE: u32 = 0o644;
/// Bytes after which the disk is told to take what was written.
const SYNC_EVERY: u64 = 32 * 1024 * 1024;

/// The name that a backup has before it is whole.
pub(super) fn temporary(folder: &Path, time: BackupTime) -> PathBuf {
    folder.join(format!(".{}.taking", names::backup_name(time)))
}

/// The empty file. One that a crash left is ours: the name is nobody else's.
pub(super) fn begin(folder: &Path, time: BackupTime) -> PortResult<File> {
    let path = temporary(folder, time);
    remove_if_there(&path)
        .and_then(|()| create_new(&path, MODE))
        .map_err(|error| written(folder, &path, &error, 0))
}

pub(super) struct FolderDeposit {
    place: BackupDir,
    time: BackupTime,
    file: Arc<File>,
    bytes: u64,
    synced: u64,
}

impl FolderDeposit {
    pub(super) fn new(place: BackupDir, time: BackupTime, file: File) -> Self {
        Self {
            place,
            time,
            file: Arc::new(file),
            bytes: 0,
            synced: 0,
        }
    }

    /// A piece of work on the file; a folder that does not answer is no folder.
    async fn step(
        &self,
        work: impl FnOnce(&File) -> io::Result<()> + Send + 'static,
    ) -> PortResult<()> {
        let (file, folder) = (Arc::clone(&self.file), self.place.folder.clone());
        let (path, needed) = (temporary(&folder, self.time), self.bytes);
        let done =
            blocking(move || work(&file).map_err(|error| written(&folder, &path, &error, needed)));
        let stalled = |_| stalled(&self.place);
        tokio::time::timeout(self.place.deadline, done)
            .await
            .unwrap_or_else(|late| Err(stalled(late)))
    }
}

#[async_trait]
impl Deposit for FolderDeposit {
    fn token(&self) -> String {
        String::new()
    }

    async fn write(&mut self, chunk: Bytes) -> PortResult<()> {
        self.bytes += chunk.len() as u64;
        let due = self.bytes - self.synced >= SYNC_EVERY;
        if due {
            self.synced = self.bytes;
        }
        self.step(move |mut file| {
            file.write_all(&chunk)?;
            if due { file.sync_data() } else { Ok(()) }
        })
        .await
    }

    async fn publish(self: Box<Self>, manifest: &Manifest) -> PortResult<()> {
        self.step(File::sync_all).await?;
        let manifest = manifest.clone();
        self.place
            .bounded(move |folder| publish(folder, &manifest))
            .await
            // Nobody knows what a call did that did not come back.
            .map_err(|error| match error.transient {
                true => error.unknown(),
                false => error,
            })
    }
}

/// What stands beside it first: once the backup can be seen, it can be checked.
fn publish(folder: &Path, manifest: &Manifest) -> PortResult<()> {
    let name = names::backup_name(manifest.time);
    let (from, to) = (temporary(folder, manifest.time), folder.join(&name));
    if to.symlink_metadata().is_ok() {
        return Err(taken(&to));
    }
    let text = serde_json::to_vec_pretty(manifest)
        .map_err(|error| PortError::new(FailureCode::Panicked).because(error))?;
    let sum = names::checksum_text(&manifest.taken.sha256, &name);
    let record = folder.join(names::record_name(manifest.time));
    let checksum = folder.join(names::checksum_name(&name));
    put_new(folder, &record, &text)?;
    let moved = put_new(folder, &checksum, sum.as_bytes()).and_then(|()| {
        let moved = rename_new(&from, &to).map_err(|error| place(folder, &to, &error));
        if moved.is_err() {
            let _ = remove_if_there(&checksum);
        }
        moved
    });
    if let Err(error) = moved {
        let _ = remove_if_there(&record);
        return Err(error);
    }
    // It is in place, though a power cut could still undo that.
    sync_folder(folder).map_err(PortError::unknown)
}

/// A small file under a name that must be free.
fn put_new(folder: &Path, path: &Path, content: &[u8]) -> PortResult<()> {
    let mut file = create_new(path, MODE_BESIDE).map_err(|e| place(folder, path, &e))?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = remove_if_there(path);
        place(folder, path, &error)
    })
}

fn place(folder: &Path, path: &Path, error: &io::Error) -> PortError {
    match error.kind() {
        io::ErrorKind::AlreadyExists => taken(path),
        _ => written(folder, path, error, 0),
    }
}

fn taken(path: &Path) -> PortError {
    PortError::new(FailureCode::PlaceTaken).with("path", path.display().to_string())
}

/// A full disk is that; anything else is the place's.
fn written(folder: &Path, path: &Path, error: &io::Error, needed: u64) -> PortError {
    let full = file_error(path, error, needed);
    match full.code() {
        FailureCode::DiskFull => full,
        _ => place_error(folder, error),
    }
}

fn stalled(place: &BackupDir) -> PortError {
    PortError::new(FailureCode::BackupStalled)
        .with("place", place.folder.display().to_string())
        .with("seconds", Arg::from(place.deadline))
        .transient()
}
