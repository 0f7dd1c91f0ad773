//! Our requeue against RQ's own, on the same failed jobs in the same run.
//!
//! `cargo bench --bench requeue -- [jobs] [rounds]` (20000 jobs, 3 rounds; RQ's own runs once). Each
//! run begins on a server that has just read the same jobs back from its dump.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

mod support;

use ::redis::{Commands, Connection, Value, cmd, from_redis_value};
use anyhow::{Context, Result, ensure};
use rei_recovery::adapters::rq::{RqOptions, RqQueue};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::queue::JobQueue;
use secrecy::SecretString;
use std::time::{Duration, Instant};
use support::redis::RedisServer;
use support::rq::NEWEST_2;

const TIMES_AIM: f64 = 100.0;
const HELD_AIM: Duration = Duration::from_millis(10);
/// Commands that held Redis longer than this are told apart.
const SLOW: Duration = Duration::from_micros(50);

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo bench` adds an argument of its own.
    let given: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = given.iter().map(String::as_str).filter(|a| *a != "--bench");
    let jobs: usize = arguments
        .next()
        .unwrap_or("20000")
        .parse()
        .context("jobs")?;
    let rounds: usize = arguments.next().unwrap_or("3").parse().context("rounds")?;
    let mut server = RedisServer::start();
    let lab = NEWEST_2.at(&server);
    lab.run(&["plant_failed", &jobs.to_string()]);
    cmd("SAVE").exec(&mut server.client())?;
    println!("{jobs} failed jobs, RQ {}", lab.run(&["version"]));

    let mut best = Duration::MAX;
    let mut held = Duration::ZERO;
    for round in 1..=rounds {
        let mut client = anew(&mut server, jobs)?;
        let run = ours(&server, jobs).await?;
        let longest = longest(&mut client)?;
        println!(
            "round {round}  ours {:.3} s (listed {:.3}, requeued {:.3}), longest hold {:.2} ms",
            seconds(run.0 + run.1),
            seconds(run.0),
            seconds(run.1),
            1000.0 * seconds(longest)
        );
        best = best.min(run.0 + run.1);
        held = held.max(longest);
        check(&mut client, jobs)?;
    }
    let mut client = anew(&mut server, jobs)?;
    let begun = Instant::now();
    lab.run(&["requeue_all"]);
    let theirs = begun.elapsed();
    println!("rq requeue --all  {:.1} s", seconds(theirs));
    check(&mut client, jobs)?;
    println!(
        "{:.0} times as fast (aim {TIMES_AIM:.0}); longest hold {:.2} ms (aim below {} ms)",
        seconds(theirs) / seconds(best),
        1000.0 * seconds(held),
        HELD_AIM.as_millis()
    );
    Ok(())
}

/// The failed jobs as they were, and no record of earlier commands.
fn anew(server: &mut RedisServer, jobs: usize) -> Result<Connection> {
    server.kill();
    server.go();
    let mut client = server.client();
    while client.ping::<String>().is_err() {}
    let failed: usize = client.zcard("rq:failed:default")?;
    ensure!(failed == jobs, "{failed} jobs are failed");
    let slow = SLOW.as_micros().to_string();
    for (name, value) in [
        ("slowlog-log-slower-than", slow.as_str()),
        ("slowlog-max-len", "100000"),
    ] {
        cmd("CONFIG")
            .arg("SET")
            .arg(name)
            .arg(value)
            .exec(&mut client)?;
    }
    Ok(client)
}

/// Listing and putting back.
async fn ours(server: &RedisServer, jobs: usize) -> Result<(Duration, Duration)> {
    let queue = RqQueue::new(RqOptions::new(SecretString::from(server.url())))?;
    let begun = Instant::now();
    let found = queue.failed(None, &Work::default()).await?;
    let listed = begun.elapsed();
    let told = queue.requeue(&found, &Work::default()).await?;
    let requeued = begun.elapsed() - listed;
    ensure!(
        told.requeued.len() == jobs,
        "{} were requeued",
        told.requeued.len()
    );
    Ok((listed, requeued))
}

/// The longest time that one command held Redis.
fn longest(client: &mut Connection) -> Result<Duration> {
    let entries: Vec<Vec<Value>> = cmd("SLOWLOG").arg("GET").arg(100_000).query(client)?;
    let mut longest = Duration::ZERO;
    for entry in entries {
        let micros: u64 = from_redis_value(entry.get(2).context("no duration")?.clone())?;
        longest = longest.max(Duration::from_micros(micros));
    }
    Ok(longest)
}

fn check(client: &mut Connection, jobs: usize) -> Result<()> {
    let (waiting, failed): (usize, usize) = (
        client.llen("rq:queue:default")?,
        client.zcard("rq:failed:default")?,
    );
    ensure!(
        (waiting, failed) == (jobs, 0),
        "{waiting} wait, {failed} are failed"
    );
    Ok(())
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}
