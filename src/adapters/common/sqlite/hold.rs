//! A handle of a database's main file, one for each file of this process.
//!
//! Closing any handle of a file drops every lock that this process has on it (POSIX), SQLite's own
//! included: whoever reads a header while another look is under way would let a writer into the
//! middle of it. So a file is opened here once, and closed when nobody looks any more.

use crate::adapters::common::fs::{file_error, open_plain};
use crate::domain::failure::FailureCode;
use crate::ports::PortResult;
use rustix::fs::FlockOperation;
use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

/// Device and inode.
type Identity = (u64, u64);

static OPEN: LazyLock<Mutex<HashMap<Identity, Weak<File>>>> = LazyLock::new(Mutex::default);

/// The file, for as long as somebody looks into it.
#[derive(Debug)]
pub(crate) struct Held {
    // Nothing only while it is being dropped.
    file: Option<Arc<File>>,
}

impl Held {
    /// The file at this path. Links are refused.
    pub(crate) fn at(path: &Path) -> PortResult<Self> {
        let file = shared(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => super::open::at(FailureCode::DatabaseMissing, path),
            _ => file_error(path, &error, 0),
        })?;
        Ok(Self { file: Some(file) })
    }

    pub(crate) fn file(&self) -> Option<&File> {
        self.file.as_deref()
    }

    /// Keeps others from taking the file for theirs alone, as SQLite does when it removes a
    /// write-ahead log. Says whether nobody is at that just now. Gone with the file's handle, or
    /// when SQLite closes one of its own.
    pub(super) fn share(&self) -> io::Result<bool> {
        let Some(file) = &self.file else {
            return Ok(false);
        };
        match rustix::fs::fcntl_lock(file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(true),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Closed while nobody can open it anew: the next one's locks come after this.
        let _open = open();
        self.file = None;
    }
}

fn shared(path: &Path) -> io::Result<Arc<File>> {
    let mut open = open();
    open.retain(|_, file| file.strong_count() > 0);
    let known = open.get(&identity(&std::fs::symlink_metadata(path)?));
    if let Some(file) = known.and_then(Weak::upgrade) {
        return Ok(file);
    }
    let file = Arc::new(open_plain(path)?);
    open.insert(identity(&file.metadata()?), Arc::downgrade(&file));
    Ok(file)
}

fn open() -> MutexGuard<'static, HashMap<Identity, Weak<File>>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn identity(file: &Metadata) -> Identity {
    (file.dev(), file.ino())
}
