//! A full disk, at each write.

use super::fixture::*;
use super::places::Yard;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::domain::failure::{Arg, Failure, FailureCode};
use rei_recovery::ports::backups::{BackupPlace, Work};
use rei_recovery::ports::database::DatabaseFiles;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn bytes(failure: &Failure, name: &str) -> u64 {
    match failure.args.get(name) {
        Some(Arg::Bytes(bytes)) => *bytes,
        other => panic!("{name} is {other:?}"),
    }
}

/// Fills the disk to its last byte.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("ballast");
    let mut file = File::create(&path).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    path
}

async fn refused(packed: &[u8], disk: &Disk) -> Failure {
    let yard = Yard::folder();
    yard.put(NAME, packed);
    let failure = stage(&yard.place, disk.path()).await.unwrap_err().failure;
    assert!(!layout(disk.path()).staging.exists());
    failure
}

#[tokio::test]
async fn too_little_room_is_told_before_anything_is_written() {
    let disk = Disk::new(4096);
    let failure = refused(&gzip(&vec![0; 64 << 20]), &disk).await;
    assert_eq!(failure.code, FailureCode::DiskFull);
    assert_eq!(bytes(&failure, "needed"), 64 << 20);
    assert_eq!(bytes(&failure, "free"), 4 << 20);
}

#[tokio::test]
async fn the_record_tells_the_room_better_than_the_trailer() {
    let disk = Disk::new(4096);
    let yard = Yard::folder();
    // The trailer tells of the last member alone.
    yard.put(NAME, [gzip(&vec![0; 6 << 20]), gzip(&[0; 512])].concat());
    let known = record(time(), (6 << 20) + 512);
    yard.place.put_record(&known).await.unwrap();
    let backup = only(yard.place.as_ref()).await;
    let work = Work::default();
    let staged = stage_backup(&yard.place, &backup, disk.path(), &work).await;
    let failure = staged.unwrap_err().failure;
    assert_eq!(failure.code, FailureCode::DiskFull);
    assert_eq!(bytes(&failure, "needed"), (6 << 20) + 512);
    assert_eq!(work.progress.written(), 0);
}

#[tokio::test]
async fn room_that_ends_while_writing_is_told_and_freed() {
    let disk = Disk::new(4096);
    let packed = [gzip(&vec![0; 20 << 20]), gzip(&[0; 512])].concat();
    let failure = refused(&packed, &disk).await;
    assert_eq!(failure.code, FailureCode::DiskFull);
    assert!(bytes(&failure, "needed") >= 4 << 20);
    let yard = Yard::folder();
    yard.put(NAME, gzip(&database_bytes(10)));
    stage(&yard.place, disk.path()).await.unwrap();
}

#[tokio::test]
async fn a_quarantine_that_cannot_be_completed_can_be_repeated_or_given_back() {
    for give_back in [false, true] {
        let disk = Disk::new(4096);
        let layout = layout(disk.path());
        std::fs::write(&layout.database, b"database").unwrap();
        std::fs::write(disk.path().join("bot.db-wal"), b"log").unwrap();
        let ballast = fill(disk.path());
        let failure = LocalFiles.quarantine(&layout).await.unwrap_err();
        assert_eq!(failure.code(), FailureCode::DiskFull);
        assert_eq!(LocalFiles.quarantined(&layout).await, Ok(None));
        if give_back {
            assert_eq!(LocalFiles.give_back(&layout).await, Ok(2));
            assert_eq!(std::fs::read(&layout.database).unwrap(), b"database");
        } else {
            std::fs::remove_file(ballast).unwrap();
            let set = LocalFiles.quarantine(&layout).await.unwrap();
            assert_eq!(set.files.len(), 2);
            assert_eq!(LocalFiles.quarantined(&layout).await, Ok(Some(set)));
        }
    }
}

#[tokio::test]
async fn a_record_that_finds_no_room_leaves_the_old_one() {
    let disk = Disk::new(512);
    let place = BackupDir::new(disk.path().to_owned(), Duration::from_secs(5));
    place.put_record(&record(time(), 1)).await.unwrap();
    let ballast = fill(disk.path());
    let kept = place.put_record(&record(time(), 2)).await;
    assert_eq!(code(kept), FailureCode::DiskFull);
    assert_eq!(place.record(time()).await, Ok(Some(record(time(), 1))));
    std::fs::remove_file(ballast).unwrap();
    place.put_record(&record(time(), 2)).await.unwrap();
}
