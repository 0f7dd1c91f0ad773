//! One instance per `STATE_DIR`.

use crate::domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Held for the life of the process; the kernel releases it even after SIGKILL.
#[derive(Debug)]
pub struct InstanceLock {
    _file: File,
}

/// Who holds the lock, as written into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Process id.
    pub pid: u32,
    /// The command it was started with.
    pub command: String,
    /// Since when.
    pub since: Timestamp,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another instance runs.
    #[error("{dir} belongs to a running instance: {}", describe(.by.as_ref()))]
    Held {
        /// The state's folder.
        dir: PathBuf,
        /// Who; absent in the moment before it wrote its name.
        by: Option<Instance>,
    },
    /// The lock file cannot be used.
    #[error("cannot lock {path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

fn describe(by: Option<&Instance>) -> String {
    by.map_or_else(
        || "it did not leave its name".to_owned(),
        |it| format!("`{}`, pid {}, since {}", it.command, it.pid, it.since),
    )
}

impl InstanceLock {
    /// Takes the lock of this folder, or says who has it.
    ///
    /// # Errors
    /// Somebody else has it, or the file cannot be used.
    pub fn take(dir: &Path, command: &str, now: Timestamp) -> Result<Self, LockError> {
        let path = dir.join("instance.lock");
        let wrap = |source| LockError::File {
            path: path.clone(),
            source,
        };
        super::make_folder(dir).map_err(wrap)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(wrap)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let by = file
                    .read_to_string(&mut text)
                    .ok()
                    .and_then(|_| serde_json::from_str(&text).ok());
                return Err(LockError::Held {
                    dir: dir.into(),
                    by,
                });
            }
            Err(TryLockError::Error(source)) => return Err(wrap(source)),
        }
        let me = Instance {
            pid: std::process::id(),
            command: command.to_owned(),
            since: now,
        };
        sign(&mut file, &me).map_err(wrap)?;
        Ok(Self { _file: file })
    }
}

impl InstanceLock {
    /// Who holds the lock of this folder, if anybody does; the lock itself stays as it is.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn holder(dir: &Path) -> Result<Option<Option<Instance>>, LockError> {
        let path = dir.join("instance.lock");
        let wrap = |source| LockError::File {
            path: path.clone(),
            source,
        };
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrap(error)),
        };
        // Shared and let go at once: it only meets the one who holds it for himself.
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(wrap)?;
                Ok(Some(serde_json::from_str(&text).ok()))
            }
            Err(TryLockError::Error(source)) => Err(wrap(source)),
        }
    }
}

fn sign(file: &mut File, me: &Instance) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(serde_json::to_string(me)?.as_bytes())?;
    file.sync_all()
}
