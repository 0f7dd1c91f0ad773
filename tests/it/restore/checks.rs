//! Checks of closed database files.

use super::fixture::*;
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::domain::database::CheckReport;
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::ports::PortResult;
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::database::{DatabaseChecks, Depth};
use rei_recovery::runbook::schema;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

fn checks(limits: CheckLimits) -> SqliteChecks {
    SqliteChecks::new(schema::built_in().unwrap(), limits)
}

async fn check(file: &Path, depth: Depth) -> PortResult<CheckReport> {
    let checks = checks(CheckLimits::default());
    checks.check(file, depth, &Work::default()).await
}

/// The failure of both depths, which is the same.
async fn failure(file: &Path) -> rei_recovery::domain::failure::Failure {
    let cheap = check(file, Depth::Cheap).await.unwrap_err().failure;
    let full = check(file, Depth::Full).await.unwrap_err().failure;
    assert_eq!(cheap.code, full.code);
    full
}

fn home(users: u32) -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    database(&path, users).close().unwrap();
    (dir, path)
}

/// Name and content of everything in a folder.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap();
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    };
    entries.map(read).collect()
}

/// Overwrites a part of the file.
fn damage(path: &Path, at: usize, with: &[u8]) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at..at + with.len()].copy_from_slice(with);
    std::fs::write(path, bytes).unwrap();
}

/// Where the root page of a table or an index begins.
fn root_of(db: &Connection, name: &str) -> usize {
    let sql =
        "SELECT (rootpage - 1) * page_size FROM sqlite_schema, pragma_page_size WHERE name = ?1";
    let at: u32 = db.query_row(sql, [name], |row| row.get(0)).unwrap();
    at as usize
}

#[tokio::test]
async fn a_good_database_passes_and_is_counted() {
    let (_dir, path) = home(500);
    for depth in [Depth::Cheap, Depth::Full] {
        let report = check(&path, depth).await.unwrap();
        assert!(report.counts.values().all(|count| *count == 500));
        assert_eq!(report.counts.len(), 4);
        let newest = "2026-11-23T02:08:19Z".parse().unwrap();
        assert_eq!(report.newest_row, Some(newest));
        assert_eq!(report.sqlite, "3.51.3");
    }
}

#[tokio::test]
async fn a_check_leaves_no_trace_even_of_a_database_in_wal_mode() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a name with ?mode=rwc#.db");
    let db = database(&path, 5);
    db.pragma_update(None, "journal_mode", "wal").unwrap();
    db.close().unwrap();
    let before = contents(dir.path());
    assert_eq!(before.len(), 1);
    check(&path, Depth::Full).await.unwrap();
    assert!(contents(dir.path()) == before);
}

#[tokio::test]
async fn what_is_no_database_is_told_apart() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    let missing = check(&path, Depth::Full).await;
    assert_eq!(code(missing), FailureCode::DatabaseMissing);
    for (bytes, expected) in [
        (&b""[..], FailureCode::DatabaseEmpty),
        (&b"SQLite format 3\0"[..], FailureCode::NotADatabase),
        (&[7; 8192], FailureCode::NotADatabase),
    ] {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(failure(&path).await.code, expected);
    }
}

#[tokio::test]
async fn everything_that_the_schema_lacks_is_listed() {
    let (_dir, path) = home(3);
    let db = Connection::open(&path).unwrap();
    db.execute_batch("DROP TABLE ledger; ALTER TABLE jobs RENAME COLUMN cost TO price")
        .unwrap();
    db.close().unwrap();
    let failure = failure(&path).await;
    assert_eq!(failure.code, FailureCode::SchemaDiffers);
    assert_eq!(failure.args["missing"], Arg::from("jobs.cost, ledger"));
    let missing = checks(CheckLimits::default()).missing(&path).await;
    assert_eq!(missing.unwrap(), ["jobs.cost", "ledger"]);
}

#[tokio::test]
async fn a_database_without_users_is_not_believed() {
    let (_dir, path) = home(0);
    assert_eq!(failure(&path).await.code, FailureCode::CountsImplausible);
}

#[tokio::test]
async fn rows_without_a_parent_are_found_by_the_full_check() {
    let (_dir, path) = home(20);
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA foreign_keys=OFF; DELETE FROM users WHERE id > 18")
        .unwrap();
    db.execute_batch(
        "DELETE FROM payments WHERE user_id > 18; DELETE FROM jobs WHERE user_id = 20",
    )
    .unwrap();
    db.close().unwrap();
    let failure = check(&path, Depth::Full).await.unwrap_err().failure;
    assert_eq!(failure.code, FailureCode::ForeignKeysBroken);
    assert_eq!(failure.args["table"], Arg::from("ledger"));
    assert_eq!(failure.args["count"], Arg::Number(2));
}

#[tokio::test]
async fn damage_is_found_by_the_full_check() {
    let (_dir, path) = home(2000);
    let db = Connection::open(&path).unwrap();
    let places = [root_of(&db, "jobs_status"), root_of(&db, "ledger")];
    db.close().unwrap();
    let good = std::fs::read(&path).unwrap();
    for at in places {
        std::fs::write(&path, &good).unwrap();
        damage(&path, at, &[0xff; 64]);
        let failure = check(&path, Depth::Full).await.unwrap_err().failure;
        assert_eq!(failure.code, FailureCode::IntegrityFailed, "{failure:?}");
        let Arg::Text(first) = &failure.args["first"] else {
            panic!("{failure:?}");
        };
        assert!(!first.is_empty() && first != "ok");
    }
    std::fs::write(&path, &good[..good.len() / 2]).unwrap();
    let truncated = check(&path, Depth::Full).await;
    assert_eq!(code(truncated), FailureCode::IntegrityFailed);
}

#[tokio::test]
async fn a_free_list_that_belongs_to_no_table_is_checked_as_well() {
    let (_dir, path) = home(3000);
    let db = Connection::open(&path).unwrap();
    db.execute_batch("DELETE FROM payments WHERE user_id > 5")
        .unwrap();
    db.close().unwrap();
    // The count of free pages in the header.
    damage(&path, 36, &1u32.to_be_bytes());
    let failed = check(&path, Depth::Full).await;
    assert_eq!(code(failed), FailureCode::IntegrityFailed);
}

#[tokio::test]
async fn a_check_ends_when_it_is_cancelled_or_takes_too_long() {
    let (_dir, path) = home(3000);
    let work = Work::default();
    work.cancel.cancel();
    let patient = checks(CheckLimits::default());
    let cancelled = patient.check(&path, Depth::Full, &work).await;
    assert_eq!(code(cancelled), FailureCode::CutOff);
    let limits = CheckLimits {
        check: Duration::ZERO,
        ..CheckLimits::default()
    };
    let work = Work::default();
    let checks = checks(limits);
    let late = checks.check(&path, Depth::Full, &work).await;
    assert_eq!(code(late), FailureCode::TimedOut);
}

/// A number that follows from another one (splitmix64).
fn mixed(seed: u64) -> usize {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 16) as usize
}

/// Damages a database in one of the ways that disks and copies do.
fn mutate(bytes: &mut Vec<u8>, seed: u64) {
    let pages = bytes.len() / 4096;
    let (at, page) = (mixed(seed + 1) % bytes.len(), mixed(seed + 2) % pages);
    let other = mixed(seed + 3) % pages;
    let copy = bytes[other * 4096..(other + 1) * 4096].to_vec();
    let place = page * 4096..(page + 1) * 4096;
    match seed % 6 {
        0 => bytes[at] ^= 1 << (mixed(seed + 4) % 8),
        1 => {
            let end = (at + 1 + mixed(seed + 4) % 200).min(bytes.len());
            bytes[at..end].fill(0xa5);
        }
        2 => bytes[place].copy_from_slice(&copy),
        3 => bytes[place].fill(0),
        4 => bytes[place].rotate_right(1 + mixed(seed + 4) % 64),
        _ => bytes.truncate((1 + mixed(seed + 4) % (pages - 1)) * 4096),
    }
}

#[tokio::test]
async fn the_check_in_parts_finds_all_that_the_whole_one_finds() {
    let (dir, path) = home(400);
    let db = Connection::open(&path).unwrap();
    // Free pages, and a table that no mapping knows.
    db.execute_batch("CREATE TABLE extra(a UNIQUE, b); CREATE INDEX extra_b ON extra(b)")
        .unwrap();
    db.execute_batch("INSERT INTO extra SELECT id, params FROM jobs; DELETE FROM payments")
        .unwrap();
    db.close().unwrap();
    let good = std::fs::read(&path).unwrap();
    let mutant = dir.path().join("mutant.db");
    let mut damaged = 0;
    for seed in (0..300).map(|n| n * 7) {
        let mut bytes = good.clone();
        mutate(&mut bytes, seed);
        std::fs::write(&mutant, bytes).unwrap();
        if !is_whole(&mutant) {
            damaged += 1;
            let parts = check(&mutant, Depth::Full).await;
            assert!(parts.is_err(), "mutant {seed} passes in parts only");
        }
    }
    assert!(damaged > 200, "only {damaged} mutants are damaged");
    assert!(is_whole(&path) && check(&path, Depth::Full).await.is_ok());
}

/// What SQLite says by itself.
fn is_whole(path: &Path) -> bool {
    let uri = format!("file:{}?immutable=1", path.display());
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_URI;
    let answer = Connection::open_with_flags(uri, flags)
        .and_then(|db| db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)));
    answer.is_ok_and(|answer| answer == "ok")
}
