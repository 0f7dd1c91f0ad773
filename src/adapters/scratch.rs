//! Work folders under `STATE_DIR/work`.

use super::common::fs::{blocking, file_error, free_bytes};
use crate::domain::failure::FailureCode;
use crate::ports::scratch::Scratch;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Folders in one folder.
#[derive(Debug, Clone)]
pub struct WorkFolders {
    root: PathBuf,
}

impl WorkFolders {
    /// Those of this state folder; the first piece of work makes it.
    #[must_use]
    pub fn new(state_dir: &Path) -> Self {
        Self {
            root: state_dir.join("work"),
        }
    }

    /// Names are ours; one that leads anywhere else is a defect and must remove nothing.
    fn path(&self, name: &str) -> PortResult<PathBuf> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        match !name.is_empty() && name.chars().all(plain) {
            true => Ok(self.root.join(name)),
            false => Err(PortError::new(FailureCode::FileError)
                .with("path", name)
                .because("no name of a work folder")),
        }
    }
}

#[async_trait]
impl Scratch for WorkFolders {
    async fn make(&self, name: &str) -> PortResult<PathBuf> {
        let path = self.path(name)?;
        blocking(move || {
            remove(&path)?;
            let mut builder = DirBuilder::new();
            let made = builder.recursive(true).mode(0o700).create(&path);
            made.map_err(|error| file_error(&path, &error, 0))?;
            Ok(path)
        })
        .await
    }

    async fn clear(&self, name: &str) -> PortResult<()> {
        let path = self.path(name)?;
        blocking(move || remove(&path)).await
    }

    async fn names(&self) -> PortResult<Vec<String>> {
        let root = self.root.clone();
        blocking(move || match std::fs::read_dir(&root) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(file_error(&root, &error, 0)),
            Ok(entries) => Ok(entries
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .collect()),
        })
        .await
    }

    async fn room(&self) -> Option<u64> {
        let root = self.root.clone();
        let free = blocking(move || Ok(free_bytes(&root)));
        free.await.ok().flatten()
    }
}

fn remove(path: &Path) -> PortResult<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(file_error(path, &error, 0)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn a_folder_is_private_empty_and_gone_afterwards() {
        let state = tempfile::tempdir().unwrap();
        let folders = WorkFolders::new(state.path());
        let folder = folders.make("test-7").await.unwrap();
        std::fs::write(folder.join("bot.db"), b"x").unwrap();
        assert_eq!(folders.make("test-7").await.unwrap(), folder);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        folders.clear("test-7").await.unwrap();
        folders.clear("test-7").await.unwrap();
        assert!(!folder.exists());
        assert!(folders.room().await.unwrap() > 0);
    }

    #[tokio::test]
    async fn no_name_leads_out_of_it() {
        let state = tempfile::tempdir().unwrap();
        let folders = WorkFolders::new(state.path());
        for name in ["", ".", "..", "../x", "a/b", "/etc"] {
            assert!(folders.clear(name).await.is_err(), "{name}");
        }
    }
}
