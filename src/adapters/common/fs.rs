//! Files: errors in the words of the ports, room on a disk, writes that survive a power cut.

use crate::domain::failure::{Arg, FailureCode};
use crate::ports::{PortError, PortResult};
use rustix::fs::{CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Runs blocking work on its own thread; a panic there becomes a failure.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> PortResult<T> + Send + 'static,
) -> PortResult<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => {
            Err(PortError::new(FailureCode::Panicked).because("a thread of file work panicked"))
        }
        Err(_) => Err(PortError::new(FailureCode::CutOff)),
    }
}

/// Where the kernel shows a process its own handles.
pub(crate) const HANDLES: &str = "/proc/self/fd";

/// A path as people know it, also of what is reached through a handle.
pub(crate) fn shown(path: &Path) -> String {
    let real = path.strip_prefix(HANDLES).ok().and_then(|rest| {
        let mut parts = rest.components();
        let handle = Path::new(HANDLES).join(parts.next()?);
        Some(std::fs::read_link(handle).ok()?.join(parts.as_path()))
    });
    real.as_deref().unwrap_or(path).display().to_string()
}

/// What an error of a file means. `needed` is how many bytes were to be written, if any.
pub(crate) fn file_error(path: &Path, error: &io::Error, needed: u64) -> PortError {
    let code = match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::NOSPC | Errno::DQUOT) => return disk_full(path, needed, free_bytes(path)),
        Some(Errno::ACCESS | Errno::PERM | Errno::ROFS) => FailureCode::FileAccessDenied,
        _ => FailureCode::FileError,
    };
    PortError::new(code)
        .with("path", shown(path))
        .because(error)
}

/// Not enough room at a path; sizes in bytes, `free` as far as it is known.
pub(crate) fn disk_full(path: &Path, needed: u64, free: Option<u64>) -> PortError {
    PortError::new(FailureCode::DiskFull)
        .with("path", shown(path))
        .with("needed", Arg::Bytes(needed))
        .with("free", Arg::Bytes(free.unwrap_or(0)))
}

/// Bytes that an ordinary user may still write on the file system of a path.
pub(crate) fn free_bytes(path: &Path) -> Option<u64> {
    let at = path.ancestors().find(|p| p.exists())?;
    let stat = rustix::fs::statvfs(at).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// The folder that holds a path.
pub(crate) fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Makes names that were added to or taken from a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> PortResult<()> {
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(|e| file_error(folder, &e, 0))
}

/// Creates a file that must not exist, following no link.
pub(crate) fn create_new(path: &Path, mode: u32) -> io::Result<File> {
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::from_raw_mode(mode))?;
    Ok(File::from(file))
}

/// Opens a plain file for reading, following no link and never waiting for a pipe's other end.
pub(crate) fn open_plain(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::other("not a regular file")),
    }
}

/// The name that a file has while [`write_durably`] writes it.
pub(crate) fn unfinished(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.new"))
}

/// Replaces a file as a whole: temporary name, sync, rename, sync of the folder.
pub(crate) fn write_durably(path: &Path, content: &[u8], mode: u32) -> PortResult<()> {
    let temporary = unfinished(path);
    let written = remove_if_there(&temporary)
        .and_then(|()| create_new(&temporary, mode))
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&temporary, path));
    if let Err(error) = written {
        let failure = file_error(path, &error, content.len() as u64);
        let _ = remove_if_there(&temporary);
        return Err(failure);
    }
    sync_folder(&parent(path))
}

/// Renames a file to a name that must be free; one that is taken is `AlreadyExists`.
pub(crate) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // File systems that cannot refuse by themselves: a link refuses as well.
        Err(Errno::INVAL | Errno::NOSYS) => {
            std::fs::hard_link(from, to).and_then(|()| std::fs::remove_file(from))
        }
        done => Ok(done?),
    }
}

/// Removes a file; a missing one is no error.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
