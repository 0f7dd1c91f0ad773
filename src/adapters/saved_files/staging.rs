//! The staging folder: an archive's files under plain numbers.
//!
//! Nothing of the archive's own names, links or modes comes to the disk here, so no archive can
//! reach out of the folder while it is read.

use super::refusal::Suspect;
use crate::adapters::common::fs::{create_new, disk_full, file_error, free_bytes};
use crate::ports::backups::Progress;
use crate::ports::{PortError, PortResult};
use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes read and written at once.
const CHUNK: usize = 256 * 1024;

/// The folder, empty when it is made and gone with [`Staging::clear`].
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    files: u64,
    kept_free: u64,
    progress: Arc<Progress>,
}

impl Staging {
    /// Makes it; what a dead attempt left is removed. So many bytes of the disk stay free.
    pub(super) fn new(folder: &Path, kept_free: u64, progress: Arc<Progress>) -> PortResult<Self> {
        clear(folder)?;
        DirBuilder::new()
            .mode(0o700)
            .create(folder)
            .map_err(|e| file_error(folder, &e, 0))?;
        Ok(Self {
            folder: folder.to_owned(),
            files: 0,
            kept_free,
            progress,
        })
    }

    pub(super) fn path(&self, staged: &str) -> PathBuf {
        self.folder.join(staged)
    }

    /// Writes so many bytes into a new file and returns its name here; fewer are a damaged archive.
    pub(super) fn write(
        &mut self,
        from: &mut impl Read,
        size: u64,
        archive: &Suspect,
    ) -> PortResult<String> {
        self.check_room(size)?;
        self.files += 1;
        let staged = self.files.to_string();
        let path = self.path(&staged);
        let mut file = create_new(&path, 0o600).map_err(|e| file_error(&path, &e, size))?;
        let mut chunk = vec![0; CHUNK];
        let mut left = size;
        while left > 0 {
            let most = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
            match from.read(&mut chunk[..most]) {
                Ok(0) => return Err(archive.damaged("an entry is shorter than its header says")),
                Ok(read) => {
                    file.write_all(&chunk[..read])
                        .map_err(|e| file_error(&path, &e, size))?;
                    self.progress.wrote(read as u64);
                    left -= read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(archive.damaged(error)),
            }
        }
        Ok(staged)
    }

    /// Another file with the same bytes: what a hard link in the archive stands for.
    pub(super) fn copy(&mut self, of: &str, size: u64, archive: &Suspect) -> PortResult<String> {
        let path = self.path(of);
        let mut file = File::open(&path).map_err(|e| file_error(&path, &e, 0))?;
        self.write(&mut file, size, archive)
    }

    /// Removes a file that a later one of the same path replaces.
    pub(super) fn forget(&self, staged: &str) -> PortResult<()> {
        let path = self.path(staged);
        std::fs::remove_file(&path).map_err(|e| file_error(&path, &e, 0))
    }

    /// Makes all of it durable at once: for many small files that is far less work than one by one.
    pub(super) fn sync(&self) -> PortResult<()> {
        sync_file_system(&self.folder)
    }

    fn check_room(&self, size: u64) -> PortResult<()> {
        let needed = size.saturating_add(self.kept_free);
        match free_bytes(&self.folder) {
            Some(free) if free < needed => Err(disk_full(&self.folder, needed, Some(free))),
            _ => Ok(()),
        }
    }
}

/// Removes the folder with all in it, following no link; a missing one is no error.
pub(super) fn clear(folder: &Path) -> PortResult<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(file_error(folder, &error, 0)),
        _ => Ok(()),
    }
}

/// Writes everything that is not yet on the disk of this folder to it.
pub(super) fn sync_file_system(folder: &Path) -> PortResult<()> {
    let synced = File::open(folder).and_then(|file| Ok(rustix::fs::syncfs(file)?));
    synced.map_err(|e: io::Error| -> PortError { file_error(folder, &e, 0) })
}
