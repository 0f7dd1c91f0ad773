//! The patient's database: which file it is, what it holds, and what of it was put aside.

use super::backup::{BackupTime, ContentHash, Place};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Rows per table.
pub type Counts = BTreeMap<String, u64>;

/// Which file stands at the database's path. A gate is bound to it: another file there is another
/// database, and the approval was not given for that one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileIdentity {
    /// The path.
    pub path: PathBuf,
    /// Device and inode; absent when there is no file.
    pub inode: Option<(u64, u64)>,
}

/// Owner, group and mode of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// Numeric user id.
    pub uid: u32,
    /// Numeric group id.
    pub gid: u32,
    /// Permission bits, as `chmod` takes them.
    pub mode: u32,
}

/// A file that was put aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedFile {
    /// Name in the quarantine folder, the same as before: `bot.db`, `bot.db-wal`, …
    pub name: String,
    /// Size in bytes.
    pub size: u64,
}

/// The database with its sidecars, put aside together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// The folder, on the same file system as the database.
    pub folder: PathBuf,
    /// What lies in it.
    pub files: Vec<QuarantinedFile>,
    /// Of the database file (or of its folder where the file was gone): what takes its place gets the same.
    pub ownership: Ownership,
}

/// How a staged database was proved good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum Proof {
    /// Its bytes are those that were checked in full at that time.
    Record {
        /// When.
        verified_at: Timestamp,
    },
    /// Checked in full just now.
    Full {
        /// How long it took, in milliseconds.
        millis: u64,
    },
}

/// A backup's content beside the database, ready to be renamed into place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// The file, in the database's own folder.
    pub path: PathBuf,
    /// Which backup.
    pub backup: BackupTime,
    /// Where it came from.
    pub place: Place,
    /// Uncompressed size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the uncompressed bytes.
    pub content: ContentHash,
    /// Rows per table.
    pub counts: Counts,
    /// The newest moment found in its rows.
    pub newest_row: Option<Timestamp>,
    /// Why it is trusted.
    pub proof: Proof,
}

/// What a restore loses: rows of the live database that are newer than the backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// From the backup's moment to the newest row (or, unreadable, to the last write of the file).
    pub span: Option<Duration>,
    /// New rows per table; absent when the live database cannot be read, which is not the same as 0.
    pub rows: Option<Counts>,
}

/// Findings of a check of a database file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Rows per table.
    pub counts: Counts,
    /// The newest moment found in its rows.
    pub newest_row: Option<Timestamp>,
    /// How long the check took, in milliseconds.
    pub millis: u64,
    /// SQLite's version that checked.
    pub sqlite: String,
}

/// What a test of a backup asks beyond what a restore needs to know. None of it keeps a database from
/// being restored: it may be the best there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Rows of tables that the schema does not map.
    pub others: Counts,
    /// Users whose balance is not the sum of their rows in the ledger.
    pub imbalances: u64,
    /// One of them.
    pub example: Option<i64>,
    /// REI's tables (the contract's names) that are empty although others tell of rows in them.
    pub emptied: Vec<String>,
    /// Bytes of the file behind the last page.
    pub trailing: u64,
    /// Bytes of the header that SQLite leaves zero are not.
    pub header_marked: bool,
}

/// Names of tables and columns, as `schema.toml` maps them; the defaults are the contract's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Contract's table name to the real table.
    pub tables: BTreeMap<String, Table>,
}

impl Schema {
    /// What is left without these real names: tables (`jobs`) and columns (`jobs.status`).
    #[must_use]
    pub fn without(&self, missing: &[String]) -> Self {
        let there = |name: &str| !missing.iter().any(|it| it == name);
        let mut left = self.clone();
        left.tables.retain(|_, table| there(&table.name));
        for table in left.tables.values_mut() {
            let name = &table.name;
            let columns = &mut table.columns;
            columns.retain(|_, column| there(&format!("{name}.{column}")));
        }
        left
    }
}

/// One table of the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The real table's name.
    pub name: String,
    /// Contract's column name to the real column.
    pub columns: BTreeMap<String, String>,
}
