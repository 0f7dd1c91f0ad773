//! Losing everything, and what of it comes back.

use super::{Patient, files};
use crate::demo::error::{DemoResult, at};
use std::fs;

impl Patient {
    /// Files that are saved beside the database, with what is in them.
    ///
    /// # Errors
    /// One is missing.
    pub fn saved_files(&self) -> DemoResult<Vec<(&'static str, Vec<u8>)>> {
        let read = |name| {
            let path = self.home().join(name);
            Ok((name, fs::read(&path).map_err(at(&path))?))
        };
        files::SAVED.into_iter().map(read).collect()
    }

    /// Fills in what `.env` lacks, as an admin does who has REI's secrets elsewhere.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn fill_env(&self) -> DemoResult<()> {
        let env = self.home().join(".env");
        fs::write(&env, files::ENV).map_err(at(&env))
    }

    /// The install folder is gone but for what REI's code brings; backups stay.
    ///
    /// # Errors
    /// Something cannot be taken away.
    pub(in crate::demo) fn lose_home(&self) -> DemoResult<()> {
        files::lose(&self.home())
    }

    /// Server and disk are gone: on the new ones there is REI's code and no backup.
    ///
    /// # Errors
    /// Something cannot be taken away.
    pub fn lose(&self) -> DemoResult<()> {
        files::lose(&self.home())?;
        let backups = self.backup_dir();
        fs::remove_dir_all(&backups).map_err(at(&backups))?;
        fs::create_dir(&backups).map_err(at(&backups))
    }
}
