//! REI's queue: RQ's structures in Redis, as an observer finds them.

use super::job::JobId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a Redis server is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedisRole {
    /// Takes writes.
    Master,
    /// A replica: takes none.
    Replica,
    /// A sentinel: knows where the master is, and holds no data.
    Sentinel,
}

/// A Redis server that answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedisHealth {
    /// Its version, as it says.
    pub version: String,
    /// Its role.
    pub role: RedisRole,
    /// Why its last save failed (`rdb_last_bgsave_status`, `aof_last_write_status`); with
    /// `stop-writes-on-bgsave-error` it then refuses writes.
    pub persistence_error: Option<String>,
    /// Bytes in use.
    pub memory: u64,
    /// `maxmemory` in bytes; nothing where there is no limit.
    pub memory_limit: Option<u64>,
    /// Keys in REI's database number.
    pub keys: u64,
    /// Keys in all other database numbers together.
    pub foreign_keys: u64,
    /// Seconds since its start.
    pub uptime: u64,
}

/// So many of the newest entries of a failed registry are looked at one by one.
pub const LATELY: usize = 500;

/// One queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueDepth {
    /// Its name, for example `default`.
    pub name: String,
    /// Jobs that wait.
    pub waiting: u64,
    /// Jobs on their way to a worker (RQ 1.15 and later).
    pub intermediate: u64,
    /// Entries of the failed registry, whatever became of their jobs.
    pub failed: u64,
    /// Of these: jobs that ended within the last hour, among the [`LATELY`] newest entries.
    #[serde(default)]
    pub failed_lately: u64,
    /// Jobs that a worker is at.
    pub started: u64,
    /// Of these: the time of their worker is over and RQ's own maintenance has not come by yet. They
    /// will be in the failed registry within about ten minutes.
    pub abandoned: u64,
    /// Jobs that wait for their moment (`enqueue_in`, retry intervals).
    pub scheduled: u64,
    /// Jobs that wait for another job.
    pub deferred: u64,
    /// When the job at the front was put there.
    pub oldest: Option<Timestamp>,
}

/// A worker that registered itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerSeen {
    /// Its name.
    pub name: String,
    /// RQ's version, where it says one.
    pub version: Option<String>,
    /// `idle`, `busy`, `suspended`, …
    pub state: String,
    /// The job it is at.
    pub job: Option<JobId>,
    /// The queues it serves.
    pub queues: Vec<String>,
    /// Its last sign of life.
    pub heartbeat: Option<Timestamp>,
}

/// Something in REI's database number that is not as RQ keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// Which key.
    pub key: String,
    /// What is wrong with it.
    pub kind: DamageKind,
}

/// What can be wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DamageKind {
    /// Not of the type that RQ keeps there.
    WrongType,
    /// A job without the fields it needs to run (`data`, `origin`).
    IncompleteJob,
    /// A queue lists a job that is not there.
    MissingJob,
    /// The same job stands in a queue more than once, and would run as often.
    DoubleEntry,
}

/// The whole queue at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueView {
    /// `RQ_QUEUES`, and every other queue that Redis knows, by name.
    pub queues: Vec<QueueDepth>,
    /// Workers that registered.
    pub workers: Vec<WorkerSeen>,
    /// `rq:suspended` exists: workers take no jobs.
    pub suspended: bool,
}

/// What a flush would destroy, and whether the data is sound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedisContent {
    /// Keys by family: `rq:job`, `rq:queue`, …; what is not RQ's by its first part up to `:`.
    pub families: BTreeMap<String, u64>,
    /// Jobs in Redis (their ids are compared with the database by the caller).
    pub jobs: u64,
    /// Jobs in Redis, neither finished nor canceled, that have no unfinished row in the database:
    /// they would be lost.
    pub unknown_jobs: u64,
    /// What is wrong, at most the first 20.
    pub damage: Vec<Damage>,
    /// How much is wrong in all.
    pub damaged: u64,
}

/// What an entry of a failed registry is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailedKind {
    /// Can be put back.
    Failed,
    /// Stopped by a person: stays.
    Stopped,
    /// Its hash is gone: nothing is left to run.
    Expired,
    /// Says another status than the registry it stands in: left alone.
    Elsewhere,
}

/// An entry of a failed registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedJob {
    /// Its id.
    pub id: JobId,
    /// Its queue.
    pub queue: String,
    /// What it is worth.
    pub kind: FailedKind,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The class of the error: the last line of the traceback up to its colon, for example
    /// `requests.exceptions.ReadTimeout`.
    pub error: Option<String>,
    /// RQ gave up on its worker (`AbandonedJobError`, `WorkHorseKilled`, …) rather than the job.
    pub abandoned: bool,
}

/// What a requeue did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requeued {
    /// Put back, each once.
    pub requeued: Vec<JobId>,
    /// Left: stopped by a person.
    pub stopped: Vec<JobId>,
    /// Entries without a job; the entry was removed.
    pub expired: Vec<JobId>,
    /// No longer failed: somebody else put it back, or it runs. Also what is no job's hash.
    pub elsewhere: Vec<JobId>,
}

/// A job to be made from its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The row's id, and the new job's.
    pub id: JobId,
    /// Its queue.
    pub queue: String,
}

/// What a rebuild did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuilt {
    /// Rows that became a job.
    pub added: u64,
    /// Rows that had one already.
    pub present: u64,
}

/// What a flush removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flushed {
    /// Keys that were there.
    pub keys: u64,
}

/// How much a flush empties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlushScope {
    /// REI's database number.
    #[default]
    Database,
    /// Every database number of the server (`FLUSHALL`).
    Server,
}
