//! Looking into a database of REI's, to compare before and after.
//!
//! A look opens the file for a moment, and whoever proves that nobody holds the database will see
//! it: never look while a recovery may be at that.

use crate::demo::error::{DemoResult, in_db};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Rows per table.
pub type Rows = BTreeMap<String, u64>;

/// BLAKE3 per table over what never changes of its rows, in hexadecimal.
pub type Fingerprint = BTreeMap<String, String>;

const TABLES: [&str; 4] = ["jobs", "ledger", "payments", "users"];

/// What never changes of a row, and what says when it was made.
const LASTING: [(&str, &str); 4] = [
    (
        "jobs",
        "id, user_id, provider, kind, params, cost, created_at",
    ),
    (
        "ledger",
        "id, user_id, amount, reason, reference, created_at",
    ),
    (
        "payments",
        "id, user_id, provider_payment_id, amount, currency, credits, created_at",
    ),
    ("users", "id, username, language, created_at"),
];

pub(super) fn open(database: &Path) -> rusqlite::Result<Connection> {
    // Writing must be allowed for the WAL's index; nothing is written to the database.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database, flags)?;
    db.busy_timeout(Duration::from_secs(5))?;
    // Closing last must not fold the WAL into a database that somebody wants to see as it is.
    let keep = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    db.set_db_config(keep, true)?;
    Ok(db)
}

/// Counts the rows of each table.
///
/// # Errors
/// The database is missing, damaged, or lacks a table.
pub fn rows(database: &Path) -> DemoResult<Rows> {
    let count = || -> rusqlite::Result<Rows> {
        let db = open(database)?;
        TABLES
            .iter()
            .map(|table| {
                let sql = format!("SELECT count(*) FROM {table}");
                let count: i64 = db.query_row(&sql, [], |row| row.get(0))?;
                Ok(((*table).to_owned(), count.unsigned_abs()))
            })
            .collect()
    };
    count().map_err(in_db(database))
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobState {
    /// The row's `status`.
    pub status: String,
    /// How often it was begun.
    pub attempts: i64,
    /// The row's `error`.
    pub error: Option<String>,
}

/// All jobs, by their ids.
///
/// # Errors
/// The database is missing or damaged.
pub fn job_states(database: &Path) -> DemoResult<BTreeMap<String, JobState>> {
    let read = || -> rusqlite::Result<BTreeMap<String, JobState>> {
        let db = open(database)?;
        let mut rows = db.prepare("SELECT id, status, attempts, error FROM jobs")?;
        let state = |row: &rusqlite::Row<'_>| {
            let state = JobState {
                status: row.get(1)?,
                attempts: row.get(2)?,
                error: row.get(3)?,
            };
            Ok((row.get(0)?, state))
        };
        rows.query_map([], state)?.collect()
    };
    read().map_err(in_db(database))
}

/// Rows of jobs that have not ended, oldest first.
///
/// # Errors
/// The database is missing or damaged.
pub fn unfinished_jobs(database: &Path) -> DemoResult<Vec<String>> {
    let sql =
        "SELECT id FROM jobs WHERE status IN ('queued', 'processing') ORDER BY created_at, id";
    let read = || -> rusqlite::Result<Vec<String>> {
        let db = open(database)?;
        let mut rows = db.prepare(sql)?;
        rows.query_map([], |row| row.get(0))?.collect()
    };
    read().map_err(in_db(database))
}

/// What `integrity_check` and `foreign_key_check` find; nothing when all is well.
///
/// # Errors
/// The database is missing, or so damaged that the check itself fails.
pub fn integrity(database: &Path) -> DemoResult<Vec<String>> {
    let check = || -> rusqlite::Result<Vec<String>> {
        let db = open(database)?;
        let mut found = Vec::new();
        db.pragma_query(None, "integrity_check", |row| {
            found.push(row.get::<_, String>(0)?);
            Ok(())
        })?;
        found.retain(|line| line != "ok");
        if !found.is_empty() {
            // Walking through a damaged database would only end in an error.
            return Ok(found);
        }
        db.pragma_query(None, "foreign_key_check", |row| {
            found.push(format!(
                "a row of {} lacks its parent",
                row.get::<_, String>(0)?
            ));
            Ok(())
        })?;
        Ok(found)
    };
    check().map_err(in_db(database))
}

/// Whether each balance is the sum of its ledger.
///
/// # Errors
/// The database is missing or damaged.
pub fn balances_hold(database: &Path) -> DemoResult<bool> {
    let sql = "SELECT NOT EXISTS (
        SELECT 1 FROM users u
        LEFT JOIN (SELECT user_id, sum(amount) AS total FROM ledger GROUP BY user_id) l
        ON l.user_id = u.id WHERE u.balance <> coalesce(l.total, 0))";
    let ask = || open(database)?.query_row(sql, [], |row| row.get(0));
    ask().map_err(in_db(database))
}

/// What identifies the rows made up to a moment (`YYYY-MM-DD HH:MM:SS`), whatever came after it:
/// the same for a backup and for a database that was restored from it and lives on.
///
/// # Errors
/// The database is missing or damaged.
pub fn fingerprint(database: &Path, until: &str) -> DemoResult<Fingerprint> {
    let read = || -> rusqlite::Result<Fingerprint> {
        let db = open(database)?;
        LASTING
            .iter()
            .map(|(table, columns)| Ok(((*table).to_owned(), hash(&db, table, columns, until)?)))
            .collect()
    };
    read().map_err(in_db(database))
}

fn hash(db: &Connection, table: &str, columns: &str, until: &str) -> rusqlite::Result<String> {
    let sql = format!("SELECT {columns} FROM {table} WHERE created_at <= ?1 ORDER BY id");
    let mut statement = db.prepare(&sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([until])?;
    let mut hash = blake3::Hasher::new();
    while let Some(row) = rows.next()? {
        for column in 0..width {
            feed(&mut hash, row.get_ref(column)?);
        }
    }
    Ok(hash.finalize().to_hex().to_string())
}

/// Type and length go in too, so that no two rows read alike.
fn feed(hash: &mut blake3::Hasher, value: ValueRef<'_>) {
    let (kind, bytes): (u8, &[u8]) = match value {
        ValueRef::Null => (0, &[]),
        ValueRef::Integer(number) => {
            hash.update(&[1]).update(&number.to_le_bytes());
            return;
        }
        ValueRef::Real(number) => {
            hash.update(&[2]).update(&number.to_le_bytes());
            return;
        }
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(blob) => (4, blob),
    };
    hash.update(&[kind])
        .update(&bytes.len().to_le_bytes())
        .update(bytes);
}
