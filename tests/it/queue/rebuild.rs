//! The queue made anew from the database's rows.

use super::ground::{at_its_job, blocking, ids, listed, queue, rows, runs, server};
use crate::support::rq::{ALL, NEWEST_2, Rq};
use crate::support::wait;
use redis::Commands;
use rei_recovery::domain::queue::{FlushScope, Rebuilt};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::queue::JobQueue;
use std::time::Instant;

#[tokio::test]
async fn ten_thousand_rows_run_once_each_after_a_flush() {
    let (server, mut client) = server();
    let lab = NEWEST_2.at(&server);
    let lab = blocking(move || {
        lab.run(&["enqueue", "1", "500"]);
        lab
    })
    .await;
    let adapter = queue(&server.url());
    adapter.flush(FlushScope::Server, "run-1").await.unwrap();
    assert!(listed(&mut client).is_empty());

    let work = Work::default();
    let begun = Instant::now();
    let told = adapter.enqueue(&rows(1..=10_000), &work).await.unwrap();
    println!("10,000 jobs made in {:?}", begun.elapsed());
    let all = Rebuilt {
        added: 10_000,
        present: 0,
    };
    assert_eq!(told, all);
    assert_eq!(work.progress.read(), (10_000, 10_000));
    let expected: Vec<String> = (1..=10_000).map(|id| id.to_string()).collect();
    assert_eq!(listed(&mut client), expected, "in the order given");

    let again = adapter
        .enqueue(&rows(1..=10_000), &Work::default())
        .await
        .unwrap();
    let none = Rebuilt {
        added: 0,
        present: 10_000,
    };
    assert_eq!(again, none);
    assert_eq!(listed(&mut client).len(), 10_000);

    blocking(move || lab.run(&["work"])).await;
    let runs = runs(&mut client);
    assert_eq!(
        runs.keys()
            .cloned()
            .collect::<std::collections::BTreeSet<_>>(),
        ids(1..=10_000)
    );
    assert!(runs.values().all(|&count| count == 1), "each ran once");
}

#[tokio::test]
async fn every_rq_runs_what_was_made_anew() {
    for rq in ALL {
        let (server, mut client) = server();
        let lab = rq.at(&server);
        let adapter = queue(&server.url());
        adapter
            .enqueue(&rows(1..=20), &Work::default())
            .await
            .unwrap();
        blocking(move || lab.run(&["work"])).await;
        assert_eq!(runs(&mut client).len(), 20, "{rq:?}");
        let order: Vec<String> = client.lrange("lab:order", 0, -1).unwrap();
        let expected: Vec<String> = (1..=20).map(|id| id.to_string()).collect();
        assert_eq!(order, expected, "{rq:?}: oldest first");
        let finished: u64 = client.zcard("rq:finished:default").unwrap();
        let running: u64 = client.zcard("rq:wip:default").unwrap();
        assert_eq!((finished, running), (20, 0), "{rq:?}: no entry leaks");
    }
}

/// 1 waits, 2 is planned, 3 waits for 1, 4 runs, 5 failed, 6 ended, 7 is new.
async fn only_what_is_nowhere_is_made(rq: Rq) {
    let (server, mut client) = server();
    let lab = rq.at(&server);
    let (lab, worker) = blocking(move || {
        lab.run(&["enqueue", "6", "6"]);
        lab.run(&["work"]);
        lab.run(&["mode", "fail"]);
        lab.run(&["enqueue", "5", "5"]);
        lab.run(&["work"]);
        lab.run(&["mode", "hang"]);
        lab.run(&["enqueue", "4", "4"]);
        let worker = lab.start(&["fork"]);
        (lab, worker)
    })
    .await;
    at_its_job(&mut client).await;
    let lab = blocking(move || {
        lab.run(&["enqueue", "1", "1"]);
        lab.run(&["enqueue_in", "2", "3600"]);
        lab.run(&["enqueue_after", "3", "1"]);
        lab
    })
    .await;

    // What has just ended is no leftover yet.
    for id in [5, 6] {
        let (job, long_ago) = (format!("rq:job:{id}"), "2026-11-23T03:15:00.000000Z");
        client
            .hset::<_, _, _, ()>(job, "ended_at", long_ago)
            .unwrap();
    }
    let adapter = queue(&server.url());
    let told = adapter
        .enqueue(&rows(1..=7), &Work::default())
        .await
        .unwrap();
    assert_eq!(
        told,
        Rebuilt {
            added: 3,
            present: 4
        },
        "{rq:?}"
    );
    assert_eq!(listed(&mut client), ["1", "5", "6", "7"]);
    assert!(
        client
            .zscore::<_, _, Option<f64>>("rq:failed:default", 5)
            .unwrap()
            .is_none()
    );
    assert!(
        client
            .zscore::<_, _, Option<f64>>("rq:finished:default", 6)
            .unwrap()
            .is_none()
    );
    worker.kill();
    drop(lab);
}

#[tokio::test]
async fn debians_rq_keeps_what_it_has() {
    only_what_is_nowhere_is_made(ALL[0]).await;
}

#[tokio::test]
async fn rq_2_keeps_what_it_has() {
    only_what_is_nowhere_is_made(NEWEST_2).await;
}

#[tokio::test]
async fn what_will_never_run_is_made_anew() {
    let (server, mut client) = server();
    let lab = NEWEST_2.at(&server);
    let lab = blocking(move || {
        lab.run(&["enqueue", "1", "4"]);
        lab
    })
    .await;
    // 1 is listed twice and has lost its job, 2 says that it waits and stands nowhere, 3's key holds
    // something else, 4 is sound; 5 is a worker's last word about a job that is gone.
    client.rpush::<_, _, ()>("rq:queue:default", 1).unwrap();
    client.del::<_, ()>(&["rq:job:1", "rq:job:3"]).unwrap();
    client.lrem::<_, _, ()>("rq:queue:default", 0, 2).unwrap();
    client.lrem::<_, _, ()>("rq:queue:default", 0, 3).unwrap();
    client.set::<_, _, ()>("rq:job:3", "x").unwrap();
    client
        .hset::<_, _, _, ()>("rq:job:5", "last_heartbeat", "2026-11-23T05:00:00.000000Z")
        .unwrap();
    client
        .zadd::<_, _, _, ()>("rq:wip:default", "5:abc", 1)
        .unwrap();

    let adapter = queue(&server.url());
    let told = adapter
        .enqueue(&rows(1..=5), &Work::default())
        .await
        .unwrap();
    assert_eq!(
        told,
        Rebuilt {
            added: 4,
            present: 1
        }
    );
    let mut now = listed(&mut client);
    now.sort();
    assert_eq!(now, ["1", "2", "3", "4", "5"]);
    assert_eq!(client.zcard::<_, u64>("rq:wip:default").unwrap(), 0);
    blocking(move || lab.run(&["work"])).await;
    assert_eq!(
        runs(&mut client).values().copied().collect::<Vec<_>>(),
        [1; 5]
    );
}

#[tokio::test]
async fn a_worker_at_work_meanwhile_runs_nothing_twice() {
    let (server, mut client) = server();
    let lab = ALL[0].at(&server);
    let adapter = queue(&server.url());
    adapter
        .enqueue(&rows(1..=600), &Work::default())
        .await
        .unwrap();
    let worker = blocking(move || lab.start(&["work"])).await;
    // The rows that are still unfinished, as REI's database would say it.
    for _ in 0..20 {
        let done = runs(&mut client);
        let open = (1..=600).filter(|id| !done.contains_key(&id.to_string()));
        adapter
            .enqueue(&rows(open), &Work::default())
            .await
            .unwrap();
    }
    let done = || {
        let count = runs(&mut client).len();
        async move { (count == 600).then_some(()) }
    };
    wait::until("all jobs to run", done).await;
    worker.kill();
    let twice: Vec<_> = runs(&mut client)
        .into_iter()
        .filter(|(_, n)| *n > 1)
        .collect();
    assert!(twice.is_empty(), "{twice:?}");
}
