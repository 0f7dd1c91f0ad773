//! The newest backup, as it lies in its place: a drill shows whether that very file can be restored.

use crate::adapters::scratch::WorkFolders;
use crate::adapters::sqlite_files::room_needed;
use crate::domain::Timestamp;
use crate::domain::backup::{Backup, BackupTime, Place};
use crate::domain::catalogue::{Blemish, Catalogue, ListedBackup};
use crate::domain::failure::{Arg, Failure, FailureCode};
use crate::ports::PortError;
use crate::ports::backups::{Backups, Work};
use crate::ports::drill::BACKUPS;
use crate::ports::scratch::Scratch;
use futures::StreamExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// What stays free beside `state.db`.
const RESERVE: u64 = 128 << 20;
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
    let Some(listed) = pick(&catalogue, Timestamp::now()) else {
        let why = catalogue.unreadable.into_iter().next();
        return Err(why.map_or(Failure::new(FailureCode::NoBackup), |(_, failure)| failure));
    };
    let backup = &listed.backup;
    let room = room(backups, listed).await?;
    room.of(WorkFolders::new(folder).room().await, folder)?;
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
    if let Some(record) = &listed.record {
        let beside = to.join(format!("db_{}.manifest.json", backup.time));
        let text = serde_json::to_vec_pretty(record).unwrap_or_default();
        fs::write(&beside, text)
            .await
            .map_err(|error| super::file_failure(&beside, &error))?;
    }
    Ok(backup.time)
}

/// What a drill writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Room {
    /// Compressed size in bytes.
    packed: u64,
    /// Uncompressed size in bytes.
    plain: u64,
}

impl Room {
    /// The backup, and thrice what is in it: REI's database, the one that is put aside, the restored one.
    fn needed(self) -> u64 {
        let thrice = self.plain.saturating_mul(3);
        thrice.saturating_add(self.packed).saturating_add(RESERVE)
    }

    /// Refused before a byte is written: `STATE_DIR` is on the disk of the program's own memory.
    fn of(self, free: Option<u64>, folder: &Path) -> Result<(), Failure> {
        match free {
            Some(free) if free < self.needed() => Err(Failure::new(FailureCode::DrillRoom)
                .with("path", folder.display().to_string())
                .with("needed", Arg::Bytes(self.needed()))
                .with("free", Arg::Bytes(free))),
            _ => Ok(()),
        }
    }
}

async fn room(backups: &dyn Backups, listed: &ListedBackup) -> Result<Room, Failure> {
    let backup = &listed.backup;
    let missing = || PortError::new(FailureCode::BackupNotFound);
    let place = backups.place(&backup.place).ok_or_else(missing)?;
    let plain = match &listed.record {
        Some(record) => record.bytes,
        None => room_needed(place.as_ref(), backup).await?,
    };
    Ok(Room {
        packed: backup.size,
        plain,
    })
}

/// The newest one; of two places the nearer.
fn pick(catalogue: &Catalogue, now: Timestamp) -> Option<&ListedBackup> {
    let present = |listed: &&ListedBackup| listed.blemish(now) != Some(Blemish::Future);
    let newest = catalogue
        .backups
        .iter()
        .filter(present)
        .map(|it| it.backup.time)
        .max()?;
    let mut same: Vec<&ListedBackup> = catalogue.backups.iter().collect();
    same.retain(|listed| listed.backup.time == newest);
    same.sort_by_key(|listed| listed.backup.place != Place::Folder);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drill_that_would_fill_the_disk_is_refused() {
        let room = Room {
            packed: 1 << 20,
            plain: 10 << 20,
        };
        let (folder, enough) = (Path::new("/drill"), 159 << 20);
        assert_eq!(room.of(Some(enough), folder), Ok(()));
        let refused = room.of(Some(enough - 1), folder).unwrap_err();
        assert_eq!(refused.code, FailureCode::DrillRoom);
        assert_eq!(refused.args["needed"], Arg::Bytes(enough));
        // Where nobody can tell, each part watches its own room.
        assert_eq!(room.of(None, folder), Ok(()));
    }
}
