//! AI providers and the payment provider: what is known of how they are.

use serde::{Deserialize, Serialize};

/// How a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Answers as it should.
    Up,
    /// Answers, and says or shows that something is wrong.
    Degraded,
    /// Does not answer, or only with errors.
    Down,
    /// Nobody can tell.
    Unknown,
}

impl Condition {
    /// The part of the locale key `condition-<name>`, and the word in `--json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Degraded => "degraded",
            Self::Down => "down",
            Self::Unknown => "unknown",
        }
    }
}

/// What a probe of one service found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Its id, for example `kling`, `yookassa-api`, `yookassa-status`.
    pub service: String,
    /// How it is.
    pub condition: Condition,
    /// What it answered, in its own words; redacted, at most 200 characters.
    pub said: Option<String>,
    /// How long it took.
    pub millis: u64,
}

/// What a provider says of a task that a job stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// The result is there: buying it again would pay twice.
    Finished,
    /// It is still at work.
    Running,
    /// It failed there: nothing is lost by ordering it anew.
    Failed,
    /// The provider does not know it.
    Missing,
}
