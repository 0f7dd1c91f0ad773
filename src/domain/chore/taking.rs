//! Backups that this program takes, and removes again.

use crate::domain::backup::BackupTime;
use crate::domain::failure::Args;
use serde::{Deserialize, Serialize};

/// A backup that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// Its name.
    pub time: BackupTime,
}

/// What was removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pruned {
    /// Their names.
    pub removed: Vec<BackupTime>,
}

impl Taken {
    /// Whether every place has it.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        true
    }

    /// For the audit trail.
    #[must_use]
    pub fn told(&self) -> Args {
        Args::from([("backup".to_owned(), self.time.to_string().into())])
    }
}

impl Pruned {
    /// Whether nothing refused to go.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        true
    }

    /// For the audit trail.
    #[must_use]
    pub fn told(&self) -> Args {
        let count = i64::try_from(self.removed.len()).unwrap_or(i64::MAX);
        Args::from([("count".to_owned(), count.into())])
    }
}
