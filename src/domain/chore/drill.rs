//! Drills: a recovery rehearsed on a copy of REI.

use super::testing::Verdict;
use crate::domain::failure::Args;
use crate::domain::ids::RunbookId;
use serde::{Deserialize, Serialize};

/// Which drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The scenario.
    pub runbook: RunbookId,
    /// With a backup that is damaged on purpose: the recovery must refuse it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bad_backup: bool,
}

/// What a drill found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drilled {
    /// How it ended.
    pub verdict: Verdict,
}

impl Drilled {
    /// For the audit trail.
    #[must_use]
    pub fn told(&self) -> Args {
        Args::from([("verdict".to_owned(), self.verdict.as_str().into())])
    }
}
