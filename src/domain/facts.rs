//! Facts: what a step that succeeded leaves for later steps, for people and for the audit trail.

use super::database::{CheckReport, Quarantine, Staged};
use super::unit::UnitStatus;
use serde::{Deserialize, Serialize};

/// A place in REI's log, to read on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPosition {
    /// Device and inode, so that a rotated file is noticed.
    pub inode: Option<(u64, u64)>,
    /// Bytes read so far.
    pub offset: u64,
}

/// What came out of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Facts {
    /// The backup lies beside the database, proved good.
    Staged(Staged),
    /// What was staged is gone.
    Discarded,
    /// Units as observed afterwards.
    Units {
        /// One observation each.
        units: Vec<UnitStatus>,
        /// The end of REI's log before they were started: what they say comes after it.
        log: Option<LogPosition>,
    },
    /// No process holds the database; so many were looked at.
    Closed {
        /// Processes whose open files were read.
        processes: u64,
    },
    /// The old database lies aside.
    Quarantined(Quarantine),
    /// The old database is back in its place.
    Returned {
        /// Files that were moved back.
        files: u64,
    },
    /// The new database is in its place.
    Installed {
        /// Its size in bytes.
        bytes: u64,
    },
    /// The database was checked in its place.
    Verified(CheckReport),
    /// Units and log were watched and stayed calm.
    Watched {
        /// One observation each, at the end.
        units: Vec<UnitStatus>,
        /// Log lines read meanwhile.
        log_lines: u64,
    },
    /// REI's token answers.
    BotAnswered {
        /// REI Bot's user name.
        username: String,
    },
    /// The test message was sent.
    MessageSent,
    /// There was nothing to do; a locale key says why.
    NotApplicable {
        /// Locale key of the reason.
        reason: String,
    },
}
