//! Makes copies of the state, in a folder of its own beside it.

use super::restore::{own_as, unusable};
use crate::adapters::own_copies::{self, file_error};
use crate::domain::failure::FailureCode;
use crate::ports::own_copies::{Made, OwnState};
use crate::ports::{PortError, PortResult};
use crate::store;
use async_trait::async_trait;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Copies the state of one folder.
pub(super) struct Copier {
    dir: PathBuf,
    work: PathBuf,
}

impl Copier {
    /// Works in the folder of this name, which is nobody else's.
    pub(super) fn new(dir: &Path, work: &str) -> Self {
        Self {
            dir: dir.to_owned(),
            work: dir.join(work),
        }
    }
}

/// A folder for work that is not needed afterwards: one work at a time.
pub(super) struct Bench {
    path: PathBuf,
    _lock: File,
}

impl Bench {
    /// Empty; what an earlier work left is removed.
    ///
    /// # Errors
    /// Somebody else is at work in it, or it cannot be made.
    pub(super) fn at(path: &Path) -> PortResult<Self> {
        // Beside the folder: the folder itself comes and goes.
        let lock = path.with_extension("lock");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&lock);
        let file = file.map_err(|error| file_error(&lock, &error, 0))?;
        // Root may be the first one here, and the service comes after him.
        if let Some(folder) = path.parent() {
            own_as(&lock, folder)?;
        }
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => PortError::new(FailureCode::StateBusy)
                .with("path", path.parent().unwrap_or(path).display().to_string())
                .transient(),
            TryLockError::Error(error) => file_error(&lock, &error, 0),
        })?;
        let made = match fs::remove_dir_all(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => DirBuilder::new().mode(0o700).create(path),
        };
        made.map_err(|error| file_error(path, &error, 0))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: file,
        })
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // What stays is removed by the next work.
        drop(fs::remove_dir_all(&self.path));
    }
}

struct Packed {
    file: PathBuf,
    _bench: Bench,
}

impl Made for Packed {
    fn file(&self) -> &Path {
        &self.file
    }
}

#[async_trait]
impl OwnState for Copier {
    async fn copy(&self) -> PortResult<Box<dyn Made>> {
        let (dir, work) = (self.dir.clone(), self.work.clone());
        let copied = tokio::task::spawn_blocking(move || plain(&dir, &work)).await;
        let bench = copied.map_err(|_| PortError::new(FailureCode::Panicked))??;
        let (plain, file) = (bench.file(PLAIN), bench.file(PACKED));
        own_copies::pack(&plain, &file).await?;
        Ok(Box::new(Packed {
            file,
            _bench: bench,
        }))
    }
}

const PLAIN: &str = "state.db";
const PACKED: &str = "state.db.gz";

fn plain(dir: &Path, work: &Path) -> PortResult<Bench> {
    let size = |name: &str| fs::metadata(dir.join(name)).map_or(0, |found| found.len());
    // Packed it is smaller than it is.
    let needed = (size("state.db") + size("state.db-wal")).saturating_mul(2);
    own_copies::room(work, needed)?;
    let bench = Bench::at(work)?;
    store::snapshot(dir, &bench.file(PLAIN)).map_err(|error| unusable(&error))?;
    Ok(bench)
}
