//! Private folders for work that leaves nothing behind.

use super::PortResult;
use async_trait::async_trait;
use std::path::PathBuf;

/// Folders of our own under `STATE_DIR`, one for each piece of work, readable by nobody else.
#[async_trait]
pub trait Scratch: Send + Sync {
    /// An empty folder of this name; what an earlier attempt left in it is removed first.
    async fn make(&self, name: &str) -> PortResult<PathBuf>;

    /// Removes the folder with all that is in it; a missing one is no error.
    async fn clear(&self, name: &str) -> PortResult<()>;

    /// Names of all that are there.
    async fn names(&self) -> PortResult<Vec<String>>;

    /// Bytes that may still be written there; nothing where nobody can tell.
    async fn room(&self) -> Option<u64>;
}
