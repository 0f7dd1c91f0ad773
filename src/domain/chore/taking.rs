//! Backups that this program takes, and removes again.

use crate::domain::backup::{BackupTime, Place};
use crate::domain::database::Counts;
use crate::domain::failure::{Args, Failure};
use crate::domain::retention::Spent;
use serde::{Deserialize, Serialize};

/// A backup that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// Its name.
    pub time: BackupTime,
    /// Uncompressed size in bytes.
    pub bytes: u64,
    /// Compressed size in bytes.
    pub size: u64,
    /// Rows per table.
    pub counts: Counts,
    /// How long REI's commits had to wait at most, in milliseconds; nothing where none had to (WAL mode).
    pub held_millis: Option<u64>,
    /// How long its parts took.
    pub took: Took,
    /// Every place it was to go to.
    pub places: Vec<Stored>,
    /// Mapped names that REI's database lacks, and with it the backup: REI was updated and `schema.toml`
    /// was not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What was removed afterwards because it had become too old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pruned: Option<Pruned>,
}

/// Milliseconds that the parts of taking a backup took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Took {
    /// Copying the database.
    pub copy: u64,
    /// Checking the copy in full.
    pub check: u64,
    /// Compressing it and bringing it to all places.
    pub store: u64,
    /// Reading it back from all places.
    pub read_back: u64,
}

/// A place that a backup was to go to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// Which.
    pub place: Place,
    /// Its name for people.
    pub name: String,
    /// The backup lies there, whole as far as the place says.
    pub there: bool,
    /// Why it does not, or why it was not proved by reading it back; nothing where it was.
    pub failure: Option<Failure>,
}

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pruned {
    /// What went.
    pub removed: Vec<Spent>,
    /// What should have gone, with the reason why it did not.
    pub kept: Vec<(Spent, Failure)>,
    /// Places that gave no list, with the reason: nothing of them went.
    pub silent: Vec<(Place, Failure)>,
}

impl Taken {
    /// Whether every place has it and gave it back, and a recovery could use it as `schema.toml` stands.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let stored = self.places.iter().all(|stored| stored.failure.is_none());
        let mapped = self.missing.is_empty();
        stored && mapped && self.pruned.as_ref().is_none_or(Pruned::is_good)
    }

    /// For the audit trail.
    #[must_use]
    pub fn told(&self) -> Args {
        let mut told = Args::from([("backup".to_owned(), self.time.to_string().into())]);
        if let Some(pruned) = &self.pruned {
            told.extend(pruned.told());
        }
        told
    }
}

impl Pruned {
    /// Whether nothing refused to go, and every place was looked at.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.kept.is_empty() && self.silent.is_empty()
    }

    /// For the audit trail.
    #[must_use]
    pub fn told(&self) -> Args {
        let count = i64::try_from(self.removed.len()).unwrap_or(i64::MAX);
        let names: Vec<String> = self
            .removed
            .iter()
            .map(|spent| format!("{} ({})", spent.time, spent.place.as_str()))
            .collect();
        Args::from([
            ("count".to_owned(), count.into()),
            ("removed".to_owned(), names.join(", ").into()),
        ])
    }
}
