//! The frozen plan, and the pure decision what comes next.

use super::action::Action;
use super::approval::Verdict;
use super::backup::{Backup, FailedVerification, VerificationRecord};
use super::database::{FileIdentity, Loss};
use super::event::Outcome;
use super::failure::FailureCode;
use super::ids::{GateId, RunbookId, StepId};
use super::run::{Phase, Run, StepState};
use super::runbook::{OnFailure, Replay, Runbook, Step, UndoStep};
use jiff::Timestamp;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Everything a run will do, fixed when it is proposed. Neither the runbook's file nor a setting
/// that changes later has any influence on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The runbook, with its parameters filled in.
    pub runbook: Runbook,
    /// REI's folder.
    pub home: PathBuf,
    /// The patient's database.
    pub database: PathBuf,
    /// The file that stood there.
    pub identity: FileIdentity,
    /// The chosen backup with its record, where the runbook needs one.
    pub backup: Option<ChosenBackup>,
    /// What will be lost, as far as it can be told.
    pub loss: Option<Loss>,
    /// The failed jobs that it is about, as they were when the plan was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetryPreview>,
    /// Where the old database will lie.
    pub quarantine: PathBuf,
    /// Where the backup is put before it is renamed into place.
    pub staging: PathBuf,
    /// When the plan was made.
    pub made_at: Timestamp,
    /// How long it takes: median of past runs, or the runbook's own estimate.
    #[serde(with = "friendly")]
    pub expected: Duration,
    /// How many past runs the estimate rests on.
    pub measured: u32,
}

/// What a retry is about, when it is planned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryPreview {
    /// Jobs that would go back.
    pub jobs: u64,
    /// What they cost, in credits.
    pub cost: i64,
    /// By queue, as far as Redis has a job of them.
    pub queues: BTreeMap<String, u64>,
    /// Of them: Redis has no job; they are made anew from their rows.
    #[serde(default)]
    pub anew: u64,
    /// By provider.
    pub providers: BTreeMap<String, u64>,
    /// By class of error, most frequent first, at most ten.
    pub errors: Vec<(String, u64)>,
    /// When the oldest of them failed.
    pub oldest: Option<Timestamp>,
    /// Of them: the provider cannot be asked whether it finished them.
    pub unproved: u64,
    /// Left out: stopped by a person.
    pub stopped: u64,
    /// Left out: no job and no failed row is left of them.
    pub expired: u64,
    /// Not among them yet: RQ has not noticed that their worker is gone.
    pub abandoned: u64,
}

/// A backup and what was known of it when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenBackup {
    /// The backup.
    pub backup: Backup,
    /// Present: the restore proves identity. Absent: the full check is due before it is put in place.
    pub record: Option<VerificationRecord>,
    /// The verification that it failed; whoever chose it all the same was told so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<FailedVerification>,
}

impl Plan {
    /// SHA-256 of the plan's canonical form, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        // Struct fields have a fixed order and maps are sorted, so equal plans give equal text.
        // Serialising plain data to a string cannot fail; an empty text would match no plan.
        let text = serde_json::to_vec(self).unwrap_or_default();
        data_encoding::HEXLOWER.encode(&Sha256::digest(text))
    }

    /// The runbook's id.
    #[must_use]
    pub fn id(&self) -> &RunbookId {
        &self.runbook.id
    }

    /// A step by its id.
    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.runbook.steps.iter().find(|step| step.id == *id)
    }

    /// An undo step by its id.
    #[must_use]
    pub fn undo_step(&self, id: &StepId) -> Option<&UndoStep> {
        self.runbook.undo.iter().find(|step| step.id == *id)
    }

    /// Whether it puts another database in place.
    #[must_use]
    pub fn moves_database(&self) -> bool {
        let mut steps = self.runbook.steps.iter();
        steps.any(|step| matches!(step.action, Action::InstallDatabase {}))
    }

    /// The longest time whose writes a restore loses: from the backup to the making of this plan.
    #[must_use]
    pub fn longest_loss(&self) -> Option<Duration> {
        self.longest_loss_by(self.made_at)
    }

    /// The same up to another moment.
    #[must_use]
    pub fn longest_loss_by(&self, moment: Timestamp) -> Option<Duration> {
        let backup = self.backup.as_ref()?;
        let span = moment.duration_since(backup.backup.time.at());
        Some(Duration::try_from(span).unwrap_or_default())
    }

    /// The gates in the order they are met.
    pub fn gates(&self) -> impl Iterator<Item = &GateId> {
        let mut seen = Vec::new();
        self.runbook
            .steps
            .iter()
            .filter_map(|step| step.gate.as_ref())
            .filter(move |gate| {
                let new = !seen.contains(gate);
                seen.push(gate);
                new
            })
    }
}

/// What the worker does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing until a person acts.
    Wait(Hold),
    /// Ask for the approval of this gate.
    Ask(GateId),
    /// Nothing until the request is answered or expires.
    AwaitApproval(GateId),
    /// Look whether the approval still fits the facts, then go on with the step.
    Perform {
        /// Which.
        step: StepId,
        /// Counted from 1.
        attempt: u32,
    },
    /// Write down that a step is not due.
    Pass {
        /// Which.
        step: StepId,
    },
    /// Look whether a step whose outcome is unknown happened.
    Look {
        /// Which.
        step: StepId,
        /// The attempt in doubt.
        attempt: u32,
    },
    /// Take a step back.
    Undo {
        /// The step, not the undo step.
        step: StepId,
    },
    /// Write down how it ended.
    Finish(Outcome),
    /// It has ended.
    Done,
}

/// Why a run waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Not started yet.
    Proposed,
    /// A step failed: `Retry`, `Skip`, `Roll back`, `Abort`.
    Failed(StepId),
    /// Nobody can tell whether a step happened but a person.
    InDoubt(StepId),
    /// An approval expired: ask again or give up.
    Expired(GateId),
    /// Somebody pressed cancel: go on, roll back or give up.
    Cancelled,
    /// Taking a step back failed: try again or give up.
    UndoFailed(StepId),
}

/// How often a step may be cut off before a person is asked: a step that kills the program each
/// time would otherwise be begun for ever.
pub const MAX_CUT_OFFS: u32 = 5;

/// Decides what comes next. Pure: the same run gives the same answer, before and after a crash.
#[must_use]
pub fn next(run: &Run) -> Next {
    match &run.phase {
        Phase::Proposed => Next::Wait(Hold::Proposed),
        Phase::Finished(_) => Next::Done,
        Phase::RollingBack(outcome) => next_undo(run, *outcome),
        Phase::Active => next_step(run),
    }
}

fn next_step(run: &Run) -> Next {
    for step in &run.plan.runbook.steps {
        let state = run.state_of(&step.id);
        return match state {
            StepState::Succeeded { .. }
            | StepState::Skipped { .. }
            | StepState::Undone
            | StepState::NotDue => continue,
            StepState::InDoubt { attempt, .. } => in_doubt(run, step, *attempt),
            // The worker never leaves a step running; if it does, the next start makes it a doubt.
            StepState::Running { attempt, .. } => Next::Look {
                step: step.id.clone(),
                attempt: *attempt,
            },
            StepState::Failed { attempt, .. } => match step.on_failure {
                OnFailure::Continue => continue,
                OnFailure::Retry(limit) if run.failures(&step.id) <= limit => {
                    again(run, step, *attempt)
                }
                _ => Next::Wait(Hold::Failed(step.id.clone())),
            },
            StepState::Pending { attempt: 0 } if !run.is_due(step) => Next::Pass {
                step: step.id.clone(),
            },
            StepState::Pending { attempt } => perform(run, step, attempt + 1),
        };
    }
    Next::Finish(Outcome::Recovered)
}

/// By itself, after a failure. What a look could not see may have happened.
fn again(run: &Run, step: &Step, attempt: u32) -> Next {
    if run.is_unseen(&step.id) {
        let step = step.id.clone();
        return Next::Look { step, attempt };
    }
    perform(run, step, attempt + 1)
}

fn perform(run: &Run, step: &Step, attempt: u32) -> Next {
    if run.cancel_requested {
        return Next::Wait(Hold::Cancelled);
    }
    match &step.gate {
        Some(gate) if !run.is_open(gate) => match run.approval(gate) {
            Some(approval) if approval.verdict.is_none() => Next::AwaitApproval(gate.clone()),
            Some(approval) if matches!(approval.verdict, Some(Verdict::Expired { .. })) => {
                Next::Wait(Hold::Expired(gate.clone()))
            }
            _ => Next::Ask(gate.clone()),
        },
        _ => Next::Perform {
            step: step.id.clone(),
            attempt,
        },
    }
}

fn in_doubt(run: &Run, step: &Step, attempt: u32) -> Next {
    if run.cut_offs(&step.id) > MAX_CUT_OFFS {
        return Next::Wait(Hold::InDoubt(step.id.clone()));
    }
    // A step that died with the program deserves another try by itself; one that ran out of time
    // would most likely do so again, and a person should know.
    let cut_off = run
        .failure_of(&step.id)
        .is_some_and(|failure| failure.code == FailureCode::CutOff);
    match step.replay {
        Replay::Again if cut_off => perform(run, step, attempt + 1),
        Replay::Again => Next::Wait(Hold::Failed(step.id.clone())),
        Replay::Verify => Next::Look {
            step: step.id.clone(),
            attempt,
        },
        Replay::Ask => Next::Wait(Hold::InDoubt(step.id.clone())),
    }
}

fn next_undo(run: &Run, outcome: Outcome) -> Next {
    let undoable = run
        .plan
        .runbook
        .steps
        .iter()
        .rev()
        .find(|step| step.undo.is_some() && run.state_of(&step.id).may_have_happened());
    match undoable {
        Some(step) if run.undo_failure(&step.id).is_some() => {
            Next::Wait(Hold::UndoFailed(step.id.clone()))
        }
        Some(step) => Next::Undo {
            step: step.id.clone(),
        },
        None => Next::Finish(outcome),
    }
}
