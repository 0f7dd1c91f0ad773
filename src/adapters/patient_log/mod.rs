//! REI's log file, read for database errors.

mod lines;
mod rate;

use crate::adapters::common::fs;
use crate::domain::failure::FailureCode;
use crate::ports::log::{LogNews, LogPosition, LogRate, PatientLog};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use lines::{Findings, Reader, Rest};
use rustix::fs::OFlags;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Longest wait for the file system.
const LIMIT: Duration = Duration::from_secs(30);

/// The log at `REI_LOG`.
///
/// A line that is still being written is left for the next reading. When the file was rotated, what
/// the old one got after the position is read too, if it still lies in the same folder.
#[derive(Debug, Clone)]
pub struct FileLog {
    path: PathBuf,
}

impl FileLog {
    /// The file need not exist.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Runs file work on a thread of its own, which stops when it is no longer waited for.
    async fn blocking<T, F>(&self, work: F) -> PortResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Path, &CancellationToken) -> io::Result<T> + Send + 'static,
    {
        let (path, cancel) = (self.path.clone(), CancellationToken::new());
        let _stop = cancel.clone().drop_guard();
        let task = tokio::task::spawn_blocking(move || work(&path, &cancel));
        let outcome = tokio::time::timeout(LIMIT, task)
            .await
            .unwrap_or_else(|_| Ok(Err(ErrorKind::TimedOut.into())))
            .unwrap_or_else(|broken| Err(io::Error::other(broken)));
        outcome.map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &io::Error) -> PortError {
        let code = match error.kind() {
            ErrorKind::PermissionDenied => FailureCode::FileAccessDenied,
            _ => FailureCode::FileError,
        };
        let unread = PortError::new(code)
            .with("path", self.path.display().to_string())
            .because(error);
        match error.kind() {
            ErrorKind::TimedOut => unread.transient(),
            _ => unread,
        }
    }
}

#[async_trait]
impl PatientLog for FileLog {
    async fn end(&self) -> PortResult<LogPosition> {
        self.blocking(|path, _| {
            Ok(match open(path)? {
                Some((_, meta)) => LogPosition {
                    inode: Some(identity(&meta)),
                    offset: meta.len(),
                },
                None => LogPosition {
                    inode: None,
                    offset: 0,
                },
            })
        })
        .await
    }

    async fn since(&self, position: &LogPosition) -> PortResult<LogNews> {
        let position = position.clone();
        self.blocking(move |path, cancel| news(path, &position, cancel))
            .await
    }

    async fn rate(&self, span: Duration) -> PortResult<LogRate> {
        let log = self.clone();
        fs::blocking(move || rate::of(&log.path, span).map_err(|e| log.unreadable(&e))).await
    }
}

fn news(path: &Path, from: &LogPosition, cancel: &CancellationToken) -> io::Result<LogNews> {
    let mut found = Findings::default();
    let Some((file, meta)) = open(path)? else {
        return Ok(found.news(from.clone()));
    };
    let now = identity(&meta);
    let rotated = from.inode.is_some_and(|before| before != now);
    if rotated && let Some(old) = sibling(path, from.inode)? {
        Reader::new(old, from.offset, cancel)?.read(&mut found, Rest::Finished)?;
    }
    let truncated = meta.len() < from.offset;
    let start = match from.inode {
        Some(_) if !rotated && !truncated => from.offset,
        _ => 0,
    };
    let offset = Reader::new(file, start, cancel)?.read(&mut found, Rest::Growing)?;
    Ok(found.news(LogPosition {
        inode: Some(now),
        offset,
    }))
}

fn open(path: &Path) -> io::Result<Option<(File, Metadata)>> {
    // Without waiting: REI's user may have put a pipe there, and nobody at its other end.
    let opened = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path);
    match opened {
        Ok(file) => {
            let meta = file.metadata()?;
            match meta.is_file() {
                true => Ok(Some((file, meta))),
                false => Err(io::Error::other("not a regular file")),
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn identity(meta: &Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}

/// The rotated file: another name in the same folder, the same file. None if it cannot be found.
fn sibling(path: &Path, inode: Option<(u64, u64)>) -> io::Result<Option<File>> {
    let Some(Ok(folder)) = path.parent().map(std::fs::read_dir) else {
        return Ok(None);
    };
    for entry in folder.flatten() {
        let is_it = entry
            .metadata()
            .is_ok_and(|meta| meta.is_file() && Some(identity(&meta)) == inode);
        if is_it {
            return File::open(entry.path()).map(Some);
        }
    }
    Ok(None)
}
