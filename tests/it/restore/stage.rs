//! A backup becomes a staged file, or a clear failure and nothing.

use super::fixture::*;
use super::places::Yard;
use rei_recovery::adapters::s3::S3Place;
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::demo::s3::Fault;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::backups::{BackupPlace, Work};
use rei_recovery::ports::database::DatabaseFiles;
use std::os::unix::fs::{MetadataExt, symlink};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Stages a backup of these bytes from both places and gives the failure, the same from both.
async fn failure(name: &str, bytes: &[u8], checksum: Option<String>) -> FailureCode {
    let mut codes = Vec::new();
    for yard in Yard::both().await {
        let home = TempDir::new().unwrap();
        yard.put(name, bytes);
        if let Some(sum) = &checksum {
            yard.put(&format!("{name}.sha256"), sum);
        }
        let failed = stage(&yard.place, home.path()).await.unwrap_err();
        assert!(!failed.transient && !failed.unknown, "{failed:?}");
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
        codes.push(failed.code());
    }
    assert_eq!(codes[0], codes[1]);
    codes[0]
}

#[tokio::test]
async fn the_staged_file_is_the_database_byte_for_byte() {
    let plain = [noise(5_000_000), vec![0; 9_000_000], noise(100)].concat();
    for yard in Yard::both().await {
        let home = TempDir::new().unwrap();
        let packed = gzip(&plain);
        yard.put(NAME, &packed);
        yard.put(&format!("{NAME}.sha256"), sha256(&packed));
        let (layout, work) = (layout(home.path()), Work::default());
        // What an earlier attempt left, even a link, is no obstacle and leads nowhere.
        let elsewhere = home.path().join("elsewhere");
        symlink(&elsewhere, &layout.staging).unwrap();
        let backup = only(yard.place.as_ref()).await;
        let fetched = stage_backup(&yard.place, &backup, home.path(), &work).await;
        let fetched = fetched.unwrap();
        assert!(std::fs::read(&layout.staging).unwrap() == plain);
        assert!(!elsewhere.exists());
        assert_eq!(fetched.bytes, plain.len() as u64);
        assert_eq!(fetched.content.0, blake3::hash(&plain).to_hex().to_string());
        let mode = std::fs::metadata(&layout.staging).unwrap().mode() & 0o7777;
        assert_eq!(mode, 0o600);
        let size = packed.len() as u64;
        assert_eq!(work.progress.read(), (size, size));
        assert_eq!(work.progress.written(), plain.len() as u64);
        LocalFiles.discard(&layout).await.unwrap();
        LocalFiles.discard(&layout).await.unwrap();
        assert!(!layout.staging.exists());
    }
}

#[tokio::test]
async fn several_members_are_one_database() {
    let [yard, _] = Yard::both().await;
    let home = TempDir::new().unwrap();
    let parts = [database_bytes(300), noise(2_000_000), Vec::new(), noise(1)];
    let packed: Vec<_> = parts.iter().flat_map(|part| gzip(part)).collect();
    yard.put(NAME, packed);
    stage(&yard.place, home.path()).await.unwrap();
    let staged = std::fs::read(layout(home.path()).staging).unwrap();
    assert!(staged == parts.concat());
}

#[tokio::test]
async fn what_is_wrong_with_a_backup_is_told_apart() {
    let packed = gzip(&noise(700_000));
    let half = &packed[..packed.len() / 2];
    let mut flipped = packed.clone();
    flipped[packed.len() / 2] ^= 1;
    let trailing = [packed.as_slice(), b"something after the end"].concat();
    let text = b"-- a dump that somebody named .gz --".repeat(100);
    for (bytes, sum, expected) in [
        (&b""[..], None, FailureCode::BackupEmpty),
        (half, None, FailureCode::BackupTruncated),
        (
            &packed[..packed.len() - 1],
            None,
            FailureCode::BackupTruncated,
        ),
        (&flipped, None, FailureCode::BackupDamaged),
        (&trailing, None, FailureCode::BackupDamaged),
        (&text, None, FailureCode::BackupDamaged),
        (
            &packed,
            Some("ab".repeat(32)),
            FailureCode::ChecksumMismatch,
        ),
    ] {
        assert_eq!(failure(NAME, bytes, sum).await, expected);
    }
}

#[tokio::test]
async fn a_download_that_breaks_gives_the_same_bytes() {
    let dir = TempDir::new().unwrap();
    let (server, folder) = s3(dir.path(), 1000).await;
    let home = TempDir::new().unwrap();
    let plain = noise(4_000_000);
    std::fs::write(folder.join(NAME), gzip(&plain)).unwrap();
    let place: Arc<dyn BackupPlace> = Arc::new(S3Place::new(&settings(&server)).await);
    let backup = only(place.as_ref()).await;
    let (after, times) = (400_000, 3);
    server.set_fault(Some(Fault::Break { after, times }));
    let staged = stage_backup(&place, &backup, home.path(), &Work::default()).await;
    assert_eq!(staged.unwrap().bytes, 4_000_000);
    assert!(std::fs::read(layout(home.path()).staging).unwrap() == plain);
}

#[tokio::test]
async fn a_stall_leaves_nothing_behind_and_can_be_repeated() {
    let dir = TempDir::new().unwrap();
    let (server, folder) = s3(dir.path(), 1000).await;
    let home = TempDir::new().unwrap();
    std::fs::write(folder.join(NAME), gzip(&noise(4_000_000))).unwrap();
    let place: Arc<dyn BackupPlace> = Arc::new(S3Place::new(&settings(&server)).await);
    server.set_fault(Some(Fault::Stall { after: 500_000 }));
    let stalled = stage(&place, home.path()).await.unwrap_err();
    assert_eq!(stalled.code(), FailureCode::BackupStalled);
    assert!(stalled.transient);
    assert!(!layout(home.path()).staging.exists());
    server.set_fault(None);
    stage(&place, home.path()).await.unwrap();
}

#[tokio::test]
async fn a_cancelled_or_dropped_restore_ends_and_can_be_repeated() {
    let dir = TempDir::new().unwrap();
    let (server, folder) = s3(dir.path(), 1000).await;
    let home = TempDir::new().unwrap();
    std::fs::write(folder.join(NAME), gzip(&noise(4_000_000))).unwrap();
    let mut settings = settings(&server);
    settings.limits.stall = Duration::from_secs(600);
    let place: Arc<dyn BackupPlace> = Arc::new(S3Place::new(&settings).await);
    let backup = only(place.as_ref()).await;
    server.set_fault(Some(Fault::Stall { after: 2_000_000 }));
    let (layout, work) = (layout(home.path()), Work::default());
    let begin = || {
        let (layout, work, place, backup) = (
            layout.clone(),
            work.clone(),
            Arc::clone(&place),
            backup.clone(),
        );
        tokio::spawn(async move { LocalFiles.stage(&layout, place, &backup, &work).await })
    };
    let stalled = async || {
        while work.progress.read().0 < 1_000_000 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let dropped = begin();
    tokio::time::timeout(Duration::from_secs(20), stalled())
        .await
        .unwrap();
    dropped.abort();
    assert!(dropped.await.unwrap_err().is_cancelled());
    let cancelled = begin();
    work.cancel.cancel();
    let ended = tokio::time::timeout(Duration::from_secs(20), cancelled);
    assert_eq!(code(ended.await.unwrap().unwrap()), FailureCode::CutOff);
    server.set_fault(None);
    assert_eq!(stage(&place, home.path()).await.unwrap().bytes, 4_000_000);
}
