//! How many errors the last minutes of the log hold.
//!
//! A line says when it was written in a zone that it does not name. The file's own time says when its
//! last line was written: the difference between the two is the zone, whatever it is.

use super::lines::DATABASE_ERRORS;
use super::open;
use crate::ports::log::LogRate;
use crate::ports::redact;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

/// How much of the file's end is read, in bytes.
const TAIL: u64 = 512 * 1024;
/// Characters of a line that people get to see.
const TOLD: usize = 200;
/// As Python's logging names them; the first three are no errors.
const LEVELS: [&str; 6] = ["INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL", "FATAL"];
const HARMLESS: usize = 3;
/// `2026-11-23 03:15:07`
const STAMP: usize = 19;

/// Counts in the file's last part.
pub(super) fn of(path: &Path, span: Duration) -> io::Result<LogRate> {
    let Some((mut file, meta)) = open(path)? else {
        return Ok(LogRate::default());
    };
    let written = Timestamp::try_from(meta.modified()?).ok();
    let start = meta.len().saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    // The first line may be the end of a longer one.
    let whole = match start {
        0 => &*text,
        _ => text.split_once('\n').map_or("", |(_, rest)| rest),
    };
    let silence = written.map_or(SignedDuration::ZERO, |at| {
        Timestamp::now().duration_since(at)
    });
    let rate = count(whole, SignedDuration::try_from(span).ok(), silence);
    Ok(LogRate { written, ..rate })
}

/// Counts in lines of which the last was written `silence` ago.
fn count(text: &str, span: Option<SignedDuration>, silence: SignedDuration) -> LogRate {
    let newest = text.lines().rev().find_map(stamp);
    let Some((newest, span)) = newest.zip(span) else {
        return LogRate::default();
    };
    let mut rate = LogRate {
        errors: Some(0),
        ..LogRate::default()
    };
    // Lines without a time, those of a traceback, belong to the one before.
    let mut counts = false;
    for line in text.lines() {
        if let Some(at) = stamp(line) {
            counts = newest.duration_since(at) + silence <= span;
        }
        if counts {
            note(&mut rate, line);
        }
    }
    rate
}

fn note(rate: &mut LogRate, line: &str) {
    if stamp(line).is_some() && level(line).is_some_and(|level| level >= HARMLESS) {
        rate.errors = rate.errors.map(|count| count + 1);
        rate.last_error = Some(told(line));
    }
    if DATABASE_ERRORS.iter().any(|words| line.contains(words)) {
        rate.database_errors += 1;
        rate.last_database_error = Some(told(line));
    }
}

/// The first level that a line names: what comes later are the program's own words.
fn level(line: &str) -> Option<usize> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut words = line.split(|c: char| !is_letter(c));
    words.find_map(|word| LEVELS.iter().position(|level| *level == word))
}

fn stamp(line: &str) -> Option<DateTime> {
    let start = line.trim_start_matches('[').get(..STAMP)?;
    let start = start.replacen('T', " ", 1);
    DateTime::strptime("%Y-%m-%d %H:%M:%S", start).ok()
}

fn told(line: &str) -> String {
    redact::tokens(line).trim().chars().take(TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
        2026-11-23 03:00:00,001 - bot - ERROR - long ago\n\
        2026-11-23 03:08:00,001 - bot - INFO - no ERROR here\n\
        2026-11-23 03:09:00,001 - bot - ERROR - handler failed\n\
        Traceback (most recent call last):\n\
        sqlite3.OperationalError: database is locked\n\
        2026-11-23 03:09:30,001 - bot - CRITICAL - 535362388:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao\n\
        2026-11-23 03:10:00,001 - bot - INFO - fine\n";

    fn after(silence: i64) -> LogRate {
        let span = SignedDuration::from_mins(5);
        count(LOG, Some(span), SignedDuration::from_secs(silence))
    }

    #[test]
    fn only_errors_of_the_last_minutes_count() {
        let rate = after(0);
        assert_eq!((rate.errors, rate.database_errors), (Some(2), 1));
        let last = rate.last_error.unwrap();
        assert!(last.ends_with("CRITICAL - 535362388:***"), "{last}");
        let database = rate.last_database_error.unwrap();
        assert_eq!(database, "sqlite3.OperationalError: database is locked");
    }

    #[test]
    fn what_lies_back_no_longer_counts_when_nothing_was_written_since() {
        assert_eq!(after(280).errors, Some(0));
        assert_eq!(after(265).errors, Some(1));
    }

    #[test]
    fn a_log_without_times_tells_no_rate() {
        let rate = count(
            "ERROR x\n",
            Some(SignedDuration::from_mins(5)),
            SignedDuration::ZERO,
        );
        assert_eq!(rate.errors, None);
    }
}
