//! Moving judged contents from the staging folder into the install folder.

use super::aside::Aside;
use super::contents::{Contents, Item};
use super::folders::{Folder, kind_of};
use super::refusal::taken;
use super::staging::Staging;
use crate::adapters::common::fs::{file_error, open_plain};
use crate::adapters::common::ownership::{own, owner_of};
use crate::domain::database::Ownership;
use crate::domain::install::Unpacked;
use crate::ports::PortResult;
use rustix::fs::{AtFlags, CWD, FileType, Gid, Mode, OFlags, Stat, Uid};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Folders that the archive does not name, but has files in.
const UNNAMED: u32 = 0o755;
/// Bytes compared at once.
const CHUNK: usize = 64 * 1024;
/// The name under which a new file or link waits beside its place.
const TEMPORARY: &str = ".rei-recovery-new";

/// The install folder and what goes into it.
pub(super) struct Placing<'a> {
    root: Folder,
    owner: Ownership,
    contents: &'a Contents,
    staging: &'a Staging,
    aside: Aside<'a>,
    done: Unpacked,
}

impl<'a> Placing<'a> {
    pub(super) fn new(
        home: &Path,
        aside: &'a Path,
        contents: &'a Contents,
        staging: &'a Staging,
    ) -> PortResult<Self> {
        let root = Folder::root(home)?;
        let metadata = root.file()?.metadata();
        let metadata = metadata.map_err(|e| file_error(home, &e, 0))?;
        Ok(Self {
            root,
            owner: owner_of(&metadata, 0),
            contents,
            staging,
            aside: Aside::new(aside),
            done: Unpacked::default(),
        })
    }

    /// Looks whether everything has a place, before anything is moved: no folder where a file must
    /// go, and the other way round, and no link on the way.
    pub(super) fn check(&self) -> PortResult<()> {
        for (path, item) in &self.contents.0 {
            let Some(folder) = self.root.find(above(path))? else {
                continue;
            };
            let Some(there) = folder.look(name(path))? else {
                continue;
            };
            let fits = match (item, kind_of(&there)) {
                (Item::Folder { .. }, found) => found == FileType::Directory,
                (_, found) => matches!(found, FileType::RegularFile | FileType::Symlink),
            };
            if !fits {
                return Err(taken(&folder.path.join(name(path))));
            }
        }
        Ok(())
    }

    /// Puts everything in place. A call that was cut off may be repeated: what is in place already
    /// is left alone.
    pub(super) fn run(mut self) -> PortResult<Unpacked> {
        let contents = self.contents;
        for (path, item) in &contents.0 {
            let folder = self.folder(above(path))?;
            match item {
                Item::Folder { mode } => {
                    folder.make(name(path), self.owned(*mode))?;
                }
                Item::File { staged, size, mode } => {
                    self.file(&folder, path, staged, self.owned(*mode))
                        .map(|placed| self.count(placed, *size))?;
                }
                Item::Link { target } => {
                    let placed = self.link(&folder, path, target)?;
                    self.count(placed, 0);
                }
            }
        }
        Ok(self.done)
    }

    fn owned(&self, mode: u32) -> Ownership {
        Ownership { mode, ..self.owner }
    }

    fn count(&mut self, placed: Placed, size: u64) {
        if placed != Placed::Was {
            self.done.files += 1;
            self.done.bytes += size;
        }
        self.done.replaced += u64::from(placed == Placed::Replaced);
    }

    /// The folder of a path, made where it is missing.
    fn folder(&self, below: &Path) -> PortResult<Folder> {
        let mut folder = Folder::root(&self.root.path)?;
        let mut path = std::path::PathBuf::new();
        for name in below {
            path.push(name);
            let mode = match self.contents.0.get(&path) {
                Some(Item::Folder { mode }) => *mode,
                _ => UNNAMED,
            };
            folder = folder.make(name, self.owned(mode))?;
        }
        Ok(folder)
    }

    fn file(
        &self,
        folder: &Folder,
        path: &Path,
        staged: &str,
        owner: Ownership,
    ) -> PortResult<Placed> {
        let staged = self.staging.path(staged);
        let failed = |error: io::Error| file_error(&folder.path.join(name(path)), &error, 0);
        let mut file = open_plain(&staged).map_err(failed)?;
        let old = folder.look(name(path))?;
        let owner = match &old {
            Some(old) if kind_of(old) == FileType::RegularFile => {
                if is_same(folder, name(path), &mut file).map_err(failed)? {
                    return Ok(Placed::Was);
                }
                // Whatever replaces a file keeps its owner, group and mode.
                ownership(old)
            }
            _ => owner,
        };
        own(&file, &folder.path.join(name(path)), owner)?;
        self.aside.keep(folder, name(path), path)?;
        match rustix::fs::renameat(CWD, &staged, &folder.fd, name(path)) {
            Ok(()) => {}
            Err(Errno::XDEV) => across(folder, path, &staged, owner)?,
            Err(error) => return Err(failed(error.into())),
        }
        Ok(Placed::new(old.as_ref()))
    }

    fn link(&self, folder: &Folder, path: &Path, target: &Path) -> PortResult<Placed> {
        let failed = |error: Errno| file_error(&folder.path.join(name(path)), &error.into(), 0);
        let old = folder.look(name(path))?;
        let says = rustix::fs::readlinkat(&folder.fd, name(path), Vec::new());
        if says.is_ok_and(|says| says.to_bytes() == target.as_os_str().as_encoded_bytes()) {
            return Ok(Placed::Was);
        }
        self.aside.keep(folder, name(path), path)?;
        remove_temporary(folder)?;
        rustix::fs::symlinkat(target, &folder.fd, TEMPORARY).map_err(failed)?;
        let (uid, gid) = (Uid::from_raw(self.owner.uid), Gid::from_raw(self.owner.gid));
        let owned = rustix::fs::chownat(
            &folder.fd,
            TEMPORARY,
            Some(uid),
            Some(gid),
            AtFlags::SYMLINK_NOFOLLOW,
        );
        owned
            .and_then(|()| rustix::fs::renameat(&folder.fd, TEMPORARY, &folder.fd, name(path)))
            .map_err(failed)?;
        Ok(Placed::new(old.as_ref()))
    }
}

/// What became of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placed {
    New,
    Replaced,
    /// It stood there already, with the same bytes.
    Was,
}

impl Placed {
    fn new(old: Option<&Stat>) -> Self {
        match old {
            Some(_) => Self::Replaced,
            None => Self::New,
        }
    }
}

fn above(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}

fn ownership(file: &Stat) -> Ownership {
    Ownership {
        uid: file.st_uid,
        gid: file.st_gid,
        // No archive's bytes get somebody's set-id bits.
        mode: file.st_mode & 0o777,
    }
}

/// Whether the file under this name has the same bytes.
fn is_same(folder: &Folder, name: &OsStr, new: &mut File) -> io::Result<bool> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut old = File::from(rustix::fs::openat(&folder.fd, name, flags, Mode::empty())?);
    if old.metadata()?.len() != new.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (vec![0; CHUNK], vec![0; CHUNK]);
    loop {
        let read = old.read(&mut one)?;
        if read == 0 {
            return Ok(true);
        }
        if new.read_exact(&mut other[..read]).is_err() || one[..read] != other[..read] {
            return Ok(false);
        }
    }
}

/// A folder of the install folder lies on another disk: the file is copied beside its place first.
fn across(folder: &Folder, path: &Path, staged: &Path, owner: Ownership) -> PortResult<()> {
    let place = folder.path.join(name(path));
    let failed = |error: io::Error| file_error(&place, &error, 0);
    remove_temporary(folder)?;
    let mut from = open_plain(staged).map_err(failed)?;
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o600);
    let to = rustix::fs::openat(&folder.fd, TEMPORARY, flags, mode);
    let mut to = File::from(to.map_err(|e| failed(e.into()))?);
    io::copy(&mut from, &mut to).map_err(failed)?;
    own(&to, &place, owner)?;
    to.sync_all().map_err(failed)?;
    rustix::fs::renameat(&folder.fd, TEMPORARY, &folder.fd, name(path))
        .map_err(|e| failed(e.into()))
}

/// Removes what a dead attempt left under the temporary name.
fn remove_temporary(folder: &Folder) -> PortResult<()> {
    match rustix::fs::unlinkat(&folder.fd, TEMPORARY, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(file_error(&folder.path.join(TEMPORARY), &error.into(), 0)),
    }
}
