//! Locks that processes hold, as `/proc/locks` tells.
//!
//! Asking the kernel through a handle of the file would mean to open and close it, and closing any
//! handle of a file drops every lock that this process has on it. This list is read without touching
//! the files. The kernel hands it out page by page and goes on by counting: what is let go in between
//! pushes another lock out of sight. So only what is seen is believed at once, and what is missed is
//! looked for again. Processes of other containers stand in it without a number; their locks count, too.

use crate::adapters::common::fs::file_error;
use crate::ports::PortResult;
use std::path::Path;

const LIST: &str = "/proc/locks";
/// Of the bytes that SQLite locks in a database: first the one of a writer that waits for readers,
/// then that of a writer, then those of readers, all of which a writer takes at the end.
const PENDING: u64 = 0x4000_0000;
const LAST_OF_READERS: u64 = PENDING + 2 + 509;
/// The byte that a writer locks in the index of a write-ahead log.
const WAL_WRITER: u64 = 120;

/// How often a lock is looked for.
const TRIES: u32 = 5;

type Identity = (u64, u64);

/// All locks of this moment.
pub(super) struct Locks(Vec<Lock>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Lock {
    whole: bool,
    exclusive: bool,
    pid: u32,
    file: Identity,
    bytes: (u64, u64),
}

/// Looks for a lock until it is seen, and a few times before it is said not to be there.
pub(super) fn seek<T>(look: impl Fn(&Locks) -> Option<T>) -> PortResult<Option<T>> {
    for _ in 1..TRIES {
        if let Some(found) = look(&read()?) {
            return Ok(Some(found));
        }
    }
    Ok(look(&read()?))
}

fn read() -> PortResult<Locks> {
    let path = Path::new(LIST);
    let text = std::fs::read_to_string(path).map_err(|e| file_error(path, &e, 0))?;
    Ok(Locks::parse(&text))
}

impl Locks {
    fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(Lock::parse).collect())
    }

    /// Who but `own` holds the lock for writing on a database or on the index of its log.
    pub(super) fn writer(
        &self,
        main: Option<Identity>,
        index: Option<Identity>,
        own: u32,
    ) -> Option<u32> {
        let writes = |lock: &&Lock| {
            let journal = Some(lock.file) == main && lock.meets(PENDING, LAST_OF_READERS);
            let log = Some(lock.file) == index && lock.meets(WAL_WRITER, WAL_WRITER);
            lock.exclusive && !lock.whole && lock.pid != own && (journal || log)
        };
        self.0.iter().find(writes).map(|lock| lock.pid)
    }

    /// Whether somebody holds the whole file for himself.
    pub(super) fn is_held(&self, file: Identity) -> bool {
        let mut locks = self.0.iter();
        locks.any(|lock| lock.whole && lock.exclusive && lock.file == file)
    }
}

impl Lock {
    /// `1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 120 120`; one that is only waited for has an arrow
    /// in the second place and is none.
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, kind, _, mode, pid, file, first, last] = words.as_slice() else {
            return None;
        };
        let mut file = file.split(':');
        let mut number = || u64::from_str_radix(file.next()?, 16).ok();
        let (major, minor) = (number()?, number()?);
        let inode = file.next()?.parse().ok()?;
        Some(Self {
            whole: *kind == "FLOCK",
            exclusive: *mode == "WRITE",
            // Locks of an open file and not of a process have the number -1.
            pid: pid.parse().unwrap_or_default(),
            file: (device(major, minor)?, inode),
            bytes: (first.parse().ok()?, last.parse().unwrap_or(u64::MAX)),
        })
    }

    fn meets(&self, first: u64, last: u64) -> bool {
        self.bytes.0 <= last && first <= self.bytes.1
    }
}

fn device(major: u64, minor: u64) -> Option<u64> {
    let (major, minor) = (u32::try_from(major).ok()?, u32::try_from(minor).ok()?);
    Some(rustix::fs::makedev(major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
        1: POSIX  ADVISORY  READ 11 fe:00:5 1073741826 1073742335\n\
        2: POSIX  ADVISORY  WRITE 12 fe:00:6 120 120\n\
        2: -> POSIX  ADVISORY  WRITE 13 fe:00:6 120 120\n\
        3: POSIX  ADVISORY  WRITE 14 fe:00:7 1073741825 1073741825\n\
        4: POSIX  ADVISORY  WRITE 15 fe:00:8 123 123\n\
        5: FLOCK  ADVISORY  WRITE 16 fe:00:9 0 EOF\n";

    #[test]
    fn only_a_writer_of_these_files_counts() {
        let locks = Locks::parse(LIST);
        let file = |inode| Some((device(0xfe, 0).unwrap(), inode));
        assert_eq!(locks.writer(file(5), None, 0), None);
        assert_eq!(locks.writer(None, file(6), 0), Some(12));
        assert_eq!(locks.writer(file(5), file(6), 12), None);
        assert_eq!(locks.writer(file(7), None, 0), Some(14));
        assert_eq!(locks.writer(None, file(8), 0), None);
        assert_eq!(locks.writer(None, None, 0), None);
    }

    #[test]
    fn a_file_is_held_as_a_whole_or_not() {
        let locks = Locks::parse(LIST);
        let device = device(0xfe, 0).unwrap();
        assert!(locks.is_held((device, 9)));
        assert!(!locks.is_held((device, 7)) && !locks.is_held((device + 1, 9)));
    }
}
