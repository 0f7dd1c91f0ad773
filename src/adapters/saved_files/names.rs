//! Paths in an archive: what they mean in the install folder, and which of them stay out of it.

use super::limits::{LONGEST_NAME, LONGEST_PATH};
use super::refusal::Reason;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// A path of the archive relative to the install folder; empty for the folder itself.
pub(super) fn relative(name: &[u8]) -> Result<PathBuf, Reason> {
    check(name)?;
    if name.first() == Some(&b'/') {
        return Err(Reason::Outside);
    }
    let mut path = PathBuf::new();
    for part in name.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => return Err(Reason::Outside),
            part if part.len() > LONGEST_NAME => return Err(Reason::Name),
            part => path.push(OsStr::from_bytes(part)),
        }
    }
    Ok(path)
}

/// Control characters forge lines in what people read, a backslash is a `/` to other programs.
fn check(name: &[u8]) -> Result<(), Reason> {
    let odd = |byte: &u8| byte.is_ascii_control() || *byte == b'\\';
    match name.len() > LONGEST_PATH || name.iter().any(odd) {
        true => Err(Reason::Name),
        false => Ok(()),
    }
}

/// Where a symlink leads, relative to the install folder. `..` may stand at the start of its target
/// only: behind a name that is a link itself it would lead somewhere else than it says.
pub(super) fn destination(link: &Path, target: &[u8]) -> Result<PathBuf, Reason> {
    check(target)?;
    let target = Path::new(OsStr::from_bytes(target));
    let mut place = link.parent().unwrap_or(Path::new("")).to_owned();
    let mut named = false;
    for part in target.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if !named && place.pop() => {}
            Component::Normal(part) => {
                named = true;
                place.push(part);
            }
            _ => return Err(Reason::Link),
        }
    }
    match target.as_os_str().is_empty() {
        true => Err(Reason::Name),
        false => Ok(place),
    }
}

/// Names that stay as they are whatever the archive holds: REI's database with its sidecars, which
/// a restore has just put there, and this program's own folder.
#[derive(Debug, Clone)]
pub(super) struct Spared(Vec<PathBuf>);

impl Spared {
    /// The contract's `bot.db`, this install's database as seen from `home`, and further names.
    pub(super) fn new(home: &Path, database: &Path, others: &[&str]) -> Self {
        let mut names = vec![PathBuf::from("bot.db")];
        names.extend(database.strip_prefix(home).ok().map(Path::to_owned));
        names.extend(others.iter().map(PathBuf::from));
        Self(names)
    }

    /// Whether a path, or a folder above it, begins with such a name: sidecars append to it.
    pub(super) fn covers(&self, path: &Path) -> bool {
        self.0.iter().any(|spared| {
            let folder = spared.parent().unwrap_or(Path::new(""));
            let name = spared.file_name().unwrap_or_default().as_bytes();
            let below = path.strip_prefix(folder).ok();
            let first = below.and_then(|rest| rest.components().next());
            first.is_some_and(|first| first.as_os_str().as_bytes().starts_with(name))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_stay_inside_are_plain() {
        for (name, path) in [
            (&b"a/b"[..], "a/b"),
            (b"./a//b/", "a/b"),
            (b".", ""),
            (b"\xd1\x84.txt", "ф.txt"),
        ] {
            assert_eq!(relative(name), Ok(PathBuf::from(path)));
        }
    }

    #[test]
    fn paths_that_leave_or_deceive_are_refused() {
        let long = vec![b'a'; 256];
        let deep = b"a/".repeat(2000);
        for (name, reason) in [
            (&b"../a"[..], Reason::Outside),
            (b"a/../../b", Reason::Outside),
            (b"a/..", Reason::Outside),
            (b"/etc/passwd", Reason::Outside),
            (b"a\0b", Reason::Name),
            (b"a\\..\\b", Reason::Name),
            (b"a\nb", Reason::Name),
            (&long, Reason::Name),
            (&deep, Reason::Name),
        ] {
            assert_eq!(relative(name), Err(reason), "{name:?}");
        }
    }

    #[test]
    fn a_link_may_lead_about_inside_only() {
        let lead = |link: &str, target: &[u8]| destination(Path::new(link), target);
        assert_eq!(lead("a/b", b"../c/./d"), Ok("c/d".into()));
        assert_eq!(lead("a", b"."), Ok("".into()));
        for (link, target) in [
            ("a", &b"../x"[..]),
            ("a/b", b"../../x"),
            ("a", b"/etc"),
            ("a/b", b"c/../x"),
            ("a", b"b/.."),
        ] {
            assert_eq!(lead(link, target), Err(Reason::Link), "{target:?}");
        }
        assert_eq!(lead("a", b""), Err(Reason::Name));
        assert_eq!(lead("a", b"b\0"), Err(Reason::Name));
    }

    #[test]
    fn the_database_is_spared_wherever_it_lies() {
        let spared = Spared::new(Path::new("/r"), Path::new("/r/data/rei.sqlite"), &[".own"]);
        let covers = |path: &str| spared.covers(Path::new(path));
        for path in [
            "bot.db",
            "bot.db-wal",
            "bot.db/x",
            "data/rei.sqlite-shm",
            ".own/1",
        ] {
            assert!(covers(path), "{path}");
        }
        for path in ["data/bot.db", "rei.sqlite", "data", "config.py"] {
            assert!(!covers(path), "{path}");
        }
    }
}
