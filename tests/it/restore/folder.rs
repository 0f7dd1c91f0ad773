//! What only a folder can do.

use super::fixture::*;
use futures::StreamExt;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::backups::BackupPlace;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

fn place(folder: &Path) -> BackupDir {
    BackupDir::new(folder.to_owned(), Duration::from_secs(5))
}

#[tokio::test]
async fn links_and_pipes_are_no_backups() {
    let dir = TempDir::new().unwrap();
    let real = dir.path().join("real");
    std::fs::write(&real, b"bytes").unwrap();
    symlink(&real, dir.path().join(NAME)).unwrap();
    run(Command::new("mkfifo").arg(dir.path().join("db_20261122_031500.db.gz")));
    assert_eq!(place(dir.path()).list().await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_checksum_that_is_a_link_or_a_pipe_is_none() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at(NAME), b"bytes").unwrap();
    run(Command::new("mkfifo").arg(at(&format!("{NAME}.sha256"))));
    assert_eq!(only(&place(dir.path())).await.sha256, None);
}

#[tokio::test]
async fn a_missing_folder_is_told_from_a_closed_one() {
    let dir = TempDir::new().unwrap();
    let listed = place(&dir.path().join("none")).list().await;
    assert_eq!(code(listed), FailureCode::BackupPlaceMissing);
    let file = dir.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let listed = place(&file).list().await;
    assert_eq!(code(listed), FailureCode::BackupPlaceMissing);
}

#[tokio::test]
async fn a_folder_that_may_not_be_read_says_so() {
    if !as_nobody("restore::folder::a_folder_that_may_not_be_read_says_so") {
        return;
    }
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join(NAME), b"bytes").unwrap();
    let place = place(dir.path());
    let backup = only(&place).await;
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&dir.path().join(NAME), 0);
    let opened = place.open(&backup).await.map(drop);
    assert_eq!(code(opened), FailureCode::BackupAccessDenied);
    mode(dir.path(), 0);
    assert_eq!(code(place.list().await), FailureCode::BackupAccessDenied);
    mode(dir.path(), 0o500);
    let kept = place.put_record(&record(time(), 1)).await;
    assert_eq!(code(kept), FailureCode::FileAccessDenied);
}

#[tokio::test]
async fn a_file_that_is_rewritten_while_it_is_read_is_noticed_at_its_end() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join(NAME);
    std::fs::write(&path, noise(4_000_000)).unwrap();
    let place = place(dir.path());
    let mut stream = place.open(&only(&place).await).await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    std::fs::write(&path, vec![1; 4_000_000]).unwrap();
    let mut last = None;
    while let Some(chunk) = stream.next().await {
        last = Some(chunk);
    }
    assert_eq!(code(last.unwrap()), FailureCode::BackupChanged);
}
