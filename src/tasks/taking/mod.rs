//! Taking backups and removing old ones: what the engine does, and what people are shown beforehand.
//!
//! A backup is made in a folder of its own, named by its time, below `STATE_DIR/taking`. Whatever is not
//! whole lies there or under names that are no backup's; notes in the folder say what a place needs to
//! clear its part away after a crash.

mod prune;
mod store;
mod take;

pub use prune::Inventory;

use crate::domain::backup::{BackupTime, Place};
use crate::domain::chore::{Chore, Outcome, Task};
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::PortResult;
use crate::ports::backups::{Backups, Work};
use crate::ports::chores::Hand;
use crate::ports::clock::Clock;
use crate::ports::database::DatabaseChecks;
use crate::ports::taking::{Copies, Depot};
use async_trait::async_trait;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long a place may take for its list.
const LISTING: Duration = Duration::from_secs(60);

/// What taking backups stands on.
#[derive(Clone)]
pub struct Taking {
    /// Makes copies.
    pub copies: Arc<dyn Copies>,
    /// Checks them.
    pub checks: Arc<dyn DatabaseChecks>,
    /// What all places hold.
    pub backups: Arc<dyn Backups>,
    /// Where new ones go.
    pub depots: Vec<Arc<dyn Depot>>,
    /// The clock: backups are named by it.
    pub clock: Arc<dyn Clock>,
    /// REI's database.
    pub database: PathBuf,
    /// The folder that backups are made in.
    pub staging: PathBuf,
    /// `BACKUP_RETENTION`.
    pub retention: Duration,
    /// This program's version.
    pub program: &'static str,
}

#[async_trait]
impl Hand for Taking {
    fn takes(&self, task: &Task) -> bool {
        matches!(task, Task::TakeBackup | Task::Prune { .. })
    }

    async fn perform(&self, chore: &Chore, work: &Work) -> Result<Outcome, Failure> {
        if let Task::Prune { shown } = &chore.task {
            return Ok(Outcome::Pruned(self.prune(shown, work).await));
        }
        let mut taken = self.take(work).await?;
        // Who lets backups be taken by the calendar lets them go by it too; nothing goes that three
        // verified newer ones do not stand for.
        if chore.due.is_some() && taken.is_good() {
            let pruned = self.prune(&[], work).await;
            let idle = pruned.removed.is_empty() && pruned.is_good();
            taken.pruned = (!idle).then_some(pruned);
        }
        Ok(Outcome::Taken(taken))
    }

    async fn tidy(&self, _chore: &Chore) -> PortResult<()> {
        self.tidy().await
    }

    async fn sweep(&self) -> PortResult<()> {
        self.tidy().await
    }
}

impl Taking {
    /// Clears away what was cut off, in every place. What a place does not let go of now is tried again
    /// the next time.
    ///
    /// # Errors
    /// The first place, or the folder, that could not be cleared.
    pub async fn tidy(&self) -> PortResult<()> {
        let mut result = Ok(());
        for name in self.copies.folders(&self.staging).await? {
            let cleared = match name.parse() {
                Ok(time) => self.clear(time).await,
                Err(_) => self.copies.discard(&self.staging.join(name)).await,
            };
            result = result.and(cleared);
        }
        result
    }

    /// Clears away what is not whole of one backup.
    async fn clear(&self, time: BackupTime) -> PortResult<()> {
        let folder = self.folder(time);
        // The largest part of it needs no place to answer.
        self.copies.discard(&copy_in(&folder)).await?;
        let notes = self.copies.notes(&folder).await?;
        let mut result = Ok(());
        for depot in &self.depots {
            let named = |(name, _): &&(String, String)| name == depot.place().as_str();
            if let Some((_, token)) = notes.iter().find(named) {
                result = result.and(depot.clear(time, Some(token)).await);
            }
        }
        result?;
        self.copies.discard(&folder).await
    }

    fn folder(&self, time: BackupTime) -> PathBuf {
        self.staging.join(time.to_string())
    }

    fn depot(&self, place: &Place) -> Option<&Arc<dyn Depot>> {
        self.depots.iter().find(|depot| depot.place() == *place)
    }
}

/// The copied database in a backup's folder.
fn copy_in(folder: &Path) -> PathBuf {
    folder.join("bot.db")
}

/// Told to end, nothing new begins.
fn go_on(work: &Work) -> Result<(), Failure> {
    match work.cancel.is_cancelled() {
        true => Err(Failure::new(FailureCode::CutOff)),
        false => Ok(()),
    }
}
