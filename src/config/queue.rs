//! REI's job queue, and notices to its users.

use super::reader::{Read, Reader};
use super::table;
use secrecy::SecretString;
use std::time::Duration;

/// Redis, RQ, and how much may happen by itself.
#[derive(Clone, Debug)]
pub struct QueueSettings {
    /// `REDIS_URL`; it may hold a password.
    pub url: SecretString,
    /// `RQ_QUEUES`, at least one.
    pub queues: Vec<String>,
    /// `RQ_JOB_FUNCTION`.
    pub function: String,
    /// `RQ_JOB_TIMEOUT`: how long a rebuilt job may run.
    pub job_timeout: Duration,
    /// `RETRY_LIMIT`: more failed jobs than this go back only with an approval.
    pub retry_limit: u32,
    /// `NOTICE_RATE`: notices a second.
    pub notice_rate: u32,
    /// `NOTICE_PAID`: whether Stars may buy a higher rate.
    pub notice_paid: bool,
    /// `NOTICE_LIMIT`: a notice to more people always needs another person.
    pub notice_limit: u32,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Read<QueueSettings> {
    let url = reader.get(&table::REDIS_URL);
    let queues = reader.get(&table::RQ_QUEUES);
    let function = reader.get(&table::RQ_JOB_FUNCTION);
    let job_timeout = reader.get(&table::RQ_JOB_TIMEOUT);
    let retry_limit = reader.get(&table::RETRY_LIMIT);
    let notice_rate = reader.get(&table::NOTICE_RATE);
    let notice_paid = reader.get(&table::NOTICE_PAID);
    let notice_limit = reader.get(&table::NOTICE_LIMIT);
    Ok(QueueSettings {
        url: url?.0,
        queues: queues?.0,
        function: function?.0,
        job_timeout: job_timeout?.0,
        retry_limit: retry_limit?.0,
        notice_rate: notice_rate?.0,
        notice_paid: notice_paid?.0,
        notice_limit: notice_limit?.0,
    })
}
