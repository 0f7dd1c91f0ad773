//! REI's database in every state.

use super::ground::{Ground, only};
use crate::support::wait::until;
use rei_recovery::adapters::this_host::ThisHost;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::health::{Condition, Finding, Measure, Part, SignCode};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::host::Host;
use rei_recovery::tasks::health::{Deep, Observer};
use rusqlite::Connection;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

async fn seen(observer: &Observer) -> Finding {
    only(&observer.round().await, Part::Database)
}

#[tokio::test]
async fn a_healthy_one_is_up_with_its_figures() {
    let ground = Ground::new();
    let found = ground.finds(Part::Database).await;
    assert_eq!(
        (found.condition, found.signs.len()),
        (Condition::Up, 0),
        "{found:?}"
    );
    let size = std::fs::metadata(ground.path("bot.db")).unwrap().len();
    assert_eq!(
        found.measures[&Measure::SizeBytes],
        i64::try_from(size).unwrap()
    );
    assert!(found.measures[&Measure::AgeSeconds] < 60);
    assert!(found.measures[&Measure::FreeBytes] > 0);
}

#[tokio::test]
async fn missing_empty_and_foreign_files_are_three_things() {
    let ground = Ground::new();
    let path = ground.path("bot.db");
    for (bytes, sign) in [
        (Some("".as_bytes()), SignCode::DatabaseEmpty),
        (
            Some(&b"no database at all".repeat(1000)[..]),
            SignCode::DatabaseUnreadable,
        ),
        (None, SignCode::DatabaseMissing),
    ] {
        match bytes {
            Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let found = ground.finds(Part::Database).await;
        assert_eq!(found.condition, Condition::Down, "{found:?}");
        assert!(found.shows(sign) && found.failure.is_some(), "{found:?}");
    }
}

#[tokio::test]
async fn a_table_that_is_not_there_is_named() {
    let ground = Ground::new();
    let db = Connection::open(ground.path("bot.db")).unwrap();
    db.execute_batch("DROP TABLE payments").unwrap();
    let round = ground.round().await;
    let found = only(&round, Part::Database);
    assert!(found.shows(SignCode::DatabaseForeign), "{found:?}");
    let payments = only(&round, Part::Payments);
    assert_eq!(payments.condition, Condition::Unknown);
    assert_eq!(payments.failure.unwrap().code, FailureCode::SchemaDiffers);
}

/// A page in the middle gets other bytes.
fn damage(path: &Path) {
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    let pages = file.metadata().unwrap().len() / 4096;
    for page in 1..pages {
        file.write_all_at(&[0xA5; 64], page * 4096).unwrap();
    }
}

#[tokio::test]
async fn damage_is_found_by_the_long_looks_and_stays_until_one_finds_none() {
    let ground = Ground::new();
    let observer = ground.observer();
    for depth in [Deep::Quick, Deep::Full] {
        observer.deep_look(depth, &Work::default()).await;
    }
    let well = seen(&observer).await;
    assert_eq!(well.condition, Condition::Up);
    assert!(well.measures[&Measure::CheckedSeconds] < 60);
    let bytes = std::fs::read(ground.path("bot.db")).unwrap();
    damage(&ground.path("bot.db"));
    observer.deep_look(Deep::Quick, &Work::default()).await;
    let ill = seen(&observer).await;
    assert!(
        ill.shows(SignCode::DatabaseDamaged) && ill.condition == Condition::Down,
        "{ill:?}"
    );
    std::fs::write(ground.path("bot.db"), &bytes).unwrap();
    observer.deep_look(Deep::Quick, &Work::default()).await;
    assert_eq!(seen(&observer).await.condition, Condition::Up);
    // Another file has not been judged.
    damage(&ground.path("bot.db"));
    observer.deep_look(Deep::Full, &Work::default()).await;
    assert!(seen(&observer).await.shows(SignCode::DatabaseDamaged));
    std::fs::write(ground.path("new.db"), &bytes).unwrap();
    std::fs::rename(ground.path("new.db"), ground.path("bot.db")).unwrap();
    let new = seen(&observer).await;
    assert_eq!(new.condition, Condition::Up, "{new:?}");
    assert!(!new.measures.contains_key(&Measure::CheckedSeconds));
}

const HOLDER: &str = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('PRAGMA journal_mode=' + sys.argv[2])
db.execute('BEGIN ' + sys.argv[3])
print('held', sqlite3.sqlite_version, flush=True)
sys.stdin.readline()
";

/// Another process that holds a lock, as a REI that hangs in a transaction does.
struct Holder {
    child: Child,
    version: String,
}

impl Holder {
    fn of(path: &Path, journal: &str, begin: &str) -> Self {
        let mut child = Command::new("python3")
            .args(["-c", HOLDER, path.to_str().unwrap(), journal, begin])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let version = line.trim().strip_prefix("held ").expect("it holds it");
        Self {
            version: version.to_owned(),
            child,
        }
    }

    fn let_go(mut self) {
        self.child.stdin.take().unwrap().write_all(b"\n").unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_lock_that_somebody_keeps_is_told_whether_it_hinders_reading_or_not() {
    for (journal, begin) in [
        ("delete", "EXCLUSIVE"),
        ("delete", "IMMEDIATE"),
        ("wal", "IMMEDIATE"),
    ] {
        let ground = Ground::new();
        let observer = ground.observer();
        let holder = Holder::of(&ground.path("bot.db"), journal, begin);
        let found = seen(&observer).await;
        assert!(
            found.shows(SignCode::DatabaseLocked),
            "{journal} {begin}: {found:?}"
        );
        assert_eq!(
            (found.condition, found.signs.len()),
            (Condition::Degraded, 1)
        );
        holder.let_go();
        let found = seen(&observer).await;
        assert_eq!(
            found.condition,
            Condition::Up,
            "{journal} {begin}: {found:?}"
        );
    }
}

#[tokio::test]
async fn the_loaded_sqlite_of_a_process_is_read_from_it() {
    let ground = Ground::new();
    let holder = Holder::of(&ground.path("bot.db"), "wal", "DEFERRED");
    let version = ThisHost.sqlite_of(holder.child.id()).await;
    assert_eq!(version, Ok(Some(holder.version.clone())));
    assert_eq!(ThisHost.sqlite_of(std::process::id()).await, Ok(None));
}

#[tokio::test]
async fn rows_that_go_between_two_rounds_are_told_and_a_restored_file_begins_anew() {
    let ground = Ground::new();
    let path = ground.path("bot.db");
    let db = Connection::open(&path).unwrap();
    crate::restore::fixture::add_users(&db, 11, 90, "2026-11-23 03:00:00");
    let observer = ground.observer();
    assert_eq!(seen(&observer).await.condition, Condition::Up);
    db.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM users WHERE id > 50")
        .unwrap();
    drop(db);
    let gone = seen(&observer).await;
    assert!(
        gone.shows(SignCode::RowsGone) && gone.condition == Condition::Down,
        "{gone:?}"
    );
    std::fs::copy(&path, ground.path("new.db")).unwrap();
    std::fs::rename(ground.path("new.db"), &path).unwrap();
    let restored = until("a look at the new file", async || {
        Some(seen(&observer).await)
    })
    .await;
    assert_eq!(restored.condition, Condition::Up, "{restored:?}");
}
