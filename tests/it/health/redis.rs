//! REI's Redis: every way in which it can be there and of no use.

use super::ground::{Ground, queue};
use crate::support::redis::{RedisServer, free_port};
use crate::support::wait::until;
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::domain::health::{Condition, Finding, Measure, Part, SignCode};
use std::process::Command;
use std::sync::Arc;

async fn found(url: &str) -> Finding {
    let mut ground = Ground::new();
    ground.ports.queue = Arc::new(queue(url));
    ground.finds(Part::Redis).await
}

#[tokio::test]
async fn a_healthy_one_is_up_with_its_figures_and_nothing_left_in_it() {
    let server = RedisServer::start();
    let well = found(&server.url()).await;
    assert_eq!(
        (well.condition, well.signs.len()),
        (Condition::Up, 0),
        "{well:?}"
    );
    assert!(well.measures[&Measure::MemoryBytes] > 0);
    let keys: u64 = redis::cmd("DBSIZE").query(&mut server.client()).unwrap();
    assert_eq!(keys, 0);
}

#[tokio::test]
async fn nobody_there_a_wrong_password_and_silence_are_three_things() {
    let gone = found(&format!("redis://127.0.0.1:{}/0", free_port())).await;
    assert!(gone.shows(SignCode::RedisRefuses) && gone.condition == Condition::Down);
    let locked = RedisServer::with(&["--requirepass", "open sesame"]);
    let refused = found(&locked.url()).await;
    assert!(refused.shows(SignCode::RedisAuth) && refused.condition == Condition::Down);
    let frozen = RedisServer::start();
    signal("-STOP", frozen.pid());
    let silent = found(&frozen.url()).await;
    signal("-CONT", frozen.pid());
    assert!(silent.shows(SignCode::Silent), "{silent:?}");
    assert_eq!(silent.condition, Condition::Down);
    assert!(!silent.shows(SignCode::RedisRefuses));
}

fn signal(which: &str, pid: u32) {
    let sent = Command::new("kill")
        .args([which, &pid.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[tokio::test]
async fn a_replica_takes_no_writes() {
    let master = RedisServer::start();
    let replica = RedisServer::with(&["--replicaof", &format!("127.0.0.1 {}", master.port())]);
    let told = until("the replica", async || {
        let told = found(&replica.url()).await;
        told.shows(SignCode::RedisReadOnly).then_some(told)
    })
    .await;
    assert_eq!(told.condition, Condition::Down);
    assert_eq!(told.signs.len(), 1, "{told:?}");
    assert_eq!(told.signs[0].args["cause"], Arg::Text("replica".into()));
}

#[tokio::test]
async fn no_memory_and_no_save_are_told_with_their_cause() {
    let full = RedisServer::with(&["--maxmemory", "1"]);
    let told = found(&full.url()).await;
    assert!(
        told.shows(SignCode::RedisFull) && told.condition == Condition::Down,
        "{told:?}"
    );
    assert_eq!(told.failure.unwrap().code, FailureCode::RedisOutOfMemory);
    let unsaved = RedisServer::with(&["--enable-protected-configs", "yes"]);
    let mut client = unsaved.client();
    let set = |client: &mut redis::Connection, name: &str, value: &str| {
        redis::cmd("CONFIG")
            .arg("SET")
            .arg(name)
            .arg(value)
            .exec(client)
            .unwrap();
    };
    // The folder is not there any more when it wants to save.
    set(&mut client, "save", "3600 1");
    redis::cmd("SET").arg("a").arg(1).exec(&mut client).unwrap();
    let folder = unsaved.folder().join("gone");
    std::fs::create_dir(&folder).unwrap();
    set(&mut client, "dir", folder.to_str().unwrap());
    std::fs::remove_dir(&folder).unwrap();
    redis::cmd("BGSAVE").exec(&mut client).unwrap();
    let told = until("the failed save", async || {
        let told = found(&unsaved.url()).await;
        told.shows(SignCode::RedisUnsaved).then_some(told)
    })
    .await;
    assert!(
        told.shows(SignCode::RedisReadOnly) && told.condition == Condition::Down,
        "{told:?}"
    );
}
