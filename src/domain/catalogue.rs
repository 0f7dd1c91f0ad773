//! The list of backups that people see, and what speaks against each.

use super::backup::{Backup, BackupTime, FailedVerification, Place, VerificationRecord};
use super::failure::Failure;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A backup in the list people see: newest first, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedBackup {
    /// The backup.
    pub backup: Backup,
    /// The record of its full verification, where one exists.
    pub record: Option<VerificationRecord>,
    /// The verification that it failed, where one did and none has passed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<FailedVerification>,
}

/// What speaks against a backup before it is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blemish {
    /// It has no bytes.
    Empty,
    /// Its verification failed.
    Failed,
    /// Its name tells of a moment that has not come yet: what it holds, and from when, is not known.
    Future,
}

impl Blemish {
    /// The word in texts and in `--json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Failed => "failed",
            Self::Future => "future",
        }
    }
}

/// Clocks of two machines may differ by so much without a word.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);

/// Whether a backup of this time cannot have been taken yet.
#[must_use]
pub fn is_future(time: BackupTime, now: Timestamp) -> bool {
    time.at().duration_since(now) > CLOCKS_DIFFER
}

impl ListedBackup {
    /// What speaks against it, if anything does.
    #[must_use]
    pub fn blemish(&self, now: Timestamp) -> Option<Blemish> {
        match self {
            _ if self.backup.size == 0 => Some(Blemish::Empty),
            _ if self.failed.is_some() => Some(Blemish::Failed),
            _ if is_future(self.backup.time, now) => Some(Blemish::Future),
            _ => None,
        }
    }
}

/// The list, and which places could not be asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Newest first; at the same time those that failed last, the verified one first, then the folder
    /// (it is nearer).
    pub backups: Vec<ListedBackup>,
    /// Places that gave no list, with the reason. A list may be incomplete, and then says so.
    pub unreadable: Vec<(Place, Failure)>,
}

impl Catalogue {
    /// Puts the list in the order people and `latest` rely on.
    pub fn sort(&mut self) {
        self.backups.sort_by(|a, b| {
            let key = |l: &ListedBackup| {
                let failed = l.failed.is_some() || l.backup.size == 0;
                (failed, l.record.is_none(), l.backup.place.clone())
            };
            b.backup
                .time
                .cmp(&a.backup.time)
                .then_with(|| key(a).cmp(&key(b)))
        });
    }

    /// What `latest` means: the newest backup that nothing speaks against.
    #[must_use]
    pub fn latest(&self, now: Timestamp) -> Option<&ListedBackup> {
        self.backups.iter().find(|l| l.blemish(now).is_none())
    }

    /// The backup of this moment; of two places the better known one.
    #[must_use]
    pub fn find(&self, time: BackupTime) -> Option<&ListedBackup> {
        self.backups.iter().find(|l| l.backup.time == time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::FailureCode;

    fn listed(time: &str, place: Place, size: u64) -> ListedBackup {
        ListedBackup {
            backup: Backup {
                time: time.parse().unwrap(),
                place,
                name: format!("db_{time}.db.gz"),
                size,
                revision: "1".to_owned(),
                sha256: None,
            },
            record: None,
            failed: None,
        }
    }

    fn failed(time: &str, place: Place) -> ListedBackup {
        let mut listed = listed(time, place, 7);
        let code = FailureCode::IntegrityFailed;
        listed.failed = FailedVerification::of(&listed.backup, None, code, Timestamp::UNIX_EPOCH);
        assert!(listed.failed.is_some());
        listed
    }

    #[test]
    fn the_latest_is_the_newest_that_nothing_speaks_against() {
        let good = listed("20261123_010000", Place::S3, 7);
        let mut all = Catalogue {
            backups: vec![
                good.clone(),
                listed("20261123_000000", Place::Folder, 7),
                failed("20261123_010000", Place::Folder),
                failed("20261123_013000", Place::Folder),
                listed("20261123_020000", Place::Folder, 0),
                listed("20261123_033000", Place::Folder, 7),
            ],
            unreadable: Vec::new(),
        };
        all.sort();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(all.latest(at("2026-11-23T03:00:00Z")), Some(&good));
        // A clock that is behind by a minute calls nothing future.
        let newest = all.latest(at("2026-11-23T03:29:00Z")).unwrap();
        assert_eq!(newest.backup.time.to_string(), "20261123_033000");
        // Of two with the same time the one that did not fail is meant.
        assert_eq!(all.find(good.backup.time), Some(&good));
        let marks: Vec<_> = all
            .backups
            .iter()
            .map(|l| l.blemish(at("2026-11-23T03:00:00Z")))
            .collect();
        let (failed, none) = (Some(Blemish::Failed), None);
        let first = [Some(Blemish::Future), Some(Blemish::Empty)];
        assert_eq!(marks, [&first[..], &[failed, none, failed, none]].concat());
    }

    #[test]
    fn only_what_is_in_it_speaks_against_a_backup() {
        let backup = listed("20261123_010000", Place::S3, 7).backup;
        let at = Timestamp::UNIX_EPOCH;
        for code in [
            FailureCode::DiskFull,
            FailureCode::TimedOut,
            FailureCode::BackupStalled,
        ] {
            assert_eq!(FailedVerification::of(&backup, None, code, at), None);
        }
    }
}
