//! Who plays a unit in a drill: holds the database open, reads it all the time, and gives up when it
//! fails him too often, as REI does. He writes nothing, and knows no table by name: the copy may be of
//! any REI.

use super::pylog::PythonLog;
use super::surroundings;
use crate::demo::error::DemoResult;
use crate::demo::units::Unit;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// Of the units' environment: the units that understudies play, separated by commas.
pub(in crate::demo) const UNDERSTUDIES: &str = "REI_UNDERSTUDIES";

/// Between two looks into the database.
const PACE: Duration = Duration::from_millis(200);
/// After so many errors he gives up.
const ENOUGH: u32 = 5;

/// Whether this unit is played.
pub(super) fn plays(unit: Unit, home: &Path) -> DemoResult<bool> {
    let variables = surroundings::environment(home)?;
    let given = variables.iter().find(|(name, _)| name == UNDERSTUDIES);
    Ok(given.is_some_and(|(_, units)| units.split(',').any(|name| name == unit.name())))
}

pub(super) fn run(unit: Unit, home: &Path) -> DemoResult<ExitCode> {
    let mut log = PythonLog::open(&home.join("logs/bot.log"), unit.name())?;
    log.info("starting")?;
    let database = match open(&home.join("bot.db")) {
        Ok(database) => database,
        Err(error) => {
            log.error("cannot start", &error)?;
            return Ok(ExitCode::FAILURE);
        }
    };
    log.info("database opened, working")?;
    let mut errors = 0;
    while errors < ENOUGH {
        thread::sleep(PACE);
        if let Err(error) = look(&database) {
            errors += 1;
            log.error("Unhandled exception", &error)?;
        }
    }
    log.info("too many database errors, giving up")?;
    Ok(ExitCode::FAILURE)
}

/// In WAL mode, as REI; a missing file is not made anew.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags)?;
    database.busy_timeout(Duration::from_secs(5))?;
    database.pragma_update(None, "journal_mode", "wal")?;
    look(&database)?;
    Ok(database)
}

fn look(database: &Connection) -> rusqlite::Result<()> {
    let sql = "SELECT count(*) FROM sqlite_schema";
    database.query_row(sql, [], |row| row.get::<_, i64>(0))?;
    Ok(())
}
