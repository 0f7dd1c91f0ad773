//! Looking into the database that REI uses meanwhile.
//!
//! Nothing may be created beside it, and SQLite opens a database in WAL mode without a log in one of
//! two ways only: it makes the log, or it takes the file for one that nobody writes. The second is
//! true until REI opens it, so what was seen in that way counts only if the files are the same
//! afterwards; otherwise it is looked at again, with the log that is there now.

use super::hold::Held;
use super::open::{Limit, Opened, at, read_header};
use crate::adapters::common::fs::file_error;
use crate::domain::failure::FailureCode;
use crate::ports::PortResult;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Looks before it is said that no look holds. Somebody who closes the database needs some
/// milliseconds; a writer who came leaves its log for the next turn.
const TURNS: u32 = 25;
const MOMENT: Duration = Duration::from_millis(20);

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// With SQLite's locks.
    Locked,
    /// With its log and the log's index.
    Logged,
    /// As a file that nobody writes.
    Alone,
}

impl Manner {
    fn options(self) -> &'static str {
        match self {
            Self::Locked => "mode=ro",
            Self::Logged => "mode=ro&readonly_shm=1",
            Self::Alone => "immutable=1",
        }
    }
}

/// Does some looking, more than once if need be.
pub(crate) fn look<T>(
    path: &Path,
    busy: Duration,
    limit: &Limit,
    work: impl Fn(&Opened) -> PortResult<T>,
) -> PortResult<T> {
    let held = Held::at(path)?;
    // Closing it would drop the lock that keeps the log.
    let mut former = Vec::new();
    for _ in 0..TURNS {
        if limit.is_over() {
            return Err(limit.failure());
        }
        let Some((manner, before)) = manner(&held, path)? else {
            std::thread::sleep(MOMENT);
            continue;
        };
        let opened = Opened::open(path, manner.options(), busy, limit.clone())?;
        let found = work(&opened);
        if holds(manner, &before, &Files::of(path)?, found.is_ok()) {
            return found;
        }
        former.push(opened);
    }
    Err(at(FailureCode::DatabaseCheckFailed, path)
        .because("it was written to whenever it was looked into")
        .transient())
}

/// How it can be opened now, and its files; nothing while somebody is just closing it.
fn manner(held: &Held, path: &Path) -> PortResult<Option<(Manner, Files)>> {
    let Some(file) = held.file() else {
        return Ok(None);
    };
    let wal = read_header(file, path)?.wal;
    // From here on a log that is there stays.
    if wal && !held.share().map_err(|e| file_error(path, &e, 0))? {
        return Ok(None);
    }
    let files = Files::of(path)?;
    let manner = match (wal, files.log, files.index) {
        (false, _, _) => Manner::Locked,
        (true, Some(_), true) => Manner::Logged,
        // Rows in the log, and no index to read them by without writing one.
        (true, Some(1..), false) => {
            return Err(at(FailureCode::DatabaseCheckFailed, path)
                .because("its write-ahead log has no -shm beside it"));
        }
        // Closed cleanly: all is in the main file.
        (true, _, _) => Manner::Alone,
    };
    Ok(Some((manner, files)))
}

/// Whether what was found was there.
fn holds(manner: Manner, before: &Files, after: &Files, found: bool) -> bool {
    match manner {
        Manner::Locked => true,
        Manner::Logged => found || (after.log.is_some() && after.index),
        Manner::Alone => before == after,
    }
}

/// The database's files as they are at a moment.
#[derive(Debug, PartialEq, Eq)]
struct Files {
    /// Inode, size, and when it was written last: seconds and nanoseconds.
    main: Option<(u64, u64, i64, i64)>,
    /// Bytes of the log.
    log: Option<u64>,
    index: bool,
}

impl Files {
    fn of(path: &Path) -> PortResult<Self> {
        let beside = |suffix| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            there(&PathBuf::from(name))
        };
        let stamp = |file: Metadata| (file.ino(), file.len(), file.mtime(), file.mtime_nsec());
        Ok(Self {
            main: there(path)?.map(stamp),
            log: beside("-wal")?.map(|file| file.len()),
            index: beside("-shm")?.is_some(),
        })
    }
}

fn there(path: &Path) -> PortResult<Option<Metadata>> {
    match std::fs::metadata(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_error(path, &error, 0)),
    }
}
