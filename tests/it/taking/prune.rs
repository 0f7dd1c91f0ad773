//! What is old goes, and nothing else.

use super::scene::*;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::demo::s3::Fault;
use rei_recovery::domain::backup::Place;
use rei_recovery::domain::catalogue::ListedBackup;
use rei_recovery::domain::chore::{Chore, Due, Outcome, Task};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::retention::Spent;
use rei_recovery::ports::backups::{Backups, Verifications, Work};
use rei_recovery::ports::chores::Hand;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::store::Store;
use std::sync::Arc;

const DAYS: [&str; 5] = ["01", "02", "18", "19", "20"];

/// Backups of five days in both places, and one that REI took long ago.
async fn scene() -> Scene {
    let mut scene = Scene::new().await;
    std::fs::write(
        scene.folder().join("db_20250101_000000.db.gz"),
        b"REI's own",
    )
    .unwrap();
    for day in DAYS {
        scene.taking.clock = at(&format!("2026-11-{day}T00:00:00Z"));
        assert!(scene.taking.take(&Work::default()).await.unwrap().is_good());
    }
    scene
}

fn days(spent: &[Spent]) -> Vec<String> {
    spent
        .iter()
        .map(|s| format!("{} {}", s.time, s.place.as_str()))
        .collect()
}

async fn prune(scene: &Scene, shown: Vec<Spent>) -> rei_recovery::domain::chore::taking::Pruned {
    let task = Task::Prune { shown };
    let chore = Chore::asked(task, Actor::system(), None, scene.taking.clock.now());
    match scene.taking.perform(&chore, &Work::default()).await {
        Ok(Outcome::Pruned(pruned)) => pruned,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_shown_goes_and_the_rest_stays() {
    let scene = scene().await;
    let (spent, silent) = scene.taking.prunable().await;
    assert!(silent.is_empty());
    let all = [
        "20261101_000000 folder",
        "20261101_000000 s3",
        "20261102_000000 folder",
        "20261102_000000 s3",
    ];
    assert_eq!(days(&spent), all);
    assert_eq!(scene.names().len(), 31);
    let pruned = prune(&scene, spent[..1].to_vec()).await;
    assert_eq!(days(&pruned.removed), all[..1]);
    assert_eq!(scene.names().len(), 28);
    // Without names: whatever is old enough. A second time there is nothing.
    assert_eq!(days(&prune(&scene, Vec::new()).await.removed), all[1..]);
    assert!(prune(&scene, Vec::new()).await.removed.is_empty());
    let mut left: std::collections::BTreeSet<_> =
        ["folder/db_20250101_000000.db.gz".to_owned()].into();
    for day in ["20261118_000000", "20261119_000000", "20261120_000000"] {
        left.extend(Scene::whole("folder", day));
        left.extend(Scene::whole("s3", day));
    }
    assert_eq!(scene.names(), left);
}

#[tokio::test]
async fn a_silent_bucket_is_named_and_loses_nothing() {
    let scene = scene().await;
    scene.server.set_fault(Some(Fault::Status(403)));
    let pruned = prune(&scene, Vec::new()).await;
    assert_eq!(pruned.removed.len(), 2);
    assert_eq!(pruned.silent[0].0, Place::S3);
    assert_eq!(pruned.silent[0].1.code, FailureCode::BackupAccessDenied);
    assert!(!pruned.is_good());
}

#[tokio::test]
async fn other_bytes_under_our_name_are_nobodys_to_remove() {
    let scene = scene().await;
    let name = scene.folder().join("db_20261101_000000.db.gz");
    std::fs::write(&name, b"other bytes").unwrap();
    // Its verification is gone: then it is no proof that the old ones may go.
    let third = scene.bucket.join("db_20261118_000000.db.gz");
    std::fs::write(&third, b"damaged").unwrap();
    let (spent, _) = scene.taking.prunable().await;
    assert_eq!(days(&spent), ["20261102_000000 folder"]);
}

#[tokio::test]
async fn one_that_changes_after_the_look_stays() {
    let scene = scene().await;
    let depots = &scene.taking.depots;
    for (depot, folder) in depots.iter().zip([scene.folder(), scene.bucket.clone()]) {
        let place = scene.taking.backups.place(&depot.place()).unwrap();
        let all = place.list().await.unwrap();
        let time = "20261101_000000".parse().unwrap();
        let backup = all.into_iter().find(|b| b.time == time).unwrap();
        let file = folder.join("db_20261101_000000.db.gz");
        std::fs::write(folder.join("new"), b"another").unwrap();
        std::fs::rename(folder.join("new"), &file).unwrap();
        let refused = depot.remove(&backup).await.unwrap_err();
        assert_eq!(refused.code(), FailureCode::BackupChanged);
        assert_eq!(std::fs::read(&file).unwrap(), b"another");
    }
}

#[tokio::test]
async fn a_backup_by_the_calendar_lets_old_ones_go_and_one_by_hand_does_not() {
    let mut scene = scene().await;
    scene.taking.clock = at("2026-11-21T00:00:00Z");
    let now = scene.taking.clock.now();
    let by_hand = Chore::asked(Task::TakeBackup, Actor::system(), None, now);
    let due = Some(Due { at: now, missed: 0 });
    let by_calendar = Chore::asked(Task::TakeBackup, Actor::system(), due, now);
    for (chore, gone) in [(by_hand, 0), (by_calendar, 4)] {
        let Ok(Outcome::Taken(taken)) = scene.taking.perform(&chore, &Work::default()).await else {
            panic!();
        };
        assert_eq!(taken.pruned.map_or(0, |p| p.removed.len()), gone);
    }
}

#[tokio::test]
async fn a_clock_that_ran_ahead_removes_nothing_then_or_later() {
    let mut scene = scene().await;
    let pruned = prune(&scene, Vec::new()).await;
    assert_eq!(pruned.removed.len(), 4);
    for day in ["2026-12-05T00:00:00Z", "2026-11-21T00:00:00Z"] {
        scene.taking.clock = at(day);
        let now = scene.taking.clock.now();
        let due = Some(Due { at: now, missed: 0 });
        let chore = Chore::asked(Task::TakeBackup, Actor::system(), due, now);
        let Ok(Outcome::Taken(taken)) = scene.taking.perform(&chore, &Work::default()).await else {
            panic!();
        };
        assert!(taken.is_good() && taken.pruned.is_none(), "{taken:?}");
    }
}

/// Nobody ever read what lies in the bucket now.
#[tokio::test]
async fn what_was_read_in_one_place_proves_nothing_of_another() {
    let scene = scene().await;
    for day in DAYS {
        // Without the record beside it only the own memory tells of it.
        let manifest = format!("db_202611{day}_000000.manifest.json");
        let beside = scene.bucket.join(&manifest);
        let mut text: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&beside).unwrap()).unwrap();
        text["verified_at"] = serde_json::Value::Null;
        std::fs::write(&beside, text.to_string()).unwrap();
    }
    let store = Store::open(&scene.dir.path().join("other"), Arc::new(SystemClock)).unwrap();
    let folder = scene
        .taking
        .backups
        .listed(&Place::Folder, DAY)
        .await
        .unwrap();
    for listed in folder {
        if let Some(record) = listed.record {
            Verifications::keep(&store, &Place::Folder, &record)
                .await
                .unwrap();
        }
    }
    let places = [Place::Folder, Place::S3].map(|it| scene.taking.backups.place(&it).unwrap());
    let backups = AllBackups::new(places.to_vec(), Arc::new(store), DAY);
    let verified =
        |listed: Vec<ListedBackup>| listed.iter().filter(|it| it.record.is_some()).count();
    let folder = backups.listed(&Place::Folder, DAY).await.unwrap();
    assert_eq!(verified(folder), DAYS.len());
    assert_eq!(verified(backups.listed(&Place::S3, DAY).await.unwrap()), 0);
}

#[tokio::test]
async fn what_a_cut_off_removal_left_beside_a_backup_goes_with_the_next() {
    let scene = scene().await;
    let packed = "db_20261119_000000.db.gz";
    for folder in [scene.folder(), scene.bucket.clone()] {
        std::fs::remove_file(folder.join(packed)).unwrap();
    }
    prune(&scene, Vec::new()).await;
    let names = scene.names();
    let left: Vec<_> = names.iter().filter(|it| it.contains("20261119")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(names.is_superset(&Scene::whole("folder", "20261118_000000")));
    assert!(names.is_superset(&Scene::whole("s3", "20261120_000000")));
}
