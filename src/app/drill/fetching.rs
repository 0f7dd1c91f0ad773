//! The newest backup, as it lies in its place: a drill shows whether that very file can be restored.

use crate::domain::Timestamp;
use crate::domain::backup::{Backup, BackupTime, Place};
use crate::domain::catalogue::{Blemish, Catalogue, ListedBackup};
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::PortError;
use crate::ports::backups::{Backups, Work};
use crate::ports::drill::BACKUPS;
use futures::StreamExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// How long places may take for their lists.
const LISTING: Duration = Duration::from_secs(20);

/// Fetches it, with its checksum. What was found of it before does not matter: the newest is what
/// would be restored if nobody had looked.
pub(super) async fn newest(
    backups: &dyn Backups,
    folder: &Path,
    work: &Work,
) -> Result<BackupTime, Failure> {
    let catalogue = backups.catalogue(LISTING).await;
    let Some(backup) = pick(&catalogue, Timestamp::now()) else {
        let why = catalogue.unreadable.into_iter().next();
        return Err(why.map_or(Failure::new(FailureCode::NoBackup), |(_, failure)| failure));
    };
    let to = folder.join(BACKUPS);
    fs::create_dir(&to)
        .await
        .map_err(|error| super::file_failure(&to, &error))?;
    let file = to.join(format!("db_{}.db.gz", backup.time));
    copy(backups, backup, &file, work).await?;
    if let Some(sum) = &backup.sha256 {
        let beside = to.join(format!("db_{}.db.gz.sha256", backup.time));
        let line = format!("{sum}  db_{}.db.gz\n", backup.time);
        fs::write(&beside, line)
            .await
            .map_err(|error| super::file_failure(&beside, &error))?;
    }
    Ok(backup.time)
}

/// The newest one; of two places the nearer.
fn pick(catalogue: &Catalogue, now: Timestamp) -> Option<&Backup> {
    let present = |listed: &&ListedBackup| listed.blemish(now) != Some(Blemish::Future);
    let newest = catalogue
        .backups
        .iter()
        .filter(present)
        .map(|it| it.backup.time)
        .max()?;
    let mut same: Vec<&Backup> = catalogue.backups.iter().map(|it| &it.backup).collect();
    same.retain(|backup| backup.time == newest);
    same.sort_by_key(|backup| backup.place != Place::Folder);
    same.first().copied()
}

async fn copy(
    backups: &dyn Backups,
    backup: &Backup,
    to: &PathBuf,
    work: &Work,
) -> Result<(), Failure> {
    let missing = || PortError::new(FailureCode::BackupNotFound);
    let place = backups.place(&backup.place).ok_or_else(missing)?;
    let failed = |error: std::io::Error| super::file_failure(to, &error);
    work.progress.expect(backup.size);
    let mut stream = place.open(backup).await?;
    let mut file = fs::File::create(to).await.map_err(failed)?;
    while let Some(chunk) = stream.next().await {
        if work.cancel.is_cancelled() {
            return Err(Failure::new(FailureCode::CutOff));
        }
        let chunk = chunk?;
        file.write_all(&chunk).await.map_err(failed)?;
        work.progress.advance(chunk.len() as u64);
    }
    file.flush().await.map_err(failed)
}
