//! Opening a database so that looking changes nothing, and what SQLite's errors mean.

use crate::adapters::common::fs::file_error;
use crate::domain::failure::{Arg, FailureCode};
use crate::ports::{PortError, PortResult};
use rusqlite::{Connection, ErrorCode, OpenFlags, Params, Row};
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

/// When to stop looking.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    until: Instant,
    length: Duration,
    cancel: CancellationToken,
}

impl Limit {
    pub(super) fn new(length: Duration, cancel: CancellationToken) -> Self {
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

/// What the first 100 bytes of a database tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    /// It is in WAL mode.
    pub(super) wal: bool,
}

/// Size and first bytes: what needs no SQLite to be told.
pub(super) fn read_header(file: &File, path: &Path) -> PortResult<Header> {
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
pub(super) struct Opened {
    connection: Connection,
    path: PathBuf,
    limit: Limit,
}

impl Opened {
    /// A file that nobody writes, whatever its journal mode says. Memory-mapped: `integrity_check`
    /// takes half the time that way.
    pub(super) fn closed(path: &Path, limit: Limit) -> PortResult<Self> {
        let size = std::fs::metadata(path).map_err(|e| file_error(path, &e, 0))?;
        let opened = Self::open(path, "immutable=1", Duration::ZERO, limit)?;
        let map = i64::try_from(size.len()).unwrap_or(i64::MAX);
        opened
            .connection
            .pragma_update(None, "mmap_size", map)
            .map_err(|e| opened.error(&e))?;
        Ok(opened)
    }

    /// Opens it in this mode of SQLite's URIs.
    pub(super) fn open(path: &Path, mode: &str, busy: Duration, limit: Limit) -> PortResult<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(uri(path, mode), flags)
            .map_err(|e| explain(&e, path, &limit))?;
        let watch = limit.clone();
        connection
            .busy_timeout(busy)
            .and_then(|()| connection.progress_handler(STEPS, Some(move || watch.is_over())))
            // The file comes from elsewhere: its schema may call no function with side effects.
            .and_then(|()| connection.pragma_update(None, "trusted_schema", false))
            .and_then(|()| connection.pragma_update(None, "query_only", true))
            .map_err(|e| explain(&e, path, &limit))?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            limit,
        })
    }

    /// The one row of a query.
    pub(super) fn one<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> PortResult<T> {
        self.connection
            .query_row(sql, params, |row| row.get(0))
            .map_err(|e| self.error(&e))
    }

    /// All rows of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> PortResult<Vec<T>> {
        let rows = || -> rusqlite::Result<Vec<T>> {
            let mut statement = self.connection.prepare(sql)?;
            statement.query_map(params, read)?.collect()
        };
        rows().map_err(|e| self.error(&e))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn error(&self, error: &rusqlite::Error) -> PortError {
        explain(error, &self.path, &self.limit)
    }
}

/// An error about a path.
pub(super) fn at(code: FailureCode, path: &Path) -> PortError {
    PortError::new(code).with("path", path.display().to_string())
}

fn explain(error: &rusqlite::Error, path: &Path, limit: &Limit) -> PortError {
    let failure = match error {
        rusqlite::Error::SqliteFailure(failure, _) => failure.code,
        _ => ErrorCode::Unknown,
    };
    match failure {
        ErrorCode::OperationInterrupted if limit.is_over() => limit.failure(),
        ErrorCode::NotADatabase => at(FailureCode::NotADatabase, path).because(error),
        ErrorCode::DatabaseCorrupt => at(FailureCode::IntegrityFailed, path)
            .with("first", error.to_string())
            .with("count", 1),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            let locked = at(FailureCode::DatabaseCheckFailed, path).because(error);
            locked.transient()
        }
        _ => at(FailureCode::DatabaseCheckFailed, path).because(error),
    }
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
