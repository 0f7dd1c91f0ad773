//! Words of a document in one language.

use crate::domain::case::Dossier;
use crate::domain::diagnosis::Candidate;
use crate::domain::failure::{Arg, Args};
use crate::domain::health::Part;
use crate::domain::ids::{GateId, RunId, StepId};
use crate::domain::operator::{Actor, ActorKind};
use crate::domain::run::Run;
use crate::domain::runbook::Step;
use crate::i18n::{I18n, Locale};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::time::Duration;

/// The texts in one language. Everything it gives is plain text.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The texts.
    pub i18n: &'a I18n,
    /// The language.
    pub locale: Locale,
}

impl Words<'_> {
    /// A text without blanks.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        self.i18n.plain(self.locale, key, &Args::new())
    }

    /// A text with blanks.
    #[must_use]
    pub fn tell<const N: usize>(&self, key: &str, blanks: [(&str, Arg); N]) -> String {
        let blanks = blanks.map(|(name, value)| (name.to_owned(), value));
        self.i18n.plain(self.locale, key, &Args::from(blanks))
    }

    /// A length of time.
    #[must_use]
    pub fn length(&self, length: Duration) -> String {
        self.i18n.length(self.locale, length)
    }

    /// A moment with day, time and zone.
    #[must_use]
    pub fn moment(&self, at: Timestamp) -> String {
        self.i18n.moment(self.locale, at)
    }

    /// A moment in a list whose heading names the day, if it is of that day.
    #[must_use]
    pub fn brief(&self, day: Timestamp, at: Timestamp) -> String {
        let zone = self.i18n.zone();
        let same = day.to_zoned(zone.clone()).date() == at.to_zoned(zone.clone()).date();
        if same {
            self.i18n.clock(at)
        } else {
            format!(
                "{}, {}",
                self.day(at.to_zoned(zone.clone()).date()),
                self.i18n.clock(at)
            )
        }
    }

    /// A day, for example `23 Nov 2026`.
    #[must_use]
    pub fn day(&self, day: Date) -> String {
        let noon = day.at(12, 0, 0, 0).to_zoned(self.i18n.zone().clone());
        let minute = noon.map(|noon| self.i18n.minute(self.locale, noon.timestamp()));
        let minute = minute.unwrap_or_default();
        let day_and_month = minute.rsplit_once(' ').map_or("", |(day, _)| day);
        format!("{day_and_month} {}", day.year())
    }

    /// The team's zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        self.i18n.zone()
    }

    /// A person, or the program.
    #[must_use]
    pub fn who(&self, actor: &Actor) -> String {
        match actor.kind {
            ActorKind::Console => self.tell(
                "audit-console-actor",
                [("name", actor.name.as_str().into())],
            ),
            ActorKind::Telegram | ActorKind::System => actor.name.clone(),
        }
    }

    /// A cause, with what it is about.
    #[must_use]
    pub fn cause(&self, cause: &str, subject: Option<&str>) -> String {
        let name = self.word(&format!("cause-{cause}"));
        match subject {
            Some(subject) => self.tell(
                "status-cause-of",
                [("cause", name.into()), ("subject", subject.into())],
            ),
            None => name,
        }
    }

    /// What speaks for a cause, in one line; the weightiest first.
    #[must_use]
    pub fn evidence(&self, candidate: &Candidate, most: usize) -> String {
        let told = candidate.evidence.iter().take(most).map(|one| {
            let what = self.part(one.part, one.subject.as_deref());
            let key = format!("sign-{}", one.sign.code.as_str());
            let sign = self.i18n.plain(self.locale, &key, &one.sign.args);
            format!("{what}: {sign}")
        });
        told.collect::<Vec<_>>().join("; ")
    }

    fn part(&self, part: Part, subject: Option<&str>) -> String {
        let name = self.word(&format!("part-{}", part.as_str()));
        match subject {
            Some(subject) => self.tell(
                "health-subject",
                [("part", name.into()), ("subject", subject.into())],
            ),
            None => name,
        }
    }

    /// A step's title.
    #[must_use]
    pub fn step(&self, step: &Step) -> String {
        match &step.title {
            Some(key) => self.word(key),
            None => self.word(&format!("step-{}", step.action.kind())),
        }
    }

    /// The title of a step of this run; one that cannot be found keeps its id.
    #[must_use]
    pub fn step_of(&self, dossier: &Dossier, run: RunId, id: &StepId) -> String {
        let run = run_of(dossier, run);
        let step = run.and_then(|run| run.plan.step(id));
        step.map_or_else(|| id.to_string(), |step| self.step(step))
    }

    /// What a gate is about; a team's own may have no words and keeps its id.
    #[must_use]
    pub fn gate(&self, gate: &GateId) -> String {
        let key = format!("gate-{gate}");
        if self.i18n.has(&key) {
            self.word(&key)
        } else {
            gate.to_string()
        }
    }

    /// The scenario of a run.
    #[must_use]
    pub fn scenario(&self, run: &Run) -> String {
        self.word(&run.plan.runbook.title)
    }
}

/// A run of this dossier.
pub(super) fn run_of(dossier: &Dossier, id: RunId) -> Option<&Run> {
    let mut runs = dossier.courses.iter().map(|course| &course.run);
    runs.find(|run| run.id == id)
}
