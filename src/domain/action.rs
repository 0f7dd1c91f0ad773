//! Actions: the closed list of what a step can do to the patient.

use super::unit::UnitName;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a step does. Parameters that a runbook leaves empty are filled from the settings when the
/// plan is frozen, so that a frozen plan never depends on what the settings say later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Downloads the chosen backup beside the database and proves that it is good.
    FetchBackup {},
    /// Removes what `fetch-backup` staged.
    DiscardStaged {},
    /// Stops units, in the order given (default: `REI_UNITS` backwards).
    StopUnits {
        /// Which.
        #[serde(default)]
        units: Vec<UnitName>,
    },
    /// Starts units, in the order given (default: `REI_UNITS`).
    StartUnits {
        /// Which.
        #[serde(default)]
        units: Vec<UnitName>,
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
    /// Sends the requester a message under REI's token.
    SendTestMessage {},
}

impl Action {
    /// Its name in runbooks and locale keys (`step-<kind>`).
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::FetchBackup {} => "fetch-backup",
            Self::DiscardStaged {} => "discard-staged",
            Self::StopUnits { .. } => "stop-units",
            Self::StartUnits { .. } => "start-units",
            Self::ProveDatabaseClosed {} => "prove-database-closed",
            Self::QuarantineDatabase {} => "quarantine-database",
            Self::ReturnDatabase {} => "return-database",
            Self::InstallDatabase {} => "install-database",
            Self::VerifyDatabase {} => "verify-database",
            Self::WatchUnits { .. } => "watch-units",
            Self::VerifyBot {} => "verify-bot",
            Self::SendTestMessage {} => "send-test-message",
        }
    }

    /// Every kind there is; the guard over the locales walks this list.
    pub const KINDS: &[&'static str] = &[
        "fetch-backup",
        "discard-staged",
        "stop-units",
        "start-units",
        "prove-database-closed",
        "quarantine-database",
        "return-database",
        "install-database",
        "verify-database",
        "watch-units",
        "verify-bot",
        "send-test-message",
    ];

    /// Whether users feel it or data moves: then it needs a gate.
    #[must_use]
    pub fn is_destructive(&self) -> bool {
        matches!(
            self,
            Self::StopUnits { .. } | Self::QuarantineDatabase {} | Self::InstallDatabase {}
        )
    }

    /// Whether doing it twice does no more than doing it once.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        !matches!(
            self,
            Self::QuarantineDatabase {} | Self::InstallDatabase {} | Self::SendTestMessage {}
        )
    }

    /// Whether it can be told to stop and then leaves nothing half-done.
    #[must_use]
    pub fn can_be_interrupted(&self) -> bool {
        matches!(
            self,
            Self::FetchBackup {} | Self::VerifyDatabase {} | Self::WatchUnits { .. }
        )
    }

    /// Whether there is a way to look if it happened.
    #[must_use]
    pub fn can_be_looked_at(&self) -> bool {
        !matches!(self, Self::SendTestMessage {})
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

    /// The units it touches.
    #[must_use]
    pub fn units(&self) -> &[UnitName] {
        match self {
            Self::StopUnits { units }
            | Self::StartUnits { units }
            | Self::WatchUnits { units, .. } => units,
            _ => &[],
        }
    }
}
