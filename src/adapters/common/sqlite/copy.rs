//! A copy of the live database as of one moment, with SQLite's own backup.
//!
//! A read transaction is held from the first page to the last. Letting go of it between steps, as
//! the interface offers, begins the copy anew whenever another process has committed meanwhile:
//! beside a busy writer it would never end. In WAL mode such a reader is in nobody's way. With a
//! rollback journal a commit waits for it; so the file is brought into memory first and then copied
//! without a pause, and how long that took is told.

use super::hold::Held;
use super::open::{Limit, Opened, read_header};
use crate::adapters::common::fs::{create_new, file_error, remove_if_there};
use crate::ports::PortResult;
use crate::ports::backups::Progress;
use data_encoding::HEXLOWER;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Pages copied between two looks at the limit: a few milliseconds.
const PAGES: i32 = 1024;
/// Bytes after which the disk is told to take what was written: a flush of all of it at once would
/// hold up REI's own.
const SYNC_EVERY: u64 = 32 * 1024 * 1024;
/// Read at once when the file is brought into memory.
const CHUNK: usize = 1024 * 1024;

/// What was copied.
#[derive(Debug)]
pub(crate) struct Copy {
    /// SHA-256 of its schema.
    pub(crate) schema: String,
    /// How long commits had to wait at most; nothing where they did not.
    pub(crate) held: Option<Duration>,
}

/// Where the copy goes.
pub(crate) struct Target<'a> {
    pub(crate) path: PathBuf,
    pub(crate) limit: Limit,
    pub(crate) progress: &'a Progress,
}

impl Opened {
    /// Copies all of it to a new file; what stands there is removed.
    pub(crate) fn copy_to(&self, target: &Target<'_>) -> PortResult<Copy> {
        let failed = |error: std::io::Error| file_error(&target.path, &error, 0);
        remove_if_there(&target.path).map_err(failed)?;
        // Closed last: closing a handle drops the locks of all others of the file.
        let file = create_new(&target.path, 0o600).map_err(failed)?;
        let waits = self.makes_writers_wait()?;
        if waits {
            warm(&self.path, &target.limit)?;
        }
        let mut to = private(&target.path).map_err(|error| self.error(&error))?;
        let begun = Instant::now();
        self.execute_batch("BEGIN")?;
        let schema = self.schema()?;
        let copied = self.pages(&mut to, (&file, !waits), target);
        self.execute_batch("ROLLBACK")?;
        let held = waits.then(|| begun.elapsed());
        copied?;
        to.close().map_err(|(_, error)| self.error(&error))?;
        file.sync_all().map_err(failed)?;
        Ok(Copy { schema, held })
    }

    fn execute_batch(&self, sql: &str) -> PortResult<()> {
        let done = self.connection.execute_batch(sql);
        done.map_err(|error| self.error(&error))
    }

    fn makes_writers_wait(&self) -> PortResult<bool> {
        let held = Held::at(&self.path)?;
        Ok(match held.file() {
            Some(file) => !read_header(file, &self.path)?.wal,
            None => false,
        })
    }

    /// Reads the schema, which begins the read transaction.
    fn schema(&self) -> PortResult<String> {
        let mut hash = Sha256::new();
        let sql = "SELECT coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
        self.each(sql, [], |row| {
            let statement: String = row.get(0)?;
            hash.update(statement.as_bytes());
            hash.update([0]);
            Ok(())
        })?;
        Ok(HEXLOWER.encode(&hash.finalize()))
    }

    fn pages(
        &self,
        to: &mut Connection,
        (file, sync): (&File, bool),
        target: &Target<'_>,
    ) -> PortResult<()> {
        let page = self.one::<i64>("PRAGMA page_size", [])?.unsigned_abs();
        let backup = Backup::new(&self.connection, to).map_err(|error| self.error(&error))?;
        let (mut done, mut synced) = (0, 0);
        loop {
            if target.limit.is_over() {
                return Err(target.limit.failure());
            }
            let step = backup.step(PAGES).map_err(|error| self.error(&error))?;
            let at = backup.progress();
            let copied = page * u64::try_from(at.pagecount - at.remaining).unwrap_or_default();
            target.progress.advance(copied - done);
            done = copied;
            match step {
                StepResult::Done => return Ok(()),
                StepResult::Busy | StepResult::Locked => {
                    std::thread::sleep(Duration::from_millis(5))
                }
                _ => {}
            }
            if sync && done - synced >= SYNC_EVERY {
                synced = done;
                let failed = |error| file_error(&target.path, &error, 0);
                file.sync_data().map_err(failed)?;
            }
        }
    }
}

/// A database that nobody else knows of: it needs neither a journal nor locks.
fn private(path: &Path) -> rusqlite::Result<Connection> {
    let to = Connection::open(path)?;
    to.execute_batch(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE",
    )?;
    Ok(to)
}

/// Reads the file to its end, so that the copy need not wait for the disk.
fn warm(path: &Path, limit: &Limit) -> PortResult<()> {
    let held = Held::at(path)?;
    let Some(file) = held.file() else {
        return Ok(());
    };
    let mut chunk = vec![0; CHUNK];
    let mut at = 0;
    while !limit.is_over() {
        match file.read_at(&mut chunk, at) {
            Ok(0) => break,
            Ok(read) => at += read as u64,
            Err(error) => return Err(file_error(path, &error, 0)),
        }
    }
    Ok(())
}
