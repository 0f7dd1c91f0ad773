//! Copies of the program's own state beside REI's backups.

use super::PortResult;
use crate::domain::backup::{BackupTime, Place};
use crate::domain::own_copy::OwnCopy;
use async_trait::async_trait;
use std::path::Path;

/// Makes copies of the state.
#[async_trait]
pub trait OwnState: Send + Sync {
    /// Writes a copy as of one moment, looked through and compressed, and gives its file; another one
    /// of this process is removed. Nobody who writes to the state waits for it. A state that is damaged
    /// gives no copy.
    async fn copy(&self) -> PortResult<Box<dyn Made>>;
}

/// A copy that was made; dropped, its file is removed.
pub trait Made: Send + Sync {
    /// The compressed file.
    fn file(&self) -> &Path;
}

/// A place that copies go to.
#[async_trait]
pub trait OwnCopies: Send + Sync {
    /// Which place.
    fn place(&self) -> Place;

    /// A name for people.
    fn describe(&self) -> String;

    /// What is there, in any order; none where there is no folder for them yet.
    async fn list(&self) -> PortResult<Vec<OwnCopy>>;

    /// Puts the file there under the copy's name: whole and durable when it returns, and not to be seen
    /// before. Repeatable.
    async fn put(&self, time: BackupTime, file: &Path) -> PortResult<()>;

    /// Fetches a copy, compressed, into a new file.
    async fn fetch(&self, time: BackupTime, to: &Path) -> PortResult<()>;

    /// Removes a copy; one that is gone is no error.
    async fn remove(&self, time: BackupTime) -> PortResult<()>;
}
