//! The server as those see it who ask it.

use super::exposition::Exposition;
use super::scene::{Scene, full_round};
use crate::support::wait::until;
use rei_recovery::domain::health::{Measure, Part};
use rei_recovery::http::{Limits, metrics};
use rei_recovery::ports::journal::Journal;
use rei_recovery::ports::vitals::Vitals;
use rusqlite::Connection;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn everything_of_a_round_is_told_in_base_units() {
    let dir = TempDir::new().unwrap();
    let scene = Scene::well(dir.path()).await;
    scene.rounds.send_replace(Some(Arc::new(full_round())));
    let answer = scene.ask("GET", "/metrics").await;
    assert_eq!(answer.headers()["content-type"], metrics::CONTENT_TYPE);
    let told = Exposition::read(&answer.text().await.unwrap());
    let value = |name: &str, labels: &[(&str, &str)]| {
        told.value(&format!("rei_recovery_{name}"), labels)
            .unwrap_or_else(|| panic!("{name} {labels:?}"))
    };
    for part in Part::ALL {
        let part = [("part", part.as_str())];
        for measure in Measure::ALL {
            let name = metrics::measure_name(*measure);
            let wanted = 50.0 * metrics::scale(*measure);
            assert!((value(&name, &part) - wanted).abs() < 1e-9, "{name}");
        }
        assert!((value("probe_duration_seconds", &part) - 0.025).abs() < 1e-9);
    }
    let down = [("part", "database"), ("condition", "down")];
    assert_eq!(value("component_condition", &down), 1.0);
    let up = [("part", "database"), ("condition", "up")];
    assert_eq!(value("component_condition", &up), 0.0);
    let disk = [("subject", "/a \"quoted\"\\path\nwith a line")];
    assert_eq!(value("component_free_bytes", &disk), 50.0);
    assert_eq!(value("backup_age_seconds", &[]), 50.0);
    assert!(value("round_age_seconds", &[]) < 60.0);
    assert_eq!(value("state_up", &[]), 1.0);
    assert_eq!(value("build_info", &[("version", "1.2.3")]), 1.0);
    assert!(told.value("process_resident_memory_bytes", &[]) > Some(1e6));
}

#[tokio::test]
async fn before_the_first_round_there_is_no_component() {
    let dir = TempDir::new().unwrap();
    let scene = Scene::well(dir.path()).await;
    let (status, text) = scene.get("/metrics").await;
    assert_eq!(status, 200);
    let told = Exposition::read(&text);
    assert!(!text.contains("rei_recovery_component"), "{text}");
    assert_eq!(told.value("rei_recovery_outbox_backlog", &[]), Some(0.0));
    let size = told.value("rei_recovery_state_size_bytes", &[]);
    let figures = scene.store.figures().await.unwrap();
    assert_eq!(size, Some(f64::from(u32::try_from(figures.bytes).unwrap())));
}

#[tokio::test]
async fn only_three_paths_and_two_methods() {
    let dir = TempDir::new().unwrap();
    let scene = Scene::well(dir.path()).await;
    for path in ["/", "/metrics/", "/metrics2", "/..%2fmetrics"] {
        assert_eq!(scene.ask("GET", path).await.status(), 404, "{path}");
    }
    for path in ["/metrics", "/healthz", "/readyz"] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let refused = scene.ask(method, path).await;
            assert_eq!(refused.status(), 405, "{method} {path}");
            assert_eq!(refused.headers()["allow"], "GET, HEAD");
        }
        let head = scene.ask("HEAD", path).await;
        assert_eq!(head.status(), 200, "{path}");
        assert!(head.text().await.unwrap().is_empty());
        let asked = scene.ask("GET", &format!("{path}?x=1")).await;
        assert_eq!(asked.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn slow_peers_hold_up_nobody_and_are_hung_up_on() {
    let dir = TempDir::new().unwrap();
    let limits = Limits {
        connections: 4,
        head: Duration::from_secs(1),
        whole: Duration::from_secs(2),
    };
    let scene = Scene::new(dir.path(), limits).await;
    scene.worker.beat();
    let mut slow = Vec::new();
    for _ in 0..3 {
        let mut peer = TcpStream::connect(scene.address).await.unwrap();
        peer.write_all(b"GET /metrics HTTP/1.1\r\nHost:")
            .await
            .unwrap();
        slow.push(peer);
    }
    let began = Instant::now();
    assert_eq!(scene.get("/healthz").await.0, 200);
    assert!(began.elapsed() < Duration::from_millis(900));
    // As many as there are places: the next one waits no longer than their time.
    for _ in 0..4 {
        slow.push(TcpStream::connect(scene.address).await.unwrap());
    }
    assert_eq!(scene.get("/healthz").await.0, 200);
    assert!(began.elapsed() < Duration::from_secs(8));
    for mut peer in slow {
        let mut rest = Vec::new();
        let hung_up = tokio::time::timeout(Duration::from_secs(10), peer.read_to_end(&mut rest));
        let _reset_or_end = hung_up.await.expect("slow peers are hung up on");
    }
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let dir = TempDir::new().unwrap();
    let scene = Scene::well(dir.path()).await;
    let mut peer = TcpStream::connect(scene.address).await.unwrap();
    peer.write_all(b"GET /metrics HTTP/1.1\r\n").await.unwrap();
    let header = format!("x: {}\r\n", "y".repeat(1000));
    let mut sent = 0;
    while sent < 10_000_000 && peer.write_all(header.as_bytes()).await.is_ok() {
        sent += header.len();
    }
    assert!(sent < 10_000_000, "it took {sent} bytes");
}

#[tokio::test]
async fn it_lives_as_long_as_the_worker_gets_its_turns() {
    let dir = TempDir::new().unwrap();
    let scene = Scene::new(dir.path(), Limits::default()).await;
    let (status, failed) = scene.report("/healthz").await;
    assert_eq!((status, failed[0].0.as_str()), (503, "worker"));
    scene.worker.beat();
    assert_eq!(scene.report("/healthz").await, (200, Vec::new()));
}

#[tokio::test]
async fn it_is_ready_only_while_it_owns_the_runs_and_reaches_telegram() {
    let dir = TempDir::new().unwrap();
    let scene = Scene::new(dir.path(), Limits::default()).await;
    scene.worker.beat();
    let names = |(status, failed): (u16, Vec<(String, String)>)| {
        let names: Vec<String> = failed.into_iter().map(|(name, _)| name).collect();
        (status, names.join(" "))
    };
    assert_eq!(
        names(scene.report("/readyz").await),
        (503, "telegram".to_owned())
    );
    scene.telegram.worked();
    assert_eq!(scene.report("/readyz").await, (200, Vec::new()));
    scene.telegram.failed();
    assert_eq!(
        names(scene.report("/readyz").await),
        (503, "telegram".to_owned())
    );
    scene.telegram.worked();
    scene.store.take_lease("somebody else").await.unwrap();
    assert_eq!(
        names(scene.report("/readyz").await),
        (503, "lease".to_owned())
    );
    assert_eq!(scene.report("/healthz").await.0, 200);
}

#[tokio::test]
async fn a_state_that_somebody_else_locks_makes_it_unready_at_once() {
    let dir = TempDir::new().unwrap();
    let scene = Scene::well(dir.path()).await;
    let other = Connection::open(dir.path().join("state.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let began = Instant::now();
    let (status, failed) = scene.report("/readyz").await;
    assert_eq!((status, failed[0].0.as_str()), (503, "state"), "{failed:?}");
    let (status, text) = scene.get("/metrics").await;
    let told = Exposition::read(&text);
    assert_eq!(told.value("rei_recovery_state_up", &[]), Some(0.0));
    assert_eq!((status, scene.get("/healthz").await.0), (200, 200));
    assert!(began.elapsed() < Duration::from_secs(6));
    other.execute_batch("ROLLBACK").unwrap();
    until("the state to be ready again", || async {
        (scene.report("/readyz").await.0 == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_state_without_room_makes_it_unready() {
    let disk = Disk::new();
    let scene = Scene::well(disk.0.path()).await;
    assert_eq!(scene.report("/readyz").await, (200, Vec::new()));
    let filler = vec![7; 8 << 20];
    // Ends with an error when there is no room left, which is what it is for.
    let full = std::fs::write(disk.0.path().join("filler"), filler);
    assert!(full.is_err());
    let (status, failed) = scene.report("/readyz").await;
    assert_eq!((status, failed[0].0.as_str()), (503, "state"), "{failed:?}");
    std::fs::remove_file(disk.0.path().join("filler")).unwrap();
    assert_eq!(scene.report("/readyz").await.0, 200);
}

/// A file system of 4 MiB.
struct Disk(TempDir);

impl Disk {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]);
        assert!(mount.arg(dir.path()).status().unwrap().success());
        Self(dir)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let umount = Command::new("umount").arg("-l").arg(self.0.path()).status();
        assert!(umount.unwrap().success());
    }
}
