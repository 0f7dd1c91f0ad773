//! Looking at the queue, without touching it.

use super::ground::{at_its_job, blocking, ids, plant_failed, queue, server};
use crate::support::rq::{ALL, Rq};
use crate::support::wait;
use redis::Commands;
use rei_recovery::domain::queue::{Damage, DamageKind};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::queue::JobQueue;
use std::collections::{BTreeMap, BTreeSet};

/// One queue with a worker at work, another that only Redis knows.
async fn seen(rq: Rq) {
    let (server, mut client) = server();
    let lab = rq.at(&server);
    client.set::<_, _, ()>("lab:mode", "hang").unwrap();
    let (version, worker) = blocking(move || {
        lab.run(&["enqueue", "1", "3"]);
        lab.run(&["enqueue", "11", "12", "videos"]);
        lab.run(&["enqueue_in", "4", "3600"]);
        lab.run(&["enqueue_after", "5", "3"]);
        let worker = lab.start(&["fork"]);
        (lab.run(&["version"]), worker)
    })
    .await;
    at_its_job(&mut client).await;
    let adapter = queue(&server.url());
    let busy = || async {
        let view = adapter.view().await.unwrap();
        view.workers.first()?.job.as_ref()?;
        Some(view)
    };
    let view = wait::until("the worker to be at its job", busy).await;
    let names: Vec<&str> = view
        .queues
        .iter()
        .map(|queue| queue.name.as_str())
        .collect();
    assert_eq!(names, ["default", "videos"]);
    let depth = &view.queues[0];
    assert_eq!(
        (depth.waiting, depth.started, depth.abandoned),
        (2, 1, 0),
        "{rq:?}"
    );
    assert_eq!(
        (depth.scheduled, depth.deferred, depth.failed),
        (1, 1, 0),
        "{rq:?}"
    );
    assert_eq!(view.queues[1].waiting, 2);
    assert!(view.queues.iter().all(|queue| queue.oldest.is_some()));
    let worker_seen = &view.workers[0];
    assert_eq!(worker_seen.version.as_deref(), Some(version.as_str()));
    assert_eq!(
        (worker_seen.state.as_str(), worker_seen.job.as_deref()),
        ("busy", Some("1"))
    );
    assert_eq!(worker_seen.queues, ["default"]);
    assert!(worker_seen.heartbeat.is_some());

    let asked: Vec<String> = ["1", "2", "4", "5", "99"].map(str::to_owned).to_vec();
    let told = adapter.statuses(&asked).await.unwrap();
    let expected = [
        ("1", "started"),
        ("2", "queued"),
        ("4", "scheduled"),
        ("5", "deferred"),
    ];
    let expected = expected.map(|(id, word)| (id.to_owned(), word.to_owned()));
    assert_eq!(told, BTreeMap::from(expected), "{rq:?}");

    let content = adapter
        .content(&ids(1..=5), &Work::default())
        .await
        .unwrap();
    assert_eq!((content.jobs, content.unknown_jobs), (7, 2), "{rq:?}");
    assert_eq!(content.damage, [], "{rq:?}: RQ's own keys are sound");
    assert_eq!(content.damaged, 0);
    assert_eq!(content.families["rq:queues"], 1);
    worker.kill();
}

#[tokio::test]
async fn debians_rq_is_seen() {
    seen(ALL[0]).await;
}

#[tokio::test]
async fn rq_1_16_is_seen() {
    seen(ALL[1]).await;
}

#[tokio::test]
async fn the_newest_rq_2_is_seen() {
    seen(ALL[2]).await;
}

#[tokio::test]
async fn rq_3_is_seen() {
    seen(ALL[3]).await;
}

#[tokio::test]
async fn workers_that_are_held_back_are_let_go() {
    let (server, mut client) = server();
    client.set::<_, _, ()>("rq:suspended", 1).unwrap();
    let adapter = queue(&server.url());
    assert!(adapter.view().await.unwrap().suspended);
    adapter.resume().await.unwrap();
    adapter.resume().await.unwrap();
    let view = adapter.view().await.unwrap();
    assert!(!view.suspended && view.workers.is_empty());
    assert_eq!(
        view.queues.len(),
        1,
        "the one of the settings, though Redis does not know it"
    );
}

#[tokio::test]
async fn damage_is_found_and_named() {
    let (server, mut client) = server();
    plant_failed(&mut client, 0..40);
    client
        .rpush::<_, _, ()>("rq:queue:default", &[1, 2, 2, 77, 78])
        .unwrap();
    client.hdel::<_, _, ()>("rq:job:5", "data").unwrap();
    client.hdel::<_, _, ()>("rq:job:6", "origin").unwrap();
    client.set::<_, _, ()>("rq:wip:default", "x").unwrap();
    client.set::<_, _, ()>("session:1", "x").unwrap();
    client.set::<_, _, ()>("session:2", "x").unwrap();
    let adapter = queue(&server.url());
    let known = BTreeSet::from(["1".to_owned(), "2".to_owned()]);
    let content = adapter.content(&known, &Work::default()).await.unwrap();
    let mut found = content.damage.clone();
    found.sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
    let damage = |key: &str, kind| Damage {
        key: key.into(),
        kind,
    };
    let expected = [
        damage("rq:wip:default", DamageKind::WrongType),
        damage("rq:job:5", DamageKind::IncompleteJob),
        damage("rq:job:6", DamageKind::IncompleteJob),
        damage("rq:job:77", DamageKind::MissingJob),
        damage("rq:job:78", DamageKind::MissingJob),
        damage("rq:job:2", DamageKind::DoubleEntry),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        (content.jobs, content.unknown_jobs, content.damaged),
        (40, 38, 6)
    );
    let families = [
        ("rq:failed", 1),
        ("rq:job", 40),
        ("rq:queue", 1),
        ("rq:wip", 1),
        ("session", 2),
    ];
    let families = families.map(|(name, count)| (name.to_owned(), count));
    assert_eq!(content.families, BTreeMap::from(families));
    let error = adapter.view().await.unwrap_err();
    assert_eq!(error.code().as_str(), "redis-data-damaged");
}

#[tokio::test]
async fn much_damage_is_counted_and_little_of_it_named() {
    let (server, mut client) = server();
    let listed: Vec<u32> = (0..2500).collect();
    client
        .rpush::<_, _, ()>("rq:queue:default", &listed)
        .unwrap();
    let adapter = queue(&server.url());
    let content = adapter
        .content(&BTreeSet::new(), &Work::default())
        .await
        .unwrap();
    assert_eq!((content.damaged, content.damage.len()), (2500, 20));
}
