//! Makes copies of the state, in a folder of its own beside it.

use crate::adapters::own_copies;
use crate::domain::failure::FailureCode;
use crate::ports::own_copies::{Made, OwnState};
use crate::ports::{PortError, PortResult};
use crate::store::{self, OpenError};
use async_trait::async_trait;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
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

/// A folder for work that is not needed afterwards.
pub(super) struct Bench(PathBuf);

impl Bench {
    /// Empty; what an earlier work left is removed.
    pub(super) fn at(path: &Path) -> std::io::Result<Self> {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(path)?;
        Ok(Self(path.to_owned()))
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // What stays is removed by the next work.
        drop(fs::remove_dir_all(&self.0));
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
    let failed = |error: &dyn std::fmt::Display| {
        PortError::new(FailureCode::FileError)
            .with("path", work.display().to_string())
            .because(error)
    };
    let bench = Bench::at(work).map_err(|error| failed(&error))?;
    store::snapshot(dir, &bench.file(PLAIN)).map_err(|error| match &error {
        OpenError::File { .. } => failed(&error),
        OpenError::Database { .. } => PortError::new(FailureCode::StateUnavailable).because(&error),
    })?;
    Ok(bench)
}
