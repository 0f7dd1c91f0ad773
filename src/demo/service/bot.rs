//! The bot: serves users, orders jobs, and gives up when its database fails it too often.

use super::errands::Errands;
use super::pylog::PythonLog;
use super::surroundings;
use super::work::{self, Rei};
use crate::demo::dice::Dice;
use crate::demo::error::DemoResult;
use crate::demo::units::Unit;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// Of the units' environment: milliseconds before each piece of work.
pub(in crate::demo) const PACE: &str = "REI_PACE";

/// Where nothing says otherwise.
const USUAL: Duration = Duration::from_millis(200);

/// After so many errors the process gives up, as REI does: what it holds in memory no longer fits.
const ENOUGH: u32 = 5;

/// Payments are taken by hand where this is `True`.
const MANUAL: &str = "YOOKASSA_MANUAL_MODE";

pub(super) fn run(home: &Path) -> DemoResult<ExitCode> {
    let mut log = PythonLog::open(&home.join("logs/bot.log"), Unit::Bot.name())?;
    log.info("starting")?;
    let mut database = match open(&home.join("bot.db")) {
        Ok(database) => database,
        Err(error) => {
            log.error("cannot start", &error)?;
            return Ok(ExitCode::FAILURE);
        }
    };
    log.info("database opened, working")?;
    let mut dice = Dice::new(seed());
    let mut rei = Rei {
        errands: Errands::new(home),
        manual: is_manual(home),
    };
    if rei.manual {
        log.warn("manual mode: no payment is begun")?;
    }
    let pace = pace(home)?;
    let mut errors = 0;
    while errors < ENOUGH {
        thread::sleep(pace);
        match work::serve_a_user(&mut database, &mut dice, &mut rei) {
            Ok(Ok(line)) => log.info(&line)?,
            Ok(Err(refused)) => log.warn(&refused)?,
            Err(error) => {
                errors += 1;
                log.error("Unhandled exception", &error)?;
            }
        }
    }
    log.info("too many database errors, giving up")?;
    Ok(ExitCode::FAILURE)
}

fn pace(home: &Path) -> DemoResult<Duration> {
    let variables = surroundings::environment(home)?;
    let given = variables.iter().find(|(name, _)| name == PACE);
    let given = given.and_then(|(_, millis)| millis.parse().ok());
    Ok(given.map_or(USUAL, Duration::from_millis))
}

/// Reads the line of `config.py` as Python would, at the start only.
fn is_manual(home: &Path) -> bool {
    let config = std::fs::read_to_string(home.join("config.py")).unwrap_or_default();
    let mut lines = config.lines().filter_map(|line| line.split_once('='));
    lines.any(|(name, value)| name.trim() == MANUAL && value.trim() == "True")
}

fn seed() -> u64 {
    let now = jiff::Timestamp::now().as_nanosecond().unsigned_abs() as u64;
    u64::from(std::process::id()) << 32 ^ now
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
