//! What the folder and the bucket hold; a restore beside REI.

use super::{Ops, OpsError, Which};
use crate::domain::backup::Catalogue;
use crate::domain::database::CheckReport;
use crate::domain::failure::{Args, FailureCode};
use crate::domain::operator::Actor;
use crate::domain::plan::ChosenBackup;
use crate::ports::PortError;
use crate::ports::backups::{Fetched, Work};
use crate::ports::database::{Depth, Layout};
use std::path::{Path, PathBuf};

/// A backup restored beside REI.
#[derive(Debug, Clone)]
pub struct Beside {
    /// The restored database.
    pub file: PathBuf,
    /// Its size and hash.
    pub fetched: Fetched,
    /// What the check found.
    pub report: CheckReport,
}

impl Ops {
    /// What all places hold.
    pub async fn catalogue(&self) -> Catalogue {
        self.patient.backups.catalogue().await
    }

    /// The backup that `which` means now.
    ///
    /// # Errors
    /// There is none.
    pub async fn which_backup(&self, which: Which) -> Result<ChosenBackup, OpsError> {
        super::propose::choose(&self.catalogue().await, which)
    }

    /// Restores a backup into a folder of its own, without touching REI, and checks it in full.
    ///
    /// # Errors
    /// The folder holds a database already; no such backup; fetching or checking failed.
    pub async fn restore_beside(
        &self,
        actor: &Actor,
        which: Which,
        to: &Path,
        work: &Work,
    ) -> Result<Beside, OpsError> {
        let chosen = self.which_backup(which).await?;
        let layout = target(to)?;
        let missing = || PortError::new(FailureCode::BackupNotFound);
        let place = self
            .patient
            .backups
            .place(&chosen.backup.place)
            .ok_or_else(missing)?;
        let fetched = self
            .patient
            .files
            .stage(&layout, place, &chosen.backup, work)
            .await?;
        let report = self
            .patient
            .checks
            .check(&layout.staging, Depth::Full, work)
            .await?;
        std::fs::rename(&layout.staging, &layout.database)
            .map_err(|error| OpsError::Target(format!("{}: {error}", layout.database.display())))?;
        let detail = Args::from([("backup".to_owned(), chosen.backup.time.to_string().into())]);
        let subject = layout.database.display().to_string();
        self.note(actor, "restore-beside", &subject, detail).await?;
        Ok(Beside {
            file: layout.database,
            fetched,
            report,
        })
    }
}

fn target(to: &Path) -> Result<Layout, OpsError> {
    let said =
        |error: &dyn std::fmt::Display| OpsError::Target(format!("{}: {error}", to.display()));
    std::fs::create_dir_all(to).map_err(|error| said(&error))?;
    let database = to.join("bot.db");
    if database.exists() {
        return Err(said(&"holds a bot.db already; name an empty folder"));
    }
    Ok(Layout {
        staging: to.join(".bot.db.staged"),
        quarantine: to.join("quarantine"),
        database,
    })
}
