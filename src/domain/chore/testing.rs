//! Tests of backups.

use crate::domain::failure::Args;
use serde::{Deserialize, Serialize};

/// What a test found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// How it ended.
    pub verdict: Verdict,
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything that was to be proved is proved.
    Pass,
    /// Something could not be looked at: neither good nor bad is proved.
    Inconclusive,
    /// Something is wrong.
    Fail,
}

impl Tested {
    /// For the audit trail.
    #[must_use]
    pub fn told(&self) -> Args {
        Args::from([("verdict".to_owned(), self.verdict.as_str().into())])
    }
}

impl Verdict {
    /// As the state and the locales name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
        }
    }
}
