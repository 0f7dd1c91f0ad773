//! REI's queue, jobs, payments and ledger.

use super::ground::{Ground, queue};
use crate::support::redis::RedisServer;
use rei_recovery::adapters::ai_providers::HttpProviders;
use rei_recovery::domain::Timestamp;
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::domain::health::{Condition, Measure, Part, SignCode};
use rei_recovery::domain::provider::Providers;
use rei_recovery::runbook::providers;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::sync::Arc;

fn ground(server: &RedisServer) -> Ground {
    let mut ground = Ground::new();
    ground.ports.queue = Arc::new(queue(&server.url()));
    ground
}

fn ago(minutes: i64) -> Timestamp {
    Timestamp::now() - jiff::SignedDuration::from_mins(minutes)
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// A worker as RQ registers one.
pub fn worker(client: &mut redis::Connection, heard: Timestamp) {
    let key = "rq:worker:w1";
    redis::cmd("SADD")
        .arg("rq:workers")
        .arg(key)
        .exec(client)
        .unwrap();
    redis::cmd("HSET")
        .arg(key)
        .arg(&["state", "idle", "queues", "default", "last_heartbeat"])
        .arg(stamp(heard))
        .exec(client)
        .unwrap();
}

fn job(client: &mut redis::Connection, id: &str, at: Timestamp) {
    redis::cmd("HSET")
        .arg(format!("rq:job:{id}"))
        .arg(&["status", "queued", "origin", "default", "enqueued_at"])
        .arg(stamp(at))
        .exec(client)
        .unwrap();
    redis::cmd("RPUSH")
        .arg("rq:queue:default")
        .arg(id)
        .exec(client)
        .unwrap();
}

#[tokio::test]
async fn workers_count_as_long_as_they_give_a_sign_of_life() {
    let server = RedisServer::start();
    let mut client = server.client();
    let gone = ground(&server).finds(Part::Queue).await;
    assert!(gone.shows(SignCode::WorkersGone) && gone.condition == Condition::Down);
    worker(&mut client, ago(6));
    let well = ground(&server).finds(Part::Queue).await;
    assert_eq!(
        (well.condition, well.measures[&Measure::Workers]),
        (Condition::Up, 1)
    );
    worker(&mut client, ago(9));
    let gone = ground(&server).finds(Part::Queue).await;
    assert!(gone.shows(SignCode::WorkersGone), "{gone:?}");
}

#[tokio::test]
async fn jobs_that_nobody_takes_are_told_with_the_oldest() {
    let server = RedisServer::start();
    let mut client = server.client();
    worker(&mut client, ago(0));
    job(&mut client, "a", ago(20));
    job(&mut client, "b", ago(1));
    redis::cmd("SET")
        .arg("rq:suspended")
        .arg(1)
        .exec(&mut client)
        .unwrap();
    let stuck = ground(&server).finds(Part::Queue).await;
    assert!(stuck.shows(SignCode::QueueStuck) && stuck.shows(SignCode::QueueSuspended));
    assert_eq!(stuck.measures[&Measure::Depth], 2);
    assert!(
        (1199..1260).contains(&stuck.measures[&Measure::OldestSeconds]),
        "{stuck:?}"
    );
}

#[tokio::test]
async fn unfinished_rows_without_a_job_are_lost() {
    let server = RedisServer::start();
    let ground = ground(&server);
    worker(&mut server.client(), ago(0));
    job(&mut server.client(), "job-2", ago(0));
    let db = Connection::open(ground.path("bot.db")).unwrap();
    db.execute_batch(
        "UPDATE jobs SET status = 'queued' WHERE id IN ('job-1', 'job-2', 'job-3');
         UPDATE jobs SET updated_at = datetime('now') WHERE id = 'job-3'",
    )
    .unwrap();
    let found = ground.finds(Part::Queue).await;
    assert_eq!(found.condition, Condition::Degraded, "{found:?}");
    let lost = found
        .signs
        .iter()
        .find(|sign| sign.code == SignCode::JobsLost);
    assert_eq!(lost.unwrap().args["count"], Arg::Number(1));
}

#[tokio::test]
async fn without_redis_nobody_can_tell_and_the_reason_is_redis() {
    let found = Ground::new().finds(Part::Queue).await;
    assert_eq!(found.condition, Condition::Unknown);
    assert_eq!(found.failure.unwrap().code, FailureCode::RedisUnreachable);
}

#[tokio::test]
async fn failures_of_the_last_hour_are_told_by_provider() {
    let mut ground = Ground::new();
    let described: Providers = providers::load(None, rei_recovery::config::PROVIDER_KEYS).unwrap();
    let words = described["kling"].blames[0].clone();
    let all = HttpProviders::new(described, BTreeMap::new()).unwrap();
    ground.ports.providers = Arc::new(all);
    let db = Connection::open(ground.path("bot.db")).unwrap();
    db.execute(
        "UPDATE jobs SET status = 'failed', updated_at = datetime('now'), error = ?1
         WHERE user_id > 2",
        [&words],
    )
    .unwrap();
    db.execute_batch("UPDATE jobs SET updated_at = datetime('now') WHERE user_id <= 2")
        .unwrap();
    let round = ground.round().await;
    let kling = super::ground::of(&round, Part::Jobs, "kling");
    assert_eq!(kling.condition, Condition::Down, "{kling:?}");
    assert!(kling.shows(SignCode::JobsFailing) && kling.shows(SignCode::JobsBlame));
    assert_eq!(kling.measures[&Measure::SuccessPercent], 20);
}

#[tokio::test]
async fn open_payments_and_a_ledger_that_is_off_are_told() {
    let ground = Ground::new();
    let well = ground.round().await;
    assert_eq!(well.condition(Part::Payments), Some(Condition::Up));
    assert_eq!(well.condition(Part::Ledger), Some(Condition::Up));
    let db = Connection::open(ground.path("bot.db")).unwrap();
    db.execute_batch(
        "UPDATE payments SET status = 'pending', created_at = datetime('now', '-2 hours')
         WHERE user_id <= 3;
         UPDATE users SET balance = balance + 1 WHERE id = 4",
    )
    .unwrap();
    let ill = ground.round().await;
    let payments = super::ground::only(&ill, Part::Payments);
    assert!(payments.shows(SignCode::PaymentsStuck) && payments.condition == Condition::Degraded);
    assert_eq!(payments.measures[&Measure::Pending], 3);
    let ledger = super::ground::only(&ill, Part::Ledger);
    assert_eq!(ledger.measures[&Measure::Imbalances], 1);
    assert!(ledger.shows(SignCode::LedgerOff));
}
