//! One suite over every place of backups.

use super::fixture::*;
use futures::TryStreamExt;
use rei_recovery::adapters::{backup_dir::BackupDir, s3::S3Place};
use rei_recovery::demo::s3::S3Server;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::backups::BackupPlace;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A place with the folder that its backups lie in.
pub struct Yard {
    pub place: Arc<dyn BackupPlace>,
    pub folder: PathBuf,
    _dir: TempDir,
    _server: Option<S3Server>,
}

impl Yard {
    pub fn folder() -> Self {
        let dir = TempDir::new().unwrap();
        let folder = dir.path().to_owned();
        Self {
            place: Arc::new(BackupDir::new(folder.clone(), Duration::from_secs(5))),
            folder,
            _dir: dir,
            _server: None,
        }
    }

    pub async fn s3() -> Self {
        let dir = TempDir::new().unwrap();
        let (server, folder) = s3(dir.path(), 1000).await;
        Self {
            place: Arc::new(S3Place::new(&settings(&server)).await),
            folder,
            _dir: dir,
            _server: Some(server),
        }
    }

    pub async fn both() -> [Self; 2] {
        [Self::folder(), Self::s3().await]
    }

    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.folder.join(name), content).unwrap();
    }
}

async fn read(place: &dyn BackupPlace) -> Vec<u8> {
    let stream = place.open(&only(place).await).await.unwrap();
    let chunks: Vec<_> = stream.try_collect().await.unwrap();
    chunks.concat()
}

#[tokio::test]
async fn a_listing_tells_backups_from_everything_else() {
    for yard in Yard::both().await {
        let sum = "ab".repeat(32);
        yard.put(NAME, b"some bytes");
        yard.put(&format!("{NAME}.sha256"), format!("{sum}  {NAME}\n"));
        yard.put("db_2026-11-22_03-15-00.db.gz", b"older");
        yard.put("db_2026-11-22_03-15-00.db.gz.sha256", sum.to_uppercase());
        yard.put("db_20261121_031500.db.gz", b"");
        yard.put("db_20261121_031500.db.gz.sha256", b"no checksum in it");
        yard.put("files_20261123_031500.tar.gz", b"files");
        yard.put("db_20261123_031500.db.gz.part", b"half");
        std::fs::create_dir(yard.folder.join("db_20261120_031500.db.gz")).unwrap();
        let mut backups = yard.place.list().await.unwrap();
        backups.sort_by_key(|backup| std::cmp::Reverse(backup.time));
        let found: Vec<_> = backups
            .iter()
            .map(|b| (b.time.to_string(), b.size, b.sha256.clone()))
            .collect();
        assert_eq!(
            found,
            [
                ("20261123_031500".into(), 10, Some(sum.clone())),
                ("20261122_031500".into(), 5, Some(sum)),
                ("20261121_031500".into(), 0, None),
            ]
        );
    }
}

#[tokio::test]
async fn a_stream_gives_every_byte_and_the_hint_the_last_four() {
    for yard in Yard::both().await {
        let bytes = noise(3_000_001);
        yard.put(NAME, &bytes);
        let place = yard.place.as_ref();
        assert_eq!(read(place).await, bytes);
        let tail = u32::from_le_bytes(bytes[bytes.len() - 4..].try_into().unwrap());
        let hint = place.size_hint(&only(place).await).await;
        assert_eq!(hint, Ok(u64::from(tail)));
        yard.put(NAME, b"abc");
        assert_eq!(place.size_hint(&only(place).await).await, Ok(0));
    }
}

#[tokio::test]
async fn another_revision_is_refused() {
    for yard in Yard::both().await {
        yard.put(NAME, noise(100_000));
        let seen = only(yard.place.as_ref()).await;
        // The same size, another content, another file.
        yard.put("new", vec![7; 100_000]);
        std::fs::rename(yard.folder.join("new"), yard.folder.join(NAME)).unwrap();
        let refused = yard.place.open(&seen).await.map(drop);
        assert_eq!(code(refused), FailureCode::BackupChanged);
        let refused = yard.place.size_hint(&seen).await;
        assert_eq!(code(refused), FailureCode::BackupChanged);
        yard.put(NAME, b"shorter");
        let refused = yard.place.open(&seen).await.map(drop);
        assert_eq!(code(refused), FailureCode::BackupChanged);
    }
}

#[tokio::test]
async fn what_went_away_is_not_found() {
    for yard in Yard::both().await {
        yard.put(NAME, b"bytes");
        let seen = only(yard.place.as_ref()).await;
        std::fs::remove_file(yard.folder.join(NAME)).unwrap();
        let failure = yard.place.open(&seen).await.map(drop).unwrap_err();
        assert_eq!(failure.code(), FailureCode::BackupNotFound);
        assert!(!failure.transient);
    }
}

#[tokio::test]
async fn a_record_is_kept_beside_the_backup_and_a_broken_one_is_none() {
    for yard in Yard::both().await {
        let place = yard.place.as_ref();
        assert_eq!(place.record(time()).await, Ok(None));
        let mut record = record(time(), 4096);
        place.put_record(&record).await.unwrap();
        record.bytes = 8192;
        place.put_record(&record).await.unwrap();
        assert_eq!(place.record(time()).await, Ok(Some(record.clone())));
        assert_eq!(place.records().await, Ok(vec![record.clone()]));
        yard.put("db_20261122_031500.manifest.json", b"{\"bytes\":");
        assert_eq!(place.records().await, Ok(vec![record]));
        yard.put("db_20261123_031500.manifest.json", b"");
        assert_eq!(place.record(time()).await, Ok(None));
        assert!(stray(&yard.folder).is_empty());
    }
}

/// Temporary files that a durable write would have left.
fn stray(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.to_string_lossy().ends_with(".new"))
        .collect()
}
