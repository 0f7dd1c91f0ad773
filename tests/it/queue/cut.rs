//! Cut off anywhere, every job is where it was or where it should be.

use super::ground::{failed, listed, plant_failed, queue, rows, server};
use crate::support::cut::{Cut, Wire};
use crate::support::wait;
use redis::{Commands, Connection};
use rei_recovery::domain::queue::{FailedJob, FlushScope};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::queue::JobQueue;
use std::collections::BTreeSet;
use std::process::{Command, Stdio};

/// Ten script calls.
const JOBS: u32 = 2000;
const CALLS: usize = 10;

/// Each job is failed as before or queued once; returns how many are queued.
fn none_is_stranded(client: &mut Connection, jobs: &[FailedJob]) -> usize {
    let (listed, failed) = (listed(client), failed(client));
    let queued: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(queued.len(), listed.len(), "an id stands twice");
    for job in jobs {
        let key = format!("rq:job:{}", job.id);
        let status: String = client.hget(&key, "status").unwrap();
        let ttl: i64 = client.ttl(&key).unwrap();
        let is = (
            queued.contains(&job.id),
            failed.contains(&job.id),
            status.as_str(),
            ttl > 0,
        );
        let fine = [
            (true, false, "queued", false),
            (false, true, "failed", true),
        ];
        assert!(fine.contains(&is), "{}: {is:?}", job.id);
    }
    queued.len()
}

/// Waits until Redis is through with all that reached it, and knows that nobody else is there.
async fn alone(client: &mut Connection) {
    let look = || {
        let clients: String = redis::cmd("CLIENT").arg("LIST").query(client).unwrap();
        let alone = clients.lines().count() == 1;
        async move { alone.then_some(()) }
    };
    wait::until("Redis to notice", look).await;
}

#[tokio::test]
async fn a_requeue_that_is_cut_strands_nothing_and_can_be_repeated() {
    let mut seen = BTreeSet::new();
    let cuts = (0..CALLS).map(Cut::InCall).chain([Cut::Answers]);
    for cut in cuts {
        let (server, mut client) = server();
        let jobs = plant_failed(&mut client, 0..JOBS);
        let mut wire = Wire::to(server.port(), cut).await;
        let error = queue(&wire.url())
            .requeue(&jobs, &Work::default())
            .await
            .unwrap_err();
        assert!(error.unknown, "{cut:?}: {error:?}");
        assert_eq!(error.code().as_str(), "redis-unreachable");
        wire.broken().await;
        alone(&mut client).await;
        seen.insert(none_is_stranded(&mut client, &jobs));

        let told = queue(&server.url())
            .requeue(&jobs, &Work::default())
            .await
            .unwrap();
        assert_eq!(told.requeued.len() + told.elsewhere.len(), jobs.len());
        assert_eq!(none_is_stranded(&mut client, &jobs), jobs.len());
    }
    // The cuts were where they claim to be: after none, after one, … of the calls.
    let expected: BTreeSet<usize> = (0..CALLS).map(|calls| calls * 200).collect();
    assert!(seen.is_superset(&expected), "{seen:?}");
}

#[tokio::test]
async fn a_rebuild_that_is_cut_can_be_repeated() {
    for cut in [Cut::InCall(0), Cut::InCall(3), Cut::InCall(9), Cut::Answers] {
        let (server, mut client) = server();
        let rows = rows(0..JOBS);
        let mut wire = Wire::to(server.port(), cut).await;
        let error = queue(&wire.url())
            .enqueue(&rows, &Work::default())
            .await
            .unwrap_err();
        assert!(error.unknown, "{cut:?}: {error:?}");
        wire.broken().await;
        alone(&mut client).await;
        let before = listed(&mut client).len();
        let told = queue(&server.url())
            .enqueue(&rows, &Work::default())
            .await
            .unwrap();
        assert_eq!(
            (told.added, told.present),
            (u64::from(JOBS) - before as u64, before as u64)
        );
        let expected: Vec<String> = (0..JOBS).map(|id| id.to_string()).collect();
        assert_eq!(listed(&mut client), expected, "{cut:?}");
    }
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_ends_between_two_batches() {
    let (server, mut client) = server();
    let jobs = plant_failed(&mut client, 0..JOBS);
    let work = Work::default();
    work.cancel.cancel();
    let error = queue(&server.url())
        .requeue(&jobs, &work)
        .await
        .unwrap_err();
    assert_eq!(error.code().as_str(), "cut-off");
    assert_eq!(none_is_stranded(&mut client, &jobs), 0);
}

#[tokio::test]
async fn a_flush_whose_answer_is_lost_is_found_by_its_mark() {
    let (server, mut client) = server();
    plant_failed(&mut client, 0..10);
    client.set::<_, _, ()>("session:1", "x").unwrap();
    redis::cmd("SELECT").arg(3).exec(&mut client).unwrap();
    client.set::<_, _, ()>("foreign", "x").unwrap();
    let adapter = queue(&server.url());
    assert!(!adapter.was_flushed("run-7.3").await.unwrap());
    let flushed = adapter
        .flush(FlushScope::Database, "run-7.3")
        .await
        .unwrap();
    assert_eq!(flushed.keys, 12);
    assert!(adapter.was_flushed("run-7.3").await.unwrap());
    assert!(!adapter.was_flushed("run-7.4").await.unwrap());
    assert!(
        client.exists::<_, bool>("foreign").unwrap(),
        "the other database is not ours"
    );
    let flushed = adapter.flush(FlushScope::Server, "run-7.4").await.unwrap();
    assert_eq!(flushed.keys, 2, "the mark and the foreign key");
    assert!(!client.exists::<_, bool>("foreign").unwrap());
    assert!(adapter.was_flushed("run-7.4").await.unwrap());
    redis::cmd("SELECT").arg(0).exec(&mut client).unwrap();
    let stays: i64 = client.ttl("rei-recovery:flushed:run-7.4").unwrap();
    assert!((86_000..=86_400).contains(&stays));
}

const CHILD: &str = "REI_RECOVERY_TEST_REQUEUE_AT";

/// Not a test by itself: the process that the next one kills.
#[tokio::test]
async fn the_process_that_is_killed() {
    let Ok(url) = std::env::var(CHILD) else {
        return;
    };
    let adapter = queue(&url);
    let found = adapter.failed(None, &Work::default()).await.unwrap();
    let _ = adapter.requeue(&found, &Work::default()).await;
}

#[tokio::test]
async fn a_killed_process_strands_nothing() {
    let (server, mut client) = server();
    // So many that the kill comes in the middle: 100 calls.
    let jobs = plant_failed(&mut client, 0..20_000);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "queue::cut::the_process_that_is_killed"])
        .env(CHILD, server.url())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while client.llen::<_, usize>("rq:queue:default").unwrap() == 0 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
    alone(&mut client).await;
    let queued = none_is_stranded(&mut client, &jobs);
    assert!(
        (1..jobs.len()).contains(&queued),
        "killed in the middle: {queued}"
    );
    let adapter = queue(&server.url());
    adapter.requeue(&jobs, &Work::default()).await.unwrap();
    assert_eq!(none_is_stranded(&mut client, &jobs), jobs.len());
}
