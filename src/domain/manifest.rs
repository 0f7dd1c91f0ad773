//! What stands beside a backup that this program took: where it comes from and what is in it.
//!
//! The file has the name of a verification's record and holds one too, once the backup was read back:
//! whoever reads records finds it, and whoever knows nothing of manifests passes over the rest.

use super::backup::{Backup, BackupTime, ContentHash, VerificationRecord};
use super::database::Counts;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The manifest of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Which backup.
    pub time: BackupTime,
    /// BLAKE3 of the uncompressed bytes.
    pub content: ContentHash,
    /// Uncompressed size in bytes.
    pub bytes: u64,
    /// Rows per table.
    pub counts: Counts,
    /// SQLite's version that took and checked it.
    pub sqlite: String,
    /// When it was read back and checked; absent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Timestamp>,
    /// What only the program that took it knows.
    pub taken: Origin,
}

/// How a backup was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Compressed size in bytes.
    pub size: u64,
    /// SHA-256 of the compressed file, hexadecimal.
    pub sha256: String,
    /// SHA-256 of the statements that make its tables, indexes, views and triggers.
    pub schema: String,
    /// This program's version.
    pub program: String,
}

impl Manifest {
    /// Whether these are the bytes it speaks of, as far as a listing tells. Another file under the
    /// same name is nobody's but its maker's.
    #[must_use]
    pub fn is_of(&self, backup: &Backup) -> bool {
        let sum = backup.sha256.as_ref();
        self.time == backup.time
            && self.taken.size == backup.size
            && sum.is_none_or(|sum| *sum == self.taken.sha256)
    }

    /// The record of a full check of its content at a moment.
    #[must_use]
    pub fn verified(&self, at: Timestamp) -> VerificationRecord {
        VerificationRecord {
            time: self.time,
            content: self.content.clone(),
            bytes: self.bytes,
            counts: self.counts.clone(),
            verified_at: at,
            sqlite: self.sqlite.clone(),
        }
    }
}
