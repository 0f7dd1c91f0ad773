//! All places as one list.

use super::fixture::*;
use super::places::Yard;
use async_trait::async_trait;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::{backup_dir::BackupDir, s3::S3Place};
use rei_recovery::demo::s3::Fault;
use rei_recovery::domain::backup::{BackupTime, Place, VerificationRecord};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::PortResult;
use rei_recovery::ports::backups::{BackupPlace, Backups, Verifications};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A memory of verifications that lives as long as the test.
struct Memory(Vec<VerificationRecord>);

#[async_trait]
impl Verifications for Memory {
    async fn find(&self, time: BackupTime) -> PortResult<Option<VerificationRecord>> {
        Ok(self.0.iter().find(|r| r.time == time).cloned())
    }

    async fn all(&self) -> PortResult<Vec<VerificationRecord>> {
        Ok(self.0.clone())
    }

    async fn keep(&self, _: &VerificationRecord) -> PortResult<()> {
        Ok(())
    }
}

fn all(places: Vec<Arc<dyn BackupPlace>>, known: Vec<VerificationRecord>) -> AllBackups {
    AllBackups::new(places, Arc::new(Memory(known)), Duration::from_secs(3))
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
    let catalogue = all(places, vec![record(older, 2)])
        .catalogue(std::time::Duration::from_millis(500))
        .await;
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
    let catalogue = all(places, Vec::new())
        .catalogue(std::time::Duration::from_millis(500))
        .await;
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
