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
mod runs;
mod schema;
mod shelf;
mod standing;
mod verifications;
mod vitals;

pub use lock::{Instance, InstanceLock, LockError};
pub use shelf::FileShelf;
pub use standing::{Standing, standing};

use crate::domain::Timestamp;
use crate::ports::clock::Clock;
use crate::ports::journal::{StateError, StateResult};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use tokio::sync::{oneshot, watch};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle to the state; cheap to clone.
#[derive(Clone)]
pub struct Store {
    jobs: mpsc::Sender<Job>,
    clock: Arc<dyn Clock>,
    seal_key: Arc<[u8; 32]>,
    changes: Arc<watch::Sender<u64>>,
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
        let seal_key = Arc::new(seal_key(&dir.join("audit.key"))?);
        let path = dir.join("state.db");
        let connection = schema::open(&path).map_err(|error| OpenError::Database {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        let (jobs, inbox) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("state".to_owned())
            .spawn(move || serve(connection, &inbox))
            .map_err(|source| OpenError::File { path, source })?;
        Ok(Self {
            jobs,
            clock,
            seal_key,
            changes: Arc::new(watch::channel(0).0),
        })
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
        answer.await.map_err(|_| gone())?
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
        let done = self.write_quietly(work).await?;
        self.changes.send_modify(|count| *count += 1);
        Ok(done)
    }

    /// Writes what wakes nobody: rows that change by the thousand and that nobody waits for.
    async fn write_quietly<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Scope<'_>) -> StateResult<T> + Send + 'static,
    ) -> StateResult<T> {
        let (clock, seal_key) = (Arc::clone(&self.clock), Arc::clone(&self.seal_key));
        self.run(move |connection| {
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(unavailable)?;
            let scope = Scope {
                tx,
                now: clock.now(),
                seal_key,
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

fn unavailable(error: impl std::fmt::Display) -> StateError {
    StateError::Unavailable(error.to_string())
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
