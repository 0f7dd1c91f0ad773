//! Actions: the closed list of what a step can do to the patient.

use super::install::Switch;
use super::queue::FlushScope;
use super::unit::UnitName;
use jiff::fmt::serde::unsigned_duration::friendly::compact::optional as maybe_friendly;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Which of the patient's units, where a runbook does not name them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitGroup {
    /// All of `REI_UNITS`.
    #[default]
    Rei,
    /// Those of `REI_UNITS` whose name holds `worker`; all of them where none does.
    Workers,
    /// `REDIS_UNIT`.
    Redis,
}

/// Whose affairs a notice is about; only they get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Users with an open payment begun since the run began, or the day before.
    OpenPayments,
    /// Users whose payment was begun before this run's sync and has succeeded since the run began.
    SettledPayments,
    /// Users with a job that is unfinished or failed within the last day.
    TroubledJobs,
}

/// What a step does. Parameters that a runbook leaves empty are filled from the settings when the
/// plan is frozen, so that a frozen plan never depends on what the settings say later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Downloads the chosen backup beside the database and proves that it is good.
    FetchBackup {},
    /// Removes what `fetch-backup` staged.
    DiscardStaged {},
    /// Stops units, in the order given (default: the group backwards).
    StopUnits {
        /// Which.
        #[serde(default)]
        units: Vec<UnitName>,
        /// Which, where none is named.
        #[serde(default)]
        group: UnitGroup,
    },
    /// Starts units, in the order given (default: the group).
    StartUnits {
        /// Which.
        #[serde(default)]
        units: Vec<UnitName>,
        /// Which, where none is named.
        #[serde(default)]
        group: UnitGroup,
    },
    /// Stops units backwards and starts them in the order given (default: the group).
    RestartUnits {
        /// Which.
        #[serde(default)]
        units: Vec<UnitName>,
        /// Which, where none is named.
        #[serde(default)]
        group: UnitGroup,
    },
    /// Proves that no process holds the database or a sidecar open.
    ProveDatabaseClosed {},
    /// Moves the database with its sidecars into a quarantine folder.
    QuarantineDatabase {},
    /// Moves the quarantined set back to where it was.
    ReturnDatabase {},
    /// Renames the staged database into place, with the owner and mode of the old one.
    InstallDatabase {},
    /// Checks the database in place: no sidecars, foreign keys, schema, counts.
    VerifyDatabase {},
    /// Watches units and log: no restart loop, no new database errors.
    WatchUnits {
        /// Which (default: `REI_UNITS`).
        #[serde(default)]
        units: Vec<UnitName>,
        /// For how long.
        #[serde(rename = "for", with = "friendly")]
        period: Duration,
    },
    /// Asks Telegram whether REI's token answers.
    VerifyBot {},
    /// Asks Telegram how REI's webhook does.
    VerifyWebhook {},
    /// Sends the requester a message under REI's token.
    SendTestMessage {},
    /// Compares the requester's balance with the sum of his ledger.
    VerifyBalance {},
    /// Looks at Redis and tells how it is, whatever that is.
    CheckRedis {},
    /// Waits until Redis answers and takes writes.
    PingRedis {
        /// For how long at most.
        #[serde(with = "friendly")]
        patience: Duration,
    },
    /// Looks through all keys: what a flush would lose, and whether the data is sound.
    InspectRedis {},
    /// Empties Redis.
    FlushRedis {
        /// How much of it.
        #[serde(default)]
        scope: FlushScope,
    },
    /// Makes a job of each unfinished row that the queue does not know.
    RebuildQueue {
        /// The queue for them (default: the first of `RQ_QUEUES`).
        #[serde(default)]
        queue: String,
    },
    /// Watches the queue: workers serve it and jobs are taken.
    VerifyQueue {
        /// For how long at most.
        #[serde(rename = "for", with = "friendly")]
        period: Duration,
    },
    /// Puts failed jobs back into the queue.
    RetryJobs {
        /// Those that failed within this time before the plan was made; without it all of them.
        #[serde(
            default,
            with = "maybe_friendly",
            skip_serializing_if = "Option::is_none"
        )]
        last: Option<Duration>,
        /// Only this provider's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
        /// Only those with this class of error.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// The queue for those that Redis no longer knows (default: the first of `RQ_QUEUES`).
        #[serde(default)]
        queue: String,
    },
    /// Watches how many jobs succeed.
    WatchJobs {
        /// For how long.
        #[serde(rename = "for", with = "friendly")]
        period: Duration,
        /// Percent of ended jobs that must succeed.
        threshold: u8,
    },
    /// Asks the payment provider's status page and API, and tells what they said.
    ProbePayments {},
    /// Waits until the payment provider's API is up.
    AwaitPayments {
        /// For how long at most.
        #[serde(with = "friendly")]
        patience: Duration,
    },
    /// Counts open payments by age and sum.
    ListPayments {},
    /// Brings REI's payments in line with the provider's.
    SyncPayments {},
    /// Probes the AI providers, and tells what they said beside how REI's jobs do.
    ProbeProviders {},
    /// Waits until every AI provider is up.
    AwaitProviders {
        /// For how long at most.
        #[serde(with = "friendly")]
        patience: Duration,
    },
    /// Sets a switch in one of REI's settings files, and restarts the units that read it.
    SetSwitch {
        /// Which.
        switch: Switch,
        /// To what. Where it is the undo of another step: back to what that step found.
        on: bool,
        /// Units to restart.
        #[serde(default)]
        units: Vec<UnitName>,
        /// Which, where none is named.
        #[serde(default)]
        group: UnitGroup,
    },
    /// Sends a notice under REI's token, to each person once.
    NotifyUsers {
        /// To whom.
        audience: Audience,
        /// Locale key of the text.
        notice: String,
    },
    /// Runs a program that the runbook lists, in REI's folder, as its owner.
    RunProgram {
        /// The program and its arguments; there is no shell.
        command: Vec<String>,
    },
    /// Unpacks the files that were saved beside the backup.
    UnpackFiles {},
    /// Makes `.env` where there is none, and sees that nothing in it is left open.
    PrepareSettings {},
    /// Compares database, queue, payments and ledger, and tells what differs.
    Reconcile {},
}

macro_rules! kinds {
    ($($variant:ident => $kind:literal,)*) => {
        impl Action {
            /// Its name in runbooks and locale keys (`step-<kind>`).
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $kind,)* }
            }

            /// Every kind there is; the guard over the locales walks this list.
            pub const KINDS: &[&'static str] = &[$($kind,)*];
        }
    };
}

kinds! {
    FetchBackup => "fetch-backup",
    DiscardStaged => "discard-staged",
    StopUnits => "stop-units",
    StartUnits => "start-units",
    RestartUnits => "restart-units",
    ProveDatabaseClosed => "prove-database-closed",
    QuarantineDatabase => "quarantine-database",
    ReturnDatabase => "return-database",
    InstallDatabase => "install-database",
    VerifyDatabase => "verify-database",
    WatchUnits => "watch-units",
    VerifyBot => "verify-bot",
    VerifyWebhook => "verify-webhook",
    SendTestMessage => "send-test-message",
    VerifyBalance => "verify-balance",
    CheckRedis => "check-redis",
    PingRedis => "ping-redis",
    InspectRedis => "inspect-redis",
    FlushRedis => "flush-redis",
    RebuildQueue => "rebuild-queue",
    VerifyQueue => "verify-queue",
    RetryJobs => "retry-jobs",
    WatchJobs => "watch-jobs",
    ProbePayments => "probe-payments",
    AwaitPayments => "await-payments",
    ListPayments => "list-payments",
    SyncPayments => "sync-payments",
    ProbeProviders => "probe-providers",
    AwaitProviders => "await-providers",
    SetSwitch => "set-switch",
    NotifyUsers => "notify-users",
    RunProgram => "run-program",
    UnpackFiles => "unpack-files",
    PrepareSettings => "prepare-settings",
    Reconcile => "reconcile",
}

impl Action {
    /// Whether users feel it or data moves: then it needs a gate.
    #[must_use]
    pub fn is_destructive(&self) -> bool {
        matches!(
            self,
            Self::StopUnits { .. }
                | Self::RestartUnits { .. }
                | Self::QuarantineDatabase {}
                | Self::InstallDatabase {}
                | Self::FlushRedis { .. }
                | Self::SetSwitch { .. }
                | Self::RunProgram { .. }
                | Self::UnpackFiles {}
        )
    }

    /// Whether doing it twice does no more than doing it once.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        !matches!(
            self,
            Self::QuarantineDatabase {}
                | Self::InstallDatabase {}
                | Self::SendTestMessage {}
                | Self::FlushRedis { .. }
                | Self::RunProgram { .. }
        )
    }

    /// Whether it can be told to stop and then leaves nothing half-done.
    #[must_use]
    pub fn can_be_interrupted(&self) -> bool {
        matches!(
            self,
            Self::FetchBackup {}
                | Self::VerifyDatabase {}
                | Self::WatchUnits { .. }
                | Self::PingRedis { .. }
                | Self::InspectRedis {}
                | Self::RebuildQueue { .. }
                | Self::VerifyQueue { .. }
                | Self::RetryJobs { .. }
                | Self::WatchJobs { .. }
                | Self::AwaitPayments { .. }
                | Self::SyncPayments {}
                | Self::AwaitProviders { .. }
                | Self::NotifyUsers { .. }
                | Self::Reconcile {}
        )
    }

    /// Whether there is a way to look if it happened.
    #[must_use]
    pub fn can_be_looked_at(&self) -> bool {
        !matches!(self, Self::SendTestMessage {} | Self::RunProgram { .. })
    }

    /// Whether a person may go on without it. What later steps build on, and what proves that they
    /// do no harm, may not be skipped.
    #[must_use]
    pub fn can_be_skipped(&self) -> bool {
        !matches!(
            self,
            Self::FetchBackup {}
                | Self::ProveDatabaseClosed {}
                | Self::QuarantineDatabase {}
                | Self::InstallDatabase {}
        )
    }

    /// Whether its progress counts bytes; otherwise it counts jobs, payments or people.
    #[must_use]
    pub fn moves_bytes(&self) -> bool {
        matches!(self, Self::FetchBackup {} | Self::UnpackFiles {})
    }

    /// The units it touches.
    #[must_use]
    pub fn units(&self) -> &[UnitName] {
        match self {
            Self::StopUnits { units, .. }
            | Self::StartUnits { units, .. }
            | Self::RestartUnits { units, .. }
            | Self::SetSwitch { units, .. }
            | Self::WatchUnits { units, .. } => units,
            _ => &[],
        }
    }
}
