//! This machine, as the kernel tells of it.

mod library;
mod locks;
mod room;

use super::common::fs::{blocking, file_error};
use crate::domain::failure::FailureCode;
use crate::ports::host::{FileSeen, Host, Room};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The machine that this program runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct ThisHost;

#[async_trait]
impl Host for ThisHost {
    async fn room(&self, folder: &Path) -> PortResult<Room> {
        let folder = folder.to_owned();
        blocking(move || room::of(&folder)).await
    }

    async fn file(&self, path: &Path) -> PortResult<Option<FileSeen>> {
        let path = path.to_owned();
        blocking(move || seen(&path)).await
    }

    async fn writer(&self, database: &Path) -> PortResult<Option<u32>> {
        let database = database.to_owned();
        blocking(move || {
            let main = seen(&database)?.map(|file| file.identity);
            let index = seen(&index_of(&database))?.map(|file| file.identity);
            let own = std::process::id();
            locks::seek(|locks| locks.writer(main, index, own))
        })
        .await
    }

    async fn is_held(&self, file: &Path) -> PortResult<bool> {
        let file = file.to_owned();
        blocking(move || match seen(&file)? {
            Some(file) => {
                let held = locks::seek(|locks| locks.is_held(file.identity).then_some(()))?;
                Ok(held.is_some())
            }
            None => Ok(false),
        })
        .await
    }

    async fn sqlite_of(&self, pid: u32) -> PortResult<Option<String>> {
        blocking(move || library::sqlite_of(pid)).await
    }

    async fn own_memory(&self) -> PortResult<u64> {
        blocking(|| {
            let path = Path::new("/proc/self/status");
            let text = std::fs::read_to_string(path).map_err(|e| file_error(path, &e, 0))?;
            resident(&text).ok_or_else(|| {
                PortError::new(FailureCode::FileError).with("path", path.display().to_string())
            })
        })
        .await
    }
}

fn seen(path: &Path) -> PortResult<Option<FileSeen>> {
    match std::fs::metadata(path) {
        Ok(file) => Ok(Some(FileSeen {
            identity: (file.dev(), file.ino()),
            size: file.len(),
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_error(path, &error, 0)),
    }
}

/// The index of the write-ahead log, which holds its locks.
fn index_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-shm");
    PathBuf::from(name)
}

/// `VmRSS:     1234 kB`
fn resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        let text = "VmPeak:\t  100 kB\nVmRSS:\t   2048 kB\n";
        assert_eq!(resident(text), Some(2 << 20));
        assert_eq!(resident("VmPeak:\t 1 kB\n"), None);
    }
}
