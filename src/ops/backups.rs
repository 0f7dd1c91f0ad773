//! What the folder and the bucket hold; a restore beside REI.

use super::{Ops, OpsError, Which};
use crate::domain::backup::{ContentHash, FailedVerification, Known, VerificationRecord};
use crate::domain::catalogue::Catalogue;
use crate::domain::database::{CheckReport, Ownership};
use crate::domain::failure::{Args, FailureCode};
use crate::domain::operator::Actor;
use crate::domain::plan::ChosenBackup;
use crate::ports::PortError;
use crate::ports::backups::{Fetched, Work};
use crate::ports::database::{Depth, Layout};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a place may take for its list.
const LISTING: Duration = Duration::from_secs(20);

/// A backup restored beside REI.
#[derive(Debug, Clone)]
pub struct Beside {
    /// The restored database.
    pub file: PathBuf,
    /// Its size and hash.
    pub fetched: Fetched,
    /// What the check found.
    pub report: CheckReport,
    /// What was verified under this name before, where that were other bytes.
    pub other: Option<ContentHash>,
}

impl Ops {
    /// What all places hold.
    pub async fn catalogue(&self) -> Catalogue {
        self.patient.backups.catalogue(LISTING).await
    }

    /// The backup that `which` means now.
    ///
    /// # Errors
    /// There is none.
    pub async fn which_backup(&self, which: Which) -> Result<ChosenBackup, OpsError> {
        super::propose::choose(&self.catalogue().await, which, self.now())
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
        let staged = self
            .patient
            .files
            .stage(&layout, place, &chosen.backup, work)
            .await;
        let fetched = match staged {
            Ok(fetched) => fetched,
            Err(error) => {
                self.condemn(&chosen, None, error.code()).await;
                return Err(error.into());
            }
        };
        let report = match self.settle(&layout, to, work).await {
            Ok(report) => report,
            Err(error) => {
                if let OpsError::Failure(failure) = &error {
                    let content = Some(&fetched.content);
                    self.condemn(&chosen, content, failure.code).await;
                }
                self.patient.files.discard(&layout).await?;
                return Err(error);
            }
        };
        let known = self.patient.backups.known(&chosen.backup, &fetched, None);
        let other = match known.await {
            Known::Other(record) => Some(record.content),
            _ => None,
        };
        self.remember(&chosen, &fetched, &report).await;
        let detail = Args::from([("backup".to_owned(), chosen.backup.time.to_string().into())]);
        let subject = layout.database.display().to_string();
        self.note(actor, "restore-beside", &subject, detail).await?;
        Ok(Beside {
            file: layout.database,
            fetched,
            report,
            other,
        })
    }

    /// Checks what was fetched and renames it into place.
    async fn settle(
        &self,
        layout: &Layout,
        to: &Path,
        work: &Work,
    ) -> Result<CheckReport, OpsError> {
        let report = self
            .patient
            .checks
            .check(&layout.staging, Depth::Full, work)
            .await?;
        let folder = std::fs::metadata(to).map_err(|error| unusable(to, &error))?;
        let ownership = Ownership {
            uid: folder.uid(),
            gid: folder.gid(),
            mode: 0o600,
        };
        self.patient.files.install(layout, ownership).await?;
        Ok(report)
    }

    /// What speaks against a backup is remembered, so that it is not called a good one again.
    async fn condemn(
        &self,
        chosen: &ChosenBackup,
        content: Option<&ContentHash>,
        code: FailureCode,
    ) {
        let failed = FailedVerification::of(&chosen.backup, content, code, self.now());
        if let Some(failed) = failed
            && let Err(error) = self.patient.backups.condemn(&failed).await
        {
            tracing::warn!(%error, "that a verification failed could not be remembered");
        }
    }

    /// The check was made in full: the next restore of these bytes need not pay for it again.
    async fn remember(&self, chosen: &ChosenBackup, fetched: &Fetched, report: &CheckReport) {
        let record = VerificationRecord {
            time: chosen.backup.time,
            content: fetched.content.clone(),
            bytes: fetched.bytes,
            counts: report.counts.clone(),
            verified_at: self.now(),
            sqlite: report.sqlite.clone(),
        };
        if let Err(error) = self
            .patient
            .backups
            .keep(&chosen.backup.place, &record)
            .await
        {
            tracing::warn!(%error, "the record of a verification could not be kept");
        }
    }
}

/// An empty folder: beside anything else a sidecar could take the restored database for its own.
fn target(to: &Path) -> Result<Layout, OpsError> {
    std::fs::create_dir_all(to).map_err(|error| unusable(to, &error))?;
    let mut entries = std::fs::read_dir(to).map_err(|error| unusable(to, &error))?;
    if entries.next().is_some() {
        return Err(unusable(to, &"it is not empty"));
    }
    Ok(Layout {
        staging: to.join(".bot.db.staged"),
        quarantine: to.join("quarantine"),
        database: to.join("bot.db"),
    })
}

fn unusable(to: &Path, why: &dyn std::fmt::Display) -> OpsError {
    OpsError::Target(format!("{}: {why}", to.display()))
}
