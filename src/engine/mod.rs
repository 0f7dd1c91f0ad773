//! The engine: carries out what the journal says, one step at a time.
//!
//! *Started* is written before an effect and the outcome before the next decision. What must not be:
//! an effect without its *started*, a decision taken from memory instead of the journal, a wait for a
//! person that holds a task.

mod background;
mod calendar;
mod campaigns;
mod cases;
mod checklists;
mod chores;
mod copying;
mod gate;
mod look;
mod monitor;
mod own_copies;
mod perform;
mod recovering;
mod runner;
mod telling;
mod tidy;
mod worker;

pub use calendar::{CalendarParts, calendar, look as look_at_calendar};
pub use campaigns::{Sender, SenderParts};
pub use cases::{CaseParts, keep_cases};
pub use checklists::{KeeperParts, keep_checklists};
pub use chores::ChoreParts;
pub use monitor::{MonitorParts, monitor};
pub use own_copies::{OwnCopyMemory, OwnCopyParts, keep_own_copies, look_at_own_copies};
pub use worker::{Worker, WorkerError};

use crate::domain::approval::Policy;
use crate::ports::backups::{Backups, LiveProgress};
use crate::ports::bot::{ReiBot, Wording};
use crate::ports::clock::Clock;
use crate::ports::database::{DatabaseChecks, DatabaseFiles, FileHolders};
use crate::ports::install::{Programs, SavedFiles, SettingsFiles};
use crate::ports::journal::{FullChecks, Journal, Outbox};
use crate::ports::log::PatientLog;
use crate::ports::payments::PaymentProvider;
use crate::ports::providers::AiProviders;
use crate::ports::queue::JobQueue;
use crate::ports::recipients::Recipients;
use crate::ports::records::Records;
use crate::ports::units::Units;
use std::sync::Arc;

/// The patient, as the engine handles it.
#[derive(Clone)]
pub struct Patient {
    /// Units.
    pub units: Arc<dyn Units>,
    /// Who holds the database.
    pub holders: Arc<dyn FileHolders>,
    /// The database's files.
    pub files: Arc<dyn DatabaseFiles>,
    /// What is in them.
    pub checks: Arc<dyn DatabaseChecks>,
    /// Backups.
    pub backups: Arc<dyn Backups>,
    /// REI's log.
    pub log: Arc<dyn PatientLog>,
    /// Its job queue.
    pub queue: Arc<dyn JobQueue>,
    /// Its records.
    pub records: Arc<dyn Records>,
    /// The payment provider.
    pub payments: Arc<dyn PaymentProvider>,
    /// The AI providers.
    pub providers: Arc<dyn AiProviders>,
    /// Its settings files.
    pub settings: Arc<dyn SettingsFiles>,
    /// Files saved beside the backups.
    pub saved: Arc<dyn SavedFiles>,
    /// Programs that a runbook lists.
    pub programs: Arc<dyn Programs>,
    /// Notices to its users.
    pub sender: Sender,
    /// REI's own bot; absent without `REI_BOT_TOKEN`.
    pub bot: Option<Arc<dyn ReiBot>>,
    /// What that bot says.
    pub wording: Arc<dyn Wording>,
}

/// What the engine is made of.
#[derive(Clone)]
pub struct Parts {
    /// Runs.
    pub journal: Arc<dyn Journal>,
    /// Full checks that are owed.
    pub full_checks: Arc<dyn FullChecks>,
    /// Posts.
    pub outbox: Arc<dyn Outbox>,
    /// The own copy of REI's users.
    pub recipients: Arc<dyn Recipients>,
    /// Work that is neither a recovery nor a notice.
    pub chores: ChoreParts,
    /// The patient.
    pub patient: Patient,
    /// The rules of approvals.
    pub policy: Policy,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Progress of steps at work.
    pub live: Arc<LiveProgress>,
}
