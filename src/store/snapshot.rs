//! A copy of the state as of one moment, beside whoever writes to it.

use super::{OpenError, closed};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

/// Pages copied between two pauses: a mebibyte.
const PAGES: i32 = 256;
/// The disk is others' meanwhile.
const PAUSE: Duration = Duration::from_millis(2);
/// Longest wait for a lock.
const BUSY: Duration = Duration::from_secs(10);

/// Copies `state.db` of this folder to a new file and looks through it. A reader of a database in WAL
/// mode is in nobody's way, and nothing of this one is written. Blocking.
///
/// # Errors
/// The file stands already, it cannot be read or written, or what was copied is damaged.
pub fn snapshot(dir: &Path, to: &Path) -> Result<(), OpenError> {
    let file = |source: io::Error| OpenError::File {
        path: to.to_owned(),
        source,
    };
    let mut new = fs::OpenOptions::new();
    new.write(true).create_new(true).mode(0o600);
    let made = new.open(to).map_err(file)?;
    let from = dir.join("state.db");
    let sound = copy(&from, to).map_err(|error| closed(&from, &error))?;
    if sound != "ok" {
        return Err(closed(&from, &sound));
    }
    made.sync_all().map_err(file)
}

/// Says what SQLite's quick check finds in the copy.
fn copy(from: &Path, to: &Path) -> rusqlite::Result<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let from = Connection::open_with_flags(from, flags)?;
    from.busy_timeout(BUSY)?;
    let mut to = Connection::open(to)?;
    to.execute_batch(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE",
    )?;
    // Held from the first page to the last: otherwise each commit would begin the copy anew.
    from.execute_batch("BEGIN")?;
    from.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let backup = Backup::new(&from, &mut to)?;
    while backup.step(PAGES)? != StepResult::Done {
        std::thread::sleep(PAUSE);
    }
    drop(backup);
    from.execute_batch("ROLLBACK")?;
    to.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
}
