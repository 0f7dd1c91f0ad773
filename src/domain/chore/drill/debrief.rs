//! The debrief in words, for chat and console alike.

use super::{Drilled, Leg, LegState, Lesson, Look};
use crate::domain::chore::testing::Verdict;
use crate::domain::failure::{Arg, Args, Failure};
use crate::domain::runbook::proposed_entry;
use jiff::civil::Date;
use std::time::Duration;

/// Longest change proposed for a runbook's history, in characters: a line of a file, and short enough to
/// be shown whole in the chat.
const CHANGES: usize = 240;

/// A text and what fills its blanks, for whoever knows the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its locale key.
    pub key: String,
    /// Blanks that are values.
    pub args: Args,
    /// Blanks that are texts themselves.
    pub words: Vec<(String, Said)>,
    /// Whether it heads what follows.
    pub heads: bool,
}

impl Said {
    fn new<const N: usize>(key: &str, args: [(&str, Arg); N]) -> Self {
        Self {
            key: key.to_owned(),
            args: args.map(|(name, value)| (name.to_owned(), value)).into(),
            words: Vec::new(),
            heads: false,
        }
    }

    fn head(key: &str) -> Self {
        Self {
            heads: true,
            ..Self::new(key, [])
        }
    }

    fn with(mut self, name: &str, words: Self) -> Self {
        self.words.push((name.to_owned(), words));
        self
    }

    fn of_failure(failure: &Failure) -> Self {
        Self {
            args: failure.args.clone(),
            ..Self::new(&format!("failure-{}", failure.code.as_str()), [])
        }
    }
}

/// Milliseconds as people read them.
fn length(millis: u64) -> Arg {
    Duration::from_millis(millis).into()
}

impl Drilled {
    /// The debrief, line by line.
    #[must_use]
    pub fn debrief(&self) -> Vec<Said> {
        let mut lines = vec![self.verdict_line()];
        lines.extend(self.hindered());
        lines.extend(self.figures());
        lines.extend(self.steps());
        lines.extend(self.looked());
        lines.extend(self.improve());
        lines.extend(self.ahead());
        lines
    }

    /// What is to be improved, a sentence each: what only has to be known calls for no change.
    #[must_use]
    pub fn learned(&self) -> Vec<Said> {
        let lessons = self.lessons();
        lessons.iter().filter(|it| it.asks()).map(lesson).collect()
    }

    /// What the history of its runbook might say of it, as TOML; `learned` in the team's words. Nothing
    /// where nothing was learned or no recovery was tried.
    #[must_use]
    pub fn proposal(&self, learned: &str, (date, after): (Date, &str)) -> Option<String> {
        let recovery = self.seen.recovery.as_ref()?;
        let mut changes: String = learned.chars().take(CHANGES).collect();
        if changes.len() < learned.len() {
            changes.push('…');
        }
        let entry = || proposed_entry(recovery.version, date, &changes, Some(after));
        (!learned.is_empty()).then(entry)
    }

    fn verdict_line(&self) -> Said {
        let refused = if !self.seen.wish.bad_backup {
            "no"
        } else if self.was_refused() {
            "yes"
        } else {
            "missed"
        };
        let verdict = ("verdict", self.verdict.as_str().into());
        Said::new("drill-verdict", [verdict, ("refused", refused.into())])
    }

    /// Why it ended early.
    fn hindered(&self) -> Vec<Said> {
        let stopped = self
            .seen
            .recovery
            .iter()
            .filter_map(|it| it.stopped.as_ref());
        let stopped = stopped.map(|(_, failure)| failure);
        let failures = self.seen.hindrance.iter().chain(stopped);
        failures
            .map(|it| Said::new("drill-because", []).with("failure", Said::of_failure(it)))
            .collect()
    }

    fn figures(&self) -> Vec<Said> {
        let mut lines = Vec::new();
        if let Some(backup) = self.seen.backup {
            lines.push(Said::new("drill-backup", [("time", backup.at().into())]));
        }
        if let Some(at) = self.seen.newest_row.filter(|_| self.rpo().is_some()) {
            lines.push(Said::new("drill-newest-row", [("time", at.into())]));
        }
        lines.push(match self.rto() {
            Some(rto) => Said::new(
                "drill-rto",
                [
                    ("rto", rto.into()),
                    ("promised", length(self.promise.rto)),
                    ("waited", self.waited().into()),
                    ("kept", kept(!self.broke_rto())),
                ],
            ),
            None => Said::new("drill-rto-none", [("promised", length(self.promise.rto))]),
        });
        lines.push(match self.rpo() {
            Some(rpo) => Said::new(
                "drill-rpo",
                [
                    ("rpo", rpo.into()),
                    ("promised", length(self.promise.rpo)),
                    ("kept", kept(!self.broke_rpo())),
                ],
            ),
            None => Said::new("drill-rpo-none", []),
        });
        let prepared = ("took", length(self.seen.prepared));
        lines.push(Said::new("drill-prepared", [prepared]));
        lines
    }

    fn steps(&self) -> Vec<Said> {
        let Some(recovery) = &self.seen.recovery else {
            return Vec::new();
        };
        let legs = recovery.legs.iter().enumerate();
        std::iter::once(Said::head("drill-steps"))
            .chain(legs.map(|(index, leg)| step(index + 1, leg)))
            .collect()
    }

    fn looked(&self) -> Vec<Said> {
        if self.seen.looks.is_empty() {
            return Vec::new();
        }
        std::iter::once(Said::head("drill-looks"))
            .chain(self.seen.looks.iter().map(look))
            .collect()
    }

    fn improve(&self) -> Vec<Said> {
        let lessons = self.lessons();
        if lessons.is_empty() {
            return Vec::new();
        }
        std::iter::once(Said::head("drill-lessons"))
            .chain(lessons.iter().map(lesson))
            .collect()
    }

    /// When the next one is due, and what the runbook's history might say of this one.
    fn ahead(&self) -> Vec<Said> {
        let next = self
            .next
            .map(|at| Said::new("drill-next", [("at", at.into())]));
        let entry = self.entry();
        next.into_iter().chain(entry).collect()
    }

    fn entry(&self) -> Option<Said> {
        let recovery = self.seen.recovery.as_ref()?;
        let none = || Arg::from("");
        Some(Said::new(
            "drill-entry",
            [
                ("at", Arg::Day(recovery.ended)),
                ("version", i64::from(recovery.version).into()),
                ("runbook", self.seen.wish.runbook.as_str().into()),
                ("verdict", self.verdict.as_str().into()),
                ("measured", kept(self.rto().is_some())),
                ("rto", self.rto().map_or_else(none, Arg::from)),
            ],
        ))
    }
}

fn kept(kept: bool) -> Arg {
    if kept { "yes" } else { "no" }.into()
}

fn step(number: usize, leg: &Leg) -> Said {
    let waited = if leg.waited == 0 { "no" } else { "yes" };
    let timed = matches!(leg.state, LegState::Done | LegState::Failed);
    Said::new(
        "drill-leg",
        [
            ("number", i64::try_from(number).unwrap_or(i64::MAX).into()),
            ("state", leg.state.as_str().into()),
            ("timed", kept(timed)),
            ("took", length(leg.took)),
            ("waits", waited.into()),
            ("waited", length(leg.waited)),
        ],
    )
    .with("step", Said::new(&leg.title, []))
}

fn look(look: &Look) -> Said {
    let saw = match &look.failure {
        Some(failure) => Said::of_failure(failure),
        None => Said {
            args: look.args.clone(),
            ..Said::new(&look.saw, [])
        },
    };
    let function = format!("drill-function-{}", look.function.as_str());
    Said::new("drill-look", [("verdict", word(look.verdict))])
        .with("function", Said::new(&function, []))
        .with("saw", saw)
}

fn word(verdict: Verdict) -> Arg {
    verdict.as_str().into()
}

fn lesson(lesson: &Lesson) -> Said {
    let function = |key: &str, function: super::Function| {
        let name = format!("drill-function-{}", function.as_str());
        Said::new(key, []).with("function", Said::new(&name, []))
    };
    match lesson {
        Lesson::OverRto { by } => Said::new("drill-lesson-rto", [("by", (*by).into())]),
        Lesson::OverRpo { by } => Said::new("drill-lesson-rpo", [("by", (*by).into())]),
        Lesson::Stopped { title } => {
            Said::new("drill-lesson-stopped", []).with("step", Said::new(title, []))
        }
        Lesson::Broken(it) => function("drill-lesson-broken", *it),
        Lesson::Unproved(it) => function("drill-lesson-unproved", *it),
        Lesson::Slowest { title, took, share } => {
            let share = i64::try_from(*share).unwrap_or(i64::MAX);
            let args = [("took", (*took).into()), ("share", share.into())];
            Said::new("drill-lesson-slowest", args).with("step", Said::new(title, []))
        }
        Lesson::NotTried { title } => {
            Said::new("drill-lesson-not-tried", []).with("step", Said::new(title, []))
        }
        Lesson::StoodIn { program } => Said::new(
            "drill-lesson-stood-in",
            [("program", program.as_str().into())],
        ),
    }
}
