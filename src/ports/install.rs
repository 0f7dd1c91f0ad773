//! REI's folder: its settings files, its saved files, and the programs that set it up.

use super::PortResult;
use super::backups::{BackupPlace, Work};
use crate::domain::backup::{Backup, BackupTime};
pub use crate::domain::install::{ProgramReport, Switch, Switched, Unpacked};
use async_trait::async_trait;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Reads and switches single lines of REI's settings files.
///
/// All other bytes stay as they are: line ends, comments, the missing end of the last line. The new
/// file is written beside the old one, synced and renamed over it with owner, group and mode kept;
/// a copy of the old one is kept first in `keep`. A symlink is refused (`settings-file-link`), so is
/// a setting that stands in the file twice (`settings-line-double`) or with a value that is no truth
/// (`settings-value-unknown`). A missing line is added at the end.
#[async_trait]
pub trait SettingsFiles: Send + Sync {
    /// What the switch says now; nothing where the file has no such line.
    async fn read(&self, home: &Path, switch: Switch) -> PortResult<Option<bool>>;

    /// Sets it. Repeatable; one that stands right already changes no byte.
    async fn set(&self, home: &Path, switch: Switch, on: bool, keep: &Path)
    -> PortResult<Switched>;

    /// Keys of `.env.example` that `.env` lacks or leaves empty, in the example's order. A missing
    /// `.env.example` asks for nothing.
    async fn missing_keys(&self, home: &Path) -> PortResult<Vec<String>>;

    /// Makes `.env` from `.env.example` where there is none, mode 0600, with the folder's owner.
    /// Tells whether it did.
    async fn make_env(&self, home: &Path) -> PortResult<bool>;
}

/// Saved files (`files_<timestamp>.tar.gz`).
#[async_trait]
pub trait SavedFiles: Send + Sync {
    /// The archive that belongs to this backup: the newest one not younger than an hour after it, in
    /// the same place; nothing where there is none.
    async fn find(
        &self,
        place: &Arc<dyn BackupPlace>,
        backup: BackupTime,
    ) -> PortResult<Option<Backup>>;

    /// Unpacks it into `home`. The whole archive is read and judged in a folder beside first; only
    /// when all of it is harmless it is moved in. Refused as `archive-hostile`, with nothing written
    /// outside that folder: paths that leave the folder, absolute ones, links that lead out, devices,
    /// set-id bits, more or larger files than the limits allow. The database and its sidecars are
    /// passed over. What a file replaces is moved to `aside`. Owner and group are the folder's.
    async fn unpack(
        &self,
        place: Arc<dyn BackupPlace>,
        archive: &Backup,
        (home, aside): (&Path, &Path),
        work: &Work,
    ) -> PortResult<Unpacked>;
}

/// Runs programs that a runbook file lists: a program and its arguments, no shell.
#[async_trait]
pub trait Programs: Send + Sync {
    /// Runs it in `home`, as that folder's owner, with nothing of our secrets in its environment. When
    /// the time is up, or `work` is cancelled, its whole process group is ended, and the outcome is
    /// unknown. A program that cannot be started is `program-missing`; an exit code other than 0 is
    /// the report's, not an error.
    async fn run(
        &self,
        home: &Path,
        command: &[String],
        within: Duration,
        work: &Work,
    ) -> PortResult<ProgramReport>;
}
