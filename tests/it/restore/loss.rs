//! What a restore would lose, read from live databases in every state.

use super::checks::contents;
use super::fixture::*;
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::domain::database::Loss;
use rei_recovery::ports::database::{DatabaseChecks, DatabaseFiles};
use rei_recovery::runbook::schema;
use rusqlite::Connection;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

async fn loss(path: &Path) -> Loss {
    let checks = SqliteChecks::new(schema::built_in().unwrap(), CheckLimits::default());
    checks.loss(path, time()).await.unwrap()
}

/// Ten users before the backup, seven after it; the last one 6 seconds after 04:00:00.
fn live(wal: bool) -> (TempDir, PathBuf, Connection) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    let db = database(&path, 10);
    if wal {
        db.pragma_update(None, "journal_mode", "wal").unwrap();
    }
    add_users(&db, 11, 7, "2026-11-23 04:00:00");
    (dir, path, db)
}

fn expected() -> Loss {
    let tables = ["jobs", "ledger", "payments", "users"];
    Loss {
        span: Some(Duration::from_secs(45 * 60 + 6)),
        rows: Some(tables.map(|table| (table.to_owned(), 7)).into()),
    }
}

#[tokio::test]
async fn rows_after_the_backup_are_counted_while_the_bot_runs() {
    for wal in [false, true] {
        let (dir, path, db) = live(wal);
        let before = contents(dir.path());
        assert_eq!(before.len(), if wal { 3 } else { 1 });
        assert_eq!(loss(&path).await, expected());
        let mut after = contents(dir.path());
        // Readers of a live log share its index; no row, no page of anything else changes.
        if let Some(shm) = before.get("bot.db-shm") {
            after.insert("bot.db-shm".into(), shm.clone());
        }
        assert!(before == after);
        // And the bot is not disturbed.
        add_users(&db, 18, 1, "2026-11-23 05:00:00");
        assert_ne!(loss(&path).await, expected());
    }
}

#[tokio::test]
async fn a_write_in_progress_is_waited_for_or_not_counted() {
    let (_dir, path, db) = live(true);
    db.execute_batch("BEGIN IMMEDIATE; DELETE FROM ledger")
        .unwrap();
    assert_eq!(loss(&path).await, expected());
}

#[tokio::test]
async fn a_database_left_by_a_killed_bot_is_read_without_a_trace() {
    let (dir, path, db) = live(true);
    let left = TempDir::new().unwrap();
    for (name, bytes) in contents(dir.path()) {
        std::fs::write(left.path().join(name), bytes).unwrap();
    }
    drop(db);
    assert_eq!(path.file_name().unwrap(), "bot.db");
    let before = contents(left.path());
    assert_eq!(before.len(), 3);
    assert_eq!(loss(&left.path().join("bot.db")).await, expected());
    assert!(contents(left.path()) == before);
}

#[tokio::test]
async fn a_database_that_was_closed_is_read_without_a_trace() {
    let (dir, path, db) = live(true);
    db.close().unwrap();
    let before = contents(dir.path());
    assert_eq!(before.len(), 1);
    assert_eq!(loss(&path).await, expected());
    assert!(contents(dir.path()) == before);
}

#[tokio::test]
async fn what_cannot_be_read_is_not_called_nothing() {
    let (dir, path, db) = live(true);
    // A log without its index: its rows cannot be read without writing.
    let left = TempDir::new().unwrap();
    for name in ["bot.db", "bot.db-wal"] {
        std::fs::copy(dir.path().join(name), left.path().join(name)).unwrap();
    }
    drop(db);
    let half_an_hour = time().at() + jiff::SignedDuration::from_mins(30);
    let written = SystemTime::from(half_an_hour);
    let an_hour_before = SystemTime::from(time().at() - jiff::SignedDuration::from_hours(1));
    let set = |path: &Path, at| {
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(at)
    };
    set(&left.path().join("bot.db-wal"), written).unwrap();
    set(&left.path().join("bot.db"), an_hour_before).unwrap();
    let unread = Loss {
        span: Some(Duration::from_secs(30 * 60)),
        rows: None,
    };
    assert_eq!(loss(&left.path().join("bot.db")).await, unread);
    // Damaged.
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100..4096].fill(0xff);
    std::fs::remove_file(dir.path().join("bot.db")).unwrap();
    std::fs::write(&path, bytes).unwrap();
    set(&path, written).unwrap();
    assert_eq!(loss(&path).await, unread);
    // Gone.
    std::fs::remove_file(&path).unwrap();
    assert_eq!(loss(&path).await, Loss::default());
}

#[tokio::test]
async fn a_database_older_than_the_backup_loses_nothing() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    let _db = database(&path, 10);
    let Loss { span, rows } = loss(&path).await;
    assert_eq!(span, Some(Duration::ZERO));
    assert!(rows.unwrap().values().all(|count| *count == 0));
}

#[tokio::test]
async fn times_in_other_forms_are_the_same_moments() {
    let (_dir, path, db) = live(false);
    db.execute_batch("UPDATE jobs SET created_at = replace(created_at, ' ', 'T') || 'Z'")
        .unwrap();
    assert_eq!(loss(&path).await, expected());
}

/// The trap of the paper runbook, and the way out of it.
#[tokio::test]
async fn the_old_log_never_meets_the_restored_database() {
    let (dir, path, db) = live(true);
    let users = |path: &Path| -> u32 {
        let db = Connection::open(path).unwrap();
        db.query_row("SELECT count(*) FROM users", [], |r| r.get(0))
            .unwrap()
    };
    let old = contents(dir.path());
    drop(db);
    for (name, bytes) in &old {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let layout = layout(dir.path());
    std::fs::write(&layout.staging, database_bytes(10)).unwrap();
    let set = LocalFiles.quarantine(&layout).await.unwrap();
    LocalFiles.install(&layout, set.ownership).await.unwrap();
    let present = LocalFiles.present(&path).await.unwrap();
    assert_eq!(present, std::slice::from_ref(&path));
    assert_eq!(users(&path), 10);
    // The quarantined set opens where it opened before, with the rows of its log.
    LocalFiles.give_back(&layout).await.unwrap();
    assert_eq!(users(&path), 17);
}
