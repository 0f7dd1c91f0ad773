//! Keeping what a file of the archive replaces.

use super::folders::{Folder, kind_of};
use super::refusal::taken;
use crate::adapters::common::fs::{create_new, file_error, parent, remove_if_there};
use crate::adapters::common::own_folder::OwnFolder;
use crate::ports::PortResult;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::cell::OnceCell;
use std::ffi::OsStr;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

/// Names tried for one path.
const MOST: u32 = 1000;

/// Where replaced files go, and whether any did.
#[derive(Debug)]
pub(super) struct Aside<'a> {
    folder: &'a Path,
    run: OnceCell<OwnFolder>,
}

impl<'a> Aside<'a> {
    /// The folder; it is made when it is first needed.
    pub(super) fn new(folder: &'a Path) -> Self {
        let run = OnceCell::new();
        Self { folder, run }
    }

    /// The folder by way of the run's own, which nobody can lead elsewhere.
    fn within(&self) -> PortResult<PathBuf> {
        let run = match self.run.get() {
            Some(run) => run,
            None => {
                let made = OwnFolder::make(&parent(self.folder))?;
                self.run.get_or_init(|| made)
            }
        };
        let name = self.folder.file_name().unwrap_or_default();
        Ok(run.path().join(name))
    }

    /// Keeps what stands under a name, at the same path in the folder or the next free one like it.
    /// It stays where it is too, until the new file is renamed over it: nobody ever misses it.
    pub(super) fn keep(&self, from: &Folder, name: &OsStr, path: &Path) -> PortResult<()> {
        let Some(old) = from.look(name)? else {
            return Ok(());
        };
        let to = self.within()?.join(path);
        let folder = parent(&to);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|e| file_error(&folder, &e, 0))?;
        for number in 1..=MOST {
            let to = numbered(&to, number);
            match keep_as(from, name, &old, &to) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if is_same(&old, &to) {
                        return Ok(());
                    }
                }
                Err(error) => return Err(file_error(&to, &error, old.st_size.unsigned_abs())),
            }
        }
        Err(taken(&to))
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    if number > 1 {
        name.push(format!(".{number}"));
    }
    PathBuf::from(name)
}

/// Kept already, by an attempt that was cut off before the new file came.
fn is_same(old: &Stat, kept: &Path) -> bool {
    std::fs::symlink_metadata(kept)
        .is_ok_and(|kept| (kept.dev(), kept.ino()) == (old.st_dev, old.st_ino))
}

fn keep_as(from: &Folder, name: &OsStr, old: &Stat, to: &Path) -> io::Result<()> {
    match rustix::fs::linkat(&from.fd, name, CWD, to, AtFlags::empty()) {
        Ok(()) => Ok(()),
        // Another disk, or one without second names: then a copy.
        Err(Errno::XDEV | Errno::PERM | Errno::MLINK | Errno::OPNOTSUPP) => match kind_of(old) {
            FileType::Symlink => {
                let target = rustix::fs::readlinkat(&from.fd, name, Vec::new())?;
                symlink(std::ffi::OsString::from_vec(target.into_bytes()), to)
            }
            _ => copy(from, name, to),
        },
        Err(error) => Err(error.into()),
    }
}

/// Whole or not at all: the copy gets its name when it is complete.
fn copy(from: &Folder, name: &OsStr, to: &Path) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut old = File::from(rustix::fs::openat(&from.fd, name, flags, Mode::empty())?);
    let temporary = to.with_file_name(".rei-recovery-copy");
    remove_if_there(&temporary)?;
    let mut new = create_new(&temporary, 0o600)?;
    io::copy(&mut old, &mut new)?;
    new.sync_all()?;
    let named = std::fs::hard_link(&temporary, to);
    remove_if_there(&temporary)?;
    named
}
