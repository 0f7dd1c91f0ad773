//! Who holds the database open, read from `/proc`.
//!
//! A file is recognised by device and inode, and by its path where it was deleted meanwhile: such a
//! process would still write through a journal of the same name. Without the right to look into
//! another user's processes (root, or `CAP_SYS_PTRACE`) nothing is proved about those that could
//! open the file, and they are counted. Processes outside our PID namespace are out of sight.

mod process;

use super::common::fs::{blocking, file_error};
use crate::ports::PortResult;
use crate::ports::database::{FileHolders, Holder, HoldersReport};
use async_trait::async_trait;
use process::{Look, look};
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The kernel's view of open files.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcHolders;

#[async_trait]
impl FileHolders for ProcHolders {
    async fn holders(&self, database: &Path) -> PortResult<HoldersReport> {
        let database = database.to_owned();
        blocking(move || {
            let wanted = Wanted::of(&database)?;
            let mut report = HoldersReport::default();
            for pid in pids()? {
                match look(pid, &wanted) {
                    Look::Open(files) => {
                        report.seen += 1;
                        report.holders.extend(files);
                    }
                    Look::Hidden => report.hidden += 1,
                    Look::Nothing => {}
                }
            }
            if !Path::new("/proc/1/status").exists() {
                // `hidepid`: processes of others are not even listed.
                report.hidden += 1;
            }
            Ok(report)
        })
        .await
    }
}

/// The files that are looked for.
struct Wanted {
    by_inode: HashMap<(u64, u64), PathBuf>,
    paths: Vec<PathBuf>,
    /// Owner, group and mode of the database, or of its folder where it is gone.
    access: (u32, u32, u32),
}

impl Wanted {
    fn of(database: &Path) -> PortResult<Self> {
        let folder = database.parent().unwrap_or(Path::new("/"));
        let real = std::fs::canonicalize(folder).map_err(|e| file_error(folder, &e, 0))?;
        let name = database.file_name().unwrap_or_default();
        let mut wanted = Self {
            by_inode: HashMap::new(),
            paths: Vec::new(),
            access: access(&std::fs::metadata(&real).map_err(|e| file_error(folder, &e, 0))?),
        };
        for suffix in ["-journal", "-shm", "-wal", ""] {
            let mut member = OsString::from(name);
            member.push(suffix);
            let path = real.join(member);
            if let Ok(file) = std::fs::metadata(&path) {
                wanted
                    .by_inode
                    .insert((file.dev(), file.ino()), path.clone());
                wanted.access = access(&file);
            }
            wanted.paths.push(path);
        }
        Ok(wanted)
    }

    /// The wanted file that a link of `/proc/<pid>/fd` leads to.
    fn matches(&self, target: &str, file: Option<&Metadata>) -> Option<&PathBuf> {
        let by_inode = file.and_then(|f| self.by_inode.get(&(f.dev(), f.ino())));
        by_inode.or_else(|| self.deleted(target))
    }

    /// The wanted file of a mapping: the path, and the inode's number, since the same path may lead
    /// elsewhere in a container. (The device in `maps` is not the one that `stat` gives everywhere.)
    fn mapped(&self, target: &str, inode: u64) -> Option<&PathBuf> {
        let mut known = self.by_inode.iter();
        let there = known.find(|((_, ino), path)| *ino == inode && path.as_os_str() == target);
        there.map(|(_, path)| path).or_else(|| self.deleted(target))
    }

    fn deleted(&self, target: &str) -> Option<&PathBuf> {
        let name = target.strip_suffix(" (deleted)")?;
        self.paths.iter().find(|path| path.as_os_str() == name)
    }

    /// Whether a user with this id and these groups could have opened the files.
    fn open_to(&self, uid: u32, groups: &[u32]) -> bool {
        let (owner, group, mode) = self.access;
        let bits = if uid == owner {
            mode >> 6
        } else if groups.contains(&group) {
            mode >> 3
        } else {
            mode
        };
        uid == 0 || bits & 0o6 != 0
    }
}

fn access(file: &Metadata) -> (u32, u32, u32) {
    (file.uid(), file.gid(), file.mode())
}

fn pids() -> PortResult<Vec<u32>> {
    let proc = Path::new("/proc");
    let entries = std::fs::read_dir(proc).map_err(|e| file_error(proc, &e, 0))?;
    let own = std::process::id();
    Ok(entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| *pid != own)
        .collect())
}

/// One find per process and file, however many handles it has.
fn holder(pid: u32, name: &str, file: &Path) -> Holder {
    Holder {
        pid,
        name: name.to_owned(),
        file: file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(access: (u32, u32, u32)) -> Wanted {
        Wanted {
            by_inode: HashMap::new(),
            paths: vec![
                "/opt/rei_bot/bot.db".into(),
                "/opt/rei_bot/bot.db-wal".into(),
            ],
            access,
        }
    }

    #[test]
    fn a_deleted_file_is_still_found_by_its_path() {
        let wanted = wanted((0, 0, 0o600));
        let found = |text| wanted.matches(text, None).is_some();
        assert!(found("/opt/rei_bot/bot.db-wal (deleted)"));
        assert!(!found("/opt/rei_bot/bot.db.old (deleted)"));
        // The same path in a container is another file.
        assert!(!found("/opt/rei_bot/bot.db"));
    }

    #[test]
    fn only_who_could_open_the_file_matters() {
        let private = wanted((1000, 1000, 0o100_600));
        assert!(private.open_to(1000, &[]) && private.open_to(0, &[]));
        assert!(!private.open_to(33, &[33]));
        let shared = wanted((1000, 50, 0o100_640));
        assert!(shared.open_to(33, &[33, 50]) && !shared.open_to(33, &[33]));
        assert!(wanted((1000, 50, 0o100_644)).open_to(33, &[33]));
    }
}
