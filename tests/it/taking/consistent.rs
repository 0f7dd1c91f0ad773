//! A copy beside a writer: whole, of one moment, and in nobody's way.

use super::scene::*;
use crate::support::wait::until;
use rei_recovery::ports::backups::Work;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const WRITES_TO: &str = "TAKING_TEST_WRITES_TO";
/// The writer's first row: everything from here on is its own.
const FIRST: i64 = 1_000_000;
/// How long REI's own connections wait for a lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// REI's writer as a process of its own: two hundred transactions a second, each with a user and his
/// ledger row, until a file says that it is enough.
#[test]
fn writer() {
    let Some(path) = std::env::var_os(WRITES_TO).map(PathBuf::from) else {
        return;
    };
    let db = Connection::open(&path).unwrap();
    db.busy_timeout(PATIENCE).unwrap();
    // A busy disk must not make one commit follow the other without a gap.
    db.pragma_update(None, "synchronous", "OFF").unwrap();
    let begun = Instant::now();
    for row in 0u32.. {
        if path.with_extension("enough").exists() {
            return;
        }
        let id = FIRST + i64::from(row);
        // A refused one ends this process, and the test with it.
        db.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             INSERT INTO users(id, created_at) VALUES ({id}, '2026-11-23 04:00:00');
             INSERT INTO ledger(user_id, amount, reason, reference, created_at)
               VALUES ({id}, 0, 'gift', '{id}', '2026-11-23 04:00:00');
             COMMIT"
        ))
        .unwrap();
        let due = Duration::from_millis(5) * (row + 1);
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
    }
}

struct Writer {
    child: Child,
    path: PathBuf,
}

impl Writer {
    async fn begin(path: &Path) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "taking::consistent::writer"])
            .env(WRITES_TO, path)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let writer = Self {
            child,
            path: path.to_owned(),
        };
        until("the writer's first rows", async || {
            (writer.rows() > 20).then_some(())
        })
        .await;
        writer
    }

    fn rows(&self) -> i64 {
        let db = Connection::open(&self.path).unwrap();
        db.busy_timeout(PATIENCE * 4).unwrap();
        rows(&db, "users")
    }

    /// It was never refused.
    fn end(mut self) {
        std::fs::write(self.path.with_extension("enough"), "").unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn rows(db: &Connection, table: &str) -> i64 {
    let id = if table == "users" { "id" } else { "user_id" };
    let sql = format!("SELECT count(*) FROM {table} WHERE {id} >= {FIRST}");
    db.query_row(&sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_writer_is_copied_as_of_one_moment_and_never_refused() {
    for (page_size, journal) in [
        (512, "wal"),
        (4096, "delete"),
        (65536, "wal"),
        (1024, "truncate"),
    ] {
        let scene = Scene::without_database().await;
        let how = Make {
            page_size,
            journal,
            users: 3000,
        };
        make(&scene.database(), how).close().unwrap();
        let writer = Writer::begin(&scene.database()).await;
        let before = writer.rows();
        let taken = scene.taking.take(&Work::default()).await.unwrap();
        let after = writer.rows();
        until("more rows", async || (writer.rows() > after).then_some(())).await;
        writer.end();
        assert!(taken.is_good(), "{taken:?}");
        assert_eq!(taken.held_millis.is_some(), journal != "wal");
        let copy = scene.dir.path().join("copy.db");
        let packed = scene.folder().join(format!("db_{}.db.gz", taken.time));
        std::fs::write(&copy, unpacked(&packed)).unwrap();
        let db = Connection::open(&copy).unwrap();
        let (users, ledger) = (rows(&db, "users"), rows(&db, "ledger"));
        assert_eq!(users, ledger, "half a transaction was copied");
        assert!(
            (before..=after).contains(&users),
            "{before} {users} {after}"
        );
        let newest: i64 = db
            .query_row("SELECT max(id) FROM users", [], |row| row.get(0))
            .unwrap();
        assert_eq!(newest, FIRST + users - 1, "a row in the middle is missing");
        let size: u32 = db
            .pragma_query_value(None, "page_size", |row| row.get(0))
            .unwrap();
        assert_eq!(size, page_size);
    }
}

#[tokio::test]
async fn rows_that_stand_in_the_log_alone_are_copied() {
    let scene = Scene::without_database().await;
    let db = make(&scene.database(), Make::default());
    db.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    crate::restore::fixture::add_users(&db, 900, 40, "2026-11-23 05:00:00");
    let sidecar = scene.dir.path().join("home/bot.db-wal");
    let log = std::fs::read(&sidecar).unwrap();
    let taken = scene.taking.take(&Work::default()).await.unwrap();
    assert_eq!(taken.counts["users"], 240);
    // Nothing was checkpointed for it.
    assert!(std::fs::read(&sidecar).unwrap() == log);
}
