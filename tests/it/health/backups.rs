//! Places of backups.

use super::ground::{Ground, of, only};
use crate::restore::fixture::{s3, settings};
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::s3::S3Place;
use rei_recovery::domain::Timestamp;
use rei_recovery::domain::backup::{BackupTime, Place};
use rei_recovery::domain::health::{Condition, Finding, Measure, Part, SignCode};
use rei_recovery::ports::backups::BackupPlace;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A backup of so many minutes ago.
pub fn put(folder: &Path, minutes: i64, bytes: usize) {
    let at = Timestamp::now() - jiff::SignedDuration::from_mins(minutes);
    let name = format!("db_{}.db.gz", BackupTime::of(at));
    std::fs::write(folder.join(name), vec![7; bytes]).unwrap();
}

async fn found(backups: &[(i64, usize)]) -> Finding {
    let ground = Ground::new();
    for (minutes, bytes) in backups {
        put(&ground.path("backups"), *minutes, *bytes);
    }
    ground.finds(Part::Backups).await
}

#[tokio::test]
async fn the_newest_is_held_against_the_rpo_and_against_those_before() {
    let usual = [(70, 1000), (130, 1000), (190, 1100), (250, 900)];
    let with = |newest| [&[newest], &usual[..]].concat();
    let well = found(&with((62, 1000))).await;
    assert_eq!(well.condition, Condition::Up, "{well:?}");
    assert_eq!(well.measures[&Measure::Backups], 5);
    assert!(
        well.shows(SignCode::BackupUnverified),
        "none was ever verified"
    );
    let old = found(&usual).await;
    assert!(old.shows(SignCode::BackupOld) && old.condition == Condition::Degraded);
    let far = found(&usual[3..]).await;
    assert!(far.shows(SignCode::BackupOld) && far.condition == Condition::Down);
    let small = found(&with((10, 400))).await;
    assert!(small.shows(SignCode::BackupShrunk) && small.condition == Condition::Degraded);
    let empty = found(&with((10, 0))).await;
    assert!(empty.shows(SignCode::BackupBad), "{empty:?}");
    let none = found(&[]).await;
    assert!(none.shows(SignCode::BackupNone) && none.condition == Condition::Down);
}

#[tokio::test]
async fn a_folder_that_is_not_there_holds_none() {
    let ground = Ground::new();
    std::fs::remove_dir(ground.path("backups")).unwrap();
    let found = ground.finds(Part::Backups).await;
    assert!(found.shows(SignCode::BackupNone) && found.condition == Condition::Down);
    assert!(found.failure.is_some());
}

#[tokio::test]
async fn each_place_has_its_own_finding_and_one_that_is_down_hides_nothing_of_the_other() {
    let store = TempDir::new().unwrap();
    let (server, bucket) = s3(store.path(), 100).await;
    put(&bucket, 5, 1000);
    let mut ground = Ground::new();
    put(&ground.path("backups"), 10, 1000);
    ground.profile.places = vec![Place::Folder, Place::S3];
    let folder = BackupDir::new(ground.path("backups"), Duration::from_secs(3));
    let remote = S3Place::new(&settings(&server)).await;
    let places: Vec<Arc<dyn BackupPlace>> = vec![Arc::new(folder), Arc::new(remote)];
    ground.places(places);
    let both = ground.round().await;
    assert_eq!(
        both.condition(Part::Backups),
        Some(Condition::Up),
        "{both:?}"
    );
    drop(server);
    let one = ground.round().await;
    assert_eq!(of(&one, Part::Backups, "folder").condition, Condition::Up);
    let gone = of(&one, Part::Backups, "s3");
    assert_eq!(gone.condition, Condition::Unknown);
    assert!(gone.failure.is_some(), "{gone:?}");
}

#[tokio::test]
async fn the_program_itself_is_looked_at() {
    let mut ground = Ground::new();
    let well = only(&ground.round().await, Part::Itself);
    assert_eq!(
        (well.condition, well.measures[&Measure::Backlog]),
        (Condition::Up, 0)
    );
    assert!(well.measures[&Measure::MemoryBytes] > 0);
    ground.instance_ends().await;
    let gone = only(&ground.round().await, Part::Itself);
    assert!(gone.shows(SignCode::WorkerGone) && gone.condition == Condition::Down);
}
