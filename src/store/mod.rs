//! The own state: `STATE_DIR/state.db`, SQLite in WAL mode.
//!
//! One thread owns the connection; everybody else sends it closures. Each closure runs in one
//! immediate transaction, so a change is either whole or absent. A second process (the console
//! beside a running `run`) opens the same file and is kept apart by SQLite's own locks.

mod alerts;
mod audit;
mod campaigns;
mod cases;
mod checklists;
mod chores;
mod codes;
mod contacts;
mod full_checks;
mod history;
mod lock;
mod outbox;
mod people;
mod recipients;
mod restoring;
mod runs;
mod schema;
mod shelf;
mod snapshot;
mod stand_in;
mod standing;
mod verifications;
mod vitals;

pub use lock::{Instance, InstanceLock, LockError};
pub use restoring::{
    Inspection, SealedHead, Settled, Told as RestoreTold, inspect, salvaged_head, settle,
};
pub use shelf::FileShelf;
pub use snapshot::snapshot;
pub use standing::{Standing, standing};

use crate::domain::Timestamp;
use crate::ports::clock::Clock;
use crate::ports::journal::{StateError, StateResult};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use std::any::Any;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use tokio::sync::{oneshot, watch};

/// The key that seals the head of the audit trail, in the state's folder.
const KEY: &str = "audit.key";

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle to the state; cheap to clone.
#[derive(Clone)]
pub struct Store {
    jobs: mpsc::Sender<Job>,
    clock: Arc<dyn Clock>,
    seal_key: Arc<[u8; 32]>,
    changes: Arc<watch::Sender<u64>>,
    /// What was found to be damaged since it was opened.
    damage: Arc<watch::Sender<Option<String>>>,
    /// Why this is no state of its own.
    stand_in: Option<Arc<str>>,
}

/// Why the state cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or a file in it.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A newer version of this program wrote it.
    #[error("cannot open {0}: a newer version of this program wrote it")]
    Newer(PathBuf),
    /// The database.
    #[error("cannot open {path}: {reason}")]
    Database {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// What a transaction knows besides the database.
struct Scope<'a> {
    tx: Transaction<'a>,
    now: Timestamp,
    seal_key: Arc<[u8; 32]>,
    /// What is written here is gone with the process: the group is told of none of it.
    quiet: bool,
}

impl Store {
    /// Opens (and on the first start creates) the state in this folder.
    ///
    /// # Errors
    /// The folder or the database cannot be used.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        make_folder(dir).map_err(|source| OpenError::File {
            path: dir.into(),
            source,
        })?;
        let path = dir.join("state.db");
        let connection = schema::open(&path).map_err(|error| closed(&path, &error))?;
        // After the database: a key that lies alone tells of a state that was lost.
        let seal_key = seal_key(&dir.join(KEY))?;
        Self::over(connection, &path, (clock, seal_key))
    }

    /// The same, where a database that was there before and is not is an error: its key tells of it.
    ///
    /// # Errors
    /// The folder or the database cannot be used.
    pub fn open_kept(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let path = dir.join("state.db");
        let is_there = fs::metadata(&path).is_ok_and(|found| found.len() > 0);
        if !is_there && dir.join(KEY).exists() {
            return Err(closed(&path, &"it was there before and is not"));
        }
        Self::open(dir, clock)
    }

    /// The same, for whoever is going to rely on it: SQLite's quick check must find nothing. Takes a
    /// moment for each hundred megabytes.
    ///
    /// # Errors
    /// The folder or the database cannot be used.
    pub fn open_sound(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let path = dir.join("state.db");
        match standing(dir)? {
            Standing::Damaged(found) => Err(closed(&path, &found)),
            Standing::Newer => Err(OpenError::Newer(path)),
            Standing::Absent | Standing::Sound => Self::open_kept(dir, clock),
        }
    }

    fn over(
        connection: Connection,
        path: &Path,
        (clock, seal_key): (Arc<dyn Clock>, [u8; 32]),
    ) -> Result<Self, OpenError> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("state".to_owned())
            .spawn(move || serve(connection, &inbox))
            .map_err(|source| OpenError::File {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self {
            jobs,
            clock,
            seal_key: Arc::new(seal_key),
            changes: Arc::new(watch::channel(0).0),
            damage: Arc::new(watch::channel(None).0),
            stand_in: None,
        })
    }

    /// Waits until something in the database turns out to be damaged, and says what.
    pub async fn damaged(&self) -> String {
        let mut damage = self.damage.subscribe();
        match damage.wait_for(Option::is_some).await {
            Ok(found) => found.clone().unwrap_or_default(),
            // Whoever could find anything has gone.
            Err(_) => std::future::pending().await,
        }
    }

    /// Notified after each change this process made.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> StateResult<T> + Send + 'static,
    ) -> StateResult<T> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // The asker may have gone; what was asked for is done all the same.
            let _ = reply.send(work(connection));
        });
        self.jobs.send(job).map_err(|_| gone())?;
        let answer = answer.await.map_err(|_| gone())?;
        if let Err(StateError::Damaged(found)) = &answer {
            self.damage.send_replace(Some(found.clone()));
        }
        answer
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> StateResult<T> + Send + 'static,
    ) -> StateResult<T> {
        self.run(move |connection| work(&connection.transaction().map_err(unavailable)?))
            .await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Scope<'_>) -> StateResult<T> + Send + 'static,
    ) -> StateResult<T> {
        self.admit()?;
        self.write_aside(work).await
    }

    /// Writes what a state that only stands in takes as well: it belongs to the moment.
    async fn write_aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Scope<'_>) -> StateResult<T> + Send + 'static,
    ) -> StateResult<T> {
        let done = self.commit(work).await?;
        self.changes.send_modify(|count| *count += 1);
        Ok(done)
    }

    /// Writes what wakes nobody: rows that change by the thousand and that nobody waits for.
    async fn write_quietly<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Scope<'_>) -> StateResult<T> + Send + 'static,
    ) -> StateResult<T> {
        self.admit()?;
        self.commit(work).await
    }

    async fn commit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Scope<'_>) -> StateResult<T> + Send + 'static,
    ) -> StateResult<T> {
        let quiet = self.stand_in.is_some();
        let (clock, seal_key) = (Arc::clone(&self.clock), Arc::clone(&self.seal_key));
        self.run(move |connection| {
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(unavailable)?;
            let scope = Scope {
                tx,
                now: clock.now(),
                seal_key,
                quiet,
            };
            let result = work(&scope)?;
            scope.tx.commit().map_err(unavailable)?;
            Ok(result)
        })
        .await
    }
}

fn serve(mut connection: Connection, inbox: &mpsc::Receiver<Job>) {
    while let Ok(job) = inbox.recv() {
        job(&mut connection);
    }
}

fn gone() -> StateError {
    StateError::Unavailable("the thread that owns state.db has ended".to_owned())
}

/// What an error means: of SQLite's, those that speak of damage are told apart.
fn unavailable(error: impl std::fmt::Display + 'static) -> StateError {
    let sqlite = (&error as &dyn Any).downcast_ref::<rusqlite::Error>();
    match sqlite.and_then(rusqlite::Error::sqlite_error_code) {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StateError::Damaged(error.to_string())
        }
        _ => StateError::Unavailable(error.to_string()),
    }
}

fn closed(path: &Path, error: &impl std::fmt::Display) -> OpenError {
    OpenError::Database {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// Makes the state's folder where it is missing. The audit trail and people's names are nobody else's
/// business; a folder that somebody made stays as it is.
fn make_folder(dir: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
}

/// The key that seals the head of the audit trail. It lies outside the database, so that whoever
/// edits rows by hand cannot make the edited trail look whole.
fn seal_key(path: &Path) -> Result<[u8; 32], OpenError> {
    let wrap = |source| OpenError::File {
        path: path.into(),
        source,
    };
    match fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| {
            wrap(io::Error::new(
                io::ErrorKind::InvalidData,
                "expected 32 bytes; restore it from a backup",
            ))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut key = [0; 32];
            getrandom::fill(&mut key).map_err(|error| wrap(io::Error::other(error.to_string())))?;
            write_new(path, &key).map_err(wrap)?;
            Ok(key)
        }
        Err(error) => Err(wrap(error)),
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Written aside and renamed: a crash in between must not leave a short key.
    let aside = path.with_extension("new");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&aside)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    if let Some(dir) = path.parent() {
        fs::File::open(dir)?.sync_all()?;
    }
    Ok(())
}

/// 128 random bits as lower-case text: what nobody can guess.
fn nonce() -> StateResult<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(unavailable)?;
    Ok(data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase())
}
