//! What only a store behind a network can do.

use super::fixture::*;
use futures::{StreamExt, TryStreamExt};
use rei_recovery::adapters::s3::{S3Place, S3Settings};
use rei_recovery::demo::s3::{Fault, S3Server};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::PortResult;
use rei_recovery::ports::backups::BackupPlace;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

struct Store {
    server: S3Server,
    place: S3Place,
    folder: PathBuf,
    _dir: TempDir,
}

async fn store(page_size: u16) -> Store {
    let dir = TempDir::new().unwrap();
    let (server, folder) = s3(dir.path(), page_size).await;
    let place = S3Place::new(&settings(&server)).await;
    Store {
        server,
        place,
        folder,
        _dir: dir,
    }
}

/// Everything the stream gives, or its error.
async fn read(place: &S3Place) -> PortResult<Vec<u8>> {
    let stream = place.open(&only(place).await).await?;
    let chunks: Vec<_> = stream.try_collect().await?;
    Ok(chunks.concat())
}

#[tokio::test]
async fn every_page_is_read_and_other_folders_are_not() {
    let store = store(3).await;
    for hour in 0..20 {
        let name = format!("db_20261123_{hour:02}0000.db.gz");
        std::fs::write(store.folder.join(&name), b"bytes").unwrap();
        std::fs::write(store.folder.join(format!("{name}.sha256")), "cd".repeat(32)).unwrap();
    }
    let deeper = store.folder.join("old");
    std::fs::create_dir(&deeper).unwrap();
    std::fs::write(deeper.join(NAME), b"bytes").unwrap();
    std::fs::write(store.server.folder().join(NAME), b"bytes").unwrap();
    let backups = store.place.list().await.unwrap();
    assert_eq!(backups.len(), 20);
    assert!(backups.iter().all(|b| b.sha256.is_some()));
    assert_eq!(backups[0].name, "prod/db_20261123_000000.db.gz");
    let asked = store.server.requests().len();
    store.place.list().await.unwrap();
    // Checksums are not fetched again; 40 files and a folder make 14 pages.
    assert_eq!(store.server.requests().len() - asked, 14);
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_not_tried_again() {
    let store = store(1000).await;
    let wrong = |settings: &mut S3Settings, id: &str, secret: &str| {
        let keys = settings.keys.as_mut().unwrap();
        keys.id = id.into();
        keys.secret = secret.into();
    };
    for (id, secret) in [(KEY, "wrong"), ("nobody", SECRET)] {
        let mut settings = settings(&store.server);
        wrong(&mut settings, id, secret);
        let before = store.server.requests().len();
        let failure = S3Place::new(&settings).await.list().await.unwrap_err();
        assert_eq!(
            failure.code(),
            FailureCode::BackupAccessDenied,
            "{failure:?}"
        );
        assert!(!failure.transient);
        assert!(!format!("{failure:?}").contains(secret));
        assert_eq!(store.server.requests().len() - before, 1);
    }
}

#[tokio::test]
async fn a_missing_bucket_is_told_from_a_missing_object() {
    let store = store(1000).await;
    std::fs::write(store.folder.join(NAME), b"bytes").unwrap();
    let backup = only(&store.place).await;
    let mut settings = settings(&store.server);
    settings.bucket = "another".into();
    let elsewhere = S3Place::new(&settings).await;
    assert_eq!(
        code(elsewhere.list().await),
        FailureCode::BackupPlaceMissing
    );
    let opened = elsewhere.open(&backup).await.map(drop);
    assert_eq!(code(opened), FailureCode::BackupPlaceMissing);
    let kept = elsewhere.put_record(&record(time(), 1)).await;
    assert_eq!(code(kept), FailureCode::BackupPlaceMissing);
}

#[tokio::test]
async fn a_store_in_trouble_is_asked_again_so_many_times() {
    let store = store(1000).await;
    for status in [500, 503] {
        store.server.set_fault(Some(Fault::Status(status)));
        let before = store.server.requests().len();
        let failure = store.place.list().await.unwrap_err();
        assert_eq!(failure.code(), FailureCode::BackupPlaceFailing);
        assert!(failure.transient);
        assert_eq!(store.server.requests().len() - before, 2);
    }
    store.server.set_fault(None);
    assert_eq!(store.place.list().await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_store_that_is_gone_or_silent_is_unreachable() {
    let store = store(1000).await;
    for fault in [Fault::Cut, Fault::Silence] {
        store.server.set_fault(Some(fault));
        let begun = Instant::now();
        let failure = store.place.list().await.unwrap_err();
        assert_eq!(
            failure.code(),
            FailureCode::BackupPlaceUnreachable,
            "{fault:?}"
        );
        assert!(failure.transient);
        assert!(begun.elapsed() < limits().operation + Duration::from_secs(2));
    }
    let mut settings = settings(&store.server);
    drop(store.server);
    settings.endpoint = Some("http://store.invalid:9".into());
    let failure = S3Place::new(&settings).await.list().await.unwrap_err();
    assert_eq!(failure.code(), FailureCode::BackupPlaceUnreachable);
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_broke() {
    let store = store(1000).await;
    let bytes = noise(5_000_000);
    std::fs::write(store.folder.join(NAME), &bytes).unwrap();
    let backup = only(&store.place).await;
    let (after, times) = (700_000, 3);
    store.server.set_fault(Some(Fault::Break { after, times }));
    let stream = store.place.open(&backup).await.unwrap();
    let chunks: Vec<_> = stream.try_collect().await.unwrap();
    assert!(chunks.concat() == bytes);
    assert_eq!(store.server.fault(), None, "it broke three times");
}

#[tokio::test]
async fn a_download_that_breaks_for_ever_gives_up() {
    let store = store(1000).await;
    std::fs::write(store.folder.join(NAME), noise(5_000_000)).unwrap();
    let (after, times) = (1000, u32::MAX);
    store.server.set_fault(Some(Fault::Break { after, times }));
    let failure = read(&store.place).await.unwrap_err();
    assert_eq!(failure.code(), FailureCode::BackupPlaceFailing);
    assert!(failure.transient, "{failure:?}");
}

#[tokio::test]
async fn a_stalling_download_ends_by_itself() {
    let store = store(1000).await;
    std::fs::write(store.folder.join(NAME), noise(5_000_000)).unwrap();
    let backup = only(&store.place).await;
    store
        .server
        .set_fault(Some(Fault::Stall { after: 300_000 }));
    let stream = store.place.open(&backup).await.unwrap();
    let begun = Instant::now();
    let stream = stream.map(|chunk| chunk.map(|bytes| bytes.len()));
    let failure = stream.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(failure.code(), FailureCode::BackupStalled);
    assert!(failure.transient);
    assert!(begun.elapsed() < limits().stall * 4);
}

#[tokio::test]
async fn an_object_that_is_replaced_while_the_line_is_broken_is_noticed() {
    let store = store(1000).await;
    let path = store.folder.join(NAME);
    std::fs::write(&path, noise(5_000_000)).unwrap();
    let backup = only(&store.place).await;
    let (after, times) = (300_000, 1);
    store.server.set_fault(Some(Fault::Break { after, times }));
    let mut stream = store.place.open(&backup).await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    std::fs::write(path.with_extension("new"), vec![1; 5_000_000]).unwrap();
    std::fs::rename(path.with_extension("new"), &path).unwrap();
    let stream = stream.map(|chunk| chunk.map(|bytes| bytes.len()));
    let failure = stream.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(failure.code(), FailureCode::BackupChanged);
}

#[tokio::test]
async fn a_request_s_deadline_does_not_end_a_download_that_moves() {
    let store = store(1000).await;
    std::fs::write(store.folder.join(NAME), noise(20_000_000)).unwrap();
    let mut settings = settings(&store.server);
    settings.limits.attempt = Duration::from_millis(400);
    settings.limits.operation = Duration::from_millis(800);
    settings.limits.stall = Duration::from_secs(10);
    let place = S3Place::new(&settings).await;
    let mut stream = place.open(&only(&place).await).await.unwrap();
    let mut length = stream.next().await.unwrap().unwrap().len();
    // The reader, not the store, is slow here: the time passes all the same.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    while let Some(chunk) = stream.next().await {
        length += chunk.unwrap().len();
    }
    assert_eq!(length, 20_000_000);
}
