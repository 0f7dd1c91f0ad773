//! A look at `state.db` from outside, for `check`: nothing is created, migrated or kept open.

use super::OpenError;
use super::schema;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Longest wait for a lock.
const BUSY: Duration = Duration::from_secs(5);

/// How the state is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// There is none yet.
    Absent,
    /// SQLite's quick check finds nothing.
    Sound,
    /// The first thing that it finds.
    Damaged(String),
    /// A newer version of this program wrote it.
    Newer,
}

/// Looks at the state in this folder. Blocking.
///
/// # Errors
/// The database cannot be opened.
pub fn standing(dir: &Path) -> Result<Standing, OpenError> {
    let path = dir.join("state.db");
    if !path.exists() {
        return Ok(Standing::Absent);
    }
    look(&path).map_err(|error| OpenError::Database {
        path,
        reason: error.to_string(),
    })
}

pub(super) fn look(path: &Path) -> rusqlite::Result<Standing> {
    // Its write-ahead log cannot be read without the right to write.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Ok(Standing::Damaged(said));
    }
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = i64::try_from(schema::VERSION).unwrap_or(i64::MAX);
    Ok(match version > known {
        true => Standing::Newer,
        false => Standing::Sound,
    })
}
