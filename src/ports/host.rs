//! This machine: room, files, locks, what a process has loaded. Reading only.

use super::PortResult;
use async_trait::async_trait;
use std::path::Path;

/// The room on one file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Which file system: folders with the same number share their room.
    pub device: u64,
    /// Bytes that an ordinary user may still write.
    pub free: u64,
    /// The same, of all that an ordinary user could ever have, in percent.
    pub free_percent: u64,
    /// Files that can still be made, in percent; absent where the file system sets no limit.
    pub files_percent: Option<u64>,
    /// Whether it takes no writes.
    pub read_only: bool,
}

/// Which file stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileSeen {
    /// Device and inode: another number is another file.
    pub identity: (u64, u64),
    /// Its size in bytes.
    pub size: u64,
}

/// The machine that REI and this program run on.
///
/// A call on a file system that does not answer ends only when that does: nothing can take a thread
/// back from the kernel. Whoever calls bounds his own wait and does not ask a second time meanwhile.
#[async_trait]
pub trait Host: Send + Sync {
    /// The room at a folder, or at the nearest one above it that exists.
    async fn room(&self, folder: &Path) -> PortResult<Room>;

    /// The file at a path; nothing where there is none.
    async fn file(&self, path: &Path) -> PortResult<Option<FileSeen>>;

    /// The process that holds SQLite's lock for writing on this database just now, this one excepted;
    /// nothing where nobody does. The files are not opened for it: closing them would drop locks.
    async fn writer(&self, database: &Path) -> PortResult<Option<u32>>;

    /// Whether a process holds the whole file for itself (`flock`).
    async fn is_held(&self, file: &Path) -> PortResult<bool>;

    /// The version of the SQLite library that a process has loaded; nothing where it has none, or
    /// where that cannot be told for sure.
    async fn sqlite_of(&self, pid: u32) -> PortResult<Option<String>>;

    /// Bytes of memory that this program uses.
    async fn own_memory(&self) -> PortResult<u64>;
}
