//! Facts: what a step that succeeded leaves for later steps, for people and for the audit trail.

use super::database::{CheckReport, Loss, Quarantine, Staged};
use super::failure::Failure;
use super::install::{ProgramReport, Switched, Unpacked};
use super::job::Tallies;
use super::payment::{PendingPayments, SyncReport};
use super::provider::Reading;
use super::queue::{Flushed, Rebuilt, RedisContent, RedisHealth};
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
        /// What the old database has that the backup lacks: measured where it lies aside, so that
        /// nothing is written to it any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lost: Option<Loss>,
    },
    /// REI's token answers.
    BotAnswered {
        /// REI Bot's user name.
        username: String,
    },
    /// The test message was sent.
    MessageSent,
    /// How REI's webhook does.
    Webhook {
        /// Updates that wait for REI.
        pending: u64,
        /// What Telegram last heard from REI when it could not deliver.
        last_error: Option<String>,
        /// Whether REI has a webhook at all; without one it asks for its updates itself.
        is_set: bool,
    },
    /// The requester's balance is the sum of his ledger.
    Balance {
        /// Credits.
        balance: i64,
    },
    /// What Redis is like; without health, why it could not be told.
    RedisChecked {
        /// How it is.
        health: Option<RedisHealth>,
        /// What is wrong with it.
        failure: Option<Failure>,
    },
    /// Redis answers and takes writes.
    RedisAnswers(RedisHealth),
    /// What lies in Redis.
    RedisInspected(RedisContent),
    /// Redis is empty.
    Flushed(Flushed),
    /// Rows became jobs.
    Rebuilt(Rebuilt),
    /// Workers serve the queue.
    QueueMoves {
        /// Workers with a sign of life.
        workers: u64,
        /// Jobs that still wait.
        waiting: u64,
        /// Jobs that were taken meanwhile.
        taken: u64,
    },
    /// Failed jobs are back in the queue.
    Retried(Retried),
    /// How jobs did while they were watched.
    Tallied {
        /// By provider.
        tallies: Tallies,
    },
    /// What services said of themselves.
    Readings {
        /// One each.
        readings: Vec<Reading>,
    },
    /// Open payments.
    Pending(PendingPayments),
    /// Payments are in line.
    Synced(SyncReport),
    /// A switch stands as it should.
    Switched(Switched),
    /// Notices went out.
    Noticed(Noticed),
    /// A program ended well.
    Ran(ProgramReport),
    /// Saved files are in place.
    Unpacked(Unpacked),
    /// REI's settings are complete.
    SettingsReady {
        /// Whether `.env` was made anew.
        made: bool,
    },
    /// What differs between REI's records and the world.
    Reconciled(Differences),
    /// There was nothing to do; a locale key says why.
    NotApplicable {
        /// Locale key of the reason.
        reason: String,
    },
}

/// What became of failed jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retried {
    /// Back in the queue.
    pub requeued: u64,
    /// Rows whose job was no longer in Redis; it was made anew.
    pub made: u64,
    /// Left, as the provider has a result or is still at it: buying again would pay twice.
    pub finished: u64,
    /// Left: stopped by a person.
    pub stopped: u64,
    /// Left: their row says that they are done, refunded or queued.
    pub settled: u64,
    /// Left: entries without a job, whose row is not failed.
    pub expired: u64,
    /// Of those put back: nobody could tell whether the provider had finished them.
    pub unproved: u64,
}

/// How a notice went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// Surely delivered.
    pub sent: u64,
    /// Blocked REI, or are gone.
    pub blocked: u64,
    /// Refused by Telegram for another reason.
    pub failed: u64,
    /// The answer was lost: they may have it.
    pub ambiguous: u64,
}

/// What differs; a part that could not be looked at says why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Differences {
    /// Unfinished rows that the queue does not know.
    pub jobs_missing: Option<u64>,
    /// Jobs in the queue without an unfinished row.
    pub jobs_unknown: Option<u64>,
    /// Deeds of payments, by [`super::payment::Deed::as_str`]; `nothing` is left out.
    pub payments: Option<std::collections::BTreeMap<String, u64>>,
    /// Users whose balance is not the sum of their ledger.
    pub balances: Option<u64>,
    /// Parts that could not be looked at, and why.
    pub unknown: Vec<(String, Failure)>,
}
