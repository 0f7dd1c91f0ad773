//! Taking backups: a copy of the live database, its compressed bytes, and the places they go to.

use super::PortResult;
use super::backups::{BackupPlace, Fetched, Work};
use crate::domain::backup::{Backup, BackupTime, Place};
use crate::domain::manifest::Manifest;
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A copy of the live database, as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the statements that make its schema, hexadecimal.
    pub schema: String,
    /// How long whoever commits had to wait for it at most; nothing where nobody had to (WAL mode).
    pub held: Option<Duration>,
}

/// Makes copies of the live database. Reading only, as far as the database goes.
#[async_trait]
pub trait Copies: Send + Sync {
    /// Makes the folder anew and empty, private to this program.
    async fn prepare(&self, folder: &Path) -> PortResult<()>;

    /// Removes the folder, or the file, with everything in it; a missing one is no error.
    async fn discard(&self, folder: &Path) -> PortResult<()>;

    /// Copies the database to a new file, all of one moment, while others write. Room for it is looked
    /// at first. A cut-off call leaves at most the file.
    async fn copy(&self, database: &Path, to: &Path, work: &Work) -> PortResult<Copied>;

    /// The file compressed, as a stream in order, made on as many cores as there are; what became of
    /// the plain bytes is in `told` when it ends. A file of another size at its end is an error.
    fn packed(&self, file: &Path, told: Told) -> BoxStream<'static, PortResult<Bytes>>;

    /// Reads a backup back from its place to its end, inflates and hashes it, and holds its SHA-256
    /// against the one beside it. Nothing is written.
    async fn read_back(
        &self,
        from: Arc<dyn BackupPlace>,
        backup: &Backup,
        work: &Work,
    ) -> PortResult<Fetched>;

    /// Writes a note durably into the folder; repeatable.
    async fn note(&self, folder: &Path, name: &str, text: &str) -> PortResult<()>;

    /// Names of the folders in a folder; a missing one has none.
    async fn folders(&self, folder: &Path) -> PortResult<Vec<String>>;

    /// All notes of a folder by name; a missing folder has none.
    async fn notes(&self, folder: &Path) -> PortResult<Vec<(String, String)>>;
}

/// What the plain bytes of a packed stream were, once it has ended.
pub type Told = Arc<std::sync::OnceLock<Fetched>>;

/// A place that new backups go to, and spent ones are removed from.
#[async_trait]
pub trait Depot: Send + Sync {
    /// Which place.
    fn place(&self) -> Place;

    /// A name for people.
    fn describe(&self) -> String;

    /// Begins a backup of about so many compressed bytes at most. Nobody sees anything of it before
    /// [`Deposit::publish`].
    async fn begin(&self, time: BackupTime, at_most: u64) -> PortResult<Box<dyn Deposit>>;

    /// Clears away what a cut-off deposit of this time left, by its [`Deposit::token`] as far as one was
    /// noted. A backup that became visible stays. Repeatable.
    async fn clear(&self, time: BackupTime, token: Option<&str>) -> PortResult<()>;

    /// The manifests beside backups; those that cannot be read are passed over.
    async fn manifests(&self) -> PortResult<Vec<Manifest>>;

    /// Removes exactly this revision of a backup, then its checksum and manifest. One that is gone
    /// already is no error; another revision is `backup-changed`.
    async fn remove(&self, backup: &Backup) -> PortResult<()>;
}

/// A backup on its way into a place. Dropped, it leaves what [`Depot::clear`] clears away.
#[async_trait]
pub trait Deposit: Send {
    /// What the place needs to know to clear it away after a crash.
    fn token(&self) -> String;

    /// Takes more bytes in.
    async fn write(&mut self, chunk: Bytes) -> PortResult<()>;

    /// Makes it visible, whole and durably, with its checksum and manifest beside it. Where a file of
    /// its name stands already it is `place-taken`, and that file and what stands beside it are left
    /// alone.
    async fn publish(self: Box<Self>, manifest: &Manifest) -> PortResult<()>;
}
