//! Drills: a recovery rehearsed on a copy of REI.
//!
//! What a drill saw is kept as it was seen; how it ended and what is to be learnt from it are pure
//! functions over that.

mod debrief;
mod legs;
mod lessons;
#[cfg(test)]
mod tests;

pub use debrief::Said;
pub use legs::{Leg, LegState, legs};
pub use lessons::Lesson;

use super::testing::{Verdict, is_too_old};
use crate::domain::action::Action;
use crate::domain::backup::BackupTime;
use crate::domain::event::Outcome;
use crate::domain::failure::{Args, Failure, FailureCode};
use crate::domain::ids::{RunbookId, StepId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Which drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The scenario.
    pub runbook: RunbookId,
    /// With a backup that is damaged on purpose: the recovery must refuse it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bad_backup: bool,
}

/// The failures that can be brought about on a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// Bytes of the copy's database are flipped.
    DatabaseCorruption,
    /// The copy's files are deleted, its Redis is gone.
    DataLoss,
    /// Redis is killed and what it holds damaged.
    RedisFailure,
    /// The stand-in of YooKassa does not answer while people pay.
    PaymentOutage,
    /// The stand-in of an AI provider does not answer, and jobs fail.
    AiOutage,
}

impl Scenario {
    /// In the order of the runbook.
    pub const ALL: [Self; 5] = [
        Self::DatabaseCorruption,
        Self::DataLoss,
        Self::RedisFailure,
        Self::PaymentOutage,
        Self::AiOutage,
    ];

    /// The id of the runbook that answers it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DatabaseCorruption => "database-corruption",
            Self::DataLoss => "data-loss",
            Self::RedisFailure => "redis-failure",
            Self::PaymentOutage => "payment-outage",
            Self::AiOutage => "ai-outage",
        }
    }

    /// The failure that this runbook answers; nothing where no drill knows how to bring it about.
    #[must_use]
    pub fn of(runbook: &RunbookId) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|scenario| scenario.as_str() == runbook.as_str())
    }

    /// Whether it cannot be played without Redis and RQ.
    #[must_use]
    pub const fn needs_queue(self) -> bool {
        !matches!(self, Self::DatabaseCorruption)
    }

    /// Whether REI's own tables are written to bring it about.
    #[must_use]
    pub const fn needs_tables(self) -> bool {
        matches!(self, Self::PaymentOutage | Self::AiOutage)
    }

    /// Whether a drill of it proves nothing without a look at this.
    #[must_use]
    pub const fn concerns(self, function: Function) -> bool {
        let paid = self.restores() || matches!(self, Self::PaymentOutage);
        paid || !matches!(function, Function::Payments)
    }

    /// Whether the recovery restores a backup.
    #[must_use]
    pub const fn restores(self) -> bool {
        matches!(self, Self::DatabaseCorruption | Self::DataLoss)
    }
}

/// How far a drill is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "kebab-case")]
pub enum Now {
    /// The newest backup is fetched.
    Fetching,
    /// The copy of REI is set up.
    Preparing,
    /// The failure is brought about.
    Breaking,
    /// The recovery is at this step.
    Recovering {
        /// Locale key of its title, or its title.
        title: String,
        /// Which, from 1.
        number: u32,
        /// Of how many.
        of: u32,
    },
    /// It is looked whether everything works.
    Verifying,
}

impl Now {
    /// The word in locale keys.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Fetching => "fetching",
            Self::Preparing => "preparing",
            Self::Breaking => "breaking",
            Self::Recovering { .. } => "recovering",
            Self::Verifying => "verifying",
        }
    }
}

/// What a drill looks at after the recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Function {
    /// The units run.
    Units,
    /// `integrity_check`, foreign keys and schema of the database in its place.
    Database,
    /// It has at least the rows of the backup.
    Rows,
    /// Each balance is the sum of its ledger.
    Ledger,
    /// Redis answers.
    Redis,
    /// A new job runs to its end.
    Job,
    /// Payments are in line, and none is taken by hand any more.
    Payments,
}

impl Function {
    /// In the order in which they are looked at.
    pub const ALL: [Self; 7] = [
        Self::Units,
        Self::Database,
        Self::Rows,
        Self::Ledger,
        Self::Redis,
        Self::Job,
        Self::Payments,
    ];

    /// The word in `--json` and the end of the locale key `drill-function-<word>`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Database => "database",
            Self::Rows => "rows",
            Self::Ledger => "ledger",
            Self::Redis => "redis",
            Self::Job => "job",
            Self::Payments => "payments",
        }
    }
}

/// One look after the recovery, with what it saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// What was looked at.
    pub function: Function,
    /// What came of it.
    pub verdict: Verdict,
    /// A locale key (`drill-saw-…`) for what was seen.
    pub saw: String,
    /// Its blanks.
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
    /// Why it is not well, or nobody can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// How the recovery went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// How it ended; nothing where it stands and waits for a person.
    pub outcome: Option<Outcome>,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended, or stopped.
    pub ended: Timestamp,
    /// The runbook's version.
    pub version: u32,
    /// Its steps.
    pub legs: Vec<Leg>,
    /// Where it stopped, and why.
    pub stopped: Option<(StepId, Failure)>,
    /// Programs that were not run for real.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stood_in: Vec<String>,
}

/// What was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// `RTO` in milliseconds.
    pub rto: u64,
    /// `RPO` in milliseconds.
    pub rpo: u64,
}

/// What a drill saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Which drill.
    pub wish: Wish,
    /// The backup that was handed to the recovery.
    pub backup: Option<BackupTime>,
    /// The newest row in it: for people to know, and no measure.
    pub newest_row: Option<Timestamp>,
    /// When the drill began, before the backup was fetched. Drills of earlier versions do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_at: Option<Timestamp>,
    /// How long the copy took, in milliseconds.
    pub prepared: u64,
    /// When the failure was there.
    pub broken_at: Option<Timestamp>,
    /// The recovery, where it came to one.
    pub recovery: Option<Recovery>,
    /// What was looked at afterwards.
    #[serde(default)]
    pub looks: Vec<Look>,
    /// When the last look was over.
    pub verified_at: Option<Timestamp>,
    /// Why the drill could not be held, or not to its end.
    pub hindrance: Option<Failure>,
}

impl Seen {
    /// Whether everything was looked at that this scenario concerns.
    fn is_whole(&self) -> bool {
        let scenario = Scenario::of(&self.wish.runbook);
        let wanted = |it: &Function| scenario.is_some_and(|scenario| scenario.concerns(*it));
        let looked = |it: Function| self.looks.iter().any(|look| look.function == it);
        Function::ALL.into_iter().filter(wanted).all(looked)
    }
}

/// What a drill found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drilled {
    /// How it ended.
    pub verdict: Verdict,
    /// What it saw.
    #[serde(flatten)]
    pub seen: Seen,
    /// What was promised then.
    pub promise: Promise,
    /// When the next one is due.
    pub next: Option<Timestamp>,
}

impl Drilled {
    /// Judges what was seen.
    #[must_use]
    pub fn judged(seen: Seen, promise: Promise, next: Option<Timestamp>) -> Self {
        let mut drilled = Self {
            verdict: Verdict::Inconclusive,
            seen,
            promise,
            next,
        };
        drilled.verdict = drilled.verdict();
        drilled
    }

    fn verdict(&self) -> Verdict {
        let seen = &self.seen;
        let Some(recovery) = &seen.recovery else {
            // What is in a backup is a verdict; what nobody could look at is none.
            let bad = seen.hindrance.as_ref();
            let bad = bad.is_some_and(|failure| failure.code.is_about_content());
            return if bad {
                Verdict::Fail
            } else {
                Verdict::Inconclusive
            };
        };
        if seen.wish.bad_backup {
            return if self.was_refused() {
                Verdict::Pass
            } else {
                Verdict::Fail
            };
        }
        if recovery.outcome != Some(Outcome::Recovered) || self.broke_promise() {
            return Verdict::Fail;
        }
        let worst = seen.looks.iter().map(|look| look.verdict).max();
        match (&seen.hindrance, worst) {
            (_, Some(Verdict::Fail)) => Verdict::Fail,
            (Some(_), _) | (None, None) => Verdict::Inconclusive,
            (None, Some(_)) if !seen.is_whole() => Verdict::Inconclusive,
            (None, Some(worst)) => worst,
        }
    }

    /// Whether the recovery stopped at the backup before it touched anything.
    #[must_use]
    pub fn was_refused(&self) -> bool {
        self.seen.recovery.as_ref().is_some_and(|recovery| {
            let why = recovery.stopped.as_ref().map(|(_, failure)| failure.code);
            let touched = |leg: &Leg| leg.destructive && leg.state != LegState::NotReached;
            why.is_some_and(FailureCode::is_about_content) && !recovery.legs.iter().any(touched)
        })
    }

    /// From the start of the recovery to the end of the verification, without waits for people and
    /// for others. Nothing where it did not recover.
    #[must_use]
    pub fn rto(&self) -> Option<Duration> {
        let recovery = self.seen.recovery.as_ref()?;
        if recovery.outcome != Some(Outcome::Recovered) {
            return None;
        }
        let end = self.seen.verified_at.unwrap_or(recovery.ended);
        let all = Duration::try_from(end.duration_since(recovery.started)).ok()?;
        Some(all.saturating_sub(self.waited()))
    }

    /// How long the recovery waited for people, and for a provider to come back.
    #[must_use]
    pub fn waited(&self) -> Duration {
        let legs = self.seen.recovery.iter().flat_map(|it| &it.legs);
        legs.map(|leg| Duration::from_millis(leg.waited)).sum()
    }

    /// Age of the backup when the drill began: what would be lost if REI had failed just then. Neither
    /// hours in which no user wrote anything nor the drill's own preparation are in it. Nothing where no
    /// backup was restored.
    #[must_use]
    pub fn rpo(&self) -> Option<Duration> {
        let seen = &self.seen;
        if !Scenario::of(&seen.wish.runbook)?.restores() {
            return None;
        }
        let saved = seen.backup?.at();
        let failed = seen.begun_at.or(seen.broken_at)?;
        Some(Duration::try_from(failed.duration_since(saved)).unwrap_or_default())
    }

    fn broke_promise(&self) -> bool {
        self.broke_rto() || self.broke_rpo()
    }

    fn broke_rto(&self) -> bool {
        self.rto()
            .is_some_and(|rto| rto > Duration::from_millis(self.promise.rto))
    }

    fn broke_rpo(&self) -> bool {
        let promised = Duration::from_millis(self.promise.rpo);
        self.rpo().is_some_and(|rpo| is_too_old(rpo, promised))
    }

    /// For the audit trail.
    #[must_use]
    pub fn told(&self) -> Args {
        let runbook = self.seen.wish.runbook.to_string();
        Args::from([
            ("verdict".to_owned(), self.verdict.as_str().into()),
            ("runbook".to_owned(), runbook.into()),
        ])
    }
}

/// Whether a step waits for somebody else than this program and the people of the team.
fn awaits(action: &Action) -> bool {
    matches!(
        action,
        Action::AwaitPayments { .. } | Action::AwaitProviders { .. }
    )
}
