//! Opening a database so that looking changes nothing, and a change waits for REI's own.

use super::hold::Held;
use super::query::explain;
use crate::adapters::common::fs::file_error;
use crate::domain::failure::{Arg, FailureCode};
use crate::ports::{PortError, PortResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Every database of SQLite 3 begins with this.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Steps of SQLite's machine between two looks at the limit: some tens of microseconds.
const STEPS: i32 = 10_000;

/// Opened so, a file is read without locks, and its handle closed behind SQLite's own bookkeeping.
const UNLOCKED: &str = "immutable=1";
const READ_WRITE: &str = "mode=rw";

/// When to stop looking.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    until: Instant,
    length: Duration,
    cancel: CancellationToken,
}

impl Limit {
    pub(crate) fn new(length: Duration, cancel: CancellationToken) -> Self {
        Self {
            until: Instant::now() + length,
            length,
            cancel,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.cancel.is_cancelled() || Instant::now() >= self.until
    }

    pub(super) fn failure(&self) -> PortError {
        match self.cancel.is_cancelled() {
            true => PortError::new(FailureCode::CutOff),
            false => PortError::new(FailureCode::TimedOut).with("seconds", Arg::from(self.length)),
        }
    }
}

/// The header of a closed file; the first 100 bytes of a database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    /// It is in WAL mode.
    pub(crate) wal: bool,
}

/// Size and first bytes: what needs no SQLite to be told.
pub(crate) fn read_header(file: &File, path: &Path) -> PortResult<Header> {
    let failed = |error| file_error(path, &error, 0);
    let mut header = [0; 100];
    if file.metadata().map_err(failed)?.len() == 0 {
        return Err(at(FailureCode::DatabaseEmpty, path));
    }
    match file.read_exact_at(&mut header, 0) {
        Ok(()) if header.starts_with(MAGIC) => Ok(Header {
            wal: header[18] == 2 || header[19] == 2,
        }),
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(failed(error)),
        _ => Err(at(FailureCode::NotADatabase, path)),
    }
}

/// An open database; errors name its path.
pub(crate) struct Opened {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) limit: Limit,
    /// What it is called when somebody else holds a lock for too long.
    pub(super) busy: FailureCode,
    /// While it is open for writing nobody here closes the file behind SQLite's back. The last field:
    /// let go after the connection is closed.
    held: Option<Held>,
}

impl Opened {
    /// A file that nobody writes, whatever its journal mode says. Memory-mapped: `integrity_check`
    /// takes half the time that way.
    pub(crate) fn closed(path: &Path, limit: Limit) -> PortResult<Self> {
        let size = std::fs::metadata(path).map_err(|e| file_error(path, &e, 0))?;
        let opened = Self::open(path, UNLOCKED, Duration::ZERO, limit)?;
        let map = i64::try_from(size.len()).unwrap_or(i64::MAX);
        opened
            .connection
            .pragma_update(None, "mmap_size", map)
            .map_err(|e| opened.error(&e))?;
        Ok(opened)
    }

    /// The live database for one short change beside REI's own; it must exist. Whoever waits longer
    /// than `busy` for somebody else's lock gets `records-busy`.
    pub(crate) fn to_write(path: &Path, busy: Duration, limit: Limit) -> PortResult<Self> {
        let held = Held::at(path)?;
        if let Some(file) = held.file() {
            read_header(file, path)?;
        }
        let mut opened = Self::open(path, READ_WRITE, busy, limit)?;
        opened.held = Some(held);
        opened.busy = FailureCode::RecordsBusy;
        let prepared = opened
            .connection
            .pragma_update(None, "query_only", false)
            .and_then(|()| opened.connection.pragma_update(None, "foreign_keys", true))
            // What is committed survives a power cut, in WAL mode too.
            .and_then(|()| opened.connection.pragma_update(None, "synchronous", "FULL"));
        prepared.map_err(|e| opened.error(&e))?;
        Ok(opened)
    }

    /// Opens it in this mode of SQLite's URIs.
    pub(super) fn open(path: &Path, mode: &str, busy: Duration, limit: Limit) -> PortResult<Self> {
        let access = match mode {
            READ_WRITE => OpenFlags::SQLITE_OPEN_READ_WRITE,
            _ => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let flags = access | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let code = FailureCode::DatabaseCheckFailed;
        let failed = |error: rusqlite::Error| explain(&error, path, &limit, code);
        let connection = Connection::open_with_flags(uri(path, mode), flags).map_err(failed)?;
        let watch = limit.clone();
        connection
            .busy_timeout(busy)
            .and_then(|()| connection.progress_handler(STEPS, Some(move || watch.is_over())))
            // The file comes from elsewhere: its schema may call no function with side effects.
            .and_then(|()| connection.pragma_update(None, "trusted_schema", false))
            // A quoted name that is no column is an error, never a text.
            .and_then(|()| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false))
            .and_then(|_| connection.pragma_update(None, "query_only", true))
            .map_err(failed)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            limit,
            busy: code,
            held: None,
        })
    }
}

/// An error about a path.
pub(crate) fn at(code: FailureCode, path: &Path) -> PortError {
    PortError::new(code).with("path", path.display().to_string())
}

/// SQLite's form of a file's address; whatever could mean something in it is encoded.
fn uri(path: &Path, mode: &str) -> String {
    let mut text = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                text.push(char::from(*byte));
            }
            _ => text.push_str(&format!("%{byte:02x}")),
        }
    }
    format!("{text}?{mode}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_path_is_taken_for_an_option() {
        let path = Path::new("/srv/a b?mode=rwc#x/bot.db");
        let expected = "file:/srv/a%20b%3fmode%3drwc%23x/bot.db?mode=ro";
        assert_eq!(uri(path, "mode=ro"), expected);
    }
}
