//! Drills: the newest backup is fetched into a folder of the drill's own, and this program is started
//! anew there, with nothing of production in its hands.

mod fetching;
mod production;
mod stage;

use crate::adapters::enclosure::Enclosure;
use crate::config::BaseSettings;
use crate::domain::Timestamp;
use crate::domain::chore::drill::{Drilled, Now, Promise, Scenario, Seen, Wish};
use crate::domain::chore::{Chore, Outcome, Task};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::ChoreId;
use crate::domain::schedule::Schedule;
use crate::ports::backups::{Backups, Work};
use crate::ports::chores::{AtWork, Hand};
use crate::ports::drill::{Production, RUNBOOKS, SCRIPT, Script};
use crate::ports::{PortError, PortResult};
use crate::runbook::schema;
use async_trait::async_trait;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// In `STATE_DIR`: a folder for each drill, gone when it has ended.
const FOLDER: &str = "drills";

/// Who holds drills.
pub(super) struct Drills {
    folder: PathBuf,
    program: PathBuf,
    runbooks: Option<PathBuf>,
    production: Production,
    usual_tables: bool,
    promise: Promise,
    schedule: Schedule,
    backups: Arc<dyn Backups>,
    at_work: Arc<AtWork>,
}

impl Drills {
    /// With what production is, so that it can be told from a drill.
    pub(super) fn new(
        base: &BaseSettings,
        backups: Arc<dyn Backups>,
        at_work: Arc<AtWork>,
    ) -> anyhow::Result<Self> {
        let millis = |length: Duration| u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        Ok(Self {
            folder: base.state_dir.join(FOLDER),
            program: std::env::current_exe()?,
            runbooks: base.runbook_dir.clone(),
            production: production::of(base),
            usual_tables: schema::load(base.runbook_dir.as_deref())? == schema::built_in()?,
            promise: Promise {
                rto: millis(base.objectives.rto),
                rpo: millis(base.objectives.rpo),
            },
            schedule: base.schedules.drill.clone(),
            backups,
            at_work,
        })
    }

    fn folder(&self, chore: ChoreId) -> PathBuf {
        self.folder.join(chore.to_string())
    }

    async fn hold(&self, chore: &Chore, wish: &Wish, work: &Work) -> Result<Seen, Failure> {
        if cfg!(not(feature = "demo")) || Scenario::of(&wish.runbook).is_none() {
            return Err(Failure::new(FailureCode::ChoreUnknown));
        }
        let folder = self.folder(chore.id);
        let made = self.make(&folder, chore);
        made.map_err(|error| file_failure(&folder, &error))?;
        // Looked at before anything is put there, and once more by the process that is started.
        let around = Enclosure::around(&folder, &self.program, &self.production);
        let enclosure = around.map_err(|breach| {
            Failure::new(FailureCode::DrillBreach).with("what", breach.to_string())
        })?;
        let folder = enclosure.folder().to_owned();
        self.at_work.tell(chore.id, Now::Fetching);
        let backup = fetching::newest(self.backups.as_ref(), &folder, work).await?;
        let script = Script {
            wish: wish.clone(),
            program: self.program.clone(),
            production: self.production.clone(),
            backup,
            usual_tables: self.usual_tables,
        };
        self.write(&folder, &script)
            .map_err(|error| file_failure(&folder, &error))?;
        let told = |now| self.at_work.tell(chore.id, now);
        stage::play(&self.program, &folder, told, work).await
    }

    /// A new folder that nobody else may look into: a copy of all that REI knows lies in it.
    fn make(&self, folder: &Path, chore: &Chore) -> io::Result<()> {
        let private = |recursive| {
            let mut builder = fs::DirBuilder::new();
            builder.mode(0o700).recursive(recursive);
            builder
        };
        private(true).create(&self.folder)?;
        tracing::info!(chore = %chore.id, folder = %folder.display(), "a drill begins");
        private(false).create(folder)
    }

    /// What is to be done there, and the team's runbooks.
    fn write(&self, folder: &Path, script: &Script) -> io::Result<()> {
        let runbooks = folder.join(RUNBOOKS);
        fs::create_dir(&runbooks)?;
        if let Some(theirs) = &self.runbooks {
            for entry in fs::read_dir(theirs)? {
                let path = entry?.path();
                if let (Some(name), Some("toml")) = (path.file_name(), extension(&path)) {
                    fs::copy(&path, runbooks.join(name))?;
                }
            }
        }
        let text = serde_json::to_vec_pretty(script)?;
        fs::write(folder.join(SCRIPT), text)
    }

    async fn clear(&self, chore: ChoreId) -> PortResult<()> {
        clear(self.folder(chore)).await
    }
}

/// Ends what is left of a drill and removes its folder. Repeatable.
async fn clear(folder: PathBuf) -> PortResult<()> {
    if !folder.exists() {
        return Ok(());
    }
    let failed = |error: io::Error| file_error(&folder, &error);
    let real = folder.canonicalize().map_err(failed)?;
    stage::end(&real).await?;
    let gone = real.clone();
    let removed = tokio::task::spawn_blocking(move || fs::remove_dir_all(gone)).await;
    match removed.map_err(io::Error::other).and_then(|done| done) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
        _ => Ok(()),
    }
}

#[async_trait]
impl Hand for Drills {
    fn takes(&self, task: &Task) -> bool {
        matches!(task, Task::Drill { .. })
    }

    async fn perform(&self, chore: &Chore, work: &Work) -> Result<Outcome, Failure> {
        let Task::Drill { wish } = &chore.task else {
            return Err(Failure::new(FailureCode::ChoreUnknown));
        };
        let mut held = self.hold(chore, wish, work).await;
        if let Ok(seen) = &mut held {
            seen.begun_at = chore.begun_at;
        }
        self.at_work.hush();
        if let Err(error) = self.clear(chore.id).await {
            tracing::warn!(%error, chore = %chore.id, "a drill's folder cannot be removed");
        }
        let next = self.schedule.after(Timestamp::now());
        let drilled = Drilled::judged(held?, self.promise, next);
        Ok(Outcome::Drilled(Box::new(drilled)))
    }

    async fn tidy(&self, chore: &Chore) -> PortResult<()> {
        self.clear(chore.id).await
    }

    async fn sweep(&self) -> PortResult<()> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(|error| file_error(&self.folder, &error))?,
        };
        let mut result = Ok(());
        for entry in entries.flatten() {
            result = result.and(clear(entry.path()).await);
        }
        result
    }
}

fn file_error(path: &Path, error: &io::Error) -> PortError {
    PortError::new(FailureCode::FileError)
        .with("path", path.display().to_string())
        .because(error)
}

fn extension(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}

fn file_failure(path: &Path, error: &io::Error) -> Failure {
    file_error(path, error).into()
}
