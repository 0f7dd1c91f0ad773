//! The patient: an install of REI Bot with a past, a present in its WAL, and backups.
//!
//! Everything lies under one folder: `rei_bot/` is `REI_HOME`, `backups/` is `BACKUP_DIR`. The same
//! options give the same rows.

mod backups;
pub(super) mod book;
mod damage;
mod files;
mod history;
mod look;
mod loss;
mod past;
mod people;

pub(super) use backups::spoil_file;
pub use backups::{BackupOptions, Flaw, Taken, unpack};
pub use damage::{Damage, damage};
pub use look::{
    Fingerprint, JobState, Rows, balances_hold, fingerprint, integrity, job_states, rows,
    unfinished_jobs,
};
pub use past::past_payments;

use super::error::{DemoResult, at, in_db};
use history::History;
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

const SCHEMA: &str = include_str!("schema.sql");

/// Bytes of the database that a user with its jobs takes; measured.
const BYTES_PER_USER: u64 = 3_800;

/// Jobs a user has on average.
const JOBS_PER_USER: u64 = 6;

/// Mode of `bot.db`: as a careful admin sets it.
const MODE: u32 = 0o640;

/// A person of the chat who also uses REI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Telegram id.
    pub id: i64,
    /// Without the `@`.
    pub username: String,
    /// Language of the app.
    pub language: String,
}

/// What patient to build.
#[derive(Debug, Clone)]
pub struct PatientOptions {
    /// The same seed, the same rows.
    pub seed: u64,
    /// How many users; each has six jobs on average.
    pub users: u64,
    /// The moment up to which REI has lived.
    pub now: Timestamp,
    /// Users of the chat who are in the database.
    pub guests: Vec<Guest>,
    /// Backups, in any order.
    pub backups: Vec<BackupOptions>,
    /// Owner and group of the install folder, where this program may give them.
    pub owner: Option<(u32, u32)>,
    /// Committed rows that are only in the WAL.
    pub wal_rows: u64,
}

impl PatientOptions {
    /// A few dozen users and one good backup: built in an instant.
    #[must_use]
    pub fn tiny() -> Self {
        Self::of(60, vec![BackupOptions::aged(Duration::from_secs(20 * 60))])
    }

    /// The rehearsal's patient: a few thousand users and four backups, one of them damaged.
    #[must_use]
    pub fn rehearsal() -> Self {
        let hours = |n: u64| Duration::from_secs(n * 3600);
        let backups = vec![
            BackupOptions::aged(hours(72)),
            BackupOptions::aged(hours(26)).flaw(Flaw::Truncated),
            BackupOptions::aged(hours(2)).checksum(),
            BackupOptions::aged(Duration::from_secs(18 * 60)).checksum(),
        ];
        Self::of(3_000, backups)
    }

    /// About so many bytes of database, with one backup.
    #[must_use]
    pub fn of_bytes(bytes: u64) -> Self {
        let backup = BackupOptions::aged(Duration::from_secs(20 * 60)).checksum();
        Self::of((bytes / BYTES_PER_USER).max(1), vec![backup])
    }

    fn of(users: u64, backups: Vec<BackupOptions>) -> Self {
        Self {
            seed: 0x5eed,
            users,
            now: Timestamp::now(),
            guests: Vec::new(),
            backups,
            owner: None,
            wal_rows: 40,
        }
    }
}

/// A patient on disk. It knows its paths and what was built; what became of it since is asked anew.
#[derive(Debug, Clone)]
pub struct Patient {
    root: PathBuf,
    taken: Vec<Taken>,
}

impl Patient {
    /// Builds it in an existing folder. Blocking; a gibibyte takes about a minute.
    ///
    /// # Errors
    /// The folder cannot be written, or the owner not be given.
    pub fn build(root: &Path, options: &PatientOptions) -> DemoResult<Self> {
        let mut patient = Self {
            root: root.to_owned(),
            taken: Vec::new(),
        };
        for folder in [patient.home(), patient.backup_dir()] {
            fs::create_dir_all(&folder).map_err(at(&folder))?;
        }
        files::write(&patient.home(), options.now)?;
        patient.live_through(options)?;
        patient.leave_rows_in_wal(options.wal_rows)?;
        patient.give_to(options.owner)?;
        Ok(patient)
    }

    /// An install of REI around a database that is, or will be, at its place: everything else of it,
    /// with settings that open nothing.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub(super) fn around_database(root: &Path) -> DemoResult<Self> {
        let patient = Self {
            root: root.to_owned(),
            taken: Vec::new(),
        };
        let home = patient.home();
        fs::create_dir_all(&home).map_err(at(&home))?;
        files::write(&home, Timestamp::now())?;
        Ok(patient)
    }

    /// Saves the other files beside the backup of this moment.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub(super) fn save_files(&self, at: Timestamp) -> DemoResult<()> {
        backups::save_files(&self.home(), &self.backup_dir(), at)
    }

    /// `REI_HOME`.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.root.join("rei_bot")
    }

    /// `bot.db`.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.home().join("bot.db")
    }

    /// A file that SQLite keeps beside the database: `-wal`, `-shm`, `-journal`.
    #[must_use]
    pub fn sidecar(&self, suffix: &str) -> PathBuf {
        self.home().join(format!("bot.db{suffix}"))
    }

    /// `logs/bot.log`.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.home().join("logs/bot.log")
    }

    /// `BACKUP_DIR`.
    #[must_use]
    pub fn backup_dir(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// The backups as they were taken, oldest first.
    #[must_use]
    pub fn backups(&self) -> &[Taken] {
        &self.taken
    }

    /// The newest backup that nothing is wrong with.
    #[must_use]
    pub fn latest_good(&self) -> Option<&Taken> {
        self.taken.iter().rev().find(|taken| taken.flaw.is_none())
    }

    /// Owner, group and mode of the database.
    ///
    /// # Errors
    /// It is not there.
    pub fn ownership(&self) -> DemoResult<(u32, u32, u32)> {
        let path = self.database();
        let file = fs::metadata(&path).map_err(at(&path))?;
        Ok((file.uid(), file.gid(), file.mode() & 0o7777))
    }

    /// Lives from backup to backup and then up to now.
    fn live_through(&mut self, options: &PatientOptions) -> DemoResult<()> {
        let path = self.database();
        let size = (options.users, options.users * JOBS_PER_USER);
        let mut history = History::new(options.seed, size, options.now).guests(&options.guests);
        let mut due = options.backups.clone();
        due.sort_by_key(|backup| std::cmp::Reverse(backup.age));
        for backup in due {
            let cut = options.now - jiff::SignedDuration::try_from(backup.age).unwrap_or_default();
            live(&path, &mut history, cut)?;
            let taken = backups::take(&path, &self.backup_dir(), cut, &backup)?;
            self.taken.push(taken);
            backups::save_files(&self.home(), &self.backup_dir(), cut)?;
        }
        live(&path, &mut history, options.now)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(MODE)).map_err(at(&path))
    }

    /// Commits rows and leaves without the checkpoint that a clean close would make, as a process
    /// that was killed does: the main file alone lacks them.
    fn leave_rows_in_wal(&self, rows: u64) -> DemoResult<()> {
        let path = self.database();
        let fill = || -> rusqlite::Result<()> {
            let db = Connection::open(&path)?;
            db.pragma_update(None, "wal_autocheckpoint", 0)?;
            db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            let newest = "SELECT id, created_at FROM users ORDER BY created_at DESC, id LIMIT 1";
            let (user, at): (i64, String) =
                db.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            for _ in 0..rows {
                let tx = db.unchecked_transaction()?;
                book::Book(&tx).credit(user, 1, ("bonus", None), &at)?;
                tx.commit()?;
            }
            Ok(())
        };
        fill().map_err(in_db(&path))
    }

    fn give_to(&self, owner: Option<(u32, u32)>) -> DemoResult<()> {
        let Some((uid, gid)) = owner else {
            return Ok(());
        };
        give(&self.home(), uid, gid)
    }
}

fn give(path: &Path, uid: u32, gid: u32) -> DemoResult<()> {
    std::os::unix::fs::lchown(path, Some(uid), Some(gid)).map_err(at(path))?;
    if !path.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(at(path))? {
        give(&entry.map_err(at(path))?.path(), uid, gid)?;
    }
    Ok(())
}

/// The schema's tables, and its indexes, which stand on a line each.
fn schema() -> (String, String) {
    let is_index =
        |line: &&str| line.starts_with("CREATE INDEX") || line.starts_with("CREATE UNIQUE");
    let (indexes, tables): (Vec<&str>, Vec<&str>) = SCHEMA.lines().partition(is_index);
    (tables.join("\n"), indexes.join("\n"))
}

/// Lives on until a moment. Without a journal, as nobody looks yet; afterwards in WAL mode, so that
/// the file's header says so in every backup too.
fn live(path: &Path, history: &mut History, until: Timestamp) -> DemoResult<()> {
    let fast = |db: &Connection| -> rusqlite::Result<()> {
        db.pragma_update(None, "journal_mode", "delete")?;
        db.pragma_update(None, "journal_mode", "off")?;
        db.pragma_update(None, "synchronous", "off")?;
        db.pragma_update(None, "cache_size", -65_536)
    };
    let (tables, indexes) = schema();
    let mut work = || -> rusqlite::Result<()> {
        let mut db = Connection::open(path)?;
        fast(&db)?;
        let is_new = !db.table_exists(None, "users")?;
        if is_new {
            db.execute_batch(&tables)?;
        }
        history.live(&mut db, until)?;
        if is_new {
            // Sorting once is several times faster than inserting at random places.
            db.execute_batch(&indexes)?;
        }
        db.pragma_update(None, "journal_mode", "delete")?;
        db.pragma_update(None, "journal_mode", "wal")
    };
    work().map_err(in_db(path))
}
