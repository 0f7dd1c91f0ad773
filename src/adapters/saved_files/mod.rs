//! Saved files: `files_<timestamp>.tar.gz` becomes files in REI's folder.
//!
//! The archive is somebody else's word. It is read to its end and judged while its bytes lie under
//! plain numbers in a staging folder; only a whole, harmless archive is moved in, through handles of
//! real folders, so that neither the archive nor a link in REI's folder leads anything elsewhere.

mod aside;
mod contents;
mod folders;
mod gauge;
mod limits;
mod names;
mod placing;
mod reading;
mod refusal;
mod staging;

pub use limits::Limits;

use super::common::fs::blocking;
use super::common::gzip::{feed, inflate};
use crate::domain::backup::{Backup, BackupTime};
use crate::domain::failure::FailureCode;
use crate::ports::backups::{BackupPlace, Work};
use crate::ports::install::{SavedFiles, Unpacked};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use contents::Contents;
use gauge::{Gauge, Meter};
use names::Spared;
use placing::Placing;
use reading::Reading;
use refusal::Suspect;
use staging::Staging;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// The staging folder, in the install folder: from there a rename brings files into place.
const STAGING: &str = ".rei-recovery-unpack";
/// An archive may be made that long after its backup.
const AFTER: Duration = Duration::from_secs(3600);
/// Chunks between the source and inflating.
const CHUNKS: usize = 16;
/// Blocks of a MiB between inflating and reading.
const BLOCKS: usize = 8;

/// Saved files for a patient on the local machine.
#[derive(Debug, Clone)]
pub struct LocalSavedFiles {
    database: PathBuf,
    limits: Limits,
}

impl LocalSavedFiles {
    /// `database` is REI's, with its whole path: it is spared, whatever an archive holds.
    #[must_use]
    pub fn new(database: PathBuf, limits: Limits) -> Self {
        Self { database, limits }
    }
}

#[async_trait]
impl SavedFiles for LocalSavedFiles {
    async fn find(
        &self,
        place: &Arc<dyn BackupPlace>,
        backup: BackupTime,
    ) -> PortResult<Option<Backup>> {
        let mut archives = place.archives().await?;
        archives.retain(|archive| archive.time.at().duration_since(backup.at()) <= limit());
        Ok(archives.into_iter().max_by_key(|archive| archive.time))
    }

    async fn unpack(
        &self,
        place: Arc<dyn BackupPlace>,
        archive: &Backup,
        (home, aside): (&Path, &Path),
        work: &Work,
    ) -> PortResult<Unpacked> {
        let folder = home.join(STAGING);
        let unpacked = self.unpack_by(place, archive, (home, aside), work).await;
        let cleared = blocking(move || staging::clear(&folder)).await;
        let unpacked = unpacked?;
        cleared.map(|()| unpacked)
    }
}

fn limit() -> jiff::SignedDuration {
    jiff::SignedDuration::from_secs(AFTER.as_secs().cast_signed())
}

impl LocalSavedFiles {
    async fn unpack_by(
        &self,
        place: Arc<dyn BackupPlace>,
        archive: &Backup,
        (home, aside): (&Path, &Path),
        work: &Work,
    ) -> PortResult<Unpacked> {
        let suspect = Suspect(archive.name.clone());
        let stream = place.open(archive).await?;
        let staging = {
            let folder = home.join(STAGING);
            let kept_free = self.limits.kept_free(archive.size);
            let progress = Arc::clone(&work.progress);
            blocking(move || Staging::new(&folder, kept_free, progress)).await?
        };
        let reading = Reading {
            suspect: suspect.clone(),
            limits: self.limits,
            spared: Spared::new(home, &self.database, &[STAGING]),
            compressed: archive.size,
            staging,
        };
        let (chunks_in, chunks) = tokio::sync::mpsc::channel(CHUNKS);
        let (blocks_in, blocks) = sync_channel(BLOCKS);
        let (used_in, used) = sync_channel(BLOCKS * 2);
        let backup = archive.clone();
        let inflating = blocking(move || inflate::run(chunks, &blocks_in, &used, &backup));
        let judging = blocking(move || {
            let mut reading = reading;
            let meter = Rc::new(Meter::default());
            let gauge = Gauge::new(blocks, used_in, Rc::clone(&meter));
            let contents = reading.run(gauge, &meter)?;
            Ok((contents, reading.staging))
        });
        let feeding = feed::run(stream, archive, work, chunks_in);
        let (fed, inflated, judged) = tokio::join!(feeding, inflating, judging);
        let sum = fed?;
        let (contents, staging) = judged?;
        inflated.map_err(|error| suspect.damaged(error.failure))?;
        check_sum(&suspect, archive, sum)?;
        let contents = contents.ok_or_else(|| PortError::new(FailureCode::CutOff))?;
        if work.cancel.is_cancelled() {
            return Err(PortError::new(FailureCode::CutOff));
        }
        let (home, aside) = (home.to_owned(), aside.to_owned());
        blocking(move || put(&suspect, &home, &aside, (&contents, &staging))).await
    }
}

fn check_sum(suspect: &Suspect, archive: &Backup, found: Option<String>) -> PortResult<()> {
    match (&archive.sha256, found) {
        (Some(expected), Some(found)) if *expected != found => {
            Err(suspect.damaged(format!("its SHA-256 is {found} and not {expected}")))
        }
        _ => Ok(()),
    }
}

/// Judges all of it together, looks whether there is place for it, and only then moves it in.
fn put(
    suspect: &Suspect,
    home: &Path,
    aside: &Path,
    (contents, staging): (&Contents, &Staging),
) -> PortResult<Unpacked> {
    let is_link = |path: &Path| {
        let there = std::fs::symlink_metadata(home.join(path));
        !path.as_os_str().is_empty() && there.is_ok_and(|there| there.is_symlink())
    };
    contents
        .judge(is_link)
        .map_err(|(path, reason)| suspect.hostile(path.as_os_str().as_bytes(), reason))?;
    let placing = Placing::new(home, aside, contents, staging)?;
    placing.check()?;
    staging.sync()?;
    let unpacked = placing.run()?;
    if unpacked.replaced > 0 {
        staging::sync_file_system(aside)?;
    }
    staging::sync_file_system(home)?;
    Ok(unpacked)
}
