//! All places as one list.

use super::fixture::*;
use super::places::Yard;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::{backup_dir::BackupDir, s3::S3Place};
use rei_recovery::demo::s3::Fault;
use rei_recovery::domain::backup::{BackupTime, FailedVerification, Place, VerificationRecord};
use rei_recovery::domain::catalogue::Catalogue;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::backups::{BackupPlace, Backups, Verifications};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::store::Store;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// All places, with a memory that knows these records.
async fn all(places: Vec<Arc<dyn BackupPlace>>, known: &[VerificationRecord]) -> Catalogued {
    let dir = TempDir::new().unwrap();
    let store = Store::open(dir.path(), Arc::new(SystemClock)).unwrap();
    for record in known {
        store.keep(&Place::Folder, record).await.unwrap();
    }
    let all = AllBackups::new(places, Arc::new(store), Duration::from_secs(3));
    Catalogued { all, _dir: dir }
}

struct Catalogued {
    all: AllBackups,
    _dir: TempDir,
}

impl Catalogued {
    async fn list(&self) -> Catalogue {
        self.all.catalogue(Duration::from_millis(500)).await
    }
}

#[tokio::test]
async fn places_and_records_make_one_list_newest_first() {
    let [folder, bucket] = Yard::both().await;
    let older: BackupTime = "20261122_031500".parse().unwrap();
    folder.put("db_2026-11-22_03-15-00.db.gz", b"older");
    bucket.put("db_20261122_031500.db.gz", b"older");
    bucket.put(NAME, b"newest");
    bucket.place.put_record(&record(time(), 1)).await.unwrap();
    bucket.place.put_record(&record(older, 1)).await.unwrap();
    let places = vec![Arc::clone(&bucket.place), Arc::clone(&folder.place)];
    let catalogue = all(places, &[record(older, 2)]).await.list().await;
    let found: Vec<_> = catalogue
        .backups
        .iter()
        .map(|l| {
            let bytes = l.record.as_ref().map(|r| r.bytes);
            (l.backup.time, l.backup.place.clone(), bytes)
        })
        .collect();
    // Of the older one both places hold the bytes, so both have the record; the own memory counts.
    assert_eq!(
        found,
        [
            (time(), Place::S3, Some(1)),
            (older, Place::Folder, Some(2)),
            (older, Place::S3, Some(2)),
        ]
    );
    assert!(catalogue.unreadable.is_empty());
}

#[tokio::test]
async fn a_place_that_fails_takes_nothing_from_the_others() {
    let yard = Yard::folder();
    yard.put(NAME, b"bytes");
    let dir = TempDir::new().unwrap();
    let (server, _) = s3(dir.path(), 1000).await;
    server.set_fault(Some(Fault::Silence));
    let mut patient = settings(&server);
    patient.limits.attempt = Duration::from_secs(60);
    patient.limits.operation = Duration::from_secs(60);
    let missing = BackupDir::new(dir.path().join("none"), Duration::from_secs(3));
    let places: Vec<Arc<dyn BackupPlace>> = vec![
        Arc::new(S3Place::new(&patient).await),
        Arc::new(missing),
        Arc::clone(&yard.place),
    ];
    let begun = Instant::now();
    let catalogue = all(places, &[]).await.list().await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(catalogue.backups.len(), 1);
    let failed: Vec<_> = catalogue.unreadable.iter().map(|(_, f)| f.code).collect();
    assert_eq!(
        failed,
        [
            FailureCode::BackupPlaceUnreachable,
            FailureCode::BackupPlaceMissing
        ]
    );
}

#[tokio::test]
async fn what_failed_is_remembered_of_these_bytes_until_one_passes() {
    let yard = Yard::folder();
    yard.put("db_20261122_031500.db.gz", b"older");
    yard.put(NAME, b"newest");
    let all = all(vec![Arc::clone(&yard.place)], &[]).await;
    let now = "2026-11-23T04:00:00Z".parse().unwrap();
    let latest = async || {
        let list = all.list().await;
        list.latest(now)
            .map(|listed| listed.backup.time.to_string())
    };
    assert_eq!(latest().await.as_deref(), Some("20261123_031500"));
    let newest = all.list().await.backups[0].backup.clone();
    let code = FailureCode::BackupDamaged;
    let failed = FailedVerification::of(&newest, None, code, now).unwrap();
    for _ in 0..2 {
        all.all.condemn(&failed).await.unwrap();
        assert_eq!(all.all.condemned(&newest).await, Some(failed.clone()));
    }
    assert_eq!(all.list().await.backups[0].failed, Some(failed.clone()));
    assert_eq!(latest().await.as_deref(), Some("20261122_031500"));
    // Other bytes under the same name were not judged.
    yard.put(NAME, b"another one");
    assert_eq!(latest().await.as_deref(), Some("20261123_031500"));
    let changed = all.list().await.backups[0].backup.clone();
    let failed = FailedVerification::of(&changed, None, code, now).unwrap();
    all.all.condemn(&failed).await.unwrap();
    assert_eq!(latest().await.as_deref(), Some("20261122_031500"));
    all.all
        .keep(&Place::Folder, &record(time(), 1))
        .await
        .unwrap();
    assert_eq!(latest().await.as_deref(), Some("20261123_031500"));
    assert_eq!(all.all.condemned(&changed).await, None);
}
