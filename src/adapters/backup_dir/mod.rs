//! Backups in a folder (`BACKUP_DIR`).
//!
//! Only plain files with a backup's name count: a link could lead anywhere, and what is being
//! written has another name. A file's revision is its device, inode, size and time of change, so a
//! file that is replaced or rewritten is another one.

mod deposit;
mod depot;
mod own;
mod stream;

use super::common::fs::{blocking, open_plain, remove_if_there, write_durably};
use super::common::manifest::{record_in, with_record};
use super::common::names::{self, Kind, SMALL_FILE};
use crate::domain::backup::{Backup, BackupTime, Place, VerificationRecord};
use crate::domain::failure::FailureCode;
use crate::ports::backups::BackupPlace;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The folder as a place of backups.
#[derive(Debug, Clone)]
pub struct BackupDir {
    folder: PathBuf,
    deadline: Duration,
}

impl BackupDir {
    /// A folder; each call on it, and each chunk of a stream, may take as long as `deadline`: the
    /// folder may be a network mount.
    #[must_use]
    pub fn new(folder: PathBuf, deadline: Duration) -> Self {
        Self { folder, deadline }
    }

    fn path_of(&self, backup: &Backup) -> PortResult<PathBuf> {
        match names::parse(&backup.name) {
            Some(Kind::Backup(_) | Kind::Archive(_)) => Ok(self.folder.join(&backup.name)),
            _ => Err(not_found(&self.folder, &backup.name)),
        }
    }

    async fn bounded<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> PortResult<T> + Send + 'static,
    ) -> PortResult<T> {
        let folder = self.folder.clone();
        let done = tokio::time::timeout(self.deadline, blocking(move || work(&folder))).await;
        done.unwrap_or_else(|_| Err(no_answer(&self.folder)))
    }
}

#[async_trait]
impl BackupPlace for BackupDir {
    fn place(&self) -> Place {
        Place::Folder
    }

    fn describe(&self) -> String {
        self.folder.display().to_string()
    }

    async fn list(&self) -> PortResult<Vec<Backup>> {
        self.bounded(|folder| {
            all_of(folder, |name| match names::parse(name) {
                Some(Kind::Backup(time)) => Some(time),
                _ => None,
            })
        })
        .await
    }

    async fn archives(&self) -> PortResult<Vec<Backup>> {
        self.bounded(|folder| {
            all_of(folder, |name| match names::parse(name) {
                Some(Kind::Archive(time)) => Some(time),
                _ => None,
            })
        })
        .await
    }

    async fn open(&self, backup: &Backup) -> PortResult<BoxStream<'static, PortResult<Bytes>>> {
        let (path, wanted) = (self.path_of(backup)?, backup.clone());
        let file = self
            .bounded(move |folder| open_revision(folder, &path, &wanted))
            .await?;
        Ok(stream::chunks(
            file,
            self.folder.clone(),
            backup,
            self.deadline,
        ))
    }

    async fn size_hint(&self, backup: &Backup) -> PortResult<u64> {
        let (path, wanted) = (self.path_of(backup)?, backup.clone());
        self.bounded(move |folder| {
            let file = open_revision(folder, &path, &wanted)?;
            let mut tail = [0; 4];
            match wanted.size.checked_sub(4) {
                Some(at) => file.read_exact_at(&mut tail, at),
                None => Ok(()),
            }
            .map_err(|e| place_error(folder, &e))?;
            Ok(u64::from(u32::from_le_bytes(tail)))
        })
        .await
    }

    async fn record(&self, time: BackupTime) -> PortResult<Option<VerificationRecord>> {
        self.bounded(move |folder| Ok(read_record(&folder.join(names::record_name(time)))))
            .await
    }

    async fn records(&self) -> PortResult<Vec<VerificationRecord>> {
        self.bounded(|folder| {
            let mut found = file_names(folder)?;
            found.retain(|name| names::parse(name) == Some(Kind::Record));
            Ok(found
                .iter()
                .filter_map(|name| read_record(&folder.join(name)))
                .collect())
        })
        .await
    }

    async fn put_record(&self, record: &VerificationRecord) -> PortResult<()> {
        let record = record.clone();
        self.bounded(move |folder| {
            let path = folder.join(names::record_name(record.time));
            let stands = read_small(&path);
            let text = with_record(&record, stands.as_deref()).map_err(|e| {
                PortError::new(FailureCode::FileError)
                    .with("path", path.display().to_string())
                    .because(e)
            })?;
            write_durably(&path, &text, 0o644)
        })
        .await
    }

    async fn prove_writable(&self) -> PortResult<()> {
        self.bounded(|folder| {
            let path = folder.join(names::PROOF);
            write_durably(&path, names::PROOF.as_bytes(), 0o600)?;
            remove_if_there(&path).map_err(|e| place_error(folder, &e))
        })
        .await
    }
}

fn file_names(folder: &Path) -> PortResult<Vec<String>> {
    let entries = std::fs::read_dir(folder).map_err(|e| place_error(folder, &e))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| place_error(folder, &e))?;
        // A name that is no UTF-8 is no backup's name.
        names.extend(entry.file_name().into_string().ok());
    }
    Ok(names)
}

/// The files whose names have a time of the wanted kind.
fn all_of(folder: &Path, wanted: impl Fn(&str) -> Option<BackupTime>) -> PortResult<Vec<Backup>> {
    let mut found = Vec::new();
    for name in file_names(folder)? {
        if let Some(time) = wanted(&name) {
            found.extend(look_at(folder, &name, time)?);
        }
    }
    Ok(found)
}

fn look_at(folder: &Path, name: &str, time: BackupTime) -> PortResult<Option<Backup>> {
    let metadata = match std::fs::symlink_metadata(folder.join(name)) {
        Ok(metadata) => metadata,
        // Removed since the folder was read.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(place_error(folder, &error)),
    };
    if !metadata.is_file() {
        tracing::debug!(name, "passed over: not a regular file");
        return Ok(None);
    }
    Ok(Some(Backup {
        time,
        place: Place::Folder,
        name: name.to_owned(),
        size: metadata.len(),
        revision: revision(&metadata),
        sha256: checksum_beside(folder, name),
    }))
}

fn revision(file: &Metadata) -> String {
    let (dev, ino, size) = (file.dev(), file.ino(), file.len());
    format!(
        "{dev}:{ino}:{size}:{}.{:09}",
        file.mtime(),
        file.mtime_nsec()
    )
}

fn checksum_beside(folder: &Path, name: &str) -> Option<String> {
    let text = read_small(&folder.join(names::checksum_name(name)))?;
    let sum = names::checksum_in(&text, name);
    if sum.is_none() {
        tracing::warn!(name, "the checksum file beside the backup holds no SHA-256");
    }
    sum
}

fn read_record(path: &Path) -> Option<VerificationRecord> {
    record_in(&read_small(path)?)
}

/// A small text file; anything else there counts as none.
fn read_small(path: &Path) -> Option<String> {
    let mut text = String::new();
    let read = open_plain(path).and_then(|file| file.take(SMALL_FILE).read_to_string(&mut text));
    match read {
        Ok(_) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "cannot be read");
            None
        }
    }
}

fn open_revision(folder: &Path, path: &Path, wanted: &Backup) -> PortResult<File> {
    let file = open_plain(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if folder.is_dir() => not_found(folder, &wanted.name),
        _ => place_error(folder, &error),
    })?;
    let metadata = file.metadata().map_err(|e| place_error(folder, &e))?;
    match revision(&metadata) == wanted.revision {
        true => Ok(file),
        false => Err(changed(wanted)),
    }
}

fn changed(backup: &Backup) -> PortError {
    PortError::new(FailureCode::BackupChanged).with("backup", backup.time.to_string())
}

fn not_found(folder: &Path, name: &str) -> PortError {
    PortError::new(FailureCode::BackupNotFound)
        .with("backup", name)
        .with("place", folder.display().to_string())
}

fn no_answer(folder: &Path) -> PortError {
    PortError::new(FailureCode::BackupPlaceUnreachable)
        .with("place", folder.display().to_string())
        .because("the folder does not answer")
        .transient()
}

fn place_error(folder: &Path, error: &io::Error) -> PortError {
    let code = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FailureCode::BackupPlaceMissing,
        io::ErrorKind::PermissionDenied => FailureCode::BackupAccessDenied,
        _ => FailureCode::BackupPlaceFailing,
    };
    PortError::new(code)
        .with("place", folder.display().to_string())
        .because(error)
}
