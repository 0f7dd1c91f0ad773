//! Walking into the install folder one name at a time, through real folders only.
//!
//! REI's user owns it and could put a link in the way at any moment; a handle that was opened
//! without following links cannot be led elsewhere.

use super::refusal::taken;
use crate::adapters::common::fs::file_error;
use crate::adapters::common::ownership::own;
use crate::domain::database::Ownership;
use crate::ports::PortResult;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// An open folder and its path, which is for people.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) fd: OwnedFd,
    pub(super) path: PathBuf,
}

impl Folder {
    /// The install folder itself. A link to it is the administrator's own decision.
    pub(super) fn root(path: &Path) -> PortResult<Self> {
        let flags = FOLDER.difference(OFlags::NOFOLLOW);
        let opened = rustix::fs::openat(CWD, path, flags, Mode::empty());
        let fd = opened.map_err(|e| file_error(path, &e.into(), 0))?;
        let path = path.to_owned();
        Ok(Self { fd, path })
    }

    /// A folder in it; nothing where there is none. Anything else there is `place-taken`.
    pub(super) fn enter(&self, name: &OsStr) -> PortResult<Option<Self>> {
        let path = self.path.join(name);
        match rustix::fs::openat(&self.fd, name, FOLDER, Mode::empty()) {
            Ok(fd) => Ok(Some(Self { fd, path })),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::LOOP | Errno::NOTDIR) => Err(taken(&path)),
            Err(error) => Err(file_error(&path, &error.into(), 0)),
        }
    }

    /// A folder further down; nothing where it, or one on the way, is not there.
    pub(super) fn find(&self, below: &Path) -> PortResult<Option<Self>> {
        let mut folder = self.again()?;
        for name in below {
            match folder.enter(name)? {
                Some(next) => folder = next,
                None => return Ok(None),
            }
        }
        Ok(Some(folder))
    }

    /// A folder in it, made with this owner where it is missing.
    pub(super) fn make(&self, name: &OsStr, owner: Ownership) -> PortResult<Self> {
        if let Some(folder) = self.enter(name)? {
            return Ok(folder);
        }
        let path = self.path.join(name);
        match rustix::fs::mkdirat(&self.fd, name, Mode::from_raw_mode(0o700)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(file_error(&path, &error.into(), 0)),
        }
        let missing = || file_error(&path, &io::Error::from(Errno::NOENT), 0);
        let folder = self.enter(name)?.ok_or_else(missing)?;
        own(&folder.file()?, &path, owner)?;
        Ok(folder)
    }

    /// What stands under a name, the link itself where it is one.
    pub(super) fn look(&self, name: &OsStr) -> PortResult<Option<Stat>> {
        match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(file_error(&self.path.join(name), &error.into(), 0)),
        }
    }

    /// The folder as a file, for those who want its metadata.
    pub(super) fn file(&self) -> PortResult<File> {
        let fd = self.fd.try_clone();
        fd.map(File::from)
            .map_err(|e| file_error(&self.path, &e, 0))
    }

    fn again(&self) -> PortResult<Self> {
        let fd = self.fd.try_clone();
        let fd = fd.map_err(|e| file_error(&self.path, &e, 0))?;
        let path = self.path.clone();
        Ok(Self { fd, path })
    }
}

/// What kind of thing was looked at.
pub(super) fn kind_of(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}
