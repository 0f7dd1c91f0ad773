//! REI's jobs: the rows of its database, and what has become of them in the queue.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A job's id: the key of its row, and of the RQ job while it is queued.
pub type JobId = String;

/// What the row says of a job.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobStatus {
    /// Waits in the queue.
    Queued,
    /// A worker is at it.
    Processing,
    /// Delivered.
    Completed,
    /// Ended without a result.
    Failed,
    /// The credits went back to the user: it must never run again.
    Refunded,
    /// A word that this program does not know; such a row is left alone.
    Other(String),
}

impl JobStatus {
    /// From the word in the row.
    #[must_use]
    pub fn from_row(word: &str) -> Self {
        match word {
            "queued" => Self::Queued,
            "processing" => Self::Processing,
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            "refunded" => Self::Refunded,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word in the row.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Refunded => "refunded",
            Self::Other(word) => word,
        }
    }

    /// Whether the queue has to hold it.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        matches!(self, Self::Queued | Self::Processing)
    }
}

/// A row of `jobs`. The user's prompt stays in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub user: i64,
    /// `nano_banana`, `kling`, …
    pub provider: String,
    /// `image`, `video`, …
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Credits it cost the user.
    pub cost: i64,
    /// What went wrong, as REI wrote it; cut to 500 characters.
    pub error: Option<String>,
    /// The provider's id of the task, where `params` holds one at the place that `providers.toml`
    /// names.
    pub task: Option<String>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When the row was last written.
    pub updated_at: Timestamp,
}

/// How jobs of a time ended, per provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Delivered.
    pub completed: u64,
    /// Failed or refunded.
    pub failed: u64,
    /// Neither yet.
    pub open: u64,
}

impl Tally {
    /// Share of delivered jobs among those that ended, in percent; nothing where none ended.
    #[must_use]
    pub fn success_percent(&self) -> Option<u64> {
        let ended = self.completed + self.failed;
        (ended > 0).then(|| self.completed * 100 / ended)
    }
}

/// Tallies by provider.
pub type Tallies = BTreeMap<String, Tally>;
