//! Both places, and each of them failing.

use super::scene::*;
use crate::restore::fixture::{Disk, noise};
use rei_recovery::demo::s3::Fault;
use rei_recovery::domain::backup::Place;
use rei_recovery::domain::chore::taking::Taken;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::manifest::Manifest;
use rei_recovery::ports::backups::Work;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

/// Which place lacks it, and why.
fn missing(taken: &Taken) -> Vec<(Place, FailureCode)> {
    let failed = taken.places.iter().filter_map(|stored| {
        assert!(!stored.there || stored.failure.is_none());
        Some((stored.place.clone(), stored.failure.as_ref()?.code))
    });
    failed.collect()
}

#[tokio::test]
async fn every_place_has_the_same_with_checksum_and_manifest_and_is_proved() {
    let scene = Scene::new().await;
    let taken = scene.taking.take(&Work::default()).await.unwrap();
    assert!(taken.is_good(), "{taken:?}");
    let time = taken.time.to_string();
    let mut names = Scene::whole("folder", &time);
    names.extend(Scene::whole("s3", &time));
    assert_eq!(scene.names(), names);
    assert_eq!(scene.staged(), 0);
    for folder in [scene.folder(), scene.bucket.clone()] {
        let mut sums = Command::new("sha256sum");
        sums.arg("-c").arg(format!("db_{time}.db.gz.sha256"));
        assert!(sums.current_dir(&folder).output().unwrap().status.success());
        let file = folder.join(format!("db_{time}.db.gz"));
        assert!(
            Command::new("gzip")
                .arg("-t")
                .arg(&file)
                .status()
                .unwrap()
                .success()
        );
        let plain = unpacked(&file);
        let text = std::fs::read(folder.join(format!("db_{time}.manifest.json"))).unwrap();
        let manifest: Manifest = serde_json::from_slice(&text).unwrap();
        assert_eq!(manifest.bytes, plain.len() as u64);
        assert_eq!(manifest.content.0, blake3::hash(&plain).to_hex().as_str());
        assert_eq!(manifest.taken.size, std::fs::metadata(&file).unwrap().len());
        assert_eq!(manifest.counts["users"], 200);
        assert_eq!(manifest.sqlite, rusqlite::version());
        assert_eq!(manifest.taken.program, "test");
        assert!(manifest.verified_at.is_some());
    }
    let listed = scene.taking.backups.catalogue(Duration::from_secs(5)).await;
    assert_eq!(listed.backups.len(), 2);
    assert!(
        listed
            .backups
            .iter()
            .all(|l| l.record.is_some() && l.backup.sha256.is_some())
    );
}

#[tokio::test]
async fn a_large_backup_goes_up_in_parts() {
    let scene = Scene::new().await;
    let db = Connection::open(scene.database()).unwrap();
    db.execute("CREATE TABLE noise(bytes BLOB)", []).unwrap();
    db.execute("INSERT INTO noise VALUES (?1)", [noise(20_000_000)])
        .unwrap();
    db.close().unwrap();
    let taken = scene.taking.take(&Work::default()).await.unwrap();
    assert!(taken.is_good(), "{taken:?}");
    let put = |line: &&String| line.starts_with("PUT") && line.ends_with("db.gz");
    assert_eq!(scene.server.requests().iter().filter(put).count(), 3);
    let name = format!("db_{}.db.gz", taken.time);
    let (one, other) = (scene.folder().join(&name), scene.bucket.join(&name));
    assert!(std::fs::read(one).unwrap() == std::fs::read(other).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_fails_at_any_request_keeps_the_folder_from_nothing() {
    let scene = Scene::new().await;
    let asked = scene.server.requests().len();
    let whole = scene.taking.take(&Work::default()).await.unwrap();
    let requests = u32::try_from(scene.server.requests().len() - asked).unwrap();
    let mut seen = BTreeSet::new();
    for good in 0..requests {
        let fault = Fault::After {
            requests: good,
            status: Some(403),
        };
        scene.server.set_fault(Some(fault));
        let taken = scene.taking.take(&Work::default()).await.unwrap();
        scene.server.set_fault(None);
        let time = taken.time.to_string();
        assert!(taken.time > whole.time);
        assert!(
            taken
                .places
                .iter()
                .any(|s| s.place == Place::Folder && s.failure.is_none())
        );
        assert!(Scene::whole("folder", &time).is_subset(&scene.names()));
        // Clearing up there may have been refused as well: the next one does it.
        scene.taking.tidy().await.unwrap();
        let left: BTreeSet<_> = scene
            .names()
            .into_iter()
            .filter(|n| n.contains(&time))
            .collect();
        let s3: BTreeSet<_> = left.into_iter().filter(|n| n.starts_with("s3/")).collect();
        assert!(
            s3.is_empty() || s3 == Scene::whole("s3", &time),
            "{good}: {s3:?}"
        );
        assert!(
            !scene.names().iter().any(|name| name.starts_with("half/")),
            "{good}"
        );
        assert_eq!(scene.staged(), 0, "{good}");
        let stored = taken.places.iter().find(|s| s.place == Place::S3).unwrap();
        seen.insert((stored.there, stored.failure.is_some()));
    }
    // It was missing there, and it was there and not proved.
    assert!(
        seen.contains(&(false, true)) && seen.contains(&(true, true)),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_bucket_that_is_gone_is_named_and_the_folder_has_it() {
    let scene = Scene::new().await;
    scene.server.set_fault(Some(Fault::Cut));
    let taken = scene.taking.take(&Work::default()).await.unwrap();
    let code = FailureCode::BackupPlaceUnreachable;
    assert_eq!(missing(&taken), [(Place::S3, code)]);
    assert!(!taken.is_good());
    let names = Scene::whole("folder", &taken.time.to_string());
    assert_eq!(scene.names(), names);
}

#[tokio::test]
async fn a_folder_that_is_full_or_gone_is_named_and_the_bucket_has_it() {
    let scene = Scene::new().await;
    let disk = Disk::new(64);
    for full in [true, false] {
        let folder = scene.folder();
        std::fs::remove_dir_all(&folder).unwrap();
        if full {
            std::os::unix::fs::symlink(disk.path(), &folder).unwrap();
            let db = Connection::open(scene.database()).unwrap();
            db.execute_batch("CREATE TABLE noise(bytes BLOB)").unwrap();
            db.execute("INSERT INTO noise VALUES (?1)", [noise(300_000)])
                .unwrap();
        }
        let taken = scene.taking.take(&Work::default()).await.unwrap();
        let code = match full {
            true => FailureCode::DiskFull,
            false => FailureCode::BackupPlaceMissing,
        };
        assert_eq!(missing(&taken), [(Place::Folder, code)]);
        if full {
            assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0);
            std::fs::remove_file(&folder).unwrap();
            std::fs::create_dir(&folder).unwrap();
        } else {
            std::fs::create_dir(&folder).unwrap();
        }
        assert!(Scene::whole("s3", &taken.time.to_string()).is_subset(&scene.names()));
    }
}

#[tokio::test]
async fn what_no_place_takes_was_not_taken() {
    let scene = Scene::new().await;
    scene.server.set_fault(Some(Fault::Status(403)));
    std::fs::remove_dir_all(scene.folder()).unwrap();
    let failure = scene.taking.take(&Work::default()).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::BackupPlaceMissing);
    std::fs::create_dir(scene.folder()).unwrap();
    scene.server.set_fault(None);
    scene.taking.tidy().await.unwrap();
    assert_eq!((scene.names().len(), scene.staged()), (0, 0));
}
