//! What the queue's adapter needs to know.

use secrecy::SecretString;
use std::time::Duration;

/// REI's Redis and how it uses RQ.
#[derive(Debug, Clone)]
pub struct RqOptions {
    /// `REDIS_URL`, as redis-py reads it: `redis://[user:password@]host:port/number`, `rediss://…`
    /// or `unix://path?db=number`; also `?db=`, `?ssl_ca_certs=`, `?ssl_certfile=`, `?ssl_keyfile=`.
    pub url: SecretString,
    /// `RQ_QUEUES`.
    pub queues: Vec<String>,
    /// `RQ_JOB_FUNCTION`, called with the job's id.
    pub function: String,
    /// `RQ_JOB_TIMEOUT`: how long a rebuilt job may run, in whole seconds, at least one. What it had before is lost with it; RQ's own default of three
    /// minutes would kill a video.
    pub job_timeout: Duration,
    /// How long things may take.
    pub deadlines: RqDeadlines,
}

impl RqOptions {
    /// The given Redis, and everything else as REI has it by default.
    #[must_use]
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            queues: vec!["default".to_owned()],
            function: "worker.process_job".to_owned(),
            job_timeout: Duration::from_secs(3600),
            deadlines: RqDeadlines::default(),
        }
    }
}

/// Deadlines.
#[derive(Debug, Clone, Copy)]
pub struct RqDeadlines {
    /// Until a connection stands and has said who it is.
    pub connect: Duration,
    /// One exchange with Redis.
    pub answer: Duration,
    /// One call that asks for little.
    pub call: Duration,
    /// One call that walks through all jobs.
    pub bulk: Duration,
}

impl Default for RqDeadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(10),
            call: Duration::from_secs(30),
            bulk: Duration::from_secs(600),
        }
    }
}
