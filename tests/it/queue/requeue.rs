//! Failed jobs are put back and run, with every RQ that REI may use.

use super::ground::{at_its_job, blocking, failed, ids, listed, plant_failed, queue, runs, server};
use crate::support::rq::{ALL, Lab, NEWEST_2, Rq};
use redis::{Commands, Connection};
use rei_recovery::domain::queue::{FailedJob, FailedKind, LATELY};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::queue::JobQueue;
use std::collections::BTreeSet;

const JOBS: u32 = 1000;

#[tokio::test]
async fn debians_rq_runs_a_thousand_failed_jobs_again() {
    a_thousand_failed_jobs_run_again(ALL[0]).await;
}

#[tokio::test]
async fn rq_1_16_runs_a_thousand_failed_jobs_again() {
    a_thousand_failed_jobs_run_again(ALL[1]).await;
}

#[tokio::test]
async fn the_newest_rq_2_runs_a_thousand_failed_jobs_again() {
    a_thousand_failed_jobs_run_again(ALL[2]).await;
}

#[tokio::test]
async fn rq_3_runs_a_thousand_failed_jobs_again() {
    a_thousand_failed_jobs_run_again(ALL[3]).await;
}

/// 1 to 1000 fail for good, 1001 fails with five minutes to live, 1002 is stopped, 1003 expired.
async fn a_thousand_failed_jobs_run_again(rq: Rq) {
    let (server, mut client) = server();
    let lab = rq.at(&server);
    let lab = blocking(move || fail_all(lab)).await;
    let lived: i64 = client.ttl("rq:job:1001").unwrap();
    assert!((1..=300).contains(&lived), "it would vanish in {lived} s");

    let adapter = queue(&server.url());
    let depth = adapter.view().await.unwrap().queues.remove(0);
    // One of the newest no longer has its hash, and one may not tell when it was stopped.
    let lately = usize::try_from(depth.failed_lately).unwrap();
    assert!((LATELY - 2..=LATELY).contains(&lately), "{depth:?}");
    let found = adapter.failed(None, &Work::default()).await.unwrap();
    assert_eq!(found.len(), 1003);
    explained(&found);
    let work = Work::default();
    let told = adapter.requeue(&found, &work).await.unwrap();
    let requeued: BTreeSet<String> = told.requeued.iter().cloned().collect();
    assert_eq!(requeued, ids(1..=JOBS + 1));
    assert_eq!(told.requeued.len(), 1001, "each is named once");
    assert_eq!(
        (told.stopped, told.expired),
        (vec!["1002".into()], vec!["1003".into()])
    );
    assert!(told.elsewhere.is_empty());
    assert_eq!(work.progress.read(), (1003, 1003));
    assert_eq!(
        client.ttl::<_, i64>("rq:job:1001").unwrap(),
        -1,
        "it no longer vanishes"
    );
    assert_eq!(listed(&mut client).len(), 1001);

    let again = adapter.requeue(&found, &Work::default()).await.unwrap();
    assert!(again.requeued.is_empty());
    assert_eq!(again.elsewhere.len(), 1001);
    assert_eq!(
        listed(&mut client).len(),
        1001,
        "nothing stands there twice"
    );

    client.set::<_, _, ()>("lab:mode", "ok").unwrap();
    blocking(move || lab.run(&["work"])).await;
    let runs = runs(&mut client);
    assert_eq!(
        runs.keys().cloned().collect::<BTreeSet<_>>(),
        ids(1..=JOBS + 1)
    );
    assert!(runs.values().all(|&count| count == 1), "each ran once");
    all_clean(&mut client);
}

fn fail_all(lab: Lab) -> Lab {
    lab.run(&["mode", "fail"]);
    lab.run(&["enqueue", "1", "1000"]);
    lab.run(&["enqueue_with", "1001", "failure_ttl", "300"]);
    lab.run(&["enqueue", "1002", "1003"]);
    lab.run(&["work"]);
    lab.run(&["stop", "1002"]);
    lab.run(&["expire", "1003"]);
    lab
}

fn explained(found: &[FailedJob]) {
    let kind = |id: &str| found.iter().find(|job| job.id == id).unwrap().kind;
    assert_eq!(kind("1002"), FailedKind::Stopped);
    assert_eq!(kind("1003"), FailedKind::Expired);
    for job in found.iter().filter(|job| job.kind == FailedKind::Failed) {
        assert_eq!(
            job.error.as_deref(),
            Some("worker.ProviderError"),
            "{job:?}"
        );
        assert!(!job.abandoned && job.queue == "default" && job.ended_at.is_some());
    }
    let ends: Vec<_> = found.iter().filter_map(|job| job.ended_at).collect();
    assert!(ends.is_sorted_by(|a, b| a >= b), "newest first");
}

/// All that is left: what ran, and the stopped job where it was.
fn all_clean(client: &mut Connection) {
    assert!(listed(client).is_empty());
    assert_eq!(failed(client), BTreeSet::from(["1002".to_owned()]));
    for registry in ["wip", "deferred", "scheduled", "canceled"] {
        let count: u64 = client.zcard(format!("rq:{registry}:default")).unwrap();
        assert_eq!(count, 0, "rq:{registry}");
    }
    let finished: u64 = client.zcard("rq:finished:default").unwrap();
    assert_eq!(finished, 1001);
    let status: String = client.hget("rq:job:1", "status").unwrap();
    assert_eq!(status, "finished");
    let left: Vec<String> = client.keys("rq:queue:*").unwrap();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_job_pushed_by_hand_is_not_queued_twice() {
    let (server, mut client) = server();
    let jobs = plant_failed(&mut client, 0..50);
    for id in [3, 3, 7] {
        client.rpush::<_, _, ()>("rq:queue:default", id).unwrap();
    }
    let adapter = queue(&server.url());
    let told = adapter.requeue(&jobs, &Work::default()).await.unwrap();
    assert_eq!(told.requeued.len(), 50);
    let mut listed = listed(&mut client);
    listed.sort();
    let before = listed.len();
    listed.dedup();
    assert_eq!((before, listed.len()), (50, 50));
    assert!(failed(&mut client).is_empty());
}

#[tokio::test]
async fn a_parent_that_is_put_back_frees_its_child() {
    let (server, mut client) = server();
    let lab = NEWEST_2.at(&server);
    let lab = blocking(move || {
        lab.run(&["mode", "fail"]);
        lab.run(&["enqueue", "1", "1"]);
        lab.run(&["enqueue_after", "2", "1"]);
        lab.run(&["work"]);
        lab
    })
    .await;
    let adapter = queue(&server.url());
    let found = adapter.failed(None, &Work::default()).await.unwrap();
    assert_eq!(found.len(), 1);
    adapter.requeue(&found, &Work::default()).await.unwrap();
    client.set::<_, _, ()>("lab:mode", "ok").unwrap();
    blocking(move || lab.run(&["work"])).await;
    assert_eq!(runs(&mut client).len(), 2);
}

#[tokio::test]
async fn a_damaged_queue_is_named_and_its_jobs_stay_failed() {
    let (server, mut client) = server();
    let jobs = plant_failed(&mut client, 0..10);
    client
        .set::<_, _, ()>("rq:queue:default", "no list")
        .unwrap();
    let adapter = queue(&server.url());
    let error = adapter.requeue(&jobs, &Work::default()).await.unwrap_err();
    assert_eq!(error.code().as_str(), "redis-data-damaged");
    assert_eq!(failed(&mut client).len(), 10);
    let status: String = client.hget("rq:job:1", "status").unwrap();
    assert_eq!(status, "failed");
}

#[tokio::test]
async fn a_killed_worker_counts_as_abandoned_and_its_job_comes_back() {
    let (server, mut client) = server();
    let lab = NEWEST_2.at(&server);
    client.set::<_, _, ()>("lab:mode", "hang").unwrap();
    let (lab, worker) = blocking(move || {
        lab.run(&["enqueue", "1", "1"]);
        let worker = lab.start(&["work"]);
        (lab, worker)
    })
    .await;
    at_its_job(&mut client).await;
    worker.kill();
    // The worker's time passes.
    let members: Vec<String> = client.zrange("rq:wip:default", 0, -1).unwrap();
    assert_eq!(members.len(), 1);
    client
        .zadd::<_, _, _, ()>("rq:wip:default", &members[0], 1)
        .unwrap();

    let adapter = queue(&server.url());
    let view = adapter.view().await.unwrap();
    assert_eq!((view.queues[0].started, view.queues[0].abandoned), (1, 1));
    client.set::<_, _, ()>("lab:mode", "ok").unwrap();
    let lab = blocking(move || {
        lab.run(&["work"]);
        lab
    })
    .await;
    let found = adapter.failed(None, &Work::default()).await.unwrap();
    assert!(found[0].abandoned, "{found:?}");
    assert_eq!(
        found[0].error.as_deref(),
        Some("rq.exceptions.AbandonedJobError")
    );
    adapter.requeue(&found, &Work::default()).await.unwrap();
    blocking(move || lab.run(&["work"])).await;
    assert_eq!(runs(&mut client)["1"], 1);
}

#[tokio::test]
async fn only_failures_of_the_asked_time_are_listed() {
    let (server, mut client) = server();
    plant_failed(&mut client, 0..3);
    client
        .hset::<_, _, _, ()>("rq:job:1", "ended_at", "2026-11-23T05:00:00.000000Z")
        .unwrap();
    client
        .hset::<_, _, _, ()>("rq:job:2", "ended_at", "")
        .unwrap();
    let since = "2026-11-23T04:00:00Z".parse().unwrap();
    let adapter = queue(&server.url());
    let found = adapter.failed(Some(since), &Work::default()).await.unwrap();
    let told: Vec<&str> = found.iter().map(|job| job.id.as_str()).collect();
    assert_eq!(told, ["1", "2"], "one is too old, of one nothing is known");
}
