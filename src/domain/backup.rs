//! Backups: what the folder and the bucket hold, and what is known of each.

use super::database::Counts;
use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// When a backup was taken, as its name says: `YYYYMMDD_HHMMSS`, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BackupTime(Timestamp);

/// Why a text is not a backup's timestamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a backup timestamp: expected YYYYMMDD_HHMMSS (UTC), for example 20261123_031500"
)]
pub struct InvalidBackupTime(String);

impl BackupTime {
    /// The moment itself.
    #[must_use]
    pub fn at(self) -> Timestamp {
        self.0
    }

    /// A name for a backup taken at this moment; fractions of a second are dropped.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        Self(Timestamp::from_second(at.as_second()).unwrap_or(at))
    }
}

impl fmt::Display for BackupTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y%m%d_%H%M%S"))
    }
}

impl FromStr for BackupTime {
    type Err = InvalidBackupTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidBackupTime(text.to_owned());
        let plain = text.strip_suffix('Z').unwrap_or(text);
        [
            "%Y%m%d_%H%M%S",
            "%Y%m%dT%H%M%S",
            "%Y-%m-%d_%H-%M-%S",
            "%Y-%m-%dT%H-%M-%S",
            "%Y-%m-%dT%H:%M:%S",
        ]
        .iter()
        .find_map(|format| DateTime::strptime(format, plain).ok())
        .and_then(|civil| civil.to_zoned(TimeZone::UTC).ok())
        .map(|zoned| Self(zoned.timestamp()))
        .ok_or_else(invalid)
    }
}

impl Serialize for BackupTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BackupTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Where a backup lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// `BACKUP_DIR`.
    Folder,
    /// `s3://$S3_BUCKET/$S3_PREFIX`.
    S3,
}

/// One backup in one place, as its listing tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// When it was taken.
    pub time: BackupTime,
    /// Where it lies.
    pub place: Place,
    /// File name in the folder, or the whole key in the bucket.
    pub name: String,
    /// Compressed size in bytes.
    pub size: u64,
    /// Changes when the bytes change: ETag in S3; device, inode, size and mtime in the folder.
    pub revision: String,
    /// SHA-256 of the compressed file in hexadecimal, where one stands beside it.
    pub sha256: Option<String>,
}

/// Proof that somebody once checked a backup's content in full.
///
/// Identity is the hash of the *uncompressed* bytes: whoever restores the same bytes has the same
/// database, wherever and however it was compressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationRecord {
    /// Which backup.
    pub time: BackupTime,
    /// BLAKE3 of the uncompressed bytes, hexadecimal.
    pub content: ContentHash,
    /// Uncompressed size in bytes.
    pub bytes: u64,
    /// Rows per table at that time.
    pub counts: Counts,
    /// When the check ended.
    pub verified_at: Timestamp,
    /// SQLite's version that checked.
    pub sqlite: String,
}

/// BLAKE3 of a database's bytes, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(pub String);

impl ContentHash {
    /// Enough of it for people to compare.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

/// A backup in the list people see: newest first, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedBackup {
    /// The backup.
    pub backup: Backup,
    /// The record of its full verification, where one exists.
    pub record: Option<VerificationRecord>,
}

/// The list, and which places could not be asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Newest first; at the same time the verified one first, then the folder (it is nearer).
    pub backups: Vec<ListedBackup>,
    /// Places that gave no list, with the reason. A list may be incomplete, and then says so.
    pub unreadable: Vec<(Place, super::failure::Failure)>,
}

impl Catalogue {
    /// Puts the list in the order people and `latest` rely on.
    pub fn sort(&mut self) {
        self.backups.sort_by(|a, b| {
            let key = |l: &ListedBackup| (l.record.is_none(), l.backup.place.clone());
            b.backup
                .time
                .cmp(&a.backup.time)
                .then_with(|| key(a).cmp(&key(b)))
        });
    }

    /// What `latest` means: the newest backup whose listing shows nothing against it.
    #[must_use]
    pub fn latest(&self) -> Option<&ListedBackup> {
        self.backups.iter().find(|l| l.backup.size > 0)
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

    #[test]
    fn all_spellings_of_a_timestamp_are_the_same_moment() {
        let want: BackupTime = "20261123_031500".parse().unwrap();
        for text in [
            "2026-11-23_03-15-00",
            "20261123T031500Z",
            "2026-11-23T03-15-00Z",
            "20261123_031500Z",
        ] {
            assert_eq!(text.parse(), Ok(want), "{text}");
        }
        assert_eq!(want.to_string(), "20261123_031500");
    }

    #[test]
    fn nonsense_is_no_timestamp() {
        for bad in [
            "",
            "latest",
            "20261323_031500",
            "../20261123_031500",
            "20261123",
        ] {
            assert!(bad.parse::<BackupTime>().is_err(), "{bad}");
        }
    }
}
