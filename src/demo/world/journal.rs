//! Looking into the program's own state from beside it, read-only.

use crate::demo::error::{DemoResult, in_db};
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// `state.db` of the program under test. Each look opens it anew; before the program's first start
/// it is not there, and every look an error.
#[derive(Debug, Clone)]
pub struct StateView {
    path: PathBuf,
}

/// An event of a run's journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its position, from 1.
    pub position: u64,
    /// When it was written.
    pub at: Timestamp,
    /// The event as it is stored: `event` names it.
    pub event: Value,
}

impl Entry {
    /// The event's name, for example `step-started`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.event["event"].as_str().unwrap_or_default()
    }

    /// The step it is about.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        self.event["step"].as_str()
    }
}

impl StateView {
    pub(in crate::demo) fn new(state_dir: &Path) -> Self {
        Self {
            path: state_dir.join("state.db"),
        }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn look<T>(&self, look: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> DemoResult<T> {
        let open = || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let db = Connection::open_with_flags(&self.path, flags)?;
            db.busy_timeout(Duration::from_secs(5))?;
            look(&db)
        };
        open().map_err(in_db(&self.path))
    }

    /// The run that is on the patient.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn under_way(&self) -> DemoResult<Option<i64>> {
        self.look(|db| {
            let sql = "SELECT id FROM runs WHERE phase = 'under-way'";
            db.query_row(sql, [], |row| row.get(0)).optional()
        })
    }

    /// The newest run with its phase: `proposed`, `under-way`, `finished`.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn newest(&self) -> DemoResult<Option<(i64, String)>> {
        self.look(|db| {
            let sql = "SELECT id, phase FROM runs ORDER BY id DESC LIMIT 1";
            db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
    }

    /// A run's journal, in order.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn journal(&self, run: i64) -> DemoResult<Vec<Entry>> {
        self.look(|db| {
            let sql = "SELECT position, at, event FROM events WHERE run = ?1 ORDER BY position";
            let mut rows = db.prepare(sql)?;
            rows.query_map([run], |row| {
                let (position, at, event): (i64, String, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(Entry {
                    position: position.unsigned_abs(),
                    at: at.parse().unwrap_or_default(),
                    event: serde_json::from_str(&event).unwrap_or_default(),
                })
            })?
            .collect()
        })
    }

    /// The run's frozen plan.
    ///
    /// # Errors
    /// The state cannot be read, or there is no such run.
    pub fn plan(&self, run: i64) -> DemoResult<Value> {
        self.look(|db| {
            let sql = "SELECT plan FROM runs WHERE id = ?1";
            let text: String = db.query_row(sql, [run], |row| row.get(0))?;
            Ok(serde_json::from_str(&text).unwrap_or_default())
        })
    }

    /// Messages that wait to be delivered.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn backlog(&self) -> DemoResult<u64> {
        self.look(|db| {
            let sql = "SELECT count(*) FROM outbox WHERE state = 'pending'";
            let waiting: i64 = db.query_row(sql, [], |row| row.get(0))?;
            Ok(waiting.unsigned_abs())
        })
    }

    /// How many recoveries that ended have no checklist yet.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn unlisted(&self) -> DemoResult<u64> {
        self.look(|db| {
            let sql = "SELECT count(*) FROM checklists_due";
            let due: i64 = db.query_row(sql, [], |row| row.get(0))?;
            Ok(due.unsigned_abs())
        })
    }
}
