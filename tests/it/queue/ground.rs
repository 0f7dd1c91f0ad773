//! What the tests of the queue share.

use crate::support::redis::RedisServer;
use crate::support::wait;
use redis::{Commands, Connection};
use rei_recovery::adapters::rq::{RqDeadlines, RqOptions, RqQueue};
use rei_recovery::domain::queue::{FailedJob, FailedKind, NewJob};
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Our adapter, as the settings would make it.
pub fn queue(url: &str) -> RqQueue {
    RqQueue::new(RqOptions::new(SecretString::from(url))).expect("an address of Redis")
}

/// The same with short deadlines, for servers that do not answer.
pub fn impatient(url: &str) -> RqQueue {
    let deadlines = RqDeadlines {
        connect: Duration::from_secs(2),
        answer: Duration::from_secs(2),
        ..RqDeadlines::default()
    };
    let options = RqOptions {
        deadlines,
        ..RqOptions::new(SecretString::from(url))
    };
    RqQueue::new(options).expect("an address of Redis")
}

/// What the database's rows ask for.
pub fn rows(ids: impl IntoIterator<Item = u32>) -> Vec<NewJob> {
    ids.into_iter()
        .map(|id| NewJob {
            id: id.to_string(),
            queue: "default".into(),
        })
        .collect()
}

/// Failed jobs as RQ leaves them behind, without a worker's work: for tests of our own side only.
pub fn plant_failed(client: &mut Connection, ids: std::ops::Range<u32>) -> Vec<FailedJob> {
    let mut all = redis::pipe();
    for id in ids.clone() {
        let key = format!("rq:job:{id}");
        let fields = [
            ("data", "x"),
            ("origin", "default"),
            ("status", "failed"),
            ("ended_at", "2026-11-23T03:15:00.000000Z"),
        ];
        all.hset_multiple(&key, &fields).ignore();
        all.expire(&key, 300).ignore();
        all.zadd("rq:failed:default", id, 1_900_000_000).ignore();
    }
    all.exec(client).expect("planted");
    ids.map(|id| FailedJob {
        id: id.to_string(),
        queue: "default".into(),
        kind: FailedKind::Failed,
        ended_at: None,
        error: None,
        abandoned: false,
    })
    .collect()
}

/// How often each job ran.
pub fn runs(client: &mut Connection) -> BTreeMap<String, u32> {
    client.hgetall("lab:ran").expect("a hash")
}

/// The ids in the queue, in order.
pub fn listed(client: &mut Connection) -> Vec<String> {
    let ids = client.lrange("rq:queue:default", 0, -1);
    ids.expect("a list")
}

/// The ids in the failed registry.
pub fn failed(client: &mut Connection) -> BTreeSet<String> {
    let ids: Vec<String> = client
        .zrange("rq:failed:default", 0, -1)
        .expect("a registry");
    ids.into_iter().collect()
}

/// Every id from the first to the last.
pub fn ids(range: std::ops::RangeInclusive<u32>) -> BTreeSet<String> {
    range.map(|id| id.to_string()).collect()
}

/// Runs what blocks beside the test's own tasks.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("it ends")
}

/// Waits until a worker hangs in its job.
pub async fn at_its_job(client: &mut Connection) {
    let hangs = || {
        let there: bool = client.exists("lab:hangs").expect("an answer");
        async move { there.then_some(()) }
    };
    wait::until("the worker to take the job", hangs).await;
}

/// Kept here so that a server outlives what uses it.
pub fn server() -> (RedisServer, Connection) {
    let server = RedisServer::start();
    let client = server.client();
    (server, client)
}
