//! Archives, honest ones and others.

use super::tree::{Entry, tree};
use crate::restore::fixture::gzip;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::saved_files::{Limits, LocalSavedFiles};
use rei_recovery::domain::backup::Backup;
use rei_recovery::domain::install::Unpacked;
use rei_recovery::ports::PortResult;
use rei_recovery::ports::backups::{BackupPlace, Work};
use rei_recovery::ports::install::SavedFiles;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tar::{Builder, EntryType, Header};
use tempfile::TempDir;

pub const NAME: &str = "files_20261123_031500.tar.gz";

/// Limits for tests: small disks are large enough.
pub const LIMITS: Limits = Limits {
    reserve: 0,
    ..Limits::USUAL
};

/// A tar file in the making.
pub struct Packing(Builder<Vec<u8>>);

impl Packing {
    pub fn new() -> Self {
        Self(Builder::new(Vec::new()))
    }

    /// Adds an entry with exactly these bytes as its name, whatever the library thinks of it.
    pub fn raw(
        mut self,
        kind: EntryType,
        name: &[u8],
        (link, mode): (&[u8], u32),
        data: &[u8],
    ) -> Self {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(1_700_000_000);
        header.set_size(data.len() as u64);
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.as_old_mut().linkname[..link.len()].copy_from_slice(link);
        header.set_cksum();
        self.0.append(&header, data).unwrap();
        self
    }

    pub fn file(self, name: &str, data: &str) -> Self {
        self.raw(
            EntryType::Regular,
            name.as_bytes(),
            (b"", 0o644),
            data.as_bytes(),
        )
    }

    pub fn folder(self, name: &str, mode: u32) -> Self {
        self.raw(EntryType::Directory, name.as_bytes(), (b"", mode), b"")
    }

    pub fn link(self, name: &str, target: &str) -> Self {
        self.raw(
            EntryType::Symlink,
            name.as_bytes(),
            (target.as_bytes(), 0o777),
            b"",
        )
    }

    pub fn hard_link(self, name: &str, target: &str) -> Self {
        self.raw(
            EntryType::Link,
            name.as_bytes(),
            (target.as_bytes(), 0o644),
            b"",
        )
    }

    /// An entry as the library writes it: long names with headers of their own.
    pub fn long(mut self, name: &str, data: &str) -> Self {
        let mut header = Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(data.len() as u64);
        self.0
            .append_data(&mut header, name, data.as_bytes())
            .unwrap();
        self
    }

    /// Headers that speak of the next entry.
    pub fn extended(mut self, headers: &[(&str, &[u8])]) -> Self {
        let headers = headers.iter().copied();
        self.0.append_pax_extensions(headers).unwrap();
        self
    }

    /// A block that stands there as it is.
    pub fn block(mut self, header: &Header, data: &[u8]) -> Self {
        self.0.append(header, data).unwrap();
        self
    }

    pub fn tar(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }

    pub fn gzip(self) -> Vec<u8> {
        gzip(&self.tar())
    }
}

/// A folder of archives.
pub fn place(folder: &Path) -> Arc<dyn BackupPlace> {
    Arc::new(BackupDir::new(folder.to_owned(), Duration::from_secs(10)))
}

/// A world of its own: an install folder with something in it, things outside, and a place for
/// archives.
pub struct World {
    pub dir: TempDir,
}

impl World {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let world = Self { dir };
        for folder in ["home/logs", "outside", "backups"] {
            std::fs::create_dir_all(world.path(folder)).unwrap();
        }
        for (name, text) in [
            ("home/config.py", "old config"),
            ("home/bot.db", "the restored database"),
            ("home/bot.db-wal", "its log"),
            ("outside/victim", "untouched"),
        ] {
            std::fs::write(world.path(name), text).unwrap();
        }
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// All of it but the archives themselves.
    pub fn tree(&self) -> BTreeMap<String, Entry> {
        let mut found = tree(self.dir.path());
        found.retain(|name, _| !name.starts_with("backups/"));
        found
    }

    pub fn place(&self) -> Arc<dyn BackupPlace> {
        place(&self.path("backups"))
    }

    pub fn put(&self, bytes: &[u8]) {
        std::fs::write(self.path("backups").join(NAME), bytes).unwrap();
    }

    pub async fn archive(&self) -> Backup {
        let mut archives = self.place().archives().await.unwrap();
        assert_eq!(archives.len(), 1, "{archives:?}");
        archives.remove(0)
    }

    pub async fn unpack(&self, bytes: &[u8]) -> PortResult<Unpacked> {
        self.unpack_within(bytes, LIMITS, &Work::default()).await
    }

    pub async fn unpack_within(
        &self,
        bytes: &[u8],
        limits: Limits,
        work: &Work,
    ) -> PortResult<Unpacked> {
        self.put(bytes);
        let archive = self.archive().await;
        let home = self.path("home");
        let aside = self.path("aside/R-7");
        LocalSavedFiles::new(home.join("data/rei.sqlite"), limits)
            .unpack(self.place(), &archive, (&home, &aside), work)
            .await
    }
}
