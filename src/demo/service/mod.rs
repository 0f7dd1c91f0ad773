//! REI's processes: what holds `bot.db` open, writes to it and suffers when it is broken.
//!
//! TERM ends them as it ends a Python program that does not catch it: at once. However they end, what
//! they committed is still in the WAL.

mod pylog;
mod work;

use super::dice::Dice;
use super::error::DemoResult;
use super::units::{Presence, Unit};
use pylog::PythonLog;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// Time between two pieces of work.
const PACE: Duration = Duration::from_millis(200);

/// After so many errors the process gives up, as REI does: what it holds in memory no longer fits.
const ENOUGH: u32 = 5;

/// Runs a unit until a signal ends it, or until the database has failed it too often.
///
/// # Errors
/// It runs already, or the log cannot be written.
pub fn run(unit: Unit, home: &Path) -> DemoResult<ExitCode> {
    let _presence = Presence::announce(unit, home)?;
    let mut log = PythonLog::open(&home.join("logs/bot.log"), unit.name())?;
    let database = home.join("bot.db");
    log.info("starting")?;
    let mut connection = match open(&database) {
        Ok(connection) => connection,
        Err(error) => {
            log.error("cannot start", &error)?;
            return Ok(ExitCode::FAILURE);
        }
    };
    log.info("database opened, working")?;
    let seed = u64::from(std::process::id()) << 32 | u64::from(unit == Unit::Workers);
    let mut dice = Dice::new(seed ^ jiff::Timestamp::now().as_nanosecond().unsigned_abs() as u64);
    let mut errors = 0;
    while errors < ENOUGH {
        let done = match unit {
            Unit::Bot => work::serve_a_user(&mut connection, &mut dice),
            Unit::Workers => work::finish_a_job(&mut connection, &mut dice),
        };
        match done {
            Ok(line) => log.info(&line)?,
            Err(error) => {
                errors += 1;
                log.error("Unhandled exception", &error)?;
            }
        }
        thread::sleep(PACE);
    }
    log.info("too many database errors, giving up")?;
    Ok(ExitCode::FAILURE)
}

/// As Python's `sqlite3.connect(…, timeout=5)`, except that a missing file is not made anew: REI
/// would go on without its users.
fn open(database: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    // A program that dies in an exception does not tidy up: what it committed stays in the WAL.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Python's default: REI never turned the check on.
    connection.pragma_update(None, "foreign_keys", false)?;
    let users: i64 = connection.query_row("SELECT count(*) FROM users", [], |row| row.get(0))?;
    tracing::debug!(users, "opened");
    Ok(connection)
}
