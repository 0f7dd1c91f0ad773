//! Copies of the program's own state that lie beside REI's backups: their names, and which may go.

use super::backup::{BackupTime, Place};
use serde::Serialize;
use std::collections::BTreeSet;

/// The folder they lie in, in the folder of backups and in the bucket. Backups of REI are looked for
/// beside it and never in it.
pub const FOLDER: &str = "rei-recovery";

/// So many of the newest stay.
pub const NEWEST: usize = 48;

/// The newest one of so many days stays.
pub const DAYS: usize = 14;

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnCopy {
    /// When it was made.
    pub time: BackupTime,
    /// Where it lies.
    pub place: Place,
    /// Compressed size in bytes.
    pub size: u64,
}

/// The name of a copy's file: no backup of REI is called so.
#[must_use]
pub fn name(time: BackupTime) -> String {
    format!("state_{time}.db.gz")
}

/// When the copy of this name was made; other files are nothing.
#[must_use]
pub fn parse(file: &str) -> Option<BackupTime> {
    let time = file.strip_prefix("state_")?.strip_suffix(".db.gz")?;
    let time = time.parse().ok()?;
    // Only as this program writes it: what it did not write it does not remove.
    (name(time) == file).then_some(time)
}

/// Those that may go, of one place. Counted in copies and in days that have copies, never from the
/// clock: one that jumps makes nothing old. The one just made stays, whatever its name says.
#[must_use]
pub fn spent(all: &[BackupTime], made: BackupTime) -> Vec<BackupTime> {
    let mut newest = all.to_vec();
    newest.sort_unstable_by(|a, b| b.cmp(a));
    let mut days = BTreeSet::new();
    let mut spent = Vec::new();
    for (place, time) in newest.into_iter().enumerate() {
        let day = time.at().as_second().div_euclid(86_400);
        let first_of_day = !days.contains(&day) && days.len() < DAYS && days.insert(day);
        if place >= NEWEST && !first_of_day && time != made {
            spent.push(time);
        }
    }
    spent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> BackupTime {
        text.parse().unwrap()
    }

    /// One each hour, the newest at noon of this day.
    fn hourly(count: i64) -> Vec<BackupTime> {
        let end = at("20261123_120000").at().as_second();
        let times = (0..count).map(|hours| end - hours * 3600);
        let time = |second| jiff::Timestamp::from_second(second).unwrap();
        times.map(|second| BackupTime::of(time(second))).collect()
    }

    #[test]
    fn only_what_this_program_writes_is_a_copy() {
        let time = at("20261123_031500");
        assert_eq!(parse(&name(time)), Some(time));
        for other in [
            "db_20261123_031500.db.gz",
            "state_2026-11-23_03-15-00.db.gz",
            "state_20261123_031500.db.gz.new",
            ".state_20261123_031500.db.gz.new",
            "state_.db.gz",
            "state.db",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn two_days_whole_and_one_of_each_day_before_stay() {
        let all = hourly(24 * 40);
        let gone = spent(&all, all[0]);
        let left: Vec<_> = all.iter().filter(|time| !gone.contains(time)).collect();
        assert_eq!(left[..NEWEST], all.iter().take(NEWEST).collect::<Vec<_>>());
        // The two whole days begin within three days of the calendar.
        assert_eq!(left.len(), NEWEST + DAYS - 3);
        let days: BTreeSet<_> = left.iter().map(|t| t.to_string()[..8].to_owned()).collect();
        assert_eq!(days.len(), DAYS);
    }

    #[test]
    fn a_clock_that_was_put_back_costs_nothing_that_was_just_made() {
        let mut all = hourly(24 * 20);
        let made = at("20200101_000000");
        all.push(made);
        assert!(!spent(&all, made).contains(&made));
        assert!(spent(&hourly(NEWEST as i64), made).is_empty());
    }
}
