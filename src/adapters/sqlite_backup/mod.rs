//! Copies of the live database, packed for the places that keep them, and read back from there.

mod back;
mod staging;

use super::common::fs::{blocking, disk_full, file_error, free_bytes, open_plain};
use super::common::gzip::deflate;
use super::common::sqlite::{Limit, Target, look};
use crate::domain::backup::Backup;
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::backups::{BackupPlace, Fetched, Work};
use crate::ports::taking::{Copied, Copies, Told};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long copying may take.
#[derive(Debug, Clone, Copy)]
pub struct CopyLimits {
    /// The whole copy.
    pub copy: Duration,
    /// Waiting for a lock that somebody holds.
    pub busy: Duration,
}

impl Default for CopyLimits {
    fn default() -> Self {
        Self {
            copy: Duration::from_secs(2 * 60 * 60),
            busy: Duration::from_secs(30),
        }
    }
}

/// SQLite's own backup of a database on this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SqliteCopies {
    /// Deadlines.
    pub limits: CopyLimits,
}

#[async_trait]
impl Copies for SqliteCopies {
    async fn prepare(&self, folder: &Path) -> PortResult<()> {
        let folder = folder.to_owned();
        blocking(move || staging::prepare(&folder)).await
    }

    async fn discard(&self, folder: &Path) -> PortResult<()> {
        let folder = folder.to_owned();
        blocking(move || staging::discard(&folder)).await
    }

    async fn copy(&self, database: &Path, to: &Path, work: &Work) -> PortResult<Copied> {
        let (database, to) = (database.to_owned(), to.to_owned());
        let (work, limits) = (work.clone(), self.limits);
        blocking(move || copy(&database, to, limits, &work)).await
    }

    fn packed(&self, file: &Path, told: Told) -> BoxStream<'static, PortResult<Bytes>> {
        let path = file.to_owned();
        match open_plain(file) {
            Ok(file) => deflate::packed(file, path, told),
            Err(error) => {
                let failed = file_error(&path, &error, 0);
                stream::once(async { Err(failed) }).boxed()
            }
        }
    }

    async fn read_back(
        &self,
        from: Arc<dyn BackupPlace>,
        backup: &Backup,
        work: &Work,
    ) -> PortResult<Fetched> {
        back::run(from.open(backup).await?, backup, work).await
    }

    async fn note(&self, folder: &Path, name: &str, text: &str) -> PortResult<()> {
        let (path, text) = (folder.join(staging::note(name)), text.to_owned());
        blocking(move || super::common::fs::write_durably(&path, text.as_bytes(), 0o600)).await
    }

    async fn folders(&self, folder: &Path) -> PortResult<Vec<String>> {
        let folder = folder.to_owned();
        blocking(move || staging::folders(&folder)).await
    }

    async fn notes(&self, folder: &Path) -> PortResult<Vec<(String, String)>> {
        let folder = folder.to_owned();
        blocking(move || staging::notes(&folder)).await
    }
}

fn copy(database: &Path, to: PathBuf, limits: CopyLimits, work: &Work) -> PortResult<Copied> {
    check_room(database, &to, work)?;
    let limit = Limit::new(limits.copy, work.cancel.clone());
    let target = Target {
        path: to,
        limit: limit.clone(),
        progress: &work.progress,
    };
    let copied = look(database, limits.busy, &limit, |opened| {
        opened.copy_to(&target)
    });
    let copied = copied.map_err(|error| named(error, database))?;
    let size = std::fs::metadata(&target.path);
    let bytes = size
        .map_err(|error| file_error(&target.path, &error, 0))?
        .len();
    Ok(Copied {
        bytes,
        schema: copied.schema,
        held: copied.held,
    })
}

/// Somebody who holds a lock for so long is no damage.
fn named(error: PortError, database: &Path) -> PortError {
    if error.code() != FailureCode::DatabaseCheckFailed || !error.transient {
        return error;
    }
    let failure = Failure::new(FailureCode::RecordsBusy)
        .with("path", database.display().to_string())
        .because(error.failure.detail.unwrap_or_default());
    PortError { failure, ..error }
}

/// The copy is as large as the database with its log at most.
fn check_room(database: &Path, to: &Path, work: &Work) -> PortResult<()> {
    let size = |path: PathBuf| std::fs::metadata(path).map_or(0, |file| file.len());
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let needed = size(database.to_owned()) + size(log.into());
    work.progress.expect(needed);
    match free_bytes(to) {
        Some(free) if free < needed => Err(disk_full(to, needed, Some(free))),
        _ => Ok(()),
    }
}
