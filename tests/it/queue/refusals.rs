//! A Redis that refuses is named for what it is.

use super::ground::{impatient, plant_failed, queue, rows, server};
use crate::support::redis::{RedisServer, free_port};
use crate::support::wait;
use redis::Commands;
use rei_recovery::adapters::rq::RqQueue;
use rei_recovery::domain::failure::Arg;
use rei_recovery::domain::queue::RedisRole;
use rei_recovery::ports::PortError;
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::queue::JobQueue;
use std::fs;
use std::process::Command;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

async fn refusal(adapter: &RqQueue) -> PortError {
    adapter.prove_writable().await.unwrap_err()
}

fn code(error: &PortError) -> &'static str {
    error.code().as_str()
}

#[tokio::test]
async fn a_sound_server_tells_its_health_and_takes_writes() {
    let (server, mut client) = server();
    client.set::<_, _, ()>("a", 1).unwrap();
    redis::cmd("SELECT").arg(2).exec(&mut client).unwrap();
    client.set::<_, _, ()>("b", 1).unwrap();
    let adapter = queue(&server.url());
    let health = adapter.health().await.unwrap();
    assert_eq!(
        (health.role, health.keys, health.foreign_keys),
        (RedisRole::Master, 1, 1)
    );
    assert!(health.persistence_error.is_none() && health.memory_limit.is_none());
    assert!(health.version.starts_with(|c: char| c.is_ascii_digit()) && health.memory > 0);
    adapter.prove_writable().await.unwrap();
    assert_eq!(
        adapter.health().await.unwrap().keys,
        1,
        "nothing is left behind"
    );
    assert_eq!(adapter.server(), format!("127.0.0.1:{}/0", server.port()));
}

#[tokio::test]
async fn a_missing_or_wrong_password() {
    let server = RedisServer::with(&["--requirepass", "s3cret"]);
    let with = |who: &str| queue(&format!("redis://{who}127.0.0.1:{}/1", server.port()));
    for who in ["", ":wrong@", "nobody:s3cret@"] {
        let error = refusal(&with(who)).await;
        assert_eq!(code(&error), "redis-password", "{who}");
        assert!(!error.transient && !error.unknown);
        assert_eq!(
            code(&with(who).health().await.unwrap_err()),
            "redis-password"
        );
        assert!(!format!("{error:?}").contains("wrong@"), "{error:?}");
    }
    with(":s3cret@").prove_writable().await.unwrap();
    with("default:s3cret@").prove_writable().await.unwrap();

    let open = RedisServer::start();
    let needless = queue(&format!("redis://:s3cret@127.0.0.1:{}/0", open.port()));
    let error = refusal(&needless).await;
    assert_eq!(code(&error), "redis-password");
    assert!(!format!("{error:?} {needless:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_replica() {
    let (master, mut client) = server();
    let jobs = plant_failed(&mut client, 0..3);
    let port = master.port().to_string();
    let replica = RedisServer::with(&["--replicaof", "127.0.0.1", &port]);
    let adapter = queue(&replica.url());
    let synced = || async { (adapter.health().await.ok()?.keys == 4).then_some(()) };
    wait::until("the replica to have the data", synced).await;
    assert_eq!(adapter.health().await.unwrap().role, RedisRole::Replica);
    let work = Work::default();
    for error in [
        refusal(&adapter).await,
        adapter.requeue(&jobs, &work).await.unwrap_err(),
        adapter.enqueue(&rows(5..9), &work).await.unwrap_err(),
    ] {
        assert_eq!(code(&error), "redis-read-only");
        assert_eq!(error.failure.args["reason"], Arg::from("replica"));
        assert!(!error.unknown);
    }
    assert_eq!(
        adapter.failed(None, &work).await.unwrap().len(),
        3,
        "reading it is allowed"
    );
}

#[tokio::test]
async fn a_server_at_its_memory_limit() {
    let (server, mut client) = server();
    let jobs = plant_failed(&mut client, 0..3);
    let mut set = redis::cmd("CONFIG");
    set.arg("SET")
        .arg("maxmemory")
        .arg("1")
        .exec(&mut client)
        .unwrap();
    let adapter = queue(&server.url());
    let work = Work::default();
    let error = refusal(&adapter).await;
    assert_eq!(code(&error), "redis-out-of-memory");
    let error = adapter.enqueue(&rows(5..9), &work).await.unwrap_err();
    assert_eq!(code(&error), "redis-out-of-memory");
    let error = adapter.requeue(&jobs, &work).await.unwrap_err();
    assert_eq!(code(&error), "redis-out-of-memory");
    assert_eq!(super::ground::failed(&mut client).len(), 3);
    assert_eq!(adapter.health().await.unwrap().memory_limit, Some(1));
}

#[tokio::test]
async fn a_server_that_cannot_save() {
    let server = RedisServer::with(&["--save", "3600", "1"]);
    let mut client = server.client();
    // A folder stands where the file must go.
    fs::create_dir(server.folder().join("dump.rdb")).unwrap();
    redis::cmd("BGSAVE").exec(&mut client).unwrap();
    let adapter = queue(&server.url());
    let failed = || async { adapter.health().await.unwrap().persistence_error };
    let words = wait::until("the save to fail", failed).await;
    assert_eq!(words, "rdb_last_bgsave_status:err");
    let error = refusal(&adapter).await;
    assert_eq!(code(&error), "redis-read-only");
    assert_eq!(error.failure.args["reason"], Arg::from("disk"));
}

#[tokio::test]
async fn a_server_that_reads_its_data_back() {
    let mut server = RedisServer::start();
    let mut client = server.client();
    plant_failed(&mut client, 0..2000);
    redis::cmd("SAVE").exec(&mut client).unwrap();
    server.kill();
    // A millisecond for each key: two seconds.
    server.configure(&[
        "--key-load-delay",
        "1000",
        "--loading-process-events-interval-bytes",
        "1024",
    ]);
    server.go();
    let adapter = queue(&server.url());
    for error in [adapter.health().await.unwrap_err(), refusal(&adapter).await] {
        assert_eq!(code(&error), "redis-loading");
        assert!(error.transient);
    }
    let loaded = || async { adapter.health().await.ok() };
    assert_eq!(wait::until("the data to be back", loaded).await.keys, 2001);
    assert_eq!(
        adapter.failed(None, &Work::default()).await.unwrap().len(),
        2000
    );
}

#[tokio::test]
async fn a_sentinel() {
    let mut server = RedisServer::stopped(&[]);
    let settings = server.folder().join("sentinel.conf");
    fs::write(&settings, "").unwrap();
    server.sentinel(&settings);
    for address in ["", ":s3cret@"] {
        let url = format!("redis://{address}127.0.0.1:{}/3", server.port());
        let adapter = queue(&url);
        assert_eq!(code(&refusal(&adapter).await), "redis-not-a-server");
        assert_eq!(
            code(&adapter.health().await.unwrap_err()),
            "redis-not-a-server"
        );
    }
}

#[tokio::test]
async fn something_that_is_no_redis() {
    for (banner, answer) in [
        ("", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
        ("SSH-2.0-OpenSSH_9.2\r\n", ""),
        ("220 mail.example ESMTP\r\n", "500 what?\r\n"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(banner.as_bytes()).await;
                let _ = stream.readable().await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let error = refusal(&queue(&format!("redis://127.0.0.1:{port}/0"))).await;
        assert_eq!(
            code(&error),
            "redis-not-a-server",
            "{banner}{answer}: {error:?}"
        );
    }
}

#[tokio::test]
async fn nobody_and_a_server_that_hangs() {
    let adapter = impatient(&format!("redis://127.0.0.1:{}/0", free_port()));
    let error = refusal(&adapter).await;
    assert_eq!(code(&error), "redis-unreachable");
    assert!(error.transient && !error.unknown, "nothing was sent");

    let server = RedisServer::start();
    signal(&server, "STOP");
    let adapter = impatient(&server.url());
    let begun = std::time::Instant::now();
    let error = refusal(&adapter).await;
    assert_eq!(code(&error), "redis-unreachable");
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    signal(&server, "CONT");
    adapter.prove_writable().await.unwrap();
}

#[tokio::test]
async fn the_next_call_finds_a_server_that_was_away() {
    let mut server = RedisServer::start();
    let adapter = queue(&server.url());
    adapter.prove_writable().await.unwrap();
    server.kill();
    assert_eq!(code(&refusal(&adapter).await), "redis-unreachable");
    server.go();
    adapter.prove_writable().await.unwrap();
}

#[tokio::test]
async fn a_database_that_is_not_there() {
    let server = RedisServer::start();
    let error = refusal(&queue(&format!("redis://127.0.0.1:{}/99", server.port()))).await;
    assert_eq!(code(&error), "redis-failing");
    assert!(error.failure.detail.unwrap().contains("out of range"));
}

fn signal(server: &RedisServer, name: &str) {
    let signal = format!("-{name}");
    let sent = Command::new("kill")
        .args([signal, server.pid().to_string()])
        .status();
    assert!(sent.unwrap().success());
}
