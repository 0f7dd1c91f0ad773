//! From state to messages: pure functions, one file per kind of message.
//!
//! Each takes what is known and a [`View`] (language, zone, the present moment) and gives a [`Card`].
//! Nothing here asks, sends or remembers anything.

pub mod alert;
pub mod approval;
pub mod audit;
pub mod backups;
pub mod busy;
pub mod case;
pub mod checklist;
pub mod chore;
pub mod code;
pub mod contacts;
pub mod cut_off;
pub mod glass;
pub mod health;
pub mod hold;
pub mod jobs;
mod leftover;
pub mod menu;
pub mod notice;
mod outcome;
mod page;
mod patient;
pub mod plan;
pub mod report;
pub mod run;
pub mod runs;
pub mod status;
mod steps;
mod work;

pub use page::{Card, LIMIT, Page};

use super::intent::Intent;
use crate::domain::Timestamp;
use crate::domain::backup::Place;
use crate::domain::choice::Choice;
use crate::domain::failure::{Arg, Args, Failure};
use crate::domain::ids::{GateId, StepId};
use crate::domain::operator::{Actor, ActorKind};
use crate::domain::run::Run;
use crate::domain::wording::{Shown, Wording};
use crate::i18n::{I18n, Locale};
use std::time::Duration;

/// Who reads, and when.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The texts.
    pub i18n: &'a I18n,
    /// The reader's language.
    pub locale: Locale,
    /// Now.
    pub now: Timestamp,
    /// `RTO`.
    pub rto: Duration,
}

/// A button of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// What it means.
    pub intent: Intent,
}

/// Named arguments from pairs.
pub(super) fn args<const N: usize>(pairs: [(&str, Arg); N]) -> Args {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

impl View<'_> {
    /// A text without arguments, as HTML.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.i18n.html(self.locale, key, &Args::new())
    }

    /// A text with arguments, as HTML.
    #[must_use]
    pub fn tell<const N: usize>(&self, key: &str, pairs: [(&str, Arg); N]) -> String {
        self.i18n.html(self.locale, key, &args(pairs))
    }

    /// A text without markup, for a button or as an argument of another text.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        self.i18n.plain(self.locale, key, &Args::new())
    }

    /// The same with arguments.
    #[must_use]
    pub fn words<const N: usize>(&self, key: &str, pairs: [(&str, Arg); N]) -> String {
        self.i18n.plain(self.locale, key, &args(pairs))
    }

    /// A text whose last argument is HTML already: its words, then that.
    #[must_use]
    pub fn lead(&self, key: &str, last: &str, html: &str) -> String {
        format!("{}{html}", self.tell(key, [(last, "".into())]))
    }

    /// A moment: time of the day and zone, and the date when it is not today.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> Arg {
        let zone = self.i18n.zone();
        let (then, now) = (at.to_zoned(zone.clone()), self.now.to_zoned(zone.clone()));
        if then.date() == now.date() {
            Arg::Text(format!("{} {}", self.i18n.clock(at), then.strftime("%Z")))
        } else {
            Arg::Time(at)
        }
    }

    /// The same without the zone, for the many lines of a list.
    #[must_use]
    pub fn brief(&self, at: Timestamp) -> String {
        let zone = self.i18n.zone();
        let same = at.to_zoned(zone.clone()).date() == self.now.to_zoned(zone.clone()).date();
        if same {
            self.i18n.clock(at)
        } else {
            self.i18n.moment(self.locale, at)
        }
    }

    /// How long ago; nothing for a moment in the future.
    #[must_use]
    pub fn since(&self, at: Timestamp) -> Duration {
        between(at, self.now)
    }

    /// A place of backups.
    #[must_use]
    pub fn place(&self, place: &Place) -> Arg {
        let name = match place {
            Place::Folder => "folder",
            Place::S3 => "s3",
        };
        self.words("place", [("place", name.into())]).into()
    }

    /// A person, or the program.
    #[must_use]
    pub fn who(&self, actor: &Actor) -> Arg {
        if actor.kind == ActorKind::Console {
            self.words(
                "audit-console-actor",
                [("name", actor.name.as_str().into())],
            )
            .into()
        } else {
            actor.name.as_str().into()
        }
    }

    /// What went wrong, in words.
    #[must_use]
    pub fn failure(&self, failure: &Failure) -> String {
        let key = format!("failure-{}", failure.code.as_str());
        self.i18n.html(self.locale, &key, &failure.args)
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self, failure: &Failure) -> String {
        let key = format!("failure-{}.hint", failure.code.as_str());
        self.i18n.html(self.locale, &key, &failure.args)
    }

    /// What a team's file calls something, without markup.
    #[must_use]
    pub fn wording(&self, wording: &Wording) -> String {
        match wording.shown(self.locale) {
            Shown::Key(key) => self.word(key),
            Shown::Words(words) => words.to_owned(),
        }
    }

    /// The scenario's title.
    #[must_use]
    pub fn title(&self, run: &Run) -> Arg {
        self.word(&run.plan.runbook.title).into()
    }

    /// What a gate is about; a team's own gate may have no words and keeps its id.
    #[must_use]
    pub fn gate(&self, gate: &GateId) -> String {
        let key = format!("gate-{gate}");
        if self.i18n.has(&key) {
            self.word(&key)
        } else {
            gate.to_string()
        }
    }

    /// A button that answers a halt.
    #[must_use]
    pub fn answer(&self, run: &Run, choice: Choice) -> Button {
        Button {
            label: self.word(&format!("choice-{}", choice.as_str())),
            intent: Intent::Answer {
                run: run.id,
                position: run.position,
                choice,
            },
        }
    }
}

/// The title of a step of this run.
#[must_use]
pub fn step_name(view: &View<'_>, run: &Run, step: &StepId) -> String {
    steps::title_of(view, &run.plan, step)
}

/// From one moment to a later one.
pub(super) fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// A count as an argument.
pub(super) fn count(number: usize) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod access_tests;
#[cfg(test)]
mod drill_tests;
#[cfg(test)]
mod paper_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod taking_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod watch_tests;
