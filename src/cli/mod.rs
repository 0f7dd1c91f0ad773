//! The console: the operators' verbs for whoever sits at a terminal.
//!
//! It decides nothing itself. A recovery that is started here is carried out by the worker: of the
//! running `rei-recovery run`, or of one that `app` starts in this process.

pub mod args;
mod audit;
mod backup;
mod backup_take;
mod broadcast;
mod chores;
mod drill;
mod incident;
mod json;
mod papers;
mod plan;
mod recover;
mod runbook;
mod runs;
mod status;
mod terminal;
mod totp;
mod validate;
mod verify;
mod work;

pub use terminal::{Console, Exit, confirm};
pub use totp::run as totp;
pub use validate::Validation;

use crate::ops::OpsError;
use std::io;

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A verb said no.
    #[error(transparent)]
    Ops(#[from] OpsError),
    /// Standard output or input.
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
    /// Data that cannot be printed.
    #[error("cannot be printed as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A gate without anybody who could answer.
    #[error("{0}")]
    Refused(String),
    /// Arguments that do not fit together.
    #[error("{0}")]
    Usage(String),
}

impl CliError {
    /// The exit code of the contract.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Refused(_) => Exit::Refused,
            Self::Usage(_) => Exit::Usage,
            Self::Ops(error) if error.is_refusal() => Exit::Refused,
            Self::Ops(
                OpsError::UnknownRunbook(_)
                | OpsError::NoDrill(_)
                | OpsError::NoBadBackup(_)
                | OpsError::UnknownBackup(_)
                | OpsError::UnknownRun(_)
                | OpsError::UnknownCampaign(_)
                | OpsError::UnknownCase(_)
                | OpsError::NoWords
                | OpsError::UnknownLanguage(_)
                | OpsError::UnknownChecklist(_)
                | OpsError::UnknownRole(_)
                | OpsError::NoticeProblem(..)
                | OpsError::NoIds,
            ) => Exit::Usage,
            Self::Ops(
                OpsError::NothingUnderWay
                | OpsError::NothingToRetry
                | OpsError::NobodyListed
                | OpsError::NoNotice
                | OpsError::NoCase,
            ) => Exit::NothingToDo,
            _ => Exit::Failed,
        }
    }
}

/// What a command returns.
pub type CliResult = Result<Exit, CliError>;

impl Console {
    /// `status`.
    ///
    /// # Errors
    /// The own state or the terminal.
    pub async fn status(&self, json: bool) -> CliResult {
        status::show(self, json).await
    }

    /// `recover`.
    ///
    /// # Errors
    /// Refused, not possible, or the terminal.
    pub async fn recover(&self, args: &args::Recover) -> CliResult {
        recover::run(self, args).await
    }

    /// `jobs`.
    ///
    /// # Errors
    /// Refused, not possible, or the terminal.
    pub async fn jobs(&self, args: &args::Jobs) -> CliResult {
        work::jobs(self, args).await
    }

    /// `payments`.
    ///
    /// # Errors
    /// Refused, not possible, or the terminal.
    pub async fn payments(&self, args: &args::Payments) -> CliResult {
        work::payments(self, args).await
    }

    /// `broadcast`.
    ///
    /// # Errors
    /// Refused, not possible, or the terminal.
    pub async fn broadcast(&self, args: &args::Broadcast) -> CliResult {
        broadcast::run(self, args).await
    }

    /// `backup`.
    ///
    /// # Errors
    /// No such backup, not possible, or the terminal.
    pub async fn backup(&self, args: &args::Backup) -> CliResult {
        backup::run(self, args).await
    }

    /// `incident`.
    ///
    /// # Errors
    /// No such incident, the own state, or the terminal.
    pub async fn incident(&self, args: &args::Incident) -> CliResult {
        incident::run(self, args).await
    }

    /// `contacts`.
    ///
    /// # Errors
    /// The own state or the terminal.
    pub async fn contacts(&self, as_json: bool) -> CliResult {
        papers::contacts(self, as_json).await
    }

    /// `checklist`.
    ///
    /// # Errors
    /// Refused, no such line, the own state, or the terminal.
    pub async fn checklist(&self, args: &args::Checklist) -> CliResult {
        papers::checklist(self, args).await
    }

    /// `runs`.
    ///
    /// # Errors
    /// No such run, refused, or the terminal.
    pub async fn runs(&self, args: &args::Runs) -> CliResult {
        runs::run(self, args).await
    }

    /// `audit`.
    ///
    /// # Errors
    /// The own state or the terminal.
    pub async fn audit(&self, args: &args::Audit) -> CliResult {
        audit::run(self, args).await
    }

    /// `drill`.
    ///
    /// # Errors
    /// Refused, not possible, or the terminal.
    pub async fn drill(&self, args: &args::Drill) -> CliResult {
        drill::run(self, args).await
    }

    /// `runbook list` and `runbook show`.
    ///
    /// # Errors
    /// No such runbook, or the terminal.
    pub async fn runbook(&self, args: &args::Runbook) -> CliResult {
        runbook::run(self, args)
    }
}
