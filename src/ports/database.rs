//! The patient's database: its files, who holds them, and what is in them.

use super::PortResult;
use super::backups::{BackupPlace, Fetched, Work};
use crate::domain::backup::{Backup, BackupTime};
use crate::domain::database::{Books, CheckReport, FileIdentity, Loss, Ownership, Quarantine};
use async_trait::async_trait;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A process that holds a file open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// Its name, as the kernel keeps it.
    pub name: String,
    /// Which file.
    pub file: PathBuf,
}

/// Who holds the database open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldersReport {
    /// Processes with an open handle or a mapping of the database or a sidecar, this one excepted.
    pub holders: Vec<Holder>,
    /// Processes whose open files were read.
    pub seen: u64,
    /// Processes whose open files we may not read: with any of them nothing is proved.
    pub hidden: u64,
}

/// Looks who holds files open. Reading only.
#[async_trait]
pub trait FileHolders: Send + Sync {
    /// Who holds the database at this path, or `-wal`, `-shm`, `-journal` beside it.
    async fn holders(&self, database: &Path) -> PortResult<HoldersReport>;
}

/// Where a recovery puts things. All on the database's own file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The database.
    pub database: PathBuf,
    /// The quarantine folder of this run.
    pub quarantine: PathBuf,
    /// The staged file of this run, in the database's folder.
    pub staging: PathBuf,
}

/// Moves the database's files. Everything that returns is durable: files and folders are synced.
///
/// Each call may be repeated after it was cut off at any point and then ends as if it had not been.
#[async_trait]
pub trait DatabaseFiles: Send + Sync {
    /// Which file stands at the path; a missing one is no error.
    async fn identity(&self, database: &Path) -> PortResult<FileIdentity>;

    /// Writes the decompressed backup to `layout.staging` (created anew, mode 0600), hashing it on
    /// the way. Room for it is checked first and again while writing. A cut-off call leaves at most
    /// the staged file.
    async fn stage(
        &self,
        layout: &Layout,
        from: Arc<dyn BackupPlace>,
        backup: &Backup,
        work: &Work,
    ) -> PortResult<Fetched>;

    /// Removes the staged file; a missing one is no error.
    async fn discard(&self, layout: &Layout) -> PortResult<()>;

    /// Moves the database with every sidecar into the quarantine folder and leaves a manifest there
    /// as the last thing. A complete quarantine is left alone: repeating never moves a newer file.
    async fn quarantine(&self, layout: &Layout) -> PortResult<Quarantine>;

    /// The complete quarantine of this run, or nothing if it was not begun or not finished.
    async fn quarantined(&self, layout: &Layout) -> PortResult<Option<Quarantine>>;

    /// Moves the quarantined set back. What stands in its place meanwhile is kept in the quarantine
    /// folder under `replaced/`. Returns how many files were moved back.
    async fn give_back(&self, layout: &Layout) -> PortResult<u64>;

    /// Gives the staged file this owner, group and mode and renames it into place. Fails with
    /// `place-taken` when a database or a sidecar stands there.
    async fn install(&self, layout: &Layout, ownership: Ownership) -> PortResult<()>;

    /// The files that stand at the database's place: the database and its sidecars.
    async fn present(&self, database: &Path) -> PortResult<Vec<PathBuf>>;
}

/// How thoroughly a database is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Header, schema, counts, newest row: for bytes that were proved to be those of a database that
    /// was once checked in full. Their pages and foreign keys cannot have changed.
    Cheap,
    /// All of that, `integrity_check` and `foreign_key_check`.
    Full,
}

/// Looks into a database file, never writing to it nor beside it.
#[async_trait]
pub trait DatabaseChecks: Send + Sync {
    /// Checks a closed database file (no process writes to it).
    async fn check(&self, file: &Path, depth: Depth, work: &Work) -> PortResult<CheckReport>;

    /// Checks a closed copy of the live database in full. REI's tables are looked at as far as they are
    /// there; mapped names (`jobs`, `jobs.status`) that are not come back with the report. A copy without
    /// any of them is `schema-differs`.
    async fn check_copy(&self, file: &Path, work: &Work) -> PortResult<(CheckReport, Vec<String>)>;

    /// Mapped tables (`jobs`) and columns (`jobs.status`) that the live database lacks.
    async fn missing(&self, database: &Path) -> PortResult<Vec<String>>;

    /// What only a test of a backup asks of a closed database that passed its check: see [`Books`].
    async fn books(&self, file: &Path, work: &Work) -> PortResult<Books>;

    /// Checks in full the database that REI writes to meanwhile, without hindering it.
    async fn check_live(&self, database: &Path, work: &Work) -> PortResult<CheckReport>;

    /// `quick_check` of the database that REI writes to meanwhile: the structure of every page, and
    /// not whether indexes hold every row. A small share of what the full check takes.
    async fn check_quickly(&self, database: &Path, work: &Work) -> PortResult<()>;

    /// What of the live database a restore of this backup would lose. A database that cannot be read
    /// is not an error here: the answer then says what is not known.
    async fn loss(&self, database: &Path, backup: BackupTime) -> PortResult<Loss>;
}
