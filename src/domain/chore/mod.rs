//! Chores: work that is neither a recovery nor a notice, asked for by a person or by the calendar, and
//! done one at a time. Each is a row from the moment it is asked for, so that a crash loses none of them.

pub mod drill;
pub mod taking;
pub mod testing;

use super::backup::BackupTime;
use super::failure::{Args, Failure};
use super::ids::ChoreId;
use super::operator::Actor;
use super::retention::Spent;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How often one is begun in all that a crash or the end of the program cut off.
pub const TRIES: u32 = 3;
/// What begins later than so after its time is late, and people are told.
const LATE: SignedDuration = SignedDuration::from_mins(15);

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case")]
pub enum Task {
    /// A backup is taken.
    TakeBackup,
    /// Backups that this program took and that are older than `BACKUP_RETENTION` are removed.
    Prune {
        /// Of these alone: those that somebody was shown. None named: whatever is old enough.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shown: Vec<Spent>,
    },
    /// Backups are restored aside and checked.
    TestBackups {
        /// This one; else the newest of each place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        backup: Option<BackupTime>,
    },
    /// A recovery is rehearsed on a copy.
    Drill {
        /// Which, and how.
        wish: drill::Wish,
    },
}

/// A task without its particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// [`Task::TakeBackup`]
    TakeBackup,
    /// [`Task::Prune`]
    Prune,
    /// [`Task::TestBackups`]
    TestBackups,
    /// [`Task::Drill`]
    Drill,
}

impl Kind {
    /// As the state, the trail and the locales name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TakeBackup => "take-backup",
            Self::Prune => "prune",
            Self::TestBackups => "test-backups",
            Self::Drill => "drill",
        }
    }
}

impl Task {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::TakeBackup => Kind::TakeBackup,
            Self::Prune { .. } => Kind::Prune,
            Self::TestBackups { .. } => Kind::TestBackups,
            Self::Drill { .. } => Kind::Drill,
        }
    }

    /// Whether it is begun anew after it was cut off. A drill is not: people agreed on its time.
    #[must_use]
    pub const fn is_taken_up(&self) -> bool {
        !matches!(self, Self::Drill { .. })
    }
}

/// Where a chore stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Its turn has not come.
    Asked,
    /// It is being done.
    Running,
    /// It was done; what came of it stands in [`Chore::outcome`], and may be bad news.
    Done,
    /// It could not be done.
    Failed,
    /// Somebody called it off.
    Cancelled,
    /// The program ended in the middle of it, and it is not begun anew.
    CutOff,
}

impl Phase {
    /// As the state and the locales name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::CutOff => "cut-off",
        }
    }

    /// Whether nothing more comes of it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Asked | Self::Running)
    }
}

/// Which moment of the calendar a chore answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// When it was due.
    pub at: Timestamp,
    /// Earlier moments that nobody answered; this chore stands for them too.
    pub missed: u32,
}

/// What came of a chore.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// A backup was taken.
    Taken(taking::Taken),
    /// Old backups were removed.
    Pruned(taking::Pruned),
    /// Backups were tested.
    Tested(testing::Tested),
    /// A drill was held.
    Drilled(Box<drill::Drilled>),
}

impl Outcome {
    /// Whether it is good news.
    #[must_use]
    pub fn is_good(&self) -> bool {
        match self {
            Self::Taken(taken) => taken.is_good(),
            Self::Pruned(pruned) => pruned.is_good(),
            Self::Tested(tested) => tested.verdict() == testing::Verdict::Pass,
            Self::Drilled(drilled) => drilled.verdict == testing::Verdict::Pass,
        }
    }

    /// What the audit trail says of it: blanks of `audit-finish-chore`.
    #[must_use]
    pub fn told(&self) -> Args {
        match self {
            Self::Taken(taken) => taken.told(),
            Self::Pruned(pruned) => pruned.told(),
            Self::Tested(tested) => tested.told(),
            Self::Drilled(drilled) => drilled.told(),
        }
    }
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chore {
    /// Its number, given by the state.
    pub id: ChoreId,
    /// Raised by each change.
    pub revision: u64,
    /// What is to be done.
    pub task: Task,
    /// Who asked for it; the system where the calendar did.
    pub by: Actor,
    /// The chat that follows it, besides the team's group.
    pub chat: Option<i64>,
    /// What moment of the calendar it answers.
    pub due: Option<Due>,
    /// Where it stands.
    pub phase: Phase,
    /// How often it was begun.
    pub tries: u32,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Why it could not be done.
    pub failure: Option<Failure>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it was begun, the last time.
    pub begun_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

impl Chore {
    /// One that is asked for now. Number and revision are given by the state.
    #[must_use]
    pub fn asked(task: Task, by: Actor, due: Option<Due>, now: Timestamp) -> Self {
        Self {
            id: ChoreId(0),
            revision: 0,
            task,
            by,
            chat: None,
            due,
            phase: Phase::Asked,
            tries: 0,
            outcome: None,
            failure: None,
            asked_at: now,
            begun_at: None,
            ended_at: None,
        }
    }

    /// Whether a person or the plan of a drill waits for it, so that its progress is shown.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        self.due.is_none()
    }

    /// Whether it ended as it should: what came of it is good news.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.phase == Phase::Done && self.outcome.as_ref().is_none_or(Outcome::is_good)
    }

    /// How late it began (while it waits: was asked for), where that is worth a word: the program or the
    /// machine was off, or other work came first. Also where it stands for several moments.
    #[must_use]
    pub fn lateness(&self) -> Option<SignedDuration> {
        let due = self.due?;
        let began = self.begun_at.unwrap_or(self.asked_at);
        let late = began.duration_since(due.at);
        (late > LATE || due.missed > 0).then_some(late)
    }

    /// Whether it began much later than it was asked for: a recovery or another chore was in its way.
    #[must_use]
    pub fn was_kept_waiting(&self) -> bool {
        let waited = |begun: Timestamp| begun.duration_since(self.asked_at) > LATE;
        self.due.is_some() && self.begun_at.is_some_and(waited)
    }

    /// It waits still, and stands for this later moment of the calendar too: then one backup or test does
    /// for all moments that came meanwhile.
    pub fn fold(&mut self, later: Due) {
        if let Some(due) = &mut self.due
            && due.at < later.at
        {
            let missed = due.missed.saturating_add(later.missed).saturating_add(1);
            *due = Due { missed, ..later };
        }
    }
}
