//! What cannot be copied, and what should not be kept.

use super::scene::*;
use rei_recovery::adapters::sqlite_backup::{CopyLimits, SqliteCopies};
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::taking::Copies;
use rusqlite::Connection;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

async fn code(scene: &Scene) -> FailureCode {
    let failure = scene.taking.take(&Work::default()).await.unwrap_err();
    assert_eq!((scene.names().len(), scene.staged()), (0, 0), "{failure:?}");
    failure.code
}

#[tokio::test]
async fn no_database_and_an_empty_one_are_told_apart() {
    let scene = Scene::without_database().await;
    assert_eq!(code(&scene).await, FailureCode::DatabaseMissing);
    std::fs::write(scene.database(), b"").unwrap();
    assert_eq!(code(&scene).await, FailureCode::DatabaseEmpty);
    std::fs::write(scene.database(), [7; 8192]).unwrap();
    assert_eq!(code(&scene).await, FailureCode::NotADatabase);
}

/// Waits for no lock to speak of.
fn impatient() -> Arc<dyn Copies> {
    let limits = CopyLimits {
        copy: Duration::from_secs(20),
        busy: Duration::from_millis(100),
    };
    Arc::new(SqliteCopies { limits })
}

#[tokio::test]
async fn a_database_that_somebody_holds_for_himself_is_busy() {
    let mut scene = Scene::without_database().await;
    let patient = std::mem::replace(&mut scene.taking.copies, impatient());
    let how = Make {
        journal: "delete",
        ..Make::default()
    };
    let db = make(&scene.database(), how);
    db.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(code(&scene).await, FailureCode::RecordsBusy);
    db.execute_batch("ROLLBACK").unwrap();
    scene.taking.copies = patient;
    assert!(scene.taking.take(&Work::default()).await.is_ok());
}

#[tokio::test]
async fn a_damaged_or_hollow_database_pushes_no_backup_out() {
    let scene = Scene::new().await;
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(scene.database())
        .unwrap();
    let sound = std::fs::read(scene.database()).unwrap();
    // Pages in the middle of its tables.
    file.write_all_at(&[0x55; 20_000], 20_480).unwrap();
    let failure = scene.taking.take(&Work::default()).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::IntegrityFailed, "{failure:?}");
    let named = Arg::Text(scene.database().display().to_string());
    assert_eq!(failure.args.get("path"), Some(&named));
    assert_eq!(scene.names().len(), 0);
    std::fs::write(scene.database(), sound).unwrap();
    let db = Connection::open(scene.database()).unwrap();
    db.execute_batch(
        "DELETE FROM payments; DELETE FROM ledger; DELETE FROM jobs; DELETE FROM users",
    )
    .unwrap();
    db.close().unwrap();
    assert_eq!(code(&scene).await, FailureCode::CountsImplausible);
}

#[tokio::test]
async fn told_to_end_it_leaves_nothing() {
    let scene = Scene::new().await;
    let work = Work::default();
    work.cancel.cancel();
    let failure = scene.taking.take(&work).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::CutOff);
    assert_eq!((scene.names().len(), scene.staged()), (0, 0));
}

#[tokio::test]
async fn what_rei_renamed_is_told_and_the_backup_is_kept() {
    let scene = Scene::without_database().await;
    let db = make(&scene.database(), Make::default());
    db.execute_batch(
        "ALTER TABLE jobs RENAME COLUMN cost TO price; ALTER TABLE ledger RENAME TO book",
    )
    .unwrap();
    db.close().unwrap();
    let taken = scene.taking.take(&Work::default()).await.unwrap();
    assert_eq!(taken.missing, ["jobs.cost", "ledger"]);
    assert!(!taken.is_good());
    assert!(
        taken
            .places
            .iter()
            .all(|it| it.there && it.failure.is_none())
    );
    assert_eq!(taken.counts["users"], 200);
}
