//! Proposing a recovery: choosing the backup, telling the loss, freezing the plan.

use super::{Ops, OpsError, RetryWish};
use crate::domain::Timestamp;
use crate::domain::action::{Action, UnitGroup};
use crate::domain::backup::BackupTime;
use crate::domain::catalogue::{Catalogue, ListedBackup};
use crate::domain::ids::RunbookId;
use crate::domain::operator::Actor;
use crate::domain::plan::{ChosenBackup, Plan};
use crate::domain::run::Run;
use crate::domain::runbook::Runbook;
use crate::domain::unit::UnitName;
use std::path::PathBuf;
use std::time::Duration;

/// The folder beside the database that keeps what was put aside, one folder a run.
pub const QUARANTINE: &str = "rei-recovery-quarantine";

/// Which backup somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The newest good one.
    Latest,
    /// The one of this moment.
    At(BackupTime),
}

/// What somebody wants to do.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Which runbook.
    pub runbook: RunbookId,
    /// From which backup, where the runbook needs one.
    pub which: Which,
    /// Which failed jobs, where the runbook retries some.
    pub retry: Option<RetryWish>,
    /// The chat it was asked for in; absent at the console.
    pub chat: Option<i64>,
}

impl Ops {
    /// Freezes a plan and shows it. Nothing begins before it is started.
    ///
    /// # Errors
    /// Not allowed; no such runbook or backup; the state cannot be written.
    pub async fn propose(&self, actor: &Actor, proposal: Proposal) -> Result<Run, OpsError> {
        self.allow_request(actor, "propose", proposal.runbook.as_str())
            .await?;
        let plan = self.plan(&proposal).await?;
        Ok(self
            .state
            .journal
            .propose(plan, actor.clone(), proposal.chat)
            .await?)
    }

    /// The plan as it would be frozen now; for `--dry-run` and `runbook show`.
    ///
    /// # Errors
    /// No such runbook or backup.
    pub async fn plan(&self, proposal: &Proposal) -> Result<Plan, OpsError> {
        let runbook = self
            .runbooks
            .get(&proposal.runbook)
            .ok_or_else(|| OpsError::UnknownRunbook(proposal.runbook.to_string()))?;
        let backup = if runbook.needs_backup() {
            let catalogue = self.catalogue().await;
            Some(choose(&catalogue, proposal.which, self.now())?)
        } else {
            None
        };
        let made_at = self.now();
        let database = &self.profile.database;
        let loss = match &backup {
            Some(chosen) => self
                .patient
                .checks
                .loss(database, chosen.backup.time)
                .await
                .ok(),
            None => None,
        };
        let mut resolved = self.resolve(runbook);
        let retry = match &proposal.retry {
            None => None,
            Some(wish) => {
                let preview = self.retry_preview(wish).await?;
                if preview.jobs == 0 {
                    return Err(OpsError::NothingToRetry);
                }
                self.with_wish(&mut resolved, wish, &preview);
                Some(preview)
            }
        };
        let past = self.state.journal.durations(runbook.id.as_str()).await?;
        Ok(Plan {
            identity: self.patient.files.identity(database).await?,
            quarantine: beside(database, &format!("{QUARANTINE}/{}", stamp(made_at))),
            staging: beside(
                database,
                &format!(".rei-recovery-{}.staged", stamp(made_at)),
            ),
            home: self.profile.home.clone(),
            database: database.clone(),
            backup,
            loss,
            retry,
            expected: median(&past).unwrap_or(runbook.expected),
            measured: u32::try_from(past.len()).unwrap_or(u32::MAX),
            runbook: resolved,
            made_at,
        })
    }

    /// Fills in what the runbook leaves to the settings.
    fn resolve(&self, runbook: &Runbook) -> Runbook {
        let mut runbook = runbook.clone();
        // The version says which it was; how it came to be does nothing.
        runbook.history.clear();
        let steps = runbook.steps.iter_mut().map(|step| &mut step.action);
        for action in steps.chain(runbook.undo.iter_mut().map(|undo| &mut undo.action)) {
            match action {
                Action::StopUnits { units, group } if units.is_empty() => {
                    units.extend(self.group(*group).into_iter().rev());
                }
                Action::StartUnits { units, group }
                | Action::RestartUnits { units, group }
                | Action::SetSwitch { units, group, .. }
                    if units.is_empty() =>
                {
                    *units = self.group(*group);
                }
                Action::WatchUnits { units, .. } if units.is_empty() => {
                    *units = self.group(UnitGroup::Rei);
                }
                Action::RebuildQueue { queue } | Action::RetryJobs { queue, .. }
                    if queue.is_empty() =>
                {
                    queue.clone_from(&self.profile.queue);
                }
                _ => {}
            }
        }
        runbook
    }

    /// The units of a group, in the order they are started.
    fn group(&self, group: UnitGroup) -> Vec<UnitName> {
        let all = &self.profile.units;
        match group {
            UnitGroup::Rei => all.clone(),
            UnitGroup::Redis => vec![self.profile.redis_unit.clone()],
            UnitGroup::Workers => {
                let is_worker = |unit: &&UnitName| unit.as_str().contains("worker");
                let workers: Vec<_> = all.iter().filter(is_worker).cloned().collect();
                if workers.is_empty() {
                    all.clone()
                } else {
                    workers
                }
            }
        }
    }
}

pub(super) fn choose(
    catalogue: &Catalogue,
    which: Which,
    now: Timestamp,
) -> Result<ChosenBackup, OpsError> {
    let listed = match which {
        Which::Latest => catalogue.latest(now).ok_or(OpsError::NoBackup)?,
        Which::At(time) => catalogue
            .find(time)
            .ok_or_else(|| OpsError::UnknownBackup(time.to_string()))?,
    };
    let ListedBackup {
        backup,
        record,
        failed,
    } = listed.clone();
    Ok(ChosenBackup {
        backup,
        // What failed since is not proved by a record from before.
        record: record.filter(|_| failed.is_none()),
        failed,
    })
}

fn beside(database: &std::path::Path, name: &str) -> PathBuf {
    database.with_file_name(name)
}

/// Unique among runs: only one at a time is on the patient.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%S%3fZ").to_string()
}

fn median(past: &[Duration]) -> Option<Duration> {
    let mut sorted = past.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied()
}
