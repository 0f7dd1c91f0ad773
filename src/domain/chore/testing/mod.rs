//! The test of backups: what was found in each place, and what it means.
//!
//! A test says *fail* only of what it saw: damage, rows that are gone, promises that were not kept.
//! What could not be seen (a place that is silent, a full disk) is *inconclusive*, never a pass.

mod drift;
mod told;

pub use drift::{Rows, drift};
pub use told::Line;

use crate::domain::backup::{BackupTime, ContentHash, Place};
use crate::domain::database::Counts;
use crate::domain::failure::{Args, Failure, FailureCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A backup of every hour is a while over an hour old before the next one is there.
const LEAST_LEEWAY: Duration = Duration::from_secs(5 * 60);

/// How a test ended, the better before the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It can be relied on.
    Pass,
    /// Nobody could tell, or a person has to look.
    Inconclusive,
    /// It cannot.
    Fail,
}

impl Verdict {
    /// The word in texts, in the audit trail and in `--json`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
        }
    }
}

/// Something that speaks against a backup, or kept it from being judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "finding")]
pub enum Finding {
    /// Fetching or checking it ended so.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// Balances are not the sums of the ledger.
    BalancesDiffer {
        /// Of so many users.
        users: u64,
        /// One of them.
        example: i64,
    },
    /// A table is empty, and rows of the ledger name what should stand in it.
    Emptied {
        /// The contract's name of the table.
        table: String,
    },
    /// The file goes on behind the database in it.
    Trailing {
        /// So many bytes.
        bytes: u64,
    },
    /// The header holds what SQLite does not write there: nothing can be written to it any more, or
    /// somebody else wrote there.
    HeaderMarked,
    /// The live database has rows from before the backup that are newer than everything in it.
    Behind {
        /// So many rows.
        rows: u64,
        /// The newest moment in the backup.
        newest: Timestamp,
    },
    /// A table of REI's has far fewer rows than in earlier tests.
    RowsLost {
        /// The contract's name of the table.
        table: String,
        /// The most rows in earlier tests.
        before: u64,
        /// Rows now.
        now: u64,
    },
    /// Another table shrank by more than half, or is gone.
    Shrunk {
        /// Its name.
        table: String,
        /// Rows in the test before.
        before: u64,
        /// Rows now; absent when there is no such table any more.
        now: Option<u64>,
    },
    /// Counts differ from those that were written down when the backup was taken or first checked.
    RecordDiffers {
        /// The table.
        table: String,
        /// Rows by the record.
        before: u64,
        /// Rows now.
        now: u64,
    },
    /// It is older than the RPO allows.
    TooOld {
        /// Seconds since it was taken.
        age: u64,
        /// Seconds that are allowed.
        rpo: u64,
    },
    /// Restoring and checking it took longer than the RTO allows.
    TooSlow {
        /// Seconds that it took.
        took: u64,
        /// Seconds that are allowed.
        rto: u64,
    },
}

impl Finding {
    /// What one finding alone makes of a test.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Failed { failure } if is_of_the_backup(failure.code) => Verdict::Fail,
            Self::Failed { .. } | Self::Shrunk { .. } => Verdict::Inconclusive,
            _ => Verdict::Fail,
        }
    }

    /// The word in texts and in `--json`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "failed",
            Self::BalancesDiffer { .. } => "balances-differ",
            Self::Emptied { .. } => "emptied",
            Self::Trailing { .. } => "trailing",
            Self::HeaderMarked => "header-marked",
            Self::Behind { .. } => "behind",
            Self::RowsLost { .. } => "rows-lost",
            Self::Shrunk { .. } => "shrunk",
            Self::RecordDiffers { .. } => "record-differs",
            Self::TooOld { .. } => "too-old",
            Self::TooSlow { .. } => "too-slow",
        }
    }

    /// Whether it says nothing of what is in the backup.
    fn leaves_content_sound(&self) -> bool {
        matches!(self, Self::TooOld { .. } | Self::TooSlow { .. })
    }
}

/// A place that answers and holds none keeps no promise either.
fn is_of_the_backup(code: FailureCode) -> bool {
    code.is_about_content() || code == FailureCode::NoBackup
}

/// How long each part took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Took {
    /// Fetching, decompressing, writing.
    pub fetch: u64,
    /// Integrity, foreign keys, counts.
    pub check: u64,
    /// Ledger, other tables, the live database.
    pub books: u64,
}

impl Took {
    /// All of it.
    #[must_use]
    pub fn all(self) -> Duration {
        Duration::from_millis(self.fetch + self.check + self.books)
    }
}

/// What is in a backup that could be opened and counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Uncompressed size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the uncompressed bytes.
    pub hash: ContentHash,
    /// Rows of REI's tables under the contract's names.
    pub counts: Counts,
    /// Rows of all other tables.
    pub others: Counts,
    /// The newest moment found in its rows.
    pub newest_row: Option<Timestamp>,
}

/// The test of one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceTest {
    /// The place.
    pub place: Place,
    /// The backup that was tested; absent where there was none to be had.
    pub backup: Option<BackupTime>,
    /// Its compressed size in bytes.
    pub size: u64,
    /// Seconds since it was taken, when the test began.
    pub age: u64,
    /// What speaks against it, the gravest first.
    pub findings: Vec<Finding>,
    /// How long it took.
    pub took: Took,
    /// What is in it, as far as it could be counted.
    pub content: Option<Content>,
}

impl PlaceTest {
    /// The worst of its findings.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.findings.iter().map(Finding::verdict);
        verdicts.max().unwrap_or(Verdict::Pass)
    }

    /// Whether its content is good, however late it came or long it took: only then is it proved.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.content.is_some() && self.findings.iter().all(Finding::leaves_content_sound)
    }

    /// Rows that later tests may be held against.
    fn rows(&self) -> Option<Rows<'_>> {
        let content = self.content.as_ref().filter(|_| self.is_sound())?;
        Some(Rows {
            counts: &content.counts,
            others: &content.others,
        })
    }
}

/// What a test found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// One entry a place.
    pub places: Vec<PlaceTest>,
    /// The objective of a recovery's length, in seconds.
    pub rto: u64,
    /// The objective of a backup's age, in seconds.
    pub rpo: u64,
}

/// A recovery put an older backup in place: rows that came between are gone, and people agreed to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// What was restored.
    pub backup: BackupTime,
    /// When the recovery ended.
    pub until: Timestamp,
}

impl Tested {
    /// Leaves out backups whose rows a recovery took back: nothing may be held against them.
    pub fn forget(&mut self, reset: Reset) {
        let gone = |time: BackupTime| time > reset.backup && time.at() <= reset.until;
        self.places.retain(|test| !test.backup.is_some_and(gone));
    }

    /// The worst of all places; without any, nothing was tested.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.places.iter().map(PlaceTest::verdict);
        verdicts.max().unwrap_or(Verdict::Inconclusive)
    }

    /// For the audit trail.
    #[must_use]
    pub fn told(&self) -> Args {
        Args::from([("verdict".to_owned(), self.verdict().as_str().into())])
    }

    /// Rows of the places whose content was good, of backups not newer than this one.
    pub fn rows_until(&self, backup: BackupTime) -> impl Iterator<Item = Rows<'_>> {
        let older = move |test: &&PlaceTest| test.backup.is_some_and(|time| time <= backup);
        self.places.iter().filter(older).filter_map(PlaceTest::rows)
    }
}

/// Whether a backup of this age breaks the promise of the RPO: a schedule of just that length is
/// given some leeway.
#[must_use]
pub fn is_too_old(age: Duration, rpo: Duration) -> bool {
    age > rpo + LEAST_LEEWAY.max(rpo / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(findings: Vec<Finding>) -> PlaceTest {
        PlaceTest {
            place: Place::Folder,
            backup: None,
            size: 0,
            age: 0,
            findings,
            took: Took::default(),
            content: None,
        }
    }

    fn failed(code: FailureCode) -> Finding {
        let failure = Failure::new(code);
        Finding::Failed { failure }
    }

    #[test]
    fn the_worst_place_decides_and_silence_is_no_pass() {
        let of = |places: Vec<PlaceTest>| {
            let tested = Tested {
                places,
                ..Tested::default()
            };
            tested.verdict()
        };
        let good = || place(Vec::new());
        let silent = || place(vec![failed(FailureCode::BackupPlaceUnreachable)]);
        let bad = || place(vec![failed(FailureCode::IntegrityFailed)]);
        assert_eq!(of(vec![good(), good()]), Verdict::Pass);
        assert_eq!(of(vec![good(), silent()]), Verdict::Inconclusive);
        assert_eq!(of(vec![silent(), bad(), good()]), Verdict::Fail);
        assert_eq!(of(Vec::new()), Verdict::Inconclusive);
    }

    #[test]
    fn a_place_that_answers_and_holds_none_fails() {
        assert_eq!(failed(FailureCode::NoBackup).verdict(), Verdict::Fail);
        assert_eq!(
            failed(FailureCode::DiskFull).verdict(),
            Verdict::Inconclusive
        );
    }

    #[test]
    fn what_a_recovery_took_back_is_no_measure() {
        let at = |hour: i64| Timestamp::from_second(1_800_000_000 + hour * 3600).unwrap();
        let tested = |hour: i64| PlaceTest {
            backup: Some(BackupTime::of(at(hour))),
            ..place(Vec::new())
        };
        let mut all = Tested {
            places: [1, 2, 3, 4, 5].map(tested).into(),
            ..Tested::default()
        };
        all.forget(Reset {
            backup: BackupTime::of(at(2)),
            until: at(4),
        });
        let left: Vec<_> = all.places.iter().filter_map(|it| it.backup).collect();
        assert_eq!(left, [1, 2, 5].map(|hour| BackupTime::of(at(hour))));
    }

    #[test]
    fn an_hourly_backup_is_not_late_for_being_an_hour_old() {
        let hour = Duration::from_secs(3600);
        assert!(!is_too_old(hour + Duration::from_secs(300), hour));
        assert!(is_too_old(hour + Duration::from_secs(400), hour));
    }
}
