//! The folder as a place that new backups go to.

use super::deposit::{self, FolderDeposit};
use super::{BackupDir, file_names, place_error, read_small, revision};
use crate::adapters::common::fs::{open_plain, remove_if_there, sync_folder, unfinished};
use crate::adapters::common::manifest::manifest_in;
use crate::adapters::common::names::{self, Kind};
use crate::domain::backup::{Backup, BackupTime, Place};
use crate::domain::manifest::Manifest;
use crate::ports::PortResult;
use crate::ports::backups::BackupPlace;
use crate::ports::taking::{Deposit, Depot};
use async_trait::async_trait;
use std::io;
use std::path::Path;

#[async_trait]
impl Depot for BackupDir {
    fn place(&self) -> Place {
        Place::Folder
    }

    fn describe(&self) -> String {
        BackupPlace::describe(self)
    }

    async fn begin(&self, time: BackupTime, _at_most: u64) -> PortResult<Box<dyn Deposit>> {
        let deposit = self
            .bounded(move |folder| deposit::begin(folder, time))
            .await?;
        Ok(Box::new(FolderDeposit::new(self.clone(), time, deposit)))
    }

    async fn clear(&self, time: BackupTime, _token: Option<&str>) -> PortResult<()> {
        self.bounded(move |folder| clear(folder, time)).await
    }

    async fn manifests(&self) -> PortResult<Vec<Manifest>> {
        self.bounded(|folder| {
            let mut found = file_names(folder)?;
            found.retain(|name| names::parse(name) == Some(Kind::Record));
            let texts = found
                .iter()
                .filter_map(|name| read_small(&folder.join(name)));
            Ok(texts.filter_map(|text| manifest_in(&text)).collect())
        })
        .await
    }

    async fn remove(&self, backup: &Backup) -> PortResult<()> {
        let (path, wanted) = (self.path_of(backup)?, backup.clone());
        self.bounded(move |folder| {
            let failed = |error: io::Error| place_error(folder, &error);
            match open_plain(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed(error)),
                Ok(file) if revision(&file.metadata().map_err(failed)?) != wanted.revision => {
                    return Err(super::changed(&wanted));
                }
                // The backup goes first: what stands beside it says nothing without it.
                Ok(_) => remove_if_there(&path).map_err(failed)?,
            }
            remove_beside(folder, &wanted.name, wanted.time)
        })
        .await
    }
}

fn remove_beside(folder: &Path, name: &str, time: BackupTime) -> PortResult<()> {
    for beside in [names::checksum_name(name), names::record_name(time)] {
        remove_if_there(&folder.join(beside)).map_err(|e| place_error(folder, &e))?;
    }
    sync_folder(folder)
}

/// The half file goes; what stands beside a backup goes only where the backup is missing and we had
/// put it there.
fn clear(folder: &Path, time: BackupTime) -> PortResult<()> {
    let failed = |error: io::Error| place_error(folder, &error);
    if !folder.is_dir() {
        return Ok(());
    }
    let (name, record) = (names::backup_name(time), names::record_name(time));
    let half = [
        deposit::temporary(folder, time),
        unfinished(&folder.join(&record)),
    ];
    for path in half {
        remove_if_there(&path).map_err(failed)?;
    }
    let visible = folder.join(&name).symlink_metadata().is_ok();
    let manifest = read_small(&folder.join(&record));
    if visible || manifest.as_deref().and_then(manifest_in).is_none() {
        return sync_folder(folder);
    }
    remove_beside(folder, &name, time)
}
