//! Breaking a database, each way so that it surely is broken.

use crate::demo::error::{DemoResult, at, in_db};
use rusqlite::Connection;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// One page in so many is damaged.
const EVERY: u64 = 8;

/// Bytes flipped at the beginning of a damaged page: the header of its b-tree and its first cells.
const FLIPPED: usize = 64;

/// What happens to a database file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Bytes are flipped in every eighth page, in place: whoever holds the file sees it too.
    FlippedBytes,
    /// The second half is gone.
    Truncated,
    /// The file is gone; its sidecars stay.
    Deleted,
    /// It is 0 bytes long.
    Emptied,
    /// It is no database but text.
    Overwritten,
    /// It is a good database with other tables.
    OtherSchema,
}

/// Damages a database; says how many bytes were changed or lost. A file that another process holds
/// open stays the same file, except where it is deleted.
///
/// # Errors
/// The file is missing or cannot be written.
pub fn damage(database: &Path, damage: Damage) -> DemoResult<u64> {
    let size = fs::metadata(database).map_err(at(database))?.len();
    match damage {
        Damage::FlippedBytes => flip_pages(database, size).map_err(at(database)),
        Damage::Truncated => cut(database, size / 2).map(|()| size - size / 2),
        Damage::Emptied => cut(database, 0).map(|()| size),
        Damage::Deleted => {
            fs::remove_file(database).map_err(at(database))?;
            Ok(size)
        }
        Damage::Overwritten => {
            let text = "not a database\n".repeat(1_000);
            cut(database, 0)?;
            fs::write(database, &text).map_err(at(database))?;
            Ok(size)
        }
        Damage::OtherSchema => {
            cut(database, 0)?;
            other_schema(database)?;
            Ok(size)
        }
    }
}

fn cut(path: &Path, to: u64) -> DemoResult<()> {
    let opened = File::options().write(true).open(path);
    opened.and_then(|file| file.set_len(to)).map_err(at(path))
}

/// The first page stays, so that the file still opens: damage that only queries meet is the
/// realistic and the worse kind.
fn flip_pages(database: &Path, size: u64) -> io::Result<u64> {
    let page = page_size(database)?;
    let pages = size / page;
    if pages < 2 {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            "too small to be damaged",
        ));
    }
    let step = EVERY.min(pages - 1);
    let mut flipped = 0;
    for number in (1..pages).step_by(usize::try_from(step).unwrap_or(1)) {
        flip(database, number * page, FLIPPED)?;
        flipped += FLIPPED as u64;
    }
    Ok(flipped)
}

/// From SQLite's file format: two bytes at 16, big endian, 1 standing for 65536.
fn page_size(database: &Path) -> io::Result<u64> {
    let mut bytes = [0; 2];
    File::open(database)?.read_exact_at(&mut bytes, 16)?;
    match u16::from_be_bytes(bytes) {
        1 => Ok(65_536),
        size if size >= 512 && size.is_power_of_two() => Ok(u64::from(size)),
        _ => Err(io::Error::new(ErrorKind::InvalidData, "no SQLite database")),
    }
}

/// Flips every bit of so many bytes, in place.
pub(super) fn flip(file: &Path, at: u64, bytes: usize) -> io::Result<()> {
    let opened = File::options().read(true).write(true).open(file)?;
    let mut content = vec![0; bytes];
    opened.read_exact_at(&mut content, at)?;
    for byte in &mut content {
        *byte = !*byte;
    }
    opened.write_all_at(&content, at)
}

fn other_schema(database: &Path) -> DemoResult<()> {
    let fill = || {
        Connection::open(database)?.execute_batch(
            "CREATE TABLE recipes (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
             INSERT INTO recipes (title) VALUES ('borscht'), ('kulebyaka');",
        )
    };
    fill().map_err(in_db(database))
}
