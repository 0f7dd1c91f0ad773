//! A test in words: keys of the locales with what fills their blanks, the same for chat and console.

use super::{Finding, PlaceTest, Tested};
use crate::domain::backup::Place;
use crate::domain::failure::{Arg, Args};
use std::time::Duration;

/// One line of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its locale key.
    pub key: String,
    /// What fills its blanks.
    pub args: Args,
    /// Whether it speaks against the backup of the line above.
    pub against: bool,
}

impl Line {
    fn new<const N: usize>(key: &str, args: [(&str, Arg); N]) -> Self {
        Self {
            key: key.to_owned(),
            args: args.map(|(name, value)| (name.to_owned(), value)).into(),
            against: false,
        }
    }
}

impl Tested {
    /// The whole report.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let places = self.places.iter().flat_map(|place| self.place(place));
        places.collect()
    }

    fn place(&self, test: &PlaceTest) -> Vec<Line> {
        let place = match test.place {
            Place::Folder => "folder",
            Place::S3 => "s3",
        };
        let verdict = Arg::from(test.verdict().as_str());
        let place = ("place", Arg::from(place));
        let mut lines = match test.backup {
            None => vec![Line::new(
                "backup-test-untested",
                [place, ("verdict", verdict)],
            )],
            Some(backup) => {
                let at = ("at", Arg::Time(backup.at()));
                let head = Line::new("backup-test-place", [place, at, ("verdict", verdict)]);
                vec![head, self.facts(test)]
            }
        };
        if let Some(content) = &test.content {
            lines.extend(test.counted(content.bytes));
            lines.push(self.took(test));
        }
        lines.extend(test.findings.iter().map(Finding::line));
        lines
    }

    fn facts(&self, test: &PlaceTest) -> Line {
        let facts = [
            ("age", Arg::Seconds(test.age)),
            ("rpo", Arg::Seconds(self.rpo)),
            ("size", Arg::Bytes(test.size)),
        ];
        Line::new("backup-test-facts", facts)
    }

    fn took(&self, test: &PlaceTest) -> Line {
        let seconds = |millis: u64| Arg::Seconds(millis / 1000);
        let took = [
            ("all", seconds(millis(test.took.all()))),
            ("rto", Arg::Seconds(self.rto)),
            ("fetch", seconds(test.took.fetch)),
            ("check", seconds(test.took.check)),
            ("books", seconds(test.took.books)),
        ];
        Line::new("backup-test-took", took)
    }
}

impl PlaceTest {
    fn counted(&self, bytes: u64) -> Option<Line> {
        let counts = &self.content.as_ref()?.counts;
        let count = |table: &str| Some(number(*counts.get(table)?));
        let facts = [
            ("bytes", Arg::Bytes(bytes)),
            ("users", count("users")?),
            ("jobs", count("jobs")?),
            ("payments", count("payments")?),
            ("ledger", count("ledger")?),
        ];
        Some(Line::new("backup-test-content", facts))
    }
}

impl Finding {
    /// What it says, to people.
    #[must_use]
    pub fn line(&self) -> Line {
        let key = match self {
            Self::Failed { failure } => format!("failure-{}", failure.code.as_str()),
            Self::Shrunk { now: None, .. } => "backup-finding-gone".to_owned(),
            other => format!("backup-finding-{}", other.as_str()),
        };
        Line {
            key,
            args: self.args(),
            against: true,
        }
    }

    fn args(&self) -> Args {
        let pairs = match self {
            Self::Failed { failure } => return failure.args.clone(),
            Self::BalancesDiffer { users, example } => {
                vec![
                    ("users", number(*users)),
                    ("example", example.to_string().into()),
                ]
            }
            Self::Emptied { table } => vec![("table", table.as_str().into())],
            Self::Trailing { bytes } => vec![("bytes", Arg::Bytes(*bytes))],
            Self::HeaderMarked => Vec::new(),
            Self::Behind { rows, newest } => {
                vec![("rows", number(*rows)), ("newest", Arg::Time(*newest))]
            }
            Self::RowsLost { table, before, now } | Self::RecordDiffers { table, before, now } => {
                compared(table, *before, *now)
            }
            Self::Shrunk { table, before, now } => compared(table, *before, now.unwrap_or(0)),
            Self::TooOld { age, rpo } => {
                vec![("age", Arg::Seconds(*age)), ("rpo", Arg::Seconds(*rpo))]
            }
            Self::TooSlow { took, rto } => {
                vec![("took", Arg::Seconds(*took)), ("rto", Arg::Seconds(*rto))]
            }
        };
        let named = pairs.into_iter().map(|(name, arg)| (name.to_owned(), arg));
        named.collect()
    }
}

fn compared(table: &str, before: u64, now: u64) -> Vec<(&'static str, Arg)> {
    vec![
        ("table", table.into()),
        ("before", number(before)),
        ("now", number(now)),
    ]
}

fn number(count: u64) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
