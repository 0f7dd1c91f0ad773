//! The drop-in of the unit: which folders the service sees and may write, besides its own.

use crate::config::BaseSettings;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the package's unit already lets it write.
const OWN_STATE: &str = "/var/lib/rei-recovery";

/// Folders.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Places {
    written: BTreeSet<PathBuf>,
    read: BTreeSet<PathBuf>,
}

impl Places {
    /// What a recovery touches by these settings.
    pub(super) fn of(base: &BaseSettings) -> Self {
        let patient = &base.patient;
        let mut written = BTreeSet::from([patient.home.clone(), base.backups.dir.clone()]);
        written.extend(patient.database.parent().map(PathBuf::from));
        if base.state_dir != Path::new(OWN_STATE) {
            written.insert(base.state_dir.clone());
        }
        let mut read: BTreeSet<PathBuf> = base.runbook_dir.iter().cloned().collect();
        read.extend(patient.log.parent().map(PathBuf::from));
        Self {
            written: outermost(&written),
            read: read
                .into_iter()
                .filter(|folder| !written.iter().any(|above| folder.starts_with(above)))
                .collect(),
        }
    }
}

/// Without those that lie in another one.
fn outermost(folders: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let is_inner = |folder: &PathBuf| {
        let mut others = folders.iter().filter(|other| *other != folder);
        others.any(|other| folder.starts_with(other))
    };
    folders.iter().filter(|f| !is_inner(f)).cloned().collect()
}

/// A file for `/etc/systemd/system/rei-recovery.service.d`.
pub(super) fn drop_in(head: &str, places: &Places) -> String {
    let mut text = format!("# {head}\n[Service]\n");
    for folder in &places.written {
        text.push_str(&format!("BindPaths=-{}\n", escaped(folder)));
        text.push_str(&format!("ReadWritePaths=-{}\n", escaped(folder)));
    }
    for folder in &places.read {
        text.push_str(&format!("BindReadOnlyPaths=-{}\n", escaped(folder)));
    }
    text
}

/// One word of a unit's setting: specifiers, separators and quotes taken literally.
fn escaped(path: &Path) -> String {
    let mut word = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            '%' => word.push_str("%%"),
            ':' | '\\' => word.extend(['\\', c]),
            ' ' => word.push_str("\\x20"),
            '"' => word.push_str("\\x22"),
            '\'' => word.push_str("\\x27"),
            c if c.is_control() => word.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => word.push(c),
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_another_is_named_once() {
        let folders = ["/srv/rei", "/srv/rei/data", "/srv/reindeer"].map(PathBuf::from);
        let expected = ["/srv/rei", "/srv/reindeer"].map(PathBuf::from);
        assert_eq!(outermost(&folders.into()), expected.into());
    }

    #[test]
    fn a_path_stays_one_word() {
        assert_eq!(
            escaped(Path::new("/a b/50%:\"x\"")),
            "/a\\x20b/50%%\\:\\x22x\\x22"
        );
    }
}
