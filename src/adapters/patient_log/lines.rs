//! Lines of any length and any bytes, in bounded memory.

use crate::ports::log::{LogNews, LogPosition};
use memchr::memmem;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Seek, SeekFrom};
use tokio_util::sync::CancellationToken;

/// How Python and SQLite word a database that is broken, missing or out of reach. Constraint errors
/// are left out: they are the bot's daily bread.
pub(super) const DATABASE_ERRORS: [&str; 10] = [
    "sqlite3.DatabaseError",
    "sqlite3.OperationalError",
    "sqlite3.InternalError",
    "database disk image is malformed",
    "file is not a database",
    "database is locked",
    "disk I/O error",
    "database or disk is full",
    "unable to open database file",
    "attempt to write a readonly database",
];

/// Longer lines are searched in pieces of this size.
const PIECE: usize = 64 * 1024;
/// Carried from piece to piece, so that no error is cut in two: longer than any of them.
const OVERLAP: usize = 64;
/// How many errors are told, and how much of each.
const TOLD: usize = 20;
const TOLD_LENGTH: usize = 300;
/// How much of a line is shown before the error when it does not fit.
const LEAD: usize = 100;
/// Whether somebody may still complete the last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Growing,
    Finished,
}

/// Reads lines in bounded memory.
pub(super) struct Reader<'a> {
    input: BufReader<File>,
    /// Where the line at hand begins.
    line_start: u64,
    cancel: &'a CancellationToken,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        mut file: File,
        offset: u64,
        cancel: &'a CancellationToken,
    ) -> io::Result<Self> {
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self {
            input: BufReader::with_capacity(PIECE, file),
            line_start: offset,
            cancel,
        })
    }

    /// Reads to the end and returns where to read on.
    pub(super) fn read(mut self, found: &mut Findings, rest: Rest) -> io::Result<u64> {
        let mut line = Line::default();
        loop {
            if self.cancel.is_cancelled() {
                return Err(ErrorKind::TimedOut.into());
            }
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let newline = memchr::memchr(b'\n', chunk);
            let taken = newline.map_or(chunk.len(), |at| at + 1);
            line.take(&chunk[..newline.unwrap_or(taken)]);
            self.input.consume(taken);
            if newline.is_some() {
                self.line_start += line.length + 1;
                found.add(std::mem::take(&mut line));
            }
        }
        // A line too long to be held is not read twice.
        let complete = rest == Rest::Finished || line.length > PIECE as u64;
        if line.length > 0 && complete {
            self.line_start += line.length;
            found.add(line);
        }
        Ok(self.line_start)
    }
}

/// The line at hand: its last piece, and the error in it once one is found.
#[derive(Default)]
struct Line {
    piece: Vec<u8>,
    length: u64,
    error: Option<String>,
}

impl Line {
    fn take(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        while !bytes.is_empty() {
            if self.piece.len() >= PIECE {
                self.search();
                self.piece.drain(..PIECE - OVERLAP);
            }
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
        }
    }

    fn search(&mut self) {
        if self.error.is_none() {
            let first = DATABASE_ERRORS
                .iter()
                .filter_map(|words| memmem::find(&self.piece, words.as_bytes()))
                .min();
            self.error = first.map(|at| excerpt(&self.piece, at));
        }
    }
}

/// The line as people read it, cut so that the error is in it.
fn excerpt(line: &[u8], error_at: usize) -> String {
    let fits = line.len() <= TOLD_LENGTH || error_at + OVERLAP <= TOLD_LENGTH;
    let start = if fits {
        0
    } else {
        error_at.saturating_sub(LEAD)
    };
    // Four bytes are the longest character.
    let end = line.len().min(start + 4 * TOLD_LENGTH);
    String::from_utf8_lossy(&line[start..end])
        .trim()
        .chars()
        .take(TOLD_LENGTH)
        .collect()
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Findings {
    lines: u64,
    database_errors: Vec<String>,
}

impl Findings {
    fn add(&mut self, mut line: Line) {
        self.lines += 1;
        if self.database_errors.len() < TOLD {
            line.search();
            self.database_errors.extend(line.error);
        }
    }

    pub(super) fn news(self, position: LogPosition) -> LogNews {
        LogNews {
            position,
            lines: self.lines,
            database_errors: self.database_errors,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_in(pieces: &[&[u8]]) -> Option<String> {
        let mut line = Line::default();
        pieces.iter().for_each(|piece| line.take(piece));
        line.search();
        line.error
    }

    #[test]
    fn every_wording_is_found_and_constraints_are_not() {
        for words in DATABASE_ERRORS {
            assert!(error_in(&[b"2026-01-01 ERROR ", words.as_bytes()]).is_some());
        }
        let constraint = b"sqlite3.IntegrityError: UNIQUE constraint failed: payments.id";
        assert_eq!(error_in(&[constraint]), None);
    }

    #[test]
    fn an_error_far_into_a_line_is_shown_with_what_stands_before_it() {
        let line = [&[b'x'; 5_000][..], b" database is locked"].concat();
        let told = error_in(&[&line]).unwrap();
        assert!(
            told.ends_with(" database is locked") && told.len() < 150,
            "{told}"
        );
    }

    #[test]
    fn an_error_across_two_pieces_of_a_huge_line_is_found_in_bounded_memory() {
        for before in PIECE - 30..PIECE + 2 {
            let mut line = Line::default();
            line.take(&vec![b'x'; before]);
            line.take(b"database disk image is malformed");
            line.take(&vec![b'y'; 10 * PIECE]);
            line.search();
            assert!(line.error.is_some(), "{before}");
            assert!(line.piece.capacity() <= 2 * PIECE);
        }
    }
}
