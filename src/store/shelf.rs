//! The shelf: files of notices in `STATE_DIR/notices`, named by their content.

use super::{Store, make_folder, unavailable};
use crate::domain::campaign::message::MediaKind;
use crate::ports::journal::{StateError, StateResult};
use crate::ports::shelf::Shelf;
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

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
}
