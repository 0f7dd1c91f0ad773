//! Backups: listing them, fetching one as a stream, and the records of their verification.

use super::PortResult;
use crate::domain::backup::{
    Backup, BackupTime, ContentHash, FailedVerification, Known, Place, VerificationRecord,
};
use crate::domain::catalogue::{Catalogue, ListedBackup};
use crate::domain::ids::RunId;
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What all places hold, as one list.
#[async_trait]
pub trait Backups: Send + Sync {
    /// All places asked at once, each with this deadline. A place that gives no answer is named in
    /// the list and hides nothing of the others.
    async fn catalogue(&self, within: Duration) -> Catalogue;

    /// What one place holds, newest first, with what is known of each there; asked with this deadline. The
    /// program's own record counts only where the bytes were read in this very place.
    async fn listed(&self, place: &Place, within: Duration) -> PortResult<Vec<ListedBackup>>;

    /// The place that holds this backup.
    fn place(&self, place: &Place) -> Option<Arc<dyn BackupPlace>>;

    /// What earlier verifications say of bytes that were fetched as this backup: the program's own,
    /// those beside the backup, and `planned`, which was known when the plan was made.
    async fn known(
        &self,
        backup: &Backup,
        fetched: &Fetched,
        planned: Option<&VerificationRecord>,
    ) -> Known;

    /// Keeps a record in `state.db` and, where writing is allowed, beside the backup. Failures of this
    /// backup in this place are forgotten.
    async fn keep(&self, place: &Place, record: &VerificationRecord) -> PortResult<()>;

    /// Remembers a failed verification: until one passes, the backup is no good one.
    async fn condemn(&self, failed: &FailedVerification) -> PortResult<()>;

    /// The failed verification of these very bytes, if any.
    async fn condemned(&self, backup: &Backup) -> Option<FailedVerification>;
}

/// One place that holds backups: the folder, or the bucket.
///
/// Reading only, except [`BackupPlace::put_record`] and [`BackupPlace::prove_writable`]. Every call has its own deadline; a stream that
/// yields no byte for that long ends with `backup-stalled`.
#[async_trait]
pub trait BackupPlace: Send + Sync {
    /// Which place.
    fn place(&self) -> Place;

    /// A name for people: the folder's path or `s3://bucket/prefix`.
    fn describe(&self) -> String;

    /// Every backup there, in any order, across all pages. Files that are no backups are passed over.
    async fn list(&self) -> PortResult<Vec<Backup>>;

    /// Every archive of saved files there (`files_<timestamp>.tar.gz`), as [`BackupPlace::list`] tells
    /// of backups. They can be opened like backups.
    async fn archives(&self) -> PortResult<Vec<Backup>>;

    /// The compressed bytes of exactly this revision; another one there now is `backup-changed`.
    async fn open(&self, backup: &Backup) -> PortResult<BoxStream<'static, PortResult<Bytes>>>;

    /// The uncompressed size that the last four bytes of this revision tell. An estimate: they hold it
    /// modulo 4 GiB, and of the last member only.
    async fn size_hint(&self, backup: &Backup) -> PortResult<u64>;

    /// The record that stands beside the backup, if any; one that cannot be read counts as none.
    async fn record(&self, time: BackupTime) -> PortResult<Option<VerificationRecord>>;

    /// All records that stand beside backups; those that cannot be read are passed over.
    async fn records(&self) -> PortResult<Vec<VerificationRecord>>;

    /// Puts the record beside the backup. Repeatable. Where writing is not allowed this is an error
    /// that the caller notes and passes over: `state.db` has the record as well.
    async fn put_record(&self, record: &VerificationRecord) -> PortResult<()>;

    /// Proves that a record could be put there, by a small object of our own that is removed at once.
    async fn prove_writable(&self) -> PortResult<()>;
}

/// The program's own memory of verifications, in `state.db`.
#[async_trait]
pub trait Verifications: Send + Sync {
    /// All records, wherever their bytes were read.
    async fn all(&self) -> PortResult<Vec<VerificationRecord>>;

    /// Records whose bytes were read in this place.
    async fn read_in(&self, place: &Place) -> PortResult<Vec<VerificationRecord>>;

    /// Keeps a record, and forgets what failed of this backup in this place; durable when it returns.
    /// Repeatable.
    async fn keep(&self, place: &Place, record: &VerificationRecord) -> PortResult<()>;

    /// All failed verifications that none has passed since.
    async fn failed(&self) -> PortResult<Vec<FailedVerification>>;

    /// Remembers a failed verification; durable when it returns. Repeatable.
    async fn condemn(&self, failed: &FailedVerification) -> PortResult<()>;
}

/// How far a transfer is, in bytes. Shared between the worker and whoever shows it; never stored.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    written: AtomicU64,
}

impl Progress {
    /// Another transfer of the same work begins.
    pub fn restart(&self) {
        for count in [&self.done, &self.total, &self.written] {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// Compressed bytes expected in all.
    pub fn expect(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// More compressed bytes were taken in.
    pub fn advance(&self, by: u64) {
        self.done.fetch_add(by, Ordering::Relaxed);
    }

    /// More uncompressed bytes were written.
    pub fn wrote(&self, by: u64) {
        self.written.fetch_add(by, Ordering::Relaxed);
    }

    /// Compressed bytes taken in, and expected in all (0: not known).
    #[must_use]
    pub fn read(&self) -> (u64, u64) {
        (
            self.done.load(Ordering::Relaxed),
            self.total.load(Ordering::Relaxed),
        )
    }

    /// Uncompressed bytes written.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }
}

/// The progress of runs at work, shared by the worker who moves it and the chat that shows it.
#[derive(Debug, Default)]
pub struct LiveProgress {
    runs: Mutex<BTreeMap<RunId, Arc<Progress>>>,
}

impl LiveProgress {
    /// A step of this run begins: its progress starts anew.
    pub fn begin(&self, run: RunId) -> Arc<Progress> {
        let progress = Arc::new(Progress::default());
        self.lock().insert(run, Arc::clone(&progress));
        progress
    }

    /// The step has ended.
    pub fn end(&self, run: RunId) {
        self.lock().remove(&run);
    }

    /// How far the step of this run is that is at work now.
    #[must_use]
    pub fn of(&self, run: RunId) -> Option<Arc<Progress>> {
        self.lock().get(&run).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<RunId, Arc<Progress>>> {
        // A panic while holding it leaves the map whole: it is never half-changed.
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a caller hands to everything that may take long.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// How far it is.
    pub progress: Arc<Progress>,
    /// Cancelled when the caller no longer waits. Blocking work looks at it between two chunks.
    pub cancel: CancellationToken,
}

/// What a fetched stream turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Uncompressed bytes written.
    pub bytes: u64,
    /// BLAKE3 of them.
    pub content: ContentHash,
}
