//! A run's own folder in the quarantine, held open.
//!
//! It lies in a folder of REI's user, who may put a link or a folder of his own in its place between two
//! calls, while this program has more rights than he. So the way there is walked without following a
//! link, the folder must not be his, and all that lies in it is reached through the handle: `/proc` leads
//! from there to this very folder, whatever its name leads to meanwhile.

use super::fs::{HANDLES, file_error, parent};
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use rustix::fd::{AsRawFd, OwnedFd};
use rustix::fs::{CWD, Mode, OFlags, fstat, fsync, mkdirat, openat};
use rustix::io::Errno;
use rustix::process::geteuid;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

/// The folder.
#[derive(Debug)]
pub(crate) struct OwnFolder {
    fd: OwnedFd,
}

impl OwnFolder {
    /// The folder, if it is there. It and the one above it are no links.
    pub(crate) fn find(folder: &Path) -> PortResult<Option<Self>> {
        Self::walk(folder, false)
    }

    /// The same, made where it is missing; durable when this returns. What holds the one above it, REI's
    /// own folder, must be there.
    pub(crate) fn make(folder: &Path) -> PortResult<Self> {
        let made = Self::walk(folder, true)?;
        made.ok_or_else(|| file_error(folder, &Errno::NOENT.into(), 0))
    }

    /// Leads to it for as long as it is held.
    pub(crate) fn path(&self) -> PathBuf {
        Path::new(HANDLES).join(self.fd.as_raw_fd().to_string())
    }

    fn walk(folder: &Path, make: bool) -> PortResult<Option<Self>> {
        let above = parent(folder);
        let base = parent(&above);
        let failed = |error: Errno| file_error(folder, &error.into(), 0);
        // Up to here links are the administrator's own.
        let mut fd = match openat(CWD, &base, FOLDER, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let patient = fstat(&fd).map_err(failed)?.st_uid;
        for name in [above.file_name(), folder.file_name()]
            .into_iter()
            .flatten()
        {
            if make {
                add(&fd, name).map_err(failed)?;
            }
            fd = match openat(&fd, name, FOLDER | OFlags::NOFOLLOW, Mode::empty()) {
                Ok(fd) => fd,
                Err(Errno::NOENT) => return Ok(None),
                Err(Errno::LOOP | Errno::NOTDIR) => return Err(foreign(folder)),
                Err(error) => return Err(failed(error)),
            };
        }
        let owner = fstat(&fd).map_err(failed)?.st_uid;
        match owner == patient && owner != geteuid().as_raw() {
            true => Err(foreign(folder)),
            false => Ok(Some(Self { fd })),
        }
    }
}

fn add(above: &OwnedFd, name: &OsStr) -> Result<(), Errno> {
    match mkdirat(above, name, Mode::from_raw_mode(0o700)) {
        Ok(()) => fsync(above),
        Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Something that this program did not put there.
fn foreign(folder: &Path) -> PortError {
    PortError::new(FailureCode::PlaceTaken).with("path", folder.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, chown, symlink};

    fn refused(folder: &Path) {
        for walked in [
            OwnFolder::find(folder).map(drop),
            OwnFolder::make(folder).map(drop),
        ] {
            assert_eq!(walked.unwrap_err().code(), FailureCode::PlaceTaken);
        }
    }

    #[test]
    fn it_is_private_and_leads_to_the_same_folder_whatever_its_name_does() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("quarantine/R-7");
        assert!(OwnFolder::find(&folder).unwrap().is_none());
        let held = OwnFolder::make(&folder).unwrap();
        let mode = fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        let elsewhere = dir.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        fs::rename(dir.path().join("quarantine"), dir.path().join("away")).unwrap();
        symlink(&elsewhere, dir.path().join("quarantine")).unwrap();
        fs::write(held.path().join("x"), "").unwrap();
        assert!(dir.path().join("away/R-7/x").exists());
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
        refused(&folder);
    }

    #[test]
    fn a_link_and_a_folder_of_the_patient_are_not_ours() {
        let dir = tempfile::tempdir().unwrap();
        let elsewhere = dir.path().join("elsewhere");
        fs::create_dir_all(dir.path().join("quarantine")).unwrap();
        fs::create_dir(&elsewhere).unwrap();
        let folder = dir.path().join("quarantine/R-7");
        symlink(&elsewhere, &folder).unwrap();
        refused(&folder);
        fs::remove_file(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        assert!(OwnFolder::find(&folder).unwrap().is_some());
        if geteuid().is_root() {
            for path in [dir.path(), &folder] {
                chown(path, Some(1234), Some(1234)).unwrap();
            }
            refused(&folder);
        }
    }
}
