//! A store that is not ours: plain `s3s-fs`, which lists without entity tags, ignores `If-Match`, and
//! says of an object in a missing bucket that the object is missing.

use super::fixture::*;
use futures::TryStreamExt;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rei_recovery::adapters::s3::{S3Keys, S3Place, S3Settings};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::backups::BackupPlace;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::path::Path;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// Serves a folder of buckets until the test ends.
async fn serve(root: &Path) -> String {
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let builder = Builder::new(TokioExecutor::new());
                let _ = builder
                    .serve_connection(TokioIo::new(socket), service)
                    .await;
            });
        }
    });
    url
}

async fn place(url: &str, bucket: &str) -> S3Place {
    S3Place::new(&S3Settings {
        endpoint: Some(url.to_owned()),
        region: Some("ru-central1".into()),
        bucket: bucket.into(),
        prefix: String::new(),
        keys: Some(S3Keys {
            id: KEY.into(),
            secret: SECRET.into(),
            session: None,
        }),
        limits: limits(),
    })
    .await
}

#[tokio::test]
async fn revisions_are_told_even_where_listings_and_conditions_do_not_help() {
    let dir = TempDir::new().unwrap();
    let bucket = dir.path().join("backups");
    std::fs::create_dir(&bucket).unwrap();
    let url = serve(dir.path()).await;
    let place = place(&url, "backups").await;
    let bytes = noise(2_000_000);
    std::fs::write(bucket.join(NAME), &bytes).unwrap();
    let backup = only(&place).await;
    assert!(!backup.revision.is_empty());
    let chunks: Vec<_> = place
        .open(&backup)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    assert!(chunks.concat() == bytes);
    std::fs::write(bucket.join(NAME), noise(2_000_001).split_off(1)).unwrap();
    let changed = place.open(&backup).await.map(drop);
    assert_eq!(code(changed), FailureCode::BackupChanged);
    place.put_record(&record(time(), 7)).await.unwrap();
    assert_eq!(place.records().await, Ok(vec![record(time(), 7)]));
}

#[tokio::test]
async fn a_missing_bucket_is_told_even_where_the_store_blames_the_object() {
    let dir = TempDir::new().unwrap();
    let bucket = dir.path().join("backups");
    std::fs::create_dir(&bucket).unwrap();
    std::fs::write(bucket.join(NAME), b"bytes").unwrap();
    let url = serve(dir.path()).await;
    let there = place(&url, "backups").await;
    let backup = only(&there).await;
    let elsewhere = place(&url, "another").await;
    assert_eq!(
        code(elsewhere.list().await),
        FailureCode::BackupPlaceMissing
    );
    let opened = elsewhere.open(&backup).await.map(drop);
    assert_eq!(code(opened), FailureCode::BackupPlaceMissing);
    std::fs::remove_file(bucket.join(NAME)).unwrap();
    let opened = there.open(&backup).await.map(drop);
    assert_eq!(code(opened), FailureCode::BackupNotFound);
}
