//! The shelf: files of notices in `STATE_DIR/notices`, named by their content.

use super::{Store, make_folder, unavailable};
use crate::domain::campaign::message::MediaKind;
use crate::ports::journal::{StateError, StateResult};
use crate::ports::shelf::Shelf;
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Files in a folder, and what Telegram calls them in the state.
#[derive(Clone)]
pub struct FileShelf {
    dir: PathBuf,
    store: Store,
}

impl FileShelf {
    /// The shelf of this state folder; it is made with the first file.
    #[must_use]
    pub fn new(state_dir: &Path, store: Store) -> Self {
        Self {
            dir: state_dir.join("notices"),
            store,
        }
    }
}

#[async_trait]
impl Shelf for FileShelf {
    async fn keep(&self, bytes: Vec<u8>) -> StateResult<String> {
        let dir = self.dir.clone();
        let kept = tokio::task::spawn_blocking(move || keep(&dir, &bytes));
        kept.await.map_err(unavailable)?.map_err(unavailable)
    }

    async fn sweep(&self, used: BTreeSet<String>, before: Timestamp) -> StateResult<u64> {
        let dir = self.dir.clone();
        let swept = tokio::task::spawn_blocking(move || sweep(&dir, &used, before.into()));
        let swept = swept.await.map_err(unavailable)?.map_err(unavailable)?;
        let count = swept.len() as u64;
        if count > 0 {
            let forget = |tx: &Connection, content: &String| {
                tx.execute("DELETE FROM shelf_files WHERE content = ?1", [content])
            };
            self.store
                .write(move |scope| {
                    let mut swept = swept.iter();
                    let forgotten = swept.try_for_each(|it| forget(&scope.tx, it).map(drop));
                    forgotten.map_err(unavailable)
                })
                .await?;
        }
        Ok(count)
    }

    async fn path(&self, content: &str) -> StateResult<Option<PathBuf>> {
        let path = self.dir.join(named(content)?);
        Ok(tokio::fs::try_exists(&path)
            .await
            .map_err(unavailable)?
            .then_some(path))
    }

    async fn file_id(
        &self,
        bot: i64,
        content: &str,
        kind: MediaKind,
    ) -> StateResult<Option<String>> {
        let content = content.to_owned();
        self.store
            .read(move |tx| {
                tx.query_row(
                    "SELECT file_id FROM shelf_files WHERE bot = ?1 AND content = ?2 AND kind = ?3",
                    params![bot, content, kind.as_str()],
                    |row| row.get(0),
                )
                .optional()
                .map_err(unavailable)
            })
            .await
    }

    async fn set_file_id(
        &self,
        bot: i64,
        content: &str,
        kind: MediaKind,
        file_id: Option<&str>,
    ) -> StateResult<()> {
        let (content, file_id) = (content.to_owned(), file_id.map(str::to_owned));
        self.store
            .write(move |scope| {
                let known = params![bot, content, kind.as_str(), file_id];
                let sql = if file_id.is_some() {
                    "INSERT INTO shelf_files (bot, content, kind, file_id) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET file_id = ?4"
                } else {
                    "DELETE FROM shelf_files
                     WHERE bot = ?1 AND content = ?2 AND kind = ?3 AND ?4 IS NULL"
                };
                scope.tx.execute(sql, known).map(drop).map_err(unavailable)
            })
            .await
    }
}

/// The file's name: a hash and nothing else, so that no stored word leads out of the folder.
fn named(content: &str) -> StateResult<&str> {
    let is_hash = content.len() == 64 && content.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash
        .then_some(content)
        .ok_or_else(|| StateError::Unavailable(format!("`{content}` is not the name of a file")))
}

fn keep(dir: &Path, bytes: &[u8]) -> io::Result<String> {
    let content = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    let path = dir.join(&content);
    if path.exists() {
        // Kept anew: whoever sweeps must not take it for an old one.
        File::options()
            .append(true)
            .open(&path)?
            .set_modified(SystemTime::now())?;
        return Ok(content);
    }
    make_folder(dir)?;
    // Written aside and renamed: a name must never stand for half a file.
    let aside = dir.join(format!("{content}.{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, &path)?;
    File::open(dir)?.sync_all()?;
    Ok(content)
}

/// Half-written ones too, which a crash left aside under longer names.
fn sweep(dir: &Path, used: &BTreeSet<String>, before: SystemTime) -> io::Result<Vec<String>> {
    let mut swept = Vec::new();
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(swept),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !used.contains(&name) && entry.metadata()?.modified()? < before {
            fs::remove_file(entry.path())?;
            swept.push(name);
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::clock::SystemClock;
    use std::sync::Arc;

    #[tokio::test]
    async fn a_file_is_kept_once_and_known_by_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Arc::new(SystemClock)).unwrap();
        let shelf = FileShelf::new(dir.path(), store);
        let content = shelf.keep(b"picture".to_vec()).await.unwrap();
        assert_eq!(shelf.keep(b"picture".to_vec()).await.unwrap(), content);
        let path = shelf.path(&content).await.unwrap().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"picture");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        assert!(shelf.path(&"0".repeat(64)).await.unwrap().is_none());
        assert!(shelf.path("../state.db").await.is_err());
        let kind = MediaKind::Photo;
        shelf
            .set_file_id(7, &content, kind, Some("id-1"))
            .await
            .unwrap();
        let known = shelf.file_id(7, &content, kind).await.unwrap();
        assert_eq!(known.as_deref(), Some("id-1"));
        assert_eq!(shelf.file_id(8, &content, kind).await.unwrap(), None);
        shelf.set_file_id(7, &content, kind, None).await.unwrap();
        assert_eq!(shelf.file_id(7, &content, kind).await.unwrap(), None);
    }
    #[tokio::test]
    async fn what_nobody_uses_goes_once_it_is_old() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Arc::new(SystemClock)).unwrap();
        let shelf = FileShelf::new(dir.path(), store);
        let later = || Timestamp::now() + jiff::SignedDuration::from_secs(60);
        assert_eq!(shelf.sweep(BTreeSet::new(), later()).await.unwrap(), 0);
        let used = shelf.keep(b"used".to_vec()).await.unwrap();
        let loose = shelf.keep(b"loose".to_vec()).await.unwrap();
        let kind = MediaKind::Video;
        for content in [&used, &loose] {
            let id = Some("an-id");
            shelf.set_file_id(7, content, kind, id).await.unwrap();
        }
        let names = BTreeSet::from([used.clone()]);
        let young = Timestamp::now() - jiff::SignedDuration::from_secs(60);
        assert_eq!(shelf.sweep(names.clone(), young).await.unwrap(), 0);
        assert_eq!(shelf.sweep(names, later()).await.unwrap(), 1);
        assert!(shelf.path(&loose).await.unwrap().is_none());
        assert_eq!(shelf.file_id(7, &loose, kind).await.unwrap(), None);
        assert!(shelf.path(&used).await.unwrap().is_some());
        assert!(shelf.file_id(7, &used, kind).await.unwrap().is_some());
        // Kept anew, an old file is young again.
        let path = shelf.path(&used).await.unwrap().unwrap();
        let file = File::options().append(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        shelf.keep(b"used".to_vec()).await.unwrap();
        assert_eq!(shelf.sweep(BTreeSet::new(), young).await.unwrap(), 0);
    }
}
