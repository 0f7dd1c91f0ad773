//! Everything that is known of an incident, put together when somebody asks for it.

use super::Case;
use crate::domain::action::{Action, UnitGroup};
use crate::domain::alert::Incident;
use crate::domain::audit::AuditEntry;
use crate::domain::database::{Counts, Loss};
use crate::domain::diagnosis::Candidate;
use crate::domain::event::{Entry, Outcome};
use crate::domain::facts::Facts;
use crate::domain::health::history::Span;
use crate::domain::health::{Condition, Part};
use crate::domain::ids::RunId;
use crate::domain::operator::{Actor, ActorKind};
use crate::domain::run::{Phase, Run, StepState};
use jiff::Timestamp;
use std::cmp::Reverse;
use std::time::Duration;

/// A run with its journal.
#[derive(Clone, Debug)]
pub struct Course {
    /// The run.
    pub run: Run,
    /// What happened in it.
    pub journal: Vec<Entry>,
}

/// Everything that is known of an incident.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// Its file.
    pub case: Case,
    /// Its runs that can be read, in the order they began.
    pub courses: Vec<Course>,
    /// Its alerts that are still known.
    pub alerts: Vec<Incident>,
    /// The trail of its time.
    pub trail: Vec<AuditEntry>,
    /// How REI's parts were in its time, as far as anybody looked.
    pub span: Option<Span>,
    /// Recovery time objective.
    pub rto: Duration,
    /// Recovery point objective.
    pub rpo: Duration,
    /// The moment it was put together.
    pub now: Timestamp,
}

/// What a run lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Nothing.
    Nothing,
    /// What came after the backup it restored.
    AfterBackup {
        /// From the backup to the newest row, measured when REI wrote no more; nothing where it could
        /// not be measured then.
        span: Option<Duration>,
        /// From the backup until REI wrote no more: the most it can be.
        most: Duration,
        /// Rows by table; nothing where the database could not be read. Without `span` they were counted
        /// for the plan, and REI went on writing.
        rows: Option<Counts>,
    },
    /// What was in Redis.
    Redis {
        /// Keys.
        keys: u64,
        /// Jobs among them that the database did not know, where that was told.
        jobs: Option<u64>,
    },
}

impl Lost {
    /// What this run lost; nothing to be said of one that is under way.
    #[must_use]
    pub fn by(run: &Run) -> Option<Self> {
        let Phase::Finished(outcome) = run.phase else {
            return None;
        };
        if let Some(keys) = run.find_facts(|facts| match facts {
            Facts::Flushed(flushed) => Some(flushed.keys),
            _ => None,
        }) {
            let jobs = run.find_facts(|facts| match facts {
                Facts::RedisInspected(content) => Some(content.unknown_jobs),
                _ => None,
            });
            return Some(Self::Redis { keys, jobs });
        }
        let installed =
            run.find_facts(|facts| matches!(facts, Facts::Installed { .. }).then_some(()));
        let stands = outcome == Outcome::Recovered || installed.is_some();
        if run.plan.backup.is_none() || !stands {
            return Some(Self::Nothing);
        }
        Some(Self::after_backup(run))
    }

    fn after_backup(run: &Run) -> Self {
        let backup = run.plan.backup.as_ref();
        let backup = backup.map_or(run.plan.made_at, |chosen| chosen.backup.time.at());
        let most = length(backup, silent_at(run).max(run.plan.made_at));
        let measured = run.find_facts(|facts| match facts {
            Facts::Watched { lost, .. } => lost.clone(),
            _ => None,
        });
        match measured {
            Some(Loss {
                span: Some(span),
                rows: Some(rows),
            }) => Self::AfterBackup {
                span: Some(span),
                most,
                rows: Some(rows),
            },
            // An unreadable file tells when it was last written, and closing it is such a write.
            Some(Loss {
                span: Some(span),
                rows: None,
            }) => Self::AfterBackup {
                span: None,
                most: span.min(most),
                rows: None,
            },
            _ => Self::AfterBackup {
                span: None,
                most,
                rows: run.plan.loss.as_ref().and_then(|loss| loss.rows.clone()),
            },
        }
    }

    /// Length of the time whose writes are gone; the most it can be where that is all that is known.
    #[must_use]
    pub fn length(&self) -> Option<Duration> {
        match self {
            Self::AfterBackup { span, most, .. } => Some(span.unwrap_or(*most)),
            Self::Nothing => Some(Duration::ZERO),
            Self::Redis { .. } => None,
        }
    }
}

/// When REI surely wrote no more into the database that was replaced: its units were down, or at the
/// latest another one stood in its place.
fn silent_at(run: &Run) -> Timestamp {
    let ended = |is: fn(&Action) -> bool| {
        let mut steps = run.plan.runbook.steps.iter();
        steps.find_map(|step| match run.state_of(&step.id) {
            StepState::Succeeded { .. } if is(&step.action) => run.timing_of(&step.id).ended,
            _ => None,
        })
    };
    let stops = |action: &Action| {
        let group = UnitGroup::Rei;
        matches!(action, Action::StopUnits { group: of, .. } if *of == group)
    };
    ended(stops)
        .or_else(|| ended(|action| matches!(action, Action::InstallDatabase {})))
        .or(run.finished_at)
        .unwrap_or(run.plan.made_at)
}

/// How long the recovery took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// From the first sign to the end of everything.
    pub whole: Duration,
    /// Of it: before a recovery was begun.
    pub before: Duration,
    /// Of it: steps at work.
    pub work: Duration,
    /// Of it: between the begin and the end of the recoveries, without work: approvals and answers.
    pub waits: Duration,
}

impl Dossier {
    /// How long it took, once it is over.
    #[must_use]
    pub fn recovery(&self) -> Option<Recovery> {
        let since = self.case.since;
        let until = self.case.until()?;
        let times = self.courses.iter().filter_map(|course| {
            let run = &course.run;
            Some((run.started_at?, run.finished_at?, run.working_time()))
        });
        // What was run once everything was over took no part in it.
        let times: Vec<_> = times.filter(|(begun, ..)| *begun < until).collect();
        let begun = times.iter().map(|(begun, ..)| *begun).min();
        let work: Duration = times.iter().map(|(.., work)| *work).sum();
        let elapsed: Duration = times
            .iter()
            .map(|(begun, ended, _)| length(*begun, *ended))
            .sum();
        Some(Recovery {
            whole: length(since, until),
            before: begun.map_or(Duration::ZERO, |begun| length(since, begun)),
            work,
            waits: elapsed.saturating_sub(work),
        })
    }

    /// What each of its runs lost, as far as they have ended.
    pub fn losses(&self) -> impl Iterator<Item = (&Run, Lost)> {
        let runs = self.courses.iter().map(|course| &course.run);
        runs.filter_map(|run| Some((run, Lost::by(run)?)))
    }

    /// What the monitor took for its causes, the surest first.
    #[must_use]
    pub fn suspected(&self) -> Vec<&Candidate> {
        let mut found: Vec<&Candidate> = self.alerts.iter().map(|it| &it.candidate).collect();
        found.sort_by_key(|candidate| Reverse(candidate.certainty));
        found
    }

    /// How long each unit was seen down, longest first; units that never were are left out.
    #[must_use]
    pub fn downtime(&self) -> Vec<(String, Duration)> {
        let Some(span) = &self.span else {
            return Vec::new();
        };
        let (from, until) = (self.case.since, self.case.until().unwrap_or(self.now));
        let units = span.tracks.iter().filter(|track| track.part == Part::Unit);
        let mut found: Vec<(String, Duration)> = units
            .filter_map(|track| {
                let down = track
                    .pieces
                    .iter()
                    .filter(|p| p.condition == Condition::Down);
                let down = down.map(|piece| length(piece.from.max(from), piece.until.min(until)));
                let down: Duration = down.sum();
                (!down.is_zero()).then(|| (track.subject.clone().unwrap_or_default(), down))
            })
            .collect();
        found.sort_by_key(|(_, down)| Reverse(*down));
        found
    }

    /// People who had to do with it, in the order they appear: for whom something can be left to do.
    #[must_use]
    pub fn people(&self) -> Vec<Actor> {
        let mut found: Vec<Actor> = Vec::new();
        let journals = self.courses.iter().flat_map(|course| &course.journal);
        let acted = journals.filter_map(|entry| entry.event.by());
        let noted = self.case.notes.iter().map(|note| &note.by);
        for actor in acted.chain(noted) {
            let known = found.iter().any(|other| other.is(actor));
            if actor.kind == ActorKind::Telegram && !known {
                found.push(actor.clone());
            }
        }
        found
    }

    /// Its runs that cannot be read any more.
    pub fn unreadable(&self) -> impl Iterator<Item = RunId> {
        let read = |id: &RunId| self.courses.iter().any(|course| course.run.id == *id);
        self.case.runs.iter().filter(move |id| !read(id)).copied()
    }

    /// One of its alerts.
    #[must_use]
    pub fn alert(&self, number: u64) -> Option<&Incident> {
        self.alerts.iter().find(|alert| alert.number == number)
    }
}

/// From one moment to a later one.
#[must_use]
pub fn length(from: Timestamp, until: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(from)).unwrap_or_default()
}
