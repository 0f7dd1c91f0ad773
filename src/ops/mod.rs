//! What an operator can do, one file per verb. Chat and console call the same verbs.
//!
//! A verb decides and writes down; it never touches the patient. Whatever is refused stands in the
//! audit trail with the reason.

mod alerts;
mod approve;
mod backups;
mod break_glass;
mod campaigns;
mod cancel;
mod cases;
mod checklists;
mod choose;
mod chores;
mod contacts;
mod csv;
mod drill;
mod error;
mod jobs;
mod payments;
mod propose;
mod second_factor;
mod status;
mod taking;
mod trail;
mod trends;

pub use crate::runbook::Runbooks;
pub use backups::Beside;
pub use campaigns::{CSV_HEADER, NoticeRules, Notices, Part, Previewed, language_tag};
pub use cases::{Dressed, Filed, Written};
pub use choose::Answer;
pub use csv::csv_record;
pub use drill::{DrillPlan, LastDrill};
pub use error::OpsError;
pub use jobs::{RebuildPreview, RetryWish};
pub use payments::PaymentsView;
pub use propose::{Proposal, QUARANTINE, Which};
pub use status::{Present, Since, Status};
pub use taking::{Holdings, Spendable};

use crate::domain::approval::Policy;
use crate::domain::checklist::Template;
use crate::domain::contacts::Roster;
use crate::domain::unit::UnitName;
use crate::ports::alerts::Alerts;
use crate::ports::backups::{Backups, LiveProgress};
use crate::ports::cases::Cases;
use crate::ports::checklists::Checklists;
use crate::ports::chores::{AtWork, Chores};
use crate::ports::clock::Clock;
use crate::ports::codes::Codes;
use crate::ports::contacts::Contacts;
use crate::ports::database::{DatabaseChecks, DatabaseFiles};
use crate::ports::history::History;
use crate::ports::journal::{AuditTrail, Journal, Outbox};
use crate::ports::payments::PaymentProvider;
use crate::ports::providers::AiProviders;
use crate::ports::queue::JobQueue;
use crate::ports::records::Records;
use crate::ports::units::Units;
use crate::tasks::checklists::Sources;
use crate::tasks::health::Observer;
use crate::tasks::taking::Taking;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The runbook that puts failed jobs back.
pub const RETRY_FAILED: &str = "retry-failed";
/// The runbook that makes jobs of unfinished rows.
pub const REBUILD_QUEUE: &str = "rebuild-queue";
/// The runbook that brings payments in line.
pub const PAYMENTS_SYNC: &str = "payments-sync";

/// The own state, as the verbs see it.
#[derive(Clone)]
pub struct State {
    /// Runs.
    pub journal: Arc<dyn Journal>,
    /// Audit trail.
    pub audit: Arc<dyn AuditTrail>,
    /// Posts.
    pub outbox: Arc<dyn Outbox>,
    /// What rounds of probes found.
    pub history: Arc<dyn History>,
    /// What came of it.
    pub alerts: Arc<dyn Alerts>,
    /// Chores.
    pub chores: Arc<dyn Chores>,
    /// Incidents as people keep them.
    pub cases: Arc<dyn Cases>,
    /// What people's codes have been through.
    pub codes: Arc<dyn Codes>,
}

/// The patient, as the verbs see it: for looking only.
#[derive(Clone)]
pub struct PatientView {
    /// Its units' manager.
    pub units: Arc<dyn Units>,
    /// Its database's files.
    pub files: Arc<dyn DatabaseFiles>,
    /// What is in them.
    pub checks: Arc<dyn DatabaseChecks>,
    /// All probes.
    pub observer: Observer,
    /// Its backups.
    pub backups: Arc<dyn Backups>,
    /// New ones, and those that may go.
    pub taking: Taking,
    /// Its job queue.
    pub queue: Arc<dyn JobQueue>,
    /// Its records.
    pub records: Arc<dyn Records>,
    /// The payment provider.
    pub payments: Arc<dyn PaymentProvider>,
    /// The AI providers.
    pub providers: Arc<dyn AiProviders>,
}

/// What is configured.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The database, absolute.
    pub database: PathBuf,
    /// REI's folder, absolute.
    pub home: PathBuf,
    /// `REI_UNITS`, in the order they are started.
    pub units: Vec<UnitName>,
    /// `REDIS_UNIT`.
    pub redis_unit: UnitName,
    /// The queue for jobs that are made anew: the first of `RQ_QUEUES`.
    pub queue: String,
    /// More failed jobs than this go back only with an approval.
    pub retry_limit: u32,
    /// Recovery time objective.
    pub rto: Duration,
    /// Recovery point objective.
    pub rpo: Duration,
    /// Approval rules.
    pub policy: Policy,
}

/// What the verbs about checklist and contacts stand on.
#[derive(Clone)]
pub struct Papers {
    /// Checklists.
    pub checklists: Arc<dyn Checklists>,
    /// The lines of a new one.
    pub template: Arc<Template>,
    /// What its probes look through.
    pub sources: Sources,
    /// What people changed of the contacts.
    pub contacts: Arc<dyn Contacts>,
    /// The contacts as their file has them.
    pub roster: Arc<Roster>,
    /// `TIMEZONE`: where a week begins for the team.
    pub zone: TimeZone,
}

/// The verbs.
#[derive(Clone)]
pub struct Ops {
    pub(crate) state: State,
    pub(crate) patient: PatientView,
    pub(crate) profile: Arc<Profile>,
    pub(crate) runbooks: Arc<Runbooks>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) live: Arc<LiveProgress>,
    pub(crate) at_work: Arc<AtWork>,
    pub(crate) notices: Notices,
    pub(crate) papers: Papers,
}

/// What the verbs are made of.
pub struct Parts {
    /// Own state.
    pub state: State,
    /// The patient.
    pub patient: PatientView,
    /// Settings.
    pub profile: Profile,
    /// Runbooks in force.
    pub runbooks: Runbooks,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Progress of steps at work.
    pub live: Arc<LiveProgress>,
    /// Progress of the chore at work.
    pub at_work: Arc<AtWork>,
    /// What the verbs about notices stand on.
    pub notices: Notices,
    /// What the verbs about checklist and contacts stand on.
    pub papers: Papers,
}

impl Ops {
    /// The verbs over these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts {
            state,
            patient,
            profile,
            runbooks,
            clock,
            live,
            at_work,
            notices,
            papers,
        } = parts;
        Self {
            state,
            patient,
            profile: Arc::new(profile),
            runbooks: Arc::new(runbooks),
            clock,
            live,
            at_work,
            notices,
            papers,
        }
    }

    /// What is configured.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Checklists and contacts, for whoever keeps them beside the verbs.
    #[must_use]
    pub fn papers(&self) -> &Papers {
        &self.papers
    }

    /// Runbooks in force.
    #[must_use]
    pub fn runbooks(&self) -> &Runbooks {
        &self.runbooks
    }

    /// Why there is no own state to rely upon, if so: what is known from before is missing then, and
    /// nothing can be begun.
    #[must_use]
    pub fn stand_in(&self) -> Option<String> {
        self.state.journal.stand_in()
    }

    /// The clock.
    #[must_use]
    pub fn now(&self) -> crate::domain::Timestamp {
        self.clock.now()
    }

    /// How far the step at work is.
    #[must_use]
    pub fn live(&self) -> &LiveProgress {
        &self.live
    }
}
