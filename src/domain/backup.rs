//! Backups: what the folder and the bucket hold, and what is known of each.

use super::database::Counts;
use super::failure::FailureCode;
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
        // `strptime` takes blanks, signs, short numbers and a sixtieth second too, and what it reads of
        // them is written otherwise.
        let exactly = |format: &&str| {
            let civil = DateTime::strptime(format, plain).ok()?;
            let same = civil.year() >= 0 && civil.strftime(format).to_string() == plain;
            same.then_some(civil)
        };
        [
            "%Y%m%d_%H%M%S",
            "%Y%m%dT%H%M%S",
            "%Y-%m-%d_%H-%M-%S",
            "%Y-%m-%dT%H-%M-%S",
            "%Y-%m-%dT%H:%M:%S",
        ]
        .iter()
        .find_map(exactly)
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

impl Place {
    /// As the state and the locales name it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::S3 => "s3",
        }
    }
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

/// A verification that failed for what is in the backup, not for want of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedVerification {
    /// Which backup.
    pub time: BackupTime,
    /// Where it lies.
    pub place: Place,
    /// Its revision: other bytes under the same name were not judged.
    pub revision: String,
    /// BLAKE3 of its uncompressed bytes, where the stream came to its end.
    pub content: Option<ContentHash>,
    /// Why.
    pub code: FailureCode,
    /// When.
    pub at: Timestamp,
}

impl FailedVerification {
    /// What is to be remembered of a failure; nothing where it says nothing of the content. That names are
    /// missing may tell of `schema.toml` as well: see [`FailedVerification::of_other_schema`].
    #[must_use]
    pub fn of(
        backup: &Backup,
        content: Option<&ContentHash>,
        code: FailureCode,
        at: Timestamp,
    ) -> Option<Self> {
        let told = code.is_about_content() && code != FailureCode::SchemaDiffers;
        told.then(|| Self::with(backup, content, code, at))
    }

    /// What is to be remembered of a backup that lacks names which the live database has.
    #[must_use]
    pub fn of_other_schema(backup: &Backup, content: Option<&ContentHash>, at: Timestamp) -> Self {
        Self::with(backup, content, FailureCode::SchemaDiffers, at)
    }

    fn with(
        backup: &Backup,
        content: Option<&ContentHash>,
        code: FailureCode,
        at: Timestamp,
    ) -> Self {
        Self {
            time: backup.time,
            place: backup.place.clone(),
            revision: backup.revision.clone(),
            content: content.cloned(),
            code,
            at,
        }
    }

    /// Whether it is of these very bytes of the place.
    #[must_use]
    pub fn is_of(&self, backup: &Backup) -> bool {
        (self.time, &self.place, &self.revision) == (backup.time, &backup.place, &backup.revision)
    }

    /// Whether it tells that these bytes are not those once verified under this name.
    #[must_use]
    pub fn is_mismatch(&self, content: &ContentHash) -> bool {
        self.code == FailureCode::ContentMismatch && self.content.as_ref() == Some(content)
    }
}

/// What earlier verifications say of the bytes that came under a backup's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// These very bytes were checked in full.
    Proved(VerificationRecord),
    /// Other bytes were checked under this name: a person must know.
    Other(VerificationRecord),
    /// Nothing.
    Nothing,
}

impl Known {
    /// Holds the bytes against all records. Those of the same name go first and decide, the
    /// program's own before those that stand beside the backup: whoever can replace a backup can
    /// replace the record beside it. A backup without a record is proved by the same bytes under
    /// another name too, as long as the program itself has checked them.
    #[must_use]
    pub fn of(
        (time, content, bytes): (BackupTime, &ContentHash, u64),
        own: &[VerificationRecord],
        beside: &[VerificationRecord],
    ) -> Self {
        let same =
            |record: &&VerificationRecord| record.content == *content && record.bytes == bytes;
        for records in [own, beside] {
            let named = || records.iter().filter(|record| record.time == time);
            if let Some(proof) = named().find(same) {
                return Self::Proved(proof.clone());
            }
            if let Some(other) = named().max_by_key(|record| record.verified_at) {
                return Self::Other(other.clone());
            }
        }
        let proof = own.iter().find(same);
        proof.map_or(Self::Nothing, |proof| Self::Proved(proof.clone()))
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

    fn record(time: &str, content: &str) -> VerificationRecord {
        VerificationRecord {
            time: time.parse().unwrap(),
            content: ContentHash(content.to_owned()),
            bytes: 1,
            counts: Counts::new(),
            verified_at: "2026-11-23T04:00:00Z".parse().unwrap(),
            sqlite: String::new(),
        }
    }

    #[test]
    fn bytes_are_known_by_what_they_are() {
        let (this, that) = ("20261123_031500", "20261122_031500");
        let known = |own: &[(&str, &str)], beside: &[(&str, &str)]| {
            let records = |list: &[(&str, &str)]| -> Vec<_> {
                list.iter().map(|(time, hash)| record(time, hash)).collect()
            };
            let content = ContentHash("a".to_owned());
            let bytes = (this.parse().unwrap(), &content, 1);
            match Known::of(bytes, &records(own), &records(beside)) {
                Known::Proved(record) => format!("proved {}", record.content.0),
                Known::Other(record) => format!("other {}", record.content.0),
                Known::Nothing => "nothing".to_owned(),
            }
        };
        assert_eq!(known(&[], &[]), "nothing");
        assert_eq!(known(&[(this, "b"), (this, "a")], &[]), "proved a");
        assert_eq!(known(&[], &[(this, "a")]), "proved a");
        assert_eq!(known(&[(that, "a")], &[]), "proved a");
        // Under the same name something else was checked.
        assert_eq!(known(&[(this, "b")], &[]), "other b");
        assert_eq!(known(&[(this, "b"), (that, "a")], &[]), "other b");
        assert_eq!(known(&[(that, "a")], &[(this, "b")]), "other b");
        // A record that came with the bytes does not outweigh the own memory.
        assert_eq!(known(&[(this, "b")], &[(this, "a")]), "other b");
        // One that stands beside another backup is no witness.
        assert_eq!(known(&[], &[(that, "a")]), "nothing");
    }

    #[test]
    fn nonsense_is_no_timestamp() {
        for bad in [
            "",
            "latest",
            "20261323_031500",
            "../20261123_031500",
            "20261123",
            // Found by fuzzing: `strptime` reads them.
            "-216-01-23T03:16:\r\t00",
            " 2026-1-23T03:15:00",
            "20261123_235960",
            "-21601203_031600",
        ] {
            assert!(bad.parse::<BackupTime>().is_err(), "{bad}");
        }
    }
}
