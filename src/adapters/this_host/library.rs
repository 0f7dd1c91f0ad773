//! Which SQLite a process has loaded.
//!
//! Read from the bytes of the library that is mapped into it. Running REI's interpreter to ask it
//! would mean to run, with this program's rights, a file that REI's user may write.

use crate::adapters::common::fs::file_error;
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use memchr::memmem;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Larger files are no library and no interpreter.
const LARGEST: u64 = 128 << 20;
/// How versions of SQLite 3 begin, after the end of another text.
const BEGIN: &[u8] = b"\x003.";
/// Digits and points of the longest version.
const LONGEST: usize = 10;
/// Stands in every SQLite, and in nothing that only uses it.
const MARK: &[u8] = b"SQLite format 3";

/// Its version, if there is exactly one that it can be.
pub(super) fn sqlite_of(pid: u32) -> PortResult<Option<String>> {
    let process = PathBuf::from(format!("/proc/{pid}"));
    let maps = process.join("maps");
    let text = std::fs::read(&maps).map_err(|e| file_error(&maps, &e, 0))?;
    for path in candidates(&String::from_utf8_lossy(&text)) {
        // The process may live in a container of its own.
        let seen = process.join("root").join(path.trim_start_matches('/'));
        let bytes = read(&seen)?;
        if let Some(version) = version_in(&bytes) {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

/// Mapped files that can hold SQLite, the likeliest first: the library, Python's module with one of
/// its own, an interpreter with everything built in.
fn candidates(maps: &str) -> Vec<String> {
    let paths: BTreeSet<&str> = maps
        .lines()
        .filter_map(|line| line.get(line.find('/')?..))
        .collect();
    let rank = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        ["libsqlite3", "_sqlite3", "python"]
            .iter()
            .position(|start| name.starts_with(start) || name.starts_with(&format!("lib{start}")))
    };
    let mut ranked: Vec<_> = paths
        .into_iter()
        .filter_map(|path| Some((rank(path)?, path.to_owned())))
        .collect();
    ranked.sort();
    ranked.into_iter().map(|(_, path)| path).collect()
}

fn read(path: &Path) -> PortResult<Vec<u8>> {
    let failed = |error| file_error(path, &error, 0);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(PortError::new(FailureCode::FileError)
            .with("path", path.display().to_string())
            .because("not a regular file"));
    }
    file.take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// `3.40.1` between two zero bytes. Where several could be meant, none is.
fn version_in(bytes: &[u8]) -> Option<String> {
    memmem::find(bytes, MARK)?;
    let mut found = BTreeSet::new();
    for at in memmem::find_iter(bytes, BEGIN) {
        let text = &bytes[at + 1..bytes.len().min(at + 1 + LONGEST)];
        let end = memchr::memchr(0, text);
        let word = end.and_then(|end| std::str::from_utf8(&text[..end]).ok());
        found.extend(word.filter(|word| is_version(word)));
    }
    match found.into_iter().collect::<Vec<_>>().as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}

fn is_version(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_comes_before_the_module() {
        let maps = "1-2 r-xp 0 fe:00 1 /usr/lib/_sqlite3.cpython-311.so\n\
                    2-3 r-xp 0 fe:00 2 /usr/lib/libsqlite3.so.0.8.6\n\
                    3-4 r-xp 0 fe:00 3 /usr/bin/python3.11\n\
                    4-5 rw-p 0 00:00 0 [heap]\n5-6 r-xp 0 fe:00 4 /usr/lib/libc.so.6\n";
        let names = candidates(maps);
        let ends = [
            "libsqlite3.so.0.8.6",
            "_sqlite3.cpython-311.so",
            "python3.11",
        ];
        assert_eq!(names.len(), 3);
        assert!(
            names
                .iter()
                .zip(ends)
                .all(|(name, end)| name.ends_with(end))
        );
    }

    #[test]
    fn a_version_is_told_only_where_it_is_the_only_one() {
        let library = |words: &str| version_in(format!("SQLite format 3\0{words}\0x").as_bytes());
        assert_eq!(library("a\x003.40.1").as_deref(), Some("3.40.1"));
        assert_eq!(library("3.40.1\0b\x003.40.1").as_deref(), Some("3.40.1"));
        assert_eq!(library("3.40.1\0b\x003.11.2"), None);
        assert_eq!(library("3.x.1"), None);
        assert_eq!(version_in(b"\x003.40.1\0"), None);
    }
}
