//! One process in `/proc`.

use super::{Wanted, holder};
use crate::ports::database::Holder;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What looking at a process told.
pub(super) enum Look {
    /// Its open files were read; these of the wanted ones are among them.
    Open(Vec<Holder>),
    /// It could hold the files, and its open files may not be read.
    Hidden,
    /// It cannot matter: gone, a zombie, a thread of the kernel, or another user's without access.
    Nothing,
}

/// Looks at the handles and mappings of a process.
pub(super) fn look(pid: u32, wanted: &Wanted) -> Look {
    let folder = PathBuf::from(format!("/proc/{pid}"));
    let status = Status::read(&folder);
    match handles(&folder, wanted) {
        Ok(mut files) => {
            files.extend(mappings(&folder, wanted));
            let name = status.map(|s| s.name).unwrap_or_default();
            let found = files.iter().map(|file| holder(pid, &name, file));
            Look::Open(found.collect())
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => match status {
            Some(status) if !status.alive || is_of_kernel(&folder) => Look::Nothing,
            Some(status) if !wanted.open_to(status.uid, &status.groups) => Look::Nothing,
            Some(_) => Look::Hidden,
            None => Look::Nothing,
        },
        Err(_) => Look::Nothing,
    }
}

fn handles(folder: &Path, wanted: &Wanted) -> io::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder.join("fd"))? {
        let Ok(entry) = entry else { continue };
        let link = entry.path();
        // Closed between listing and looking: not held any more.
        let Ok(target) = fs::read_link(&link) else {
            continue;
        };
        let file = target.is_absolute().then(|| fs::metadata(&link).ok());
        let target = target.to_string_lossy();
        found.extend(wanted.matches(&target, file.flatten().as_ref()).cloned());
    }
    Ok(found)
}

/// A mapping outlives its handle. A line ends with inode and path.
fn mappings(folder: &Path, wanted: &Wanted) -> BTreeSet<PathBuf> {
    let text = fs::read(folder.join("maps")).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(|line| {
            let path = line.get(line.find('/')?..)?;
            let inode = line.split_whitespace().nth(4)?.parse().ok()?;
            wanted.mapped(path, inode).cloned()
        })
        .collect()
}

struct Status {
    name: String,
    uid: u32,
    groups: Vec<u32>,
    alive: bool,
}

impl Status {
    fn read(folder: &Path) -> Option<Self> {
        let text = fs::read(folder.join("status")).ok()?;
        Self::parse(&String::from_utf8_lossy(&text))
    }

    fn parse(text: &str) -> Option<Self> {
        let field = |name: &str| {
            text.lines()
                .find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
        };
        // Real, effective, saved and file system id: the effective one opens files.
        let effective = |ids: &str| ids.split_whitespace().nth(1)?.parse().ok();
        let gid = field("Gid").and_then(effective);
        let groups = field("Groups").unwrap_or_default();
        let groups = groups.split_whitespace().filter_map(|id| id.parse().ok());
        Some(Self {
            name: field("Name")?.to_owned(),
            uid: field("Uid").and_then(effective)?,
            groups: groups.chain(gid).collect(),
            alive: !field("State")?.starts_with(['Z', 'X']),
        })
    }
}

/// The ninth field of `stat` holds the flags; the name before it may hold anything.
fn is_of_kernel(folder: &Path) -> bool {
    const PF_KTHREAD: u64 = 0x0020_0000;
    let stat = fs::read_to_string(folder.join("stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let flags = after_name.split_whitespace().nth(6);
    flags
        .and_then(|f| f.parse::<u64>().ok())
        .is_some_and(|f| f & PF_KTHREAD != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_by_its_effective_ids() {
        let text = "Name:\tbot main\nState:\tS (sleeping)\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 10 \n";
        let status = Status::parse(text).unwrap();
        assert_eq!(
            (status.name.as_str(), status.uid, status.alive),
            ("bot main", 2, true)
        );
        assert_eq!(status.groups, [9, 10, 6]);
    }
}
